"""Search for plans with many objectives, every candidate under the same luck, separate from the simulator.

What judges plans is passed in. Where every combination can be tried within the budget, each is; else pymoo's
NSGA-II seeks (NSGA-III's survival from four objectives on). Both pymoo and optuna are kept well, optuna better:
it has a company behind it and a release every other month, pymoo one leading author who answers and fixes.
pymoo is used because it hands over a whole generation, which is simulated in one go on all cores in an order
that nothing can upset, takes a refused plan as a broken constraint, needs no database beside it, and its
NSGA-III is the authors' own. If that ever changes, `_generations` is all there is to replace.

All values stand on a lattice: whole numbers and choices as they are, other numbers in FINENESS steps over
their range, so that plans can be said and typed. pymoo sees places on the lattice only; its handling of
choices given as text has had faults.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from sim.core.errors import InputError

FINENESS = 100
"""Number of steps over the range of a number that need not be whole."""

SMALLEST, LARGEST, SHARE = 8, 24, 40
"""Minimum and maximum plans in a generation, and divisor of the budget; two more for each objective above two.

Measured on ZDT1 with five variables and on a mixed toy: at budgets of 60 to 400, eight to twelve plans came
nearer to the known front than twenty or forty, as every plan tried is kept, not only the last generation.
"""

PATIENCE = 20
"""Number of generations without a new plan, after which the search ends."""

Plan = dict[str, Any]
Scores = Sequence[float]
Judge = Callable[[Sequence[Plan]], Sequence[Scores | None]]
"""Function from a generation of plans to their scores, one for each objective; None for a refused plan."""

Direction = Literal["higher", "lower"]
_Place = tuple[int, ...]


@dataclass(frozen=True)
class Variable:
    """One lever that the search varies: its values, in order if `ordered`."""

    key: str
    values: tuple[Any, ...]
    ordered: bool

    @classmethod
    def number(cls, key: str, low: float, high: float, whole: bool = False) -> Variable:
        """Numbers from `low` to `high`."""
        if not low < high:
            raise InputError(f"{key}: there is nothing to choose between {low:g} and {high:g}")
        if whole:
            return cls(key, tuple(range(int(low), int(high) + 1)), True)
        steps = (low + (high - low) * step / FINENESS for step in range(FINENESS + 1))
        return cls(key, tuple(float(f"{value:.6g}") for value in steps), True)

    def holding(self, value: Any) -> Variable:
        """The variable with this number added to its values if between them."""
        inside = self.ordered and isinstance(value, int | float) and self.values[0] < value < self.values[-1]
        return replace(self, values=tuple(sorted({*self.values, value}))) if inside else self

    def nearest(self, value: Any) -> int:
        """Position of the nearest value; the first for a value outside an unordered list."""
        if self.ordered:
            return min(range(len(self.values)), key=lambda place: abs(self.values[place] - float(value)))
        return self.values.index(value) if value in self.values else 0


@dataclass(frozen=True)
class Candidate:
    """Plan tried in the search, with its number in order of trial, and scores."""

    plan: Plan
    number: int
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """Plans unbeaten among those tried, numbers tried and refused, and a flag for an exhaustive search."""

    front: tuple[Candidate, ...]
    tried: tuple[Candidate, ...]
    refused: int
    complete: bool


@dataclass
class _Archive:
    """Archive of every plan judged so far, without duplicates."""

    variables: Sequence[Variable]
    judge: Judge
    signs: Sequence[float]
    budget: int
    known: dict[_Place, tuple[float, ...] | None] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Number of plans that may still be tried."""
        return self.budget - len(self.known)

    def take(self, places: Sequence[_Place]) -> None:
        """Judge new plans in order, as far as the budget allows."""
        new = [place for place in dict.fromkeys(places) if place not in self.known][: self.left]
        if not new:
            return
        for place, scores in zip(new, self.judge([self.plan(place) for place in new]), strict=True):
            known = scores is not None and all(math.isfinite(score) for score in scores)
            self.known[place] = tuple(float(score) for score in scores) if known and scores is not None else None

    def plan(self, place: _Place) -> Plan:
        """Plan at a position of the lattice."""
        return {each.key: each.values[at] for each, at in zip(self.variables, place, strict=True)}

    def costs(self, place: _Place) -> tuple[float, ...] | None:
        """Costs (negated gains) of a plan to be minimised; None for a refused plan."""
        scores = self.known[place]
        return None if scores is None else tuple(s * x for s, x in zip(self.signs, scores, strict=True))


