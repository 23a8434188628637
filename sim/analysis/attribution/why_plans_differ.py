"""Explanation of the difference between two plans of a study, computed under the study's luck."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim import engine
from sim.analysis.arrays import Mask, Numbers, Values
from sim.analysis.attribution import lever_shares, mechanism_shares
from sim.analysis.attribution.attributed_effects import effect, without_dust
from sim.analysis.attribution.attribution_finding import AttributedPlan, Why
from sim.analysis.attribution.plan_factors import Between, between
from sim.analysis.attribution.telling_events import Deciding, deciding
from sim.analysis.compare import NEVER, mean_interval
from sim.analysis.estimates import Estimate
from sim.core.errors import InputError, shown, suggestion
from sim.core.statistics.intervals import wilson
from sim.engine.outcomes import DECIDING, OUTCOMES
from sim.engine.settings import Settings
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.study_run import evaluate
from sim.study.study import Study

Progress = Callable[[int, int], None]


class Bench:
    """Simulator of plans under the luck of a study; `total` is the expected number of histories, for progress."""

    def __init__(self, study: Study, outcome: str, progress: Progress | None = None) -> None:
        self.study = study
        self.outcome = outcome
        self.progress = progress
        self.done = self.total = 0

    def known(self, cell: str, histories: int) -> Values | None:
        """Outcome in the first histories of a cell of the study; None if it must be simulated again."""
        if self.study.code_differs or self.outcome not in self.study.runs:
            return None
        rows = self.study.runs[self.study.runs["cell"] == cell].set_index("replication")[self.outcome]
        wanted = list(range(histories))
        return rows.loc[wanted].to_numpy(dtype=float) if rows.index.isin(wanted).sum() == histories else None

    def simulated(self, plans: Mapping[str, Settings], histories: int) -> dict[str, Values]:
        """Outcome of each plan by history, NaN if none; plans are named as errors report them."""
        if not plans:
            return {}
        given = StudySettings.model_validate(self.study.manifest["study"])
        run = given.model_copy(update={"replications": histories, "seed": self.study.manifest["seed"]})
        cells = [Cell(name, name, "", settings) for name, settings in plans.items()]
        runs = evaluate(cells, run, self._tell if self.progress is not None else None)
        self.done += len(plans) * histories
        found = {str(cell): rows.sort_values("replication") for cell, rows in runs.groupby("cell", sort=False)}
        return {name: found[name][self.outcome].to_numpy(dtype=float) for name in plans}

    def _tell(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(self.done + done, max(self.total, self.done + total))


HISTORIES, FEWER, WITHOUT = 200, 100, 40
"""Maximum histories of each plan: between up to five levers, between more, and without each mechanism.

