"""Sensitivity measures as formulas on arrays whose last axis is the replication, with two kinds of error.

Luck enters every average over few histories, and a square or a size taken of such an average counts it as an
effect. So where there are two replications or more, products are only ever taken between *different* replications:
their luck is independent, and on average what is left is what the factors do. With one replication there is no
such way out; the measures are then those of the textbook and too large by luck's part.

Each measure comes with the standard error from the choice of points (a bootstrap over what was sampled
independently) and, apart, with that from the choice of histories (a jackknife over replications). Their squares
are added, which counts twice the luck that a point does not share with the others; and a Sobol sample is more even
than independent points. So the intervals are rather too wide than too narrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import nan

import numpy as np

from sim.analysis.arrays import Values
from sim.core.statistics.intervals import LEVEL, t_quantile, t_two_sided

RESAMPLES = 500
"""Bootstrap draws, which give a standard error to about 3%."""
SEED = 20_240_501
PLENTY = 10_000
"""Degrees of freedom above which Student's t counts as normal."""
FOLDS = 20
"""Maximum jackknife parts: one replication each up to twenty replications, else a twentieth of them."""


@dataclass(frozen=True)
class IndexEstimates:
    """Measures with their standard errors from the choice of points and of histories.

    All three have one dimension. `by_luck` is NaN for too few histories; `folds` is the number of the
    jackknife's parts.
    """

    value: Values
    by_points: Values
    by_luck: Values
    folds: int

    @property
    def unknown(self) -> IndexEstimates:
        """Unknown estimates in the given number, for an outcome that did not vary."""
        nothing = np.full(self.value.shape, nan)
        return IndexEstimates(nothing, nothing, nothing, self.folds)

    @property
    def luck_half_width(self) -> Values:
        """Half-width of the 95% interval from the choice of histories alone."""
        if self.folds < 2:
            return np.full(self.value.shape, nan)
        return t_quantile((1 + LEVEL) / 2, self.folds - 1) * self.by_luck

    @property
    def error(self) -> Values:
        """Standard error from both choices; from points alone if the error by luck is unknown."""
        return np.hypot(self.by_points, np.nan_to_num(self.by_luck))

    @property
    def half_width(self) -> Values:
        """Half-width of the 95% interval from both choices."""
        return np.array([t_quantile((1 + LEVEL) / 2, df) for df in self._freedom]) * self.error

    @property
    def p(self) -> Values:
        """Two-sided p-value against zero; 1 if exactly zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(self.value == 0, 0.0, np.abs(self.value) / self.error)
        far = np.where(np.isnan(self.value), 0.0, far)
        known = np.nan_to_num(far, posinf=1e100)
        return np.array([t_two_sided(float(t), df) for t, df in zip(known, self._freedom, strict=True)])

    @property
    def _freedom(self) -> list[int]:
        """Satterthwaite's degrees of freedom: the jackknife's to the degree that luck's error dominates."""
        with np.errstate(divide="ignore", invalid="ignore"):
            luck = np.nan_to_num((self.by_luck / self.error) ** 4)
            freedom = np.where(luck > 0, max(self.folds - 1, 1) / luck, PLENTY)
        return [int(df) for df in np.clip(freedom, 1, PLENTY)]


def crossed(first: Values, second: Values) -> Values:
    """Mean product of two arrays over pairs of different replications; with one replication, of it with itself."""
    r = first.shape[-1]
    if r == 1:
        return np.asarray((first * second)[..., 0])
    both = first.sum(axis=-1) * second.sum(axis=-1) - (first * second).sum(axis=-1)
    return np.asarray(both / (r * (r - 1)))


def sized(effects: Values) -> Values:
    """Mean absolute effect: each replication's effect with the sign given by the others."""
    if effects.shape[-1] == 1:
        return np.asarray(np.abs(effects[..., 0]))
    others = effects.sum(axis=-1, keepdims=True) - effects
    return np.asarray((effects * np.sign(others)).mean(axis=-1))


def estimate(data: Values, measure: Callable[[Values, Values], Values], resamples: int = RESAMPLES) -> IndexEstimates:
    """A measure of `data` (first axis what was sampled independently, last the replication) with its errors.

    `measure(data, weights)` gives one row of values for each row of weights over the first axis.
    """
    n, r = data.shape[0], data.shape[-1]
    weights, even = _weights(n, resamples), np.full((1, n), 1 / n)
    value = measure(data, even)[0]
    drawn = measure(data, weights)
    folds = np.array_split(np.arange(r), min(r, FOLDS)) if r > 2 else []
    left = [measure(np.delete(data, fold, axis=-1), even)[0] for fold in folds]
    return IndexEstimates(value, _deviation(drawn), jackknifed(left, value), len(folds))


@lru_cache(maxsize=1)
def _weights(n: int, resamples: int) -> Values:
    """Bootstrap weights as shares, one row for each draw; the same in every run."""
    luck = np.random.default_rng(SEED)
    return np.asarray(luck.multinomial(n, np.full(n, 1 / n), size=resamples) / n)


def _deviation(drawn: Values) -> Values:
    usable = np.isfinite(drawn).all(axis=1)
    return drawn[usable].std(axis=0, ddof=1) if usable.sum() > 1 else np.full(drawn.shape[1], nan)


