"""Boxes of factor values with a raised share of failures, found by PRIM and pruned of irrelevant limits.

PRIM (Friedman and Fisher 1999), as the EMA Workbench has it, peels thin slices off the sample where the share is
low. It runs on rows with the share of their histories as the response: the same boxes as with a line a history,
since every row has equally many, at a fraction of the cost. Its second phase, which pastes slices back on to the
last and smallest box, is left out: that box is hardly ever the one chosen, and limits are weighed here anyway.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Mask, Values
from sim.core.errors import InputError

SIGNIFICANT = 0.05
SMALLEST = 0.05
"""Minimum share of rows in a box, PRIM's usual, and at least FEWEST_ROWS rows."""
FEWEST_ROWS = 10
_MOST_WORTH = 1000.0
MOST_FACTORS = 6
"""Maximum factors given to PRIM, after screening."""


@dataclass(frozen=True)
class Limit:
    """One end of a box, or its remaining choices, with the full range or choices and its quasi-p-value.

    The quasi-p-value (Bryant and Lempert 2010) is the chance of so dense a box were the limit of no account.
    """

    key: str
    over: float | None = None
    under: float | None = None
    values: tuple[str, ...] = ()
    within: tuple[Any, ...] = ()
    quasi_p: float = math.nan

    def holds(self, factors: pd.DataFrame) -> Mask:
        """Mask of rows within the limit."""
        column = factors[self.key]
        if self.values:
            return column.isin(self.values).to_numpy(dtype=bool)
        found: Mask = (column >= self.over if self.over is not None else column <= self.under).to_numpy(dtype=bool)
        return found


def inside(limits: Sequence[Limit], factors: pd.DataFrame) -> Mask:
    """Mask of rows inside the box."""
    found: Mask = np.ones(len(factors), dtype=bool)
    for limit in limits:
        found &= limit.holds(factors)
    return found


def screened(factors: pd.DataFrame, share: Values, most: int = MOST_FACTORS) -> list[str]:
    """Factors most related to the share, by rank correlation with their value or its distance from the middle.

    Choices count by the spread of the mean ranks of their groups.
    """
    from scipy.stats import rankdata

    ranks = rankdata(share)
    numbers = factors.select_dtypes("number")
    values = numbers.to_numpy(dtype=float)
    apart = np.abs(values - np.median(values, axis=0)) if len(numbers.columns) else values
    strongest = np.maximum(_correlations(values, ranks), _correlations(apart, ranks))
    strength = dict(zip(map(str, numbers.columns), strongest.tolist(), strict=True))
    for key in factors.columns.difference(numbers.columns):
        means = factors[key].map(dict(_means(factors[key], ranks)))
        strength[str(key)] = float(means.std(ddof=0) / ranks.std())
    ranked = sorted(strength, key=lambda key: -strength[key])[:most]
    return [str(key) for key in factors if key in ranked]


def _means(column: pd.Series, ranks: Values) -> Iterator[tuple[Any, float]]:
    for value in column.unique():
        yield value, float(ranks[(column == value).to_numpy()].mean())


def _correlations(values: Values, ranks: Values) -> Values:
    """Absolute rank correlation of each column; 0 for a constant column."""
    from scipy.stats import rankdata

    own = rankdata(values, axis=0)
    own, other = own - own.mean(axis=0), ranks - ranks.mean()
    size = np.sqrt((own**2).sum(axis=0) * (other**2).sum())
    found: Values = np.abs(other @ own) / np.where(size > 0, size, np.inf)
    return found


def find_box(factors: pd.DataFrame, share: Values) -> tuple[Limit, ...]:
    """Box that best separates failing rows from others; empty if no limit is significant.

    Chosen from PRIM's trajectory by the variance of the shares that inside against outside explains, which is
    highest at the box that is right: a wider one dilutes it, a narrower one leaves part of it outside. Then
    limits whose quasi-p-value is not below 5% go, the weakest first.
    """
    overall = float(share.mean())

    def explained(limits: tuple[Limit, ...]) -> float:
        kept = inside(limits, factors)
        mass = float(kept.mean())
        more = float(share[kept].mean()) - overall if mass else 0.0
        return mass / (1 - mass) * more**2 if more > 0 and mass < 1 else 0.0

    return pruned(max(_trajectory(factors, share), key=explained), factors, share)


def pruned(limits: tuple[Limit, ...], factors: pd.DataFrame, share: Values) -> tuple[Limit, ...]:
    """Limits significant given the others, each with its quasi-p-value."""
    while limits:
        weighed = tuple(replace(limit, quasi_p=_quasi_p(limit, limits, factors, share)) for limit in limits)
        weakest = max(weighed, key=lambda limit: limit.quasi_p)
        if weakest.quasi_p < SIGNIFICANT:
            return weighed
        limits = tuple(limit for limit in weighed if limit != weakest)
    return ()


def _quasi_p(limit: Limit, limits: tuple[Limit, ...], factors: pd.DataFrame, share: Values) -> float:
    from scipy.stats import binom

    wider = inside([other for other in limits if other != limit], factors)
    box = wider & limit.holds(factors)
    each = worth(share[wider])
    trials, hits = round(box.sum() * each), round(float(share[box].sum()) * each)
    return float(binom.sf(hits - 1, trials, share[wider].mean()))


def worth(share: Values) -> float:
    """Number of independent histories that a row is worth, from the variation between rows.

    One where all of a row go alike; more than a row has where luck that all rows share is most of what there is.
    """
    p, variance = float(share.mean()), float(share.var(ddof=1)) if len(share) > 1 else 0.0
    return min(_MOST_WORTH, p * (1 - p) / variance) if variance > 0 else 1.0


def _trajectory(factors: pd.DataFrame, share: Values) -> Iterator[tuple[Limit, ...]]:
    """Boxes along PRIM's path, widest first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        boxes = _peeled(factors.reset_index(drop=True), share)
    first = boxes[0]
    for box in boxes:
        yield tuple(limit for key in box for limit in _limits(str(key), first[key].tolist(), box[key].tolist()))


def _limits(key: str, first: list[Any], box: list[Any]) -> Iterator[Limit]:
    if isinstance(first[0], set):
        if box[0] != first[0]:
            yield Limit(key, values=tuple(sorted(box[0])), within=tuple(sorted(first[0])))
        return
    within = (float(first[0]), float(first[1]))
    if box[0] > first[0]:
        yield Limit(key, over=float(box[0]), within=within)
    if box[1] < first[1]:
        yield Limit(key, under=float(box[1]), within=within)


def _peeled(factors: pd.DataFrame, share: Values) -> list[pd.DataFrame]:
    """PRIM's boxes from the EMA Workbench: rows of lower and upper ends."""
    try:
        from ema_workbench.analysis.prim import Prim, PrimBox
        from ema_workbench.analysis.scenario_discovery_util import RuleInductionType
    except ImportError as error:
        raise InputError("this needs the EMA Workbench: pip install 'tandem-sim[analysis]'") from error

    class Box(PrimBox):  # type: ignore[misc]
        """Box without the workbench's quasi-p-values, which would count rows as histories."""

        def _calculate_quasi_p(self, *_: Any) -> dict[str, Any]:
            return {}

    smallest = max(SMALLEST, FEWEST_ROWS / len(share))
    prim = Prim(factors, share, threshold=0.0, mass_min=smallest, mode=RuleInductionType.REGRESSION)
    return list(prim._peel(Box(prim, prim.box_init, prim.yi_remaining)).box_lims)
