"""The study folder: unique, written whole or not at all, and silent about people and machines."""

import json
import math
import os
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sim.core.errors import InputError
from sim.study import provenance
from sim.study.files import store
from sim.study.files.stored_tables import stored_table

NOON = datetime(2015, 4, 1, 12, 0, 5)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folder_is_named_by_date_time_and_study_and_is_never_reused(tmp_path: Path) -> None:
    names = [store.new_folder(tmp_path / "outputs", "main", NOON).name for _ in range(3)]
    assert names == ["2015-04-01_120005_main", "2015-04-01_120005_main-2", "2015-04-01_120005_main-3"]


@pytest.mark.parametrize(("name", "safe"), [("../../etc", "etc"), ("a b/c", "a-b-c"), ("…", "study")])
def test_folder_name_cannot_leave_its_root(tmp_path: Path, name: str, safe: str) -> None:
    folder = store.new_folder(tmp_path, name, NOON)
    assert folder.parent == tmp_path
    assert folder.name == f"2015-04-01_120005_{safe}"


@pytest.mark.check("Q-C4")
def test_unwritable_root_is_named(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file")
    with pytest.raises(InputError, match=r"cannot write results to the folder '.*outputs'"):
        store.new_folder(tmp_path / "outputs", "main")


@pytest.mark.check("Q-C2")
def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    store.write_text(file, "old")
    with pytest.raises(RuntimeError), store.replacing(file) as draft:
        draft.write_text("half")
        assert file.read_text() == "old"
        raise RuntimeError
    assert file.read_text() == "old"
    assert names_in(tmp_path) == ["table.csv"]


READER = """
import sys
from pathlib import Path

file, seen, torn = Path(sys.argv[1]), set(), 0
print("ready", flush=True)
while not Path(sys.argv[1] + ".done").exists():
    text = file.read_text()
    torn += len(text) != 200_000 or len(set(text)) != 1
    seen.add(text[:1])
print(torn, len(seen))
"""


@pytest.mark.check("Q-C2")
def test_a_reader_at_any_moment_sees_the_old_file_or_the_new(tmp_path: Path, record_property: Any) -> None:
    """Another process reads again and again while the file is written anew, each time with another letter."""
    file, letters = tmp_path / "table.csv", 120
    store.write_text(file, "!" * 200_000)
    command = [sys.executable, "-c", READER, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        for number in range(letters):
            store.write_text(file, chr(ord("0") + number % 70) * 200_000)
        (tmp_path / "table.csv.done").touch()
        torn, seen = map(int, process.communicate(timeout=60)[0].split())
    record_property(
        "reached", f"{torn} torn files seen while one was written {letters} times; {seen} of its states seen"
    )
    record_property("n", letters)
    assert torn == 0
    assert seen > 5


@pytest.mark.check("Q-C4")
def test_a_full_disk_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "table.csv"
    store.write_text(file, "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"table\.csv': no space left on device"):
        store.write_text(file, "new")
    assert file.read_text() == "old"
    assert names_in(tmp_path) == ["table.csv"]


@pytest.mark.check("Q-C2")
def test_drafts_keep_their_suffix_and_files_the_usual_mode(tmp_path: Path) -> None:
    with store.replacing(tmp_path / "fan.svg") as draft:
        assert draft.suffix == ".svg"
        draft.write_text("<svg/>")
    (tmp_path / "plain").write_text("")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("fan.svg", "plain")}
    assert len(modes) == 1


@pytest.mark.check("CSV")
def test_csv_neutralises_formulas_and_leaves_numbers(tmp_path: Path) -> None:
    rows = [["=1+1", -2.5, None], ["plain", math.nan, "@x"]]
    store.write_csv(tmp_path / "t.csv", ["text", "number", "other"], rows)
    assert (tmp_path / "t.csv").read_text() == "text,number,other\n'=1+1,-2.5,\nplain,,'@x\n"


def test_json_refuses_what_is_not_a_number(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        store.write_json(tmp_path / "x.json", {"x": math.nan})
    assert not names_in(tmp_path)


@pytest.mark.check("Q-D1")
def test_digest_is_of_content_not_of_order() -> None:
    rows = [("a", 0, 1.5, "horizon"), ("a", 1, None, "horizon"), ("b", 0, 0.1, "dissolved")]
    columns = ["cell", "replication", "x", "ended_by"]
    first = store.digest(columns, rows)
    assert store.digest(columns, rows[::-1]) == first
    assert store.digest(columns, [("a", 1, math.nan, "horizon"), rows[0], rows[2]]) == first
    assert store.digest(columns, [("a", 0, math.nextafter(1.5, 2), "horizon"), *rows[1:]]) != first
    assert store.digest(["cell", "replication", "y", "ended_by"], rows) != first


@pytest.mark.check("Q-D1")
def test_digest_is_what_it_was() -> None:
    own = store.hash_bytes(b'"a"\t0\t0x1.8000000000000p+0\n"a"\t1\tnull\n')
    rows = [("a", 1, None), ("a", 0, 1.5)]
    text = f"cell\treplication\tx\na\t{own}"
    assert store.digest(["cell", "replication", "x"], rows) == store.hash_bytes(text.encode())


@pytest.mark.check("Q-D5")
def test_hash_of_settings_ignores_the_order_of_keys() -> None:
    assert store.hash_of({"a": 1, "b": [2, 3]}) == store.hash_of({"b": [2, 3], "a": 1})
    assert store.hash_of({"a": 1}) != store.hash_of({"a": 2})


@pytest.mark.check("Q-D5")
def test_manifest_comes_back_and_says_what_it_is(tmp_path: Path) -> None:
    store.write_manifest(tmp_path, {"seed": 3})
    content = {"schema": store.SCHEMA, "seed": 3}
    assert store.read_manifest(tmp_path) == {**content, store.SEAL: store.seal_of(content)}
    assert next(iter(json.loads((tmp_path / "manifest.json").read_text()))) == "schema"


@pytest.mark.check("Q-D5")
@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 99}', None])
def test_a_manifest_we_cannot_read_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match=tmp_path.name):
        store.read_manifest(tmp_path)


def test_origin_names_versions_and_nobody() -> None:
    found = provenance.origin()
    assert {"versions", "platform", "commit", "dirty", "lock", "code"} == set(found)
    assert found["versions"]["python"].startswith("3.")
    text = json.dumps(found)
    for private in (
        os.environ.get("USER") or os.environ.get("LOGNAME"),
        os.uname().nodename,
        str(Path.cwd()),
    ):
        assert not private or private in ("root", "main") or private not in text


@pytest.mark.check("Q-D5")
def test_outside_a_checkout_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_CHECKOUT", tmp_path)
    provenance._origin.cache_clear()
    try:
        found = provenance.origin()
    finally:
        provenance._origin.cache_clear()
    assert (found["commit"], found["dirty"], found["lock"]) == (None, None, None)


def test_an_id_of_digits_alone_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "comparison.csv").write_text("reference_cell,cell,label,mean_difference\n8422637082982745,12e4,B,1.5\n")
    manifest = {"cells": [{"cell": "12e4", "label": "Beta"}]}
    table = stored_table(tmp_path, manifest, "comparison")
    assert table.iloc[0][["reference_cell", "cell", "label"]].tolist() == ["8422637082982745", "12e4", "Beta"]
