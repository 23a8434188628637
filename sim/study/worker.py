"""What one worker process does: some replications of some cells, handed back as plain bytes.

Imports only the core, so that a process that starts from nothing is soon ready (performance.md, habit 6).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sim import engine, outcomes
from sim.settings import Settings, to_run
from sim.study.crew import Halt

NULL = float("nan")
_halt: list[Halt] = []
_bases: list[str] = []


class Piece(NamedTuple):
    """Replications `first` to `first + asked - 1` of one cell: a base plan, and what to change in it, by full key."""

    cell: int
    base: int
    changes: dict[str, Any]
    first: int
    asked: int
    levels: bool


class Rows(NamedTuple):
    """What came of a piece: the `done` rows of outcomes as doubles, NaN for null.

    `levels` holds doubles too, by replication, series, month; `error` is the sentence of the replication
    that failed, after which the piece was given up.
    """

    cell: int
    first: int
    asked: int
    done: int
    values: bytes
    ended: tuple[str, ...]
    series: tuple[str, ...]
    levels: bytes
    error: str | None


def start(halt: Halt, bases: tuple[str, ...]) -> None:
    """Prepare a worker process: the parent alone answers Ctrl-C, and says so through `halt`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _halt[:] = [halt]
    _bases[:] = bases


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, however it went: nobody waits for its results."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.join,), daemon=True).start()


def _follow(gone: Callable[[], None]) -> None:
    gone()
    os._exit(1)


def run_task(pieces: Sequence[Piece], seed: int) -> list[Rows]:
    """Run the pieces in a worker process that `start` prepared."""
    return run_pieces(pieces, tuple(_bases), seed, _halt[0].is_set)


def run_pieces(pieces: Sequence[Piece], bases: tuple[str, ...], seed: int, stopped: Callable[[], bool]) -> list[Rows]:
    """Run the pieces one after the other; when `stopped` says so, return what is finished."""
    return [_run(piece, bases[piece.base], seed, stopped) for piece in pieces]


def _run(piece: Piece, base: str, seed: int, stopped: Callable[[], bool]) -> Rows:
    plan = _base(base)
    settings = to_run(plan, piece.changes) if piece.changes else plan
    values, levels = array("d"), array("d")
    ended: list[str] = []
    series: tuple[str, ...] = ()
    error = None
    for replication in range(piece.first, piece.first + piece.asked):
        if stopped():
            break
        try:
            history = engine.run(settings, replication, seed)
            values.extend(_numbers(outcomes.row(history, settings)))
        except Exception as problem:
            error = _sentence(problem, replication)
            break
        ended.append(history.ended_by)
        if piece.levels:
            series = tuple(history.series)
            levels.extend(chain.from_iterable(map(history.column, series)))
    return Rows(
        piece.cell,
        piece.first,
        piece.asked,
        len(ended),
        values.tobytes(),
        tuple(ended),
        series,
        levels.tobytes(),
        error,
    )


def _sentence(problem: Exception, replication: int) -> str:
    text, named = str(problem) or type(problem).__name__, f"replication {replication}: "
    return text if text.startswith(named) else named + text


def nothing(piece: Piece, error: str | None) -> Rows:
    """What comes of a piece that was never run."""
    return Rows(piece.cell, piece.first, piece.asked, 0, b"", (), (), b"", error)


@lru_cache(maxsize=64)
def _base(content: str) -> Settings:
    return Settings.model_validate_json(content)


def _numbers(row: dict[str, float | None]) -> list[float]:
    """The outcomes in their order, NaN for null."""
    for name, value in row.items():
        if value != value:
            raise ValueError(f"outcome {name} is not a number")
    return [NULL if value is None else value for value in row.values()]
