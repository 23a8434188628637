"""Q-V2 to Q-V4: programmes worked out by hand, bounds on any schedule, soft states in closed form."""

import itertools
from math import exp
from random import Random

import pytest
import simpy
from programmes import finish_months, net_pence, played, programme

from sim import engine, outcomes
from sim.history import History
from sim.packages import Package
from sim.pool import Pool
from sim.settings import Settings, compose
from sim.world import SoftStates

HEADS_DONE = {"chief_executive": 6.0, "management_team": 13.0, "heads_of_service": 19.0}
"""Votes fall in months 2, 8 and 14; appointing then takes 4, 5 and 5 months."""

ONE_SERVICE = {
    # review 19–23, notice 24.5, HR 27.5, vote 28, implementation 33, bedding-in 39
    "joint_team: planning": 39.0,
    # design 39–43, vote 44, OD 47, embedding 51, bedding-in 57
    "redesign: planning": 57.0,
}
ONE_AT_A_TIME = {
    "joint_team: planning": 39.0,
    # released when the first team is formed in 33: review 37, notice 38.5, HR 41.5, vote 42, 47, 53
    "joint_team: housing": 53.0,
    # released when the second is formed in 47: 51, vote 52, OD 55, 59, 65
    "redesign: planning": 65.0,
    # released in 59: 63, vote 64, OD 67, 71, 77
    "redesign: housing": 77.0,
}
ONE_HR_OFFICER = {
    "joint_team: planning": 39.0,
    # both reviews end in 23; the only officer is free again in 27.5: HR 32, vote 34, 39, 45
    "joint_team: housing": 45.0,
}
TRANSFORM_FIRST = {
    "chief_executive": 6.0,
    # teams apart, so 1.3 times the work: design 11.2, vote 12, OD 15.9, embedding 19.9, bedding-in 25.9
    "redesign: planning": 25.9,
    # vote 26, appointed 31; vote 32, appointed 37
    "management_team": 31.0,
    "heads_of_service": 37.0,
    # review of a redesigned service 2.8: 39.8, notice 41.3, HR 44.3, vote 46, 51, 57
    "joint_team: planning": 57.0,
}


@pytest.mark.parametrize(
    ("overrides", "names", "expected", "pounds"),
    [
        # 114 months of 150,000 a year; one exit of 45,000; coordination of 40,000 a year from month 7
        (["levers.sequence.extent=chief_executive"], ("planning",), {"chief_executive": 6.0}, 1_003_333.33),
        # and 107 months of 210,000, 101 months of 300,000 a year; six more exits of 45,000
        (["levers.sequence.extent=heads_of_service"], ("planning",), HEADS_DONE, 5_130_833.33),
        ([], ("planning",), HEADS_DONE | ONE_SERVICE, 25_355_833.33),
        (["levers.pace.packages_at_once=1"], ("planning", "housing"), HEADS_DONE | ONE_AT_A_TIME, None),
        (["levers.pace.packages_at_once=2"], ("planning", "housing"), HEADS_DONE | ONE_HR_OFFICER, None),
        (["levers.sequence.sequence=transform_first"], ("planning",), TRANSFORM_FIRST, None),
    ],
    ids=["chief executive", "heads of service", "one service", "one at a time", "one HR officer", "transform first"],
)
def test_a_programme_without_randomness_is_the_hand_worked_one(
    overrides: list[str], names: tuple[str, ...], expected: dict[str, float], pounds: float | None
) -> None:
    history = played(programme(*overrides, names=names))
    found = finish_months(history)
    for package, month in expected.items():
        assert found[package] == pytest.approx(month, abs=1e-9), package
    if pounds is not None:
        assert found.keys() == expected.keys()
        assert net_pence(history) == pytest.approx(pounds * 100, abs=1.0)


def test_shares_of_the_councils_sum_to_the_total_in_every_line() -> None:
    history = played(programme())
    lines = history.ledger()
    assert sum(sum(line.pence) for line in lines) == net_pence(history)
    saving = next(line for line in lines if line.cause == "management" and line.month == 30)
    assert saving.pence == (2_200_000, 3_300_000)


# -- Q-V3: bounds on any schedule --


def makespan_bounds(history: History, plan: tuple[Package, ...]) -> tuple[float, float, float]:
    """Makespan, longest chain of realised durations, and HR work over the largest number of HR officers."""
    spans, hr_work, started = {}, 0.0, {}
    for event in history.events:
        if event.kind == "stage started":
            started[event.entity, event.cause] = event.month
        elif event.kind == "stage finished":
            took = event.month - started[event.entity, event.cause]
            spans[event.entity] = spans.get(event.entity, 0.0) + took
            hr_work += took if event.cause == "consultation" else 0.0
    ends = {e.entity for e in history.events if e.kind == "package finished"}
    chain: dict[str, float] = {}

    def longest(name: str) -> float:
        if name not in chain:
            before = [longest(b) for b in by_name[name].after if b in ends]
            chain[name] = spans.get(name, 0.0) + max(before, default=0.0)
        return chain[name]

    by_name = {package.name: package for package in plan}
    last = max((e.month for e in history.events if e.kind == "package finished"), default=0.0)
    return last, max((longest(name) for name in ends), default=0.0), hr_work / max(history.pools["hr"].peak_busy, 1)


