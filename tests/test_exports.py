"""Bundles and CSV tables of a study, and studies made again from their manifests."""

import csv
import getpass
import io
import json
import os
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pandas as pd
import pytest

from sim.core.errors import InputError
from sim.study.bundle import Entry, as_csv, opened, pack
from sim.study.design.sweeping import plan_sweep
from sim.study.files import store
from sim.study.integrity import complaints
from sim.study.provenance import origin
from sim.study.reproducing import Reproduction, differences
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces import api
from sim.surfaces.api import exports
from sim.surfaces.api.kept_answers import keep
from sim.surfaces.cli import main
from sim.words.answers.reproduced_words import said
from sim.words.finding import StudyFinding

SMALL = ("study.replications=4", "study.horizon_months=24", "study.workers=1")
TITLE = '=HYPERLINK("http://x")\n<b>bold</b> ' + "a" * 10_000
MINE = "# @package _global_\nscenario: {title: Mine}\nlevers: {hr: {od_posts: 2.0}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own scenario, in a folder whose path nobody may learn."""
    place = tmp_path_factory.mktemp("planted_secret_path") / "own"
    (place / "scenario").mkdir(parents=True)
    (place / "scenario" / "mine.yaml").write_text(MINE)
    title = json.dumps(TITLE)[:9_900] + '"'
    (place / "scenario" / "odd.yaml").write_text(
        f"# @package _global_\nscenario: {{title: {title}}}\nlevers: {{hr: {{hr_posts: 1.0}}}}\n"
    )
    return place


@pytest.fixture(scope="module")
def study(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    asked = ["scenario=structure_first,mine,odd", "levers.members.backbench_engagement=0.5", "study.reason=for June"]
    made = api.run([*asked, *SMALL], [folder], tmp_path_factory.mktemp("planted_secret_root"))
    table = pd.DataFrame({"plan": ["=1+1", "-x", "fine"], "value": [-1.5, 2.0, None]})
    keep(made, StudyFinding(None, "It is so.", ["It is so."], {}, {"robust": table}, "robust", "Which plan"), {})
    (made.folder / "notes.txt").write_text("planted_secret_note")
    (made.folder / "figures" / "linked.svg").symlink_to(made.folder / "notes.txt")
    return made


@pytest.fixture(scope="module")
def bundle(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    assert exports.export(study, place) == []
    return place


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened_bundle:
        return {info.filename: opened_bundle.read(info) for info in opened_bundle.infolist()}


def table(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode())))


# Bundles


def test_two_exports_are_byte_identical(study: Study, bundle: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.chdir(tmp_path)
    moved = Path(copytree(study.folder, tmp_path / "elsewhere", symlinks=True))
    for file in sorted(moved.rglob("*"), reverse=True):
        if not file.is_symlink():
            os.utime(file, (1, 1))
    assert exports.export(Study.load(moved), tmp_path / "again.zip") == []
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_a_bundle_holds_everything_in_both_formats(study: Study, bundle: Path) -> None:
    names = set(contents(bundle))
    for name in ("runs", "trajectories", "readings", "events", "cells"):
        assert {f"{name}.parquet", f"csv/{name}.csv"} <= names
    for name in ("assumptions", "decisions", "data"):
        assert {f"logs/{name}.csv", f"parquet/logs_{name}.parquet"} <= names
    assert {"README.txt", "manifest.json", "comparison.csv", "parquet/comparison.parquet", "summary.md"} <= names
    assert {"answers/robust.csv", "answers/robust.md", "parquet/answers_robust.parquet"} <= names
    assert sum(name.startswith("settings/") for name in names) == 3
    assert not any("notes" in name or "linked" in name for name in names)


@pytest.mark.check("Secrets")
def test_no_user_no_host_no_path_and_no_planted_secret(study: Study, bundle: Path) -> None:
    secrets = {getpass.getuser() + "@", socket.gethostname(), str(Path.cwd()), str(Path.home()), "planted_secret"}
    secrets |= {str(study.folder), str(study.folder.parent), "/tmp/"}
    for name, content in contents(bundle).items():
        for secret in (text for text in secrets if len(text) > 4):
            assert secret.encode() not in content, (name, secret)
    with zipfile.ZipFile(bundle) as packed:
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) and not info.comment for info in packed.infolist())
        assert not packed.comment


