"""Declaration of outcomes, and views of a finished history that several outcomes share."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, inf, isfinite
from typing import Any, Literal, cast

from sim.core.events import KINDS
from sim.core.history import History
from sim.core.inputs.packages import JOINT, REDESIGN, TIER, TIERS, joint
from sim.engine.settings import Settings

Better = Literal["higher", "lower", "neutral"]
Value = float | None
SEVERAL_TIMES_OVER = (0.0, inf)
"""Span of a share that may exceed one, such as a share of planned time."""
EITHER_WAY = (-1.0, 1.0)
"""Span of a change in a share: −1 to 1."""


IN_HAND = ("package released", "package finished", "package dropped")
"""Kinds of event that begin or end a package's time in hand."""


class Finished:
    """A finished history with the views that several outcomes share; each is computed at most once."""

    def __init__(self, history: History, settings: Settings) -> None:
        self.history = history
        self.settings = settings

    def value(self, quantity: str) -> float:
        """The value of an evidence quantity."""
        return self.settings.evidence_values[quantity]

    def times(self, kind: str) -> int:
        """Number of events of this kind."""
        return len(self.history.of_kind(kind))

    @cached_property
    def saving(self) -> Sequence[float]:
        """Annual rate of recurrent net saving by month, £m."""
        return self.history.column("recurrent_saving_gbp_m")

    @cached_property
    def cumulative(self) -> Sequence[float]:
        """Cumulative net saving by month, £m."""
        return self.history.column("cumulative_net_saving_gbp_m")

    @cached_property
    def fatigue(self) -> Sequence[float]:
        """Mean fatigue of all staff by month, 0 to 1."""
        return self.history.column("fatigue")

    @cached_property
    def engagement(self) -> Sequence[float]:
        """Mean engagement of all staff by month, 0 to 1."""
        return self.history.column("engagement")

    @cached_property
    def finished(self) -> Counter[str]:
        """Number of packages finished, by kind."""
        return Counter(event.entity.partition(":")[0] for event in self.history.of_kind("package finished"))

    @cached_property
    def in_hand(self) -> dict[str, set[int]]:
        """Months in which a package is in hand, from release to end, by kind of package."""
        history = self.history
        ends = {e.entity: e.month for kind in ("package finished", "package dropped") for e in history.of_kind(kind)}
        found: dict[str, set[int]] = {}
        for begin in history.of_kind("package released"):
            kind = TIER if begin.entity in TIERS else begin.entity.partition(":")[0]
            end = min(ends.get(begin.entity, history.horizon), history.horizon)
            found.setdefault(kind, set()).update(range(ceil(begin.month), int(end) + 1))
        return found

    @cached_property
    def joined(self) -> set[str]:
        """Services whose joint team has bedded in or was there at the start, and is there still."""
        ended = {event.entity for event in self.history.of_kind("package finished")}
        teams = [package for package in self.settings.plan() if package.kind == JOINT and package.name in ended]
        found = {service for team in teams for service in team.covers} | set(self.settings.partnership.start_state)
        left = {event.entity.removeprefix(joint("")) for event in self.history.of_kind("service left")}
        return found - set(TIERS) - left

    @cached_property
    def redesigned(self) -> list[float]:
        """Months of finished redesigns in order, one entry for each service covered."""
        covers = {package.name: len(package.covers) for package in self.settings.plan() if package.kind == REDESIGN}
        ends = (e for e in self.history.of_kind("package finished") if e.entity.startswith(REDESIGN))
        return sorted(end.month for end in ends for _ in range(covers.get(end.entity, 1)))

    def lowest(self, name: str) -> float:
        """The lowest monthly level of a soft state at any council or relationship."""
        history = self.history
        return min(min(history.column(state)) for state in history.state_names if state.startswith(name))


@dataclass(frozen=True)
class Outcome:
    """One outcome: name, unit, better direction, meaning, computation, and the kinds of event it reads.

    `low` and `high` are the ends of the values that a history can give; an infinite one is open.
    """

    name: str
    unit: str
    better: Better
    meaning: str
    compute: Callable[[Finished], Value]
    low: float = -inf
    high: float = inf
    reads: tuple[str, ...] = ()
    """Kinds of event that the computation reads, as declared in configs/events.yaml."""

    @property
    def span(self) -> str:
        """Range of possible values in words, to follow a name: "lies between 0 and 1", "is never under 0"."""
        if self.low > -inf and self.high < inf:
            return f"lies between {self.low:g} and {self.high:g}"
        if self.low > -inf:
            return f"is never under {self.low:g}"
        return f"is never over {self.high:g}" if self.high < inf else "can be any number"


