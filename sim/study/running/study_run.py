"""Running of a study, into a folder or in memory: one crew of processes, chunks of replications, a fixed order."""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType

import pandas as pd

from sim.core.errors import InputError
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell, StudyPlan
from sim.study.files.store import new_folder, only_one
from sim.study.running.crew import Crew, Halt
from sim.study.running.gathering import StudyResults, runs_table
from sim.study.running.journal import Journal, begin
from sim.study.running.study_folder import finish
from sim.study.running.tasks import Task, bases_of, chunk, processes, tasks
from sim.study.running.worker import Rows, nothing, run_pieces, run_task, start
from sim.study.study import Study

PATIENCE = 3.0
QUEUED = 4
"""Tasks queued for each worker, so that none is idle."""
Progress = Callable[[int, int], None]


def run_study(plan: StudyPlan, root: Path = Path("outputs"), progress: Progress | None = None) -> Study:
    """Simulate every replication of every cell and write the study folder.

    `progress(done, total)` counts replications; its first call, with 0, comes when the workers have started
    (a bar with a thread of its own should wait for it). A cell in which a replication fails is listed as
    failed and leaves the others intact; a worker process that dies costs its task alone, which is tried again.
    Ctrl-C keeps what is finished and marks the study partial, to be resumed; pressed again it raises
    KeyboardInterrupt at once. Raises InputError where the folder cannot be written.
    """
    folder = new_folder(Path(root), plan.study.name)
    with only_one(folder):
        return carry_on(begin(folder, plan), progress)


def carry_on(journal: Journal, progress: Progress | None = None) -> Study:
    """Run the remaining tasks of a study, keep each result, and write the tables."""
    plan, gathered = journal.plan, journal.gathered
    bases, seed, workers = bases_of(plan.cells), plan.study.seed, processes(plan.study)
    with interruptible() as stop:
        for task, results in run_tasks(journal.missing(), bases, seed, workers, stop, queued(journal)):
            try:
                journal.keep(task, results)
            except InputError as error:
                again = f"tandem sweep --resume {journal.folder.name}"
                raise type(error)(f"{error}; what is finished is kept: make room, then {again}") from None
            if progress is not None:
                progress(gathered.done, gathered.total)
        study = finish(journal)
        study.stopped = stop.is_set()
        return study


def queued(journal: Journal) -> int:
    """Number of tasks queued for each worker; 1 where results decide which tasks follow."""
    return 1 if journal.plan.study.automatic else QUEUED


class Stop:
    """State of a user's request to stop with Ctrl-C, with its time."""

    def __init__(self) -> None:
        self.since: float | None = None

    def is_set(self) -> bool:
        """True once Ctrl-C was pressed."""
        return self.since is not None

    def press(self) -> None:
        """Request a stop. A press a second or more later (programs send it twice at once) is KeyboardInterrupt."""
        now = time.monotonic()
        if self.since is not None and now > self.since + 1.0:
            raise KeyboardInterrupt
        self.since = self.since or now


@contextmanager
def interruptible() -> Iterator[Stop]:
    """Turn the first Ctrl-C into a request to stop; the second interrupts. Main thread only."""
    stop = Stop()

    def answer(number: int, frame: FrameType | None) -> None:
        stop.press()

    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or usual is signal.SIG_IGN:
        yield stop
        return
    signal.signal(signal.SIGINT, answer)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, usual)


def run_tasks(
    tasks: Iterable[Task], bases: tuple[str, ...], seed: int, workers: int, stop: Stop, ahead: int = QUEUED
) -> Iterator[tuple[int | None, list[Rows]]]:
    """Results as tasks finish, with the task's number; None for results that do not complete a task.

    The first is an empty list, which says that the workers have started. `ahead` tasks are taken for each
    worker before there are results; each further one once the results before it were used.
    """
    if workers == 1:
        yield None, []
        for task in tasks:
            if stop.is_set():
                return
            yield _whole(task.number, run_pieces(task.pieces, bases, seed, stop.is_set))
    else:
        yield from _in_processes(iter(tasks), bases, seed, workers, stop, ahead)


def _whole(number: int, results: list[Rows]) -> tuple[int | None, list[Rows]]:
    """Results with their task's number, if every piece was run to its end or failure."""
    ended = all(rows.done == rows.asked or rows.error for rows in results)
    return (number if ended else None), results


def _in_processes(
    tasks: Iterator[Task], bases: tuple[str, ...], seed: int, workers: int, stop: Stop, ahead: int
) -> Iterator[tuple[int | None, list[Rows]]]:
    halt = Halt()
    running: dict[Future[list[Rows]], Task] = {}
    with Crew(workers, start, halt, bases) as crew:
        try:
            _submit(crew, islice(tasks, ahead * workers), seed, running)
            yield None, []
            while running:
                done = wait(running, timeout=0.1, return_when=FIRST_COMPLETED).done
                for future in done:
                    yield _results(future, running.pop(future), stop)
                if not stop.is_set():
                    _submit(crew, islice(tasks, len(done)), seed, running)
                elif not halt.is_set():
                    halt.set()
                elif stop.since is not None and time.monotonic() > stop.since + PATIENCE:
                    crew.kill()
        finally:
            halt.set()


def _submit(crew: Crew, tasks: Iterable[Task], seed: int, running: dict[Future[list[Rows]], Task]) -> None:
    for task in tasks:
        running[crew.submit(run_task, task.pieces, seed)] = task


def _results(future: Future[list[Rows]], task: Task, stop: Stop) -> tuple[int | None, list[Rows]]:
    try:
        return _whole(task.number, future.result())
    except Exception as error:
        return None, [nothing(piece, None if stop.is_set() else str(error)) for piece in task.pieces]


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
