"""What must hold in every run: each clause is broken once, and the run stops with replication, month and entity named.

Every fault is set into the program itself while a whole history is run, so that it is the run that finds it.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from sim import engine
from sim.agents.delivery.savings import CAUSES, Savings
from sim.agents.delivery.services import Services
from sim.agents.delivery.tiers import Tiers
from sim.agents.delivery.work import Carrier
from sim.agents.programme_office import ProgrammeOffice
from sim.core import ledger, mechanisms
from sim.core.history import History
from sim.core.inputs.packages import JOINT
from sim.core.ledger import Ledger, Payment, Stream
from sim.core.pools import Pool
from sim.core.workforce import Workforce
from sim.core.world import World
from sim.engine import Simulation, batch
from sim.engine.plan import given_by
from sim.engine.recorder import Recorder
from sim.plans.compose import compose

pytestmark = pytest.mark.check("Invariants")

SETTINGS = compose(["scenario=structure_first"]).settings
REPLICATION = 3
Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def business_case() -> None:
    """What the plan promises is itself a run; it is worked out before anything is broken."""
    given_by(SETTINGS)


def instead(patch: Patch, owner: Any, name: str, fault: Callable[..., Any]) -> None:
    """Put `fault(usual, *arguments)` in the place of a method."""
    usual = getattr(owner, name)
    patch.setattr(owner, name, lambda *given, **more: fault(usual, *given, **more))


def after_start(patch: Patch, at: int, fault: Callable[[World], Any]) -> None:
    """Break something in the world when month `at` is noted."""

    def note(usual: Any, recorder: Recorder, now: float) -> None:
        usual(recorder, now)
        world = recorder.meeting.worlds[0]
        if len(world.history.gauges) == at + 1:
            fault(world)

    instead(patch, Recorder, "note", note)


def someone_uncounted(patch: Patch) -> None:
    after_start(patch, 30, lambda world: setattr(world.history.headcounts[0], "in_post", 7))


def a_redundancy_of_another_cause(patch: Patch) -> None:
    def make_redundant(usual: Any, people: Workforce, posts: float) -> Any:
        gone = usual(people, posts)
        people.account.redundancies -= 1
        people.account.leavers += 1
        return gone

    instead(patch, Workforce, "make_redundant", make_redundant)


def a_penny_lost_in_a_stream(patch: Patch) -> None:
    def post_until(usual: Any, stream: Stream, month: int) -> None:
        usual(stream, month)
        stream._carry -= 1.0 if month > 60 else 0.0

    instead(patch, Stream, "post_until", post_until)


def a_line_left_out_of_the_balance(patch: Patch) -> None:
    def totals(usual: Any, books: Ledger) -> Any:
        found = usual(books)
        next(iter(found.values()))[40] += 1
        return found

    instead(patch, Ledger, "totals", totals)


def a_stream_never_posted_to_the_end(patch: Patch) -> None:
    def post_until(usual: Any, stream: Stream, month: int) -> None:
        usual(stream, min(month, 110) if stream.cause == "management" else month)

    instead(patch, Stream, "post_until", post_until)


def a_cost_after_the_end(patch: Patch) -> None:
    after_start(patch, 9, lambda w: w.ledger.payments.append(Payment(400, ledger.ONE_OFF, "late cost", -5, None)))


def shares_that_are_no_whole(patch: Patch) -> None:
    after_start(patch, 50, lambda world: world.ledger.reshare(50, (0.4, 0.5)))


def a_penny_that_no_council_gets(patch: Patch) -> None:
    def split(usual: Any, total: int, shares: Any, names: Any = ()) -> Any:
        first, *rest = usual(total, shares, names)
        return (first - 1, *rest)

    instead(patch, ledger, "split", split)


def a_state_above_one(patch: Patch) -> None:
    def raised(world: World) -> None:
        levels = world.history.states[-1]
        world.history.states[-1] = (*levels[:5], 1.25, *levels[6:])

    after_start(patch, 33, raised)


def a_state_beyond_at_the_end(patch: Patch) -> None:
    after_start(patch, 120, lambda world: world.states.levels.__setitem__(2, -0.001))


def no_number_among_states(patch: Patch) -> None:
    def fatigue_aim(usual: Any, *given: float) -> float:
        return float("nan") if usual(*given) > 0.3 else float(usual(*given))

    instead(patch, mechanisms, "fatigue_aim", fatigue_aim)


def no_number_that_goes_away(patch: Patch) -> None:
    def note(usual: Any, recorder: Recorder, now: float) -> None:
        usual(recorder, now)
        states = recorder.meeting.worlds[0].history.states
        if len(states) == 22:
            states[-1] = [*states[-1][:4], float("nan"), *states[-1][5:]]

    instead(patch, Recorder, "note", note)


def no_number_in_the_load(patch: Patch) -> None:
    def note(usual: Any, recorder: Recorder, now: float) -> None:
        if len(recorder.meeting.worlds[0].history.gauges) == 14:
            recorder.meeting.states.old.load = float("nan")
        usual(recorder, now)

    instead(patch, Recorder, "note", note)


def a_chance_above_one(patch: Patch) -> None:
    patch.setattr(mechanisms, "vote_chance", lambda support, line, spread: 1.5)


def a_chance_that_is_no_number(patch: Patch) -> None:
    patch.setattr("sim.agents.politics.political_control.seats_up", lambda council: float("nan"))


def a_package_begun_unasked(patch: Patch) -> None:
    def release(usual: Any, office: ProgrammeOffice, world: World, desk: Any, package: Any) -> None:
        if package.name == "management_team":
            del desk.waiting[package.name]
            world.release(package)
        else:
            usual(office, world, desk, package)

    instead(patch, ProgrammeOffice, "hand_out", release)


def a_stage_that_ends_unbegun(patch: Patch) -> None:
    def stage(usual: Any, carrier: Carrier, world: World, name: str, package: Any, *rest: Any) -> Any:
        if name == "implementation":
            world.record(package.name, "stage finished", name)
        yield from usual(carrier, world, name, package, *rest)

    instead(patch, Carrier, "stage", stage)


def an_officer_who_was_not_asked(patch: Patch) -> None:
    def consultation(usual: Any, services: Services, world: World, package: Any) -> Any:
        world.record(package.name, "HR arrived")
        yield from usual(services, world, package)

    instead(patch, Services, "consultation", consultation)


def time_that_runs_back(patch: Patch) -> None:
    def finish(usual: Any, carrier: Carrier, world: World, package: Any) -> None:
        usual(carrier, world, package)
        history = world.history
        history.facts[-1] = (1.0, *history.facts[-1][1:])

    instead(patch, Carrier, "finish_package", finish)


def precedence_ignored(patch: Patch) -> None:
    def begin(usual: Any, office: ProgrammeOffice, world: World) -> None:
        unmet = office.desks[world.place].unmet
        unmet.update({name: 0 for name in unmet if name.startswith(JOINT)})
        usual(office, world)

    instead(patch, ProgrammeOffice, "begin", begin)


def more_served_than_there_are(patch: Patch) -> None:
    def serve(usual: Any, pool: Pool, event: Any) -> None:
        pool.capacity += 1
        usual(pool, event)
        pool.capacity -= 1

    def served(usual: Any, pool: Pool, claim: Any) -> None:
        pool.capacity -= 1
        usual(pool, claim)
        pool.capacity += 1

    instead(patch, Pool, "_serve_waiting", serve)
    instead(patch, Pool, "_serve", served)


def saved_before_it_is_enabled(patch: Patch) -> None:
    def pay(usual: Any, savings: Savings, package: Any) -> None:
        usual(savings, package)
        savings.flow(CAUSES[package.kind].replace("_", " "), 0.0, 9e4)

    instead(patch, Savings, "pay_set_up", pay)


def saved_though_no_post_was_cut(patch: Patch) -> None:
    def cut(usual: Any, tiers: Tiers, world: World, tier: str) -> None:
        history = world.history
        usual(tiers, world, tier)
        history.facts[:] = [fact for fact in history.facts if fact[2] != "posts cut"]

    instead(patch, Tiers, "cut_posts", cut)


def a_package_that_ends_twice(patch: Patch) -> None:
    def finish(usual: Any, carrier: Carrier, world: World, package: Any) -> None:
        usual(carrier, world, package)
        world.record(package.name, "package dropped", "after all")

    instead(patch, Carrier, "finish_package", finish)


def an_officer_never_given_back(patch: Patch) -> None:
    instead(patch, Pool, "release", lambda usual, pool, claim: None)


def an_officer_given_back_twice(patch: Patch) -> None:
    def release(usual: Any, pool: Pool, claim: Any) -> None:
        usual(pool, claim)
        pool.busy -= 1

    instead(patch, Pool, "release", release)


def officers_busy_longer_than_they_are_there(patch: Patch) -> None:
    after_start(patch, 60, lambda world: setattr(world.od.use, "busy", 4_000.0))


FAULTS: dict[str, tuple[tuple[Callable[[Patch], None], str], ...]] = {
    "headcount balances by council and cause": (
        (someone_uncounted, "month 120: headcount of Bromsgrove"),
        (a_redundancy_of_another_cause, r"month 120: redundancies at (Bromsgrove|Redditch): -?\d+ in the account"),
    ),
    "ledger lines sum to balances in pence": (
        (a_penny_lost_in_a_stream, r"month 120: [a-z ]+: posted -\d.* pence off"),
        (a_line_left_out_of_the_balance, r"month 120: the ledger: its lines sum to -?\d+ pence"),
        (a_stream_never_posted_to_the_end, "month 110: management"),
        (a_cost_after_the_end, "month 400: late cost is paid outside the history"),
    ),
    "council shares sum to the total": (
        (shares_that_are_no_whole, "month 50: the shares of Bromsgrove and Redditch do not make a whole"),
        (
            a_penny_that_no_council_gets,
            r"month 119: (management|coordination): the councils' shares sum to -?\d+ pence of -?\d+",
        ),
    ),
    "soft states in [0, 1]": (
        (a_state_above_one, r"month 33: [a-z]\S+.* is 1.25"),
        (a_state_beyond_at_the_end, r"month 120: [a-z]\S+.* is -0.001"),
    ),
    "probabilities in [0, 1]": (
        (a_chance_above_one, r"month \d+\.\d: principle at \w+: the chance of vote is 1.5"),
        (a_chance_that_is_no_number, r"month \d+\.\d: \w+: the chance of control is nan"),
    ),
    "no NaN": (
        (no_number_among_states, r"month \d+: fatigue: \w+ is nan"),
        (no_number_that_goes_away, r"month 21: [a-z]\S+.* is nan"),
        (no_number_in_the_load, r"month 14: .*load.* is no number"),
    ),
    "requested, then started, then finished": (
        (a_package_begun_unasked, r"month \d+\.\d: management_team: .*never released"),
        (a_stage_that_ends_unbegun, r"month \d+\.\d: \w+: \w+: stage finished \(implementation\) out of turn"),
        (an_officer_who_was_not_asked, r"month \d+\.\d: joint_team: \w+: HR arrived \(HR\) out of turn"),
        (time_that_runs_back, r"month 1.0: principle: package finished is told after"),
    ),
    "precedence": ((precedence_ignored, r"month 0.0: joint_team: \w+ is released before management_team has ended"),),
    "capacity": (
        (more_served_than_there_are, r"month \d+\.\d: (HR|OD): a claim is served though no officer is free"),
        (officers_busy_longer_than_they_are_there, "month 120: OD: busy for 4"),
    ),
    "nothing saved before what enables it": (
        (saved_before_it_is_enabled, r"month \d+: joint teams is saved before anything enables it"),
        (saved_though_no_post_was_cut, r"month \d+: management is saved before anything enables it"),
    ),
    "each package ends in exactly one state": (
        (a_package_that_ends_twice, r"month \d+\.\d: \w+: package dropped, though it had ended in month \d"),
    ),
    "officers fully released": (
        (an_officer_never_given_back, r"month 120: HR and OD: \d+ officers are held"),
        (an_officer_given_back_twice, r"month 120: HR: -\d+ officers busy"),
    ),
}
"""By clause of quality.md: how it is broken, and what the run says of it."""
CASES = [
    pytest.param(clause, fault, said, id=fault.__name__) for clause, cases in FAULTS.items() for fault, said in cases
]


@pytest.mark.parametrize(("clause", "fault", "said"), CASES)
def test_a_breach_stops_the_run_and_names_replication_month_and_entity(
    clause: str, fault: Callable[[Patch], None], said: str, monkeypatch: Patch
) -> None:
    fault(monkeypatch)
    with pytest.raises(engine.InvariantBreach) as breach:
        engine.run(SETTINGS, REPLICATION)
    assert re.match(f"replication {REPLICATION}: {said}", str(breach.value)), str(breach.value)


def test_without_a_fault_nothing_is_breached(record_property: Any) -> None:
    for plan in ("merger", "commissioning"):
        assert isinstance(engine.run(compose([f"scenario={plan}"]).settings, REPLICATION), History)
    for record in (True, False):
        assert isinstance(engine.run(SETTINGS, REPLICATION, record=record), History)
    record_property(
        "reached", f"{len(CASES)} breaches of all {len(FAULTS)} clauses are set in; without one no run stops"
    )
    record_property("n", len(CASES))


# -- Q-C5: runs that never end --


def busy_for_nothing(usual: Any, office: ProgrammeOffice, world: World) -> None:
    usual(office, world)

    def spins() -> Any:
        yield world.env.timeout(17.0)
        world.record("partnership", "deal rushed")
        while True:
            yield world.env.timeout(0.0)

    world.env.process(spins())


@pytest.mark.check("Q-C5")
def test_a_run_of_endless_events_is_stopped_and_named(monkeypatch: Patch) -> None:
    monkeypatch.setattr(batch, "MOST_EVENTS", 5_000)
    instead(monkeypatch, ProgrammeOffice, "begin", busy_for_nothing)
    with pytest.raises(engine.InvariantBreach) as stopped:
        Simulation(SETTINGS, 2).advance(120)
    said = (
        "replication 2: month 17.0: the run takes more than 5000 events; the last to act was partnership (deal rushed)"
    )
    assert str(stopped.value) == said


@pytest.mark.check("Q-C5")
def test_a_run_of_endless_work_is_stopped_by_the_clock_and_named(monkeypatch: Patch, record_property: Any) -> None:
    monkeypatch.setattr(batch, "MOST_SECONDS", 0.3)
    monkeypatch.setattr(batch, "MOST_EVENTS", 100_000_000)
    instead(monkeypatch, ProgrammeOffice, "begin", busy_for_nothing)
    began = time.thread_time()
    with pytest.raises(engine.InvariantBreach, match=r"replication 2: month 17.0: .* more than 0.3 seconds; .*partner"):
        Simulation(SETTINGS, 2).advance(120)
    took = time.thread_time() - began
    record_property("reached", f"stopped after {took:.1f} seconds where 0.3 are allowed, by month and who acted last")
    assert took < 5


@pytest.mark.check("Q-C5")
def test_a_usual_run_is_far_from_the_guard(record_property: Any) -> None:
    most = 0
    for plan in ("structure_first", "parallel", "merger"):
        simulation, steps = Simulation(compose([f"scenario={plan}"]).settings, REPLICATION), [0]
        usual = simulation.world.env.step

        def counted(usual: Any = usual, steps: list[int] = steps) -> None:
            steps[0] += 1
            usual()

        simulation.world.env.step = counted  # type: ignore[method-assign]
        simulation.advance(120)
        most = max(most, *steps)
    record_property("reached", f"a usual history has at most {most:,} events of {batch.MOST_EVENTS:,} allowed")
    assert 100 < most < batch.MOST_EVENTS / 20
