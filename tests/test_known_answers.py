"""Q-V2 to Q-V4: programmes worked out by hand, bounds on any schedule, soft states in closed form."""

import itertools
from collections.abc import Callable
from math import exp
from random import Random
from typing import Any

import pytest
import simpy
from programmes import councils, finish_months, net_pence, pence_by_cause, played, programme, with_evidence

from sim import engine
from sim.core.history import History
from sim.core.inputs.packages import Package
from sim.core.lanes import lane
from sim.core.pools import Pool
from sim.core.states import States
from sim.engine import outcomes
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.strict import Library

HEADS_DONE = {"chief_executive": 6.0, "management_team": 13.0, "heads_of_service": 19.0}
"""Votes fall in months 2, 8 and 14; appointing then takes 4, 5 and 5 months."""

ONE_SERVICE = {
    # review 19–23, HR 26, notice 27.5, vote 28, implementation 33, bedding-in 39
    "joint_team: planning": 39.0,
    # design 39–43, vote 44, OD 47, embedding 51, bedding-in 57
    "redesign: planning": 57.0,
}
# Of £50m: joint 1.5m from 33, reached over 12 months: 81/12; procurement 0.5m over 24: 75/12; redesign 2m from 51 over
# 18: 60/12; set-up 675,000 and 1,800,000. Six tenths of each saving are posts of 36,000, and vacancies meet six tenths
# of them: each council lets go of 5 and of 6.67, in whole people 11, at 25,200.
ONE_AT_A_TIME = {
    "joint_team: planning": 39.0,
    # released when the first team is formed in 33: review 37, HR 40, notice 41.5, vote 42, 47, 53
    "joint_team: housing": 53.0,
    # released when the second is formed in 47: 51, vote 52, OD 55, 59, 65
    "redesign: planning": 65.0,
    # released in 59: 63, vote 64, OD 67, 71, 77
    "redesign: housing": 77.0,
}
ONE_HR_OFFICER = {
    "joint_team: planning": 39.0,
    # both reviews end in 23; the only officer is free again in 26: HR 29, notice 30.5, vote 32, 37, 43
    "joint_team: housing": 43.0,
    # released in 39, when the first team has bedded in: 43, vote 44, OD 47, 51, 57
    "redesign: planning": 57.0,
    # released in 43: 47, vote 48, OD 51, 55, 61
    "redesign: housing": 61.0,
}
# Half of each: joint 0.75m from 33 and 37, (81 + 77)/12; procurement 0.25m, (75 + 71)/12; redesign 1m from 51 and 55,
# (60 + 56)/12. In pounds and whole pence, the fraction left over: 4,851,833.33 + 9,875,000.00 + 3,041,666.66 +
# 9,666,666.66; less set-up 2,475,000; each council lets go of 2.5, 2.5, 3.33 and 3.33, in whole people 2, 3, 3 and 3:
# 554,400.
TRANSFORM_FIRST = {
    "chief_executive": 6.0,
    # teams apart, so 1.3 times the work: design 11.2, vote 12, OD 15.9, embedding 19.9, bedding-in 25.9
    "redesign: planning": 25.9,
    # vote 26, appointed 31; vote 32, appointed 37
    "management_team": 31.0,
    "heads_of_service": 37.0,
    # review of a redesigned service 2.8: 39.8, HR 42.8, notice 44.3, vote 46, 51, 57
    "joint_team: planning": 57.0,
}


