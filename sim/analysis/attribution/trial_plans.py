"""Simulation of trial plans under a study's luck, with one outcome of each by history."""

from collections.abc import Callable, Mapping

from sim.analysis.arrays import Values
from sim.engine.settings import Settings
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.evaluating import evaluate
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