@pytest.mark.check("CSV")
def test_csv_says_the_same_as_parquet_and_nothing_runs(study: Study, bundle: Path) -> None:
    found = contents(bundle)
    rows = table(found["csv/runs.csv"])
    assert rows[0] == list(study.runs.columns)
    frame = pd.read_csv(io.BytesIO(found["csv/runs.csv"]))
    for name in study.runs.select_dtypes("number"):
        assert frame[name].astype(float).equals(study.runs[name].astype(float)), name
    labels = {row[1] for row in rows[1:]}
    assert any(label.startswith("'=HYPERLINK") for label in labels)
    for name, content in found.items():
        if name.endswith(".csv"):
            for cell in (cell for row in table(content) for cell in row):
                assert cell[:1] not in ("=", "+", "@", "\t", "\r"), (name, cell)
                assert not cell.startswith("-") or float(cell) < 0 or float(cell) == 0, (name, cell)
    assert pd.read_parquet(io.BytesIO(found["runs.parquet"])).equals(study.runs)


def test_a_large_table_is_written_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"text": ["+a", None, "b,c", "-1"] * 5, "whole": range(20), "number": [1.5, None] * 10})
    frame.to_parquet(tmp_path / "x.parquet", index=False)
    whole = b"".join(as_csv(tmp_path / "x.parquet"))
    monkeypatch.setattr("sim.study.bundle.ROWS", 7)
    pieces = list(as_csv(tmp_path / "x.parquet"))
    assert len(pieces) == 4 and b"".join(pieces) == whole
    assert table(whole)[:4] == [["text", "whole", "number"], ["'+a", "0", "1.5"], ["", "1", ""], ["b,c", "2", "1.5"]]


def test_the_readme_says_what_is_what_and_stays_short(study: Study, bundle: Path) -> None:
    text = contents(bundle)["README.txt"].decode()
    assert store.ASSURANCE in text
    assert "What the model cannot say" in text
    assert f"The digest of the results is {study.manifest['digest']}." in text
    assert "Why it was made, in its maker's words: for June" in text
    assert "Do not rely" not in text
    assert "runs.parquet" in text and "design.parquet" not in text
    assert max(map(len, text.splitlines())) < 400
    assert "\n<b>" not in text


def test_only_the_formats_asked_for(study: Study, tmp_path: Path) -> None:
    exports.export(study, tmp_path / "csv.zip", ["csv"])
    exports.export(study, tmp_path / "parquet.zip", ["parquet"])
    as_text, as_tables = set(contents(tmp_path / "csv.zip")), set(contents(tmp_path / "parquet.zip"))
    assert not any(name.endswith(".parquet") for name in as_text) and "csv/runs.csv" in as_text
    assert "runs.parquet" in as_tables and not any(name.startswith("csv/") for name in as_tables)
    for wrong in (["xlsx"], []):
        with pytest.raises(InputError, match="csv, parquet"):
            exports.export(study, tmp_path / "no.zip", wrong)


def test_altered_files_are_said_first_and_never_made_into_something_else(study: Study, tmp_path: Path) -> None:
    copied = Path(copytree(study.folder, tmp_path / "copied", symlinks=True))
    (copied / "events.parquet").write_bytes((copied / "events.parquet").read_bytes()[:-20])
    (copied / "summary.md").unlink()
    found = exports.export(Study.load(copied), tmp_path / "bad.zip")
    assert found == ["events.parquet was altered since it was written", "summary.md is missing"]
    inside = contents(tmp_path / "bad.zip")
    text = inside["README.txt"].decode()
    assert text.index("Do not rely") < text.index(store.ASSURANCE)
    assert all(f"- {complaint}." in text for complaint in found)
    assert "events.parquet" in inside and "csv/events.csv" not in inside and "csv/runs.csv" in inside
    exports.export_csv(Study.load(copied), tmp_path / "tables")
    assert not (tmp_path / "tables" / "events.csv").exists()


