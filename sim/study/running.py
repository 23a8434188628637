"""Running a study: one pool of processes, chunks of replications, results in an order nothing can upset."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from sim.settings import StudySettings
from sim.store import new_folder
from sim.study.cells import Cell
from sim.study.folder import Study
from sim.study.gathering import Gathered
from sim.study.worker import Piece, Rows, nothing, run_pieces, run_task, start
from sim.study.writing import begin, finish

CHUNK = 50
PATIENCE = 3.0
Progress = Callable[[int, int], None]
Task = tuple[Piece, ...]


def run_study(
    cells: Sequence[Cell],
    study: StudySettings,
    reference: str,
    root: Path = Path("outputs"),
    progress: Progress | None = None,
) -> Study:
    """Simulate every replication of every cell and write the study folder.

    `progress(done, total)` counts replications; its first call, with 0, comes when the workers have started
    (a bar with a thread of its own should wait for it). A cell in which a replication fails is listed as
    failed and leaves the others intact. Ctrl-C keeps what is finished and marks the study partial; pressed
    again it raises KeyboardInterrupt at once. Raises InputError where the folder cannot be written.
    """
    folder = new_folder(Path(root), study.name)
    manifest = begin(folder, cells, study, reference)
    gathered = Gathered(cells, study)
    total = len(cells) * study.replications
    with interruptible() as stop:
        for results in run_tasks(plan(gathered, processes(study)), study.seed, processes(study), stop):
            for rows in results:
                gathered.take(rows)
            if progress is not None:
                progress(gathered.done, total)
        return finish(folder, manifest, gathered)


class Stop:
    """Whether somebody pressed Ctrl-C, and when."""

    def __init__(self) -> None:
        self.since: float | None = None

    def is_set(self) -> bool:
        """True once they did."""
        return self.since is not None

    def press(self) -> None:
        """Ask to stop; pressed again a second later or more (programs send it twice at once), KeyboardInterrupt."""
        now = time.monotonic()
        if self.since is not None and now > self.since + 1.0:
            raise KeyboardInterrupt
        self.since = self.since or now


@contextmanager
def interruptible() -> Iterator[Stop]:
    """Turn the first Ctrl-C into a request to stop; the second interrupts as usual. Main thread only."""
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


def processes(study: StudySettings) -> int:
    """How many processes simulate: `study.workers`, where 0 stands for every core this process may use."""
    if study.workers:
        return int(study.workers)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def plan(gathered: Gathered, workers: int) -> Iterator[Task]:
    """The tasks: at least 50 replications each, unless that would leave workers idle."""
    each = gathered.study.replications
    total = each * len(gathered.cells)
    size = max(1, min(CHUNK, -(-total // workers)))
    parts = max(1, each // size if size == CHUNK else -(-each // size))
    task: list[Piece] = []
    for number, cell in enumerate(gathered.cells):
        content = cell.settings.model_dump_json()
        for part in range(parts):
            first, end = part * each // parts, (part + 1) * each // parts
            task.append(Piece(number, content, first, end - first, gathered.wants_levels(number)))
            if sum(piece.asked for piece in task) >= size:
                yield tuple(task)
                task = []
    if task:
        yield tuple(task)


def run_tasks(tasks: Iterable[Task], seed: int, workers: int, stop: Stop) -> Iterator[list[Rows]]:
    """Results task by task as they finish, after an empty list that says the workers have started."""
    if workers == 1:
        yield []
        for task in tasks:
            if not stop.is_set():
                yield run_pieces(task, seed, stop.is_set)
    else:
        yield from _in_processes(iter(tasks), seed, workers, stop)


def _in_processes(tasks: Iterator[Task], seed: int, workers: int, stop: Stop) -> Iterator[list[Rows]]:
    context = _context()
    halt = context.Event()
    others = multiprocessing.active_children()
    running: dict[Future[list[Rows]], Task] = {}
    with ProcessPoolExecutor(workers, context, start, (halt,)) as pool:
        try:
            with _deaf():
                _submit(pool, islice(tasks, 4 * workers), seed, running)
            yield []
            while running:
                done = wait(running, timeout=0.1, return_when=FIRST_COMPLETED).done
                if not stop.is_set():
                    _submit(pool, islice(tasks, len(done)), seed, running)
                elif not halt.is_set():
                    halt.set()
                elif stop.since is not None and time.monotonic() > stop.since + PATIENCE:
                    _end([child for child in multiprocessing.active_children() if child not in others])
                for future in done:
                    yield _results(future, running.pop(future), stop)
        finally:
            halt.set()


def _context() -> BaseContext:
    """The platform's usual way to start processes, but never a fork of a process that has threads."""
    usual = multiprocessing.get_context()
    if usual.get_start_method() != "fork" or threading.active_count() == 1:
        return usual
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["sim.study.worker"])
    return server


@contextmanager
def _deaf() -> Iterator[None]:
    """Hold Ctrl-C back, so that a process born meanwhile never hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _submit(
    pool: ProcessPoolExecutor, tasks: Iterable[Task], seed: int, running: dict[Future[list[Rows]], Task]
) -> None:
    try:
        for task in tasks:
            running[pool.submit(run_task, task, seed)] = task
    except BrokenProcessPool:
        return


def _results(future: Future[list[Rows]], task: Task, stop: Stop) -> list[Rows]:
    try:
        return future.result()
    except Exception as error:
        died = isinstance(error, BrokenProcessPool)
        message = "a worker process ended without a word (out of memory?)" if died else str(error)
        return [nothing(piece, None if stop.is_set() else message) for piece in task]


def _end(children: Sequence[BaseProcess]) -> None:
    for child in children:
        child.terminate()
