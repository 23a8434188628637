"""Simulation of cells in memory, for questions with many small comparisons and no folder."""

from collections.abc import Callable, Sequence

import pandas as pd

from sim.core.errors import InputError
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.gathering import StudyResults, runs_table
from sim.study.running.study_run import interruptible, run_tasks
from sim.study.running.tasks import bases_of, chunk, processes, tasks


def evaluate(
    cells: Sequence[Cell], study: StudySettings, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Table of runs of cells simulated in memory with the study's number of workers; writes nothing.

    `progress(done, total)` counts replications. Raises InputError naming the first cell that fails, and for
    an automatic number of replications; KeyboardInterrupt on Ctrl-C.
    """
    if study.automatic:
        raise InputError(
            "study.replications=auto is for tandem run and tandem sweep; here a number is wanted, such as "
            "study.replications=200"
        )
    study = study.model_copy(update={"trajectories": "none"})
    gathered = StudyResults(cells, study)
    with interruptible() as stop:
        workers = processes(study)
        todo = tasks(cells, study, chunk(len(cells), study.at_most, workers))
        for task, results in run_tasks(todo, bases_of(cells), study.seed, workers, stop):
            for rows in results:
                (gathered.miss if task is None else gathered.take)(rows)
            if progress is not None:
                progress(gathered.done, gathered.total)
    if stop.is_set():
        raise KeyboardInterrupt
    for cell, result in zip(gathered.cells, gathered.results, strict=True):
        if result.error:
            raise InputError(f"{cell.label} failed: {result.error}")
    return runs_table(gathered.cells, gathered.results)
