"""Hindsight regret: cost of a plan against the best plan, history by history.

Taken history by history under the same luck it is exact for each, and its mean is not biased by the choice of the
best. Over several outcomes each is measured in standard deviations of its histories, all plans together, and
the concerns count alike: one of many possible weightings.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.arrays import Values
from sim.analysis.compare.concerns import Concern
from sim.analysis.compare.history_values import mean_interval, t_test
from sim.analysis.compare.paired_differences import signed
from sim.analysis.estimates import Estimate
from sim.core.statistics.intervals import LEVEL, holm
from sim.engine.outcomes import OUTCOMES


class HindsightRegret(NamedTuple):
    """Regret of a plan: expected on the leading outcome, the chance of being (equal) best, and over all concerns.

    `overall` is in standard deviations; `level` says that it cannot be told apart from the least.
    """

    plan: str
    expected: Estimate
    best: Estimate
    overall: Estimate
    least: bool
    level: bool


def regrets(values: Mapping[str, Mapping[str, Values]], concerns: Sequence[Concern]) -> list[HindsightRegret]:
    """Regret of each plan, from values by outcome and plan, paired; least over all concerns first.

    Histories in which some plan has no finite value of an outcome are left out of it; empty below two histories.
    """
    plans = list(next(iter(values.values())))
    lead = _shortfall(values[concerns[0].outcomes[0]], concerns[0].outcomes[0])
    known = ~np.isnan(lead).any(axis=0)
    if known.sum() < 2:
        return []
    overall = _overall(values, concerns)
    level = _level(overall)
    least = int(np.nanmean(overall, axis=1).argmin())
    found = []
    for number, plan in enumerate(plans):
        mine = lead[number, known]
        best = int((mine <= 0).sum())
        scores = overall[number][~np.isnan(overall[number])]
        chance = Estimate.of_count(best, int(known.sum()))
        whole = mean_interval(scores)
        found.append(HindsightRegret(plan, mean_interval(mine), chance, whole, number == least, level[number]))
    return sorted(found, key=lambda regret: regret.overall.value)


def _shortfall(values: Mapping[str, Values], outcome: str) -> Values:
    """Shortfall from the best plan, by plan and history; NaN if a plan has no finite value."""
    gains = signed(np.stack(list(values.values())), OUTCOMES[outcome].better)
    found: Values = np.where(np.isfinite(gains).all(axis=0), gains.max(axis=0) - gains, np.nan)
    return found


def _overall(values: Mapping[str, Mapping[str, Values]], concerns: Sequence[Concern]) -> Values:
    """Mean over concerns of mean scaled regret over their outcomes, by plan and history."""
    every = []
    for concern in concerns:
        parts = []
        for outcome in concern.outcomes:
            spread = float(np.nanstd([values[outcome][plan] for plan in values[outcome]], ddof=1))
            shortfall = _shortfall(values[outcome], outcome)
            parts.append(shortfall / spread if spread > 0 else shortfall)
        every.append(np.mean(parts, axis=0))
    found: Values = np.mean(every, axis=0)
    return found


def _level(overall: Values) -> list[bool]:
    """True for plans not distinguishable from the least regretted, by paired t-tests corrected for all pairs."""
    least = int(np.nanmean(overall, axis=1).argmin())
    p_values = []
    for plan in overall:
        gap = plan - overall[least]
        p_values.append(t_test(mean_interval(gap[~np.isnan(gap)])))
    others = [p for number, p in enumerate(p_values) if number != least]
    every = len(overall) * (len(overall) - 1) // 2
    corrected = iter(holm([*others, *[1.0] * (every - len(others))]))
    return [number == least or next(corrected) >= 1 - LEVEL for number in range(len(overall))]
