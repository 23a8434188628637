"""What partnerships are compared by: a few given facts, and whether each is known or only a default."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from math import fsum, log

from sim.core import words
from sim.core.inputs.partnership import Partnership

NOT_GIVEN = "assumption: not given"
"""How the provenance of a fact begins that nobody gave, so that a default stands in its place."""
NEAREST = 1.0
"""Miles below which distances count as the same: across one town."""


@dataclass(frozen=True)
class Measure:
    """One fact: its name in words, how it is read, shown and put on a scale, and what it is read from.

    `scale` makes differences comparable: ratios for sizes, so that twice as large is as far as half as large.
    `step` says that one whole step counts as one spread, because most of the ten have the same value.
    """

    key: str
    title: str
    read: Callable[[Partnership], float | None]
    shown: Callable[[float], str]
    scale: Callable[[float], float]
    of_council: tuple[str, ...] = ()
    of_pair: tuple[str, ...] = ()
    step: bool = False

    def value(self, partnership: Partnership) -> float | None:
        """The fact, None where it is unknown: not given, or without meaning for one council alone."""
        councils = [council.name for council in partnership.councils]
        pairs = [between for a, b in combinations(councils, 2) for between in (f"{a} and {b}", f"{b} and {a}")]
        if _defaulted(partnership, self.of_council, councils) or _defaulted(partnership, self.of_pair, pairs):
            return None
        return self.read(partnership)


def _defaulted(partnership: Partnership, fields: Iterable[str], whose: Iterable[str]) -> bool:
    names = list(whose)
    keys = [key for field in fields for key in (field, *(f"{field} of {name}" for name in names))]
    return any(partnership.provenance.get(key, "").startswith(NOT_GIVEN) for key in keys)


def _spend_per_employee(partnership: Partnership) -> float:
    return 1e6 * partnership.expenditure_gbp_m / partnership.headcount


def _miles(partnership: Partnership) -> float | None:
    """The mean over every two councils."""
    pairs = partnership.pairs
    return fsum(pair.distance_miles for pair in pairs) / len(pairs) if pairs else None


def _parties(partnership: Partnership) -> float | None:
    """How many kinds of political control there are among its councils; None for one council alone."""
    return float(len({council.control for council in partnership.councils})) if partnership.pairs else None


def _mixed(parties: float) -> float:
    """Same control everywhere or not: two parties and three are alike in this."""
    return float(parties > 1)


MEASURES = (
    Measure("headcount", "staff", lambda p: float(p.headcount), lambda v: f"{v:,.0f} staff", log, ("headcount",)),
    Measure(
        "expenditure",
        "service expenditure",
        lambda p: p.expenditure_gbp_m,
        lambda v: f"{words.money(v)} a year of service expenditure",
        log,
        ("service_expenditure_gbp_m",),
    ),
    Measure(
        "spend_per_employee",
        "expenditure for each member of staff",
        _spend_per_employee,
        lambda v: f"£{round(v, -2):,.0f} a year for each member of staff",
        log,
        ("headcount", "service_expenditure_gbp_m"),
    ),
    Measure(
        "politics",
        "political control",
        _parties,
        lambda v: "the same political control in all its councils" if v == 1 else "councils of different control",
        _mixed,
        of_council=("control",),
        step=True,
    ),
    Measure(
        "distance",
        "distance between the councils",
        _miles,
        lambda v: f"{v:,.0f} miles between the councils",
        lambda v: log(max(v, NEAREST)),
        of_pair=("distance_miles",),
    ),
    Measure(
        "councils",
        "number of councils",
        lambda p: float(len(p.councils)),
        lambda v: words.counted(int(v), "council"),
        float,
        step=True,
    ),
)
"""What counts, each as much as any other."""
