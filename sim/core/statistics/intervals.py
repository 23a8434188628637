"""Intervals and tests from the standard library alone: Student's t, Wilson's interval, signs, Holm's rule."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
NORMAL = -1
"""Value for degrees of freedom that selects the normal distribution instead of Student's t."""


def wilson(k: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's interval for the probability behind `k` successes in `n` histories; (0, 1) if `n` is 0."""
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, w = k / n, z * z / n
    middle = (p + w / 2) / (1 + w)
    half = z * math.sqrt(p * (1 - p) / n + w / (4 * n)) / (1 + w)
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def t_two_sided(t: float, df: int) -> float:
    """Probability that |T| exceeds |t|, for Student's T with `df` degrees of freedom."""
    return _beta_share(df / 2, 0.5, df / (df + t * t))


@lru_cache(maxsize=1024)
def t_quantile(p: float, df: int) -> float:
    """Quantile of Student's t at probability `p` (0 < p < 1).

    Newton's method from the normal quantile, which lies nearer to 0; the distribution function is concave
    from there on, so that the steps never overshoot.
    """
    if p < 0.5:
        return -t_quantile(1 - p, df)
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    t = NormalDist().inv_cdf(p)
    for _ in range(100):
        density = scale * math.exp(-(df + 1) / 2 * math.log1p(t * t / df))
        step = (t_two_sided(t, df) / 2 - (1 - p)) / density
        t += step
        if abs(step) <= 1e-14 * max(1.0, t):
            break
    return t


def stretch(df: int, confidence: float) -> float:
    """Ratio of a t-interval's width at this confidence to its width at 95%; normal where `df` is NORMAL."""
    if df == NORMAL:
        return NormalDist().inv_cdf((1 + confidence) / 2) / NormalDist().inv_cdf((1 + LEVEL) / 2)
    return t_quantile((1 + confidence) / 2, df) / t_quantile((1 + LEVEL) / 2, df) if df > 0 else math.nan


def _beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by a continued fraction where that converges fast."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta_share(b, a, 1.0 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _beta_fraction(a, b, x))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of 1 + d1/(1 + d2/(1 + …)), the denominator of the incomplete beta function."""
    value, c, d = 1.0, 1.0, 0.0
    for term in _beta_terms(a, b, x):
        d = 1.0 / (1.0 + term * d)
        c = 1.0 + term / c
        value *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return value


def _beta_terms(a: float, b: float, x: float) -> Iterator[float]:
    for m in range(10_000):
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        yield (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2))


def sign_test(better: int, worse: int) -> float:
    """Two-sided p-value of the sign test: a split at least this uneven if better and worse were equally likely."""
    if better == worse:
        return 1.0
    most, fewest = max(better, worse), min(better, worse)
    return min(1.0, 2 * _beta_share(most, fewest + 1, 0.5))


def sign_interval(better: int, worse: int, level: float) -> tuple[float, float]:
    """Interval for the chance of better among untied pairs; it contains 0.5 exactly if the sign test finds nothing."""
    n, doubt = better + worse, (1 - level) / 2
    low = _solved(lambda p: _beta_share(better, worse + 1, p), doubt) if better else 0.0
    high = _solved(lambda p: _beta_share(better + 1, worse, p), 1 - doubt) if worse else 1.0
    return (low, high) if n else (0.0, 1.0)


def _solved(rising: Callable[[float], float], value: float) -> float:
    """Argument between 0 and 1 at which a function rising from 0 to 1 takes the given value."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < value else (low, middle)
    return (low + high) / 2


class Judged(NamedTuple):
    """A p-value corrected for multiple tests, and the confidence whose interval gives the same verdict."""

    p: float
    confidence: float


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected by Holm's step-down rule, in the order given."""
    return [each.p for each in judged(p_values)]


def judged(p_values: Sequence[float]) -> list[Judged]:
    """Holm's verdicts in the order given: significant results at their own step, the rest at the stopping step."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    found = [Judged(1.0, LEVEL)] * len(p_values)
    highest, steps = 0.0, len(p_values)
    for rank, index in enumerate(order):
        if highest < 1 - LEVEL:
            steps = len(p_values) - rank
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        found[index] = Judged(highest, 1 - (1 - LEVEL) / steps)
    return found


def judged_each(p_values: Sequence[float], count: int) -> list[Judged]:
    """Each p-value corrected by Bonferroni's rule for `count` comparisons, whether or not all are at hand."""
    return [Judged(min(1.0, count * p), 1 - (1 - LEVEL) / count) for p in p_values]


def quantile(ordered: Sequence[float], share: float) -> float:
    """Quantile of an ordered sample, interpolated between neighbours."""
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    lower, upper = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    return lower if at == below or lower == upper else lower + (at - below) * (upper - lower)
