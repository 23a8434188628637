"""Readable names of the two plans."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.core import words
from sim.words.names import proper_names
from sim.words.summary.summary_tables import shortened

if TYPE_CHECKING:
    from sim.analysis.attribution.attribution_finding import Why

LONGEST = 60
"""Most characters of a plan's name inside a sentence."""


@dataclass(frozen=True)
class Pair:
    """Names of the two plans inside a sentence, made distinct if they are the same."""

    first: str
    second: str


def pair_of(why: Why) -> Pair:
    """The names of the two plans."""
    proper = proper_names(why.first.settings.partnership)
    first, second = (_name(side.label, proper) for side in (why.first, why.second))
    return Pair(first, second) if first != second else Pair(f"{first} (first plan)", f"{second} (second plan)")


def _name(label: str, proper: set[str]) -> str:
    plain = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in label[:500])
    name = words.start_of(words.plan(plain)) or "The plan without a name"
    name = shortened(words.mid(name, proper), LONGEST)
    return f"“{name}”" if "," in name else name
