"""Files that would unpack to far more than a study holds are refused before they are read, in a sentence."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import made_studies
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.core.errors import InputError
from sim.plans.compose import compose
from sim.plans.strict import Library
from sim.study.bundle import opened
from sim.study.files.newest import find_study
from sim.study.files.store import MANIFEST, MOST_MANIFEST, SEAL, read_manifest, seal_of, write_text
from sim.study.files.stored_tables import FACTS, SERIES, most_rows
from sim.study.integrity import complaints
from sim.study.running import kept_parts
from sim.study.running.resuming import resume
from sim.study.study import Study
from sim.surfaces import api
from sim.surfaces.cli import main

TIMED = """
import sys, time
from pathlib import Path
from sim.surfaces.cli import main
began = time.process_time()
code = main(sys.argv[1:])
seconds = time.process_time() - began
most = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(code, seconds, int(most.split()[1]) / 1024, file=sys.stderr)
"""
TRUTHS = [made_studies.Truth("One", (0, 0.1, 0.2, 0.3), 1.0), made_studies.Truth("Two", (0, 0.1, 0.3, 0.5), 2.0)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return made_studies.study_of(tmp_path_factory.mktemp("whole"), TRUTHS)


@pytest.fixture
def copied(whole: Study, tmp_path: Path) -> Path:
    return Path(copytree(whole.folder, tmp_path / "outputs" / whole.folder.name))


def bomb(place: Path, content: bytes, times: int, name: str = MANIFEST, how: int = zipfile.ZIP_DEFLATED) -> Path:
    """A bundle of one entry that repeats its content."""
    with zipfile.ZipFile(place, "w", how, compresslevel=1) as bundle, bundle.open(name, "w", force_zip64=True) as entry:
        for _ in range(times):
            entry.write(content)
    return place


def grown(file: Path, rows: int, columns: int = 1) -> None:
    """A table of empty values, many rows in a small file."""
    piece = pa.table({f"c{number}": pa.nulls(min(rows, 1_000_000), pa.float64()) for number in range(columns)})
    with pq.ParquetWriter(file, piece.schema) as writer:
        for first in range(0, rows, 1_000_000):
            writer.write_table(piece.slice(0, min(1_000_000, rows - first)))


def timed(folder: Path, *words: str) -> tuple[str, int, float, float]:
    """What a command says on standard error, its exit code, its seconds and its megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    *said, last = done.stderr.splitlines()
    code, seconds, memory = last.split()
    return "\n".join(said), int(code), float(seconds), float(memory)


@pytest.mark.parametrize("content", [b" " * 1_000_000, b'{"a": [' + b"[]," * 300_000])
def test_a_bundle_whose_manifest_unpacks_to_hundreds_of_megabytes_is_refused_at_once(
    tmp_path: Path, content: bytes
) -> None:
    file = bomb(tmp_path / "bundle.zip", content, 250)
    assert file.stat().st_size < 4_000_000
    said, code, seconds, memory = timed(tmp_path, "reproduce", "bundle.zip")
    assert code == 2 and "manifest.json would be too large, 2" in said and "MB unpacked" in said and "\n" not in said
    assert seconds < 2 and memory < 300


def test_a_table_with_more_rows_than_its_study_can_have_is_refused_at_once(copied: Path) -> None:
    grown(copied / "runs.parquet", 100_000_000)
    assert (copied / "runs.parquet").stat().st_size < 10_000_000
    place = copied.parent.parent
    said, code, seconds, memory = timed(place, "compare", "LATEST")
    assert "runs.parquet was altered: it holds 100,000,000 rows, and the study can have 200 at most" in said
    assert code == 2 and "\n" not in said and seconds < 2 and memory < 300
    assert complaints(Study.load(copied)) == [
        "runs.parquet was altered: it holds 100,000,000 rows, and the study can have 200 at most"
    ]


@pytest.mark.parametrize("name", ["runs", "readings", "trajectories", "events", "cells"])
def test_every_table_is_bounded_by_its_study(copied: Path, name: str) -> None:
    study = Study.load(copied)
    grown(copied / f"{name}.parquet", most_rows(name, study.manifest) + 1)
    with pytest.raises(InputError, match=rf"{name}\.parquet was altered: it holds"):
        getattr(study, name)
    assert [line for line in complaints(study) if line.startswith(f"{name}.parquet was altered: it holds")]


def test_a_manifest_that_allows_a_million_histories_does_not_unpack_a_small_file(copied: Path) -> None:
    manifest = json.loads((copied / MANIFEST).read_text())
    manifest["study"]["replications"] = 1_000_000
    write_text(copied / MANIFEST, json.dumps({**manifest, SEAL: seal_of(manifest)}, indent=2))
    grown(copied / "runs.parquet", 2_000_000, columns=80)
    with pytest.raises(InputError, match="would unpack to more than 1 GB"):
        _ = Study.load(copied).runs
    manifest["study"]["replications"] = 1_000_001
    write_text(copied / MANIFEST, json.dumps(manifest, indent=2))
    with pytest.raises(InputError, match="was altered"):
        Study.load(copied)


