"""Effects of single factors on an outcome from their low to their high end: the rows of a tornado."""

from collections.abc import Mapping
from math import nan

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare import paired_interval
from sim.analysis.sensitivity import index_estimates
from sim.analysis.sensitivity.index_estimates import IndexEstimates
from sim.analysis.sensitivity.sampled_points import Points, Sample
from sim.core.statistics.intervals import LEVEL, holm, t_quantile
from sim.study.design.designs import Design

_TORNADO = """
plan outcome factor at_low at_low_half_width at_high at_high_half_width swing swing_half_width luck_half_width clear
"""
TORNADO = tuple(_TORNADO.split())


def swings(sample: Sample, points: Points) -> pd.DataFrame:
    """Rows of factors: the outcome at the low and high ends relative to the middle, and between the ends.

    Without figures where no factor moved the outcome.
    """
    table = _between_ends(sample, points)
    if points.steady:
        figures = [name for name in TORNADO if name not in ("plan", "outcome", "factor", "clear")]
        table = table.assign(**dict.fromkeys(figures, nan), clear=False)
    return table


def _between_ends(sample: Sample, points: Points) -> pd.DataFrame:
    if sample.design.kind == "one_at_a_time":
        return _alone(sample.design, points)
    if sample.design.kind == "lhs":
        names, made = sample.design.keys, sample.centred.slopes(points.values - points.values.mean(axis=0))
    else:
        names, made = (_over_pairs if sample.design.kind == "sobol" else _over_steps)(sample, points)
    half, luck = made.half_width, made.luck_half_width
    clear = np.array(holm(list(made.p))) < 1 - LEVEL
    rows = [
        (points.plan, points.outcome, name, -v / 2, h / 2, v / 2, h / 2, v, h, g, bool(c))
        for name, v, h, g, c in zip(names, made.value, half, luck, clear, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(TORNADO))


def graded(table: pd.DataFrame, grades: Mapping[str, str]) -> pd.DataFrame:
    """The table with each factor's evidence grade, or 'lever' for a lever."""
    table.insert(3, "grade", [grades.get(key, "lever") for key in table["factor"]])
    return table


def elementary(design: Design, units: Values, values: Values) -> tuple[Values, list[bool]]:
    """Change of the outcome over the full range, by trajectory, group and replication, with a flag for a known sign.

    A group of several factors has none: they move up and down together.
    """
    groups = design.groups
    shape = (design.n, len(groups) + 1, -1)
    moved = np.diff(units.reshape(shape), axis=1)
    change = np.diff(values.reshape(shape), axis=1)
    member = np.array([groups.index(factor.moves_with) for factor in design.factors])
    alone = [int((member == number).sum()) == 1 for number in range(len(groups))]
    found = np.empty_like(change)
    for trajectory in range(design.n):
        column = np.abs(moved[trajectory]).argmax(axis=1)
        step = moved[trajectory][np.arange(len(groups)), column]
        which = member[column]
        size = np.where(np.array(alone)[which], step, np.abs(step))
        found[trajectory, which] = change[trajectory] / size[:, None]
    return found, alone


def _over_pairs(sample: Sample, points: Points) -> tuple[tuple[str, ...], IndexEstimates]:
    """Effects in a Saltelli sample, from pairs of points that differ only in one group."""
    design = sample.design
    values = points.values.reshape(design.n, len(design.groups) + 2, -1)
    parts = [
        (own, regression.slopes(values[:, number] - values[:, 0]))
        for number, (own, regression) in enumerate(sample.paired, start=1)
    ]
    return design.keys, _joined(parts, len(design.factors))


def _joined(parts: list[tuple[list[int], IndexEstimates]], count: int) -> IndexEstimates:
    value, by_points, by_luck = np.zeros(count), np.zeros(count), np.full(count, nan)
    for own, made in parts:
        value[own], by_points[own], by_luck[own] = made.value, made.by_points, made.by_luck
    return IndexEstimates(value, by_points, by_luck, parts[0][1].folds)


def _over_steps(sample: Sample, points: Points) -> tuple[tuple[str, ...], IndexEstimates]:
    """Effects in Morris trajectories: mean effect of each factor that moves alone."""
    design = sample.design
    steps, alone = elementary(design, sample.units, points.values)
    made = index_estimates.estimate(steps, lambda data, weights: np.tensordot(weights, data, axes=1).mean(axis=-1))
    single = [number for number, own in enumerate(alone) if own]
    chosen = IndexEstimates(made.value[single], made.by_points[single], made.by_luck[single], made.folds)
    return tuple(_key(design, design.groups[number]) for number in single), chosen


def _key(design: Design, group: str) -> str:
    return next(factor.key for factor in design.factors if factor.moves_with == group)


def _alone(design: Design, points: Points) -> pd.DataFrame:
    """Effects one factor at a time: paired differences from the usual point, and between ends."""
    rows = []
    for factor, (low, high) in _ends(design, points.values).items():
        base = points.values[0]
        at_low, at_high = (paired_interval(points.values[place], base) for place in (low, high))
        between = paired_interval(points.values[high], points.values[low])
        figures = [figure for found in (at_low, at_high, between) for figure in (found.value, found.half_width)]
        rows.append((points.plan, points.outcome, factor, *figures, between.half_width, False))
    table = pd.DataFrame(rows, columns=list(TORNADO))
    table["clear"] = np.array(holm(list(paired_swings(design, points.values).p))) < 1 - LEVEL
    return table


def paired_swings(design: Design, values: Values) -> IndexEstimates:
    """Change of the outcome from each factor's low to high end; luck is its only error."""
    pairs = [paired_interval(values[high], values[low]) for low, high in _ends(design, values).values()]
    n = values.shape[1]
    error = np.array([pair.half_width for pair in pairs]) / (t_quantile((1 + LEVEL) / 2, n - 1) if n > 1 else 1.0)
    return IndexEstimates(np.array([pair.value for pair in pairs]), np.zeros(len(pairs)), error, n)


def _ends(design: Design, values: Values) -> dict[str, tuple[int, int]]:
    """Rows at each factor's low and high end; for choices, those with the lowest and highest outcome."""
    found: dict[str, tuple[int, int]] = {}
    row = 1
    for factor in design.factors:
        count = len(factor.values) - 1 if factor.values else design.n
        if factor.values:
            rows = [0, *range(row, row + count)]
            means = values[rows].mean(axis=1)
            found[factor.key] = (rows[int(means.argmin())], rows[int(means.argmax())])
        else:
            found[factor.key] = (row, row + count - 1)
        row += count
    return found
