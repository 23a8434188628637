"""Comparison of two plans without shared luck: Welch's interval, and chance of being better for random pairs."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.analysis.arrays import Values
from sim.analysis.compare.history_values import flags
from sim.analysis.compare.paired_differences import signed
from sim.analysis.estimates import Estimate
from sim.core.statistics.intervals import LEVEL, NORMAL, t_quantile, t_two_sided, wilson


def unpaired(ours: Values, theirs: Values, direction: str) -> dict[str, Any]:
    """One outcome of two plans with independent luck, in the columns of `paired_differences.paired`.

    The interval is Welch's, of flags that of Agresti and Caffo; where never occurs the verdict rests on who
    is better how often (Mann and Whitney). `n` counts the histories of the smaller side.
    """
    ours, theirs = ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
    by_value = bool(np.isfinite(ours).all() and np.isfinite(theirs).all())
    a, b = ours[np.isfinite(ours)], theirs[np.isfinite(theirs)]
    interval, p_value, df = _agresti_caffo(a, b) if by_value and flags(a) and flags(b) else _welch(a, b)
    gains = signed(ours, direction), signed(theirs, direction)
    by_mean = by_value and interval.half_width > 0
    if not by_mean:
        p_value = _mann_whitney(ours, theirs)
    share = superiority(*gains).value
    return {
        "mean_difference": interval.value,
        "half_width": interval.half_width,
        "df": df,
        "by_value": by_mean,
        "all_valued": by_value,
        "p_better": share,
        "better_ends": lambda level: superiority(*gains, level).ends if by_mean else _ranked(*gains, level),
        "variance_ratio": math.nan,
        "n": interval.n,
        "pairs": min(len(ours), len(theirs)),
        "p": p_value,
        "sign": signed(interval.value, direction) if by_value else share - 0.5,
        "neutral": direction == "neutral",
        "identical": False,
    }


def _welch(ours: Values, theirs: Values) -> tuple[Estimate, float, int]:
    """Difference of means with Welch's interval, two-sided p-value and degrees of freedom."""
    n = min(len(ours), len(theirs))
    if n < 2:
        mean = float(ours.mean() - theirs.mean()) if n else math.nan
        return Estimate.around(mean, math.nan, n), 1.0, 0
    parts = [float(values.var(ddof=1)) / len(values) for values in (ours, theirs)]
    mean, error = float(ours.mean() - theirs.mean()), math.sqrt(sum(parts))
    if not error:
        return Estimate.around(mean, 0.0, n), 1.0, 0
    weights = zip(parts, (ours, theirs), strict=True)
    df = max(1, int(sum(parts) ** 2 / sum(part**2 / (len(values) - 1) for part, values in weights)))
    return Estimate.around(mean, t_quantile((1 + LEVEL) / 2, df) * error, n), t_two_sided(mean / error, df), df


def _agresti_caffo(ours: Values, theirs: Values) -> tuple[Estimate, float, int]:
    """The difference of two chances; a history more of each kind on each side, against false certainty.

    The interval is centred on the observed difference and widened by its distance from the adjusted one.
    """
    n = min(len(ours), len(theirs))
    if n < 2:
        return _welch(ours, theirs)
    p, q = ((float(values.sum()) + 1) / (len(values) + 2) for values in (ours, theirs))
    error = math.sqrt(p * (1 - p) / (len(ours) + 2) + q * (1 - q) / (len(theirs) + 2))
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    mean = float(ours.mean() - theirs.mean())
    half = z * error + abs(mean - (p - q))
    return Estimate.around(mean, half, n), 2 * (1 - NormalDist().cdf(z * abs(mean) / half)), NORMAL


def superiority(ours: Values, theirs: Values, level: float = LEVEL) -> Estimate:
    """Probability that a history of ours is above one of theirs, ties half, with DeLong's interval."""
    if not len(ours) or not len(theirs):
        return Estimate(math.nan, math.nan, math.nan)
    above, below = _placed(ours, theirs), 1 - _placed(theirs, ours)
    share, fewest = float(above.mean()), min(len(ours), len(theirs))
    spread = sum(float(np.var(part, ddof=1)) / len(part) for part in (above, below)) if fewest > 1 else 0.0
    if not spread:
        return Estimate(share, *wilson(share * fewest, fewest, level), fewest)
    half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(spread)
    return Estimate.around(share, half, fewest).within(0.0, 1.0)


def _ranked(ours: Values, theirs: Values, level: float) -> tuple[float, float]:
    """Interval of the chance that ours is above theirs, consistent with the rank-sum test."""
    m, n, variance = len(ours), len(theirs), _rank_variance(ours, theirs)
    if variance <= 0:
        return superiority(ours, theirs, level).ends if min(m, n) < 2 else (0.0, 1.0)
    share = float(_placed(ours, theirs).mean())
    half = (NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance) + 0.5) / (m * n)
    return max(0.0, share - half), min(1.0, share + half)


def _placed(values: Values, others: Values) -> Values:
    """Share of the others that each value exceeds, ties half."""
    ordered = np.sort(others)
    placed: Values = (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / (
        2 * len(ordered)
    )
    return placed


def _mann_whitney(ours: Values, theirs: Values) -> float:
    """Two-sided p-value of the rank-sum test, by normal approximation with ties."""
    variance = _rank_variance(ours, theirs)
    if variance <= 0:
        return 1.0
    pairs = len(ours) * len(theirs)
    apart = abs(float(_placed(ours, theirs).mean()) - 0.5) * pairs
    return 2 * (1 - NormalDist().cdf(max(0.0, apart - 0.5) / math.sqrt(variance)))


def _rank_variance(ours: Values, theirs: Values) -> float:
    """Null variance of the rank sum with ties; 0 for too few values."""
    m, n = len(ours), len(theirs)
    if min(m, n) < 2:
        return 0.0
    ties = np.unique(np.concatenate([ours, theirs]), return_counts=True)[1].astype(float)
    total = m + n
    return m * n / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
