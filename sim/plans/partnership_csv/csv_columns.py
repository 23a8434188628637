"""Columns of a table of councils, each declared once; the reading of a cell; and the template to fill in."""

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sim.core.errors import shown, suggestion
from sim.core.inputs.partnership import Council, CouncilPair, Partnership, control_named

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


_COUNCIL, _PAIR = rules(Council), rules(CouncilPair)
_SHARE = "as a share (0.1) or per cent (10%)"

NAME = CsvColumn("council", "name", "short name of the council; required", _COUNCIL["name"], required=True)
SOURCE = CsvColumn(
    "source", "source", "where the figures of this row come from; kept with them", {"type": "string", "maxLength": 1000}
)

COUNCIL_COLUMNS = (
    NAME,
    CsvColumn("full_name", "full_name", "name in full; if empty the short name", _COUNCIL["full_name"]),
    CsvColumn("headcount", "headcount", "staff employed; required", _COUNCIL["headcount"], required=True),
    CsvColumn(
        "service_expenditure_gbp_m",
        "service_expenditure_gbp_m",
        "total service expenditure in a year in millions of pounds; required",
        _COUNCIL["service_expenditure_gbp_m"],
        required=True,
        pounds=True,
    ),
    CsvColumn("control", "control", "political control", _COUNCIL["control"]),
    CsvColumn("setting", "setting", "the area", _COUNCIL["setting"]),
    CsvColumn("elections", "elections", "how much of the council is elected at a time", _COUNCIL["elections"]),
    CsvColumn(
        "next_election_year",
        "next_election_year",
        "year of the first ordinary election in May after the start",
        _COUNCIL["next_election_year"],
    ),
    CsvColumn(
        "budget_gap_share",
        "budget_gap_share",
        f"savings needed over four years against a year's service expenditure; {_SHARE}",
        _COUNCIL["budget_gap_share"],
    ),
    CsvColumn(
        "earlier_cuts_share",
        "earlier_cuts_share",
        f"what the council has cut already on its own against a year's service expenditure; {_SHARE}",
        _COUNCIL["earlier_cuts_share"],
    ),
    SOURCE,
)
"""Columns about one council."""

PAIR_COLUMNS = (
    CsvColumn(
        "distance_miles",
        "distance_miles",
        "road miles between the main offices; to the first council or as name: miles; name: miles",
        _PAIR["distance_miles"],
    ),
    CsvColumn(
        "prior_joint_working",
        "prior_joint_working",
        "how much the two already do together from 0 to 1; written like the distance",
        _PAIR["prior_joint_working"],
    ),
    CsvColumn(
        "culture_gap",
        "culture_gap",
        "how different their cultures are from 0 to 1; written like the distance",
        _PAIR["culture_gap"],
    ),
)
"""Columns about two councils, in the row of either."""

COLUMNS = (*COUNCIL_COLUMNS[:-1], *PAIR_COLUMNS, SOURCE)
"""All columns in the order of the template."""


_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_PLAIN = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?")
_POUNDS = re.compile(r"£ ?(.*?) ?m?")
_SHORT = {
    "con": "conservative",
    "lab": "labour",
    "lib_dem": "liberal_democrat",
    "liberal_democrats": "liberal_democrat",
    "ind": "independent",
    "reform": "reform_uk",
    "greens": "green",
    "noc": "no_overall_control",
}


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
    pounds = _POUNDS.fullmatch(cell) if column.pounds else None
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
_EXAMPLES = (
    {
        "council": "Northmoor",
        "full_name": "Northmoor District Council",
        "headcount": "320",
        "service_expenditure_gbp_m": "19.8",
        "control": "conservative",
        "setting": "rural",
        "elections": "whole",
        "budget_gap_share": "10%",
        "source": "invented as an example",
    },
    {
        "council": "Southvale",
        "full_name": "Southvale Borough Council",
        "headcount": "540",
        "service_expenditure_gbp_m": "27.5",
        "control": "no overall control",
        "setting": "urban",
        "elections": "thirds",
        "budget_gap_share": "12%",
        "distance_miles": "11",
        "prior_joint_working": "0.2",
        "culture_gap": "0.4",
        "source": "invented as an example",
    },
)


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