def jackknifed(left: list[Values], value: Values) -> Values:
    """Standard error from leaving out each part of the histories in turn."""
    if not left:
        return np.full(value.shape, nan)
    table = np.array(left)
    g = len(left)
    return np.asarray(np.sqrt((g - 1) / g * ((table - table.mean(axis=0)) ** 2).sum(axis=0)))


def sobol(data: Values, weights: Values) -> Values:
    """First and then total order indices; `data` by base point, position (A, A with each group of B, B), replication.

    Saltelli's first and Jansen's total estimator. NaN where the outcome does not vary with the factors.
    """
    centred = data - data.mean(axis=(0, 1))
    a, mixed, b = centred[:, :1], centred[:, 1:-1], centred[:, -1:]
    first = crossed(b, mixed - a)
    total = crossed(mixed - a, mixed - a) / 2
    variance = _variance(np.concatenate([a, b], axis=1), weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(variance > 0, 1 / variance, nan)[:, None]
    return np.asarray(np.hstack([weights @ first, weights @ total]) * scale)


def _variance(data: Values, weights: Values) -> Values:
    """Variance between points, corrected for luck; `data` by sampled unit, position, replication, centred."""
    squares = weights @ crossed(data, data).mean(axis=1)
    means = weights @ data.mean(axis=1)
    found = squares - crossed(means, means)
    return np.asarray(np.where(found > 1e-12 * max(float((data**2).mean()), 1e-300), found, 0.0))


def morris(effects: Values, weights: Values) -> Values:
    """Mean absolute value, mean and standard deviation of effects, given by trajectory, group, replication."""
    n = effects.shape[0]
    mean = np.tensordot(weights, effects, axes=1)
    spread = weights @ crossed(effects, effects) - crossed(mean, mean)
    deviation = np.sqrt(np.maximum(spread, 0) * n / (n - 1))
    return np.hstack([weights @ sized(effects), mean.mean(axis=-1), deviation])


def shares(data: Values, weights: Values) -> Values:
    """Share of luck in the variance of single histories; `data` by sampled unit, position, replication.

    Luck is the mean variance between histories of one point, the rest is variance between points. NaN for one
    replication or an outcome without variation.
    """
    if data.shape[-1] < 2:
        return np.full((len(weights), 1), nan)
    centred = data - data.mean(axis=(0, 1))
    between = _variance(centred, weights)
    within = weights @ data.var(axis=-1, ddof=1).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(between + within > 0, within / (between + within), nan)[:, None])


class Regression:
    """Regression of an outcome on all columns together (points × columns): slope for one unit of each.

    Where the points are fewer than twice the columns and two, each column has a regression of its own: the
    columns of a sample are nearly independent. Nothing is centred here. A column that never moves has no slope.
    """

    def __init__(self, columns: Values) -> None:
        self.count = columns.shape[1]
        self.moving = np.flatnonzero((columns**2).sum(axis=0) > 1e-12)
        self.columns = np.ascontiguousarray(columns[:, self.moving])
        self.jointly = len(columns) > 2 * (len(self.moving) + 1)
        if self.jointly:
            self.weights = np.asarray(np.linalg.pinv(self.columns.T @ self.columns), dtype=np.float64) @ self.columns.T
        else:
            self.weights = (self.columns / (self.columns**2).sum(axis=0)).T
        leverage = self.columns * self.weights.T
        self.leverage = np.minimum(leverage.sum(axis=1) if self.jointly else leverage.T, 0.99)

    def slopes(self, outcome: Values, scale: Callable[[Values], Values] = lambda values: values) -> IndexEstimates:
        """The slopes of an outcome (points × replications), with their errors.

        `scale` turns the means over replications into what is explained, such as their ranks. The error from
        the choice of points is that of the wild bootstrap with HC3 residuals, in closed form.
        """
        explained = scale(outcome.mean(axis=-1))
        found = self.weights @ explained
        fitted = self.columns @ found if self.jointly else self.columns.T * found[:, None]
        left_over = (explained - fitted) / (1 - self.leverage)
        value, error = np.zeros(self.count), np.zeros(self.count)
        value[self.moving] = found
        error[self.moving] = np.sqrt((self.weights**2 * left_over**2).sum(axis=1))
        r = outcome.shape[-1]
        folds = np.array_split(np.arange(r), min(r, FOLDS)) if r > 1 else []
        by_luck = np.zeros(self.count) if folds else np.full(self.count, nan)
        if folds:
            means = [scale(np.delete(outcome, fold, axis=-1).mean(axis=-1)) for fold in folds]
            by_luck[self.moving] = jackknifed([self.weights @ mean for mean in means], found)
        return IndexEstimates(value, error, by_luck, len(folds))


def ranks(values: Values) -> Values:
    """Ranks from 1 along the first axis, ties sharing their mean rank."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(values, axis=0))


def standardised(values: Values) -> Values:
    """Centred and divided by the standard deviation along the first axis; zero where nothing varies."""
    deviation = values.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(deviation > 0, (values - values.mean(axis=0)) / deviation, 0.0)
