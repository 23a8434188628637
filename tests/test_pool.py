"""Our pool against SimPy's own at constant capacity; changing capacity; work on a clock of changing speed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import simpy

from sim.core.inputs.packages import Package
from sim.core.pools import Agenda, Ballot, Inbox, Late, Later, Pool, WorkClock

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


@pytest.mark.check("Q-V1")
def test_at_constant_capacity_it_is_simpys_priority_resource() -> None:
    random = Random(11)
    for _ in range(150):
        given, capacity = jobs(random), random.randint(1, 4)
        theirs = history(given, capacity, lambda env, n: simpy.PriorityResource(env, capacity=n))
        assert history(given, capacity, Pool) == theirs


@pytest.mark.check("Q-V1")
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


def served_in_order(asked: list[tuple[float, float, tuple[float, int]]], capacity: int = 1) -> list[int]:
    """The order in which claims (time, priority, rank) are served by officers who are busy until month 10."""
    env = simpy.Environment()
    pool = Pool(env, capacity)
    order: list[int] = []

    def hold(duration: float) -> Any:
        with pool.request(priority=-1.0) as claim:
            yield claim
            yield env.timeout(duration)

    def ask(i: int, at: float, priority: float, rank: tuple[float, int]) -> Any:
        yield env.timeout(at)
        with pool.request(priority, rank) as claim:
            yield claim
            order.append(i)
            yield env.timeout(1.0)

    for _ in range(capacity):
        env.process(hold(10.0))
    for i, (at, priority, rank) in enumerate(asked):
        env.process(ask(i, at, priority, rank))
    env.run()
    return order


def test_the_urgent_come_first_then_who_asked_first_then_the_lower_rank() -> None:
    plain = (0.0, 0)
    assert served_in_order([(1.0, 1.0, plain), (2.0, 0.0, plain), (3.0, 0.5, plain)]) == [1, 2, 0]
    assert served_in_order([(3.0, 0.0, plain), (2.0, 0.0, plain), (1.0, 0.0, plain)]) == [2, 1, 0]
    assert served_in_order([(1.0, 0.0, (0.0, 5)), (1.0, 0.0, (0.0, 3)), (1.0, 0.0, (-1.0, 9))]) == [2, 1, 0]
    assert served_in_order([(1.0, 0.0, plain), (1.0, 0.0, plain), (1.0, 0.0, plain)]) == [0, 1, 2]


def test_a_claim_made_at_once_is_served_at_the_end_of_the_instant_by_rank() -> None:
    env = simpy.Environment()
    pool = Pool(env, 1)
    second, first = pool.request(rank=(2.0, 0)), pool.request(rank=(1.0, 0))
    assert (pool.busy, pool.queue, second.state, first.state) == (0, 2, "waiting", "waiting")
    env.run()
    assert (pool.busy, pool.queue, second.state, first.state) == (1, 1, "waiting", "served")
    assert (pool.use.claims, pool.use.longest_queue, pool.use.peak_busy) == (2, 1, 1)
    pool.release(first)
    env.run()
    assert (pool.busy, pool.queue, second.state, first.state) == (1, 0, "served", "done")
    pool.release(first)
    assert (pool.busy, pool.queue) == (1, 0)
    pool.release(second)
    assert (pool.busy, pool.use.longest_queue, pool.use.peak_busy) == (0, 1, 1)


def test_a_claim_that_is_withdrawn_waited_so_long_and_is_never_served() -> None:
    env = simpy.Environment()
    pool = Pool(env, 1)
    held, patient = pool.request(), pool.request()
    env.run(until=1.0)
    given_up = pool.request()
    env.run(until=3.0)
    assert pool.queue == 2
    pool.release(given_up)
    assert (given_up.state, pool.queue, pool.use.waited) == ("withdrawn", 1, 2.0)
    assert pool.totals().waited == 5.0
    env.run(until=5.0)
    pool.release(held)
    env.run(until=6.0)
    assert (patient.state, given_up.state, pool.queue) == ("served", "withdrawn", 0)
    assert pool.totals().waited == 7.0
    assert (pool.totals().busy, pool.totals().capacity) == (6.0, 6.0)
    pool.release(patient)
    pool.release(given_up)
    assert (pool.queue, pool.busy, pool.use.waited) == (0, 0, 7.0)


def test_the_most_that_ever_were_busy_or_waited_stays_the_most() -> None:
    env = simpy.Environment()
    pool = Pool(env, 2)
    claims = [pool.request() for _ in range(4)]
    env.run(until=1.0)
    for claim in claims:
        pool.release(claim)
    assert (pool.use.peak_busy, pool.use.longest_queue) == (2, 2)
    pool.resize(1)
    one, two = pool.request(), pool.request()
    env.run(until=2.0)
    three = pool.request()
    pool.release(three)
    assert (one.state, two.state, pool.busy, pool.queue) == ("served", "waiting", 1, 1)
    assert (pool.use.peak_busy, pool.use.longest_queue) == (2, 2)


def test_a_claim_is_usual_unless_it_says_otherwise() -> None:
    for early, late in (({}, {"priority": 0.0, "rank": (0.0, 0)}), ({"priority": 0.0, "rank": (0.0, 0)}, {})):
        env = simpy.Environment()
        pool = Pool(env, 1)
        first, second = pool.request(**early), pool.request(**late)
        env.run()
        assert (first.state, second.state) == ("served", "waiting")


def test_officers_count_from_when_they_come_and_until_their_work_in_hand_ends() -> None:
    env = simpy.Environment()
    pool = Pool(env, 2)
    one, two = pool.request(), pool.request()
    env.run(until=1.0)
    pool.resize(2)
    assert pool.use.capacity == 0.0
    pool.resize(1)
    assert (pool.use.capacity, pool.use.busy) == (2.0, 2.0)
    env.run(until=3.0)
    # one officer in post, two still at work
    assert (pool.totals().capacity, pool.totals().busy, pool.use.peak_busy) == (6.0, 6.0, 2)
    waiting = pool.request()
    pool.release(one)
    env.run(until=4.0)
    assert (waiting.state, pool.totals().capacity, pool.totals().busy) == ("waiting", 7.0, 7.0)
    pool.release(two)
    env.run(until=6.0)
    assert (waiting.state, pool.totals().capacity, pool.totals().busy) == ("served", 9.0, 9.0)
    pool.release(waiting)
    env.run(until=8.0)
    assert (pool.totals().capacity, pool.totals().busy) == (11.0, 9.0)
    assert Pool(env, 1).totals().capacity == 0.0


def test_more_officers_come_at_the_end_of_the_instant() -> None:
    env = simpy.Environment()
    pool = Pool(env, 0)
    claims = [pool.request() for _ in range(3)]
    assert pool.use.longest_queue == 3
    env.run(until=2.0)
    assert [claim.state for claim in claims] == ["waiting"] * 3
    pool.resize(2)
    env.run(until=2.5)
    assert [claim.state for claim in claims] == ["served", "served", "waiting"]
    assert (pool.use.waited, pool.use.peak_busy, pool.use.longest_queue) == (4.0, 2, 3)


def test_work_that_ends_with_the_pulse_or_on_a_stopped_clock() -> None:
    env = simpy.Environment()
    clock = WorkClock(env, pulse=0.5)
    assert (clock.speed, clock.load) == (1.0, 0.0)
    ends: dict[str, float] = {}

    def work(name: str, amount: float) -> Any:
        yield from clock.work(amount)
        ends[name] = env.now

    def pulses() -> Any:
        for i, speed in enumerate((1.0, 0.5, 0.0, 2.0, 1.0, 1.0)):
            clock.proceed(0.5 * i, speed)
            yield env.timeout(0.5)

    env.process(pulses())
    env.process(work("within", 0.25))
    env.process(work("to the pulse", 0.5))
    env.process(work("past it", 0.625))
    env.process(work("over a stop", 1.0))

    def later() -> Any:
        yield env.timeout(1.25)
        yield from clock.work(0.5)
        ends["begun in the stop"] = env.now

    env.process(later())
    env.run(until=3.0)
    assert ends == {
        "within": 0.25,
        "to the pulse": 0.5,
        "past it": 0.75,
        "over a stop": 1.625,
        "begun in the stop": 1.75,
    }


def test_things_in_an_inbox_are_taken_once_and_wake_who_waits() -> None:
    env = simpy.Environment()
    inbox = Inbox(env)
    inbox.put("before anyone waits")
    arrival = inbox.arrival()
    assert inbox.arrival() is arrival
    assert not arrival.triggered
    inbox.put("then")
    assert arrival.triggered
    assert inbox.take() == ["before anyone waits", "then"]
    assert inbox.take() == []
    again = inbox.arrival()
    assert again is not arrival
    inbox.wake()
    assert again.triggered
    inbox.wake()


def ballot(env: simpy.Environment, rank: int = 0, councils: int = 2) -> Ballot:
    """A step before members."""
    package = Package("joint_team: planning", "joint_team", ("planning",))
    return Ballot(env, replace(package, rank=rank), attempt=1, depth=0.5, amended=0, councils=councils)


@pytest.mark.parametrize(("votes", "agreed"), [((True, True), True), ((True, False), False), ((False, True), False)])
def test_a_step_is_agreed_when_every_council_votes_for_it(votes: tuple[bool, bool], agreed: bool) -> None:
    env = simpy.Environment()
    asked = ballot(env)
    asked.cast(votes[0])
    assert not asked.decided.triggered
    asked.cast(votes[1])
    assert asked.decided.value is agreed


def test_a_meeting_takes_what_was_laid_before_its_day_by_age_and_rank() -> None:
    env = simpy.Environment()
    dates = (2.0, 4.0, 8.0, 11.0)
    agenda = Agenda(env, lambda now: next(date for date in dates if date > now))
    held: list[tuple[float, list[tuple[float, int]]]] = []

    def hold() -> Any:
        while True:
            yield agenda.meeting
            held.append((env.now, [laid.order for laid in agenda.take()]))

    def lay(at: float, rank: int) -> Any:
        yield env.timeout(at)
        agenda.put(ballot(env, rank))

    env.process(hold())
    for at, rank in ((1.0, 4), (0.5, 7), (1.0, 2), (2.0, 1), (6.5, 0), (8.0, 3)):
        env.process(lay(at, rank))
    env.run(until=20.0)
    assert held == [(2.0, [(0.5, 7), (1.0, 2), (1.0, 4)]), (4.0, [(2.0, 1)]), (8.0, [(6.5, 0)]), (11.0, [(8.0, 3)])]


def test_the_end_of_an_instant_comes_after_all_else_in_it() -> None:
    env = simpy.Environment()
    order: list[str] = []
    Late(env, 1.0).callbacks.append(lambda _: order.append("late"))
    Later(env).happen(3.0)
    event = Later(env)
    event.happen(1.0)
    event.callbacks.append(lambda _: order.append("event"))
    env.timeout(1.0).callbacks.append(lambda _: order.append("timeout"))
    Late(env).callbacks.append(lambda _: order.append("now"))
    env.run()
    assert (order, env.now) == (["now", "event", "timeout", "late"], 3.0)
    assert (event.ok, event.value) == (True, None)