def test_the_largest_partnership_stays_far_below_what_tables_may_hold() -> None:
    from sim import engine

    names = Library().names("partnership")
    largest = max(names, key=lambda name: len(compose([f"partnership={name}"]).settings.partnership.councils))
    history = engine.run(compose(["scenario=parallel", f"partnership={largest}"]).settings, 0, 1, record=True)
    assert len(history.state_names) + 20 < SERIES / 5
    assert len(history.events) < FACTS / 5


def test_a_kept_part_with_more_rows_than_a_task_is_refused(tmp_path: Path) -> None:
    (tmp_path / kept_parts.FOLDER).mkdir()
    for content in (b"", b"PAR1", pa.BufferOutputStream().getvalue().to_pybytes()):
        (tmp_path / kept_parts.FOLDER / "0000001.parquet").write_bytes(content)
        with pytest.raises(InputError, match=r"parts/0000001\.parquet of the study .* was cut or altered"):
            kept_parts.read_part(tmp_path, 1)
    pq.write_table(pa.table({"cell": pa.repeat(1, 10_000_000)}), tmp_path / kept_parts.FOLDER / "0000001.parquet")
    with pytest.raises(InputError, match="was cut or altered"):
        kept_parts.read_part(tmp_path, 1)


def test_a_bundle_that_is_packed_in_another_way_or_holds_a_file_twice_is_refused(whole: Study, tmp_path: Path) -> None:
    content = (whole.folder / MANIFEST).read_bytes()
    for how in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with (
            pytest.raises(InputError, match="packed in another way"),
            opened(bomb(tmp_path / "b", content, 1, how=how)),
        ):
            pass
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as bundle:
        bundle.writestr(MANIFEST, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            bundle.writestr(MANIFEST, content)
    with pytest.raises(InputError, match=r"holds manifest\.json twice"), opened(tmp_path / "twice.zip"):
        pass


def bundle_of(whole: Study, place: Path) -> bytes:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in (MANIFEST, "runs.parquet", "cells.parquet"):
            bundle.write(whole.folder / name, name)
    return place.read_bytes()


RAW = ("codec", "Expecting", "recursion", "decode", "delimiter", "Errno", "File is not a zip", "0x", "CRC", "char ")


@pytest.mark.parametrize("part", [0.0, 0.0001, 0.3, 0.999])
@pytest.mark.parametrize("name", ["bundle.zip", "bundle", "manifest.txt"])
def test_a_cut_or_empty_bundle_is_refused_in_plain_words(
    whole: Study, tmp_path: Path, part: float, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bundle_of(whole, tmp_path / "whole.zip")
    (tmp_path / name).write_bytes(data[: int(len(data) * part)])
    assert main(["reproduce", str(tmp_path / name)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"'{name}'" in said
    assert not [word for word in RAW if word in said], said
    (tmp_path / name).write_bytes(data[: len(data) // 3] + data[len(data) // 3 + 100 :])
    assert main(["reproduce", str(tmp_path / name)]) == 2
    assert not [word for word in RAW if word in capsys.readouterr().err]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\xff\xfe\x00", "it is no text"),
        (b'{\n"schema": 2,\n', "line 3 is not what was written"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"schema": 2, "a": ' + b"[" * 60 + b"]" * 60 + b"}", "it is nested too deeply"),
        (b'{"schema": 2, "a": ' + b"9" * 5_000 + b"}", "a number with too many digits"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused_in_plain_words(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    for use in (read_manifest, lambda folder: opened(folder / MANIFEST).__enter__()):
        with pytest.raises(InputError) as refused:
            use(tmp_path)  # type: ignore[operator]
        assert why in str(refused.value) and not [word for word in RAW if word in str(refused.value)]


def test_a_manifest_larger_than_any_studys_is_not_read(tmp_path: Path) -> None:
    for name in (MANIFEST, "other"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(MOST_MANIFEST + 1)
    with pytest.raises(InputError, match="larger than 200 MB"):
        read_manifest(tmp_path)
    with pytest.raises(InputError, match="larger than 200 MB"), opened(tmp_path / "other"):
        pass


def test_nested_settings_in_a_manifest_are_refused_by_every_reader(copied: Path) -> None:
    manifest = json.loads((copied / MANIFEST).read_text())
    nested: object = 1
    for _ in range(300):
        nested = {"a": nested}
    manifest["settings"]["levers"] = nested
    (copied / MANIFEST).write_text(json.dumps(manifest))
    readers: list[Callable[[], object]] = [
        lambda: Study.load(copied), lambda: api.load(str(copied)), lambda: resume(copied),
    ]  # fmt: skip
    for read in readers:
        with pytest.raises(InputError, match="nested too deeply"):
            read()
    assert find_study(str(copied)) == copied
