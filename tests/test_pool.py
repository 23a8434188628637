"""Our pool against SimPy's own at constant capacity; changing capacity; work on a clock of changing speed."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import simpy

from sim.pool import Pool, WorkClock

Jobs = list[tuple[float, float, int, float | None]]
"""Arrival, duration, priority, and when the job is interrupted if it is."""


def jobs(random: Random) -> Jobs:
    """Random jobs, a fifth of them interrupted; times are irregular, so that no two things coincide."""
    made: Jobs = []
    for _ in range(random.randint(5, 40)):
        arrival, duration = random.uniform(0, 30), random.uniform(0.5, 6)
        interrupted = arrival + random.uniform(0.1, 8) if random.random() < 0.2 else None
        made.append((arrival, duration, random.randint(0, 2), interrupted))
    return made


def history(given: Jobs, capacity: int, make: Callable[[simpy.Environment, int], Any]) -> list[tuple[Any, ...]]:
    """What happens to each job: (job, served, ended, how)."""
    env = simpy.Environment()
    pool = make(env, capacity)
    seen: list[tuple[Any, ...]] = []

    def job(i: int, arrival: float, duration: float, priority: int) -> Any:
        served = None
        try:
            yield env.timeout(arrival)
            with pool.request(priority=priority) as claim:
                yield claim
                served = env.now
                yield env.timeout(duration)
            seen.append((i, served, env.now, "done"))
        except simpy.Interrupt:
            seen.append((i, served, env.now, "interrupted"))

    def interrupt(process: simpy.Process, at: float) -> Any:
        yield env.timeout(at)
        if process.is_alive:
            process.interrupt()

    for i, (arrival, duration, priority, interrupted) in enumerate(given):
        process = env.process(job(i, arrival, duration, priority))
        if interrupted is not None:
            env.process(interrupt(process, interrupted))
    env.run()
    return sorted(seen)


def test_at_constant_capacity_it_is_simpys_priority_resource() -> None:
    random = Random(11)
    for _ in range(150):
        given, capacity = jobs(random), random.randint(1, 4)
        theirs = history(given, capacity, lambda env, n: simpy.PriorityResource(env, capacity=n))
        assert history(given, capacity, Pool) == theirs


def test_use_is_weighted_by_time_and_waits_are_counted() -> None:
    env = simpy.Environment()
    pool = Pool(env, 1)

    def job(duration: float) -> Any:
        with pool.request() as claim:
            yield claim
            yield env.timeout(duration)

    for duration in (2.0, 3.0, 10.0):
        env.process(job(duration))
    env.run(until=8.0)
    use = pool.totals()
    assert (use.busy, use.capacity, use.claims, use.longest_queue, use.peak_busy) == (8.0, 8.0, 3, 2, 1)
    assert use.waited == 2.0 + 5.0
    assert pool.totals().waited == 7.0


def test_a_claim_that_still_waits_counts_as_waiting_so_far() -> None:
    env = simpy.Environment()
    pool = Pool(env, 1)
    env.process(iter_claim(pool, 100.0))
    env.process(iter_claim(pool, 100.0))
    env.run(until=6.0)
    assert pool.totals().waited == 6.0
    assert pool.queue == 1


def iter_claim(pool: Pool, duration: float) -> Any:
    """Hold an officer for a time."""
    with pool.request() as claim:
        yield claim
        yield pool.env.timeout(duration)


def test_more_officers_serve_those_who_wait_and_a_fall_waits_for_work_in_hand() -> None:
    env = simpy.Environment()
    pool = Pool(env, 1)
    served: list[float] = []

    def job(duration: float) -> Any:
        with pool.request() as claim:
            yield claim
            served.append(env.now)
            yield env.timeout(duration)

    def change(at: float, capacity: int) -> Any:
        yield env.timeout(at)
        pool.resize(capacity)

    for _ in range(4):
        env.process(job(5.0))
    env.process(change(1.0, 3))
    env.process(change(2.0, 1))
    env.run()
    # one at once, two more when there are three officers; the fourth when two of the three have ended
    assert served == [0.0, 1.0, 1.0, 6.0]
    assert pool.busy == 0
    assert pool.use.busy == pytest.approx(20.0)


def clocked(amounts: list[tuple[float, float]], speeds: list[float]) -> list[float]:
    """When each (start, amount) of work ends, on a clock whose speed is set month by month."""
    env = simpy.Environment()
    clock = WorkClock(env)
    ends = [0.0] * len(amounts)

    def pulse() -> Any:
        for month, speed in enumerate(speeds):
            clock.proceed(float(month), speed)
            yield env.timeout(1.0)

    def work(i: int, start: float, amount: float) -> Any:
        yield env.timeout(start)
        yield from clock.work(amount, weight=1.0)
        ends[i] = env.now

    env.process(pulse())
    for i, (start, amount) in enumerate(amounts):
        env.process(work(i, start, amount))
    env.run(until=len(speeds) - 0.5)
    return ends


def end_by_hand(start: float, amount: float, speeds: list[float]) -> float:
    """Integrate the speed until the amount is done."""
    now = start
    while True:
        month_end = float(int(now) + 1)
        speed = speeds[int(now)]
        if amount <= speed * (month_end - now):
            return now + amount / speed
        amount -= speed * (month_end - now)
        now = month_end


def test_work_ends_when_the_integral_of_speed_reaches_its_amount() -> None:
    random = Random(5)
    for _ in range(100):
        speeds = [random.uniform(0.2, 1.5) for _ in range(60)]
        amounts = [(random.uniform(0.01, 20), random.uniform(0.05, 6)) for _ in range(8)]
        expected = [end_by_hand(start, amount, speeds) for start, amount in amounts]
        assert clocked(amounts, speeds) == pytest.approx(expected, abs=1e-9)


def test_load_is_carried_while_work_lasts_and_let_go_when_it_is_interrupted() -> None:
    env = simpy.Environment()
    clock = WorkClock(env)

    def work() -> Any:
        try:
            yield from clock.work(50.0, weight=0.7)
        except simpy.Interrupt:
            yield env.timeout(1.0)

    process = env.process(work())
    env.run(until=2.0)
    assert clock.load == pytest.approx(0.7)
    process.interrupt()
    env.run(until=2.5)
    assert clock.load == pytest.approx(0.0)
    with clock.carrying(0.4):
        assert clock.load == pytest.approx(0.4)
    assert clock.load == pytest.approx(0.0)