@pytest.mark.parametrize(
    ("overrides", "names", "expected", "pounds"),
    [
        # 114 months of 150,000 a year; one exit of 75,000, and 60,000 of pension strain; coordination of 40,000 a
        # year from month 7
        (["levers.sequence.extent=chief_executive"], ("planning",), {"chief_executive": 6.0}, 913_333.33),
        # and 107 months of 210,000, 101 months of 300,000 a year; two exits of 94,500 and four of 67,500
        (["levers.sequence.extent=heads_of_service"], ("planning",), HEADS_DONE, 4_851_833.33),
        ([], ("planning",), HEADS_DONE | ONE_SERVICE, 25_072_433.33),
        (["levers.pace.packages_at_once=1"], ("planning", "housing"), HEADS_DONE | ONE_AT_A_TIME, 21_572_433.33),
        (["levers.pace.packages_at_once=2"], ("planning", "housing"), HEADS_DONE | ONE_HR_OFFICER, 24_405_766.65),
        (["levers.sequence.sequence=transform_first"], ("planning",), TRANSFORM_FIRST, 26_490_766.67),
    ],
    ids=["chief executive", "heads of service", "one service", "one at a time", "one HR officer", "transform first"],
)
@pytest.mark.check("Q-V2")
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


Case = tuple[Settings, dict[str, float], dict[str, float]]
"""A programme, when each of its packages finishes, and its pounds by cause."""
BOTH = ("planning", "housing")
HEADS_PAY = {
    # 150,000 a year from 6, 210,000 from 13, 300,000 from 19; coordination from the month after the first
    "management": 12_500.0 * 114 + 17_500.0 * 107 + 25_000.0 * 101,
    # half a year's pay for each; four tenths are old enough for their pension, which takes another year's
    "management exits": -0.5 * (150_000.0 + 2 * 105_000.0 + 4 * 75_000.0),
    "pension strain": -0.4 * (150_000.0 + 2 * 105_000.0 + 4 * 75_000.0),
    "coordination": -40_000.0 * 113 / 12,
}
SET_UP = {"joint teams: set-up": -0.45 * 1.5e6, "transformation: set-up": -0.9 * 2e6}
"""Of the savings that two councils can make together: 3% and 4% of £50m."""


def three_councils() -> Case:
    """£20m, £30m and £50m; 6 HR officers, half of them free; every two councils a pair, and more posts to cut."""
    settings = programme("evidence.hr.free_for_change.value=0.5", names=(*BOTH, "parks"))
    ends = dict.fromkeys(("joint_team: planning", "joint_team: housing", "joint_team: parks"), 39.0)
    # all released in 39 and decided in 44; the only OD officer takes them in turn: 47, 50, 53
    redesigns = {"redesign: planning": 57.0, "redesign: housing": 60.0, "redesign: parks": 63.0}
    pounds = {
        # 2 posts of 150,000 from 6, 3 of 105,000 from 13, 6 of 75,000 from 19
        "management": 2_850_000.0 + 2_808_750.0 + 3_787_500.0,
        "management exits": -0.5 * (2 * 150_000.0 + 3 * 105_000.0 + 6 * 75_000.0),
        "coordination": -3 * 40_000.0 * 113 / 12,
        # 3% of £100m from 33, reached over 12 months; 1% over 24; 4% in thirds from 51, 54 and 57, over 18
        "joint teams": 3e6 * 81 / 12,
        "procurement and property": 1e6 * 75 / 12,
        "transformation": 4e6 / 3 * (60 + 57 + 54) / 12,
        "joint teams: set-up": -0.45 * 3e6,
        "transformation: set-up": -0.9 * 4e6,
        # each council: 6.67 in 33, 2.96 in 51, 54 and 57, in whole people
        "redundancies": -3 * (6 + 3 + 3 + 3) * 18_000.0,
        "pension strain": -0.4 * (2 * 150_000.0 + 3 * 105_000.0 + 6 * 75_000.0) - 3 * (6 + 3 + 3 + 3) * 7_200.0,
    }
    together = councils("Eastham", "Westley", "Middleton")
    return settings.replaced(partnership=together), HEADS_DONE | ends | redesigns, pounds


