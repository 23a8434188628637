"""Colours, dashes and markers of all figures, and the look of each plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from matplotlib.colors import to_hex, to_rgb

from sim.words.summary.study_view import Plan, View

INK, GREY, FAINT, PAPER = "#1a1a1a", "#555555", "#d9d9d9", "#ffffff"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (8, 2, 2, 2)), (0, (4, 1, 1, 1, 1, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "D", "^", "v", "P")
_CONTRAST = 4.5
"""Least contrast of text with a white ground."""


@dataclass(frozen=True)
class Look:
    """A plan's drawing style in every figure: colour, dash, marker, and a darker ink for its text."""

    colour: str
    dash: Any
    marker: str

    @property
    def ink(self) -> str:
        """The colour, darkened until text in it is readable on white."""
        return _readable(self.colour)


def look(view: View, plan: Plan) -> Look:
    """The plan's style; the reference is always blue."""
    place = view.plans.index(plan) if plan in view.plans else 0
    return Look(COLOURS[place], DASHES[place], MARKERS[place])


@lru_cache(maxsize=32)
def _readable(colour: str) -> str:
    red, green, blue = to_rgb(colour)
    while 1.05 / (luminance(red, green, blue) + 0.05) < _CONTRAST:
        red, green, blue = 0.95 * red, 0.95 * green, 0.95 * blue
    return to_hex((red, green, blue))


def luminance(*rgb: float) -> float:
    """Relative luminance of a colour, from 0 for black to 1 for white."""
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def tint(colour: str, strength: float) -> tuple[float, float, float]:
    """A colour on white, from 0 for none of it to 1 for all."""
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(colour))
    return red, green, blue
