"""Tipping points: values of one lever or piece of evidence at which a target changes from kept to lost.

Every value meets the same luck. A coarse scan comes first, so that repeated crossings are found; then each
crossing is halved. A value counts as keeping or losing the target only if a one-sided bound lies beyond it;
otherwise histories are added up to a maximum. The bounds are widened for the number of tests planned
(Bonferroni), so that all statements together hold with 95% confidence: exact binomial bounds for probabilities,
Student's t for means.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.estimates import Estimate
from sim.analysis.plan_measures import Target, called
from sim.core.errors import InputError
from sim.core.statistics.intervals import LEVEL, t_quantile
from sim.plans.key_words import amount

SCAN, STEPS, FINENESS = 5, 5, 64
"""Number of values in the first scan, of halvings after it, and the finest step as a share of the range."""

FEWEST = 30
"""Minimum histories for Student's t with an outcome that may be skewed."""

Keeping = Literal["kept", "lost", "open"]
Simulated = Callable[[Sequence[float], int], Sequence[Values]]
"""Function that gives the measure by history for each value: the first `n` histories, on common luck."""


@dataclass(frozen=True)
class Scale:
    """Allowed values of a lever or quantity, and the plan's value (`now`)."""

    key: str
    unit: str
    low: float
    high: float
    whole: bool = False
    now: float | None = None

    @property
    def name(self) -> str:
        """Plain name of the lever or quantity."""
        return called(self.key)

    @property
    def finest(self) -> float:
        """Narrowest useful bracket."""
        return 1.0 if self.whole else (self.high - self.low) / FINENESS

    @property
    def few(self) -> bool:
        """True if there are few enough values to test each."""
        return self.whole and self.high - self.low < SCAN + STEPS

    def scan(self) -> list[float]:
        """Values of the first scan: all if few, else evenly spaced, and the plan's own."""
        if self.few:
            return [float(value) for value in range(int(self.low), int(self.high) + 1)]
        spread = {self.low + (self.high - self.low) * step / (SCAN - 1) for step in range(SCAN)}
        even = {float(math.floor(value + 0.5)) for value in spread} if self.whole else spread
        own = {self.now} if self.now is not None and self.low <= self.now <= self.high else set()
        return sorted(even | own)

    def said(self, value: float) -> str:
        """A value with its unit."""
        return amount(value, self.unit)

    def between(self, low: float, high: float) -> float:
        """Midpoint of two values."""
        middle = (low + high) / 2
        return float(math.floor(middle)) if self.whole else middle


@dataclass(frozen=True)
class Point:
    """The measure at one value of the lever: its mean with a lower and an upper bound, and what they say."""

    value: float
    measured: Estimate
    verdict: Keeping

    @property
    def row(self) -> dict[str, Any]:
        """The value, the mean over `n` histories, its bounds and the verdict."""
        found = self.measured
        ends = {"mean": found.value, "low": found.low, "high": found.high, "n": found.n}
        return {"value": self.value, **ends, "verdict": self.verdict}


@dataclass(frozen=True)
class Crossing:
    """A bracket: the target is kept at `safe` and lost at `unsafe`; between them it is unknown."""

    safe: float
    unsafe: float


@dataclass(frozen=True)
class Tipping:
    """Result along a lever. `alpha` is the error probability of each of the `looks` planned."""

    target: Target
    scale: Scale
    points: tuple[Point, ...]
    looks: int
    most: int
    alpha: float
    unknown: int = 0

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """Neighbouring values where one surely keeps the target and the other surely does not, lowest first."""
        pairs = [(a.value, b.value, a.verdict == "kept") for a, b in _pairs(self.points)]
        return tuple(Crossing(left, right) if kept else Crossing(right, left) for left, right, kept in pairs)

    def at(self, verdict: Keeping) -> list[float]:
        """Values with this verdict, lowest first."""
        return [point.value for point in self.points if point.verdict == verdict]

    @property
    def segments(self) -> list[tuple[Keeping, float, float]]:
        """Runs of neighbouring values with equal verdict: verdict, first value, last value."""
        found: list[tuple[Keeping, float, float]] = []
        for point in self.points:
            first = point.value
            if found and found[-1][0] == point.verdict:
                first = found.pop()[1]
            found.append((point.verdict, first, point.value))
        return found

    @property
    def table(self) -> pd.DataFrame:
        """Rows of values tested."""
        return pd.DataFrame([point.row for point in self.points])


