"""First-order stochastic dominance between plans: one ahead of the other at every level, and the evidence.

The null hypothesis is that a plan does not dominate: at some level it is below at least as often as the other.
It is rejected only if rejected at every one of LEVELS (an intersection–union test, Davidson and Duclos 2013),
so that its p-value is the highest of theirs. At each level paired histories are compared by McNemar's exact
test, histories of independent luck by the two-sample test of shares. Pairs and directions are corrected by
Holm's rule. Beyond the levels the tails hold too few histories for a test.
"""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from sim.analysis.arrays import Mask, Values
from sim.core.statistics.intervals import LEVEL, holm, sign_test

Both = tuple[Values, Values, bool]
LEVELS = tuple(step / 20 for step in range(2, 19))
"""Shares of the pooled histories below the tested levels: 10% to 90%."""
FEWEST = 10
"""Minimum histories of a plan for a test; fewer could not be significant even if all agreed."""
FIRST, SECOND, CROSSING, SEEMING, UNKNOWN = "first", "second", "neither", "seems", "cannot be told"


class Dominance(NamedTuple):
    """Result for two plans: `verdict` is FIRST or SECOND (that one dominates), CROSSING (each is for sure
    ahead somewhere), SEEMING (`ahead` is nowhere behind in the sample, which is not sure) or UNKNOWN.

    `p_value` is that of the nearer direction, corrected.
    """

    first: str
    second: str
    verdict: str
    ahead: str
    p_value: float
    n: int
    paired: bool


class _Looked(NamedTuple):
    """Gaps between the shares below each level (second less first), and one-sided p-values both ways."""

    gaps: list[float]
    first: list[float]
    second: list[float]


def dominance(pairs: Mapping[tuple[str, str], Both], higher: bool) -> list[Dominance]:
    """Dominance for each pair of plans, from values of both and a flag for paired luck."""
    sign = 1.0 if higher else -1.0
    looked, sizes = {}, {}
    for names, (first, second, paired) in pairs.items():
        ours, theirs = _known(sign * first, sign * second, paired)
        looked[names], sizes[names] = _look(ours, theirs, paired), min(len(ours), len(theirs))
    sure = holm([max(side, default=1.0) for found in looked.values() for side in (found.first, found.second)])
    told = zip(looked.items(), zip(sure[::2], sure[1::2], strict=True), strict=True)
    tests = 2 * len(looked)
    return [_told(names, found, p, tests, sizes[names], pairs[names][2]) for (names, found), p in told]


def _known(ours: Values, theirs: Values, paired: bool) -> tuple[Values, Values]:
    if not paired:
        return ours[~np.isnan(ours)], theirs[~np.isnan(theirs)]
    known = ~np.isnan(ours) & ~np.isnan(theirs)
    return ours[known], theirs[known]


def _look(ours: Values, theirs: Values, paired: bool) -> _Looked:
    both = np.concatenate([ours, theirs])
    if not len(ours) or not len(theirs):
        return _Looked([], [], [])
    levels = np.unique(np.quantile(both, LEVELS, method="inverted_cdf"))
    levels = levels[levels < both.max()]
    # Below a level: up to and with it, as a distribution function counts.
    below = [(ours <= level, theirs <= level) for level in levels]
    gaps = [float(b.mean() - a.mean()) for a, b in below]
    one_sided = _mcnemar if paired else _two_sample
    return _Looked(gaps, [one_sided(b, a) for a, b in below], [one_sided(a, b) for a, b in below])


def _mcnemar(more: Mask, less: Mask) -> float:
    """One-sided exact McNemar p-value for an excess when both are equally likely."""
    up, down = int((more & ~less).sum()), int((less & ~more).sum())
    return sign_test(up, down) / 2 if up > down else 1.0


def _two_sample(more: Mask, less: Mask) -> float:
    gap = float(more.mean() - less.mean())
    share = (int(more.sum()) + int(less.sum())) / (len(more) + len(less))
    error = math.sqrt(share * (1 - share) * (1 / len(more) + 1 / len(less)))
    return 1 - NormalDist().cdf(gap / error) if error > 0 and gap > 0 else 1.0


def _told(
    pair: tuple[str, str], found: _Looked, p_values: tuple[float, float], tests: int, n: int, paired: bool
) -> Dominance:
    first, second = pair
    nearer = min(p_values)
    if nearer < 1 - LEVEL:
        verdict = FIRST if p_values[0] <= p_values[1] else SECOND
        return Dominance(first, second, verdict, first if verdict == FIRST else second, nearer, n, paired)
    somewhere = [min(side, default=1.0) * len(side) * tests for side in (found.first, found.second)]
    if max(somewhere) < 1 - LEVEL:
        return Dominance(first, second, CROSSING, "", nearer, n, paired)
    for name, sign in ((first, 1), (second, -1)):
        if any(found.gaps) and all(sign * gap >= 0 for gap in found.gaps):
            return Dominance(first, second, SEEMING, name, nearer, n, paired)
    return Dominance(first, second, UNKNOWN, "", nearer, n, paired)
