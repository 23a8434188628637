"""Partnership made from a table of councils: given facts, stated defaults, their sources, and the file's text."""

from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from sim.core.errors import InputError, shown
from sim.core.inputs.partnership import Council, CouncilPair, Partnership
from sim.core.inputs.shipped import shipped
from sim.plans.partnership_csv.csv_columns import COLUMNS, COUNCIL_COLUMNS, NAME, PAIR_COLUMNS, rules
from sim.plans.partnership_csv.csv_facts import CouncilTable, Facts
from sim.plans.partnership_csv.csv_sheet import read_sheet
from sim.plans.partnership_csv.partnership_yaml import as_yaml
from sim.plans.strict import parse_override
from sim.plans.strict.reader import check_text

MAY = 5
_CYCLES: dict[str, tuple[Callable[[int], bool], str]] = {
    "whole": (lambda year: year % 4 == 3, "the next of the usual whole-council elections (…, 2023, 2027)"),
    "halves": (lambda year: year % 2 == 0, "the next May in an even year, as is usual where halves are elected"),
    "thirds": (lambda year: year % 4 != 1, "the next May without county elections (…, 2021, 2025)"),
}

FIXED: dict[str, tuple[Any, str]] = {
    fact: (about["value"], about["reason"]) for fact, about in shipped("partnership_table.yaml")["defaults"].items()
}
"""Defaults that depend on nothing else: value and reason."""

CULTURE_GAP = "0.2 for any two councils, 0.1 more where control differs and 0.1 more where one is urban and one rural"


def election_year(elections: str, year: int, month: int) -> tuple[int, str]:
    """Default year of the first ordinary election after a start, with its reason."""
    due, reason = _CYCLES[elections]
    first = year if month < MAY else year + 1
    return next(candidate for candidate in range(first, first + 5) if due(candidate)), reason


def culture_gap(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Default culture gap between two councils, by the rule of the built-in partnerships."""
    unlike = [field for field in ("control", "setting") if one[field] != other[field]]
    return round(0.2 + 0.1 * len(unlike), 1)


class Provenance:
    """Record of facts given and facts assumed, for the partnership's file and the terminal."""

    def __init__(self, file: str) -> None:
        self._given_in = f"given in {file}"
        self._facts: dict[str, dict[str, str]] = {}

    def given(self, field: str, whose: str = "", where: str | None = None) -> None:
        """Record that a field was given for one council, a pair or the partnership."""
        self._facts.setdefault(field, {})[whose] = where or self._given_in

    def assumed(self, field: str, whose: str, value: Any, reason: str) -> None:
        """Record that a default fills a missing field; `value` is None if the reason states it."""
        default = "default: " if value is None else f"default {value}: "
        self._facts.setdefault(field, {})[whose] = f"assumption: not given; {default}{reason}"

    def entries(self) -> dict[str, str]:
        """One entry for a field that is the same for all, else exceptions under "field of council"."""
        found: dict[str, str] = {}
        for field, facts in self._facts.items():
            texts = set(facts.values())
            if len(texts) == 1:
                found[field] = texts.pop()
                continue
            if self._given_in in texts:
                found[field] = self._given_in
            found |= {f"{field} of {whose}": text for whose, text in facts.items() if text != self._given_in}
        return found

    def assumptions(self) -> list[str]:
        """Assumptions made, one sentence each."""
        return [
            f"{key}: {text.removeprefix('assumption: ')}"
            for key, text in self.entries().items()
            if text.startswith("assumption: ")
        ]


_TYPED = "given on the command line"
_MID_YEAR = 7


class Formed(NamedTuple):
    """Result: the text of the partnership's file, the assumptions, and notes on reading the table."""

    partnership: Partnership
    text: str
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]


def formed(
    path: Path,
    name: str | None = None,
    start_year: int | None = None,
    start_month: int | None = None,
    today: date | None = None,
) -> Formed:
    """The partnership that a CSV file describes.

    What is missing is filled with a stated default and kept in `provenance` as an assumption; a council's
    name, headcount and expenditure have none. InputError names line and column of what cannot be taken.
    """
    file = "the table" if check_text(path.name) else path.name
    provenance = Provenance(file)
    year, month = _start(start_year, start_month, today or date.today())
    sheet = read_sheet(
        path, [column.name for column in COLUMNS], [column.name for column in COLUMNS if column.required]
    )
    table = CouncilTable(sheet, year)
    title = _title(name, table.names, provenance)
    _log_start(start_year, start_month, (year, month), provenance)
    councils = [_council(facts, year, month, provenance) for facts in table.councils]
    pairs = [_pair(table, councils, one, other, provenance) for one, other in combinations(range(len(councils)), 2)]
    partnership = Partnership(
        name=title,
        start_year=year,
        start_month=month,
        councils=tuple(
            Council(**{field: facts[field] for field in Council.model_fields if field in facts}) for facts in councils
        ),
        pairs=tuple(pairs),
        provenance=provenance.entries(),
    )
    return Formed(
        partnership, as_yaml(partnership, file), tuple(provenance.assumptions()), (*sheet.notes, *table.notes)
    )


