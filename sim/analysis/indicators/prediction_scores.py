"""Ranking accuracy of measures, scored on histories not used to choose them, with numpy alone.

A pair is two histories of one plan, of which one comes to the ending and the other does not. Plans are never
compared with one another: that a plan is risky is known beforehand and foretells nothing of its histories.
All histories of one replication share their luck, so they stay together, in one fold and in every resample.
"""

from dataclasses import dataclass

import numpy as np

from sim.analysis.arrays import Numbers, Values

FOLDS = 5
"""Number of folds, the usual five; each is scored by a choice made on the other four."""
REPEATS = 10
"""Number of divisions into folds; enough that another division moves a score by under half a point."""
FITS = 4
"""Number of divisions for the joint model, which is fitted again for each."""
RESAMPLES = 200
"""Number of resamples of replications, which give an interval's ends to about one point."""
SPREAD = 0.1
"""Prior scale of a measure's effect on the log-odds for one standard deviation: forty measures, which move
partly together, may then double the odds, and no more."""
STEPS = 25
"""Maximum number of Newton steps; a ridge fit needs six or seven."""


@dataclass(frozen=True)
class Cases:
    """Histories by plan and replication, with 1 for those that reach the ending and 0 for others."""

    plan: Numbers
    replication: Numbers
    happens: Values

    def __len__(self) -> int:
        return len(self.happens)

    @property
    def count(self) -> int:
        """Number of histories that reach the ending."""
        return int(self.happens.sum())


@dataclass(frozen=True)
class Tally:
    """Weighted pairs, and weight of those ranked correctly, with one entry for each set of weights."""

    right: Values
    pairs: Values

    def share(self) -> Values:
        """Share of pairs ranked correctly; one half if there are none."""
        return np.divide(self.right, self.pairs, out=np.full_like(self.right, 0.5), where=self.pairs > 0)


def tally(values: Values, cases: Cases, weights: Values) -> Tally:
    """Pairs within plans in which the history with the ending has the higher value; ties count half.

    `weights` has a row a set of weights and a column a history.
    """
    right, pairs = np.zeros(len(weights)), np.zeros(len(weights))
    for plan in np.unique(cases.plan):
        own = np.flatnonzero(cases.plan == plan)
        own = own[np.argsort(values[own], kind="stable")]
        ordered, happens = values[own], cases.happens[own] == 1.0
        spared = np.cumsum(weights[:, own] * ~happens, axis=1)
        spared = np.concatenate([np.zeros((len(weights), 1)), spared], axis=1)
        case = weights[:, own[happens]]
        below = np.searchsorted(ordered, ordered[happens], "left")
        upto = np.searchsorted(ordered, ordered[happens], "right")
        right += (case * (spared[:, below] + spared[:, upto])).sum(axis=1) / 2
        pairs += case.sum(axis=1) * spared[:, -1]
    return Tally(right, pairs)


def folds(cases: Cases, luck: np.random.Generator, count: int = FOLDS) -> Numbers:
    """Fold number of each history: whole replications, spread evenly by their number of endings."""
    numbers, place = np.unique(cases.replication, return_inverse=True)
    endings = np.bincount(place, weights=cases.happens, minlength=len(numbers))
    order = np.lexsort((luck.random(len(numbers)), -endings))
    fold = np.empty(len(numbers), dtype=np.int64)
    fold[order] = np.arange(len(numbers)) % count
    return (luck.permutation(count)[fold])[place]


def resamples(cases: Cases, luck: np.random.Generator, count: int = RESAMPLES) -> Values:
    """Weights of histories in resamples of whole replications, one row for each resample."""
    numbers, place = np.unique(cases.replication, return_inverse=True)
    drawn = luck.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), size=count)
    return drawn.astype(float)[:, place]


@dataclass(frozen=True)
class Division:
    """Division of histories into folds for scores and resamples for intervals, the same for every measure.

    `train` and `test` have a row for each fold of each repeat; `again` has a row for each fold of each
    resample, made with the folds of repeat `turn`.
    """

    train: Values
    test: Values
    again: Values
    turn: Numbers
    resampled: Values


def divided(cases: Cases, luck: np.random.Generator) -> Division:
    """REPEATS divisions into FOLDS, and RESAMPLES resamples, each scored with one repeat's folds."""
    places = np.stack([folds(cases, luck) for _ in range(REPEATS)])
    test = np.concatenate([places == fold for fold in range(FOLDS)]).astype(float)
    test = test.reshape(FOLDS, REPEATS, -1).swapaxes(0, 1).reshape(REPEATS * FOLDS, -1)
    weights = resamples(cases, luck)
    turn = np.arange(len(weights)) % REPEATS
    rows = (turn[:, None] * FOLDS + np.arange(FOLDS)[None, :]).reshape(-1)
    return Division(1.0 - test, test, np.repeat(weights, FOLDS, axis=0) * test[rows], turn, weights)


@dataclass(frozen=True)
class Ranking:
    """Measures scored out of sample one at a time: shares of pairs ranked correctly.

    `side` is +1 where a high level foretells the ending, −1 where a low one does. `resampled` has a row a
    measure and a column a resample. `afresh` is the score of choosing the best measure anew each time, without
    the histories it is then scored on.
    """

    share: Values
    side: Values
    resampled: Values
    afresh: float
    afresh_resampled: Values

    def interval(self, measure: int) -> tuple[float, float]:
        """The 95% interval of a measure's share."""
        return percentiles(self.resampled[measure])


def percentiles(values: Values) -> tuple[float, float]:
    """Middle 95% of resampled values."""
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def ranked(measures: Values, cases: Cases, division: Division) -> Ranking:
    """Score each column of `measures` alone, with its direction learnt from the other folds only."""
    learnt, right, pairs, again, again_pairs, whole = [], [], [], [], [], []
    rows = (division.turn[:, None] * FOLDS + np.arange(FOLDS)[None, :]).reshape(-1)
    for values in measures.T:
        trained = tally(values, cases, division.train).share() - 0.5
        tested, resampled = tally(values, cases, division.test), tally(values, cases, division.again)
        learnt.append(trained)
        right.append(_turned(tested, trained))
        pairs.append(tested.pairs)
        again.append(_turned(resampled, trained[rows]))
        again_pairs.append(resampled.pairs)
        whole.append(trained.mean())
    shares = _pooled(np.array(right), np.array(pairs), len(division.test))
    redone = _pooled(np.array(again), np.array(again_pairs), FOLDS)
    best = np.abs(np.array(learnt)).argmax(axis=0)
    folds_of_all, own = np.arange(len(best)), best[rows]
    chosen = _pooled(np.array(right)[best, folds_of_all], np.array(pairs)[best, folds_of_all], len(best))
    every = np.arange(len(own))
    chosen_again = _pooled(np.array(again)[own, every], np.array(again_pairs)[own, every], FOLDS)
    side = np.where(np.array(whole) >= 0, 1.0, -1.0)
    return Ranking(shares[:, 0], side, redone, float(chosen[0]), chosen_again)


def _turned(found: Tally, trained: Values) -> Values:
    """Pairs ranked correctly when a measure is read in the direction learnt in training."""
    return np.where(trained >= 0, found.right, found.pairs - found.right)


def _pooled(right: Values, pairs: Values, together: int) -> Values:
    """Shares of pairs ranked correctly, pooled over groups of neighbouring entries."""
    shape = (*right.shape[:-1], -1, together)
    return Tally(right.reshape(shape).sum(axis=-1), pairs.reshape(shape).sum(axis=-1)).share()
