"""Nearest built-in partnerships to a given one: differences in units of spread, averaged over measures.

A difference is scaled by the spread of the built-in partnerships: the width of the middle half of their values over
1.349, the share of it that is one standard deviation of a bell curve; one far-off partnership does not move it. Where
most of them have the same value, one step counts as one spread. How far apart two partnerships are is the mean over
the measures. A fact that is unknown counts as one spread, the usual difference: it is never taken for near.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from math import fsum, log
from statistics import quantiles

import pandas as pd

from sim.analysis.similar.published_findings import Record, built_in, record_of
from sim.core import words
from sim.core.errors import InputError
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


def _miles(partnership: Partnership) -> float | None:
    """Mean over all pairs of councils, in miles."""
    pairs = partnership.pairs
    return fsum(pair.distance_miles for pair in pairs) / len(pairs) if pairs else None


def _parties(partnership: Partnership) -> float | None:
    """Number of different political controls among its councils; None for a single council."""
    return float(len({council.control for council in partnership.councils})) if partnership.pairs else None


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
        lambda p: 1e6 * p.expenditure_gbp_m / p.headcount,
        lambda v: f"£{round(v, -2):,.0f} a year for each member of staff",
        log,
        ("headcount", "service_expenditure_gbp_m"),
    ),
    ComparedFact(
        "politics",
        "political control",
        _parties,
        lambda v: "the same political control in all its councils" if v == 1 else "councils of different control",
        lambda parties: float(parties > 1),  # two parties and three are alike
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


BELL = 1.349
"""Number of standard deviations across the middle half of a normal distribution."""
UNKNOWN = 1.0
"""Distance in spreads for an unknown fact."""
LISTED = 3
"""Number of nearest partnerships reported by default."""


@dataclass(frozen=True)
class Difference:
    """One measure of a neighbour and of the given partnership; None if unknown."""

    measure: str
    title: str
    there: float | None
    here: float | None
    spreads: float

    @property
    def known(self) -> bool:
        """True if both have the fact."""
        return self.there is not None and self.here is not None


@dataclass(frozen=True)
class Neighbour:
    """A built-in partnership, its distance by measure, and published findings about it.

    `shares` names councils that it has in common with the partnership asked about.
    """

    key: str
    name: str
    apart: float
    differences: tuple[Difference, ...]
    record: Record
    shares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """Nearest partnerships of all compared, in order.

    `own` is the published record of the partnership itself, if built in. `told` is the nearest partnership, with
    rank, that has published findings beyond its formation, if none of `neighbours` has. `lone` is true if the
    partnership is further from all others than any of them is from its nearest. `without` names for each measure the
    nearest partnership if that measure is left out.
    """

    name: str
    own: Record | None
    neighbours: tuple[Neighbour, ...]
    compared: int
    lone: bool
    told: tuple[int, Neighbour] | None = None
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """Rows of neighbours by measure: rank, partnership, apart, measure, there, here, spreads, known."""
        rows = [
            (rank, each.name, each.apart, one.title, one.there, one.here, one.spreads, one.known)
            for rank, each in enumerate(self.neighbours, 1)
            for one in each.differences
        ]
        return pd.DataFrame(
            rows, columns=["rank", "partnership", "apart", "measure", "there", "here", "spreads", "known"]
        )


def nearest(partnership: Partnership, n: int = LISTED) -> Likeness:
    """Nearest built-in partnerships, excluding the same one. Raises InputError for fewer than one."""
    if n < 1:
        raise InputError(f"{n} neighbours cannot be listed: ask for one to {len(built_in())}")
    own = _itself(partnership)
    ranked = _ranked(partnership, built_in(), own)
    differences = {each.name: each.differences for each in ranked}
    without = {measure.title: _first(differences, measure.key) for measure in MEASURES}
    told = next((rank, each) for rank, each in enumerate(ranked, 1) if not each.record.thin)
    return Likeness(
        name=partnership.name,
        own=record_of(own) if own else None,
        neighbours=tuple(ranked[:n]),
        compared=len(ranked),
        lone=ranked[0].apart > _usual_reach(),
        told=told if told[0] > n else None,
        without=without,
    )


def _itself(partnership: Partnership) -> str | None:
    """Built-in partnership with the same councils."""
    councils = {council.full_name.casefold() for council in partnership.councils}
    same = (key for key, each in built_in().items() if {c.full_name.casefold() for c in each.councils} == councils)
    return next(same, None)


def _ranked(partnership: Partnership, others: Mapping[str, Partnership], own: str | None) -> list[Neighbour]:
    found = [_beside(partnership, key, other) for key, other in others.items() if key != own]
    return sorted(found, key=lambda each: (each.apart, each.key))


def _beside(partnership: Partnership, key: str, other: Partnership) -> Neighbour:
    differences = tuple(_difference(measure, other, partnership) for measure in MEASURES)
    theirs = {council.full_name.casefold() for council in other.councils}
    shares = tuple(council.name for council in partnership.councils if council.full_name.casefold() in theirs)
    return Neighbour(key, other.name, _mean(differences), differences, record_of(key), shares)


def _difference(measure: ComparedFact, there: Partnership, here: Partnership) -> Difference:
    theirs, ours = measure.value(there), measure.value(here)
    if theirs is None or ours is None:
        spreads = UNKNOWN
    else:
        spreads = abs(measure.scale(theirs) - measure.scale(ours)) / spread_of(measure)
    return Difference(measure.key, measure.title, theirs, ours, spreads)


def _mean(differences: Iterable[Difference]) -> float:
    spreads = [one.spreads for one in differences]
    return fsum(spreads) / len(spreads)


def spread_of(measure: ComparedFact) -> float:
    """Spread of a measure over built-in partnerships on its scale; one step if it goes by steps."""
    if measure.step:
        return 1.0
    known = (measure.value(partnership) for partnership in built_in().values())
    low, _, high = quantiles([measure.scale(value) for value in known if value is not None], n=4, method="inclusive")
    return (high - low) / BELL


def _first(differences: Mapping[str, Sequence[Difference]], left_out: str) -> str:
    """Nearest partnership when one measure is left out."""
    rest = {name: _mean(one for one in own if one.measure != left_out) for name, own in differences.items()}
    return min(rest, key=lambda name: (rest[name], name))


@lru_cache(maxsize=1)
def _usual_reach() -> float:
    """Largest distance of a built-in partnership from its nearest one."""
    every = built_in()
    return max(_ranked(partnership, every, key)[0].apart for key, partnership in every.items())
