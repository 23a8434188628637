"""Uncertainty of a mean when every row of a design has the same luck.

A study of a design is a table of rows (evidence, drawn) by luck (replications, the same in every row). Its
histories are not independent of each other: those of one row share the evidence, those of one replication
share the luck. The variance of their mean is that between rows, plus that between replications, less that
which both count (Cameron, Gelbach and Miller 2011, two-way clustering).
"""

import math
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.arrays import Values
from sim.analysis.estimates import Estimate
from sim.core.statistics.intervals import LEVEL, t_quantile, t_two_sided, wilson
from sim.engine.outcomes import OUTCOMES


class TwoWayMean(NamedTuple):
    """A mean over rows and luck: its standard error, and the parts due to rows alone and to luck alone.

    A part is NaN for a single row or a single replication. `df` are degrees of freedom.
    """

    mean: float
    error: float
    rows_error: float
    luck_error: float
    df: int
    n: int

    @property
    def half_width(self) -> float:
        """Half-width of the 95% interval of the mean, rows and luck together."""
        return t_quantile((1 + LEVEL) / 2, self.df) * self.error if self.df > 0 else math.nan


def mean_of(values: Values) -> TwoWayMean:
    """Mean of a table of rows by replications, without NaN, and its uncertainty."""
    known = ~np.isnan(values)
    n = int(known.sum())
    if n < 2:
        return TwoWayMean(float(values[known].mean()) if n else math.nan, math.nan, math.nan, math.nan, 0, n)
    mean = float(values[known].mean())
    apart = np.where(known, values - mean, 0.0)
    rows, luck = _between(apart.sum(axis=1), known.any(axis=1), n), _between(apart.sum(axis=0), known.any(axis=0), n)
    each = float((apart**2).sum()) / (n - 1) / n
    whole = max(rows[0], luck[0], rows[0] + luck[0] - each) if rows[1] and luck[1] else rows[0] + luck[0]
    parts = [(variance, df) for variance, df in (rows, luck) if df and variance]
    df = int(whole**2 / sum(variance**2 / df for variance, df in parts)) if parts else max(rows[1], luck[1])
    errors = [math.sqrt(variance) if df else math.nan for variance, df in (rows, luck)]
    return TwoWayMean(mean, math.sqrt(whole), errors[0], errors[1], max(1, df), n)


def _between(sums: Values, present: Any, n: int) -> tuple[float, int]:
    """Variance of the mean between groups, with degrees of freedom; 0 for one group."""
    groups = int(present.sum())
    if groups < 2:
        return 0.0, 0
    return float((sums**2).sum()) / n**2 * groups / (groups - 1), groups - 1


def share_of(values: Values, level: float = LEVEL) -> Estimate:
    """The mean of shares or flags in a table of rows by replications, with Wilson's interval.

    The interval is that of the number of independent histories that gives the mean's uncertainty. If all values
    agree, rows and luck cannot be separated, and the more numerous of the two counts as independent.
    """
    found = mean_of(values)
    if not found.n:
        return Estimate(math.nan, 0.0, 1.0, 0)
    p = min(1.0, max(0.0, found.mean))
    known = ~np.isnan(values)
    groups = max(int(known.any(axis=1).sum()), int(known.any(axis=0).sum()))
    if not found.error or p in (0.0, 1.0) or math.isnan(found.error):
        return Estimate(p, *wilson(p * groups, groups, level), found.n)
    if 1 in values.shape and set(np.unique(values[known])) <= {0.0, 1.0}:
        return Estimate(p, *wilson(p * found.n, found.n, level), found.n)
    stretch = NormalDist().inv_cdf((1 + level) / 2) / t_quantile((1 + level) / 2, found.df)
    worth = min(float(found.n), p * (1 - p) / found.error**2 * stretch**2)
    return Estimate(p, *wilson(p * worth, worth, level), found.n)


def level(values: Values, outcome: str) -> Estimate:
    """The mean of an outcome in a table of rows by replications with its 95% interval, never beyond what it can be.

    Wilson's interval for a flag; the ends are NaN for one row of one history.
    """
    about = OUTCOMES[outcome]
    if about.unit == "flag":
        return share_of(values)
    found = mean_of(values)
    return Estimate.around(found.mean, found.half_width, found.n).within(about.low, about.high)


def contrast(inside: Values, elsewhere: Values) -> TwoWayMean:
    """Excess of the mean of some rows over others, under the same luck, with its uncertainty."""
    counts = [int((~np.isnan(part)).sum()) for part in (inside, elsewhere)]
    if min(counts) == 0:
        return TwoWayMean(math.nan, math.nan, math.nan, math.nan, 0, 0)
    apart = float(np.nanmean(inside) - np.nanmean(elsewhere))
    weights = [sum(counts) / count for count in counts]
    inner = apart + weights[0] * (inside - np.nanmean(inside))
    outer = apart - weights[1] * (elsewhere - np.nanmean(elsewhere))
    return mean_of(np.concatenate([inner, outer]))


def gap_of(inside: Values, elsewhere: Values) -> Estimate:
    """Excess of some rows' share over others', with an interval within −1 to 1.

    The two Wilson intervals are put together by what their luck has in common (Zou and Donner's MOVER): Student's t
    on a handful of lucks would reach beyond what a difference of shares can be.
    """
    one, other, apart = share_of(inside), share_of(elsewhere), contrast(inside, elsewhere)
    gap = one.value - other.value
    if not one.n or not other.n:
        return Estimate(math.nan, -1.0, 1.0, 0)
    errors = mean_of(inside).error, mean_of(elsewhere).error
    both = errors[0] * errors[1]
    shared = (errors[0] ** 2 + errors[1] ** 2 - apart.error**2) / (2 * both) if both > 0 else 0.0
    shared = min(1.0, max(-1.0, shared))

    def reach(ours: float, theirs: float) -> float:
        return math.sqrt(max(0.0, ours**2 - 2 * shared * ours * theirs + theirs**2))

    low = gap - reach(one.value - one.low, other.high - other.value)
    high = gap + reach(one.high - one.value, other.value - other.low)
    return Estimate(gap, low, high, one.n + other.n).within(-1.0, 1.0)


def p_above_zero(found: TwoWayMean) -> float:
    """Two-sided p-value of a mean against zero."""
    if found.df == 0 or math.isnan(found.error):
        return 1.0
    if not found.error:
        return 1.0 if not found.mean else 0.0
    return t_two_sided(found.mean / found.error, found.df)