def hr_last() -> Case:
    """HR joins its own teams after the others have bedded in, and is slower meanwhile."""
    settings = programme("levers.hr.integrate=last", names=("planning", "hr"))
    ends = {
        "joint_team: planning": 39.0,
        # released when it has bedded in; officers at 0.75: review 43, HR 47, notice 48.5, vote 50, 55, 61
        "joint_team: hr": 61.0,
        # released in 39 as well: design 43, vote 44, OD 47, 51, 57
        "redesign: planning": 57.0,
        # released in 61: 65, vote 66, 69, 73, 79
        "redesign: hr": 79.0,
    }
    pounds = HEADS_PAY | {
        # 3% of £25m from 33 and 55; 1%; 4% from 51 and 73
        "joint teams": 0.75e6 * (81 + 59) / 12,
        "procurement and property": 0.25e6 * (75 + 53) / 12,
        "transformation": 1e6 * (60 + 38) / 12,
        **SET_UP,
        # each council: 2.5 in 33, 3.33 in 51, 2.5 in 55, 3.33 in 73, in whole people
        "redundancies": -2 * (2 + 3 + 3 + 3) * 18_000.0,
        "pension strain": HEADS_PAY["pension strain"] - 2 * (2 + 3 + 3 + 3) * 7_200.0,
    }
    return settings, HEADS_DONE | ends, pounds


def hr_first() -> Case:
    """HR joins its own teams before the other services, at 0.75 of its speed, and then works at 1.2; notice is 2.25."""
    settings = with_evidence(programme("levers.hr.integrate=first", names=("planning", "hr")), {"time.notice": 2.25})
    ends = {
        "chief_executive": 6.0,
        # vote 8; the officer takes 1.5 / 0.75 and is free in 10; managers 3.5
        "management_team": 13.5,
        # review 10, HR 3 / 0.75: 14, notice 16.25, vote 18, 23, 29
        "joint_team: hr": 29.0,
        # vote 14, when HR's own review gives the officer back, though its notice runs on: 16, managers 19.5
        "heads_of_service": 19.5,
        # released in 29: review 33, HR 3 / 1.2: 35.5, notice 37.75, vote 38, 43, 49
        "joint_team: planning": 49.0,
        # both released in 49: design 53, vote 54, OD 57 and 60, 61 and 64
        "redesign: planning": 67.0,
        "redesign: hr": 70.0,
    }
    pounds = HEADS_PAY | {
        # from 6, 13.5 and 19.5
        "management": 12_500.0 * 114 + 17_500.0 * 106.5 + 25_000.0 * 100.5,
        # from 23 and 43; redesigns from 61 and 64
        "joint teams": 0.75e6 * (91 + 71) / 12,
        "procurement and property": 0.25e6 * (85 + 65) / 12,
        "transformation": 1e6 * (50 + 47) / 12,
        **SET_UP,
        # each council: 2.5 in 23, 2.5 in 43, 3.33 in 61, 3.33 in 64, in whole people
        "redundancies": -2 * (2 + 3 + 3 + 3) * 18_000.0,
        "pension strain": HEADS_PAY["pension strain"] - 2 * (2 + 3 + 3 + 3) * 7_200.0,
    }
    return settings, ends, pounds


def external_support() -> Case:
    """Two consultants from 46 to 50, who lend no capability: half their time is for OD, so that two may go at once."""
    here = ["levers.external.posts=2", "levers.external.start_month=46", "levers.external.months=4"]
    settings = programme("levers.sequence.redesign_after=1.0", *here, names=BOTH)
    ends = {
        "joint_team: planning": 39.0,
        # HR from 26 to 29, notice 30.5, vote 32, 37, 43
        "joint_team: housing": 43.0,
        # released when both have bedded in: 47, which consultants hasten, but not to vote 46; vote 48; both with OD to
        # 51, though one officer is left from 50; 55, 61
        "redesign: planning": 61.0,
        "redesign: housing": 61.0,
    }
    pounds = HEADS_PAY | {
        "external support": -4 * 2 * 9_000.0,
        # from 33 and 37; both redesigns from 55
        "joint teams": 0.75e6 * (81 + 77) / 12,
        "procurement and property": 0.25e6 * (75 + 71) / 12,
        "transformation": 2e6 * 56 / 12,
        **SET_UP,
        # each council: 2.5 in 33, 2.5 in 37, 6.67 in 55, in whole people
        "redundancies": -2 * (2 + 3 + 6) * 18_000.0,
        "pension strain": HEADS_PAY["pension strain"] - 2 * (2 + 3 + 6) * 7_200.0,
    }
    return with_evidence(settings, {"external.capability_lent": 0.0}), HEADS_DONE | ends, pounds


