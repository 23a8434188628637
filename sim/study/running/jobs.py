"""A study shared among jobs of a launcher: one opens it, each runs a range of tasks, one gathers results."""

from pathlib import Path

from sim.study.design.cells import StudyPlan
from sim.study.files.store import new_folder, only_one
from sim.study.running.journal import begin
from sim.study.running.resuming import reopened
from sim.study.running.study_folder import finish
from sim.study.running.study_run import interruptible, queued, run_tasks
from sim.study.running.tasks import bases_of
from sim.study.study import Study


def open_study(plan: StudyPlan, root: Path) -> Path:
    """Create the folder of a study whose tasks other jobs run. Raises InputError if that fails."""
    folder = new_folder(Path(root), plan.study.name)
    begin(folder, plan)
    return folder


def work(folder: Path, job: int, jobs: int) -> list[str]:
    """Run the missing tasks of one of several jobs. Returns a sentence for each failed cell."""
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
    """Write tables from the jobs' results; missing tasks leave the study partial, to be resumed."""
    with only_one(folder):
        journal = reopened(Study.load(folder))
        journal.recall()
        return finish(journal)
