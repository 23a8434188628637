"""Progressively refined answers: first from a few histories, then from more, including the earlier ones."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.core.errors import InputError
from sim.pictures.people_series import MEMBERS, STAFF
from sim.study.design.cells import Cell, StudyPlan
from sim.study.running.gathering import CellResults, runs_table
from sim.study.running.worker import Piece, Rows
from sim.study.study import Study
from sim.study.tables import spread

Run = Callable[[Sequence[Piece], tuple[str, ...], int], "Future[list[Rows]]"]

LOOKS = (16, 60, 100, 200, 500)
"""Histories per plan after which an answer is shown; the first takes a quarter of a second on two cores."""
FIRST_OF_SEVERAL = 12
"""Histories per plan of a first answer if several plans are new, so that it comes as soon."""
TOGETHER = 2
"""Histories simulated per process task: a twentieth of a second, after which another request gets its turn."""
KEPT = 24
"""Most plans whose histories are kept; each takes about seven megabytes at 200 histories."""
MOST_HISTORIES = 6_000
"""Most histories kept over all plans: about two hundred megabytes."""
FEWEST = 5
"""Plans kept regardless of their number of histories: those of one question."""

SERIES = {"recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m", *STAFF, *MEMBERS}
"""Monthly series that a page draws; of buy-in also each council's."""

Histories = dict[int, Rows]
"""Results of one plan, by the number of the first history in each block."""
Key = tuple[str, int, int, int]
"""Identity of a block of work: cell, seed, first history and number of histories."""


@dataclass
class PendingPiece:
    """A block being simulated, and the number of answers waiting for it; at zero it is cancelled."""

    future: asyncio.Future[list[Rows]]
    answers: int = 0


class Wanted(NamedTuple):
    """A block that an answer waits for, and the index of its plan in the question."""

    place: int
    key: Key
    work: PendingPiece


@dataclass(frozen=True)
class InterimAnswer:
    """Results after `histories` of each plan, out of `asked`."""

    study: Study
    histories: int
    asked: int

    @property
    def settled(self) -> bool:
        """True if all requested histories are included."""
        return self.histories >= self.asked


