"""Keys as typed and as shown: identification of a key, and its meaning, values and unit in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sim.core.errors import InputError, shown, suggestion
from sim.words.language.key_words import amount, meaning, name, rounded, said, unit

__all__ = ["amount", "meaning", "meant", "name", "numeric", "rounded", "said", "unit"]


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
