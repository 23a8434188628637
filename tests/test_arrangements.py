"""Who shares a service, what is shared at the start, and how partnerships of the same facts differ."""

from __future__ import annotations

from math import fsum
from typing import Any

import pytest

from sim import engine
from sim.agents.surplus import borne_by
from sim.core.errors import InputError
from sim.core.history import History
from sim.core.inputs.arrangements import Arrangement, arranged, parse_arrangement
from sim.core.inputs.packages import JOINT, TIER
from sim.core.ledger import SAVING
from sim.core.statistics.intervals import t_quantile
from sim.core.world import World
from sim.engine.batch import Batch, Column
from sim.engine.outcomes import OUTCOMES, Finished
from sim.engine.plan import given_by
from sim.engine.settings import Settings
from sim.plans.compose import compose

FOUR = "partnership=go_shared_services"
PAIRS = 16
CALM = ("mechanisms.dissolution=off", "mechanisms.stall=off", "mechanisms.shocks=off")


def settings(*overrides: str) -> Settings:
    return compose([*overrides]).settings


def agreed(*texts: str) -> str:
    return f"levers.sequence.arrangements=[{', '.join(map(repr, texts))}]"


def surely(first: Settings, second: Settings, outcome: str) -> tuple[float, float]:
    """The 95% interval of the mean difference of an outcome, on common luck."""
    differences = []
    for replication in range(PAIRS):
        one, other = (
            OUTCOMES[outcome].compute(Finished(engine.run(each, replication), each)) or 0.0 for each in (first, second)
        )
        differences.append(other - one)
    mean = fsum(differences) / PAIRS
    spread = (fsum((one - mean) ** 2 for one in differences) / (PAIRS - 1)) ** 0.5
    half = t_quantile(0.975, PAIRS - 1) * spread / PAIRS**0.5
    return mean - half, mean + half


def world_of(plan: Settings) -> World:
    return Batch([Column(plan, 0)], [given_by(plan)]).worlds[0]


def teams(history: History) -> set[str]:
    return {event.entity for event in history.of_kind("package released") if event.entity.startswith(JOINT)}


# -- saying it --


def test_a_sentence_says_who_shares_who_leads_who_joins_in_and_when_it_ends() -> None:
    assert parse_arrangement("ict: shared by A, B ; led by B; with the county; left in month 60") == (
        "ict",
        Arrangement(shared_by=("A", "B"), led_by="B", outsider="the county", left_month=60),
    )
    assert parse_arrangement("ict: apart") == ("ict", Arrangement(apart=True))
    assert parse_arrangement("ict: shared by all") == ("ict", Arrangement())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("housin: apart", "'housin' is no service; did you mean 'housing'?"),
        ("housing", "must read"),
        ("housing: appart", "'appart' is no clause"),
        ("housing: apart; led by Ashby", "kept apart has nothing else to agree"),
        ("housing: led by Ashbi", "'Ashbi' is no council here; did you mean 'Ashby'?"),
        ("housing: shared by Ashby, Borrow; led by Crane", "led by Crane, which does not share it"),
        ("housing: shared by Ashby", "shared by Ashby alone"),
        ("housing: left in month soon", "is no clause"),
    ],
)
def test_what_contradicts_itself_or_names_strangers_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        arranged([text], ["housing", "planning"], ["Ashby", "Borrow", "Crane"])


def test_a_service_stands_once() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        arranged(["housing: apart", "housing: with X"], ["housing"], ["Ashby", "Borrow"])


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ([agreed("housin: apart")], "levers.sequence.arrangements: 'housin' is no service"),
        (
            [
                "levers.sequence.joining=single_restructure",
                'levers.sequence.order=["joint_team: ict > joint_team: hr"]',
            ],
            "single_restructure reviews all services at once",
        ),
        (["partnership.start_state=[heads_of_service]"], "but not chief_executive above it"),
        (["partnership.start_state=[housing]"], "shared from the start, and kept apart"),
        (["partnership.start_state=[ictt]"], "'ictt' is no tier or service; did you mean 'ict'?"),
        (['partnership.arrangements=["plannin: apart"]'], "partnership.arrangements: 'plannin' is no service"),
    ],
)
def test_an_impossible_plan_is_named_before_the_run(overrides: list[str], said: str) -> None:
    with pytest.raises(InputError) as refused:
        settings(*overrides)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_plan_may_overrule_what_the_partnership_agreed() -> None:
    assert "joint_team: housing" not in {package.name for package in settings().plan()}
    assert "joint_team: housing" in {package.name for package in settings(agreed("housing: shared by all")).plan()}


# -- what follows --


@pytest.fixture(scope="module")
def two_of_four() -> tuple[Settings, History]:
    plan = settings(FOUR, *CALM, agreed("leisure_parks: shared by Cotswold, West Oxfordshire; led by Cotswold"))
    return plan, engine.run(plan, 0)


