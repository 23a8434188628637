"""The recorder: what it notes month by month is what the world shows, and at the horizon what was planned and paid."""

from types import SimpleNamespace
from typing import Any

import pytest

from sim import engine
from sim.core.given import Promise
from sim.core.history import GAUGES, History
from sim.core.lanes import lane
from sim.core.ledger import ONE_OFF, SAVING, Ledger
from sim.core.states import States
from sim.engine.plan import PROMISED_MONTHS
from sim.engine.recorder import Recorder
from sim.plans.compose import compose

pytestmark = pytest.mark.check("Faults")


def meeting(*rates: float) -> Any:
    """A meeting of as many histories with two soft states, in which every gauge has a level of its own."""
    states = States(len(rates), 1.0)
    states.soft(object(), "fatigue", "fatigue", lane([0.3 + place / 10 for place in range(len(rates))]), 6.0)
    states.soft("", "trust", "trust", 0.6, 6.0)
    states.fact(1, load=0.7, coordination=0.2)
    return SimpleNamespace(states=states, worlds=[world(rate) for rate in rates])


def world(rate: float = 0.0) -> Any:
    """A world with queues, packages, a promise and books that save at a rate."""
    parts: dict[str, Any] = {
        "history": History(0, 2, ("Eastham", "Westley"), (0.4, 0.6)),
        "ledger": Ledger(("Eastham", "Westley"), (0.4, 0.6)),
        "hr": SimpleNamespace(queue=3),
        "od": SimpleNamespace(queue=5),
        "managers_work": SimpleNamespace(load=1.5),
        "packages": ["a", "b", "c"],
        "given": SimpleNamespace(promise=Promise(months=48.0, saving=(0.0, 1e8, 2.5e8, 4e8), target=4e8)),
    }
    if rate:
        parts["ledger"].stream(SAVING, "teams").ramp(0.0, 0.0, rate)
    parts["ledger"].close_month(0)
    return SimpleNamespace(**parts)


def test_a_row_a_month_of_all_levels_and_gauges_in_every_history() -> None:
    told = meeting(1_500_000.0, 500_000.0)
    recorder = Recorder(told, record=True)
    recorder.look()
    recorder.note(0.0)
    told.worlds[0].hr.queue = 4
    recorder.look()
    recorder.note(0.0)
    recorder.hand_over()
    one, two = (each.history for each in told.worlds)
    assert one.state_names == ("fatigue", "trust")
    assert one.states == [(0.3, 0.6), (0.3, 0.6)]
    assert two.states[0] == (0.4, 0.6)
    gauges = dict(zip(GAUGES, one.gauges[0], strict=True))
    assert gauges == {
        "recurrent_saving_gbp_m": pytest.approx(1.5), "hr_queue": 3, "od_queue": 5, "load": 0.7, "coordination": 0.2,
    }  # fmt: skip
    assert two.gauges[0][0] == pytest.approx(0.5)
    assert (one.gauges[1][1], two.gauges[1][1]) == (4, 3)


def test_nothing_is_noted_where_nothing_is_recorded() -> None:
    told = meeting(0.0)
    Recorder(told, record=False).note(0.0)
    assert (told.worlds[0].history.states, told.worlds[0].history.gauges) == ([], [])


def test_at_the_horizon_what_was_planned_and_all_money() -> None:
    gathered = meeting(0.0)
    (told,) = gathered.worlds
    recorder = Recorder(gathered, record=True)
    told.ledger.pay(0.0, ONE_OFF, "set-up", 100.0)
    told.ledger.pay(1.0, ONE_OFF, "exit", 5.0, council=1)
    told.ledger.reshare(1, (0.5, 0.5))
    recorder.close(told)
    history = told.history
    assert (history.planned_packages, history.planned_months, history.target_saving_gbp_m) == (3, 48.0, 2.5)
    assert history.money == {ONE_OFF: {0: -10_000, 1: -500}}
    assert [line.pence for line in history.ledger()] == [(-4_000, -6_000), (0, -500)]
    assert history.shares == [(0.4, 0.6), (0.5, 0.5)]
    assert history.borne == {0: {}, 1: {1: -500}}


def test_the_saving_promised_is_that_of_a_world_without_friction() -> None:
    settings = compose(["scenario=structure_first"]).settings
    off = dict.fromkeys(settings.mechanisms.model_dump(), "off")
    calm = engine.run(settings.replaced(mechanisms=off, pulse_months=1.0, horizon_months=PROMISED_MONTHS), 0)
    promised = calm.column("recurrent_saving_gbp_m")
    history = engine.run(settings, 3)
    assert history.target_saving_gbp_m == pytest.approx(max(promised[:121]))
    short = engine.run(settings.replaced(horizon_months=24), 3)
    assert short.target_saving_gbp_m == pytest.approx(max(promised[:25]))
    assert short.target_saving_gbp_m < history.target_saving_gbp_m
    assert short.planned_months == history.planned_months
    assert history.planned_packages == len(settings.plan())
    ends = [event.month for event in calm.events if event.kind == "package finished"]
    assert history.planned_months == pytest.approx(max(ends))
    assert (len(history.states), len(history.gauges), len(history.shares)) == (121, 121, 120)
