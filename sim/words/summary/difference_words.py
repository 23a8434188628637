"""Paired differences between plans, by outcome and number of histories; verdicts equal comparison.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sim.analysis.compare import MOST, compare
from sim.analysis.estimates import Estimate, Race, Verdict
from sim.core.errors import InputError
from sim.engine.outcomes import DECIDING
from sim.words.summary.ranking_words import Lead
from sim.words.summary.study_view import Plan, Values, View
from sim.words.verdict_words import chance_of


def difference(view: View, plan: Plan, other: Plan, outcome: str) -> Verdict:
    """Paired difference `plan` − `other`, with the verdict of the study's own comparison if it has one."""
    asked = plan.cell, other.cell, outcome
    if asked not in view.differences:
        view.differences[asked] = _from_table(_comparison(view, plan, other), plan, other, outcome)
    return view.differences[asked]


def _comparison(view: View, plan: Plan, other: Plan) -> pd.DataFrame:
    """The study's own comparison if it is with the reference, else one made from the same runs."""
    base = plan if plan.is_reference else other
    if base.cell not in view.comparisons:
        own = _own_comparison(view) if base.cell == view.study.reference else None
        plans = min(len(view.all), MOST)
        made = compare(view.runs, base.cell, plans=plans, family=view.family) if own is None else own
        view.comparisons[base.cell] = made
    return view.comparisons[base.cell]


def _own_comparison(view: View) -> pd.DataFrame | None:
    try:
        table = view.study.comparison
    except InputError:
        return None
    return table[table["cell"].isin([plan.cell for plan in view.plans])]


def _from_table(table: pd.DataFrame, plan: Plan, other: Plan, outcome: str) -> Verdict:
    forward = (table["cell"] == plan.cell) & (table["reference_cell"] == other.cell)
    backward = (table["cell"] == other.cell) & (table["reference_cell"] == plan.cell)
    rows = table[(forward | backward) & (table["outcome"] == outcome)]
    if rows.empty:
        return Verdict("", Estimate.around(np.nan, np.nan))
    row = rows.iloc[0]
    gap = Estimate.around(float(row["mean_difference"]), float(row["half_width"]), int(row["n"]))
    found = Verdict(str(row["verdict"]), gap)
    return found if str(row["cell"]) == plan.cell else found.turned


def of_measures(
    view: View, plan: Plan, other: Plan, measures: Mapping[str, tuple[Values, Values]]
) -> dict[str, Verdict]:
    """Paired differences of measures derived from outcomes; each measure gives the values of `plan` and `other`."""
    rows = [(plan, 0), (other, 1)]
    tables = [
        pd.DataFrame({name: values[index] for name, values in measures.items()}).assign(
            cell=which.cell, label=which.name, replication=view.replications(which)
        )
        for which, index in rows
    ]
    table = compare(pd.concat(tables, ignore_index=True), other.cell, dict.fromkeys(measures, "neutral"))
    return {name: _from_table(table, plan, other, name) for name in measures}


def race(view: View) -> Race[Plan]:
    """The plan with the highest mean worth, and the shown plans that it is not clearly ahead of."""
    if view.race is None:
        view.race = _race(view)
    return view.race


def _race(view: View) -> Race[Plan]:
    order = sorted(view.plans, key=lambda plan: -float(np.nanmean(view.values(plan, DECIDING))))
    best, *others = order
    level = tuple(plan for plan in view.plans if plan in others and not lead(view, best, plan).ahead)
    return Race(DECIDING, best, tuple(others), level)


def lead(view: View, plan: Plan, other: Plan) -> Lead:
    """A plan's lead over another on the deciding outcome, over the histories that both have."""
    gap = difference(view, plan, other, DECIDING)
    numbers = np.intersect1d(view.replications(plan), view.replications(other))
    ours, theirs = (view.values(each, DECIDING)[np.isin(view.replications(each), numbers)] for each in (plan, other))
    first = replace(view.range(plan, DECIDING), value=float(np.nanmean(ours)))
    second = replace(view.range(other, DECIDING), value=float(np.nanmean(theirs)))
    return Lead(first, second, gap, chance_of(*ahead(view, plan, other, DECIDING)))


def ahead(view: View, plan: Plan, other: Plan, outcome: str) -> tuple[int, int]:
    """Number of shared histories (same luck) in which `plan` is above `other`, and their total."""
    ours = dict(zip(view.replications(plan).tolist(), view.values(plan, outcome).tolist(), strict=True))
    theirs = dict(zip(view.replications(other).tolist(), view.values(other, outcome).tolist(), strict=True))
    shared = [(ours[number], theirs[number]) for number in ours if number in theirs]
    return sum(mine > other_one for mine, other_one in shared), len(shared)