def _start(year: int | None, month: int | None, today: date) -> tuple[int, int]:
    """Start date as asked; default year is the present with its month, default month is mid-year."""
    for field, value in (("start_year", year), ("start_month", month)):
        rule = rules(Partnership)[field]
        if value is not None and not rule["minimum"] <= value <= rule["maximum"]:
            option = field.replace("_", "-")
            raise InputError(f"--{option} {value}: allowed is {rule['minimum']} to {rule['maximum']}")
    return year or today.year, month or (today.month if year is None else _MID_YEAR)


def _log_start(year: int | None, month: int | None, start: tuple[int, int], provenance: Provenance) -> None:
    if year is None:
        provenance.assumed("start_year", "", start[0], "the year in which this file was made")
    else:
        provenance.given("start_year", where=_TYPED)
    if month is None:
        reason = "the month in which this file was made" if year is None else "the middle of the year"
        provenance.assumed("start_month", "", start[1], reason)
    else:
        provenance.given("start_month", where=_TYPED)


def _council(given: Facts, year: int, month: int, provenance: Provenance) -> Facts:
    """Facts of one council, with defaults for missing ones."""
    name = given["name"]
    facts = dict(given)
    for column in COUNCIL_COLUMNS:
        field = column.field
        if column is NAME:
            continue
        if field == "source":
            if field in given:
                provenance.given(f"source of {name}", where=f"given by the table's author: {given[field]}")
        elif field in given:
            provenance.given(field, name)
        else:
            facts[field] = _assumed(field, facts, year, month, provenance)
    return facts


def _assumed(field: str, facts: Facts, year: int, month: int, provenance: Provenance) -> Any:
    """Default for one fact of a council, recorded. Elections precede their year in the columns."""
    value: Any
    if field == "full_name":
        provenance.assumed(field, facts["name"], None, "the short name")
        return facts["name"]
    value, reason = election_year(facts["elections"], year, month) if field == "next_election_year" else FIXED[field]
    provenance.assumed(field, facts["name"], value, reason)
    return value


def _pair(table: CouncilTable, councils: list[Facts], one: int, other: int, provenance: Provenance) -> CouncilPair:
    given = table.pairs.get((one, other), {})
    names = (table.names[one], table.names[other])
    facts: Facts = {}
    for field in (column.field for column in PAIR_COLUMNS):
        if field in given:
            facts[field] = float(given[field])
            provenance.given(field, " and ".join(names))
            continue
        gap = culture_gap(councils[one], councils[other])
        value, reason = (gap, CULTURE_GAP) if field == "culture_gap" else FIXED[field]
        facts[field] = float(value)
        provenance.assumed(field, " and ".join(names), value, reason)
    return CouncilPair(between=names, **facts)


def _title(name: str | None, names: list[str], provenance: Provenance) -> str:
    longest = rules(Partnership)["name"]["maxLength"]
    if name is None:
        title = " & ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
        if len(title) > longest:
            raise InputError(f"the councils' names together are longer than {longest} characters; give a --name")
        provenance.assumed("name", "", None, "the councils' names")
        return title
    title = " ".join(name.split())
    reason = check_text(title) or ("" if 0 < len(title) <= longest else f"1 to {longest} characters are wanted")
    if reason:
        raise InputError(f"--name {shown(name)}: {reason}")
    provenance.given("name", where=_TYPED)
    return title


def free_place(path: Path, force: bool, table: Path | None = None) -> Path:
    """The path, if a file may be written there. Raises InputError with the obstacle.

    With `table`, the place of a partnership made from that table, which a command line must be able to name.
    """
    if table is not None:
        _check_name(path, table)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file with --output")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}")
    if path.exists() and not force:
        raise InputError(f"{path}: exists already; --force writes over it")
    return path


def _check_name(path: Path, table: Path) -> None:
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(f"{path}: a partnership's file ends in .yaml or .yml")
    if path.exists() and table.exists() and path.samefile(table):
        raise InputError(f"{path}: is the table itself; name another file with --output")
    try:
        named = parse_override(f"partnership={path}")[1]
    except InputError:
        named = None
    if named != str(path):
        raise InputError(f"{path}: holds signs that a command line cannot name; name another file with --output")
