"""Compact storage of similar settings: one base, and for each its changes by JSON Pointer (RFC 6901)."""

import copy
from collections.abc import Iterator
from typing import Any


def changes(base: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Replacements that turn `base` into `other`, pointer to value; a mapping with other keys is replaced whole."""
    return dict(_changes("", base, other))


def _changes(place: str, base: Any, other: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(base, dict) and isinstance(other, dict) and base.keys() == other.keys():
        for key in base:
            yield from _changes(f"{place}/{key.replace('~', '~0').replace('/', '~1')}", base[key], other[key])
    elif base != other or type(base) is not type(other):
        yield place, other


def changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Copy of `base` with the changes made."""
    result = {"": copy.deepcopy(base)}
    for pointer, value in changes.items():
        *way, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]
        place = result
        for step in way:
            place = place[step]
        place[last] = value
    return result[""]
