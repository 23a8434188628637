"""Stopping rule for the number of replications (Q-S3): the half-width reaches its target and stays there.

Looking at every replication and stopping at the first narrow interval stops too early too often. The look-ahead
is the cure of Hoad, Robinson and Davies, "Automated selection of the number of replications for a discrete-event
simulation", Journal of the Operational Research Society 61 (2010), who advise 5. The minimum leaves the first,
erratic half-widths out.

Measured over 2,000 sequences, the 95% interval at the number found held the truth in 95.2% for normal values,
94.6% for a flag of one in ten, and 84% for lognormal ones of shape 1, whose rare large values are missed just
when a sequence looks calm: for very skewed outcomes ask for a narrower half-width, or a fixed number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from sim.core.statistics.intervals import LEVEL, t_quantile, wilson

LEAST = 10
"""Minimum number of replications with a value before a half-width is trusted."""

AHEAD = 5
"""Number of further replications for which the half-width must stay within its target."""


def needed(values: Sequence[float], half_width: float, least: int = LEAST, ahead: int = AHEAD) -> int | None:
    """The number of replications at which the 95% half-width is at most `half_width`, and stays so for `ahead` more.

    `values` are in the order of replications. Returns None for too few values. The answer never changes when
    more values follow, so it does not depend on how many were simulated at a time. Values that are not numbers
    (never, past the horizon) count as replications but not for the mean.
    """
    return Watch(half_width, least, ahead).see(values)


class Watch:
    """The rule of `needed` for values that arrive in parts."""

    def __init__(self, half_width: float, least: int = LEAST, ahead: int = AHEAD) -> None:
        self.needed: int | None = None
        self._half_width, self._least, self._ahead = half_width, least, ahead
        self._spread = _Spread()
        self._seen = self._narrow = 0

    def see(self, values: Iterable[float]) -> int | None:
        """Take further values; returns the number needed once it is known."""
        for value in values:
            if self.needed is not None:
                break
            self._spread.add(value)
            self._seen += 1
            self._narrow = self._narrow + 1 if self._spread.half_width(self._least) <= self._half_width else 0
            if self._narrow > self._ahead:
                self.needed = self._seen - self._ahead
        return self.needed


def half_widths(values: Sequence[float], least: int = LEAST) -> Iterator[float]:
    """The 95% half-width after each replication: of the mean, or Wilson's while every value is 0 or 1.

    Infinite while there are fewer than `least` known values.
    """
    spread = _Spread()
    for value in values:
        spread.add(value)
        yield spread.half_width(least)


class _Spread:
    """Mean and sum of squares of the values so far, by Welford's recurrence."""

    def __init__(self) -> None:
        self._n, self._mean, self._squares, self._flags = 0, 0.0, 0.0, True

    def add(self, value: float) -> None:
        if not math.isnan(value):
            self._n += 1
            step = float(value) - self._mean
            self._mean += step / self._n
            self._squares += step * (float(value) - self._mean)
            self._flags = self._flags and value in (0, 1)

    def half_width(self, least: int) -> float:
        n = self._n
        if n < max(least, 2):
            return math.inf
        if self._flags:
            low, high = wilson(round(self._mean * n), n)
            return (high - low) / 2
        return t_quantile((1 + LEVEL) / 2, n - 1) * math.sqrt(self._squares / (n - 1) / n)
