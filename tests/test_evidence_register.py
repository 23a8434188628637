"""The register: every quantity is whole, sourced and used. One test names every offender at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from quantities import readers, seen

from sim.core.inputs.partnership import Partnership
from sim.core.inputs.quantity import UNITS
from sim.plans.strict import read_document
from sim.words.documents.assumptions_page import PAGE, assumptions

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "configs"
REGISTER = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
KNOWN = set(re.findall(r"^\| ([A-Z]-?\w+)", REGISTER, re.M))
ID = re.compile(r"(?<![\w-])(?:S\d+|[CPX]-\d+|[DMKO]-[A-Z]+\d*)(?![\w-])")
OFFICIAL = ("HM Treasury Green Book",)
"""Official works that are cited by name, without an id in docs/evidence.md."""

GRADES = ("A", "B", "C", "assumption")
FIXED = re.compile(r"\bfixed\b|\bthe unit\b")
KEYS = {"meaning", "value", "unit", "low", "high", "grade", "source"}
"""Keys of every quantity; `zero_without` names the mechanisms, if any, whose force it is."""
FEWEST_WORDS = 3

Quantity = dict[str, Any]


def register(folder: Path = CONFIGS) -> dict[str, Any]:
    """Every quantity of the evidence files by 'topic.name', as it stands in the file."""
    files = sorted((folder / "evidence").glob("*.yaml"))
    topics = {topic: group for path in files for topic, group in read_document(path).items()}
    return {f"{topic}.{name}": quantity for topic, group in topics.items() for name, quantity in group.items()}


def unsound(quantity: Quantity) -> Iterator[str]:
    """What is wrong with the numbers of a quantity."""
    value, low, high = (quantity.get(key) for key in ("value", "low", "high"))
    numbers = [number for number in (value, low, high) if isinstance(number, int | float) and number is not True]
    if len(numbers) < 3:
        yield "value, low and high are not all numbers"
    elif not low <= value <= high:
        yield f"value {value} outside {low} to {high}"
    elif low == high and not FIXED.search(str(quantity.get("source"))):
        yield "a range of zero width, and the source does not say that it is fixed or the unit"
    elif quantity.get("unit") == "share" and not (low >= 0 and high <= 1):
        yield f"a share outside 0 to 1 ({low} to {high})"
    if quantity.get("unit") not in UNITS:
        yield f"unit {quantity.get('unit')!r} unknown"


def unsourced(quantity: Quantity) -> Iterator[str]:
    """What is wrong with the grade and the source of a quantity."""
    grade, source = quantity.get("grade"), str(quantity.get("source", ""))
    if grade not in GRADES:
        yield f"grade {grade!r} is none of {', '.join(GRADES)}"
    is_assumption = source.startswith("assumption: ")
    if (grade == "assumption") != is_assumption:
        yield f"grade {grade} with source {source[:40]!r}"
    if is_assumption and len(source.removeprefix("assumption: ").split()) < FEWEST_WORDS:
        yield "an assumption without a reason"
    if not is_assumption and not ID.search(source) and not source.startswith(OFFICIAL):
        yield f"source {source[:40]!r} names no id of docs/evidence.md"
    for cited in ID.findall(source):
        if cited not in KNOWN:
            yield f"cites {cited}, which docs/evidence.md does not hold"


def undescribed(quantity: Quantity) -> Iterator[str]:
    """What is wrong with the words of a quantity."""
    meaning = str(quantity.get("meaning") or "")
    if not meaning[:1].isupper() or len(meaning) < 10 or meaning.endswith("."):
        yield f"meaning {meaning!r} is not a phrase that begins with a capital"
    if set(quantity) - {"zero_without"} != KEYS:
        yield f"keys {sorted(set(quantity) ^ KEYS)}"


def read_in_code(source: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Names that a module's source mentions, and patterns of those that it asks for as e(f"topic.{part}")."""
    nodes = list(ast.walk(ast.parse(source)))
    asked = [node.args[0] for node in nodes if isinstance(node, ast.Call) and node.args and called(node) == "e"]
    put_together = [name.values for name in asked if isinstance(name, ast.JoinedStr)]
    pieces = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in pieces]
    patterns = [
        re.compile("".join(re.escape(literal_of(part)) or r"(\w+)" for part in parts))
        for parts in put_together
        if re.match(r"[a-z_]+\.", literal_of(parts[0]))
    ]
    return {node.value for node in constants if isinstance(node.value, str)}, patterns


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def literal_of(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def unread(names: set[str], sources: list[str], words: set[str]) -> set[str]:
    """Quantities that no code reads. A name put together from parts counts where each part is a word in use."""
    found = [read_in_code(source) for source in sources]
    said = set().union(*(constants for constants, _ in found)) | words
    left = names - said - set().union(*map(seen, sources))

    def put_together(name: str) -> bool:
        matches = (pattern.fullmatch(name) for _, patterns in found for pattern in patterns)
        return any(match is not None and set(match.groups()) <= said for match in matches)

    return {name for name in left if not put_together(name)}


def offenders(quantities: dict[str, Any]) -> list[str]:
    """Everything that is wrong with the register, one line each."""
    checks = (unsound, unsourced, undescribed)
    found = [f"{name}: {wrong}" for name, q in quantities.items() for check in checks for wrong in check(q)]
    sources = [path.read_text(encoding="utf-8") for path in readers(ROOT / "sim")]
    words = {str(key) for path in (CONFIGS / "services").glob("*.yaml") for key in read_document(path)}
    return found + [f"{name}: no code reads it" for name in sorted(unread(set(quantities), sources, words))]


@pytest.mark.check("Register")
def test_every_quantity_is_whole_sourced_and_used() -> None:
    found = offenders(register())
    assert not found, "\n".join(found)


@pytest.mark.check("Register")
def test_every_topic_is_composed_and_stands_in_its_own_file() -> None:
    main = yaml.safe_load((CONFIGS / "config.yaml").read_text(encoding="utf-8"))
    [composed] = [entry["evidence"] for entry in main["defaults"] if isinstance(entry, dict) and "evidence" in entry]
    files = sorted(path.stem for path in (CONFIGS / "evidence").glob("*.yaml"))
    assert sorted(composed) == files
    for name in files:
        assert list(read_document(CONFIGS / "evidence" / f"{name}.yaml")) == [name]


@pytest.mark.check("Register")
def test_the_assumptions_page_is_current() -> None:
    """If this fails, run `make docs`."""
    assert PAGE.read_text(encoding="utf-8") == assumptions()


@pytest.mark.check("Register")
def test_the_assumptions_page_holds_every_quantity_and_lever() -> None:
    from sim.plans.declared_lists import evidence_entries, lever_entries

    page = assumptions()
    names = [entry["name"].partition(".")[2] for entry in (*evidence_entries(), *lever_entries())]
    assert not [name for name in names if f"| `{name}` |" not in page]
    assert "\n| assumption | " in page


SOUND: Quantity = {
    "meaning": "Share of staff who leave",
    "value": 0.2,
    "unit": "share",
    "low": 0.1,
    "high": 0.3,
    "grade": "A",
    "source": "S6",
}


@pytest.mark.check("Register")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grade": None}, "grade None"),
        ({"grade": "D"}, "grade 'D'"),
        ({"value": 0.4}, "outside"),
        ({"value": "many"}, "not all numbers"),
        ({"low": 0.2, "high": 0.2}, "zero width"),
        ({"high": 2}, "share outside"),
        ({"unit": "furlongs"}, "unit 'furlongs'"),
        ({"source": "S99"}, "S99"),
        ({"source": "common sense"}, "no id"),
        ({"source": "C-1 to C-99"}, "C-99"),
        ({"grade": "assumption"}, "grade assumption with source 'S6'"),
        ({"source": "assumption: a reason is given"}, "grade A with source"),
        ({"grade": "assumption", "source": "assumption: ours"}, "without a reason"),
        ({"meaning": ""}, "meaning"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_each_kind_of_offender_is_named(change: Quantity, said: str) -> None:
    checks = (unsound, unsourced, undescribed)
    assert [wrong for check in checks for wrong in check(SOUND)] == []
    assert said in "; ".join(wrong for check in checks for wrong in check(SOUND | change))


@pytest.mark.check("Register")
def test_a_quantity_counts_as_read_only_where_code_says_its_name() -> None:
    names = {"staff.turnover", "money.chief_post", "money.clerk_post", "money.exit", "time.review"}
    code = (
        'e("staff.turnover")\nTIERS = ("chief", "exit")\nfor tier in TIERS:\n    world.e(f"money.{tier}_post")\n'
        'e(f"{topic}.review")\nprint(f"money.{tier}")'
    )
    assert unread(names, [code], set()) == {"money.clerk_post", "money.exit", "time.review"}
    assert unread(names, [code], {"clerk"}) == {"money.exit", "time.review"}
    lanes = (
        "def f(self, e, other):\n    own, far = e.money, 1.0\n"
        "    return own.exit + self.e.time.review + other.staff.turnover"
    )
    assert unread(names, [lanes], set()) == names - {"money.exit", "time.review"}
    elsewhere = "def f(e):\n    own = e.money\ndef g(own):\n    return own.exit"
    assert unread({"money.exit"}, [elsewhere], set()) == {"money.exit"}


@pytest.mark.check("House")
def test_citations_say_what_the_sources_say() -> None:
    """S4 has three cases; the air crash and the council that left are in S2 alone; nobody reports industrial action."""
    table = [[part.strip() for part in line.split("|")] for line in REGISTER.splitlines() if line.startswith("| ")]
    rows = {cells[1]: cells[2:] for cells in table}
    assert rows["S4"][0].startswith("Three council cases")
    assert (rows["K-EMERGENCY"][1], rows["K-EXIT"][1]) == ("S2", "S2")
    assert rows["K-DISPUTE"][1] == "assumption"
    assert "organisational design too" in rows["C-18"][0]
    assert "this project's own ordering" in REGISTER


# The built-in partnerships, against the table in docs/evidence.md (test_packaging.py holds the other columns)


def formed_years() -> dict[str, int]:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ Council \| [\d–]+ \| [\d.]+ \| (\d{4}) \|", REGISTER, re.M)
    years: dict[str, int] = {}
    for name, year in rows:
        years[name] = max(int(year), years.get(name, 0))
    return years


@pytest.mark.check("Register")
def test_every_built_in_partnership_starts_when_it_was_formed() -> None:
    found = [Partnership(**read_document(path)) for path in (CONFIGS / "partnership").glob("*.yaml")]
    assert {partnership.name: partnership.start_year for partnership in found} == formed_years()


@pytest.mark.check("Register")
def test_the_joint_count_is_divided_by_expenditure() -> None:
    """S1 table 2 prints 550 for West Dorset and nothing for Weymouth and Portland."""
    dorset = Partnership(**read_document(CONFIGS / "partnership" / "dorset_councils.yaml"))
    joint = {c.name: c for c in dorset.councils if c.name != "North Dorset"}
    spent = sum(council.service_expenditure_gbp_m for council in joint.values())
    assert sum(council.headcount for council in joint.values()) == 550
    for name, council in joint.items():
        assert council.headcount == round(550 * council.service_expenditure_gbp_m / spent)
        assert dorset.provenance[f"headcount of {name}"].startswith("assumption: ")