def two_transformed_first() -> Case:
    """Two services redesigned apart; then the rest of management, and two teams that queue for HR."""
    settings = programme("levers.sequence.sequence=transform_first", names=BOTH)
    ends = {
        "chief_executive": 6.0,
        # design 5.2: 11.2, vote 12, OD 3.9 each in turn: 15.9 and 19.8, embedding 19.9 and 23.8
        "redesign: planning": 25.9,
        "redesign: housing": 29.8,
        # half of the redesigns are done in 25.9: vote 26, 31; vote 32, 37
        "management_team": 31.0,
        "heads_of_service": 37.0,
        # review 2.8: 39.8; HR from 39.8 to 42.8, notice 44.3, vote 46, 51, 57
        "joint_team: planning": 57.0,
        # HR from 42.8 to 45.8, notice 47.3, vote 48, 53, 59
        "joint_team: housing": 59.0,
    }
    pounds = HEADS_PAY | {
        # from 6, 31 and 37
        "management": 12_500.0 * 114 + 17_500.0 * 89 + 25_000.0 * 83,
        # redesigns from 19.9 and 23.8; teams from 51 and 53
        "transformation": 1e6 * (91.1 + 87.2) / 12,
        "joint teams": 0.75e6 * (63 + 61) / 12,
        "procurement and property": 0.25e6 * (57 + 55) / 12,
        **SET_UP,
        # each council: 3.33 in 19.9 and 23.8, 2.5 in 51 and 53, in whole people
        "redundancies": -2 * (3 + 3 + 3 + 2) * 18_000.0,
        "pension strain": HEADS_PAY["pension strain"] - 2 * (3 + 3 + 3 + 2) * 7_200.0,
    }
    return settings, ends, pounds


def pilots_then_the_rest() -> Case:
    """Two of three services go all the way before heads of service are shared and the third follows."""
    settings = programme("levers.sequence.sequence=pilot_then_scale", names=(*BOTH, "parks"))
    ends = {
        "chief_executive": 6.0,
        "management_team": 13.0,
        # review 17, HR 20, notice 21.5, vote 22, 27, 33
        "joint_team: planning": 33.0,
        # HR from 20 to 23, notice 24.5, vote 26, 31, 37
        "joint_team: housing": 37.0,
        # 37, vote 38, OD 41, 45, 51; released in 37: 41, vote 42, OD 45, 49, 55
        "redesign: planning": 51.0,
        "redesign: housing": 55.0,
        # vote 56, 61
        "heads_of_service": 61.0,
        # 65, HR 68, notice 69.5, vote 70, 75, 81; 85, vote 86, 89, 93, 99
        "joint_team: parks": 81.0,
        "redesign: parks": 99.0,
    }
    pounds = HEADS_PAY | {
        # from 6, 13 and 61
        "management": 12_500.0 * 114 + 17_500.0 * 107 + 25_000.0 * 59,
        # a third of each saving: from 27, 31 and 75; redesigns from 45, 49 and 93
        "joint teams": 0.5e6 * (87 + 83 + 39) / 12,
        "procurement and property": 0.5e6 / 3 * (81 + 77 + 33) / 12,
        "transformation": 2e6 / 3 * (66 + 62 + 18) / 12,
        **SET_UP,
        # each council: 1.67 in 27 and 31, 2.22 in 45 and 49, 1.67 in 75, 2.22 in 93, in whole people
        "redundancies": -2 * (1 + 2 + 2 + 2 + 2 + 2) * 18_000.0,
        "pension strain": HEADS_PAY["pension strain"] - 2 * (1 + 2 + 2 + 2 + 2 + 2) * 7_200.0,
    }
    return settings, ends, pounds


