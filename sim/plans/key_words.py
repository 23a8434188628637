"""Keys and their values as people type and say them: the one that is meant, its meaning, its value with its unit."""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sim.core import words
from sim.core.errors import InputError, shown, suggestion
from sim.plans.declared_lists import evidence_entries, lever_entries, mechanism_entries

_PROPER = {"HR", "OD", "ICT"}


def name(key: str) -> str:
    """Readable name of a key inside a sentence: "months from one wave of packages to the next"."""
    declared = str(_entries().get(key.removesuffix(".value"), {}).get("meaning", ""))
    if not declared:
        return words.plain(key.removesuffix(".value").rpartition(".")[2])
    return meaning(declared)


def meaning(text: str) -> str:
    """A declared meaning inside a sentence, cut at its first punctuation mark."""
    return words.mid(re.split(r"[:;,(]", text, maxsplit=1)[0].strip(), _PROPER)


def unit(key: str) -> str:
    """The unit of a key's values; "" if it has none."""
    found = str(_entries().get(key.removesuffix(".value"), {}).get("unit", ""))
    return "" if found in ("number", "choice", "true or false", "name", "rules", "text") else found


def said(key: str, value: Any) -> str:
    """A value of a key in words: "5.2 months", "40%", "joint committee", "yes"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return amount(float(value), unit(key))
    return words.plain(str(value))


def amount(value: float, unit: str) -> str:
    """A value with its unit: "£0.5m", "60 months", "25%"."""
    if value == 0 and unit == "£m":
        return "£0"
    if unit.startswith("£m"):
        return f"{'−' if value < 0 else ''}£{rounded(abs(value))}m{unit[2:]}"
    if unit.startswith("£"):
        return f"{'−' if value < 0 else ''}£{abs(value):,.0f}{unit[1:]}"
    if unit == "share" or unit.startswith("share "):
        return f"{words.decimal(100 * value, 0 if abs(value) >= 0.1 else 1).removesuffix('.0')}%"
    figure = rounded(value)
    if unit in ("", "number", "flag", "choice"):
        return figure
    return f"{figure} {unit[:-1] if figure == '1' and unit.endswith('s') and ' ' not in unit else unit}"


def rounded(value: float) -> str:
    """A bare figure to three significant digits, whole if it is whole."""
    if value == round(value) and abs(value) < 1e9:
        return words.decimal(value, 0)
    places = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    text = words.decimal(value, min(places, 6))
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, Any]]:
    every = [*lever_entries(), *evidence_entries(), *mechanism_entries()]
    return {str(entry["name"]): entry for entry in every}


def meant(text: str, known: Sequence[str], what: str) -> str:
    """Key among `known` that a text means: in full, or by a final part that only one has.

    Raises InputError with a list of the keys, which it calls `what`.
    """
    if text in known:
        return text
    ends = text.removesuffix(".value")
    found = [key for key in known if f".{key.removesuffix('.value')}".endswith(f".{ends}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{shown(text)} may be any of {', '.join(found)}: write one of them")
    if not known:
        raise InputError(f"{shown(text)} cannot be used: no {what}")
    listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    close = suggestion(text, known) if len(known) > 12 else ""
    raise InputError(f"{shown(text)} is none of the {what}: {listed}{close}")


def numeric(values: Iterable[Any]) -> bool:
    """True if all are plain numbers, which have an order."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
