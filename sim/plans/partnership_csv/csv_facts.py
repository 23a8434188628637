"""Facts in a table, cell by cell, without rows that a spreadsheet computed; all errors are refused together."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sim.core.errors import InputError, shown, suggestion
from sim.plans.partnership_csv.csv_columns import (
    COUNCIL_COLUMNS,
    NAME,
    PAIR_COLUMNS,
    CsvColumn,
    Unreadable,
    number_in,
    value_of,
)
from sim.plans.partnership_csv.csv_sheet import CsvRow, CsvSheet

_COMPUTED = re.compile(
    r"\b(sub)?totals?\b|\btot\b|\bsums?\b|\baverages?\b|\bavg\b|\bmeans?\b|\bmedian\b|\baggregate\b|\boverall\b"
)
"""Words that occur in no council's name and so mark a computed row."""
_WHOLE = re.compile(
    r"\W*(the )?(all|both|whole|combined|altogether|together)"
    r"( (of|the|two|three|four|councils|districts|boroughs|authorities|partnership))*\W*"
)
"""Names that mean all rows if they are the whole name."""


class Figures(NamedTuple):
    """Headcount and service expenditure of one row."""

    headcount: float
    service_expenditure_gbp_m: float


def named_computed(name: str) -> bool:
    """True if the name is that of a total or average, such as "Grand total" or "All councils"."""
    words = name.casefold().replace("_", " ")
    return bool(_COMPUTED.search(words) or _WHOLE.fullmatch(words))


def computed_rows(rows: Sequence[Figures]) -> Iterator[tuple[int, str]]:
    """Rows that equal, up to rounding, the sum or mean of all others or of those above: position and which.

    At least two others are wanted. Where all are alike, a mean is no sign: the row is one more of them.
    """
    for place, row in enumerate(rows):
        above = rows[:place]
        for others, which in (([*above, *rows[place + 1 :]], "the other rows"), (above, "the rows above it")):
            what = _what(row, others)
            if what:
                yield place, f"{what} of {which}"
                break


def _what(row: Figures, others: Sequence[Figures]) -> str | None:
    if len(others) < 2:
        return None
    total = Figures(*[math.fsum(column) for column in zip(*others, strict=True)])
    if _alike(row, total):
        return "the sum"
    mean = Figures(*[value / len(others) for value in total])
    return "the mean" if _alike(row, mean) and not all(_alike(row, other) for other in others) else None


def _alike(one: Figures, other: Figures) -> bool:
    """True if two rows agree within rounding: half a post and half a million, or two in a thousand."""
    return all(math.isclose(a, b, rel_tol=0.002, abs_tol=0.5 + 1e-9) for a, b in zip(one, other, strict=True))


Between = tuple[int, int]


def pieces(cell: str, own: int, names: Sequence[str]) -> Iterator[tuple[Between, str]]:
    """Each pair of councils named by a cell in the row of council `own`, with the text of its value."""
    if ":" not in cell:
        yield _ordered(own, _unnamed(cell, own, names)), cell
        return
    for piece in cell.split(";"):
        name, colon, value = piece.rpartition(":")
        if piece.strip() and not colon:
            raise Unreadable(f"{shown(piece.strip())}: written as name: value; name: value")
        if piece.strip():
            yield _ordered(own, _named(name.strip(), own, names)), value.strip()


def _unnamed(cell: str, own: int, names: Sequence[str]) -> int:
    """Council meant by a number without a name: the first council, or the other of two."""
    if len(names) < 2:
        raise Unreadable(f"{shown(cell)}: there is no other council in the table")
    if own == 0 and len(names) > 2:
        raise Unreadable(f"{shown(cell)}: say which council it is about, as in '{names[1]}: {cell}'")
    return 1 if own == 0 else 0


def _named(name: str, own: int, names: Sequence[str]) -> int:
    known = [council.casefold() for council in names]
    if name.casefold() not in known:
        raise Unreadable(f"{shown(name)} is not a council of the table{suggestion(name, names)}")
    other = known.index(name.casefold())
    if other == own:
        raise Unreadable(f"{shown(name)} is the council of this row; name another")
    return other


def _ordered(one: int, other: int) -> Between:
    return (min(one, other), max(one, other))


MOST_COUNCILS = 4
_LISTED = 6
_MOST_SUMMED = 3 * MOST_COUNCILS
"""Maximum rows searched for sums and means; longer tables are refused for length."""
_LARGEST = 1e12
"""Figures of this size or more are refused themselves, so sums are not searched."""
_OF_A_COUNCIL = ("control", "setting", "elections")
"""Columns about single councils that a row of totals leaves empty."""

Facts = dict[str, Any]


