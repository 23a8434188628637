"""Reading of one cell with the signs that officers and spreadsheets add; Unreadable says what is wrong."""

import re

from sim.core.errors import shown, suggestion
from sim.core.inputs.partnership import control_named
from sim.plans.partnership_csv.csv_columns import CsvColumn

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
