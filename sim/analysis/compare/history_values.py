"""Outcome values by history, and means with intervals (Q-S1)."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.estimates import Estimate
from sim.core.statistics.intervals import LEVEL, sign_test, t_quantile, t_two_sided

NEVER = {"payback_month": "never_pays_back", "duration_ratio": "unfinished", "first_joint_team_month": ""}
"""Outcomes whose null means never, with the flag that says so ("" if every null does); other nulls mean no value."""


LEAST = 0.001
"""Minimum £m by which one plan counts as ahead of another: a thousand pounds."""


def mean_interval(values: Sequence[float] | Values) -> Estimate:
    """Mean and half-width of its 95% t-interval."""
    given = np.asarray(values, dtype=float)
    n = len(given)
    if n < 2:
        return Estimate.around(float(given[0]) if n else math.nan, math.nan, n)
    error = float(given.std(ddof=1)) / math.sqrt(n)
    return Estimate.around(float(given.mean()), t_quantile((1 + LEVEL) / 2, n - 1) * error, n)


def t_test(found: Estimate) -> float:
    """Two-sided p-value against zero of a mean with its t-interval; of a constant, by the sign test."""
    if not found.half_width > 0:
        return sign_test(found.n, 0) if found.value and found.n > 1 else 1.0
    return t_two_sided(found.value / (found.half_width / t_quantile((1 + LEVEL) / 2, found.n - 1)), found.n - 1)


def values_of(rows: pd.DataFrame, name: str) -> Values:
    """Outcome by history: infinity for never, NaN for no value."""
    values: Values = rows[name].to_numpy(dtype=float, na_value=np.nan)
    if name not in NEVER:
        return values
    never = np.isnan(values)
    if NEVER[name] in rows:
        never &= rows[NEVER[name]].to_numpy(dtype=float) == 1
    return np.where(never, np.inf, values)


def paired_interval(ours: Values, theirs: Values) -> Estimate:
    """Mean of ours less theirs by pair, with 95% interval; for flags by Bonett and Price."""
    return paired_mean(ours, theirs, ours - theirs)


def paired_mean(ours: Values, theirs: Values, difference: Values) -> Estimate:
    """Interval as from `paired_interval`, for differences already computed."""
    return _flag_interval(difference) if flags(ours) and flags(theirs) else mean_interval(difference)


def flags(values: Values) -> bool:
    """True if every value is 0 or 1."""
    return bool(((values == 0) | (values == 1)).all())


def _flag_interval(difference: Values) -> Estimate:
    """Mean difference of paired flags with one pair added each way, against false certainty (Bonett–Price)."""
    n = len(difference)
    if n < 2:
        return mean_interval(difference)
    up, down = (int((difference > 0).sum()) + 1) / (n + 2), (int((difference < 0).sum()) + 1) / (n + 2)
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    return Estimate.around(float(difference.mean()), z * math.sqrt((up + down - (up - down) ** 2) / (n + 2)), n)
