"""Simulation of cases over joint draws of evidence and luck, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from sim.analysis.validation.case_figures import Reading, read
from sim.analysis.validation.case_results import CaseDraw, Outturn, Validation, compared
from sim.analysis.validation.case_settings import Member, Prepared, prepare
from sim.analysis.validation.cases import Known, read_cases, shipped_cases
from sim.analysis.validation.evidence_draws import drawn_levers
from sim.analysis.validation.evidence_draws import draws as drawn
from sim.core.history import History
from sim.core.luck import Luck
from sim.engine import Column, company, play
from sim.engine.settings import Settings
from sim.study.running.crew import Crew, WorkerDied, cores

DRAWS = 240
SEED = 1
ATTEMPTS = 8
"""Maximum histories for a population's partnership in a draw to meet the known facts."""
FEWER = 2
"""Factor by which a population is drawn less often, since its totals vary less and cost more."""
_CHUNK = 32
"""Number of jobs a worker takes at once, to play their histories side by side."""
_PLACES = 100
"""Partnership places reserved in the replication numbers of one draw, with ATTEMPTS histories each."""
Progress = Callable[[int, int], None]
Bounds = tuple[float | None, float | None]
Evidence = Mapping[str, float]


class Job(NamedTuple):
    """One partnership in one draw: settings number, drawn evidence, and histories to try in turn."""

    settings: int
    evidence: dict[str, float]
    levers: dict[str, Any]
    replications: tuple[int, ...]
    readings: tuple[Reading, ...]
    known: tuple[tuple[Reading, Bounds], ...]


def validate(
    folder: Path | None = None, draws: int = DRAWS, seed: int = SEED, workers: int = 0, progress: Progress | None = None
) -> Validation:
    """Simulate every case of a folder (default: the shipped cases) and compare it with published figures.

    Everything in the files is checked first; InputError says what is wrong. `progress(done, total)` counts
    partnerships times draws; 0 workers stands for every core.
    """
    cases = [prepare(file) for file in read_cases(folder or shipped_cases())]
    with CasePool(cases, seed, workers) as pool:
        outturns = pool.run(draws, progress)
    found = [one for case, outturn in zip(cases, outturns, strict=True) for one in compared(case, outturn, seed)]
    failed = [error for outturn in outturns for error in outturn.errors]
    return Validation(cases, found, draws, seed, failed, outturns)


class CasePool:
    """Worker processes that hold the settings of cases and simulate them repeatedly."""

    def __init__(self, cases: Sequence[Prepared], seed: int, workers: int = 0) -> None:
        self.cases, self.seed = cases, seed
        self.workers = workers or cores()
        self.settings = [settings for case in cases for member in case.members for _, settings in member.plans]
        self.crew: Crew | None = None

    def __enter__(self) -> CasePool:
        if self.workers > 1 and self.settings:
            contents = tuple(settings.model_dump_json() for settings in self.settings)
            self.crew = Crew(self.workers, _prepare_worker, contents, self.seed)
        return self

    def __exit__(self, *problem: object) -> None:
        if self.crew is not None:
            self.crew.shutdown(wait=True, cancel_futures=True)

    def run(self, draws: int, progress: Progress | None = None, fixed: Evidence | None = None) -> list[Outturn]:
        """Run every case over `draws` draws of evidence and luck, with `fixed` quantities at given values."""
        outturns = [Outturn(len(case.members), _times(case, draws)) for case in self.cases]
        jobs = list(self._jobs(draws, fixed or {}))
        results = self._results([job for *_, job in jobs])
        for done, (number, result) in enumerate(results, start=1):
            case, member, draw, job = jobs[number]
            outturns[case].take(member, draw, result, CaseDraw(job.evidence, job.levers))
            if progress is not None:
                progress(done, len(jobs))
        return outturns

    def here(self, jobs: Sequence[Job]) -> list[Result]:
        """Carry out jobs in this process."""
        return carry_out(jobs, self.settings.__getitem__, self.seed)

    def first(self, case: int) -> int:
        """Number of the settings of a case's first partnership and plan."""
        return sum(len(member.plans) for one in self.cases[:case] for member in one.members)

    def _jobs(self, draws: int, fixed: Evidence) -> Iterator[tuple[int, int, int, Job]]:
        """Jobs for each case, partnership and draw; evidence set by a case itself is not drawn for it."""
        first = 0
        for c, case in enumerate(self.cases):
            times = _times(case, draws)
            for m, member in enumerate(case.members):
                sets = drawn(member.plans[0][1].evidence, times, self.seed, member.name)
                chosen = [drawn_levers(held, times, self.seed, member.name) for held in member.held]
                for draw, evidence in enumerate(sets):
                    plan = _plan(member, draw, self.seed)
                    levers = chosen[plan][draw]
                    yield c, m, draw, _job(case, m, first + plan, draw, {**evidence, **fixed}, levers)
                first += len(member.plans)

    def _results(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Result]]:
        """Results as they arrive, each with its job number."""
        if self.crew is None:
            for at in range(0, len(jobs), _CHUNK):
                yield from enumerate(self.here(jobs[at : at + _CHUNK]), start=at)
            return
        pieces = {self.crew.submit(carry_out_all, jobs[at : at + _CHUNK]): at for at in range(0, len(jobs), _CHUNK)}
        for future in as_completed(pieces):
            at = pieces[future]
            yield from enumerate(_found(future, len(jobs[at : at + _CHUNK])), start=at)


