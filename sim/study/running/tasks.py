"""How the replications of a study are cut into tasks: the same tasks, in the same order, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.crew import cores
from sim.study.running.worker import Piece

CHUNK = 50
LARGEST = 250
"""Replications in the tasks of a large study: some seconds, which is what a crash may cost of each worker's work."""
TASKS = 100
"""So many tasks for each worker at least, before they grow beyond CHUNK."""
DETAILED_CELLS = 50


class Task(NamedTuple):
    """A numbered task: pieces of cells that one worker runs without a pause."""

    number: int
    pieces: tuple[Piece, ...]


def processes(study: StudySettings) -> int:
    """How many processes simulate: `study.workers`, where 0 stands for every core this process may use."""
    return study.workers or cores()


def chunk(cells: int, replications: int, workers: int) -> int:
    """Replications in a task: 50, up to 250 in a large study, or fewer where workers would be left idle."""
    share = -(-cells * replications // workers)
    return max(1, min(share, max(CHUNK, min(share // TASKS, LARGEST))))


def wants_levels(study: StudySettings, number: int) -> bool:
    """Whether a cell's months are kept: by default for the first 50 cells."""
    return study.trajectories == "all" or (study.trajectories == "auto" and number < DETAILED_CELLS)


def tasks(cells: Sequence[Cell], study: StudySettings, size: int) -> Iterator[Task]:
    """The tasks of a study, in the order of its cells and their replications; each of about `size` replications."""
    each = study.at_most
    parts = max(1, each // size if size >= CHUNK else -(-each // size))
    bases: dict[int, int] = {}
    number, held, pieces = 0, 0, []
    for place, cell in enumerate(cells):
        base = bases.setdefault(id(cell.base), len(bases))
        changes = dict(cell.values())
        for part in range(parts):
            first, end = part * each // parts, (part + 1) * each // parts
            pieces.append(Piece(place, base, changes, first, end - first, wants_levels(study, place)))
            held += end - first
            if held >= size:
                yield Task(number, tuple(pieces))
                number, held, pieces = number + 1, 0, []
    if pieces:
        yield Task(number, tuple(pieces))


def rounds(
    cells: Sequence[Cell], study: StudySettings, size: int, places: Sequence[int], settled: Callable[[int], bool]
) -> Iterator[Task]:
    """A task for each piece of `size` replications: the first of every cell, then the second, up to the most.

    Of the cells at these `places`, as long as `settled` does not say that one needs no more. Numbers go up
    cell by cell, so that parts in the order of their numbers are in the order of cells.
    """
    bases: dict[int, int] = {}
    numbers = [bases.setdefault(id(cell.base), len(bases)) for cell in cells]
    starts = range(0, study.at_most, size)
    for part, first in enumerate(starts):
        places = [place for place in places if not settled(place)]
        for place in places:
            if not settled(place):
                changes, asked = dict(cells[place].values()), min(size, study.at_most - first)
                piece = Piece(place, numbers[place], changes, first, asked, wants_levels(study, place))
                yield Task(place * len(starts) + part, (piece,))


def bases_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The base plans as JSON, numbered as the pieces number them."""
    found = {id(cell.base): cell.base for cell in cells}
    return tuple(base.model_dump_json() for base in found.values())
