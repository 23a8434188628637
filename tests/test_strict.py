"""The strict reader: what it takes, what it refuses, and in which words (Q-B2, Q-B3)."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import QuotedString
from omegaconf import OmegaConf

from sim.core.errors import RENAMED, InputError, nearest, suggestion
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries
from sim.plans.strict import SHIPPED, Library, alternatives, parse_override, read_document, read_located

HEADER = "# @package _global_\n"
pytestmark = pytest.mark.check("Q-B2", "Q-B3")


def written(folder: Path, text: str | bytes, name: str = "own.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_document(path, **options)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def test_plain_content_is_read_with_its_types(tmp_path: Path) -> None:
    text = (
        "name: Breckland & South Holland\nheadcount: 1_200\nshare: 0.5\nsmall: 1e-3\n"
        "ok: true\nnothing: null\nlist: [a, b]\nrows:\n  - month: 3\n"
    )
    assert read_document(written(tmp_path, text)) == {
        "name": "Breckland & South Holland",
        "headcount": 1200,
        "share": 0.5,
        "small": 0.001,
        "ok": True,
        "nothing": None,
        "list": ["a", "b"],
        "rows": [{"month": 3}],
    }


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "No", "ON", "y", "012", "0x1f", "1:30", "2014-05-01"])
def test_words_stay_words(tmp_path: Path, word: str) -> None:
    assert read_document(written(tmp_path, f"key: {word}\n")) == {"key": word}


def test_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    assert read_document(written(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: &x 1\nb: *x\n", 1, "anchors and aliases"),
        ("a: 1\nb: *x\n", 2, "anchors and aliases"),
        ("a: !!python/object:os.system x\n", 1, "tags"),
        ("a: !own x\n", 1, "tags"),
        ("a: 1\nb: ${oc.env:HOME}\n", 2, "${"),
        ('a: "x${y}"\n', 1, "${"),
        ("${a}: 1\n", 1, "${"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice, first on line 1"),
        ("levers:\n  pace:\n    x: 1\n    x: 2\n", 4, "levers.pace"),
        ("a: .inf\n", 1, "infinities"),
        ("a: nan\n", 1, "infinities"),
        ("a: 1e999\n", 1, "too large"),
        ("a: 99999999999999999999\n", 1, "too large"),
        ("a: ???\n", 1, "not a value"),
        ("1: a\n", 1, "not a word"),
        ("true: a\n", 1, "not a word"),
        ("<<: {a: 1}\n", 1, "not a word"),
        ("[a, b]: 1\n", 1, "must be a word"),
        ("x:\n  _target_: os.system\n", 2, "_target_"),
        ("hydra:\n  run: {dir: /}\n", 1, "hydra"),
        ("defaults: [other]\n", 1, "defaults"),
        ("a: 1\n---\nb: 2\n", 2, "one plain YAML document"),
        ("%YAML 1.1\n---\na: 1\n", 1, "one plain YAML document"),
        ("a: [1, 2\n", 2, "not readable"),
        ("a: 1\n b: 2\n", 2, "not readable"),
        ('a: "\\a"\n', 1, "unprintable"),
        ("# @package other\na: 1\n", 1, "header"),
    ],
)
def test_refused_with_file_and_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    sentence = refusal(written(tmp_path, text))
    assert f"line {line}:" in sentence
    assert reason in sentence


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"# only a comment\n", "empty"),
        (b"- a\n", "key: value"),
        (b"word\n", "key: value"),
        (b"a: \xff\n", "UTF-8"),
        (b"a: \x00\n", "not readable"),
        (b"a: 1\n" * 60_000, "larger than 256 kB"),
        (b"a: " + b"[" * 5_000, "levels deep"),
        (b"a: [" + b"1," * 40_000 + b"]", "more than 20000 values"),
        (b"a: " + b"x" * 20_000, "longer than"),
    ],
)
def test_refused_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(written(tmp_path, content))


def test_not_a_file(tmp_path: Path) -> None:
    assert "not a file" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "absent.yaml")


def test_alias_bomb_is_refused_fast(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{n}: &a{n} [{','.join(['*a' + str(n - 1)] * 9)}]" for n in range(1, 9)]
    path = written(tmp_path, "\n".join(rows))
    began = time.perf_counter()
    assert "anchors and aliases" in refusal(path)
    assert time.perf_counter() - began < 0.5


def test_scenario_header_is_required_and_the_only_one(tmp_path: Path) -> None:
    body = "scenario: {title: T}\n"
    assert read_document(written(tmp_path, HEADER + body), package_header=True) == {"scenario": {"title": "T"}}
    assert "# @package _global_" in refusal(written(tmp_path, body), package_header=True)
    assert "only" in refusal(written(tmp_path, "# @package hydra\n" + body), package_header=True)
    assert "only" in refusal(written(tmp_path, HEADER + "# @other x\n" + body), package_header=True)


def test_lines_are_known_for_later_refusals(tmp_path: Path) -> None:
    path = written(tmp_path, "name: X\ncouncils:\n  - name: A\n    headcount: -5\n")
    lines = read_located(path).lines
    assert lines[("councils", 0, "headcount")] == 4
    assert Library().where("partnership", str(path), ("councils", 0, "headcount")) == f"{path}, line 4"
    assert Library().where("partnership", str(path), ("councils", 0, "absent")) == f"{path}, line 3"


def test_shipped_files_mean_the_same_to_hydra() -> None:
    """Hydra reads YAML 1.1 (`no` is false): no shipped file may hold a word the two take differently."""
    files = [path for root in SHIPPED for group in root.iterdir() for path in sorted(group.glob("*.yaml"))]
    for path in files:
        theirs = OmegaConf.to_container(OmegaConf.load(path))
        assert read_document(path, package_header=path.parent.name == "scenario") == theirs, path
        if path.parent.name == "scenario":
            assert HEADER.strip() in path.read_text()[:512], path


# Overrides


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=3", 3),
        ("a.b=-1_000", -1000),
        ("a.b=0.5", 0.5),
        ("a.b=1e-3", 0.001),
        ("a.b=TRUE", True),
        ("a.b=null", None),
        ("a.b=off", "off"),
        ("a.b=no", "no"),
        ("a.b=012", "012"),
        ("a.b=", ""),
        ("a.b=two words", "two words"),
        ("a.b='it, is'", "it, is"),
        (r'a.b="say \"so\""', 'say "so"'),
        ("a.b=[1, x, 'y z']", [1, "x", "y z"]),
        ("a.b=[]", []),
        ("a.b=[[a],[b,c]]", [["a"], ["b", "c"]]),
        ('a.b=["a > b","b > a"]', ["a > b", "b > a"]),
        ("a.b={x: 1, y: [2]}", {"x": 1, "y": [2]}),
        ("a.b=[{month: 18, change: {pace: 4}}]", [{"month": 18, "change": {"pace": 4}}]),
        ("a/b=x", "x"),
        ("partnership=own files/it's (1).yaml", "own files/it's (1).yaml"),
    ],
)
def test_overrides_are_read(text: str, value: Any) -> None:
    assert parse_override(text) == (text.partition("=")[0], value)
    assert type(parse_override(text)[1]) is type(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a.b", "key=value"),
        ("+a.b=1", "'+' and '~'"),
        ("++a.b=1", "'+' and '~'"),
        ("~a.b", "'+' and '~'"),
        ("a b=1", "not a key"),
        ("a@b=1", "not a key"),
        ("=1", "not a key"),
        ("a.b=${c}", "${"),
        ("a.b='${c}'", "${"),
        ("a.b=???", "not a value"),
        ("a.b=1,2", "sweep"),
        ("a.b=range(1,3)", "sweep"),
        ("a.b=inf", "infinities"),
        ("a.b=-NaN", "infinities"),
        ("a.b=1e999", "too large"),
        ("a.b=99999999999999999999", "too large"),
        ("a.b=a > b", "quotes"),
        ("a.b=naïve", "quotes"),
        ("a.b=[1", "closing ']'"),
        ("a.b='x", "closing quote"),
        ("a.b={1: 2}", "mapping"),
        ("a.b={x: 1, x: 2}", "stands twice"),
        ("a.b=" + "[" * 50, "levels deep"),
        ("a.b=\x07", "unprintable"),
        ("a.b=" + "x" * 20_000, "longer than"),
    ],
)
def test_overrides_are_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_override(text)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 300


PIECES = [
    *(
        "a",
        "b-c",
        "1",
        "-2",
        "+3",
        "1.5",
        ".5",
        "2.",
        "1e5",
        "1_000",
        "012",
        "true",
        "False",
        "null",
        "no",
        "inf",
    ),
    *(
        " ",
        "\t",
        ",",
        "[",
        "]",
        "{",
        "}",
        ":",
        "\\",
        "\\\\",
        "\\,",
        "\\ ",
        "'",
        '"',
        "x y",
        "a.b",
        "/",
        "|",
        "?",
    ),
    *("*", "@", "%", "$", "-", "+", "=", "(", ")", "é", ">", "~", "#"),
]


def plain(value: Any) -> Any:
    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def test_overrides_mean_what_they_mean_to_hydra() -> None:
    parser = OverridesParser.create()
    chance = random.Random(1)
    taken = 0
    for _ in range(1500):
        text = "k=" + "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 6))).strip()
        text = f"k=[{text[2:]}]" if chance.random() < 0.3 else text
        try:
            ours = parse_override(text)[1]
        except InputError:
            continue
        taken += 1
        assert repr(plain(parser.parse_override(text).value())) == repr(ours), text
    assert taken > 300


def test_alternatives_are_split_at_top_level_commas() -> None:
    assert alternatives("scenario=a, b,c") == ("scenario", ["a", "b", "c"])
    assert alternatives("x=[1,2],'a,b',f(1,2)") == ("x", ["[1,2]", "'a,b'", "f(1,2)"])
    assert alternatives(r"x=a\,b") == ("x", [r"a\,b"])


# Words


def test_quantities_of_earlier_versions_are_answered_with_what_stands_in_their_place() -> None:
    now = {entry["name"] for entry in evidence_entries()}
    for old, new in RENAMED.items():
        assert f"evidence.{old}" not in now and f"evidence.{new}" in now
        with pytest.raises(InputError, match=f"unknown key; in its place stands evidence.{new}.value"):
            compose([f"evidence.{old}.value=1"])


def test_nearest_names() -> None:
    keys = [
        "levers.pace.months_between_waves",
        "levers.pace.packages_at_once",
        "levers.hr.extra_posts",
        "scenario",
    ]
    assert nearest("levers.pace.month_between_waves", keys) == keys[0]
    assert nearest("levers.hr.months_between_waves", keys) == keys[0]
    assert nearest("pace.packages_at_onc", keys) == keys[1]
    assert nearest("scenaro", keys) == "scenario"
    assert nearest("levers.pace.zzzzzz", keys) is None
    assert nearest("struct", ["structure_first", "parallel"]) == "structure_first"
    assert nearest("x", []) is None


def test_suggestions() -> None:
    assert suggestion("paralel", ["parallel", "hr_first"]) == "; did you mean 'parallel'?"
    assert suggestion("zzz", ["a", "b"]) == ", allowed: a, b"
    assert suggestion("zzz", [f"name{n}" for n in range(50)]) == ""


# Folders of one's own


def own_folder(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        written(folder, text, name)
    return folder


def test_own_files_stand_beside_the_shipped(tmp_path: Path) -> None:
    folder = own_folder(
        tmp_path / "mine",
        {
            "scenario/fast.yaml": HEADER + "scenario: {title: Fast}\nmechanisms: {fatigue: off}\n",
            "partnership/ours.yml": "name: Ours\n",
            "README.md": "not read",
            "partnership/table.csv": "not read",
        },
    )
    library = Library([folder])
    assert "fast" in library.names("scenario")
    assert "ours" in library.names("partnership")
    assert library.read("scenario", "fast")["mechanisms"] == {"fatigue": "off"}
    assert library.path("scenario", "fast") == folder / "scenario" / "fast.yaml"
    assert library.is_own("scenario", "fast")


def test_files_are_handed_on_checked_and_quoted(tmp_path: Path) -> None:
    folder = own_folder(tmp_path / "mine", {"scenario/fast.yaml": HEADER + "mechanisms: {fatigue: off}\n"})
    path = written(tmp_path, "name: no\nnote: é “x” ☂\n", "My Partnership (2).yaml")
    library = Library([folder])
    library.read("partnership", str(path))
    [handed] = library.handed_on()
    scenario = handed / "scenario" / "fast.yaml"
    assert scenario.read_text().startswith(HEADER)
    assert yaml.safe_load(scenario.read_text()) == {"mechanisms": {"fatigue": "off"}}
    name = library.safe_name(str(path))
    assert name.startswith("my_partnership_2-")
    theirs = OmegaConf.to_container(OmegaConf.load(handed / "partnership" / f"{name}.yaml"))
    assert theirs == {"name": "no", "note": "é “x” ☂"}
    assert Library().handed_on() == []


def test_handed_on_folder_goes_with_the_library(tmp_path: Path) -> None:
    library = Library([own_folder(tmp_path / "mine", {"study/s.yaml": "seed: 2\n"})])
    [handed] = library.handed_on()
    assert handed.is_dir()
    del library
    assert not handed.exists()


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("scenario/fast.yaml", "scenario: {title: T}\n", "# @package _global_"),
        ("scenario/Fast One.yaml", HEADER + "levers: {}\n", "a-z, 0-9"),
        ("scenario/null.yaml", HEADER + "levers: {}\n", "not a number"),
        ("scenario/12.yaml", HEADER + "levers: {}\n", "not a number"),
        ("scenario/" + "a" * 65 + ".yaml", HEADER + "levers: {}\n", "1 to 64"),
        ("scenario/deep/fast.yaml", HEADER + "levers: {}\n", "directly in scenario/"),
        ("scenaro/fast.yaml", HEADER + "levers: {}\n", "did you mean 'scenario'?"),
        ("evidence/money.yaml", "a: 1\n", "unknown kind of settings"),
        ("config.yaml", "a: 1\n", "folder of their kind"),
        ("partnership/p.yaml", "hydra: {}\n", "'hydra' is not allowed"),
        ("scenario/s.yaml", HEADER + "design: {cells: x}\n", "line 2: 'design' may not stand in a scenario"),
        ("scenario/s.yaml", HEADER + "evidence: {}\n", "may not stand in a scenario"),
        ("scenario/s.yaml", HEADER + "lever: {}\n", "did you mean 'levers'?"),
    ],
)
def test_own_folder_is_refused(tmp_path: Path, file: str, text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        Library([own_folder(tmp_path / "mine", {file: text})])
    assert reason in str(caught.value)


def test_unknown_names(tmp_path: Path) -> None:
    folder = own_folder(tmp_path / "mine", {"scenario/careful_start.yaml": HEADER + "levers: {}\n"})
    with pytest.raises(InputError, match="did you mean 'careful_start'"):
        Library([folder]).read("scenario", "carefull_start")
    with pytest.raises(InputError, match="no such folder"):
        Library([tmp_path / "absent"])
    with pytest.raises(InputError, match="no such file"):
        Library().read("partnership", "absent.yaml")
    with pytest.raises(InputError, match="one name is wanted"):
        Library().read("scenario", ["a", "b"])  # type: ignore[arg-type]


def test_shipped_name_is_refused(tmp_path: Path) -> None:
    shipped = Library().names("scenario")
    folder = own_folder(tmp_path / "mine", {f"scenario/{shipped[0]}.yaml": HEADER + "levers: {}\n"})
    with pytest.raises(InputError, match="shipped scenario"):
        Library([folder])