def _found(future: Future[list[Result]], jobs: int) -> list[Result]:
    """Result of a worker for some jobs; the same sentence for each if its process died."""
    try:
        return future.result()
    except WorkerDied as error:
        return [str(error)] * jobs


Result = tuple[float | None, ...] | str | None
"""Figures read, or the error of a failed history, or None if no history met the known facts."""


def carry_out(jobs: Sequence[Job], settings: Callable[[int], Settings], seed: int) -> list[Result]:
    """Play each job's histories in turn until one shows what is known, those of all jobs side by side; read figures."""
    worlds = [with_draw(settings(job.settings), job.evidence, job.levers) for job in jobs]
    found: list[Result] = [None] * len(jobs)
    left, attempt = list(range(len(jobs))), 0
    while left := [number for number in left if attempt < len(jobs[number].replications)]:
        going_on = []
        for _, group in groupby(left, key=lambda number: company(worlds[number])):
            together = list(group)
            columns = [Column(worlds[number], jobs[number].replications[attempt], seed) for number in together]
            for number, history in zip(together, play(columns)):
                found[number] = _result(jobs[number], history, worlds[number])
                going_on += [number] if found[number] is None else []
        left, attempt = going_on, attempt + 1
    return found


def _result(job: Job, history: History | Exception, world: Settings) -> Result:
    """Figures of a job's history; None if it does not meet the known facts."""
    try:
        if isinstance(history, Exception):
            raise history
        if all(_holds(reading, bounds, history, world) for reading, bounds in job.known):
            return tuple(read(reading, history, world) for reading in job.readings)
    except (RuntimeError, ArithmeticError, ValueError, LookupError) as error:
        return str(error) or type(error).__name__
    return None


def with_draw(settings: Settings, values: Evidence, levers: Mapping[str, Any]) -> Settings:
    """The settings with other values of the evidence, each inside its range, and other choices of some levers."""
    evidence = {
        topic: {
            name: quantity.model_copy(
                update={"value": values.get(f"{topic}.{name}", quantity.value), "central": quantity.believed}
            )
            for name, quantity in group.items()
        }
        for topic, group in settings.evidence.items()
    }
    content = settings.levers.model_dump()
    for name, value in levers.items():
        group, lever = name.split(".")
        content[group][lever] = value
    return settings.replaced(evidence=evidence, levers=content)


def _holds(reading: Reading, bounds: Bounds, history: History, settings: Settings) -> bool:
    value, (low, high) = read(reading, history, settings), bounds
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def _job(case: Prepared, m: int, settings: int, draw: int, evidence: dict[str, float], levers: dict[str, Any]) -> Job:
    """One partnership in one draw; in a population it is tried again with other luck where need be."""
    member = case.members[m]
    known: Sequence[Known] = case.file.case.known
    bounds = tuple((reading, (one.low, one.high)) for reading, one in zip(member.known, known, strict=True))
    attempts = ATTEMPTS if len(case.members) > 1 else 1
    first = (draw * _PLACES + m) * ATTEMPTS
    return Job(settings, evidence, levers, tuple(range(first, first + attempts)), member.readings, bounds)


def _times(case: Prepared, draws: int) -> int:
    return max(draws // FEWER, 1) if case.file.case.population is not None else draws


def _plan(member: Member, draw: int, seed: int) -> int:
    """Plan of a partnership in a draw, chosen by weight."""
    left = Luck(seed, draw).uniform("plan", member.name) * sum(weight for weight, _ in member.plans)
    for number, (weight, _) in enumerate(member.plans):
        left -= weight
        if left < 0.0:
            return number
    return len(member.plans) - 1


_contents: list[str] = []
_seeds: list[int] = []


def _prepare_worker(contents: tuple[str, ...], seed: int) -> None:
    _contents[:] = contents
    _seeds[:] = [seed]


def carry_out_all(jobs: Sequence[Job]) -> list[Result]:
    """Carry out jobs in a worker process that holds the settings of the pool."""
    return carry_out(jobs, _settings, _seeds[0])


@cache
def _settings(number: int) -> Settings:
    return Settings.model_validate_json(_contents[number])


@contextmanager
def pool_of(
    folder: Path | None, seed: int = SEED, workers: int = 0, wanted: Callable[[Prepared], bool] = lambda case: True
) -> Iterator[CasePool]:
    """Pool for selected cases of a folder, for searches that simulate them repeatedly."""
    cases = [prepare(file) for file in read_cases(folder or shipped_cases())]
    with CasePool([case for case in cases if wanted(case)], seed, workers) as pool:
        yield pool