class CouncilTable:
    """Councils and pairs as given, without defaults; `notes` report what was accepted despite a doubt.

    InputError names line and column.
    """

    def __init__(self, sheet: CsvSheet, start_year: int) -> None:
        self._sheet = sheet
        self._wrong: list[tuple[str, str]] = []
        self._refuse_named_totals()
        self.notes = tuple(self._doubts())
        self._check_size()
        self.names = self._names()
        self.councils = [self._council(row, start_year) for row in sheet.rows]
        self.pairs = self._pairs()
        self._refuse()

    def _refuse_named_totals(self) -> None:
        for row in self._sheet.rows:
            for column in ("council", "full_name"):
                if named_computed(row.cells.get(column, "")):
                    place = f"{self._sheet.file}, line {row.line}, column {column}"
                    said = shown(row.cells[column])
                    raise InputError(f"{place}: {said} is a total or an average, not a council; leave that row out")

    def _doubts(self) -> Iterator[str]:
        """Notes on rows that equal a sum or mean but hold a council's own facts. Raises InputError for others."""
        figures = [self._figures(row) for row in self._sheet.rows]
        known = [each for each in figures if each is not None]
        if len(known) < len(figures) or len(known) > _MOST_SUMMED:
            return
        for number, what in computed_rows(known):
            row = self._sheet.rows[number]
            place = f"{self._sheet.file}, line {row.line}"
            name = shown(row.cells["council"]) if "council" in row.cells else "this row"
            if not any(column in row.cells for column in _OF_A_COUNCIL):
                raise InputError(
                    f"{place}: the headcount and expenditure of {name} are {what}, so it is taken for a total or an "
                    "average; leave that row out or, if it is a council, fill in its control"
                )
            yield f"{place}: the headcount and expenditure of {name} are {what}; it was taken as a council"

    def _figures(self, row: CsvRow) -> Figures | None:
        """Figures in a row's two numeric columns, unbounded; None if either is not a number."""
        values = []
        for column in COUNCIL_COLUMNS:
            if column.field in Figures._fields:
                try:
                    values.append(number_in(row.cells.get(column.name, ""), column, self._sheet.decimal_comma))
                except Unreadable:
                    return None
        return Figures(*values) if max(values) < _LARGEST else None

    def _check_size(self) -> None:
        file, rows = self._sheet.file, self._sheet.rows
        if not rows:
            raise InputError(f"{file}: holds no council; write one row a council, 1 to {MOST_COUNCILS} of them")
        if len(rows) > MOST_COUNCILS:
            line = rows[MOST_COUNCILS].line
            raise InputError(f"{file}, line {line}: {len(rows)} councils; 1 to {MOST_COUNCILS} are allowed")

    def _names(self) -> list[str]:
        names = [str(self._value(row, NAME) or "") for row in self._sheet.rows]
        known = [name.casefold() for name in names]
        for number, (row, name) in enumerate(zip(self._sheet.rows, known)):
            if name and name in known[:number]:
                first = self._sheet.rows[known.index(name)].line
                self._add(row, NAME, f"'{names[number]}' stands twice, first on line {first}")
        self._refuse()
        return names

    def _council(self, row: CsvRow, start_year: int) -> Facts:
        facts = {column.field: self._value(row, column) for column in COUNCIL_COLUMNS}
        year = facts["next_election_year"]
        if year is not None and not start_year <= year <= start_year + 5:
            column = next(column for column in COUNCIL_COLUMNS if column.field == "next_election_year")
            reason = f"{year}: not within five years of the start in {start_year}; set that with --start-year"
            self._add(row, column, reason)
        return {field: value for field, value in facts.items() if value is not None}

    def _value(self, row: CsvRow, column: CsvColumn) -> Any:
        cell = row.cells.get(column.name)
        if cell is None:
            if column.required:
                self._add(row, column, "is empty; it has no sensible default, so please fill it in")
            return None
        return self._read(row, column, cell)

    def _read(self, row: CsvRow, column: CsvColumn, cell: str) -> Any:
        try:
            return value_of(cell, column, self._sheet.decimal_comma)
        except Unreadable as error:
            self._add(row, column, str(error))
            return None

    def _pairs(self) -> dict[Between, Facts]:
        found: dict[Between, Facts] = {}
        for own, row in enumerate(self._sheet.rows):
            for column in PAIR_COLUMNS:
                if column.name in row.cells:
                    self._add_pairs(found, own, row, column)
        return found

    def _add_pairs(self, found: dict[Between, Facts], own: int, row: CsvRow, column: CsvColumn) -> None:
        try:
            for between, text in pieces(row.cells[column.name], own, self.names):
                value = self._read(row, column, text)
                before = found.setdefault(between, {}).setdefault(column.field, value)
                if value is not None and before != value:
                    both = " and ".join(self.names[council] for council in between)
                    self._add(row, column, f"{value} differs from the {before} given elsewhere for {both}")
        except Unreadable as error:
            self._add(row, column, str(error))

    def _add(self, row: CsvRow, column: CsvColumn, reason: str) -> None:
        self._wrong.append((f"line {row.line}, column {column.name}", reason))

    def _refuse(self) -> None:
        if not self._wrong:
            return
        (place, reason), *others = self._wrong
        more = "; ".join(where for where, _ in others[:_LISTED]) + ("; …" if len(others) > _LISTED else "")
        raise InputError(f"{self._sheet.file}, {place}: {reason}" + (f" (also wrong: {more})" if others else ""))
