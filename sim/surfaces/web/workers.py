"""The processes that simulate for the page: started once, before the server has threads, and kept warm.

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
"""How far the process for long work steps back, on the scale of Unix."""
STARTED_WITHIN = 120.0
"""Seconds that a process may take to start on a slow laptop, where a virus scanner reads every file first."""

_halt: list[Halt] = []
_board: list[Any] = []
JOB, DONE, TOTAL, GIVEN_UP = range(4)
"""Places on the board that the slow process and the server share: which job, how far it is, which one to give up."""


class Abandoned(Exception):
    """The page no longer wants the answer, or the server is stopping."""


P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Two crews of processes: `run` and `call` for what a person waits for now, `later` for what takes minutes.

    A process that dies is replaced and what it was doing done again; WorkerDied where it dies of that each time.
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
        """Start the processes and wait until each has the simulator in memory."""
        with self._lock:
            quick = self._started()
        wait([quick.submit(warm) for _ in range(self.count)], timeout=STARTED_WITHIN)

    def stop(self) -> None:
        """Let every process end after the history it is in."""
        self._halt.set()
        with self._lock:
            pools, self._quick, self._slow = (self._quick, self._slow), None, None
        for pool in pools:
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)

    def run(self, pieces: Sequence[Piece], bases: tuple[str, ...], seed: int) -> Future[list[Rows]]:
        """Simulate pieces of cells, as `sim.study.running.worker.run_pieces`; small ones, so that others get a turn."""
        return self.call(_run, tuple(pieces), bases, seed)

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a module-level function in a process, soon."""
        with self._lock:
            return self._started().submit(function, *args, **kwargs)

    def later(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> LongJob[T]:
        """Call a module-level function in a process of its own that gives way to the others; one at a time."""
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
    """Something that takes minutes: its result to come, how far it is, and a way to give it up."""

    def __init__(self, number: int, future: Future[T], shared: Any) -> None:
        self.number = number
        self.future = future
        self._shared = shared

    @property
    def progress(self) -> tuple[int, int]:
        """Done and total, as it counts them; two zeros while it waits for its turn."""
        board = self._shared[:]
        return (board[DONE], board[TOTAL]) if board[JOB] == self.number else (0, 0)

    def cancel(self) -> None:
        """Give it up, at the latest when it next says how far it is."""
        if not self.future.cancel():
            self._shared[GIVEN_UP] = self.number


def _begin(halt: Halt) -> None:
    """Prepare a process: `halt` is how its parent stops it."""
    _halt[:] = [halt]


def _begin_aside(halt: Halt, shared: Any) -> None:
    """Prepare the process for what takes minutes: it gives way to those that somebody waits for."""
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
    """Say how far a job is; Abandoned where it is no longer wanted."""
    shared = _board[0]
    shared[DONE], shared[TOTAL] = done, total
    if stopping() or shared[GIVEN_UP] == shared[JOB]:
        raise Abandoned


def stopping() -> bool:
    """Whether the server is being stopped; long work in a process asks now and then."""
    return bool(_halt) and _halt[0].is_set()


def warm() -> int:
    """Load what simulating needs, by simulating one short history; the process's number."""
    run(compose(["study.horizon_months=12"]).settings, 0, 1)
    return os.getpid()


def _run(pieces: tuple[Piece, ...], bases: tuple[str, ...], seed: int) -> list[Rows]:
    return run_pieces(pieces, bases, seed, stopping)