def an_order_of_ones_own() -> Case:
    """Two packages at once; the service is redesigned, then joined, and heads of service come last."""
    order = ["redesign: planning > joint_team: planning", "joint_team: planning > heads_of_service"]
    settings = programme("levers.sequence.sequence=explicit", "levers.pace.packages_at_once=2")
    levers = settings.levers.model_dump()
    levers["sequence"]["order"] = tuple(order)
    ends = {
        # both decided in 2: HR to 3.5 and to 5, managers 2.5 and 3.5
        "chief_executive": 6.0,
        "management_team": 8.5,
        # released in 6, when there is room: 11.2, vote 12, 15.9, 19.9, 25.9
        "redesign: planning": 25.9,
        # review 2.8: 28.7, HR 31.7, notice 33.2, vote 34, 39, 45
        "joint_team: planning": 45.0,
        # vote 46
        "heads_of_service": 51.0,
    }
    pounds = HEADS_PAY | {
        # from 6, 8.5 and 51
        "management": 12_500.0 * 114 + 17_500.0 * 111.5 + 25_000.0 * 69,
        # the redesign from 19.9, the team from 39
        "transformation": 2e6 * 91.1 / 12,
        "joint teams": 1.5e6 * 75 / 12,
        "procurement and property": 0.5e6 * 69 / 12,
        **SET_UP,
        # each council: 6.67 in 19.9, 5 in 39, in whole people
        "redundancies": -2 * (6 + 5) * 18_000.0,
        "pension strain": HEADS_PAY["pension strain"] - 2 * (6 + 5) * 7_200.0,
    }
    return settings.replaced(levers=levers), ends, pounds


@pytest.mark.parametrize(
    "case",
    [
        three_councils,
        hr_last,
        hr_first,
        external_support,
        two_transformed_first,
        pilots_then_the_rest,
        an_order_of_ones_own,
    ],
    ids=lambda case: case.__name__,
)
@pytest.mark.check("Q-V2")
def test_a_programme_of_another_shape_is_the_hand_worked_one(case: Callable[[], Case]) -> None:
    settings, ends, pounds = case()
    history = played(settings)
    assert finish_months(history) == pytest.approx(ends, abs=1e-9)
    assert pence_by_cause(history) == pytest.approx({cause: 100 * amount for cause, amount in pounds.items()}, abs=1.0)


@pytest.mark.check("Invariants")
def test_shares_of_the_councils_sum_to_the_total_in_every_line() -> None:
    history = played(programme())
    lines = history.ledger()
    assert sum(sum(line.pence) for line in lines) == net_pence(history)
    saving = next(line for line in lines if line.cause == "management" and line.month == 30)
    assert saving.pence == (2_200_000, 3_300_000)


# -- Q-V3: bounds on any schedule --


def makespan_bounds(history: History, plan: tuple[Package, ...], notice: float) -> tuple[float, float, float]:
    """Makespan, longest chain of realised durations, and HR work, without notice, over the most HR officers."""
    spans, hr_work, started = {}, 0.0, {}
    for event in history.events:
        if event.kind == "stage started":
            started[event.entity, event.cause] = event.month
        elif event.kind == "stage finished":
            took = event.month - started[event.entity, event.cause]
            spans[event.entity] = spans.get(event.entity, 0.0) + took
            hr_work += took - notice if event.cause == "consultation" else 0.0
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
@pytest.mark.check("Q-V3")
def test_no_history_is_shorter_than_its_critical_path_or_its_hr_work(scenario: str, record_property: Any) -> None:
    nearest = min(slack(scenario, replication) for replication in range(10))
    record_property("n", 10)
    assert nearest >= -1e-9


def slack(scenario: str, replication: int) -> float:
    """Months by which a history is longer than its critical path and its work would allow at best."""
    settings = compose([f"scenario={scenario}"]).settings
    history = engine.run(settings, replication)
    makespan, path, work = makespan_bounds(history, settings.plan(), settings.evidence_values["time.notice"])
    return makespan - max(path, work)


