"""Q-V1: the pool of officers, fed with random arrivals and nothing else, against queueing theory.

Times are in units of the mean work of one claim. A macro-run is five independent replications of one cell (a number
of officers at a load). Its 95% interval is that of their mean, with the variance within macro-runs pooled over the
cell: waits are skewed, and an interval from five replications alone would cover less than it says.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from math import ceil, sqrt
from random import Random
from statistics import NormalDist, mean, variance
from typing import Any, NamedTuple

import pytest
import simpy
from reached import share as told_share

from sim.core.pools import Pool
from sim.core.statistics.intervals import t_quantile

REPLICATIONS = 5
WARM_UP_RELAXATIONS = 5.0
"""Each replication begins empty; what is seen before five relaxation times have passed is left out."""
EFFECTIVE_SIZE = 50.0
"""A macro-run measures at least so many relaxation times, and so many claims that wait."""
FEWEST_MEASURED = 1_000

Work = Callable[[Random], float]


class Cell(NamedTuple):
    """Officers, and the load each would carry if work were shared out evenly."""

    officers: int
    load: float

    @property
    def relaxation(self) -> float:
        """Arrivals in one relaxation time: that of the queue, or of one claim's work where that is longer."""
        return max(self.officers * self.load, self.load / (1.0 - sqrt(self.load)) ** 2)

    @property
    def warm_up(self) -> int:
        """Arrivals left out of each replication."""
        return ceil(WARM_UP_RELAXATIONS * self.relaxation)

    @property
    def measured(self) -> int:
        """Arrivals measured in each replication."""
        enough = EFFECTIVE_SIZE * max(self.relaxation, 1.0 / waiting_chance(self))
        return ceil(max(FEWEST_MEASURED, enough) / REPLICATIONS)


class Seen(NamedTuple):
    """What one replication shows, or theory says: share that wait, mean wait, share of officers' time in use."""

    waiting: float
    wait: float
    utilisation: float


def waiting_chance(cell: Cell) -> float:
    """Erlang's C, by the recursion for his B."""
    offered, blocked = cell.officers * cell.load, 1.0
    for officers in range(1, cell.officers + 1):
        blocked = offered * blocked / (officers + offered * blocked)
    return blocked / (1.0 - cell.load * (1.0 - blocked))


def erlang(cell: Cell) -> Seen:
    """Poisson arrivals, exponential work with mean one (M/M/c)."""
    chance = waiting_chance(cell)
    return Seen(chance, chance / (cell.officers * (1.0 - cell.load)), cell.load)


def pollaczek_khinchine(cell: Cell) -> Seen:
    """Poisson arrivals, one officer, work of exactly one (M/D/1)."""
    return Seen(cell.load, cell.load / (2.0 * (1.0 - cell.load)), cell.load)


def exponential(random: Random) -> float:
    """Work that varies."""
    return random.expovariate(1.0)


def constant(random: Random) -> float:
    """Work that does not."""
    return 1.0


def replication(cell: Cell, seed: str, work: Work) -> Seen:
    """One pool from empty: what so many arrivals meet after the warm-up, and its use over their usual time."""
    env, random = simpy.Environment(), Random(seed)
    pool = Pool(env, cell.officers)
    rate, first, last = cell.officers * cell.load, cell.warm_up, cell.warm_up + cell.measured
    waits: list[float] = []
    busy: list[float] = []

    def claim(number: int) -> Iterator[simpy.Event]:
        asked = env.now
        with pool.request() as officer:
            yield officer
            if first <= number < last:
                waits.append(env.now - asked)
            yield env.timeout(work(random))

    def arrivals() -> Iterator[simpy.Event]:
        number = 0
        while number < last or len(busy) < 2:
            yield env.timeout(random.expovariate(rate))
            env.process(claim(number))  # type: ignore[arg-type]
            number += 1

    def meter() -> Iterator[simpy.Event]:
        for arrived in (first, last):
            yield env.timeout(arrived / rate - env.now)
            busy.append(pool.totals().busy)

    env.process(arrivals())  # type: ignore[arg-type]
    env.process(meter())  # type: ignore[arg-type]
    env.run()
    used = (busy[1] - busy[0]) / ((last - first) / rate * cell.officers)
    return Seen(sum(wait > 0.0 for wait in waits) / len(waits), mean(waits), used)


def macro_run(cell: Cell, number: int, work: Work = exponential) -> list[Seen]:
    """The replications of one macro-run; their seeds are their names."""
    return [replication(cell, f"{cell.officers}/{cell.load}/{number}/{i}", work) for i in range(REPLICATIONS)]


def hits(cell: Cell, runs: list[list[Seen]], known: Seen) -> list[tuple[bool, ...]]:
    """Whether each macro-run's interval holds the known answer, measure by measure."""
    found = []
    quantile = t_quantile(0.975, len(runs) * (REPLICATIONS - 1))
    for measure, answer in zip(zip(*[zip(*run) for run in runs]), known):
        half = quantile * sqrt(mean(variance(values) for values in measure) / REPLICATIONS)
        found.append([abs(mean(values) - answer) <= half for values in measure])
    return list(zip(*found))


def coverage(
    numbers: dict[Cell, int], theory: Callable[[Cell], Seen], work: Work, many: Callable[..., Any] = map
) -> tuple[int, Seen]:
    """How many macro-runs there were, and the share of them whose interval holds what theory says."""
    jobs = [(cell, number) for cell, runs in numbers.items() for number in range(runs)]
    done = list(many(partial(_run, work), jobs))
    held: list[tuple[bool, ...]] = []
    for cell in numbers:
        held += hits(cell, [run for job, run in zip(jobs, done) if job[0] == cell], theory(cell))
    return len(held), Seen(*(sum(measure) / len(held) for measure in zip(*held)))


