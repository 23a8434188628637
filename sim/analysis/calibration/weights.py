"""Weights of candidates: how well the figures agree with what was published, and how many draws that leaves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sim.analysis.calibration.emulators import Array, Predicted
from sim.analysis.calibration.tellings import ends, spreads
from sim.analysis.calibration.trials import Calibrating
from sim.core.luck import Luck

TAILS = 4.0
"""Degrees of freedom of the errors: a figure that lies far off counts against a draw, and cannot rule it out alone."""
RULED_OUT = 3.0
"""Standard deviations beyond which a figure speaks against a candidate."""
NEVER = 0.95
"""Chance that a figure never comes, or that a case does not last, beyond which it speaks against a candidate."""
LEAST_CHANCE = 1e-3
"""Chance below which an emulator's chance is not believed."""
LET_OFF = 1
"""Figures that may speak against a candidate before it is ruled out: one may be wrong, or its emulator."""


def residuals(target: Calibrating, predicted: Predicted) -> Array:
    """Distance of a figure from what was published, in standard deviations: nought inside a published range."""
    low, high = (target.reported.scaled(end) if np.isfinite(end) else end for end in ends(target.figure))
    spread = np.sqrt(target.reported.spread**2 + predicted.luck + predicted.uncertain)
    return np.where(predicted.mean < low, predicted.mean - low, np.maximum(predicted.mean - high, 0.0)) / spread


def speaks_against(target: Calibrating, predicted: Predicted) -> NDArray[np.bool_]:
    """True for each candidate that this figure speaks against."""
    return (np.abs(residuals(target, predicted)) > RULED_OUT) | (predicted.never > NEVER)


def log_weights(targets: Sequence[Calibrating], predicted: Sequence[Predicted], lasts: Sequence[Array]) -> Array:
    """Logarithm of each candidate's weight: Student's t, correlated within a case, and the chance that cases last.

    `lasts` holds, by case, the chance that a history shows what is known of it: a draw under which most would not
    have lasted weighs less.
    """
    together = float(spreads()["together"]["value"])
    total: Array = np.zeros(len(predicted[0].mean))
    for chance in lasts:
        total = total + np.log(np.maximum(chance, LEAST_CHANCE))
    found = list(zip(targets, predicted, strict=True))
    for _, group in groupby(found, key=lambda each: each[0].case):
        own = list(group)
        off = np.array([residuals(*each) for each in own])
        size = len(own)
        inverse = np.linalg.inv(np.full((size, size), together) + (1.0 - together) * np.eye(size))
        square = np.einsum("ik,ij,jk->k", off, inverse, off)
        total = total - (TAILS + size) / 2.0 * np.log1p(square / TAILS)
        for target, one in own:
            spread = np.sqrt(target.reported.spread**2 + one.luck + one.uncertain)
            total = total - np.log(spread) + np.log(np.maximum(1.0 - one.never, LEAST_CHANCE))
    return total


def normalised(logarithms: Array) -> Array:
    """Weights that sum to one."""
    weights = np.exp(logarithms - logarithms.max())
    shares: Array = weights / weights.sum()
    return shares


def effective_size(weights: Array) -> float:
    """Number of equally weighted draws that tell as much (Kish)."""
    return float(1.0 / np.sum(weights**2))


def resampled(weights: Array, number: int, seed: int) -> list[int]:
    """Places of `number` draws of equal weight, by systematic sampling: each weight is met to within one draw."""
    start = Luck(seed, 0).uniform("resample", "ensemble")
    points = (np.arange(number) + start) / number
    found = np.searchsorted(np.cumsum(weights), points, side="right")
    return [int(place) for place in np.minimum(found, len(weights) - 1)]
