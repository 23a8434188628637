"""Facts for comparing partnerships, each known or only a default."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from math import fsum, log

from sim.core import words
from sim.core.inputs.partnership import Partnership

NOT_GIVEN = "assumption: not given"
"""Prefix of a provenance note for a fact that was not given and has a default."""
NEAREST = 1.0
"""Miles below which distances are equal: across one town."""


@dataclass(frozen=True)
class ComparedFact:
    """One fact: its name, reader, format and scale, and its source.

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
        """The fact; None if not given, or meaningless for a single council."""
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
    """Mean over all pairs of councils, in miles."""
    pairs = partnership.pairs
    return fsum(pair.distance_miles for pair in pairs) / len(pairs) if pairs else None


def _parties(partnership: Partnership) -> float | None:
    """Number of different political controls among its councils; None for a single council."""
    return float(len({council.control for council in partnership.councils})) if partnership.pairs else None


def _mixed(parties: float) -> float:
    """0 for the same control everywhere, else 1, so that two parties and three are alike."""
    return float(parties > 1)


MEASURES = (
    ComparedFact("headcount", "staff", lambda p: float(p.headcount), lambda v: f"{v:,.0f} staff", log, ("headcount",)),
    ComparedFact(
        "expenditure",
        "service expenditure",
        lambda p: p.expenditure_gbp_m,
        lambda v: f"{words.money(v)} a year of service expenditure",
        log,
        ("service_expenditure_gbp_m",),
    ),
    ComparedFact(
        "spend_per_employee",
        "expenditure for each member of staff",
        _spend_per_employee,
        lambda v: f"£{round(v, -2):,.0f} a year for each member of staff",
        log,
        ("headcount", "service_expenditure_gbp_m"),
    ),
    ComparedFact(
        "politics",
        "political control",
        _parties,
        lambda v: "the same political control in all its councils" if v == 1 else "councils of different control",
        _mixed,
        of_council=("control",),
        step=True,
    ),
    ComparedFact(
        "distance",
        "distance between the councils",
        _miles,
        lambda v: f"{v:,.0f} miles between the councils",
        lambda v: log(max(v, NEAREST)),
        of_pair=("distance_miles",),
    ),
    ComparedFact(
        "councils",
        "number of councils",
        lambda p: float(len(p.councils)),
        lambda v: words.counted(int(v), "council"),
        float,
        step=True,
    ),
)
"""Measures of similarity, equally weighted."""
