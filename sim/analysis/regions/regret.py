"""Regret under luck: shortfall of each plan from the best by row, with its uncertainty.

Taken from noisy means regret is too high: the best of several means is picked partly for its luck, and luck
widens the tails. Picking the best plan of a row on all replications but one and scoring it on that one, each in
turn, errs the other way: where luck picks a wrong plan, regret against it is too small. Between plans that differ
here more and there less the two errors are alike, so their middle is reported, with the spread between rows brought
back to the part that two halves of the replications agree on. The interval runs from the lower end of the one to
the upper end of the other.
"""

import itertools
import math
from typing import NamedTuple

import numpy as np

from sim.analysis.arrays import Numbers, Values
from sim.analysis.estimates import Estimate
from sim.core.statistics.intervals import LEVEL

HIGH = 0.9
"""Quantile of rows that defines the high regret."""
RESAMPLES, RESAMPLING_SEED = 200, 1


class RowRegret(NamedTuple):
    """A plan's regret over the rows: the mean, the one that nine rows in ten stay below, and the worst.

    Figures are corrected for luck; their 95% intervals (bootstrap) go from the too low to the too high. `simulated`
    are the three as simulated.
    """

    mean: Estimate
    high: Estimate
    worst: Estimate
    simulated: tuple[float, float, float]

    @property
    def figures(self) -> tuple[Estimate, Estimate, Estimate]:
        """The three corrected figures."""
        return self.mean, self.high, self.worst


class Regrets(NamedTuple):
    """Regret by plan and row: as simulated (too high), scored on unseen luck (too low), and corrected."""

    simulated: Values
    apart: Values
    corrected: Values


def regrets(values: Values) -> Regrets:
    """Regret by plan and row, from values by plan, row and replication; no correction for one replication.

    Below four replications there are no two halves, and the spread between rows is left as it is.
    """
    simulated, apart = _simulated(values), _scored_apart(values)
    if values.shape[2] < 4:
        return Regrets(simulated, apart, (simulated + apart) / 2)
    halves = values[:, :, 0::2], values[:, :, 1::2]
    low = [_scored_apart(half) for half in halves]
    middle = [(_simulated(half) + each) / 2 for half, each in zip(halves, low, strict=True)]
    return Regrets(simulated, _narrowed(apart, *low), _narrowed((simulated + apart) / 2, *middle))


def _simulated(values: Values) -> Values:
    means = values.mean(axis=2)
    found: Values = means.max(axis=0) - means
    return found


def _scored_apart(values: Values) -> Values:
    """Regret by plan and row in each replication, against the plan best on all other replications."""
    if values.shape[2] < 2:
        return _simulated(values)
    others = values.sum(axis=2, keepdims=True) - values
    best = np.take_along_axis(values, others.argmax(axis=0)[None], axis=0)[0]
    found: Values = best.mean(axis=1) - values.mean(axis=2)
    return found


def _narrowed(regret: Values, one: Values, other: Values) -> Values:
    """Regrets with their spread between rows reduced to the part on which both halves of replications agree."""
    first, second = (half - half.mean(axis=1, keepdims=True) for half in (one, other))
    middle = regret.mean(axis=1, keepdims=True)
    spread = ((regret - middle) ** 2).mean(axis=1)
    kept = np.sqrt(np.clip((first * second).mean(axis=1) / np.where(spread > 0, spread, 1.0), 0.0, 1.0))
    found: Values = middle + kept[:, None] * (regret - middle)
    return found


def _figures(regret: Values) -> Values:
    """Mean, high and maximum regret of each plan, at least zero."""
    found: Values = np.stack([regret.mean(axis=1), np.quantile(regret, HIGH, axis=1), regret.max(axis=1)], axis=1)
    return np.maximum(found, 0.0)


def estimates(values: Values, block: Numbers) -> tuple[list[RowRegret], Values]:
    """Regret of each plan, and its bootstrap draws by plan and figure, over base points and luck.

    `values` by plan, row and replication, more being better; `block` is the base point of each row. Replications
    are drawn within their half, so that the halves stay apart. One replication a row leaves the figures as simulated.
    """
    luck = np.random.default_rng(RESAMPLING_SEED)
    of_block = [np.flatnonzero(block == each) for each in np.unique(block)]
    alone = len(of_block) == len(block)
    draws = np.empty((RESAMPLES, 3, len(values), 3))
    for number in range(RESAMPLES):
        drawn = luck.integers(0, len(of_block), len(of_block))
        rows = drawn if alone else np.concatenate([of_block[each] for each in drawn])
        draws[number] = _all_figures(values[:, rows][:, :, _drawn(values.shape[2], luck)])
    raw, apart, corrected = _all_figures(values)
    low = np.minimum(np.quantile(draws[:, 1], (1 - LEVEL) / 2, axis=0), np.minimum(apart, corrected))
    high = np.maximum(np.quantile(draws[:, 0], (1 + LEVEL) / 2, axis=0), np.maximum(raw, corrected))
    every = np.stack([corrected, low, high, raw], axis=-1).tolist()
    found = []
    for plan in every:
        mean, worst_of_nine, worst = (Estimate(value, end, top, values.shape[1]) for value, end, top, _ in plan)
        found.append(RowRegret(mean, worst_of_nine, worst, (plan[0][3], plan[1][3], plan[2][3])))
    return found, draws[:, 2]


def _all_figures(values: Values) -> Values:
    return np.stack([_figures(each) for each in regrets(values)])


def _drawn(count: int, luck: np.random.Generator) -> Numbers:
    """Resampled replications, each from its own half."""
    numbers = np.arange(count)
    for first in (0, 1):
        half = numbers[first::2]
        if len(half):
            numbers[first::2] = luck.choice(np.arange(first, count, 2), len(half))
    return numbers


def luck_share(values: Values) -> float:
    """Share of luck in the variation of plan differences between rows; NaN for one replication."""
    if values.shape[2] < 2:
        return math.nan
    parts = []
    for first, second in itertools.combinations(range(len(values)), 2):
        apart = values[first] - values[second]
        own = apart - apart.mean(axis=0)
        whole = float(own.mean(axis=1).var(ddof=1))
        noise = float(own.var(axis=1, ddof=1).mean()) / values.shape[2]
        parts.append(min(1.0, noise / whole) if whole else 0.0)
    return float(np.mean(parts))
