"""What a row of the table of reach says: a figure with its interval, the histories behind it, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isnan, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from sim.analysis.compare import mean_interval
from sim.analysis.validation.case_results import ENDS
from sim.core.statistics.intervals import quantile, wilson

REACHED, SHORT, REPORTED = "reached", "falls short", "reported"


class Reached(NamedTuple):
    """What was reached: the figure in words, the number of histories, and whether it is what was asked, if anything."""

    told: str
    n: int
    holds: bool | None = None

    @property
    def state(self) -> str:
        """Reached, falls short, or reported only."""
        return REPORTED if self.holds is None else REACHED if self.holds else SHORT


@dataclass(frozen=True)
class ReachRow:
    """One row: what is measured, what is asked of it, and how it is measured in so many histories."""

    what: str
    asked: str
    measure: Callable[[int], Reached]


def told_chance(count: float, n: int) -> str:
    """A share of histories with Wilson's interval."""
    low, high = wilson(count, n)
    return f"{count / n:.0%} ({low:.0%} to {high:.0%})" if n else "none to count"


def told_mean(values: Sequence[float], digits: int = 2) -> str:
    """A mean with its interval."""
    known = [value for value in values if not isnan(value)]
    if len(known) < 2:
        return "too few to tell"
    found = mean_interval(known)
    return f"{found.value:.{digits}f} ({found.low:.{digits}f} to {found.high:.{digits}f})"


def middle(values: Sequence[float]) -> tuple[float, float, float]:
    """The median and the ends of its 95% interval, by order; `inf` stands for never."""
    ordered, n = sorted(values), len(values)
    half = 0.98 * sqrt(n)
    ends = (max(int(n / 2 - half), 0), min(int(n / 2 + half), n - 1))
    return ordered[(n - 1) // 2], ordered[ends[0]], ordered[ends[1]]


def told_middle(values: Sequence[float]) -> str:
    """A median of months or numbers, with its interval."""
    return "{} ({} to {})".format(*("never" if value == inf else f"{value:.1f}" for value in middle(values)))


def ratio(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """The ratio of two means over pairs of histories, with its 95% interval (delta method)."""
    base, n = fmean(second), len(first)
    found = fmean(first) / base
    half = 1.96 * stdev(a - found * b for a, b in zip(first, second, strict=True)) / abs(base) / sqrt(n)
    return found, found - half, found + half


def range_of(values: Sequence[float]) -> tuple[float, float]:
    """The ends of the range that holds the middle nine tenths of the values."""
    ordered = sorted(values)
    return quantile(ordered, ENDS[0]), quantile(ordered, ENDS[1])
