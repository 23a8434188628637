"""Sensitivity indices: effect of each sampled factor on each outcome, and the share of luck (Q-S4, Q-V7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.sensitivity import factor_effects, index_estimates
from sim.analysis.sensitivity.index_estimates import IndexEstimates
from sim.analysis.sensitivity.sampled_points import LUCK, Points, Sample, grades
from sim.core.statistics.intervals import LEVEL, holm
from sim.study.design.designs import Design, notes
from sim.study.study import Study

STRENGTH = {"sobol": "total", "morris": "size", "lhs": "rank_coefficient", "one_at_a_time": "swing"}
"""Measure that ranks the factors, by kind of design."""
LEVER, SEVERAL = "lever", "several"
_COLUMNS = """
plan outcome factor grade measure value low high luck_half_width rank clear
"""
COLUMNS = tuple(_COLUMNS.split())
SPLIT = ("plan", "outcome", "luck", "low", "high", "points", "replications")


@dataclass(frozen=True)
class Sensitivity:
    """Effects of the factors of a sampled study.

    `table`: a row for each plan, outcome, factor and measure, with its 95% interval and the part due to the
    choice of histories; `rank` by strength, and `clear` for an effect significant at 5% over all factors by
    Holm's rule. `split`: share of luck in the variance of single histories; the factors cause the rest.
    `tornado`: effect of each single factor between its ends, in the outcome's unit. For two plans, rows named
    after both are for their paired difference. `steady`: plans and outcomes that no factor moved, which have
    no measures, and the reason (Points.steady).
    """

    study: str
    design: Design
    plans: tuple[str, ...]
    outcomes: tuple[str, ...]
    replications: int
    table: pd.DataFrame
    split: pd.DataFrame
    tornado: pd.DataFrame
    notes: tuple[str, ...]
    steady: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def strength(self) -> str:
        """Measure that ranks the factors."""
        return STRENGTH[self.design.kind]

    def drivers(self, plan: str, outcome: str, most: int = 5) -> pd.DataFrame:
        """Factors of an outcome with a significant effect, strongest first."""
        rows = self.of(plan, outcome, self.strength)
        return rows[rows["clear"]].sort_values("rank").head(most)

    def of(self, plan: str, outcome: str, measure: str) -> pd.DataFrame:
        """One measure of one outcome of a plan by factor."""
        table = self.table
        return table[(table["plan"] == plan) & (table["outcome"] == outcome) & (table["measure"] == measure)]


def sensitivity(study: Study, outcomes: Sequence[str] | None = None, scenario: str | None = None) -> Sensitivity:
    """Effects of each factor of the study's sample on outcomes, the headline ones by default.

    With one plan named, of that plan; else of every plan, and of two plans of their paired difference too.
    InputError where the study has no sample, or points or values are missing.
    """
    return found(Sample(study, outcomes, scenario))


def found(sample: Sample) -> Sensitivity:
    """Sensitivity of a sample."""
    design = sample.design
    own = _grades(design)
    tables, splits, swings = [], [], []
    steady = {}
    for points in sample.each():
        if points.steady:
            steady[points.plan, points.outcome] = points.steady
        measures = _MEASURES[design.kind](sample, points)
        tables += _rows(points, measures, own, STRENGTH[design.kind])
        splits.append(_split(sample, points))
        swings.append(factor_effects.swings(sample, points))
    split = pd.DataFrame([row for row in splits if row], columns=list(SPLIT))
    return Sensitivity(
        study=sample.study.folder.name,
        design=design,
        plans=tuple(dict.fromkeys(row["plan"] for row in tables)),
        outcomes=tuple(sample.outcomes),
        replications=len(sample.replications),
        table=pd.DataFrame(tables, columns=list(COLUMNS)),
        split=split,
        tornado=factor_effects.graded(pd.concat(swings, ignore_index=True), grades()),
        notes=tuple(_notes(sample)),
        steady=steady,
    )


Measures = Mapping[str, tuple[Sequence[str], IndexEstimates]]


def _sobol(sample: Sample, points: Points) -> Measures:
    groups = sample.design.groups
    data = points.values.reshape(sample.design.n, len(groups) + 2, -1)
    made = index_estimates.estimate(data, index_estimates.sobol)
    return {"first": (groups, _part(made, 0, 2)), "total": (groups, _part(made, 1, 2))}


def _morris(sample: Sample, points: Points) -> Measures:
    groups = sample.design.groups
    steps, signed = factor_effects.elementary(sample.design, sample.units, points.values)
    made = index_estimates.estimate(steps, index_estimates.morris)
    single = [number for number, alone in enumerate(signed) if alone]
    names = [groups[number] for number in single]
    return {
        "size": (groups, _part(made, 0, 3)),
        "mean": (names, _chosen(_part(made, 1, 3), single)),
        "spread": (names, _chosen(_part(made, 2, 3), single)),
    }


def _latin(sample: Sample, points: Points) -> Measures:
    return {"rank_coefficient": (sample.design.keys, sample.ranked.slopes(points.values, _ranked))}


def _alone(sample: Sample, points: Points) -> Measures:
    return {"swing": (sample.design.keys, factor_effects.paired_swings(sample.design, points.values))}


_MEASURES: dict[str, Callable[[Sample, Points], Measures]] = {
    "sobol": _sobol,
    "morris": _morris,
    "lhs": _latin,
    "one_at_a_time": _alone,
}


def _ranked(means: Values) -> Values:
    """Standardised ranks of means, without the last bits, which would separate equal ones."""
    return index_estimates.standardised(index_estimates.ranks(np.round(means, 12)))


def _part(made: IndexEstimates, place: int, of: int) -> IndexEstimates:
    count = len(made.value) // of
    return _chosen(made, range(place * count, (place + 1) * count))


def _chosen(made: IndexEstimates, places: Iterable[int]) -> IndexEstimates:
    chosen = list(places)
    return IndexEstimates(made.value[chosen], made.by_points[chosen], made.by_luck[chosen], made.folds)


def _rows(points: Points, measures: Measures, own: Mapping[str, str], strength: str) -> list[dict[str, Any]]:
    if points.steady:
        measures = {name: (factors, made.unknown) for name, (factors, made) in measures.items()}
    names, made = measures[strength]
    clear = dict(zip(names, np.array(holm(list(made.p))) < 1 - LEVEL, strict=True))
    size = np.abs(np.nan_to_num(made.value))
    ranked = dict(zip((names[place] for place in np.argsort(-size, kind="stable")), range(1, len(names) + 1)))
    return [
        {
            "plan": points.plan,
            "outcome": points.outcome,
            "factor": name,
            "grade": own[name],
            "measure": measure,
            "value": float(value),
            "low": float(value - half),
            "high": float(value + half),
            "luck_half_width": float(luck),
            "rank": ranked[name],
            "clear": bool(clear[name]),
        }
        for measure, (factors, estimate) in measures.items()
        for name, value, half, luck in zip(
            factors, estimate.value, estimate.half_width, estimate.luck_half_width, strict=True
        )
    ]


def _split(sample: Sample, points: Points) -> dict[str, Any] | None:
    """Share of luck in variance over points that represent the factors' ranges; no interval below three histories."""
    design, values = sample.design, points.values
    if design.kind == "one_at_a_time":
        return None
    if design.kind == "sobol":
        data = values.reshape(design.n, len(design.groups) + 2, -1)[:, [0, -1]]
    elif design.kind == "morris":
        data = values.reshape(design.n, len(design.groups) + 1, -1)
    else:
        data = values[:, None]
    counts = {"points": len(values), "replications": values.shape[1]}
    if points.steady:
        share = 1.0 if points.steady == LUCK else nan
        return {"plan": points.plan, "outcome": points.outcome, "luck": share, "low": nan, "high": nan, **counts}
    made = index_estimates.estimate(data, index_estimates.shares)
    share, half = float(made.value[0]), float(made.half_width[0]) if made.folds else nan
    ends = (
        {"low": max(share - half, 0.0), "high": min(share + half, 1.0)} if half == half else {"low": nan, "high": nan}
    )
    return {"plan": points.plan, "outcome": points.outcome, "luck": share, **ends, **counts}


