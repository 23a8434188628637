"""Which plans can be told apart, on what, and in how many histories: the same verdicts as comparison.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.compare import MOST, compare
from sim.core import words
from sim.core.errors import InputError
from sim.core.statistics.intervals import wilson
from sim.engine.outcomes import DECIDING
from sim.words.summary.ranking_words import Lead
from sim.words.summary.study_view import Plan, Values, View


@dataclass(frozen=True)
class Difference:
    """The mean paired difference of two plans, half of the interval its verdict rests on, and that verdict.

    `clear` says whether it can be told from none, `same` whether no history differs.
    """

    mean: float
    half_width: float
    clear: bool
    same: bool = False

    @property
    def low(self) -> float:
        """Lower end of that interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of that interval."""
        return self.mean + self.half_width


@dataclass(frozen=True)
class Race:
    """Who is worth most: the plan with the best mean, the others in order, and those that it is not ahead of."""

    best: Plan
    others: tuple[Plan, ...]
    level: tuple[Plan, ...]

    @property
    def rival(self) -> Plan:
        """The plan to name beside the best: the first that it is not ahead of, else the next."""
        return next((plan for plan in self.others if plan in self.level), self.others[0])


def difference(view: View, plan: Plan, other: Plan, outcome: str) -> Difference:
    """Paired difference `plan` − `other`; the verdict of the study's comparison where it holds one."""
    asked = plan.cell, other.cell, outcome
    if asked not in view.differences:
        view.differences[asked] = _from_table(_comparison(view, plan, other), plan, other, outcome)
    return view.differences[asked]


def _comparison(view: View, plan: Plan, other: Plan) -> pd.DataFrame:
    """The study's own comparison where it is with the reference, else one made of the same runs."""
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


def _from_table(table: pd.DataFrame, plan: Plan, other: Plan, outcome: str) -> Difference:
    forward = (table["cell"] == plan.cell) & (table["reference_cell"] == other.cell)
    backward = (table["cell"] == other.cell) & (table["reference_cell"] == plan.cell)
    rows = table[(forward | backward) & (table["outcome"] == outcome)]
    if rows.empty:
        return Difference(float("nan"), float("nan"), False)
    row = rows.iloc[0]
    sign = 1.0 if str(row["cell"]) == plan.cell else -1.0
    mean, half, verdict = float(row["mean_difference"]), float(row["half_width"]), row["verdict"]
    return Difference(sign * mean, half, verdict in CLEAR, verdict == "identical")


def of_measures(
    view: View, plan: Plan, other: Plan, measures: Mapping[str, tuple[Values, Values]]
) -> dict[str, Difference]:
    """Paired differences of measures made from outcomes; each gives the values of `plan` and of `other`."""
    rows = [(plan, 0), (other, 1)]
    tables = [
        pd.DataFrame({name: values[index] for name, values in measures.items()}).assign(
            cell=which.cell, label=which.name, replication=view.replications(which)
        )
        for which, index in rows
    ]
    table = compare(pd.concat(tables, ignore_index=True), other.cell, dict.fromkeys(measures, "neutral"))
    return {name: _from_table(table, plan, other, name) for name in measures}


CLEAR = frozenset({"better", "worse", "higher", "lower"})


def race(view: View) -> Race:
    """The plan that is worth most on average, and the shown plans that it is not surely ahead of."""
    if view.race is None:
        view.race = _race(view)
    return view.race


def _race(view: View) -> Race:
    order = sorted(view.plans, key=lambda plan: -float(np.nanmean(view.values(plan, DECIDING))))
    best, *others = order
    level = tuple(plan for plan in view.plans if plan in others and not lead(view, best, plan).ahead)
    return Race(best, tuple(others), level)


def lead(view: View, plan: Plan, other: Plan) -> Lead:
    """How far a plan is ahead of another in what decides, over the histories that both have."""
    gap = difference(view, plan, other, DECIDING)
    numbers = np.intersect1d(view.replications(plan), view.replications(other))
    ours, theirs = (view.values(each, DECIDING)[np.isin(view.replications(each), numbers)] for each in (plan, other))
    often = chance_with_range(*ahead(view, plan, other, DECIDING))
    first, second = float(np.nanmean(ours)), float(np.nanmean(theirs))
    ranges = view.range(plan, DECIDING), view.range(other, DECIDING)
    ends = (ranges[0].low, ranges[0].high), (ranges[1].low, ranges[1].high)
    return Lead(first, second, gap.low, gap.high, gap.clear, often, gap.same, ends)


def ahead(view: View, plan: Plan, other: Plan, outcome: str) -> tuple[int, int]:
    """In how many of the histories both have, under the same luck, `plan` is above `other`."""
    ours = dict(zip(view.replications(plan).tolist(), view.values(plan, outcome).tolist(), strict=True))
    theirs = dict(zip(view.replications(other).tolist(), view.values(other, outcome).tolist(), strict=True))
    shared = [(ours[number], theirs[number]) for number in ours if number in theirs]
    return sum(mine > other_one for mine, other_one in shared), len(shared)


def chance_with_range(count: int, total: int) -> str:
    """A chance as a natural frequency, percentage and 95% interval: "one history in six (17%, 12 to 23)"."""
    low, high = wilson(count, total)
    share = count / total if total else 0.0
    bounds = f"{round(100 * low)} to {round(100 * high)}"
    return f"{words.frequency(count, total)} ({words.percent(share)}, {bounds})"


def percent_with_range(count: int, total: int) -> str:
    """A chance for a table: "17% (12–23)"."""
    low, high = wilson(count, total)
    return f"{words.percent(count / total if total else 0.0)} ({round(100 * low)}–{round(100 * high)})"
