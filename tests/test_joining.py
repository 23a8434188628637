"""How councils join: an agreement in principle, tiers, services one by one or in one restructure, the law's periods."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

import pytest

from sim.core import mechanisms
from sim.core.errors import InputError
from sim.core.history import Event, History
from sim.core.inputs.packages import (
    JOINT,
    PRINCIPLE,
    QUICK_WINS,
    REDESIGN,
    TIER,
    TIERS,
    WHOLE,
    Package,
    appointed_by,
    joint,
)
from sim.engine import Column, play
from sim.engine.plan import given_by
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.words.diary.programme import finding, programme

PAIRS = 48
SINGLE = "levers.sequence.joining=single_restructure"


def plan_of(*overrides: str) -> dict[str, Package]:
    """The packages of a plan by name, in order."""
    return {package.name: package for package in compose(list(overrides)).settings.plan()}


def histories(settings: Settings, count: int = PAIRS) -> list[History]:
    """Histories of a plan, on the luck of their numbers."""
    played = play([Column(settings, number) for number in range(count)])
    assert not [history for history in played if isinstance(history, Exception)]
    return [history for history in played if isinstance(history, History)]


def month_of(history: History, kind: str, entity: str, cause: str = "") -> float:
    """The month of an event of this history."""
    return next(e.month for e in history.of_kind(kind) if e.entity == entity and cause in ("", e.cause))


def saving_at(settings: Settings, month: int) -> list[float]:
    """Annual saving at a month, £m, history by history."""
    return [history.column("recurrent_saving_gbp_m")[month] for history in histories(settings)]


# -- the shape of plans --


def test_nothing_begins_before_an_agreement_in_principle() -> None:
    plan = plan_of("scenario=structure_first")
    assert next(iter(plan)) == PRINCIPLE
    roots = [package for package in plan.values() if not package.after]
    assert [package.name for package in roots] == [PRINCIPLE]
    assert PRINCIPLE in plan["chief_executive"].needs


def test_a_plan_that_shares_nothing_asks_for_no_agreement() -> None:
    assert plan_of("scenario=do_nothing") == {}


def test_tiers_together_are_agreed_at_once_and_one_by_one_in_turn() -> None:
    together, in_turn = plan_of(), plan_of("levers.structure.tiers=one_by_one")
    assert together["management_team"].after == together["heads_of_service"].after == (PRINCIPLE,)
    assert in_turn["management_team"].after == ("chief_executive",)
    assert in_turn["heads_of_service"].after == ("management_team",)


def test_reviews_wait_for_the_directors_and_for_no_tier_below_them() -> None:
    for package in plan_of("levers.structure.service_managers=true").values():
        if package.kind == JOINT:
            assert package.after == ("management_team",)


def test_directors_appoint_to_all_tiers_below_them_whoever_is_in_post_at_the_start() -> None:
    shared = ("management_team", "heads_of_service", "service_managers")
    assert appointed_by("service_managers", shared) == appointed_by("heads_of_service", shared) == "management_team"
    assert appointed_by("management_team", shared) is None
    assert appointed_by("heads_of_service", ("chief_executive", "heads_of_service")) == "chief_executive"


def test_an_order_that_would_appoint_a_tier_before_those_who_appoint_to_it_is_refused() -> None:
    rule = 'levers.sequence.order=["heads_of_service > management_team"]'
    with pytest.raises(InputError, match="circle: management_team > heads_of_service > management_team"):
        plan_of("levers.sequence.sequence=explicit", rule)


def test_pilots_are_joined_by_themselves_before_one_restructure_of_the_rest() -> None:
    plan = plan_of("scenario=pilot_then_scale", SINGLE)
    joined = [package for package in plan.values() if package.kind == JOINT]
    assert [len(package.covers) for package in joined[:2]] == [1, 1] and len(joined) == 3
    pilots = {name for package in joined[:2] for name in package.covers}
    assert {f"{REDESIGN}: {name}" for name in pilots} <= set(joined[2].after)
    assert not pilots & set(joined[2].covers)


def test_service_managers_are_a_tier_of_their_own_where_asked_for() -> None:
    assert "service_managers" not in plan_of()
    assert plan_of("levers.structure.service_managers=true")["service_managers"].kind == TIER
    shallow = plan_of("levers.structure.service_managers=true", "levers.sequence.extent=management_team")
    assert "service_managers" not in shallow


def test_transform_first_pilots_at_once_and_no_service_waits_for_all_redesigns() -> None:
    plan = plan_of("scenario=transform_first")
    redesigns = [package for package in plan.values() if package.kind == REDESIGN]
    assert all(package.after == ("chief_executive",) for package in redesigns)
    for package in plan.values():
        if package.kind == JOINT:
            assert set(package.after) == {f"{REDESIGN}: {package.service}", "chief_executive"}
    assert len(plan["management_team"].after) < len(redesigns)


def test_a_single_restructure_joins_all_services_in_one_package() -> None:
    usual, plan = plan_of(), plan_of(SINGLE)
    joined = [package for package in plan.values() if package.kind == JOINT]
    assert [package.name for package in joined] == [joint("whole organisation")]
    assert set(joined[0].covers) == {package.service for package in usual.values() if package.kind == JOINT}
    assert joined[0].after == ("chief_executive",)
    redesigns = [package for package in plan.values() if package.kind == REDESIGN]
    assert redesigns and all(joined[0].name in package.after for package in redesigns)


def test_hr_can_be_joined_before_the_rest_of_a_restructure() -> None:
    plan = plan_of(SINGLE, "levers.hr.integrate=first")
    whole = plan[joint("whole organisation")]
    assert "hr" not in whole.covers
    assert joint("hr") in whole.after


def test_a_restructure_with_reviews_in_order_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"joint_team: (hr|ict).*orders the review of one service"):
        compose([SINGLE, "levers.sequence.order=['joint_team: hr > joint_team: ict']"])


def test_services_can_be_shared_without_shared_management() -> None:
    plan = plan_of("scenario=services_only")
    assert not [package for package in plan.values() if package.kind == TIER]
    assert plan[joint("hr")].after == (PRINCIPLE,)


# -- the law --


@pytest.mark.parametrize(
    ("posts", "old_law", "months"),
    [(19.9, True, 0.7), (20.0, False, 1.0), (99.0, True, 1.0), (100.0, False, 1.5), (100.0, True, 3.0)],
)
def test_consultation_lasts_as_the_law_of_its_date_says(posts: float, old_law: bool, months: float) -> None:
    assert mechanisms.consultation_months(posts, 0.7, old_law) == months


def test_the_old_law_holds_until_april_2013() -> None:
    settings = compose(["partnership=bromsgrove_redditch"]).settings
    from_july_2008_to_april_2013 = 4 * 12 + 9
    assert (settings.partnership.start_year, settings.partnership.start_month) == (2008, 7)
    assert given_by(settings).old_law_until == from_july_2008_to_april_2013


# -- what comes of it --


def test_each_tier_is_appointed_after_the_one_above() -> None:
    settings = compose(["scenario=structure_first", "levers.structure.service_managers=true"]).settings
    seen = 0
    for history in histories(settings, 16):
        begun = {e.entity: e.month for e in history.of_kind("stage started") if e.cause == "appointment"}
        done = {e.entity: e.month for e in history.of_kind("stage finished") if e.cause == "appointment"}
        tiers = ("chief_executive", "management_team", "heads_of_service", "service_managers")
        for above, below in pairwise(tiers):
            boss = "management_team" if below == "service_managers" else above
            if below in begun:
                assert done[boss] <= begun[below]
                seen += 1
    assert seen > 30


def test_a_restructure_consults_with_several_officers_and_none_is_left_behind() -> None:
    settings = compose([SINGLE, "levers.hr.hr_posts=3"]).settings
    consulted = [h for h in histories(settings, 16) if joint("whole organisation") in consulted_on(h)]
    assert len(consulted) > 8
    assert all(history.pools["hr"].peak_busy >= 2 for history in consulted)


def consulted_on(history: History) -> set[str]:
    """Packages whose consultation came to its end."""
    return {event.entity for event in history.of_kind("stage finished") if event.cause == "consultation"}


@pytest.mark.check("P-27")
def test_one_restructure_saves_half_as_much_again_and_more_by_month_27() -> None:
    once, one_by_one = (saving_at(compose(["scenario=structure_first", *way]).settings, 27) for way in ((SINGLE,), ()))
    assert mean(once) >= 1.5 * mean(one_by_one)


def test_the_first_joint_team_is_formed_within_two_years_in_the_middle_history() -> None:
    assert 12.0 <= middle(first_teams(histories(compose(["scenario=structure_first"]).settings, 96))) <= 24.0


def teams_formed(history: History) -> list[float]:
    """Months in which joint teams were formed, in order."""
    formed = (event for event in history.of_kind("stage finished") if event.cause == "implementation")
    return [event.month for event in formed if event.entity.startswith(JOINT)]


def first_teams(played: Sequence[History]) -> list[float]:
    """Month of the first joint team formed, or never."""
    return [next(iter(teams_formed(history)), float("inf")) for history in played]


def middle(values: Sequence[float]) -> float:
    """The lower middle one."""
    return sorted(values)[(len(values) - 1) // 2]


def test_quick_wins_are_seen_by_members_before_any_team_is_joined() -> None:
    plain, wins = [compose([*way]).settings for way in ((), ("levers.sequence.quick_wins=true",))]
    early = [
        mean(with_wins.column("results")[6:18]) - mean(without.column("results")[6:18])
        for without, with_wins in zip(histories(plain, 24), histories(wins, 24))
    ]
    assert mean(early) > 0.01
    assert all(any(e.entity == QUICK_WINS for e in h.of_kind("package finished")) for h in histories(wins, 8))


def test_more_at_once_is_worse_beyond_what_managers_carry_but_never_nothing() -> None:
    """On two small councils that share all sixteen services."""

    def teams(at_once: int) -> float:
        pace = (f"levers.pace.packages_at_once={at_once}", "levers.pace.months_between_waves=0")
        small = ("partnership=forest_heath_st_edmundsbury", "scenario=structure_first")
        played = histories(compose([*small, *pace]).settings)
        return mean(sum(month <= 72 for month in teams_formed(history)) for history in played)

    eight, sixteen = teams(8), teams(16)
    assert eight > sixteen + 1.0 > 5.0


# -- how it is told --


@pytest.mark.parametrize("tier", TIERS)
def test_a_history_that_shares_tiers_alone_names_each(tier: str) -> None:
    facts = [Event(0.0, tier, "package released"), Event(5.0, tier, "package finished")]
    told = finding(programme(facts, 120.0), [], 16)
    assert told.startswith("In this history only ") and tier.split("_")[0] in told


def test_one_restructure_is_told_as_such_and_not_as_one_team() -> None:
    facts = [Event(5.0, joint(WHOLE), "package released"), Event(30.0, joint(WHOLE), "package finished")]
    assert "the whole organisation is joined in one restructure" in finding(programme(facts, 120.0), [], 16)
