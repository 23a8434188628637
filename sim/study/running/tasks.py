"""Division of a study's replications into tasks, the same in each run and job."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.crew import cores
from sim.study.running.worker import Piece

CHUNK = 50
LARGEST = 250
"""Maximum replications in a task of a large study: some seconds of each worker's work lost in a crash."""
TASKS = 100
"""Minimum tasks for each worker before tasks grow beyond CHUNK."""
DETAILED_CELLS = 50


class Task(NamedTuple):
    """A numbered task: pieces of cells that one worker runs without a break."""

    number: int
    pieces: tuple[Piece, ...]


def processes(study: StudySettings) -> int:
    """Number of processes: `study.workers`, where 0 means every core available to this process."""
    return study.workers or cores()


def chunk(cells: int, replications: int, workers: int) -> int:
    """Replications in a task: 50, up to 250 in a large study, or fewer where workers would be left idle."""
    share = -(-cells * replications // workers)
    return max(1, min(share, max(CHUNK, min(share // TASKS, LARGEST))))


def wants_levels(study: StudySettings, number: int) -> bool:
    """True if a cell's monthly levels are kept; by default those of the first 50 cells."""
    return study.trajectories == "all" or (study.trajectories == "auto" and number < DETAILED_CELLS)


def tasks(cells: Sequence[Cell], study: StudySettings, size: int) -> Iterator[Task]:
    """Tasks of a study of about `size` replications each, in order of cells and replications."""
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
    """Tasks of one piece with `size` replications: the first of every cell, then the second, up to the maximum.

    Covers the cells at `places`, until `settled` is true for a cell. Task numbers increase by cell, so that
    parts sorted by number are sorted by cell.
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
    """Base plans as JSON, in the numbering that pieces use."""
    found = {id(cell.base): cell.base for cell in cells}
    return tuple(base.model_dump_json() for base in found.values())
