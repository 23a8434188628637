"""A study shared out among jobs of a launcher: one begins it, each job runs a range of tasks, one gathers it."""

from __future__ import annotations

from pathlib import Path

from sim.study.design.cells import StudyPlan
from sim.study.files.store import new_folder, only_one
from sim.study.running.journal import begin
from sim.study.running.resuming import reopened
from sim.study.running.study_run import interruptible, queued, run_tasks
from sim.study.running.tasks import bases_of
from sim.study.running.writing import finish
from sim.study.study import Study


def open_study(plan: StudyPlan, root: Path) -> Path:
    """Create the folder of a study whose tasks others will run; InputError where it cannot be."""
    folder = new_folder(Path(root), plan.study.name)
    begin(folder, plan)
    return folder


def work(folder: Path, job: int, jobs: int) -> list[str]:
    """Run the tasks of one of several jobs that are still missing; a sentence for each cell that failed."""
    journal = reopened(Study.load(folder))
    if journal.plan.study.automatic:
        journal.recall()
    workers = journal.plan.study.workers or 1
    failed = []
    with interruptible() as stop:
        bases, seed = bases_of(journal.plan.cells), journal.plan.study.seed
        for task, results in run_tasks(journal.missing(job, jobs), bases, seed, workers, stop, queued(journal)):
            journal.keep(task, results)
            failed += [f"{journal.plan.cells[rows.cell].label}: {rows.error}" for rows in results if rows.error]
    return failed


def gather(folder: Path) -> Study:
    """Write the tables of what the jobs left; whatever they did not do is marked partial, to be resumed."""
    with only_one(folder):
        journal = reopened(Study.load(folder))
        journal.recall()
        return finish(journal)