@pytest.mark.parametrize("scenario", ["structure_first", "transform_first", "parallel", "hr_first"])
def test_no_history_is_shorter_than_its_critical_path_or_its_hr_work(scenario: str) -> None:
    settings = compose([f"scenario={scenario}"]).settings
    for replication in range(10):
        history = engine.run(settings, replication)
        makespan, path, work = makespan_bounds(history, settings.plan())
        assert makespan >= path - 1e-9
        assert makespan >= work - 1e-9


def core_makespan(durations: list[float], before: list[list[int]], officers: int) -> float:
    """Jobs with precedence served by one constant pool."""
    env = simpy.Environment()
    pool = Pool(env, officers)
    done = [env.event() for _ in durations]

    def job(i: int) -> object:
        for j in before[i]:
            yield done[j]
        with pool.request() as officer:
            yield officer
            yield env.timeout(durations[i])
        done[i].succeed()

    for i in range(len(durations)):
        env.process(job(i))  # type: ignore[arg-type]
    env.run()
    return env.now


def test_the_core_keeps_grahams_bounds() -> None:
    random = Random(3)
    for _ in range(200):
        n, officers = random.randint(2, 15), random.randint(1, 5)
        durations = [random.uniform(0.5, 5.0) for _ in range(n)]
        before = [[j for j in range(i) if random.random() < 0.25] for i in range(n)]
        path = [0.0] * n
        for i in range(n):
            path[i] = durations[i] + max((path[j] for j in before[i]), default=0.0)
        makespan, work, longest = core_makespan(durations, before, officers), sum(durations), max(path)
        assert makespan >= max(longest, work / officers) - 1e-9
        assert makespan <= work / officers + (1 - 1 / officers) * longest + 1e-9


def test_for_independent_jobs_another_officer_never_lengthens() -> None:
    random = Random(4)
    for _ in range(100):
        durations = [random.uniform(0.5, 5.0) for _ in range(random.randint(2, 20))]
        alone = [[] for _ in durations]  # type: ignore[var-annotated]
        spans = [core_makespan(durations, alone, officers) for officers in range(1, 6)]
        assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(spans))


# -- Q-V4: soft states --


def test_soft_states_follow_the_closed_form() -> None:
    states = SoftStates(pulse=1.0)
    index = states.add("x", 0.2, months=7.0)
    for month in range(50):
        states.arrive(float(month))
        states.aims[index] = 0.9
        states.depart(float(month))
        for part in (0.0, 0.3, 0.77):
            expected = 0.9 + (0.2 - 0.9) * exp(-(month + part) / 7.0)
            assert states.at(index, month + part) == pytest.approx(expected, abs=1e-9)


def test_a_jump_sets_the_value_at_once_and_reading_stores_nothing() -> None:
    states = SoftStates(pulse=1.0)
    index = states.add("x", 0.2, months=7.0)
    states.arrive(0.0)
    states.aims[index] = 0.8
    states.depart(0.0)
    before = list(states.anchors)
    assert states.at(index, 0.4) == states.at(index, 0.4)
    assert states.anchors == before
    states.jump(index, 0.5, 0.7)
    assert states.at(index, 0.5) == pytest.approx(0.7, abs=1e-12)


PULSE_HISTORIES = 500


def outcome_rows(settings: Settings, first: int, last: int) -> list[dict[str, float | None]]:
    """Outcomes of some replications."""
    return [outcomes.row(engine.run(settings, r), settings) for r in range(first, last)]


@pytest.mark.slow
def test_halving_the_governance_pulse_changes_little() -> None:
    from concurrent.futures import ProcessPoolExecutor
    from statistics import mean, stdev

    monthly = compose(["scenario=structure_first"]).settings
    both = [monthly, monthly.replaced(pulse_months=0.5)]
    jobs = [(s, i, i + 50) for s in both for i in range(0, PULSE_HISTORIES, 50)]
    with ProcessPoolExecutor() as pool:
        parts = list(pool.map(outcome_rows, *zip(*jobs)))
    half = len(parts) // 2
    whole, finer = ([row for part in side for row in part] for side in (parts[:half], parts[half:]))
    shifted = {}
    for name in outcomes.OUTCOMES:
        pairs = [(a[name], b[name]) for a, b in zip(whole, finer, strict=True)]
        known = [(a, b) for a, b in pairs if a is not None and b is not None]
        if len(known) > 50 and (spread := stdev(a for a, _ in known)) > 0:
            shifted[name] = abs(mean(b - a for a, b in known)) / spread
    assert max(shifted.values()) < 0.1, sorted(shifted.items(), key=lambda item: -item[1])[:5]
