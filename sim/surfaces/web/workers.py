"""Processes that simulate for the page, started before the server has threads and kept ready.

They are always spawned, never forked, so that the same code runs on Windows, macOS and Linux.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from itertools import count as count_from
from multiprocessing.sharedctypes import RawArray
from typing import Any, Generic, ParamSpec, TypeVar

from sim.engine import run
from sim.plans.compose import compose
from sim.study.running.crew import Crew, Halt, cores
from sim.study.running.worker import Piece, Rows, run_pieces

NICER = 5
"""Niceness added to the process for long work, on the Unix scale."""
STARTED_WITHIN = 120.0
"""Seconds a process may take to start on a slow laptop with a virus scanner."""

_halt: list[Halt] = []
_board: list[Any] = []
JOB, DONE, TOTAL, GIVEN_UP = range(4)
"""Indices of the shared progress array: current job, work done, total, and job to cancel."""


class Abandoned(Exception):
    """Raised if the page no longer wants the answer, or the server is stopping."""


P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Two pools of processes: `run` and `call` for short requests, `later` for work of minutes.

    A process that dies is replaced and its task repeated; WorkerDied if the task kills it each time.
    """

    def __init__(self, count: int = 0) -> None:
        self.count = count or cores()
        self._context = multiprocessing.get_context("spawn")
        self._halt = Halt()
        self._shared = RawArray("q", 4)
        self._jobs = count_from(1)
        self._lock = threading.Lock()
        self._quick: Crew | None = None
        self._slow: Crew | None = None

    def start(self) -> None:
        """Start the processes and wait until each has loaded the simulator."""
        with self._lock:
            quick = self._started()
        wait([quick.submit(warm) for _ in range(self.count)], timeout=STARTED_WITHIN)

    def stop(self) -> None:
        """Let every process end after its current history."""
        self._halt.set()
        with self._lock:
            pools, self._quick, self._slow = (self._quick, self._slow), None, None
        for pool in pools:
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

    def run(self, pieces: Sequence[Piece], bases: tuple[str, ...], seed: int) -> Future[list[Rows]]:
        """Simulate blocks of cells by `sim.study.running.worker.run_pieces`; small ones, so that others get a turn."""
        return self.call(_run, tuple(pieces), bases, seed)

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a module-level function in a worker process."""
        with self._lock:
            return self._started().submit(function, *args, **kwargs)

    def later(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> LongJob[T]:
        """Call a module-level function in the low-priority process; one at a time."""
        with self._lock:
            number = next(self._jobs)
            self._slow = self._slow or Crew(1, _begin_aside, self._halt, self._shared, context=self._context)
            return LongJob(number, self._slow.submit(_numbered, number, function, args, kwargs), self._shared)

    def _started(self) -> Crew:
        self._quick = self._quick or Crew(self.count, _begin, self._halt, context=self._context)
        return self._quick

    def __enter__(self) -> Workers:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class LongJob(Generic[T]):
    """A long-running job: its future result, its progress, and a way to cancel it."""

    def __init__(self, number: int, future: Future[T], shared: Any) -> None:
        self.number = number
        self.future = future
        self._shared = shared

    @property
    def progress(self) -> tuple[int, int]:
        """Units done and total, as counted by the job; two zeros while it is queued."""
        board = self._shared[:]
        return (board[DONE], board[TOTAL]) if board[JOB] == self.number else (0, 0)

    def cancel(self) -> None:
        """Cancel the job, at the latest at its next progress report."""
        if not self.future.cancel():
            self._shared[GIVEN_UP] = self.number


def _begin(halt: Halt) -> None:
    """Prepare a process: `halt` is how its parent stops it."""
    _halt[:] = [halt]


def _begin_aside(halt: Halt, shared: Any) -> None:
    """Prepare the process for long work, which runs at lower priority."""
    _begin(halt)
    _board[:] = [shared]
    if hasattr(os, "nice"):
        os.nice(NICER)


def _numbered(number: int, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    shared = _board[0]
    shared[DONE], shared[TOTAL], shared[JOB] = 0, 0, number
    report(0, 0)
    return function(*args, **kwargs)


def report(done: int, total: int) -> None:
    """Report progress of a job; raises Abandoned if it is no longer wanted."""
    shared = _board[0]
    shared[DONE], shared[TOTAL] = done, total
    if stopping() or shared[GIVEN_UP] == shared[JOB]:
        raise Abandoned


def stopping() -> bool:
    """True if the server is stopping; long work checks this now and then."""
    return bool(_halt) and _halt[0].is_set()


def warm() -> int:
    """Load the simulator by simulating one short history; returns the process id."""
    run(compose(["study.horizon_months=12"]).settings, 0, 1)
    return os.getpid()


def _run(pieces: tuple[Piece, ...], bases: tuple[str, ...], seed: int) -> list[Rows]:
    return run_pieces(pieces, bases, seed, stopping)