OUTCOMES: dict[str, Outcome] = {}
DECIDING = "npv_gbp_m"
"""Outcome that ranks plans, wherever plans are ranked."""
"""All outcomes by name, in the order of the columns of a result."""


def outcome(
    unit: str, better: Better, meaning: str, span: tuple[float, float] | None = None, reads: tuple[str, ...] = ()
) -> Callable[[Callable[[Finished], Value]], Callable[..., Value]]:
    """Decorator: declare the function as an outcome of the same name that `reads` these kinds of event.

    `span` is needed if the unit does not determine the range of values.
    """
    unknown = [kind for kind in reads if kind not in KINDS]
    if unknown:
        raise ValueError(f"'{unknown[0]}' is no declared kind of event; declare it in configs/events.yaml")

    def declare(compute: Callable[[Finished], Value]) -> Callable[[Finished], Value]:
        name = compute.__name__
        OUTCOMES[name] = Outcome(name, unit, better, meaning, compute, *(span or _span_of(unit)), reads)
        return compute

    return declare


def simple_outcomes(text: str) -> None:
    """Declare outcomes from rows of `name | unit | better direction | what is taken of what | meaning`.

    What is taken is a word of `SIMPLE`. A long row goes on in an indented line.
    """
    for line in re.split(r"\n(?! )", text.strip()):
        name, unit, better, taken, meaning = (field.strip() for field in line.split("|"))
        word, _, what = taken.partition(" ")

        def compute(f: Finished, word: str = word, what: str = what) -> Value:
            return SIMPLE[word](f, what)

        compute.__name__ = name
        outcome(unit, cast(Better, better), meaning, reads=(what,) if word in ("times", "ever") else ())(compute)


SIMPLE: dict[str, Callable[[Finished, str], Value]] = {
    "highest": lambda f, series: max(f.history.column(series)),
    "lowest": lambda f, series: min(f.history.column(series)),
    "last": lambda f, series: f.history.column(series)[-1],
    "lowest-anywhere": lambda f, series: f.lowest(series),
    "year": lambda f, what: at_year(f.history.column(what.split(" of ")[1]), int(what.split(" of ")[0])),
    "times": lambda f, kind: float(f.times(kind)),
    "ever": lambda f, kind: float(f.times(kind) > 0),
    "use": lambda f, pool: f.history.pools[pool].in_use,
    "wait": lambda f, pool: f.history.pools[pool].mean_wait,
    "queue": lambda f, pool: float(f.history.pools[pool].longest_queue),
    "people": lambda f, account: float(sum(getattr(each, account) for each in f.history.headcounts)),
}
"""By word: of a monthly series the highest, lowest or last level, the lowest at any council or relationship, and
the level at the end of a year; how often a kind of event came, and whether it ever did; of a pool of officers the
share of time in use, the mean wait (null if nobody asked) and the longest queue; people by account."""


def read_by_outcomes() -> frozenset[str]:
    """Kinds of event that any outcome reads; if only outcomes are needed, no others are recorded."""
    return frozenset(kind for each in OUTCOMES.values() for kind in each.reads)


def _span_of(unit: str) -> tuple[float, float]:
    """Usual range of an outcome by unit: 0 to 1 for flags and shares, unbounded for money, else from 0."""
    if unit in ("flag", "share"):
        return 0.0, 1.0
    return (-inf, inf) if unit.startswith("£") else (0.0, inf)


def row(history: History, settings: Settings) -> dict[str, Value]:
    """Every outcome of one history; None where it never happens or lies past the horizon, flags as 0.0 or 1.0."""
    finished = Finished(history, settings.met_by(history.replication))
    return {name: outcome.compute(finished) for name, outcome in OUTCOMES.items()}


def outcome_entries() -> list[dict[str, Any]]:
    """All outcomes as plain dictionaries: name, unit, better, meaning, and bounds where there are any."""
    return [_entry(each) for each in OUTCOMES.values()]


def _entry(each: Outcome) -> dict[str, Any]:
    ends = {name: end for name, end in (("low", each.low), ("high", each.high)) if isfinite(end)}
    return {"name": each.name, "unit": each.unit, "better": each.better, "meaning": each.meaning, **ends}


def at_year(series: Sequence[float], year: int) -> Value:
    """A monthly series at the end of a year; None past the horizon."""
    month = 12 * year
    return series[month] if month < len(series) else None
