"""Work of one process: some replications of some cells, returned as plain bytes.

Imports only the core, so that a process that starts from nothing is soon ready (performance.md, habit 6).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, groupby
from typing import Any, NamedTuple

from sim.core.history import History
from sim.engine import BATCH, Column, company, outcomes, play
from sim.engine.settings import Settings
from sim.plans.variants import to_run
from sim.study.running.crew import Halt

NULL = float("nan")
_halt: list[Halt] = []
_bases: list[str] = []


class Piece(NamedTuple):
    """Replications `first` to `first + asked - 1` of one cell: its base plan, and changes by full key."""

    cell: int
    base: int
    changes: dict[str, Any]
    first: int
    asked: int
    levels: bool


class Rows(NamedTuple):
    """Results of a piece: `done` rows of outcomes as doubles, NaN for null.

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
    """Prepare a worker process with its base plans and `halt`, by which its parent stops it."""
    _halt[:] = [halt]
    _bases[:] = bases


def run_task(pieces: Sequence[Piece], seed: int) -> list[Rows]:
    """Run the pieces in a worker process prepared by `start`."""
    return run_pieces(pieces, tuple(_bases), seed, _halt[0].is_set)


def run_pieces(pieces: Sequence[Piece], bases: tuple[str, ...], seed: int, stopped: Callable[[], bool]) -> list[Rows]:
    """Play the pieces' histories in batches. Returns what is finished once `stopped` says so."""
    taken = [Taken(piece, bases[piece.base]) for piece in pieces]
    todo = [(own, replication) for own in taken for replication in own.replications]
    for batch in _batches(todo):
        if stopped():
            break
        columns = [Column(own.settings, replication, seed) for own, replication in batch]
        for (own, replication), history in zip(batch, play(columns)):
            own.take(history, replication)
    return [own.rows() for own in taken]


def _batches(todo: list[tuple[Taken, int]]) -> Iterator[list[tuple[Taken, int]]]:
    """Histories in batches of at most BATCH, each of plans that can be played side by side."""
    for _, together in groupby(todo, key=lambda each: each[0].company):
        histories = list(together)
        for first in range(0, len(histories), BATCH):
            batch = [each for each in histories[first : first + BATCH] if each[0].error is None]
            if batch:
                yield batch


class Taken:
    """A piece in play: its settings, and its results so far."""

    def __init__(self, piece: Piece, base: str) -> None:
        self.piece = piece
        self.error: str | None = None
        self.series: tuple[str, ...] = ()
        self.ended: list[str] = []
        self.values, self.levels = array("d"), array("d")
        self._base = base

    @property
    def replications(self) -> range:
        """Histories to play."""
        return range(self.piece.first, self.piece.first + self.piece.asked)

    @cached_property
    def settings(self) -> Settings:
        """Settings of the cell."""
        plan = _base(self._base)
        return to_run(plan, self.piece.changes) if self.piece.changes else plan

    @property
    def company(self) -> object:
        """Key that is equal for plans whose histories can be played side by side."""
        return company(_base(self._base))

    def take(self, history: History | Exception, replication: int) -> None:
        """Add the next history's result; after a failure the piece is given up."""
        if self.error is not None:
            return
        if isinstance(history, Exception):
            self.error = _sentence(history, replication)
            return
        try:
            self.values.extend(_numbers(outcomes.row(history, self.settings)))
        except Exception as problem:
            self.error = _sentence(problem, replication)
            return
        self.ended.append(history.ended_by)
        if self.piece.levels:
            self.series = tuple(history.series)
            self.levels.extend(chain.from_iterable(map(history.column, self.series)))

    def rows(self) -> Rows:
        """Finished rows in the form returned to the parent."""
        cell, first, asked, ended = self.piece.cell, self.piece.first, self.piece.asked, tuple(self.ended)
        values, levels = self.values.tobytes(), self.levels.tobytes()
        return Rows(cell, first, asked, len(ended), values, ended, self.series, levels, self.error)


def _sentence(problem: Exception, replication: int) -> str:
    text, named = str(problem) or type(problem).__name__, f"replication {replication}: "
    return text if text.startswith(named) else named + text


def nothing(piece: Piece, error: str | None) -> Rows:
    """Result of a piece that was never run."""
    return Rows(piece.cell, piece.first, piece.asked, 0, b"", (), (), b"", error)


@lru_cache(maxsize=64)
def _base(content: str) -> Settings:
    return Settings.model_validate_json(content)


def _numbers(row: dict[str, float | None]) -> list[float]:
    """Outcomes in order, NaN for null."""
    for name, value in row.items():
        if value != value:
            raise ValueError(f"outcome {name} is not a number")
    return [NULL if value is None else value for value in row.values()]