def _run(work: Work, job: tuple[Cell, int]) -> list[Seen]:
    return macro_run(*job, work)


def allowed(runs: int, error: float = 1e-4) -> tuple[float, float]:
    """Between which a share of so many intervals lies that each hold with chance 0.95, but for a rare error."""
    half = NormalDist().inv_cdf(1.0 - error / 2) * sqrt(0.95 * 0.05 / runs) + 0.5 / runs
    return 0.95 - half, 0.95 + half


def tell(record_property: Any, what: str, runs: int, share: Seen) -> None:
    """The share of intervals that hold the truth, by measure, for the table of assurance."""
    names = ("chance of waiting", "mean wait", "utilisation")
    told = (told_share(value * runs, runs, f"({name})") for name, value in zip(names, share))
    record_property("reached", f"{what}: the intervals hold the truth in {'; '.join(told)}")
    record_property("n", runs)


@pytest.mark.check("Q-V1")
def test_the_formulas_are_those_of_the_tables() -> None:
    # M/M/1; and 2 and 3 officers at 2 offered, as worked in textbooks: 1/3 at 0.5 and 4/9
    assert erlang(Cell(1, 0.8)) == pytest.approx((0.8, 4.0, 0.8))
    assert erlang(Cell(2, 0.5))[:2] == pytest.approx((1 / 3, 1 / 3))
    assert erlang(Cell(3, 2 / 3))[:2] == pytest.approx((4 / 9, 4 / 9))
    assert pollaczek_khinchine(Cell(1, 0.8)).wait == pytest.approx(2.0)


@pytest.mark.check("Q-V1")
def test_hr_queues_as_erlang_says(record_property: Any) -> None:
    cells = {Cell(officers, load): 5 for officers in range(1, 11) for load in (0.5, 0.7)}
    runs, share = coverage(cells, erlang, exponential)
    tell(record_property, "Erlang-C, loads 0.5 and 0.7", runs, share)
    low, high = allowed(runs)
    assert all(low <= value <= high for value in share), share


@pytest.mark.check("Q-V1")
def test_constant_work_queues_as_pollaczek_and_khinchine_say(record_property: Any) -> None:
    runs, share = coverage({Cell(1, 0.5): 30, Cell(1, 0.8): 10}, pollaczek_khinchine, constant)
    tell(record_property, "M/D/1", runs, share)
    low, high = allowed(runs)
    assert all(low <= value <= high for value in share), share


@pytest.mark.slow
@pytest.mark.check("Q-V1")
def test_hr_queues_as_erlang_says_at_every_load(record_property: Any) -> None:
    loads = {0.3: 120, 0.5: 120, 0.7: 120, 0.8: 56, 0.9: 12, 0.95: 6}
    cells = {Cell(officers, load): runs for load, runs in loads.items() for officers in range(1, 11)}
    with ProcessPoolExecutor() as workers:
        runs, share = coverage(cells, erlang, exponential, partial(workers.map, chunksize=5))
    tell(record_property, "Erlang-C, loads 0.3 to 0.95", runs, share)
    assert runs >= 4_000
    assert all(0.94 <= value <= 0.96 for value in share), share


# -- Little's law, and who is served first --


class Counted(Pool):
    """A pool whose queue and claims in hand are integrated apart, at every change."""

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        super().__init__(env, capacity)
        self.changes: list[tuple[float, int, int]] = []

    def note(self) -> None:
        """Keep how many wait and how many are served from now on."""
        self.changes.append((self.env.now, self.queue, self.busy))


def watched(random: Random, claims: int, officers: int) -> tuple[Counted, list[float], list[float]]:
    """Some claims on a pool whose capacity changes meanwhile, until it is empty; their waits and their whole stays."""
    env = simpy.Environment()
    pool = Counted(env, officers)
    waits, stays = [], []

    def claim() -> Iterator[simpy.Event]:
        asked = env.now
        request = pool.request(priority=random.randrange(3))
        pool.note()
        with request:
            yield request
            pool.note()
            waits.append(env.now - asked)
            yield env.timeout(random.expovariate(1.0))
        pool.note()
        stays.append(env.now - asked)

    def arrivals() -> Iterator[simpy.Event]:
        for _ in range(claims):
            yield env.timeout(random.expovariate(0.9 * officers))
            env.process(claim())  # type: ignore[arg-type]
            if random.random() < 0.05:
                pool.resize(random.randint(1, officers + 1))
                pool.note()

    env.process(arrivals())  # type: ignore[arg-type]
    env.run()
    return pool, waits, stays


@pytest.mark.check("Q-V1")
def test_littles_law_is_an_identity(record_property: Any) -> None:
    random, worst = Random("Little"), 0.0
    for officers in range(1, 11):
        pool, waits, stays = watched(random, 2_000, officers)
        steps = [(later - now, queue, busy) for (now, queue, busy), (later, _, _) in pairwise(pool.changes)]
        queued = sum(elapsed * queue for elapsed, queue, _ in steps)
        present = sum(elapsed * (queue + busy) for elapsed, queue, busy in steps)
        worst = max(worst, abs(queued / sum(waits) - 1.0), abs(present / sum(stays) - 1.0))
        assert queued == pytest.approx(sum(waits), rel=1e-9)
        assert present == pytest.approx(sum(stays), rel=1e-9)
        use = pool.totals()
        assert (use.waited, use.busy) == pytest.approx((queued, present - queued), rel=1e-9)
    record_property("reached", f"Little's law: residual at most {worst:.1g} of the whole, 10 pools of 2,000 claims")
