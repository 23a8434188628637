"""Keys as people type and say them: which one is meant, and its meaning, values and unit in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sim.core.errors import InputError, shown, suggestion
from sim.words.language.key_words import amount, meaning, name, rounded, said, unit

__all__ = ["amount", "meaning", "meant", "name", "numeric", "rounded", "said", "unit"]


def meant(text: str, known: Sequence[str], what: str) -> str:
    """The one of `known` keys that a text means: whole, or by a part at its end that only one has.

    Raises InputError, which lists the keys: `what` says what they are.
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
    """Whether all of these are plain numbers, so that they have an order."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
