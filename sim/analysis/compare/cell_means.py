"""Means of every outcome in every cell, with intervals."""

import math
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare.history_values import flags, mean_interval, values_of
from sim.core.statistics.intervals import wilson
from sim.engine.outcomes import OUTCOMES
from sim.study.tables import QUANTILES


def describe(runs: pd.DataFrame) -> pd.DataFrame:
    """Statistics of every outcome in every cell: n, never, mean with 95% interval, quantiles over histories.

    `n` counts the histories with a value or never, `never` those among them that never got there (NEVER),
    and `never_low`, `never_high` bound that chance by Wilson's interval. The interval of the mean is Wilson's
    if every value is 0 or 1. With any never, mean and interval are null; in quantiles never exceeds every
    value, and quantiles that reach it are null.
    """
    names = [name for name in OUTCOMES if name in runs]
    lines: list[dict[str, Any]] = []
    for (cell, label), rows in runs.groupby(["cell", "label"], sort=False):
        head = {"cell": cell, "label": label}
        lines += [{**head, "outcome": name, **_description(values_of(rows, name))} for name in names]
    return pd.DataFrame(lines)


def _description(values: Values) -> dict[str, float]:
    known = values[~np.isnan(values)]
    n, never = len(known), int(np.isinf(known).sum())
    mean, low, high = (math.nan, math.nan, math.nan) if never else _mean_and_ends(known)
    method: Any = "closest_observation" if never else "linear"
    ends = {key: float(np.quantile(known, q, method=method)) if n else math.nan for key, q in QUANTILES.items()}
    quantiles = {key: value if math.isfinite(value) else math.nan for key, value in ends.items()}
    never_low, never_high = wilson(never, n)
    chance = {"never": never, "never_low": never_low, "never_high": never_high}
    return {"n": n, **chance, "mean": mean, "low": low, "high": high, **quantiles}


def _mean_and_ends(values: Values) -> tuple[float, float, float]:
    found = mean_interval(values)
    ends = wilson(int(values.sum()), found.n) if found.n and flags(values) else found.ends
    return found.value, *ends
