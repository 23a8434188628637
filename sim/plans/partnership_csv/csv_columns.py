"""Columns of a table of councils, each declared once; the reading of a cell; and the template to fill in."""

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sim.core.errors import shown, suggestion
from sim.core.inputs.partnership import Council, CouncilPair, Partnership, control_named
from sim.core.inputs.shipped import shipped

Kind = Literal["text", "whole number", "number", "choice"]


@dataclass(frozen=True)
class CsvColumn:
    """One column; its bounds and choices are those of the partnership's own declaration."""

    name: str
    field: str
    meaning: str
    rule: dict[str, Any]
    required: bool = False
    pounds: bool = False

    @property
    def kind(self) -> Kind:
        """Reading method for the cells."""
        if "enum" in self.rule:
            return "choice"
        kinds: dict[str, Kind] = {"integer": "whole number", "number": "number"}
        return kinds.get(self.rule["type"], "text")

    @property
    def choices(self) -> list[str]:
        """Allowed words in a cell; empty if any value in the range is allowed."""
        return list(self.rule.get("enum", ()))

    def outside(self, value: float) -> bool:
        """True if a number lies outside the bounds."""
        above = value > self.rule.get("exclusiveMinimum", -1)
        return not (above and self.rule.get("minimum", value) <= value <= self.rule["maximum"])

    @property
    def span(self) -> str:
        """Bounds in words."""
        low, high = self.rule.get("minimum"), self.rule["maximum"]
        return f"more than {self.rule['exclusiveMinimum']}, at most {high}" if low is None else f"{low} to {high}"


@cache
def rules(model: type[Council] | type[CouncilPair] | type[Partnership]) -> dict[str, dict[str, Any]]:
    """Declared bounds of each field in JSON schema terms."""
    found: dict[str, dict[str, Any]] = model.model_json_schema()["properties"]
    return found


_TABLE = shipped("partnership_table.yaml")
_REQUIRED, _POUNDS = ("council", "headcount", "service_expenditure_gbp_m"), "service_expenditure_gbp_m"
_OF_SOURCE = {"type": "string", "maxLength": 1000}


def _columns(of: str, declared: dict[str, dict[str, Any]]) -> tuple[CsvColumn, ...]:
    fields = {name: "name" if name == "council" else name for name in _TABLE["columns"][of]}
    return tuple(
        CsvColumn(
            name, fields[name], meaning, declared.get(fields[name], _OF_SOURCE), name in _REQUIRED, name == _POUNDS
        )
        for name, meaning in _TABLE["columns"][of].items()
    )


COUNCIL_COLUMNS = _columns("council", rules(Council))
"""Columns about one council."""

PAIR_COLUMNS = _columns("pair", rules(CouncilPair))
"""Columns about two councils, in the row of either."""

COLUMNS = (*COUNCIL_COLUMNS[:-1], *PAIR_COLUMNS, COUNCIL_COLUMNS[-1])
"""All columns in the order of the template."""
NAME = COUNCIL_COLUMNS[0]


_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_PLAIN = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?")
_SIGNED = re.compile(r"£ ?(.*?) ?m?")
_SHORT = _TABLE["short_names"]


class Unreadable(ValueError):
    """Error for a cell that cannot be read; `str(error)` gives the reason without the place."""


def value_of(cell: str, column: CsvColumn, decimal_comma: bool) -> str | int | float:
    """Value of a cell in the column's type."""
    if column.kind == "text":
        return _text(cell, column)
    if column.kind == "choice":
        return _choice(cell, column)
    return _number(cell, column, decimal_comma)


def _text(cell: str, column: CsvColumn) -> str:
    longest = column.rule.get("maxLength", 80)
    if len(cell) > longest:
        raise Unreadable(f"{shown(cell)}: at most {longest} characters are allowed")
    if column.field == "control":
        return _control(cell)
    if column.field == "name" and (cell.startswith("-") or set(cell) & set(":;")):
        raise Unreadable(f"{shown(cell)}: a council's name holds no ':' or ';' and does not begin with '-'")
    return cell


def _control(cell: str) -> str:
    """A party as officers write it, short or in full; or any other name."""
    word = "_".join(re.split(r"[\s_-]+", cell.lower()))
    try:
        return control_named(_SHORT.get(word, cell))
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _choice(cell: str, column: CsvColumn) -> str:
    word = "_".join(re.split(r"[\s_-]+", cell.lower()))
    if word in column.choices:
        return word
    near = suggestion(word, column.choices)
    raise Unreadable(f"{shown(cell)}: {near.removeprefix(', ') if near.startswith(',') else 'not a choice' + near}")


def _number(cell: str, column: CsvColumn, decimal_comma: bool) -> int | float:
    value = number_in(cell, column, decimal_comma)
    if column.kind == "whole number" and not value.is_integer():
        raise Unreadable(f"{shown(cell)}: {_wanted(column)}")
    if column.outside(value):
        raise Unreadable(f"{shown(cell)}: allowed is {column.span}{_hint(value, column)}")
    return int(value) if column.kind == "whole number" else round(value, 9)


def number_in(cell: str, column: CsvColumn, decimal_comma: bool) -> float:
    """Number in a cell of a numeric column, even if outside the allowed range."""
    text, per_cent = _stripped(cell, column)
    return float(_point(text, cell, column, decimal_comma, _wanted(column))) / (100 if per_cent else 1)


def _wanted(column: CsvColumn) -> str:
    return f"a {column.kind} is wanted, {column.span}"


def _stripped(cell: str, column: CsvColumn) -> tuple[str, bool]:
    """Digits without the column's signs, and a flag for per cent."""
    pounds = _SIGNED.fullmatch(cell) if column.pounds else None
    if pounds:
        return pounds[1], False
    share = column.rule["maximum"] == 1 and cell.endswith("%")
    return (cell.removesuffix("%").rstrip(), True) if share else (cell, False)


def _point(text: str, cell: str, column: CsvColumn, decimal_comma: bool, wanted: str) -> str:
    """Number text with a decimal point as its only separator."""
    if _GROUPED.fullmatch(text):
        if decimal_comma and column.kind == "number" and text.count(",") == 1 and "." not in text:
            raise Unreadable(f"{shown(cell)}: the comma may mean a decimal or thousands; write the number without it")
        return text.replace(",", "")
    if decimal_comma and _DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        raise Unreadable(f"{shown(cell)}: {wanted}")
    return text


def _hint(value: float, column: CsvColumn) -> str:
    if column.pounds and value > column.rule["maximum"]:
        return " (£ million, not £)"
    if column.rule["maximum"] == 1 and 1 < value <= 100:
        return f"; write {value:g} per cent as {value:g}% or {value / 100:g}"
    return ""


TEMPLATE = "partnership.csv"
_INTRODUCTION = (
    "# One row a council, 1 to 4 of them. Replace the two invented councils; leave empty what is not known. "
    "Lines that begin with # are not read."
)
_EXAMPLES = _TABLE["examples"]


def template() -> str:
    """Text of the template, which is itself a readable table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_INTRODUCTION])
    writer.writerows([f"# {column.name}: {_described(column)}"] for column in COLUMNS)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows([example.get(column.name, "") for column in COLUMNS] for example in _EXAMPLES)
    return text.getvalue()


def _described(column: CsvColumn) -> str:
    if column.choices:
        return f"{column.meaning}: {', '.join(column.choices)}"
    return column.meaning if column.kind == "text" else f"{column.meaning} ({column.span})"
