"""The corpora, whole, in every place that they fit: unsafe YAML, what Hydra would act on, names that are paths."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from answers import ONE_LINE, SECOND, tree
from corpora import NAMES_THAT_ARE_PATHS, TO_HYDRA, TYPED_TO_HYDRA, UNSAFE_YAML
from ways_in import HEADER, READERS, Files

from sim.core.errors import InputError
from sim.plans.compose import compose
from sim.plans.strict import Library, read_document
from sim.study.files.store import new_folder
from sim.surfaces import cli
from sim.surfaces import hydra_application as application

KINDS = [kind for kind in READERS if kind != "table"]
SURPRISES = (
    "no", "yes", "on", "off", "No", "YES", "y", "n", "012", "0o17", "0x1f", "0b1", "1:30", "190:20:30", "2014-05-01",
    "2014-05-01 10:00:00", "=", "1_0_", "1e", "e5", "0x", "+", ".",
)  # fmt: skip
"""Words that another reader of YAML takes for booleans, octals, sexagesimals, dates or nothing."""


def refused(files: Files, kind: str) -> str:
    began = time.process_time()
    with pytest.raises(InputError) as caught:
        files.read(kind)
    assert time.process_time() - began < SECOND, caught.value
    return str(caught.value)


def header(kind: str) -> bytes:
    return HEADER.encode() if kind == "scenario" else b""


@pytest.mark.check("Q-B2")
@pytest.mark.parametrize(
    "every", [pytest.param(False, id="quick"), pytest.param(True, id="all", marks=pytest.mark.slow)]
)
def test_unsafe_yaml_is_refused_in_every_kind_of_file(tmp_path: Path, every: bool, record_property: Any) -> None:
    """Each with the file's name, in under a second, whatever the file is for; quickly each as one kind in turn."""
    files, count, slowest = Files(tmp_path), 0, 0.0
    for number, (name, data) in enumerate(UNSAFE_YAML.items()):
        for kind in KINDS if every else (KINDS[number % len(KINDS)],):
            place = files.put(kind, header(kind) + data)
            began = time.process_time()
            assert place.name in refused(files, kind), (name, kind)
            slowest = max(slowest, time.process_time() - began)
            with pytest.raises(InputError):
                read_document(place, package_header=kind == "scenario")
            count += 1
    record_property(
        "reached",
        f"{count} of {count} refused: {len(UNSAFE_YAML)} unsafe files, as each kind of file or in turn, the slowest "
        f"after {slowest:.2f} s",
    )
    record_property("n", count)
    assert slowest < SECOND


@pytest.mark.check("Q-B2")
def test_words_and_numbers_are_no_surprise(tmp_path: Path) -> None:
    place = tmp_path / "own.yaml"
    for word in SURPRISES:
        place.write_text(f"key: {word}\n")
        assert read_document(place) == {"key": word}, word
    place.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: [x, 'y']\r\n")
    assert read_document(place) == {"a": 1, "b": ["x", "y"]}


@pytest.mark.check("Q-B2")
@pytest.mark.parametrize("sign", ["\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f"])
def test_signs_that_turn_the_direction_of_writing_are_refused(sign: str, tmp_path: Path) -> None:
    place = tmp_path / "own.yaml"
    place.write_text(f"name: off{sign}no\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 1: name: .*unprintable") as caught:
        read_document(place)
    assert sign not in str(caught.value)


@pytest.mark.check("Q-B1")
def test_a_refusal_is_one_line_whatever_it_quotes() -> None:
    said = str(InputError("no 'a\r\nb\x1b[31m\u202e\u2028\x85\ud800' here " + "x" * 10_000))
    assert not ONE_LINE.search(said) and "\u202e" not in said and len(said) < 2000
    said.encode()


@pytest.mark.check("Q-B3")
def test_nothing_a_user_can_edit_speaks_to_hydra(tmp_path: Path, record_property: Any) -> None:
    """In every kind of file, and below a key of every group; nothing is written and nothing runs."""
    files, count = Files(tmp_path / "here"), 0
    for name, text in TO_HYDRA.items():
        inside = "scenario: {title: X}\nlevers:\n  pace:\n" + "".join(f"    {line}\n" for line in text.splitlines())
        for kind in KINDS:
            for data in (text, inside) if kind == "scenario" else (text,):
                place = files.put(kind, header(kind) + data.encode())
                sentence = refused(files, kind)
                assert place.name in sentence and ", line " in sentence, (name, kind, sentence)
                count += 1
    record_property("reached", f"{count} of {count} refused with file and line")
    record_property("n", count)
    assert tree(tmp_path) == {"here", *(f"here/{name}" for name in tree(tmp_path / "here"))}


@pytest.mark.check("Q-B3")
@pytest.mark.parametrize("text", TYPED_TO_HYDRA)
def test_nothing_typed_speaks_to_hydra(text: str, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
    monkeypatch.chdir(tmp_path)
    for main, words in ((cli.main, ["run", text]), (application.main, [text]), (application.main, ["-m", text])):
        assert main(words) == 2, words
        printed = capfd.readouterr()
        assert printed.out == "" and printed.err.count("\n") == 1 and "Traceback" not in printed.err, printed.err
    assert tree(tmp_path) == set()


@pytest.mark.check("Q-B3")
def test_no_name_is_a_path(tmp_path: Path, monkeypatch: Any, record_property: Any) -> None:
    """As any name that can be typed; and a folder that is made for it all the same stays inside."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES_THAT_ARE_PATHS:
        for key in ("scenario", "study.name", "study.reference", "services", "study"):
            with pytest.raises(InputError):
                if name in ("", "null") and key in ("scenario", "study.name"):
                    raise InputError("no name at all")
                compose([f"{key}={json.dumps(name)}"], Library())
        made = new_folder(tmp_path / "outputs", name)
        assert made.parent == tmp_path / "outputs" and made.is_dir()
    record_property(
        "reached", f"{len(NAMES_THAT_ARE_PATHS)} names in five places: all refused; no folder outside outputs/"
    )
    record_property("n", 5 * len(NAMES_THAT_ARE_PATHS))
    assert {path.parent for path in tmp_path.rglob("*")} == {tmp_path, tmp_path / "outputs"}


@pytest.mark.check("Q-B3")
def test_files_with_names_that_are_paths_are_refused(tmp_path: Path) -> None:
    for name in NAMES_THAT_ARE_PATHS:
        if "/" in name or "\0" in name or len(name.encode()) > 200 or name[:1] in (".", ""):
            continue
        place = tmp_path / "mine" / "scenario" / f"{name}.yaml"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{HEADER}scenario: {{title: X}}\n")
        with pytest.raises(InputError, match=r"a name is|in folders below|shipped"):
            Library([tmp_path / "mine"])
        place.unlink()