The last because two dozen mechanisms make four dozen plans: half a minute or more on two cores."""
FEWEST = 10
"""Minimum histories; intervals from fewer are misleading."""


def why(
    study: Study,
    first: str,
    second: str,
    outcome: str = DECIDING,
    histories: int | None = None,
    progress: Progress | None = None,
) -> Why:
    """Explanation of a difference between two plans: by levers, by mechanisms, and in the middle pair of histories.

    InputError for plans or outcomes that cannot be held against each other.
    """
    _check(outcome)
    cells = _cells(study, first, second)
    seed = int(study.manifest["seed"])
    ours, theirs = (study.settings(cell) for cell in cells)
    made = between(ours, theirs, lambda count: lever_shares.numbers(count, seed))
    counts = _histories(study, cells, histories, len(made.factors))
    return _Question(study, outcome, cells, made, seed, *counts).answer(progress)


def _check(outcome: str) -> None:
    if outcome not in OUTCOMES:
        hint = suggestion(outcome, OUTCOMES) or "; see tandem list outcomes"
        raise InputError(f"{shown(outcome)} is not an outcome{hint}")
    if outcome in NEVER:
        raise InputError(
            f"{outcome} has no mean where it never comes: ask about {NEVER[outcome] or 'another outcome'} instead"
        )


def _cells(study: Study, first: str, second: str) -> tuple[str, str]:
    if study.sampled:
        raise InputError(
            f"the study '{study.folder.name}' is a sample of many points, not one difference between two plans: "
            "ask tandem sensitivity, or compare two plans with tandem run scenario=a,b"
        )
    cells = study.cell_named(first), study.cell_named(second)
    if cells[0] == cells[1]:
        label = " ".join(study.labels[cells[0]].split())
        raise InputError(f"{shown(first)} and {shown(second)} are one plan, {shown(label)}: name two that differ")
    return cells


def _histories(study: Study, cells: Sequence[str], asked: int | None, factors: int) -> tuple[int, int]:
    """Number of histories of each plan in between, and of each plan without a mechanism."""
    if asked is not None:
        if asked < FEWEST:
            raise InputError(f"--histories {asked}: at least {FEWEST} are needed for an interval")
        return asked, asked
    own = max(FEWEST, min(study.replications(cell) for cell in cells))
    return min(own, HISTORIES if factors <= lever_shares.MOST_EXACT else FEWER), min(own, WITHOUT)


@dataclass(frozen=True)
class _Question:
    """Two plans of a study, with the number of histories to simulate of plans between and without mechanisms."""

    study: Study
    outcome: str
    cells: tuple[str, str]
    made: Between
    seed: int
    histories: int
    fewer: int

    @property
    def whole(self) -> int:
        """Number of the second plan."""
        return int(2 ** len(self.made.factors) - 1)

    @property
    def flags(self) -> bool:
        """True if the outcome is a yes/no flag."""
        return OUTCOMES[self.outcome].unit == "flag"

    def answer(self, progress: Progress | None) -> Why:
        """Simulate, and return the explanation."""
        bench = Bench(self.study, self.outcome, progress)
        numbers = lever_shares.numbers(len(self.made.factors), self.seed)
        inner = [number for number in numbers if number not in (0, self.whole)]
        off = mechanism_shares.plans_without(self.made.first, self.made.second)
        bench.total = len(inner) * self.histories + len(off) * self.fewer
        ends = self._ends(bench)
        between_them = self._simulated(bench, inner, self.histories)
        without = bench.simulated(off, self.fewer)
        worth = {number: values[: self.histories] for number, values in (ends | between_them).items()}
        on = ends[0][: self.fewer], ends[self.whole][: self.fewer]
        return self._found(worth, len(inner), on, without)

    def _ends(self, bench: Bench) -> dict[int, Values]:
        """Outcome of the two plans themselves, from the study or simulated again."""
        most = max(self.histories, self.fewer)
        known = {0: bench.known(self.cells[0], most), self.whole: bench.known(self.cells[1], most)}
        lacking = [number for number, values in known.items() if values is None]
        bench.total += len(lacking) * most
        again = self._simulated(bench, lacking, most)
        return {number: again[number] if values is None else values for number, values in known.items()}

    def _simulated(self, bench: Bench, numbers: Sequence[int], histories: int) -> dict[int, Values]:
        names = {number: f"plan {number} of those in between" for number in numbers}
        found = bench.simulated({name: self.made.plan(number) for number, name in names.items()}, histories)
        return {number: found[name] for number, name in names.items()}

    def _found(
        self, worth: Mapping[int, Values], mixed: int, on: tuple[Values, Values], without: Mapping[str, Values]
    ) -> Why:
        told: Mask = np.all(~np.isnan(np.stack(list(worth.values()))), axis=0)
        if told.sum() < 2:
            raise InputError(
                f"{self.outcome} has a value in all plans in {int(told.sum())} of {len(told)} histories: there is "
                "no difference to explain"
            )
        worth = {number: values[told] for number, values in worth.items()}
        ours, theirs = worth[0], worth[self.whole]
        return Why(
            study=self.study.folder.name,
            outcome=self.outcome,
            first=self._side(0, ours),
            second=self._side(1, theirs),
            difference=effect(without_dust(theirs - ours, ours, theirs), self.flags),
            n=len(ours),
            dropped=int((~told).sum()),
            shares=lever_shares.shares(self.made.factors, worth, self.seed, self.flags),
            mixed=mixed,
            orders=2 * len(lever_shares.orders(len(self.made.factors), self.seed)),
            rests=mechanism_shares.rests(self.made.first, on, without),
            rests_n=self.fewer,
            skipped=tuple(mechanism_shares.switchable(self.made.first, self.made.second)[1]),
            deciding=self._deciding(theirs - ours, np.flatnonzero(told).astype(np.int64)),
            changed=self.study.code_differs,
        )

    def _side(self, place: int, values: Values) -> AttributedPlan:
        found = mean_interval(values)
        if self.flags:
            found = Estimate(found.value, *wilson(float(values.sum()), len(values)), found.n)
        cell = self.cells[place]
        settings = (self.made.first, self.made.second)[place]
        return AttributedPlan(cell, self._typed(cell), self.study.labels[cell], settings, found)

    def _typed(self, cell: str) -> str:
        entries = {str(entry["cell"]): str(entry["scenario"]) for entry in self.study.manifest["cells"]}
        return entries[cell] if list(entries.values()).count(entries[cell]) == 1 else cell

    def _deciding(self, differences: Values, replications: Numbers) -> Deciding:
        """Middle pair of histories by difference, replayed."""
        place = middle(differences)
        number = int(replications[place])
        lived = [engine.run(plan, number, self.seed) for plan in (self.made.first, self.made.second)]
        telling = int((differences != 0).sum())
        return deciding(lived[0], lived[1], float(differences[place]), telling)


def middle(values: Values) -> int:
    """Position of the median; of two middle values the lower, of equal values the first.

    Where the median is none, as it often is of a flag, the middle of those that point the way of the mean.
    """
    telling = values
    if np.sort(values)[(len(values) - 1) // 2] == 0 and values.any():
        way = 1.0 if values.mean() >= 0 else -1.0
        telling = values[values * way > 0] if (values * way > 0).any() else values[values != 0]
    median = np.sort(telling)[(len(telling) - 1) // 2]
    return int(np.flatnonzero(values == median)[0])