def _grades(design: Design) -> dict[str, str]:
    """Evidence grade of each factor by key, and of each group by name."""
    known = grades()
    found = {factor.key: known.get(factor.key, LEVER) for factor in design.factors}
    for factor in design.factors:
        if factor.group:
            own = {found[other.key] for other in design.factors if other.group == factor.group}
            found[factor.group] = own.pop() if len(own) == 1 else SEVERAL
    return found


def _notes(sample: Sample) -> Iterable[str]:
    yield from notes(sample.design)
    count, kind = len(sample.replications), sample.design.kind
    asked = int(sample.study.runs.groupby("cell")["replication"].size().max())
    if count < asked:
        yield f"only the {count} histories that every point has are used, of up to {asked}: they met the same luck"
    if count == 1 and kind == "one_at_a_time":
        yield "with one history a point nothing has an interval: take at least two replications"
    elif count == 1:
        yield (
            "with one history a point, luck and the factors cannot be told apart, and luck makes measures of size "
            "too large: take at least three replications"
        )
    elif count == 2 and kind in ("sobol", "morris"):
        yield "two histories a point are too few to say how much luck adds to the intervals: take at least three"
    if kind == "lhs":
        yield "luck weakens rank coefficients and never makes one: more replications bring them nearer to their size"
        points, factors = sample.units.shape
        if points <= 2 * (factors + 1):
            yield (
                f"{points:,} points are too few to weigh {factors:,} factors against each other, so each was taken "
                "alone: a larger sample gives narrower intervals"
            )
    if kind == "morris":
        yield "luck's share is over the design's grid, which holds the ends of the ranges more often than their middle"
