"""What a study's folder says of itself: every missing and every altered file is named, and nothing else is."""

import json
import random
from pathlib import Path
from shutil import copytree
from typing import Any

import pandas as pd
import pytest

from sim.core.errors import InputError
from sim.study.design.cells import plan_run
from sim.study.files import store
from sim.study.files.noting import NOTED
from sim.study.integrity import NOT_THE_SETTINGS, OLDER, STOPPED, UNFINISHED, complaints, fingerprint_of
from sim.study.running import kept_parts
from sim.study.running.resuming import resume
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.study.tables import digest_of
from sim.surfaces import api
from sim.surfaces.api.studies import conclude

SMALL = ("scenario=structure_first", "study.replications=4", "study.horizon_months=24", "study.workers=1")
ALTERED_MANIFEST = "manifest.json was altered since it was written"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return api.run(SMALL, root=tmp_path_factory.mktemp("whole"))


@pytest.fixture
def copied(whole: Study, tmp_path: Path) -> Path:
    return Path(copytree(whole.folder, tmp_path / "copied"))


def rewrite(folder: Path, **changes: Any) -> None:
    """Change the manifest as a text editor would, leaving its seal as it is."""
    file = folder / "manifest.json"
    file.write_text(store.as_json({**json.loads(file.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def found(folder: Path) -> list[str]:
    return complaints(Study.load(folder))


@pytest.mark.check("Q-D5")
def test_of_a_whole_study_nobody_complains(whole: Study, copied: Path) -> None:
    assert complaints(whole) == found(copied) == []
    files = {path.relative_to(whole.folder).as_posix() for path in whole.folder.rglob("*") if path.is_file()}
    assert files - set(whole.manifest[NOTED]) == {"manifest.json"}
    assert len(whole.manifest[NOTED]) >= 12


@pytest.mark.check("Q-D5")
def test_every_file_is_missed(whole: Study, copied: Path) -> None:
    for name in whole.manifest[NOTED]:
        content = (copied / name).read_bytes()
        (copied / name).unlink()
        assert found(copied) == [f"{name} is missing"]
        (copied / name).write_bytes(content)
    assert found(copied) == []


@pytest.mark.check("Q-D5")
def test_one_changed_byte_of_any_file_is_noticed(whole: Study, copied: Path, record_property: Any) -> None:
    luck, spoils = random.Random(5), 0
    for name in whole.manifest[NOTED]:
        content = (copied / name).read_bytes()
        for _ in range(2):
            spoilt = bytearray(content)
            spoilt[luck.randrange(len(content))] ^= 1 << luck.randrange(8)
            (copied / name).write_bytes(bytes(spoilt))
            said = found(copied)
            assert len(said) == 1 and said[0].startswith(f"{name} was altered"), (name, said)
            spoils += 1
        (copied / name).write_bytes(content)
    record_property(
        "reached", f"{spoils} of {spoils} changed bits in {len(whole.manifest[NOTED])} files are noticed and named"
    )
    record_property("n", spoils)
    assert found(copied) == []


@pytest.mark.check("Q-D5")
def test_one_changed_byte_of_the_manifest_is_noticed(copied: Path, record_property: Any) -> None:
    file, luck = copied / "manifest.json", random.Random(6)
    content = file.read_bytes()
    noticed = 0
    for _ in range(25):
        spoilt = bytearray(content)
        spoilt[luck.randrange(len(content))] ^= 1 << luck.randrange(7)
        file.write_bytes(bytes(spoilt))
        try:
            said = found(copied)
        except InputError:
            noticed += 1
            continue
        assert said and said[0].startswith(ALTERED_MANIFEST)
        noticed += 1
    record_property("reached", f"{noticed} of 25 changed bits of the manifest are noticed")
    record_property("n", 25)
    assert noticed == 25


@pytest.mark.check("Q-D5")
def test_changed_results_are_noticed_even_where_their_file_is_noted_anew(copied: Path) -> None:
    study = Study.load(copied)
    runs = study.runs
    runs.loc[2, "npv_gbp_m"] = runs.loc[2, "npv_gbp_m"] + 1e-12
    runs.to_parquet(copied / "runs.parquet", index=False)
    rewrite(copied, **{NOTED: {**study.manifest[NOTED], "runs.parquet": store.hash_file(copied / "runs.parquet")}})
    assert "runs.parquet was altered: its digest is not the one in the manifest" in found(copied)


@pytest.mark.check("Q-D5")
def test_of_many_results_the_manifest_and_the_file_vouch_together(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.integrity.RECOUNTED", 1)
    assert found(copied) == []
    study = Study.load(copied)
    runs = study.runs.copy()
    runs.loc[2, "npv_gbp_m"] += 1e-12
    runs.to_parquet(copied / "runs.parquet", index=False)
    wrong = "runs.parquet was altered: its digest is not the one in the manifest"
    assert found(copied) == [wrong]
    rewrite(copied, **{NOTED: {**study.manifest[NOTED], "runs.parquet": store.hash_file(copied / "runs.parquet")}})
    assert found(copied)[-1] == wrong


@pytest.mark.check("Q-D5")
def test_results_packed_anew_are_told_from_other_results(copied: Path) -> None:
    pd.read_parquet(copied / "runs.parquet").to_parquet(copied / "runs.parquet", compression="gzip", index=False)
    assert found(copied) == ["runs.parquet was altered since it was written, though every result in it is the same"]
    (copied / "runs.parquet").write_bytes(b"PAR1 no table PAR1")
    assert found(copied) == ["runs.parquet was altered: it cannot be read"]
    with pytest.raises(InputError, match=r"runs\.parquet of the study .* was altered: it cannot be read"):
        _ = Study.load(copied).runs


@pytest.mark.check("Q-D5")
def test_changed_settings_are_noticed_with_and_without_a_seal(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    settings = manifest["settings"]
    settings["levers"]["hr"]["od_posts"] = 3.0
    rewrite(copied, settings=settings)
    assert [line[:20] for line in found(copied)] == [ALTERED_MANIFEST[:20], NOT_THE_SETTINGS[:20]]
    settings["levers"]["hr"]["od_posts"] = "many"
    rewrite(copied, settings=settings)
    assert NOT_THE_SETTINGS in found(copied)
    with pytest.raises(InputError, match="were altered: they make no plan"):
        _ = Study.load(copied).bases


@pytest.mark.check("Q-D5")
def test_words_of_a_plan_are_sealed_too(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    manifest["settings"]["scenario"]["title"] = "The winner"
    rewrite(copied, settings=manifest["settings"])
    assert [line.partition(":")[0] for line in found(copied)] == [ALTERED_MANIFEST]


@pytest.mark.check("Q-D5")
def test_a_name_that_leads_out_of_the_folder_is_not_followed(copied: Path) -> None:
    outside = copied.parent / "secret.txt"
    outside.write_text("secret")
    rewrite(copied, **{NOTED: {"../secret.txt": store.hash_file(outside), str(outside): "0"}})
    said = found(copied)
    assert said.count("manifest.json was altered: it names a file outside the study's folder") == 2


@pytest.mark.check("Q-D5")
def test_a_manifest_without_its_keys_is_refused_by_name(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    for key in ("cells", "digest", "settings"):
        spoilt = {name: value for name, value in manifest.items() if name != key}
        (copied / "manifest.json").write_text(json.dumps(spoilt), encoding="utf-8")
        with pytest.raises(InputError, match=f"no longer holds {key}"):
            Study.load(copied)


def test_an_older_study_is_still_read_and_its_results_are_checked(copied: Path) -> None:
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    old = {key: value for key, value in manifest.items() if key not in (store.SEAL, NOTED)}
    (copied / "manifest.json").write_text(json.dumps(old), encoding="utf-8")
    assert found(copied) == [OLDER]
    conclude(Study.load(copied))
    assert NOTED not in Study.load(copied).manifest
    runs = pd.read_parquet(copied / "runs.parquet")
    runs.iloc[:-1].to_parquet(copied / "runs.parquet", index=False)
    assert found(copied)[1:] == ["runs.parquet was altered: its digest is not the one in the manifest"]


@pytest.mark.check("Q-D5")
def test_drawing_anew_does_not_bless_an_altered_table(copied: Path) -> None:
    (copied / "events.parquet").write_bytes((copied / "events.parquet").read_bytes() + b" ")
    conclude(Study.load(copied))
    assert found(copied) == ["events.parquet was altered since it was written"]


@pytest.mark.check("Q-D5")
def test_the_digest_of_a_file_is_that_of_its_table(whole: Study, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(whole.runs, preserve_index=False)
    for rows in (1, 3, 5, 100):
        pq.write_table(table, tmp_path / "runs.parquet", row_group_size=rows)
        assert fingerprint_of(tmp_path / "runs.parquet") == digest_of(whole.runs) == whole.manifest["digest"]


@pytest.mark.check("Q-C2")
def test_a_study_stopped_while_its_tables_are_written_is_not_taken_for_an_altered_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed anywhere while it finishes anew, nothing is called altered, and resumed it is whole."""
    from sim.study.running import study_folder

    study = run_study(plan_run(SMALL), tmp_path)
    folder = study.folder
    assert complaints(study) == []
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    class Killed(BaseException):
        pass

    left, real = [0], study_folder.write_bytes

    def dying(path: Path, content: bytes) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        real(path, content)

    for stop in (1, 2, 3):
        store.write_manifest(folder, {**manifest, "status": "partial"})
        left[0] = stop
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(study_folder, "write_bytes", dying)
            patch.setattr("sim.study.study.write_bytes", dying)
            resume(folder)
        assert NOTED not in Study.load(folder).manifest
        assert found(folder) == [UNFINISHED]
        assert complaints(resume(folder)) == []
        assert not kept_parts.numbers(folder)


def test_a_study_without_results_says_so(tmp_path: Path) -> None:
    from sim.study.running.resuming import open_study

    folder = open_study(plan_run(SMALL), tmp_path)
    assert found(folder) == [STOPPED]
