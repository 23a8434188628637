"""Plans found by a search, re-evaluated under fresh luck: their value, and distinguishable pairs.

The best of many plans under one luck look better than they are (the winner's curse), so both figures are kept:
the search's estimate, and the value under fresh luck with its interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.compare import compare, mean_interval
from sim.analysis.estimates import CLEAR, DOWN, Estimate
from sim.analysis.plan_measures import PlanMeasure, measure
from sim.analysis.seeking.search import Direction
from sim.core.errors import InputError, shown
from sim.core.statistics.intervals import wilson


@dataclass(frozen=True)
class Objective:
    """A measure and the direction to improve it."""

    measure: PlanMeasure
    direction: Direction

    @property
    def sought(self) -> str:
        """The objective in words: "net present value over the horizon, high"."""
        return f"{self.measure.subject} ({'high' if self.direction == 'higher' else 'low'} sought)"


class ObjectiveFigure(NamedTuple):
    """One objective of one plan: on fresh luck, and what the search believed."""

    fresh: Estimate
    searched: float


@dataclass(frozen=True)
class Sought:
    """One plan: number, cell, changes in words, command to run it, and figures.

    `beaten` lists plans that are surely better on some objective and no worse on any; `alike` those that
    are not distinguishable from it on any objective.
    """

    number: int
    cell: str
    words: str
    command: str
    changes: Mapping[str, Any]
    figures: tuple[ObjectiveFigure, ...]
    beaten: tuple[int, ...]
    alike: tuple[int, ...]


@dataclass(frozen=True)
class Pareto:
    """Result of a search. `start` is its starting plan, number 0, if not among the others."""

    objectives: tuple[Objective, ...]
    plans: tuple[Sought, ...]
    start: Sought | None
    tried: int
    refused: int
    complete: bool
    searched_with: int
    histories: int

    @property
    def lasting(self) -> list[Sought]:
        """Plans that no other surely beats on fresh luck."""
        return [plan for plan in self.plans if not plan.beaten]

    @property
    def gains(self) -> list[tuple[float, float]]:
        """Mean gain of the found plans over the starting plan by objective: as estimated, and on fresh luck.

        The winner's curse shows here, and not in the figures themselves: all plans of a search share one luck,
        which lifts or lowers them all together. Empty where no plan found changes anything.
        """
        origin = self.start or next((plan for plan in self.plans if not plan.changes), None)
        others = [plan for plan in self.plans if plan.changes]
        if origin is None or not others:
            return []
        believed = [[f.searched - o.searched for f, o in zip(p.figures, origin.figures, strict=True)] for p in others]
        real = [[f.fresh.value - o.fresh.value for f, o in zip(p.figures, origin.figures, strict=True)] for p in others]
        columns = zip(np.mean(believed, axis=0), np.mean(real, axis=0), strict=True)
        return [(float(promised), float(kept)) for promised, kept in columns]

    @property
    def table(self) -> pd.DataFrame:
        """Rows of plans: changes, figures with intervals, search's estimates, and verdict."""
        every = [*([self.start] if self.start else []), *self.plans]
        return pd.DataFrame([self._row(plan) for plan in every])

    def _row(self, plan: Sought) -> dict[str, Any]:
        row: dict[str, Any] = {"plan": plan.number, "cell": plan.cell, "words": plan.words}
        for objective, figure in zip(self.objectives, plan.figures, strict=True):
            name = objective.measure.text
            row |= {name: figure.fresh.value, f"{name} low": figure.fresh.low, f"{name} high": figure.fresh.high}
            row |= {f"{name} in search": figure.searched}
        listed = {"beaten by": plan.beaten, "like": plan.alike}
        return row | {key: " ".join(map(str, value)) for key, value in listed.items()} | {"command": plan.command}


class Tried(NamedTuple):
    """Plan from the search, to be evaluated on fresh luck."""

    cell: str
    words: str
    command: str
    changes: Mapping[str, Any]
    scores: tuple[float, ...]


def objective(text: str) -> Objective:
    """Read an objective: a measure, with `:higher` or `:lower` if it has no direction of its own."""
    bare, colon, way = text.rpartition(":")
    asked = measure(bare if colon else text)
    direction = way.strip() if colon else asked.better
    if direction not in ("higher", "lower"):
        said = f"{shown(text)}: say which is sought, {asked.text}:higher or {asked.text}:lower"
        raise InputError(said)
    return Objective(asked, "higher" if direction == "higher" else "lower")


def held(
    front: Sequence[Tried], start: Tried | None, fresh: pd.DataFrame, objectives: Sequence[Objective]
) -> tuple[tuple[Sought, ...], Sought | None]:
    """Plans with figures on fresh luck (`fresh`: a runs table of their cells), and the starting plan.

    A plan is beaten by another that is surely better on an objective (paired, Holm-corrected over that
    other's comparisons) and whose mean is no worse on any.
    """
    runs = fresh.assign(**{each.measure.text: each.measure.values(fresh) for each in objectives})
    by_cell = {str(cell): rows for cell, rows in runs.groupby("cell", sort=False)}
    every = [*front, *([start] if start else [])]
    figures = {tried.cell: _figures(tried, by_cell[tried.cell], objectives) for tried in every}
    numbers = {tried.cell: number for number, tried in enumerate(front, start=1)}
    relations = _relations(runs[runs["cell"].isin(numbers)], figures, objectives)

    def sought(tried: Tried, number: int) -> Sought:
        beaten = [numbers[other] for kind, one, other in relations if kind == "beaten" and one == tried.cell]
        alike = [numbers[other] for kind, one, other in relations if kind == "alike" and one == tried.cell]
        return Sought(
            number,
            tried.cell,
            tried.words,
            tried.command,
            tried.changes,
            figures[tried.cell],
            tuple(sorted(beaten)),
            tuple(sorted(alike)),
        )

    return tuple(sought(tried, numbers[tried.cell]) for tried in front), sought(start, 0) if start else None


def _figures(tried: Tried, rows: pd.DataFrame, objectives: Sequence[Objective]) -> tuple[ObjectiveFigure, ...]:
    found = []
    for each, searched in zip(objectives, tried.scores, strict=True):
        values = rows[each.measure.text].to_numpy(dtype=float)
        known = values[~np.isnan(values)]
        fresh = mean_interval(known)
        if each.measure.is_chance:
            fresh = Estimate(fresh.value, *wilson(int(known.sum()), fresh.n), fresh.n)
        found.append(ObjectiveFigure(fresh, searched))
    return tuple(found)


def _relations(
    runs: pd.DataFrame, figures: Mapping[str, tuple[ObjectiveFigure, ...]], objectives: Sequence[Objective]
) -> list[tuple[str, str, str]]:
    """("beaten" or "alike", one cell, another) for every ordered pair of plans that satisfies it."""
    found = []
    signs = [1.0 if each.direction == "higher" else -1.0 for each in objectives]
    ways = {each.measure.text: each.direction for each in objectives}
    for other in runs["cell"].unique():
        for one, rows in compare(runs, str(other), ways).groupby("cell", sort=False):
            verdicts = set(rows["verdict"])
            pairs = zip(signs, figures[str(other)], figures[str(one)], strict=True)
            no_worse = all(sign * (theirs.fresh.value - ours.fresh.value) >= 0 for sign, theirs, ours in pairs)
            if verdicts & DOWN and no_worse:
                found.append(("beaten", str(one), str(other)))
            elif not verdicts & CLEAR:
                found.append(("alike", str(one), str(other)))
    return found
