"""The core: histories in batches, one writer for each fact, no order among agents, switches in one table."""

import inspect
import random
import subprocess
import sys
from collections.abc import Iterator
from math import exp
from typing import Any, get_args

import pytest

from sim import engine
from sim.core import mechanisms
from sim.core.history import History
from sim.core.lanes import available, each, lane, spread, vector
from sim.core.states import SecondWriter, States
from sim.core.switches import FORCES, LEVERS, REPLACED, neutral_evidence, neutralised
from sim.core.world import merged
from sim.engine import Column, batch, outcomes, play
from sim.engine.plan import given_by
from sim.engine.settings import Mechanisms, Settings
from sim.plans.compose import compose, shipped_evidence

assert available()
pytestmark = pytest.mark.check("Core")
PLANS = ("structure_first", "transform_first", "parallel", "adaptive")


def settings(*overrides: str) -> Settings:
    """Settings of a shipped plan."""
    return compose(list(overrides)).settings


def facts(history: History | Exception) -> tuple[object, ...]:
    """Everything that a history leaves behind."""
    assert isinstance(history, History), history
    return history.events, history.states, history.gauges, history.ledger(), history.ended_by, history.pools


def mixed() -> list[Column]:
    """Histories of several plans, evidence, switches and luck, all on the same councils."""
    cells = [settings(f"scenario={plan}") for plan in PLANS]
    cells += [
        settings("scenario=structure_first", "evidence.money.joint_teams_saving.value=0.02"),
        settings("scenario=structure_first", "mechanisms.load=queueing", "mechanisms.trust=symmetric"),
        settings("scenario=transform_first", "mechanisms.load=off", "mechanisms.buy_in=off", "mechanisms.terms=off"),
        settings("scenario=structure_first", "evidence.staff.refill_months.value=5", "levers.hr.od_posts=2"),
    ]
    return [Column(cell, replication) for cell in cells for replication in (0, 3)]


def test_a_history_is_the_same_to_the_bit_in_any_company() -> None:
    columns = mixed()
    alone = [facts(play([column])[0]) for column in columns]
    for size in (2, 7, len(columns)):
        parts = [columns[at : at + size] for at in range(0, len(columns), size)]
        assert [facts(history) for part in parts for history in play(part)] == alone, size
    assert [facts(history) for history in reversed(play(columns[::-1]))] == alone


def test_a_shuffle_of_the_agents_changes_no_bit_of_any_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = mixed()
    usual = [outcomes.row(history, column.settings) for history, column in played(columns)]
    agents = list(batch.AGENTS)
    for seed in range(4):
        random.Random(seed).shuffle(agents)
        monkeypatch.setattr(batch, "AGENTS", tuple(agents))
        assert [outcomes.row(history, column.settings) for history, column in played(columns)] == usual
    partners = "partnership=go_shared_services"
    four = [Column(settings("scenario=parallel", partners), replication) for replication in range(3)]
    other = [outcomes.row(history, column.settings) for history, column in played(four)]
    monkeypatch.undo()
    assert [outcomes.row(history, column.settings) for history, column in played(four)] == other


def played(columns: list[Column]) -> Iterator[tuple[History, Column]]:
    """Whole histories with what they are of."""
    for history, column in zip(play(columns), columns, strict=True):
        assert isinstance(history, History), history
        yield history, column


# -- one writer --


class Owner:
    """Declares a state."""


class Other:
    """Declares another."""


def declared() -> tuple[States, Any, Any]:
    """States of two owners, and what each writes with."""
    states, owner, other = States(2, 1.0), Owner(), Other()
    states.soft(owner, "mood", "mood", 0.5, 6.0)
    states.fact(owner, seen=0.0)
    states.fact(other, load=1.0)
    return states, states.pen(owner), states.pen(other)


def test_a_second_writer_is_stopped_by_name() -> None:
    states, owner, other = declared()
    for name in ("mood", "mood_keep", "seen"):
        with pytest.raises(SecondWriter, match=f"Other writes '{name}': Owner alone writes it"):
            setattr(other, name, 0.1)
    with pytest.raises(SecondWriter, match="Owner writes 'moood': no agent has declared it"):
        owner.moood = 0.1
    with pytest.raises(SecondWriter, match="Other writes 'seen': Owner alone writes it"):
        states.put(Other(), 0, "seen", 1.0)
    with pytest.raises(SecondWriter, match="Other declares 'load', which Other owns"):
        states.fact(Other(), load=0.0)


def test_what_is_being_written_cannot_be_read() -> None:
    states, owner, _ = declared()
    owner.seen = [1.0, 2.0]
    with pytest.raises(SecondWriter, match="Owner reads 'seen' while it is being written"):
        _ = owner.seen
    assert states.old.seen.tolist() == [0.0, 0.0]
    states.settle()
    assert states.old.seen.tolist() == [1.0, 2.0]


