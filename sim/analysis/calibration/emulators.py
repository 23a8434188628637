"""Emulators: what a candidate's figures would be, learnt from trials, for candidates that were never simulated."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import InputError

Array = NDArray[np.float64]
ACTIVE = 12
"""Most quantities that an emulator looks at: those that its figure was found to hang on most."""
FEWEST = 12
"""Fewest trials with a value from which anything is learnt."""
MOST = 500
"""Most trials that a Gaussian process is fitted to; its time grows with their cube."""
HISTORIES = 4
"""Histories of each candidate in each case, with luck and undocumented levers of their own."""
VARYING = 1e-9
"""Variance below which values are one and the same."""


@dataclass(frozen=True)
class Observed:
    """A figure in trials: mean and variance over a candidate's histories, histories with a value, share without one."""

    mean: Array
    variance: Array
    count: Array
    never: Array


@dataclass(frozen=True)
class Predicted:
    """A figure of candidates: expected mean, variance of that, variance by luck, chance that it never comes."""

    mean: Array
    uncertain: Array
    luck: Array
    never: Array


@dataclass(frozen=True)
class Share:
    """Predicts a chance from the quantities that it hangs on, given as columns of normal scores."""

    active: tuple[int, ...]
    process: Any
    common: float

    def predict(self, scores: Array) -> Array:
        """The chance for candidates, one row of normal scores each."""
        if self.process is None:
            return np.full(len(scores), self.common)
        found: Array = np.clip(self.process.predict(scores[:, list(self.active)]), 0.0, 1.0)
        return found


@dataclass(frozen=True)
class Emulator:
    """Predicts one figure from the quantities that it hangs on, given as columns of normal scores."""

    active: tuple[int, ...]
    process: Any
    luck: float
    common: float
    apart: float
    never: Share

    def predict(self, scores: Array) -> Predicted:
        """The figure of candidates, one row of normal scores each."""
        rows = len(scores)
        if self.process is None:
            mean, uncertain = np.full(rows, self.common), np.full(rows, self.apart)
        else:
            mean, spread = self.process.predict(scores[:, list(self.active)], return_std=True)
            uncertain = spread**2
        return Predicted(mean, uncertain, np.full(rows, self.luck), self.never.predict(scores))


def fitted(scores: Array, observed: Observed, seed: int) -> Emulator:
    """An emulator of a figure from trials, one row of normal scores each."""
    seen = observed.count > 0
    rows, means = np.flatnonzero(seen)[-MOST:], observed.mean[seen][-MOST:]
    luck = _pooled(observed)
    common, apart = (float(means.mean()), float(means.var())) if len(rows) else (0.0, 0.0)
    active = _active(scores[rows], means)
    process = None
    if len(rows) >= FEWEST and apart > VARYING:
        process = _process(scores[rows][:, list(active)], means, luck / observed.count[rows] + VARYING, seed)
    return Emulator(active, process, luck, common, apart, fitted_share(scores, observed.never, seed))


def fitted_share(scores: Array, shares: Array, seed: int) -> Share:
    """An emulator of a chance from shares of histories in trials, one row of normal scores each."""
    scores, shares = scores[-MOST:], shares[-MOST:]
    active, process = _active(scores, shares), None
    if len(shares) >= FEWEST and np.var(shares) > VARYING:
        common = float(shares.mean())
        noise = np.full(len(shares), common * (1.0 - common) / HISTORIES + VARYING)
        process = _process(scores[:, list(active)], shares, noise, seed)
    return Share(active, process, float(shares.mean()))


def _process(inputs: Array, values: Array, noise: Array, seed: int) -> Any:
    """A Gaussian process with a length of its own for each quantity, from scikit-learn."""
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct
    except ImportError:
        raise InputError("tandem calibrate needs the extra 'analysis': pip install '.[analysis]'") from None
    kernel = ConstantKernel(0.5) * RBF(np.full(inputs.shape[1], 3.0), (0.5, 50.0)) + ConstantKernel(0.5) * DotProduct()
    scale = float(np.var(values))
    process = GaussianProcessRegressor(kernel, alpha=noise / scale, normalize_y=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(inputs, values)


def _pooled(observed: Observed) -> float:
    """Variance by luck, over all candidates with two histories or more."""
    several = observed.count > 1
    return float(np.mean(observed.variance[several])) if several.any() else 0.0


def _active(scores: Array, values: Array) -> tuple[int, ...]:
    """Columns that the values hang on most, by correlation over the trials."""
    return tuple(sorted(np.argsort(-_correlations(scores, values), kind="stable")[:ACTIVE].tolist()))


def _correlations(scores: Array, values: Array) -> Array:
    """Absolute correlation of each column with the values; nought where either is constant."""
    if len(values) < FEWEST or np.var(values) <= VARYING:
        return np.zeros(scores.shape[1])
    centred, spread = scores - scores.mean(0), scores.std(0)
    found: Array = np.abs(centred.T @ (values - values.mean())) / len(values)
    return found / np.where(spread > VARYING, spread, np.inf) / float(values.std())
