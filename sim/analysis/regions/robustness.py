"""Robustness of plans under uncertainty: regret and satisficing over the rows of a sample.

A plan's regret in a row is how far its expected outcome there falls short of the best plan's.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Numbers, Values
from sim.analysis.compare import NEVER
from sim.analysis.condition import Condition
from sim.analysis.estimates import Estimate
from sim.analysis.regions.map_axes import blocks, by_row, plan_names, points_of, sample
from sim.analysis.regions.regret import RowRegret, estimates, luck_share
from sim.analysis.two_way import TwoWayMean, level, mean_of, p_above_zero, share_of
from sim.core import words
from sim.core.errors import InputError, suggestion
from sim.core.statistics.intervals import LEVEL, Judged, judged, stretch, t_two_sided
from sim.engine.outcomes import DECIDING, OUTCOMES
from sim.study.study import Study

OUTCOME = DECIDING
FEW = 10
"""Replications in a row below which luck is reported as hard to separate from the drawn inputs."""
FEWEST_ROWS = 20
CRITERIA = ("regret", "high regret", "meets")


@dataclass(frozen=True)
class Robust:
    """Robustness of one plan over rows: expected outcome, regret, and frequency of meeting the condition.

    `outcome` and `expected` are the same mean, once with its two errors, once with an interval within bounds.
    `number` is its place in the study, the reference at 0; `best_in` the share of rows in which its mean is the
    best as simulated; `meets_rows` the share in which more than half of the histories meet the condition.
    `level_with` names, by criterion, plans that are not distinguishable from it. `behind` is its mean regret in
    excess of the best plan's, with the interval behind the verdict; None for the best plan itself.
    """

    plan: str
    number: int
    outcome: TwoWayMean
    expected: Estimate
    regret: RowRegret
    best_in: float
    meets: Estimate
    meets_rows: Estimate
    unknown: int
    level_with: dict[str, tuple[str, ...]]
    behind: Estimate | None = None


@dataclass(frozen=True)
class Robustness:
    """Full result, least mean regret first; `luck` is the share of luck in regret differences."""

    outcome: str
    condition: Condition
    plans: tuple[Robust, ...]
    rows: int
    dropped: int
    replications: int
    luck: float
    table: pd.DataFrame

    @property
    def unit(self) -> str:
        """Unit of regret."""
        unit = OUTCOMES[self.outcome].unit
        return "share" if unit == "flag" else unit


def robust(study: Study, condition: Condition, outcome: str = OUTCOME) -> Robustness:
    """Regret and satisficing of every plan over a sample's rows. Raises InputError if there are none."""
    _check(study, outcome)
    points = points_of(study)
    names = plan_names(study, points)
    if len(names) < 2:
        raise InputError("regret compares plans, and this study has one: sweep scenario=a,b over the same sample")
    sign = -1.0 if OUTCOMES[outcome].better == "lower" else 1.0
    truth = condition.holds(study.runs).astype("Float64").to_numpy(dtype=float, na_value=math.nan)
    values, met, rows, dropped = _cube(study, points, list(names), sign * study.runs[outcome].astype(float), truth)
    if len(rows) < FEWEST_ROWS:
        raise InputError(f"only {len(rows)} rows have every plan and history, and robustness needs {FEWEST_ROWS}")
    block = blocks(study)[rows]
    found, draws = estimates(values, block)
    tied, gaps = _level(values, met, block, draws, list(names.values()), outcome == DECIDING)
    best = values.mean(axis=2).argmax(axis=0)
    plans = []
    for at, name in enumerate(names.values()):
        unknown = int(np.isnan(met[at]).sum())
        in_histories = replace(share_of(_by_block(met[at], block)), n=met[at].size - unknown)
        in_rows = replace(share_of(_by_block(_mostly(met[at]), block)), n=len(rows))
        own = {criterion: tied[criterion, name] for criterion in CRITERIA}
        table = _by_block(sign * values[at], block)
        mean, expected, share = mean_of(table), level(table, outcome), float((best == at).mean())
        plans.append(Robust(name, at, mean, expected, found[at], share, in_histories, in_rows, unknown, own))
    ranked = tuple(sorted(plans, key=lambda plan: -sign * plan.outcome.mean))
    ranked = tuple(replace(plan, behind=gaps.get((ranked[0].number, plan.number))) for plan in ranked)
    lines = pd.DataFrame([_line(plan) for plan in ranked])
    return Robustness(outcome, condition, ranked, len(rows), dropped, values.shape[2], luck_share(values), lines)


def _check(study: Study, outcome: str) -> None:
    kind = (study.manifest.get("design") or {}).get("kind")
    if sample(study) is None or kind == "one_at_a_time":
        raise InputError(
            "robustness is over a sample of what is not known, which this study has not: make one with "
            "tandem sweep scenario=a,b design=lhs design.over=evidence design.n=500"
        )
    known = [name for name, each in OUTCOMES.items() if each.better != "neutral" and name not in NEVER]
    if outcome in NEVER:
        raise InputError(f"{outcome} can be never, which has no mean: ask with --meets '{outcome} < …' instead")
    if outcome not in known:
        raise InputError(f"'{outcome}' is no outcome with a better direction{suggestion(outcome, known)}")