def test_a_second_writer_among_the_agents_stops_the_run_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.agents.staff import Staff

    usual = Staff.refresh

    def meddling(self: Staff, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        usual(self, now, old, lever, e, new)
        new.overload = 0.0

    monkeypatch.setattr(Staff, "refresh", meddling)
    with pytest.raises(SecondWriter, match="Staff writes 'overload': Managers alone writes it"):
        engine.run(settings("scenario=structure_first"), 0)


# -- broken histories --


def test_a_history_that_breaks_stops_alone_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.agents.politics.members import Members

    cell, usual = settings("scenario=structure_first"), Members.vote
    whole = [facts(history) for history in play([Column(cell, replication) for replication in range(4)])]

    def vote(self: Members, world: Any, c: int, ballot: Any) -> bool:
        if world.history.replication == 2 and world.env.now > 20.0:
            raise ZeroDivisionError("two by nought")
        return usual(self, world, c, ballot)

    monkeypatch.setattr(Members, "vote", vote)
    found = play([Column(cell, replication) for replication in range(4)])
    assert isinstance(found[2], ZeroDivisionError)
    assert [facts(history) for place, history in enumerate(found) if place != 2] == whole[:2] + whole[3:]


def test_histories_of_other_councils_are_not_played_side_by_side() -> None:
    cells = [settings("partnership=bromsgrove_redditch"), settings("partnership=breckland_south_holland")]
    with pytest.raises(ValueError, match="must share councils, services, pulse and horizon"):
        batch.Batch([Column(cell, 0) for cell in cells], [given_by(cell) for cell in cells])


# -- lanes and switches --


def bounded_sum(a: float, b: float) -> float:
    """A formula with a choice, a bound, an exponential and a chain of comparisons."""
    most = a + 10.0 * b if 0.0 < b <= 3.0 and not a > 5.0 else -a
    return max(most, exp(-b)) if most < 30.0 else 30.0


def test_a_formula_for_arrays_gives_the_bits_of_the_one_for_numbers() -> None:
    rng = random.Random(3)
    pairs = [(rng.uniform(-9.0, 9.0), rng.uniform(-4.0, 4.0)) for _ in range(500)] + [(5.0, 3.0), (0.0, 0.0)]
    one_by_one = [bounded_sum(a, b) for a, b in pairs]
    together = each(bounded_sum, lane([a for a, _ in pairs]), lane([b for _, b in pairs]))
    assert together.tolist() == one_by_one
    assert each(bounded_sum, [a for a, _ in pairs], 2.0) == [bounded_sum(a, 2.0) for a, _ in pairs]
    assert each(bounded_sum, 1.0, 2.0) == 21.0


def test_every_formula_of_the_pulse_can_be_applied_to_arrays() -> None:
    rng = random.Random(5)
    formulas = [each for each in vars(mechanisms).values() if inspect.isfunction(each)]
    for formula in formulas:
        if "**" in inspect.getsource(formula) or "round(" in inspect.getsource(formula):
            continue
        count = len(inspect.signature(formula).parameters)
        given = [[rng.uniform(0.01, 1.0) for _ in range(40)] for _ in range(count)]
        told = vector(formula)(*map(lane, given))
        assert list(told) == [formula(*values) for values in zip(*given)], formula.__name__


def test_what_all_histories_share_stands_as_a_plain_number() -> None:
    assert merged([2.0, 2.0]) == 2.0
    assert merged([2.0, 3.0]).tolist() == [2.0, 3.0]
    assert spread(1.0, 3).tolist() == [1.0, 1.0, 1.0]
    assert spread(1.0, 1) == 1.0


def test_every_switch_acts_in_the_table_or_is_its_owners() -> None:
    owned = {"luck", "elections", "shocks", "dissolution"}
    evidence = shipped_evidence()
    forms = {name: get_args(field.annotation) for name, field in Mechanisms.model_fields.items()}
    table = {f"{name}={form}": neutralised(evidence, name, form) for name in forms for form in forms[name]}
    assert {name for name in forms if not table[f"{name}=off"]} <= owned
    named = {name for group in evidence.values() for quantity in group.values() for name in quantity.zero_without}
    assert named | {*FORCES.values()} <= forms.keys()
    assert {quantity for values in table.values() for quantity in values} <= {*FORCES, *settings().evidence_values}
    assert LEVERS.keys() | REPLACED.keys() <= table.keys()
    assert neutral_evidence(evidence, {"fatigue.by_load": 2.0}, {"fatigue": "off"})["fatigue.by_load"] == 0.0


def test_the_core_runs_where_nothing_but_simpy_yaml_and_pydantic_is_there() -> None:
    program = (
        "import sys\n"
        "for name in ('numpy', 'pandas', 'matplotlib', 'scipy', 'pyarrow', 'fastapi', 'hydra', 'omegaconf'):\n"
        "    sys.modules[name] = None\n"
        "from sim.plans.compose import compose\n"
        "from sim import engine\nfrom sim.engine import outcomes\n"
        "cell = compose(['scenario=structure_first']).settings\n"
        "print(outcomes.row(engine.run(cell, 1), cell)['npv_gbp_m'].hex())\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    cell = settings("scenario=structure_first")
    value = outcomes.row(engine.run(cell, 1), cell)["npv_gbp_m"]
    assert value is not None
    assert told.strip() == value.hex()
