"""Trials: candidates simulated on the calibrating cases, several histories each, kept line by line in a journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.analysis.calibration.emulators import HISTORIES
from sim.analysis.calibration.tellings import Reporting, reporting
from sim.analysis.validation.case_figures import unit_of
from sim.analysis.validation.case_results import Row
from sim.analysis.validation.case_runs import CasePool, Job, carry_out_all
from sim.analysis.validation.case_settings import Member, Prepared
from sim.analysis.validation.cases import PublishedFigure
from sim.analysis.validation.evidence_draws import EVERY, priors
from sim.core.inputs import candidates
from sim.core.luck import Luck

PIECE = 8
"""Candidates in a task of a worker."""
Readings = list[Row | None]
"""What each of a candidate's histories of one case shows; None where it does not show what is known."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Calibrating:
    """One published figure that calibrates: its case, its column among the case's readings, and its reporting model."""

    case: int
    partnership: str
    column: int
    figure: PublishedFigure
    reported: Reporting

    @property
    def name(self) -> str:
        """Partnership and figure."""
        return f"{self.partnership}: {self.figure.name}"


def targets(cases: Sequence[Prepared]) -> list[Calibrating]:
    """Every figure of role calibrate of cases about one partnership; no other figure is read."""
    found = []
    for c, case in enumerate(cases):
        read = [figure for figure in case.file.case.figures if figure.outcome is not None]
        for column, figure in enumerate(read):
            if figure.role == "calibrate" and figure.outcome is not None:
                model = reporting(figure, unit_of(figure.outcome))
                found.append(Calibrating(c, case.members[0].name, column, figure, model))
    return found


def calibrates(case: Prepared) -> bool:
    """True if a case is about one partnership and has a figure of role calibrate."""
    return case.file.case.population is None and any(one.role == "calibrate" for one in case.file.case.figures)


class Trials:
    """Readings of candidates by case, simulated once and kept in a journal that a broken-off run goes on from."""

    def __init__(self, pool: CasePool, journal: Path, seed: int) -> None:
        self.pool, self.journal, self.seed = pool, journal, seed
        self.readings: dict[tuple[int, int], Readings] = dict(_kept(journal))
        """By case and candidate."""

    def run(self, wanted: Sequence[int], progress: Progress | None = None) -> None:
        """Simulate these candidates on every case, except where the journal holds them."""
        pieces = list(self._missing(wanted))
        with self.journal.open("a") as file:
            for done, (case, numbers, results) in enumerate(self._results(pieces), start=1):
                for at, number in enumerate(numbers):
                    rows = results[at * HISTORIES : (at + 1) * HISTORIES]
                    readings = [None if isinstance(row, str) else row for row in rows]
                    self.readings[case, number] = readings
                    file.write(json.dumps([case, number, readings]) + "\n")
                file.flush()
                if progress is not None:
                    progress(done, len(pieces))

    def _missing(self, wanted: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        for case in range(len(self.pool.cases)):
            left = [number for number in wanted if (case, number) not in self.readings]
            for at in range(0, len(left), PIECE):
                yield case, left[at : at + PIECE]

    def _results(self, pieces: Sequence[tuple[int, list[int]]]) -> Iterator[tuple[int, list[int], list[Any]]]:
        jobs = [[job for number in numbers for job in self._jobs(case, number)] for case, numbers in pieces]
        if self.pool.crew is None:
            for (case, numbers), own in zip(pieces, jobs, strict=True):
                yield case, numbers, self.pool.here(own)
            return
        futures = {self.pool.crew.submit(carry_out_all, own): place for place, own in enumerate(jobs)}
        for future in as_completed(futures):
            yield *pieces[futures[future]], future.result()

    def _jobs(self, case: int, candidate: int) -> Iterator[Job]:
        """A candidate's histories of a case: the same evidence, each with luck and undocumented levers of its own."""
        prepared = self.pool.cases[case]
        member = prepared.members[0]
        values = candidates.values(candidate, member.plans[0][1].evidence, member.name, self.seed)
        bounds = tuple(
            (reading, (one.low, one.high)) for reading, one in zip(member.known, prepared.file.case.known, strict=True)
        )
        for luck in range(HISTORIES):
            replication = candidate * HISTORIES + luck
            levers = _levers(member, replication, self.seed)
            yield Job(self.pool.first(case), values, levers, (replication,), member.readings, bounds)


def _levers(member: Member, replication: int, seed: int) -> dict[str, Any]:
    """Choices of the levers that no source tells, drawn for one history."""
    luck, held = Luck(seed, replication), member.held[0]
    free = [prior for prior in priors() if prior.lever not in held and EVERY not in held]
    return {prior.lever: prior.at(luck.uniform("lever", f"{prior.lever} of {member.name}")) for prior in free}


def _kept(journal: Path) -> Iterator[tuple[tuple[int, int], Readings]]:
    """Readings of a journal; a line that was broken off in writing is left out."""
    if not journal.exists():
        return
    for line in journal.read_text().splitlines():
        try:
            case, number, readings = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield (case, number), [None if row is None else tuple(row) for row in readings]
