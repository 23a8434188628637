"""Generator of the assumptions page, docs/assumptions.md, from declared lists alone.

`python -m sim.words.documents.assumptions_page` prints it, with `--write` it replaces the page.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.core.inputs.partnership import Partnership
from sim.core.inputs.quantity import UNITS
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.plans.strict import SHIPPED, Library
from sim.study.files import store
from sim.words.templates import templates

PAGE = Path(__file__).resolve().parents[3] / "docs" / "assumptions.md"


def assumptions() -> str:
    """The assumptions page as Markdown."""
    quantities, library = evidence_entries(), Library()
    partnerships = [Partnership(**library.read("partnership", name)) for name in library.names("partnership")]
    used = {quantity["unit"] for quantity in quantities}
    topics = groupby(quantities, lambda quantity: quantity["name"].split(".")[1])
    page = templates(Path(__file__).parent / "templates").get_template("assumptions.md.j2")
    return page.render(
        quantities=quantities,
        of_grade=Counter(quantity["grade"] for quantity in quantities),
        units=[(unit, meaning) for unit, meaning in UNITS.items() if unit in used],
        topics=[(topic, _about(topic), list(map(_quantity, group))) for topic, group in topics],
        councils=[row for partnership in partnerships for row in _councils(partnership)],
        pairs=[row for partnership in partnerships for row in _pairs(partnership)],
        provenance=list(_provenance(partnerships)),
        levers=list(map(_lever, lever_entries())),
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
        every = len(names) == len(partnerships)
        yield fact.replace("_gbp_m", " (£m)").replace("_", " "), source, "all" if every else "; ".join(names)


def _lever(entry: dict[str, Any]) -> tuple[object, ...]:
    name, shown = f"`{entry['name'].removeprefix('levers.')}`", _shown(entry["default"])
    return name, entry["meaning"], shown, _allowed(entry), entry["unit"], entry["changes"], entry["source"]


def _allowed(entry: dict[str, Any]) -> str:
    if "choices" in entry:
        return ", ".join(map(_shown, entry["choices"]))
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