@pytest.mark.slow
@pytest.mark.check("Q-V3")
def test_no_history_of_any_scenario_is_shorter_than_its_critical_path_or_its_hr_work(record_property: Any) -> None:
    from concurrent.futures import ProcessPoolExecutor

    jobs = [(name, replication) for name in Library().names("scenario") for replication in range(50)]
    with ProcessPoolExecutor() as pool:
        slacks = list(pool.map(slack, *zip(*jobs), chunksize=25))
    record_property(
        "reached", f"{sum(value >= -1e-9 for value in slacks):,} of {len(jobs):,} histories of every scenario"
    )
    record_property("n", len(jobs))
    assert len(jobs) >= 500
    assert min(slacks) >= -1e-9


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


@pytest.mark.check("Q-V3")
def test_the_core_keeps_grahams_bounds(record_property: Any) -> None:
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
    record_property("reached", "Graham's bounds hold in all of 200 random networks of the core")


@pytest.mark.check("Q-V3")
def test_for_independent_jobs_another_officer_never_lengthens() -> None:
    random = Random(4)
    for _ in range(100):
        durations = [random.uniform(0.5, 5.0) for _ in range(random.randint(2, 20))]
        alone = [[] for _ in durations]  # type: ignore[var-annotated]
        spans = [core_makespan(durations, alone, officers) for officers in range(1, 6)]
        assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(spans))


# -- Q-V4: soft states --


@pytest.mark.check("Q-V4")
def test_soft_states_follow_the_closed_form(record_property: Any) -> None:
    states, owner = States(width=2, pulse=1.0), object()
    (index,) = states.soft(owner, "x", "x", lane([0.2, 0.5]), lane([7.0, 3.0]))
    pen, worst = states.pen(owner), 0.0
    for month in range(50):
        states.arrive(float(month))
        pen.x = lane([0.9, 0.1])
        states.settle()
        states.depart(float(month))
        for part in (0.0, 0.3, 0.77):
            for place, (start, aim, months) in enumerate(((0.2, 0.9, 7.0), (0.5, 0.1, 3.0))):
                expected = aim + (start - aim) * exp(-(month + part) / months)
                worst = max(worst, abs(states.at(index, place, month + part) - expected))
    record_property("reached", f"closed form met to {worst:.1g}")
    assert worst <= 1e-9


@pytest.mark.check("Q-V4")
def test_a_jump_sets_one_historys_value_at_once_and_reading_stores_nothing() -> None:
    states, owner = States(width=2, pulse=1.0), object()
    (index,) = states.soft(owner, "x", "x", 0.2, 7.0)
    pen = states.pen(owner)
    states.arrive(0.0)
    pen.x = 0.8
    states.settle()
    states.depart(0.0)
    assert states.at(index, 0, 0.4) == states.at(index, 0, 0.4)
    beside = states.at(index, 1, 0.5)
    states.jump(index, 0, 0.5, 0.7)
    assert states.at(index, 0, 0.5) == pytest.approx(0.7, abs=1e-12)
    assert states.at(index, 1, 0.5) == beside
    states.arrive(1.0)
    assert states.levels[index] == pytest.approx([0.8 + (0.7 - 0.8) * exp(-0.5 / 7.0), 0.8 - 0.6 * exp(-1.0 / 7.0)])


PULSE_HISTORIES = 500


def outcome_rows(settings: Settings, first: int, last: int) -> list[dict[str, float | None]]:
    """Outcomes of some replications."""
    return [outcomes.row(engine.run(settings, r), settings) for r in range(first, last)]


@pytest.mark.slow
@pytest.mark.check("Q-V4")
def test_halving_the_governance_pulse_changes_little(record_property: Any) -> None:
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
    name, most = max(shifted.items(), key=lambda item: item[1])
    record_property(
        "reached", f"halving the pulse shifts no outcome by more than {most:.3f} standard deviations ({name})"
    )
    record_property("n", PULSE_HISTORIES)
    assert len(shifted) > 20
    assert most < 0.1, sorted(shifted.items(), key=lambda item: -item[1])[:5]
