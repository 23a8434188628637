"""Generator of the assumptions page, docs/assumptions.md, from declared lists alone.

`python -m sim.words.documents.assumptions_page` prints it, with `--write` it replaces the page.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.core.inputs.partnership import Partnership
from sim.core.inputs.quantity import UNITS
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.plans.strict import SHIPPED, Library
from sim.study.files import store

PAGE = Path(__file__).resolve().parents[3] / "docs" / "assumptions.md"
_GRADES = {
    "A": "the source counted it or put a price on it",
    "B": "several cases, or the source's own conclusion: we know which way it points, not how strongly",
    "C": "a single case or a single voice",
    "assumption": "no source gives it; the reason stands beside it",
}
_INTRODUCTION = """\
# Assumptions

Every number that Tandem rests on, with its unit, its range and where it comes from. The page is made by
`make docs` from `configs/evidence/`, `configs/partnership/` and the levers declared in the code: change those, not
this page. Ids such as S6, C-2 or M-ST4 are those of [evidence.md](evidence.md)."""
_OVERRIDES = """\
Only A speaks for a size. For B and C the source gives the direction and the size is our reading, so read the range
and not the middle; it is what sensitivity analysis explores. Every value may be replaced by one from its range, as
in `tandem run evidence.staff.turnover.value=0.15`; the study then logs it as overridden, and it loses its citation.
`tandem show turnover` prints one quantity."""
_PARTNERSHIPS = """\
## Partnerships

The given facts of the built-in partnerships. A file made by `tandem new-partnership` keeps the same account of its
own facts under `provenance`. Any of them may be changed in a copy of the file."""
_LEVERS = """\
## Levers

What a partnership chooses. A default is no finding: together the defaults describe the commonest path, and a plan
replaces them. The ids name the decision in [evidence.md](evidence.md) that a lever stands for."""


def assumptions() -> str:
    """The assumptions page as Markdown."""
    quantities = evidence_entries()
    parts = [_INTRODUCTION, *_by_grade(quantities), *_by_topic(quantities), *_given_facts(), *_levers()]
    return "\n\n".join(parts) + "\n"


def _by_grade(quantities: Sequence[dict[str, Any]]) -> Iterable[str]:
    counts = Counter(quantity["grade"] for quantity in quantities)
    yield "## Quantities of the world"
    yield f"There are {len(quantities)} of them: what nobody in a partnership chooses."
    yield _table(("grade", "quantities", "means"), ((g, counts[g], means) for g, means in _GRADES.items()))
    yield _OVERRIDES
    used = {quantity["unit"] for quantity in quantities}
    yield _table(("unit", "is"), ((unit, meaning) for unit, meaning in UNITS.items() if unit in used))


def _by_topic(quantities: Sequence[dict[str, Any]]) -> Iterable[str]:
    topics: dict[str, list[dict[str, Any]]] = {}
    for quantity in quantities:
        topics.setdefault(quantity["name"].split(".")[1], []).append(quantity)
    for topic, group in topics.items():
        yield f"### {topic}"
        about = _about(topic)
        if about:
            yield about
        yield _table(
            ("quantity", "means", "value", "range", "unit", "grade", "source or reason"), map(_quantity, group)
        )


def _about(topic: str) -> str:
    """First comment line of a topic's evidence file, as its description; "" if it has none."""
    path = SHIPPED[0] / "evidence" / f"{topic}.yaml"
    first = path.read_text(encoding="utf-8").partition("\n")[0] if path.is_file() else ""
    return first.removeprefix("# ") if first.startswith("# ") else ""


def _quantity(entry: dict[str, Any]) -> tuple[object, ...]:
    span = f"{_number(entry['low'])} to {_number(entry['high'])}"
    name = f"`{entry['name'].removeprefix('evidence.')}`"
    reason = entry["source"].removeprefix("assumption: ")
    return name, entry["meaning"], _number(entry["value"]), span, entry["unit"], entry["grade"], reason


def _given_facts() -> Iterable[str]:
    library = Library()
    partnerships = [Partnership(**library.read("partnership", name)) for name in library.names("partnership")]
    yield _PARTNERSHIPS
    yield _table(
        ("council", "staff", "£m a year", "control", "setting", "elects", "next in", "gap", "cut before", "start"),
        (row for partnership in partnerships for row in _councils(partnership)),
    )
    yield _table(
        ("councils", "miles", "prior joint working", "culture gap"),
        (row for partnership in partnerships for row in _pairs(partnership)),
    )
    yield "Where each fact comes from:"
    yield _table(("fact", "source or reason", "for"), _provenance(partnerships))


def _councils(partnership: Partnership) -> Iterable[tuple[object, ...]]:
    start = f"{partnership.start_year}-{partnership.start_month:02}"
    for c in partnership.councils:
        control = c.control.replace("_", " ")
        facts = (c.headcount, _number(c.service_expenditure_gbp_m), control, c.setting, c.elections)
        yield c.name, *facts, c.next_election_year, _number(c.budget_gap_share), _number(c.earlier_cuts_share), start


def _pairs(partnership: Partnership) -> Iterable[tuple[object, ...]]:
    for pair in partnership.pairs:
        numbers = (pair.distance_miles, pair.prior_joint_working, pair.culture_gap)
        yield " and ".join(pair.between), *map(_number, numbers)


def _provenance(partnerships: Sequence[Partnership]) -> Iterable[tuple[str, str, str]]:
    """Each fact with its source, listed once for all partnerships that share both."""
    found: dict[tuple[str, str], list[str]] = {}
    for partnership in partnerships:
        for fact, source in partnership.provenance.items():
            found.setdefault((fact, source), []).append(partnership.name)
    for (fact, source), names in sorted(found.items(), key=lambda item: item[0][0]):
        yield (
            fact.replace("_gbp_m", " (£m)").replace("_", " "),
            source,
            "all" if len(names) == len(partnerships) else "; ".join(names),
        )


def _levers() -> Iterable[str]:
    yield _LEVERS
    rows = (
        (
            f"`{entry['name'].removeprefix('levers.')}`",
            entry["meaning"],
            _shown(entry["default"]),
            _allowed(entry),
            entry["unit"],
            entry["changes"],
            entry["source"],
        )
        for entry in lever_entries()
    )
    yield _table(("lever", "means", "default", "allowed", "unit", "may change", "stands for"), rows)


def _allowed(entry: dict[str, Any]) -> str:
    if "choices" in entry:
        return ", ".join(_shown(choice) for choice in entry["choices"])
    if "low" in entry and "high" in entry:
        return f"{_number(entry['low'])} to {_number(entry['high'])}"
    return str(entry["type"])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return f"`{value}`" if value else "none"
    return ", ".join(_shown(item) for item in value) if value else "none"


def _number(value: float) -> str:
    return format(value, ",.10g")


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines)


def main(argv: Sequence[str]) -> int:
    """Print the page, or write it with `--write`; returns exit code 2 for any other argument."""
    if list(argv) == ["--write"]:
        store.write_text(PAGE, assumptions())
    elif argv:
        print("only --write may follow: it replaces docs/assumptions.md", file=sys.stderr)
        return 2
    else:
        print(assumptions(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