class Looking:
    """Simulates the histories that questions need, and caches the results.

    Histories needed by two questions at the same time are simulated once. For use in one event loop. The results
    of the least recently used plans are dropped.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: OrderedDict[tuple[str, int], Histories] = OrderedDict()
        self._running: dict[Key, PendingPiece] = {}

    async def looks(self, plan: StudyPlan) -> AsyncIterator[InterimAnswer]:
        """Successively better answers to one question; closing the iterator cancels work not yet begun.

        Raises InputError if a history fails.
        """
        held, asked = self._held(plan), plan.study.at_most
        steps = _steps([_unbroken(histories) for histories in held], asked)
        pending: list[Wanted] = []
        try:
            pending = self._begin(plan, held, steps[0])
            for place, count in enumerate(steps):
                await self._end(plan, held, pending)
                pending = self._begin(plan, held, steps[place + 1]) if place + 1 < len(steps) else []
                rows = _first(plan, held, count)
                yield InterimAnswer(await asyncio.to_thread(study_so_far, plan, rows), count, asked)
        finally:
            self._leave(pending)

    async def live(self, plan: StudyPlan) -> Study:
        """The study at its last answer, after simulating any missing histories."""
        found = None
        async for look in self.looks(plan):
            found = look.study
        assert found is not None
        return found

    async def mixed(self, cell: Cell, seed: int, changes: Sequence[Mapping[str, Any]]) -> list[Rows]:
        """Histories of a plan, each with its own changes: history `i` has the changes at `i`."""
        base = cell.settings.model_dump_json()
        pieces = [Piece(0, 0, dict(own), number, 1, False) for number, own in enumerate(changes)]
        batches = [pieces[start : start + TOGETHER] for start in range(0, len(pieces), TOGETHER)]
        pending = [asyncio.wrap_future(self._run(batch, (base,), seed)) for batch in batches]
        try:
            found = [rows for batch in await asyncio.gather(*pending) for rows in batch]
        finally:
            for future in pending:
                future.cancel()
        _check(cell, found)
        return found

    def _held(self, plan: StudyPlan) -> list[Histories]:
        """Cached results of each plan's cell, kept by the question even if dropped from the cache meanwhile."""
        found = []
        for cell in plan.cells:
            key = (cell.id, plan.study.seed)
            found.append(self._known.setdefault(key, {}))
            self._known.move_to_end(key)
        self._forget()
        return found

    def _begin(self, plan: StudyPlan, held: Sequence[Histories], count: int) -> list[Wanted]:
        """Start the missing blocks among the first `count` histories, alternating between plans."""
        pieces = []
        for place, (cell, known) in enumerate(zip(plan.cells, held, strict=True)):
            missing = [first for first in range(0, count, TOGETHER) if first not in known]
            base = cell.settings.model_dump_json() if missing else ""
            pieces += [
                (first, Piece(place, 0, {}, first, min(TOGETHER, count - first), True), base) for first in missing
            ]
        pieces.sort(key=lambda each: each[0])
        return [self._join(plan, piece, base) for _, piece, base in pieces]

    def _join(self, plan: StudyPlan, piece: Piece, base: str) -> Wanted:
        """Wait for a block already under way, or start it."""
        key = (plan.cells[piece.cell].id, plan.study.seed, piece.first, piece.asked)
        if key not in self._running:
            future = asyncio.wrap_future(self._run([piece], (base,), plan.study.seed))
            self._running[key] = PendingPiece(future)
        work = self._running[key]
        work.answers += 1
        return Wanted(piece.cell, key, work)

    async def _end(self, plan: StudyPlan, held: Sequence[Histories], pending: Sequence[Wanted]) -> None:
        found = await asyncio.gather(*(asyncio.shield(wanted.work.future) for wanted in pending))
        for wanted, rows in zip(pending, found, strict=True):
            _check(plan.cells[wanted.place], rows)
            held[wanted.place].update((each.first, each) for each in rows)
        self._leave(pending)

    def _leave(self, pending: Sequence[Wanted]) -> None:
        """Stop waiting; a block without waiting answers is cancelled."""
        for _, key, work in pending:
            work.answers -= 1
            if not work.answers:
                work.future.cancel()
                del self._running[key]

    def _forget(self) -> None:
        """Drop the least recently used plans while there are too many."""
        histories = sum(len(rows) for rows in self._known.values()) * TOGETHER
        while len(self._known) > KEPT or (histories > MOST_HISTORIES and len(self._known) > FEWEST):
            histories -= len(self._known.popitem(last=False)[1]) * TOGETHER


def _first(plan: StudyPlan, held: Sequence[Histories], count: int) -> dict[str, list[Rows]]:
    """Result rows of the first `count` histories, by cell."""
    return {
        cell.id: [rows for first, rows in sorted(known.items()) if first < count]
        for cell, known in zip(plan.cells, held, strict=True)
    }


def _steps(known: Sequence[int], asked: int) -> list[int]:
    """Numbers of histories per plan at which to show an answer, given how many are already cached."""
    new = sum(count < LOOKS[0] for count in known)
    steps = LOOKS if new < 2 else (FIRST_OF_SEVERAL, *LOOKS)
    return [count for count in steps if min(known) < count < asked] + [asked]


def _unbroken(histories: Histories) -> int:
    """Number of cached histories in an unbroken run from the first."""
    count = 0
    while count in histories:
        count += histories[count].done
    return count


def _check(cell: Cell, found: Sequence[Rows]) -> None:
    for rows in found:
        if rows.error or rows.done < rows.asked:
            raise InputError(f"{cell.label} failed: {rows.error or 'the server is stopping'}")


def study_so_far(plan: StudyPlan, rows: Mapping[str, Sequence[Rows]]) -> Study:
    """The study of these rows, by cell; nothing is read or written."""
    results = [CellResults(parts=list(rows[cell.id])) for cell in plan.cells]
    known = plan.study.model_copy(update={"replications": min(result.done for result in results)})
    tables = {"runs": runs_table(plan.cells, results), "trajectories": _trajectories(plan, results)}
    return Study.made(plan._replace(study=known), tables, Path("this page"))


def _trajectories(plan: StudyPlan, results: Sequence[CellResults]) -> pd.DataFrame:
    """Monthly mean and quantiles of the drawn series."""
    tables = []
    for cell, result in zip(plan.cells, results, strict=True):
        series, levels = result.levels()
        kept = [place for place, name in enumerate(series) if name in SERIES or name.startswith("buy_in_")]
        tables.append(spread(cell, [series[place] for place in kept], levels[:, kept, :]))
    return pd.concat(tables, ignore_index=True)