def test_a_manifest_that_says_too_little_is_refused(study: Study, tmp_path: Path) -> None:
    copied = Path(copytree(study.folder, tmp_path / "copied", symlinks=True))
    for key in ("versions", "created", "origins", "assurance"):
        manifest = {name: value for name, value in study.manifest.items() if name != key}
        (copied / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(InputError, match="was altered"):
            exports.export(Study.load(copied), tmp_path / "bad.zip")
        assert not (tmp_path / "bad.zip").exists()


def test_what_exists_is_not_written_over_unless_asked(study: Study, tmp_path: Path, capsys: Any) -> None:
    place = tmp_path / "new" / "bundle.zip"
    assert main(["export", str(study.folder), str(place), "--tables", "parquet"]) == 0
    first = place.read_bytes()
    assert main(["export", str(study.folder), str(place)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["export", str(study.folder), str(place), "--force", "--tables", "csv"]) == 0
    assert place.read_bytes() != first
    for wrong, reason in (("x.txt", "end in .zip"), (".", "end in .zip"), ("new.zip/x.zip", "cannot write")):
        (tmp_path / "new.zip").touch()
        assert main(["export", str(study.folder), str(tmp_path / wrong)]) == 2
        assert reason in capsys.readouterr().err
    assert main(["export", str(study.folder)]) == 2
    assert "--csv FOLDER" in capsys.readouterr().err
    assert main(["export", str(study.folder), "--csv", str(tmp_path / "tables")]) == 0
    assert {"runs.csv", "log_data.csv", "answers_robust.csv"} <= {file.name for file in (tmp_path / "tables").iterdir()}
    assert main(["export", str(study.folder), "--csv", str(tmp_path / "tables")]) == 2
    assert main(["export", str(study.folder), "--csv", str(tmp_path / "tables"), "--force"]) == 0
    assert main(["export", str(study.folder), "--csv", str(study.folder / "answers"), "--force"]) == 2


# Made again


@pytest.mark.check("Q-D5")
def test_a_bundle_and_a_manifest_alone_give_the_same_results(study: Study, bundle: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.json"
    alone.write_bytes((study.folder / "manifest.json").read_bytes())
    for source in (bundle, alone):
        found = exports.reproduce(source)
        assert found.sound and found.now == study.manifest["digest"]
    assert "the same, to the last bit" in said(found)[0]


@pytest.mark.check("Q-D5")
def test_the_new_study_may_be_kept_and_is_whole(study: Study, bundle: Path, tmp_path: Path) -> None:
    found = exports.reproduce(bundle, tmp_path / "again")
    assert found.folder is not None and found.folder.parent == tmp_path / "again"
    kept = Study.load(found.folder)
    assert complaints(kept) == []
    assert kept.runs.equals(study.runs)
    assert kept.labels == study.labels
    assert kept.comparison.equals(study.comparison)


@pytest.mark.check("Q-D5")
def test_altered_settings_and_results_are_noticed(study: Study, tmp_path: Path, capsys: Any) -> None:
    copied = Path(copytree(study.folder, tmp_path / "copied", symlinks=True))
    runs = study.runs.copy()
    runs.loc[0, "npv_gbp_m"] = runs.loc[0, "npv_gbp_m"] * 1.5
    runs.to_parquet(copied / "runs.parquet", index=False)
    assert main(["reproduce", str(copied)]) == 1
    assert "runs.parquet was altered" in capsys.readouterr().err
    text = (copied / "manifest.json").read_text(encoding="utf-8")
    (copied / "manifest.json").write_text(text.replace('"od_posts": 0.0', '"od_posts": 1.0', 1), encoding="utf-8")
    assert main(["reproduce", str(copied / "manifest.json")]) == 1
    printed = capsys.readouterr().err
    assert "cannot be made again" in printed and "are not those the results were made with" in printed
    (copied / "manifest.json").write_text(text.replace('"seed": 1', '"seed": 2'), encoding="utf-8")
    assert main(["reproduce", str(copied)]) == 1
    assert "cannot be made again" in capsys.readouterr().err


@pytest.mark.check("Q-D5")
def test_other_results_are_counted_and_the_versions_named(study: Study, tmp_path: Path) -> None:
    copied = Path(copytree(study.folder, tmp_path / "copied", symlinks=True))
    runs = study.runs.copy()
    runs.loc[[0, 3], "npv_gbp_m"] = runs.loc[[0, 3], "npv_gbp_m"] * 1.5
    runs.to_parquet(copied / "runs.parquet", index=False)
    from sim.study.tables import digest_of

    manifest = dict(Study.load(copied).manifest)
    there = {**manifest["origins"][0], "code": "0" * 64, "platform": "Plan9 mips"}
    there["versions"] = {**there["versions"], "numpy": "1.0"}
    store.write_manifest(copied, {**manifest, "digest": digest_of(runs), "origins": [there], "files": {}})
    found = exports.reproduce(copied)
    assert not found.same and not found.complaints
    assert (found.rows, found.unlike, found.worst) == (len(runs), 2, ("npv_gbp_m",))
    assert found.largest == pytest.approx(1 / 3)
    lines = "\n".join(said(found))
    assert "came out different" in lines and "2 of 12 histories differ, by up to 33%" in lines
    assert "numpy was 1.0, here it is" in lines and "the platform was Plan9 mips" in lines
    assert "the program was another" in lines


def test_differences_name_each_thing_once_and_nothing_that_is_the_same() -> None:
    here = origin()
    assert differences({"origins": [here]}, here) == ()
    other = {**here, "versions": {**here["versions"], "simpy": "0.1", "gone": "1"}}
    assert differences({"origins": [here, other]}, here) == (
        f"simpy was {here['versions']['simpy']} and 0.1, here it is {here['versions']['simpy']}",
        "gone was absent and 1, here it is absent",
    )


@pytest.mark.check("Q-D5")
def test_results_within_rounding_are_said_to_be_so() -> None:
    near = Reproduction("main", "a", "b", rows=10, unlike=4, largest=1e-12, worst=("npv_gbp_m",))
    assert "by less than one part in 1,000,000,000" in "\n".join(said(near))
    elsewhere = replace(near, differences=("the platform was Python 3.11, here it is Python 3.13",))
    assert (near.sound, elsewhere.sound, replace(elsewhere, complaints=("altered",)).sound) == (False, True, False)
    assert not replace(elsewhere, largest=1e-6).sound
    never = Reproduction("main", "a", "b", rows=10, unlike=4, largest=float("inf"), worst=("payback_month",))
    assert "whether there is a value at all" in "\n".join(said(never))
    alone = Reproduction("main", "a", "b")
    assert "cannot be said" in "\n".join(said(alone)) and "broke its promise" in "\n".join(said(alone))


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    from hydra_plugins.tandem.sample import read_sweep

    asked = read_sweep(
        ["design=lhs", "design.n=3", "design.over=evidence.time", "scenario=structure_first", *SMALL],
        lambda group: ["structure_first"], False,
    )  # fmt: skip
    yield run_study(plan_sweep(asked.rows, None, *asked.sample), tmp_path_factory.mktemp("sampled"))


@pytest.mark.check("Q-D5")
def test_a_sample_is_made_again_with_its_table_of_cells_and_not_without(sampled: Study, tmp_path: Path) -> None:
    exports.export(sampled, tmp_path / "sample.zip", ["csv"])
    found = exports.reproduce(tmp_path / "sample.zip", tmp_path / "again")
    assert found.sound and found.folder is not None
    assert Study.load(found.folder).design.equals(sampled.design)
    alone = tmp_path / "alone.json"
    alone.write_bytes((sampled.folder / "manifest.json").read_bytes())
    with pytest.raises(InputError, match=r"values stand in cells\.parquet .* put that file beside it"):
        exports.reproduce(alone)
    log = table(contents(tmp_path / "sample.zip")["logs/decisions.csv"])
    assert not any("evidence" in row[2] for row in log[1:])


@pytest.mark.check("Q-D5")
def test_an_altered_table_of_cells_is_noticed(sampled: Study, tmp_path: Path) -> None:
    copied = Path(copytree(sampled.folder, tmp_path / "copied"))
    cells = sampled.cells.copy()
    key = next(name for name in cells if name.startswith("evidence."))
    cells.loc[0, key] = float(cells.loc[0, key]) + 1e-9
    cells.to_parquet(copied / "cells.parquet", index=False)
    found = exports.reproduce(copied)
    assert found.now is None and "cells.parquet was altered since it was written" in found.complaints


def test_a_stopped_study_has_nothing_to_compare(study: Study, tmp_path: Path) -> None:
    from sim.study.design.cells import plan_run
    from sim.study.running.resuming import open_study

    folder = open_study(plan_run(SMALL), tmp_path)
    with pytest.raises(InputError, match="stopped before its end"):
        exports.reproduce(folder)


def test_what_is_no_bundle_is_refused(bundle: Path, tmp_path: Path, capsys: Any) -> None:
    whole = bundle.read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    spoilt = bytearray(whole)
    place = whole.index(b"manifest.json") + 200
    spoilt[place : place + 50] = bytes(50)
    (tmp_path / "spoilt.zip").write_bytes(bytes(spoilt))
    pack(tmp_path / "other.zip", [Entry("../manifest.json", [b"{}"]), Entry("x", [b"y"])])
    pack(tmp_path / "empty.zip", [Entry("manifest.json", [b"{}"])])
    (tmp_path / "text.json").write_text("[1, 2]")
    for name in ("cut.zip", "spoilt.zip", "other.zip", "empty.zip", "text.json", "none.zip"):
        assert main(["reproduce", str(tmp_path / name)]) == 2, name
        printed = capsys.readouterr().err
        assert "Traceback" not in printed and "/tandem-" not in printed
    assert not (tmp_path.parent / "manifest.json").exists()


def test_a_bundle_that_unpacks_to_too_much_is_refused(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.bundle.LARGEST", 1000)
    with pytest.raises(InputError, match="would be too large"), opened(bundle):
        pass


@pytest.mark.check("Q-D5")
def test_reproduce_for_machines(bundle: Path, capsys: Any) -> None:
    assert main(["reproduce", str(bundle), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["same"] is True and content["digest_now"] == content["digest_before"]
