"""Luck and ignorance told apart, where several histories meet each draw of the evidence with luck of their own.

Plain functions of plain numbers: they run where a room needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, fsum, nan, sqrt

from sim.core.statistics.intervals import quantile, t_quantile

NINE_IN_TEN = (0.05, 0.95)
FEWEST = 20
"""Fewest draws from which it is told what a difference hangs on."""
FURTHEST = 2.5
"""Normal score beyond which a value is taken to lie outside a quantity's range."""


@dataclass(frozen=True)
class Ends:
    """Ends between which nine in ten lie."""

    low: float
    high: float


@dataclass(frozen=True)
class Parts:
    """The histories of one plan by draw: their middle, the band of all of them, and the band that luck alone gives."""

    middle: float
    everything: Ends
    luck: Ends
    draws: int


def parts(by_draw: Sequence[Sequence[float]]) -> Parts:
    """Both bands of one outcome; each draw holds its own histories.

    Luck's band is that of the residuals within draws, widened by √(L/(L−1)) since their own mean was taken out, about
    the middle of all. It is NaN where no draw holds two histories.
    """
    pooled = sorted(value for own in by_draw for value in own)
    middle = quantile(pooled, 0.5)
    several = [own for own in by_draw if len(own) > 1]
    residuals = sorted(
        (value - fsum(own) / len(own)) * sqrt(len(own) / (len(own) - 1)) for own in several for value in own
    )
    low, high = (quantile(residuals, end) for end in NINE_IN_TEN) if residuals else (nan, nan)
    everything = Ends(quantile(pooled, NINE_IN_TEN[0]), quantile(pooled, NINE_IN_TEN[1]))
    return Parts(middle, everything, Ends(middle + low, middle + high), len(by_draw))


@dataclass(frozen=True)
class Nested:
    """A paired difference over draws: its mean with a 95% interval, spreads, and share of draws above nought.

    `n` is the number of draws, which is how many independent differences there are.
    """

    mean: float
    half_width: float
    between: float
    luck: float
    above: float
    n: int


def difference(by_draw: Sequence[Sequence[float]]) -> Nested:
    """Mean, interval and share above nought of paired differences, each draw with its own histories.

    The interval clusters on draws. The share is that of draws whose own difference, luck taken out, is above nought:
    each draw's mean is shrunk towards the mean of all by the part of its spread that is luck, since the raw share is
    drawn towards a half.
    """
    means = [fsum(own) / len(own) for own in by_draw]
    n = len(means)
    mean = fsum(means) / n
    spread = fsum((one - mean) ** 2 for one in means) / (n - 1) if n > 1 else 0.0
    luck = _luck(by_draw)
    between = max(spread - luck, 0.0)
    half = t_quantile(0.975, n - 1) * sqrt(spread / n) if n > 1 else nan
    return Nested(mean, half, sqrt(between), sqrt(luck), _above(means, mean, spread, between), n)


def _luck(by_draw: Sequence[Sequence[float]]) -> float:
    """Variance of a draw's mean by luck, over draws with two histories or more."""
    several = [own for own in by_draw if len(own) > 1]
    if not several:
        return 0.0
    squares = fsum((value - fsum(own) / len(own)) ** 2 for own in several for value in own)
    within = squares / sum(len(own) - 1 for own in several)
    return within * fsum(1.0 / len(own) for own in by_draw) / len(by_draw)


def _above(means: Sequence[float], mean: float, spread: float, between: float) -> float:
    """Share of draws above nought, with the luck left in each draw's shrunken mean spread back over it."""
    if spread == 0.0 or between == 0.0:
        return 0.5 if mean == 0.0 else float(mean > 0.0)
    kept = between / spread
    left = sqrt(between * (1.0 - kept))
    shrunk = [mean + kept * (one - mean) for one in means]
    if left == 0.0:
        return sum(one > 0.0 for one in shrunk) / len(shrunk)
    return fsum(0.5 + 0.5 * erf(one / (left * sqrt(2.0))) for one in shrunk) / len(shrunk)


@dataclass(frozen=True)
class Turner:
    """A quantity that a difference hangs on: correlation over draws, and share of its draws where the sign turns.

    `at` is None where the difference keeps its sign over the whole range.
    """

    key: str
    correlation: float
    at: float | None


def turners(by_draw: Sequence[Sequence[float]], scores: Mapping[str, Sequence[float]]) -> list[Turner]:
    """Quantities that move a difference most, the strongest first; those that chance could show are left out.

    `scores` holds, by quantity, its normal score in each draw. The level is 0.05 over all of them (Bonferroni).
    """
    means = [fsum(own) / len(own) for own in by_draw]
    n, mean = len(means), fsum(means) / len(means)
    if n < FEWEST or max(means) == min(means):
        return []
    least = t_quantile(1.0 - 0.025 / max(len(scores), 1), n - 2)
    found = []
    for key, own in scores.items():
        r, slope = _regressed(own, means)
        if abs(r) * sqrt((n - 2) / max(1.0 - r * r, 1e-12)) > least:
            z = fsum(own) / n - mean / slope
            found.append(Turner(key, r, _normal(z) if abs(z) <= FURTHEST else None))
    return sorted(found, key=lambda one: -abs(one.correlation))


def _regressed(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Correlation of two rows, and slope of the second over the first; noughts where the first does not vary."""
    mx, my = fsum(x) / len(x), fsum(y) / len(y)
    xx, yy = fsum((a - mx) ** 2 for a in x), fsum((b - my) ** 2 for b in y)
    xy = fsum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return (xy / sqrt(xx * yy), xy / xx) if xx > 0.0 and yy > 0.0 else (0.0, 0.0)


def _normal(z: float) -> float:
    return 0.5 + 0.5 * erf(z / sqrt(2.0))