@dataclass
class _Search:
    """State of a search: tests made so far."""

    simulated: Simulated
    target: Target
    scale: Scale
    stages: list[int]
    alpha: float
    points: dict[float, Point] = field(default_factory=dict)
    unknown: int = 0

    def look(self, values: Sequence[float]) -> None:
        """Test the target at these values, adding histories where the result is unclear."""
        due = {self.stages[0]: list(values)}
        for n in self.stages:
            asked = due.get(n, [])
            for value, found in zip(asked, self.simulated(asked, n) if asked else [], strict=True):
                self.points[value] = self._judged(value, found)
                later = self._enough(self.points[value], n)
                if later is not None:
                    due.setdefault(later, []).append(value)

    def _enough(self, point: Point, n: int) -> int | None:
        """Stage expected to settle the result, from current estimates; None if settled or at the last stage."""
        later = [stage for stage in self.stages if stage > n]
        if point.verdict != "open" or not later:
            return None
        found = point.measured
        gap = abs(found.value - self.target.number)
        wide = max(found.high - found.value, found.value - found.low)
        return next((stage for stage in later if stage * gap**2 >= n * wide**2), later[-1])

    def _judged(self, value: float, found: Values) -> Point:
        known = found[~np.isnan(found)]
        self.unknown = max(self.unknown, len(found) - len(known))
        if len(known) < FEWEST:
            raise InputError(
                f"{self.target.measure.text} has a value in {len(known)} of {len(found)} histories: too few"
            )
        low, high = bounds(known, self.target.measure.is_chance, self.alpha)
        mean = float(known.mean())
        kept, lost = (high, low) if self.target.below else (low, high)
        verdict: Keeping = "kept" if self.target.met(kept) else "open" if self.target.met(lost) else "lost"
        return Point(value, Estimate(mean, low, high, len(known)), verdict)

    def ordered(self) -> tuple[Point, ...]:
        return tuple(self.points[value] for value in sorted(self.points))

    def widest(self) -> tuple[float, float] | None:
        """Widest gap beside a sure value at any crossing, if it can still be halved."""
        gaps = [gap for pair in _pairs(self.ordered()) for gap in self._gaps(*pair)]
        wide = [gap for gap in gaps if gap[1] - gap[0] > self.scale.finest * (1 + 1e-9)]
        return max(wide, key=lambda gap: (gap[1] - gap[0], -gap[0]), default=None)

    def _gaps(self, left: Point, right: Point) -> list[tuple[float, float]]:
        """Gaps of a crossing: one, or one at either end if values between are unclear."""
        inside = [value for value in sorted(self.points) if left.value < value < right.value]
        if not inside:
            return [(left.value, right.value)]
        return [(left.value, inside[0]), (inside[-1], right.value)]


def tip(simulated: Simulated, target: Target, scale: Scale, first: int, most: int) -> Tipping:
    """Scan the scale, then halve each crossing, with `first` histories a value, doubled up to `most` as needed."""
    if not scale.low < scale.high:
        raise InputError(f"there is nothing to look for between {scale.low:g} and {scale.high:g}")
    stages = [max(first, FEWEST)]
    while stages[-1] * 2 <= most:
        stages.append(stages[-1] * 2)
    scan = scale.scan()
    steps = 0 if scale.few else STEPS
    looks = (len(scan) + steps) * len(stages)
    search = _Search(simulated, target, scale, stages, (1 - LEVEL) / looks)
    search.look(scan)
    for _ in range(steps):
        gap = search.widest()
        if gap is None:
            break
        search.look([scale.between(*gap)])
    return Tipping(target, scale, search.ordered(), looks, stages[-1], search.alpha, search.unknown)


def bounds(values: Values, chance: bool, alpha: float) -> tuple[float, float]:
    """Lower and upper bound of the mean, each with error probability at most `alpha`."""
    n = len(values)
    if chance:
        hits = int(values.sum())
        return 1.0 - _upper(n - hits, n, alpha), _upper(hits, n, alpha)
    mean = float(values.mean())
    half = t_quantile(1 - alpha, n - 1) * float(values.std(ddof=1)) / math.sqrt(n)
    return mean - half, mean + half


@lru_cache(maxsize=4096)
def _upper(hits: int, n: int, alpha: float) -> float:
    """Clopper and Pearson's upper bound of a probability: `hits` or fewer of `n` have probability `alpha` there."""
    if hits == n:
        return 1.0
    ways = np.array([math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(hits + 1)])
    counts = np.arange(hits + 1)
    low, high = hits / n, 1.0
    for _ in range(50):
        p = (low + high) / 2
        tail = float(np.exp(ways + counts * math.log(p) + (n - counts) * math.log1p(-p)).sum())
        low, high = (p, high) if tail > alpha else (low, p)
    return high


def _pairs(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Neighbouring settled points of which one keeps the target and the other does not."""
    sure = [point for point in points if point.verdict != "open"]
    return [(left, right) for left, right in pairwise(sure) if left.verdict != right.verdict]