def search(
    variables: Sequence[Variable],
    judge: Judge,
    directions: Sequence[Direction],
    budget: int,
    seed: int = 1,
    start: Plan | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Found:
    """Search for plans unbeaten on all objectives; judges at most `budget` plans.

    `start`, or the nearest possible plan, is tried first. Of plans with equal scores the one with the fewest
    changes from it is kept. The same seed gives the same plans tried, in the same order. `tell(tried, budget)`
    is called after each generation. Raises InputError if every plan tried was refused.
    """
    variables = [each.holding((start or {}).get(each.key)) for each in variables]
    archive = _Archive(variables, judge, [-1.0 if each == "higher" else 1.0 for each in directions], budget)
    origin = tuple(each.nearest((start or {}).get(each.key, each.values[0])) for each in variables)
    combinations = math.prod(len(each.values) for each in variables)
    every = itertools.product(*(range(len(each.values)) for each in variables))
    complete = combinations <= budget
    batches: Iterator[Sequence[_Place]] = iter([list(every)]) if complete else _generations(archive, origin, seed)
    for places in batches:
        archive.take(places)
        if tell is not None:
            tell(len(archive.known), min(budget, combinations))
    tried = [Candidate(archive.plan(p), n, s) for n, (p, s) in enumerate(archive.known.items()) if s is not None]
    if not tried:
        raise InputError("none of the plans tried is possible: search over other levers, or narrower ranges")
    return Found(_front(archive, origin), tuple(tried), len(archive.known) - len(tried), complete)


def _front(archive: _Archive, origin: _Place) -> tuple[Candidate, ...]:
    """Unbeaten plans, sorted by their first objective; of equal ones the nearest to the start."""
    numbered = list(enumerate(archive.known))
    numbered.sort(key=lambda item: (sum(a != b for a, b in zip(item[1], origin, strict=True)), item[0]))
    costs = {number: cost for number, place in numbered if (cost := archive.costs(place)) is not None}
    best: list[int] = []
    for number, cost in costs.items():
        if not any(beats(costs[other], cost) or costs[other] == cost for other in best):
            best = [other for other in best if not beats(cost, costs[other])] + [number]
    best.sort(key=lambda number: (costs[number], number))
    places = dict(enumerate(archive.known))
    return tuple(Candidate(archive.plan(places[n]), n, archive.known[places[n]] or ()) for n in best)


def beats(one: Sequence[float], other: Sequence[float]) -> bool:
    """True if costs are nowhere higher than another's, and somewhere lower."""
    pairs = list(zip(one, other, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def _generations(archive: _Archive, origin: _Place, seed: int) -> Iterator[list[_Place]]:
    """Generations of positions to try; the results of one decide the next."""
    try:
        from pymoo.core.mixed import MixedVariableGA
        from pymoo.core.population import Population
    except ImportError as error:
        raise InputError("a search needs pymoo: pip install 'tandem-sim[analysis]'") from error

    size = min(max(SMALLEST, archive.budget // SHARE), LARGEST) + 2 * max(0, len(archive.signs) - 2)
    keys = [str(n) for n in range(len(archive.variables))]
    first = [dict(zip(keys, place, strict=True)) for place in _spread(archive.variables, origin, size, seed)]
    problem = _problem(archive)
    algorithm = MixedVariableGA(size, sampling=Population.new(X=first), survival=_survival(len(archive.signs), size))
    algorithm.setup(problem, termination=("n_gen", 10**9), seed=seed, verbose=False)
    idle = 0
    while archive.left > 0 and idle < PATIENCE:
        born = algorithm.ask()
        if born is None or not len(born):
            return
        places = [tuple(int(born[n].X[key]) for key in keys) for n in range(len(born))]
        idle = 0 if any(place not in archive.known for place in places) else idle + 1
        yield places
        if any(place not in archive.known for place in places):
            return
        costs = [archive.costs(place) for place in places]
        none = [0.0] * len(archive.signs)
        figures = np.array([none if cost is None else cost for cost in costs], dtype=float)
        broken = np.array([[1.0 if cost is None else -1.0] for cost in costs])
        born.set("F", figures, "G", broken)
        algorithm.tell(infills=born)


def _problem(archive: _Archive) -> Any:
    """The lattice as a pymoo problem."""
    from pymoo.core.problem import Problem
    from pymoo.core.variable import Choice, Integer

    kinds = {
        str(n): Integer(bounds=(0, len(each.values) - 1)) if each.ordered else Choice(options=range(len(each.values)))
        for n, each in enumerate(archive.variables)
    }
    return Problem(vars=kinds, n_obj=len(archive.signs), n_ieq_constr=1)


def _survival(objectives: int, size: int) -> Any:
    """Survival rule: NSGA-II's rank and crowding, or NSGA-III's reference directions from four objectives on."""
    from pymoo.operators.survival.rank_and_crowding import RankAndCrowding

    if objectives < 4:
        return RankAndCrowding()
    from pymoo.algorithms.moo.nsga3 import ReferenceDirectionSurvival
    from pymoo.util.ref_dirs import get_reference_directions

    parts = 1
    while math.comb(objectives + parts, objectives - 1) <= size:
        parts += 1
    return ReferenceDirectionSurvival(get_reference_directions("das-dennis", objectives, n_partitions=parts))


def _spread(variables: Sequence[Variable], origin: _Place, size: int, seed: int) -> list[_Place]:
    """Initial positions: the start, then a Latin hypercube over the lattice."""
    luck = np.random.default_rng(seed)
    columns = [
        (len(each.values) * (luck.permutation(size - 1) + luck.random(size - 1)) / (size - 1)).astype(int)
        for each in variables
    ]
    return [origin, *(tuple(int(column[row]) for column in columns) for row in range(size - 1))]


def changed(plan: Mapping[str, Any], start: Mapping[str, Any]) -> Plan:
    """Differences of a plan from the search's starting plan."""
    return {key: value for key, value in plan.items() if start.get(key) != value}
