"""The one type of a figure with its interval, the one type of a verdict on a difference, and who leads a race."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from typing import Generic, TypeVar

from sim.core.statistics.intervals import LEVEL, wilson

CONFIDENCE, MEDIAN = "95% confidence", "95% confidence of the median"
NINE_IN_TEN, EXACT = "nine in ten", "exact"

NOT_APART, IDENTICAL = "cannot be told apart", "identical"
UP, DOWN = frozenset({"better", "higher"}), frozenset({"worse", "lower"})
"""Verdicts that a plan is ahead of another, and that it is behind."""
CLEAR = UP | DOWN
"""Verdicts that tell two plans apart."""

Named = TypeVar("Named")


@dataclass(frozen=True)
class Estimate:
    """A figure with the ends of its interval, the values it rests on, the kind of interval, and its unit.

    Ends are NaN where too few values tell; infinity stands for never. `half_width` is that of an interval that lies
    evenly about the figure, NaN of any other.
    """

    value: float
    low: float
    high: float
    n: int = 0
    kind: str = CONFIDENCE
    unit: str = ""
    half_width: float = nan

    @classmethod
    def around(cls, value: float, half_width: float, n: int = 0) -> Estimate:
        """A figure with an interval that lies evenly about it."""
        return cls(value, value - half_width, value + half_width, n, half_width=half_width)

    @classmethod
    def of_count(cls, count: float, n: float, level: float = LEVEL) -> Estimate:
        """The chance of what `count` of `n` histories show, with Wilson's interval."""
        return cls(count / n if n else 0.0, *wilson(count, n, level), round(n))

    @property
    def ends(self) -> tuple[float, float]:
        """The low and the high end."""
        return self.low, self.high

    @property
    def count(self) -> int:
        """Number of histories that show what a chance is of."""
        return round(self.value * self.n)

    @property
    def turned(self) -> Estimate:
        """The figure with the other sign."""
        return replace(self, value=-self.value, low=-self.high, high=-self.low)

    def times(self, scale: float) -> Estimate:
        """The figure on another scale."""
        return replace(self, value=self.value * scale, low=self.low * scale, high=self.high * scale)

    def within(self, low: float, high: float) -> Estimate:
        """The figure with no end beyond what it can be."""
        return replace(self, low=max(self.low, low), high=min(self.high, high))


@dataclass(frozen=True)
class Verdict:
    """The word for a difference (of CLEAR, NOT_APART or IDENTICAL) and the estimate that it rests on.

    The interval of `difference` holds nought exactly where the word is NOT_APART.
    """

    word: str
    difference: Estimate

    @property
    def clear(self) -> bool:
        """True if the two can be told apart."""
        return self.word in CLEAR

    @property
    def same(self) -> bool:
        """True if no history differs."""
        return self.word == IDENTICAL

    @property
    def turned(self) -> Verdict:
        """The verdict with the two sides exchanged."""
        other = {"better": "worse", "worse": "better", "higher": "lower", "lower": "higher"}
        return Verdict(other.get(self.word, self.word), self.difference.turned)


@dataclass(frozen=True)
class Race(Generic[Named]):
    """The plan that is best on an outcome, the others in order, and those that it is not surely ahead of."""

    outcome: str
    best: Named
    others: tuple[Named, ...]
    level: tuple[Named, ...]

    @property
    def order(self) -> tuple[Named, ...]:
        """All plans, the best first."""
        return self.best, *self.others

    @property
    def rival(self) -> Named:
        """The plan to name beside the best: the first it is not clearly ahead of, else the next."""
        return next((plan for plan in self.others if plan in self.level), self.others[0])
