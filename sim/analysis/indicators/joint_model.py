"""Simple joint model of all measures: predicted probabilities, ranking accuracy and calibration."""

from dataclasses import dataclass

import numpy as np

from sim.analysis.arrays import Mask, Values
from sim.analysis.estimates import Estimate
from sim.analysis.indicators.prediction_scores import (
    FITS,
    FOLDS,
    SPREAD,
    STEPS,
    Cases,
    Division,
    Tally,
    folds,
    percentiles,
    tally,
)
from sim.core.statistics.intervals import wilson

PARTS = 3
"""Groups by predicted probability for calibration: low, middle, high."""


@dataclass(frozen=True)
class Part:
    """Histories of similar predicted probability: mean prediction, and share in which the ending occurred."""

    said: float
    came: int
    histories: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the share in which the ending occurred."""
        return wilson(self.came, self.histories)

    @property
    def agrees(self) -> bool:
        """True if the mean prediction lies within that interval."""
        low, high = self.interval
        return low <= self.said <= high


@dataclass(frozen=True)
class Together:
    """Joint model out of sample: pairs ranked correctly, squared error against the base rate's, calibration."""

    share: Estimate
    skill: Estimate
    brier: float
    base: float
    parts: tuple[Part, ...]


def together(measures: Values, cases: Cases, division: Division, luck: np.random.Generator) -> Together:
    """Joint model fitted on all folds but one and tested on that one, over FITS divisions.

    Pairs lie within a fold: across folds, a fold with more endings leaves the others fewer to learn from, and
    the model would seem worse than chance.
    """
    chances, bases, masks = [], [], []
    for _ in range(FITS):
        place = folds(cases, luck)
        masks.append(place == np.arange(FOLDS)[:, None])
        said, base = np.zeros(len(cases)), np.zeros(len(cases))
        for test in masks[-1]:
            said[test] = foretold(measures, cases, ~test, test)
            base[test] = base_rates(cases, ~test, test)
        chances.append(said)
        bases.append(base)
    share, shares = _ranked(chances, masks, cases, division)
    said, base = np.mean(chances, axis=0), np.mean(bases, axis=0)
    errors, errors_of_base = (said - cases.happens) ** 2, (base - cases.happens) ** 2
    skills = 1.0 - (division.resampled @ errors) / (division.resampled @ errors_of_base)
    brier, usual = float(errors.mean()), float(errors_of_base.mean())
    skill = Estimate(1.0 - brier / usual, *percentiles(skills), len(cases))
    ranking = Estimate(share, *percentiles(shares), len(cases))
    return Together(ranking, skill, brier, usual, _parts(said, cases))


def _ranked(chances: list[Values], masks: list[Mask], cases: Cases, division: Division) -> tuple[float, Values]:
    """Share of pairs ranked correctly within folds, in total and in each resample."""
    right, pairs, again = 0.0, 0.0, []
    for said, mask in zip(chances, masks, strict=True):
        found = tally(said, cases, mask.astype(float))
        right, pairs = right + float(found.right.sum()), pairs + float(found.pairs.sum())
        rows = (division.resampled[:, None, :] * mask[None, :, :]).reshape(-1, len(cases))
        redone = tally(said, cases, rows)
        again.append((redone.right.reshape(-1, FOLDS).sum(axis=1), redone.pairs.reshape(-1, FOLDS).sum(axis=1)))
    resampled = Tally(np.sum([r for r, _ in again], axis=0), np.sum([p for _, p in again], axis=0))
    return right / pairs if pairs else 0.5, resampled.share()


def foretold(measures: Values, cases: Cases, train: Mask, test: Mask) -> Values:
    """Predicted probabilities for the histories of `test`, from a ridge logistic regression on `train`.

    Every plan has a base rate of its own, which is not held back; measures are centred within plans.
    """
    plans = np.unique(cases.plan)
    known = (cases.plan[:, None] == plans[None, :]).astype(float)
    counts = np.maximum(known[train].sum(axis=0), 1.0)
    centred = measures - known @ ((known[train].T @ measures[train]) / counts[:, None])
    spread = centred[train].std(axis=0)
    design = np.concatenate([known, centred / np.where(spread > 0, spread, 1.0)], axis=1)
    held = np.concatenate([np.full(len(plans), 1e-3), np.full(measures.shape[1], 1.0 / SPREAD**2)])
    weights = fitted(design[train], cases.happens[train], held)
    return _chance(design[test] @ weights)


def fitted(design: Values, happens: Values, held: Values) -> Values:
    """Weights of a logistic regression with ridge penalty `held` / 2 times their squares, by Newton's method."""
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = _chance(design @ weights)
        slope = design.T @ (happens - chance) - held * weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(held)
        step = np.linalg.solve(curve, slope)
        weights = weights + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _chance(odds: Values) -> Values:
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0)))


def base_rates(cases: Cases, train: Mask, test: Mask) -> Values:
    """Each plan's share of endings in `train`, for the histories of `test`."""
    rates = {plan: cases.happens[train & (cases.plan == plan)] for plan in np.unique(cases.plan)}
    known = {plan: float(own.mean()) if len(own) else 0.5 for plan, own in rates.items()}
    return np.array([known[plan] for plan in cases.plan[test]])


def _parts(said: Values, cases: Cases) -> tuple[Part, ...]:
    order = np.argsort(said, kind="stable")
    return tuple(
        Part(float(said[own].mean()), int(cases.happens[own].sum()), len(own)) for own in np.array_split(order, PARTS)
    )