def test_only_those_who_share_a_service_vote_on_it_and_save_on_it(two_of_four: tuple[Settings, History]) -> None:
    plan, history = two_of_four
    names = [council.name for council in plan.partnership.councils]
    voted = {
        event.entity
        for kind in ("vote won", "vote lost")
        for event in history.of_kind(kind)
        if event.cause == "joint_team: leisure_parks"
    }
    assert voted == {"Cotswold", "West Oxfordshire"}
    lines = [line for line in history.ledger() if line.kind == SAVING and line.cause == "joint teams"]
    alone = [line for line in lines if sum(map(bool, line.pence)) == 2]
    assert alone and {names[c] for line in alone for c, pence in enumerate(line.pence) if pence} == voted


def test_councils_money_sums_to_the_whole_where_some_share_alone(two_of_four: tuple[Settings, History]) -> None:
    _, history = two_of_four
    for series in ("cumulative_net_saving_gbp_m", "recurrent_saving_gbp_m"):
        parts = [history.column(f"{series}: {council}")[-1] for council in history.councils]
        assert fsum(parts) == pytest.approx(history.column(series)[-1], rel=1e-3)


def test_posts_go_at_those_who_share_and_fewer_where_one_leads(two_of_four: tuple[Settings, History]) -> None:
    plan, _ = two_of_four
    world = world_of(plan)
    parts = dict(zip(world.names, borne_by(world, ("leisure_parks",)), strict=True))
    assert fsum(parts.values()) == pytest.approx(1.0)
    assert {name for name, part in parts.items() if part} == {"Cotswold", "West Oxfordshire"}
    even = dict(zip(world.names, borne_by(world, ("ict",)), strict=True))
    assert parts["Cotswold"] / parts["West Oxfordshire"] < even["Cotswold"] / even["West Oxfordshire"]


def test_a_service_that_is_left_is_joined_no_more_and_saves_no_more() -> None:
    kept, left = (settings(*CALM, *own) for own in ([], [agreed("leisure_parks: left in month 90")]))
    history = engine.run(left, 0)
    assert [(event.month, event.entity) for event in history.of_kind("service left")] == [
        (90.0, "joint_team: leisure_parks")
    ]
    assert surely(kept, left, "services_integrated")[1] <= -0.9
    assert surely(kept, left, "recurrent_saving_y10_gbp_m")[1] < 0.0


def test_a_service_left_before_it_is_joined_is_never_joined() -> None:
    history = engine.run(settings(*CALM, agreed("ict: left in month 3")), 0)
    assert "joint_team: ict" not in teams(history)
    dropped = {event.entity: event.cause for event in history.of_kind("package dropped")}
    assert dropped["joint_team: ict"] == "its service is shared no more"


def test_an_outsider_brings_buying_power_and_more_to_keep_in_step() -> None:
    services = ("leisure_parks", "ict", "property", "finance", "waste_streets")
    alone, outside = (
        settings(*CALM, *own) for own in ([], [agreed(*(f"{name}: with the county" for name in services))])
    )
    assert surely(alone, outside, "coordination_highest")[0] > 0.0
    bought = [
        sum(sum(line.pence) for line in engine.run(each, 1).ledger() if line.cause == "procurement and property")
        for each in (alone, outside)
    ]
    assert bought[1] > bought[0]


def test_a_service_ends_when_a_council_leaves_and_nobody_is_left_to_share_with() -> None:
    plan = compose([FOUR, *CALM, agreed("leisure_parks: shared by Cotswold, West Oxfordshire")]).settings
    plan = plan.replaced(shocks=({"month": 100, "kind": "partner_leaves", "council": "Cotswold"},))
    told = engine.run(plan, 0).of_kind("service left")
    assert [(event.entity, event.cause) for event in told] == [
        ("joint_team: leisure_parks", "nobody is left to share with")
    ]


# -- already shared --


def test_what_is_shared_at_the_start_needs_no_package() -> None:
    plan = settings("partnership.start_state=[chief_executive, management_team, hr, ict]")
    packages = plan.plan()
    assert {package.name for package in packages if package.kind == TIER} == {"heads_of_service"}
    names = {package.name for package in packages}
    assert not {"principle", "joint_team: hr", "joint_team: ict"} & names
    assert "redesign: ict" in names and all(set(package.after) <= names for package in packages)
    world = world_of(plan)
    sizes = plan.services
    whole = fsum(service.staff_weight for service in sizes.values())
    assert world.fact("joined") == pytest.approx((sizes["hr"].staff_weight + sizes["ict"].staff_weight) / whole)
    assert world.fact("chief_executive") == 1.0 and world.reached("formed joint_team: hr")


def test_a_start_from_a_shared_state_reaches_the_first_team_sooner() -> None:
    fresh, shared = (
        settings(*CALM, *own) for own in ([], ["partnership.start_state=[chief_executive, management_team]"])
    )
    assert surely(fresh, shared, "first_joint_team_month")[1] < -3.0


# -- places --


def placed(**standing: float) -> Settings:
    return settings(*CALM, *(f"evidence.places.{name}.value={value}" for name, value in standing.items()))


def test_at_the_centre_of_the_evidence_no_place_differs() -> None:
    given: Any = given_by(settings())
    assert (given.pace, given.prize) == (1.0, 1.0)


def test_a_faster_place_joins_sooner_and_a_richer_one_saves_more() -> None:
    assert surely(placed(), placed(pace=2.0), "first_joint_team_month")[1] < 0.0
    assert surely(placed(), placed(saving=2.0), "recurrent_saving_y10_gbp_m")[0] > 0.0
