"""Metamorphic relations: what must follow when inputs change, or the order of what happens at one time.

The first are exact in the core: no feedback, no calendar; luck alone decides how long things take.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from heapq import heappush
from itertools import count, permutations
from math import sqrt
from random import Random
from statistics import mean, pvariance, stdev
from typing import Any

import pytest
import simpy
from programmes import councils, net_pence, partnership, programme, services, with_evidence
from simpy.events import NORMAL

from sim import engine
from sim.core.history import PENCE_PER_GBP_M, History
from sim.core.inputs.levers import entries
from sim.core.inputs.partnership import Service
from sim.core.ledger import ONE_OFF
from sim.engine import Simulation, outcomes
from sim.engine.settings import Settings
from sim.plans.compose import compose

NAMES = ("planning", "housing", "parks")
PLANS = ("structure_first", "transform_first", "parallel", "pilot_then_scale")
REPLICATIONS = range(3)
BY_CALENDAR = ("scarcest capacity",)
"""Kinds of event that are looked at every quarter of a year, however long things take."""


def core(plan: str, *overrides: str) -> Settings:
    """Three services under a plan, in the core."""
    return programme(f"levers.sequence.sequence={plan}", *overrides, names=NAMES, luck=True)


def scaled(settings: Settings, belongs: Callable[[str], bool], factor: float) -> dict[str, float]:
    """Every evidence quantity in a unit that belongs, times a factor."""
    return {
        f"{topic}.{name}": factor * quantity.value
        for topic, group in settings.evidence.items()
        for name, quantity in group.items()
        if belongs(quantity.unit)
    }


def npv_pence(history: History, settings: Settings) -> float:
    """Net present value in pence."""
    value = outcomes.row(history, settings)["npv_gbp_m"]
    assert value is not None
    return value * PENCE_PER_GBP_M


def scaled_levers(settings: Settings, belongs: Callable[[str], bool], factor: float) -> dict[str, dict[str, Any]]:
    """The levers, those in a unit that belongs times a factor."""
    content = settings.levers.model_dump()
    for group in settings.levers.by_class():
        for entry in entries(group):
            if belongs(entry["unit"]):
                _, key, lever = entry["name"].split(".")
                content[key][lever] = type(content[key][lever])(factor * content[key][lever])
    return content


def is_length(unit: str) -> bool:
    """Whether a unit says how long something takes; a wait for money or trust to move is among them."""
    return unit in ("months", "officer months")


def is_money(unit: str) -> bool:
    """Whether a unit is money."""
    return unit.startswith("£")


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.check("Metamorphic")
def test_when_everything_takes_twice_as_long_everything_happens_twice_as_late(plan: str) -> None:
    once = core(plan, "levers.pace.months_between_waves=2.5", "levers.pace.packages_at_once=2")
    once = once.replaced(pulse_months=0.5)
    slower = scaled_levers(once, is_length, 2.0)
    twice = with_evidence(once, scaled(once, is_length, 2.0), levers=slower, pulse_months=1.0, horizon_months=240)
    for replication in REPLICATIONS:
        fast, slow = engine.run(once, replication), engine.run(twice, replication)
        assert len(fast.events) > 60
        moved = [event._replace(month=2.0 * event.month) for event in fast.events if event.kind not in BY_CALENDAR]
        assert moved == [event for event in slow.events if event.kind not in BY_CALENDAR]


@pytest.mark.parametrize("factor", [2.0, 3.0, 0.37])
@pytest.mark.check("Metamorphic")
def test_money_times_k_is_worth_k_times_as_much_to_a_penny_a_line(factor: float) -> None:
    base = core("structure_first")
    given = partnership()
    dearer = [
        c.model_copy(update={"service_expenditure_gbp_m": factor * c.service_expenditure_gbp_m}) for c in given.councils
    ]
    grown = with_evidence(
        base, scaled(base, is_money, factor), levers=scaled_levers(base, is_money, factor),
        partnership=given.model_copy(update={"councils": tuple(dearer)}),
    )  # fmt: skip
    for replication in REPLICATIONS:
        plain, scaled_up = engine.run(base, replication), engine.run(grown, replication)
        allowed = float(len(scaled_up.ledger()))
        assert scaled_up.events == plain.events
        assert npv_pence(scaled_up, grown) == pytest.approx(factor * npv_pence(plain, base), abs=allowed)
        assert abs(npv_pence(plain, base)) > 1e8


@pytest.mark.parametrize("names", [("Eastham", "Westley"), ("Norbury", "Sedgeby", "Southam"), ("Eastham", "Southam")])
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.check("Metamorphic")
def test_councils_in_another_order_are_the_same_councils(names: tuple[str, ...], plan: str) -> None:
    given = councils(*names)
    base = core(plan).replaced(partnership=given)
    for order in list(permutations(range(len(names))))[1:]:
        moved = given.model_copy(update={"councils": tuple(given.councils[i] for i in order)})
        other = base.replaced(partnership=moved)
        for replication in REPLICATIONS:
            ours, theirs = engine.run(base, replication), engine.run(other, replication)
            assert outcomes.row(theirs, other) == outcomes.row(ours, base)
            assert sorted(theirs.events, key=str) == sorted(ours.events, key=str)
            permuted = [line._replace(pence=tuple(line.pence[i] for i in order)) for line in ours.ledger()]
            assert sorted(theirs.ledger()) == sorted(permuted)


def left_behind(settings: Settings, replication: int) -> tuple[Any, ...]:
    """Everything a history leaves behind, to the bit."""
    history = engine.run(settings, replication)
    return history.events, history.levels, history.ledger(), history.headcounts, outcomes.row(history, settings)


@pytest.mark.parametrize("extent", ["none", "chief_executive", "heads_of_service", "corporate_services"])
@pytest.mark.check("Metamorphic")
def test_a_service_that_makes_no_package_changes_nothing(extent: str) -> None:
    base = core("structure_first", f"levers.sequence.extent={extent}")
    corporate = Service(title="Finance", kind="corporate", staff_weight=1.0, spend_weight=1.0)
    base = base.replaced(services=base.services | {"finance": corporate})
    weight = 1e-300 if extent == "corporate_services" else 1.0
    idle = services("museums")["museums"].model_copy(update={"staff_weight": weight, "spend_weight": weight})
    more = base.replaced(services={"museums": idle} | base.services)
    for replication in REPLICATIONS:
        assert left_behind(more, replication) == left_behind(base, replication)


@pytest.mark.check("Metamorphic")
def test_an_idle_service_of_any_size_moves_no_date() -> None:
    base = core("structure_first", "levers.sequence.extent=corporate_services")
    finance = Service(title="Finance", kind="corporate", staff_weight=1.0, spend_weight=1.0)
    base = base.replaced(services={"finance": finance})
    more = base.replaced(services=base.services | services("museums", "parks"))
    kinds = ("package released", "stage started", "stage finished", "package finished")
    ours, theirs = ([e for e in engine.run(s, 0).events if e.kind in kinds] for s in (base, more))
    assert ours == theirs
    assert len(ours) > 10


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.check("Metamorphic")
def test_without_discounting_present_value_is_the_plain_sum(plan: str) -> None:
    base = core(plan)
    plain = with_evidence(base, {"money.discount_rate": 0.0})
    for replication in REPLICATIONS:
        history = engine.run(plain, replication)
        row = outcomes.row(history, plain)
        assert row["npv_gbp_m"] == row["cumulative_net_saving_y10_gbp_m"] == net_pence(history) / PENCE_PER_GBP_M
        assert outcomes.row(history, base)["npv_gbp_m"] != row["npv_gbp_m"]


@pytest.mark.check("Metamorphic")
def test_a_pound_of_set_up_cost_at_the_start_is_a_pound_off_the_present_value() -> None:
    base = core("structure_first")
    worth = npv_pence(engine.run(base, 0), base)
    for pounds in (0.01, 1.0, 12_345.67, 1e6):
        simulation = Simulation(base, 0)
        simulation.world.ledger.pay(0.0, ONE_OFF, "set-up", pounds)
        simulation.advance(base.horizon_months)
        assert worth - npv_pence(simulation.history, base) == pytest.approx(100 * pounds, abs=1e-3)


@pytest.mark.check("Metamorphic")
def test_dearer_exits_in_the_first_year_come_off_the_present_value_undiscounted() -> None:
    # one chief executive goes, in the first year
    base = core("structure_first", "levers.sequence.extent=chief_executive")
    e = base.evidence_values
    more = 1_000.0 / e["money.chief_executive_post"]
    dearer = with_evidence(base, {"staffing.redundancy_years": e["staffing.redundancy_years"] + more})
    for replication in REPLICATIONS:
        before, after = (npv_pence(engine.run(s, replication), s) for s in (base, dearer))
        assert before - after == pytest.approx(100_000.0, abs=1e-3)


# -- Q-D4: what happens at the same time, in another order --

SHUFFLES = 3


def shuffled(settings: Settings, replication: int, number: int, *, ahead_only: bool = False) -> History:
    """The same history with all that happens at one time in random order; pulses still come first.

    With `ahead_only`, what follows at once from something else keeps its order.
    """
    simulation = Simulation(settings, replication)
    env, random = simulation.world.env, Random(f"shuffle {replication} {number}")
    keeping = count(10**9)

    def schedule(event: simpy.Event, priority: int = NORMAL, delay: float = 0.0) -> None:
        place = next(keeping) if ahead_only and not delay else random.random()
        heappush(env._queue, (env.now + delay, priority, place, event))  # type: ignore[arg-type]

    env.schedule = schedule  # type: ignore[method-assign]
    simulation.advance(settings.horizon_months)
    return simulation.history


@pytest.mark.check("Q-D4")
def test_what_was_scheduled_for_one_time_may_happen_in_any_order() -> None:
    for plan in ("structure_first", "transform_first"):
        settings = compose([f"scenario={plan}"]).settings
        for replication in range(4):
            usual, other = engine.run(settings, replication), shuffled(settings, replication, 0, ahead_only=True)
            assert outcomes.row(other, settings) == outcomes.row(usual, settings)
            assert sorted(other.events, key=str) == sorted(usual.events, key=str)


def rows_in_any_order(settings: Settings, replication: int) -> list[dict[str, float | None]]:
    """Outcomes of one history in the usual order and in some others."""
    others = [shuffled(settings, replication, number) for number in range(SHUFFLES)]
    return [outcomes.row(history, settings) for history in (engine.run(settings, replication), *others)]


def order_matters(rows: list[list[dict[str, float | None]]]) -> dict[str, float]:
    """By outcome: the spread that order alone makes in a history, over the spread between histories."""
    found = {}
    for name in outcomes.OUTCOMES:
        values = [[row[name] for row in history] for history in rows]
        known = [history for history in values if None not in history]
        assert all(history.count(None) in (0, len(history)) for history in values), name
        if len(known) > 2 and (between := stdev(history[0] for history in known)) > 0.0:  # type: ignore[type-var]
            within = sqrt(mean(pvariance(history) for history in known))  # type: ignore[type-var]
            found[name] = within / between
    return found


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.check("Q-D4")
def test_the_order_of_what_happens_at_one_time_hardly_matters(plan: str, record_property: Any) -> None:
    settings = compose([f"scenario={plan}"]).settings
    with ProcessPoolExecutor() as workers:
        rows = list(workers.map(partial(rows_in_any_order, settings), range(60), chunksize=5))
    worst = sorted(order_matters(rows).items(), key=lambda item: -item[1])
    told = f"{plan.replace('_', ' ')}: {worst[0][1]:.2%} of the standard deviation at most ({worst[0][0]})"
    record_property("reached", f"{told}, 60 histories in 4 orders each")
    record_property("n", len(rows) * (1 + SHUFFLES))
    assert worst[0][1] < 0.01, worst[:6]