def _cube(
    study: Study, points: pd.DataFrame, scenarios: Sequence[str], values: Any, truth: Any
) -> tuple[Values, Values, Numbers, int]:
    """Values and condition by plan, row and replication, for rows complete in every plan."""
    tables = [points[points["scenario"] == scenario] for scenario in scenarios]
    found = [by_row(study.runs, cells, values) for cells in tables]
    met = [by_row(study.runs, cells, truth) for cells in tables]
    rows = np.unique(np.concatenate([numbers for numbers, _ in found]))
    shape = (len(scenarios), len(rows), max(table.shape[1] for _, table in found))
    cubes = np.full((2, *shape), np.nan)
    for kind, each in enumerate((found, met)):
        for at, (numbers, table) in enumerate(each):
            cubes[kind, at, np.searchsorted(rows, numbers), : table.shape[1]] = table
    whole = ~np.isnan(cubes[0]).any(axis=(0, 2))
    return cubes[0][:, whole], cubes[1][:, whole], rows[whole], int((~whole).sum())


def _mostly(met: Values) -> Values:
    """Column of flags: true if more than half of a row's known histories meet the condition."""
    known = (~np.isnan(met)).sum(axis=1)
    share = np.nansum(met, axis=1) / np.maximum(1, known)
    found: Values = np.where(known > 0, share > 0.5, np.nan)[:, None]
    return found


def _by_block(values: Values, block: Numbers) -> Values:
    """Table with rows of one base point averaged, since together they are one independent draw."""
    order, at = np.unique(block, return_inverse=True)
    if len(order) == len(values):
        return values
    known = ~np.isnan(values)
    sums, counts = np.zeros((2, len(order), values.shape[1]))
    np.add.at(sums, at, np.where(known, values, 0.0))
    np.add.at(counts, at, known)
    return np.where(counts > 0, sums / np.maximum(1, counts), np.nan)


def _level(
    values: Values, met: Values, block: Numbers, draws: Values, names: Sequence[str], decides: bool
) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[tuple[int, int], Estimate]]:
    """By criterion and plan the plans it cannot be told apart from, and by two plans how much the second is behind.

    At 5% over all pairs and criteria (Holm); regret on a deciding outcome is corrected over all pairs alone.
    """
    groups = [count for count in (len(np.unique(block)), values.shape[2]) if count > 1]
    df = min(groups) - 1
    tests: list[tuple[str, int, int]] = []
    chances: list[float] = []
    apart: list[TwoWayMean] = []
    for first, second in itertools.combinations(range(len(names)), 2):
        spread = float((draws[:, first, 1] - draws[:, second, 1]).std(ddof=1))
        shift = float(np.mean(draws[:, first, 1] - draws[:, second, 1]))
        by_high = t_two_sided(shift / spread, df) if spread else float(shift == 0)
        apart.append(mean_of(_by_block(values[first] - values[second], block)))
        chances += [p_above_zero(apart[-1]), by_high, p_above_zero(mean_of(_by_block(met[first] - met[second], block)))]
        tests += [(criterion, first, second) for criterion in CRITERIA]
    tied: dict[tuple[str, str], tuple[str, ...]] = {(one, name): () for one in CRITERIA for name in names}
    found = _judged(chances, decides)
    for (criterion, first, second), judgement in zip(tests, found, strict=True):
        if judgement.p >= 1 - LEVEL:
            tied[criterion, names[first]] += (names[second],)
            tied[criterion, names[second]] += (names[first],)
    gaps: dict[tuple[int, int], Estimate] = {}
    for (_, first, second), gap, judgement in zip(tests[:: len(CRITERIA)], apart, found[:: len(CRITERIA)], strict=True):
        half = gap.half_width * (stretch(gap.df, judgement.confidence) if gap.error else 1.0)
        gaps[first, second] = Estimate.around(gap.mean, half, gap.n)
        gaps[second, first] = gaps[first, second].turned
    return tied, gaps


def _judged(chances: Sequence[float], decides: bool) -> list[Judged]:
    """P-values of all pairs by criterion, corrected; regret alone where it decides."""
    if not decides:
        return judged(chances)
    count = len(CRITERIA)
    regrets = judged(chances[::count])
    rest = iter(judged([p for place, p in enumerate(chances) if place % count]))
    return [next(rest) if place % count else regrets[place // count] for place in range(len(chances))]


def _line(plan: Robust) -> dict[str, Any]:
    outcome = {"mean": plan.outcome.mean, "half_width": plan.outcome.half_width}
    parts = {"rows_error": plan.outcome.rows_error, "luck_error": plan.outcome.luck_error}
    names = ("regret", "high_regret", "worst_regret")
    line: dict[str, Any] = {"plan": plan.plan, **outcome, **parts, "best_in_rows": plan.best_in}
    behind = plan.behind or Estimate(0.0, 0.0, 0.0)
    line |= {"behind": behind.value, "behind_low": behind.low, "behind_high": behind.high}
    for name, each, simulated in zip(names, plan.regret.figures, plan.regret.simulated, strict=True):
        line |= {name: each.value, f"{name}_low": each.low, f"{name}_high": each.high, f"{name}_simulated": simulated}
    for name, share in (("meets", plan.meets), ("meets_rows", plan.meets_rows)):
        line |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high, f"{name}_n": share.n}
    for criterion, others in plan.level_with.items():
        line[f"{words.plain(criterion).replace(' ', '_')}_level_with"] = "; ".join(others)
    return line
