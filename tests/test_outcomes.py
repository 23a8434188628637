"""Every outcome of a history made up by hand, whose every number can be reckoned on paper."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from programmes import with_evidence

from sim.core.events import KINDS
from sim.core.history import Event, HeadcountAccount, History, PoolUse
from sim.core.inputs.going_alone import Alone, Path
from sim.core.inputs.partnership import Service
from sim.engine.outcomes import OUTCOMES, Finished, outcome_entries, read_by_outcomes, row
from sim.engine.outcomes.declared import at_year, outcome
from sim.engine.settings import Settings
from sim.plans.compose import compose

pytestmark = pytest.mark.check("Mutation")
HORIZON = 24
COUNCILS = ("Eastham", "Westley")
QUARTER, REST = 0.25, 0.75
"""The two councils' parts of all staff."""


def steady(level: float, **at: float) -> list[float]:
    """A level by month that is another in some months: `m7=0.3`."""
    levels = [level] * (HORIZON + 1)
    for month, other in at.items():
        levels[int(month[1:])] = other
    return levels


STATES: dict[str, list[float]] = {
    "fatigue: Eastham": steady(0.4, m7=1.0, m8=0.8),
    "fatigue: Westley": steady(0.4, m7=0.6, m8=0.6),
    "engagement: Eastham": steady(0.6, m9=0.2, m24=0.8),
    "engagement: Westley": steady(0.6, m9=0.4, m24=0.6),
    "uncertainty: Eastham": steady(0.2),
    "uncertainty: Westley": steady(0.2, m3=0.6),
    "buy_in_leaders: Eastham": steady(0.7, m5=0.45),
    "buy_in_leaders: Westley": steady(0.7),
    "buy_in_backbench: Eastham": steady(0.5),
    "buy_in_backbench: Westley": steady(0.5, m20=0.2),
    "unfairness: Eastham": steady(0.0, m4=0.3),
    "unfairness: Westley": steady(0.1, m6=0.2),
    "trust leaders–leaders: Eastham, Westley": steady(0.5, m11=0.35),
    "trust leaders–back bench: Eastham": steady(0.6, m4=0.52),
    "trust leaders–back bench: Westley": steady(0.7),
    "trust HR–managers": steady(0.6, m1=0.45),
    "trust members–officers: Eastham": steady(0.6, m2=0.55),
    "trust members–officers: Westley": steady(0.6),
    "trust managers–staff: Eastham": steady(0.6),
    "trust managers–staff: Westley": steady(0.6, m12=0.31),
    "trust HR–unions": steady(0.5, m24=0.65),
    "service quality": steady(0.5, m10=0.42, m24=0.53),
    "resilience": steady(0.5, m24=0.61),
    "culture gap": steady(0.3, m24=0.22),
    "coordination": steady(0.1, m13=0.44),
    "knowledge lost": steady(0.0, m14=0.07),
}
SAVING = steady(0.2, m12=0.9, m24=1.5)
LOAD = steady(0.5, m6=1.4, m7=1.2, m8=1.0)
EVENTS = [
    Event(2.0, "chief_executive", "package finished"),
    Event(5.0, "joint_team: planning", "vote lost"),
    Event(6.0, "joint_team: hr", "package released"),
    Event(6.0, "partnership", "scarcest capacity", "managers"),
    Event(7.0, "joint_team: hr", "implementation begins"),
    Event(8.0, "joint_team: hr", "stage finished", "implementation"),
    Event(9.0, "joint_team: planning", "stage finished", "bedding_in"),
    Event(9.0, "partnership", "scarcest capacity", "HR"),
    Event(9.5, "joint_team: planning", "rework found", "round 1", 0.2),
    Event(9.5, "joint_team: hr", "stage finished", "bedding_in"),
    Event(10.0, "joint_team: hr", "rework found", "round 1", 0.1),
    Event(10.5, "joint_team: hr", "rework found", "round 2", 0.05),
    Event(11.0, "joint_team: planning", "package finished"),
    Event(12.0, "joint_team: hr", "package finished"),
    Event(14.0, "redesign: planning", "package released"),
    Event(15.0, "redesign: planning", "package finished"),
    Event(15.0, "partnership", "scarcest capacity", "OD"),
    Event(16.0, "commission: parks", "package finished"),
    Event(17.0, "commission: parks", "contract failed"),
    Event(18.0, "redesign: parks", "package dropped"),
    Event(19.0, "partnership", "dispute begins"),
    Event(21.0, "partnership", "scarcest capacity", "nothing"),
    Event(21.0, "programme", "programme ended", "complete"),
]
SERVICES = {
    "planning": Service(title="Planning", kind="customer", staff_weight=2.0, spend_weight=1.0),
    "hr": Service(title="HR", kind="corporate", staff_weight=1.0, spend_weight=1.0),
    "parks": Service(title="Parks", kind="customer", staff_weight=5.0, spend_weight=1.0),
}
HEADCOUNTS = [
    HeadcountAccount(start=100, leavers=7, redundancies=6, beyond_plan=4, redeployed=2),
    HeadcountAccount(start=300, leavers=5, redundancies=12, beyond_plan=3, redeployed=1),
]
MONEY = {
    # £1m a month from month 14 on; £2.75m and £0.5m are spent at the start
    "saving": dict.fromkeys(range(14, HORIZON), 100_000_000),
    "one-off cost": {0: -275_000_000},
    "programme cost": {1: -50_000_000},
}


def alone(months: int) -> list[Alone]:
    """What each council could save alone, and beside sharing, over this many months."""
    points = months + 1
    rising = [month / 12 for month in range(points)]
    return [
        # £1m a year from the start, at half a year's saving, and half of that beside sharing
        Alone([2.0] * points, Path([1.0] * points, [0.5] * points), Path([0.5] * points, [0.2] * points)),
        # £1m more each year, at no cost, and nothing beside sharing
        Alone([3.0] * points, Path(rising, [0.0] * points), Path([0.0] * points, [0.0] * points)),
    ]


POOLS = {
    "hr": PoolUse(busy=30.0, capacity=40.0, waited=6.0, claims=4, longest_queue=3),
    "od": PoolUse(busy=5.0, capacity=20.0, waited=9.0, claims=2, longest_queue=1),
}


def made(**parts: Any) -> History:
    """The history, with some parts replaced; `states`, `saving` and `load` by month."""
    states = STATES | parts.pop("states", {})
    saving, load = parts.pop("saving", SAVING), parts.pop("load", LOAD)
    usual: dict[str, Any] = {
        "replication": 0,
        "horizon": HORIZON,
        "councils": COUNCILS,
        "weights": (QUARTER, REST),
        "state_names": tuple(states),
        "grid": [list(levels) for levels in zip(*states.values(), strict=True)],
        "gauge_grid": [(s, 0.0, 0.0, ld, c) for s, ld, c in zip(saving, load, states["coordination"], strict=True)],
        "facts": EVENTS,
        "money": MONEY,
        "shares": [(0.4, 0.6)] * HORIZON,
        "pools": POOLS,
        "headcounts": HEADCOUNTS,
        "planned_months": 14.0,
        "planned_packages": 7,
        "target_saving_gbp_m": 4.0,
        "alone": alone(HORIZON),
        "saving_by_cause": {"transformation": 0.4, "joint teams": 1.1},
    }
    return History(**(usual | parts))


def settings(*overrides: str) -> Settings:
    """Two councils that spend £20m and £30m on three services."""
    from programmes import partnership

    composed = compose(["scenario=structure_first", *overrides]).settings
    changed = composed.replaced(partnership=partnership(), services=SERVICES)
    return with_evidence(changed, {"plan.prudence": 0.5, "fatigue.line": 0.6})


USUAL = settings()


def after(history: History, given: Settings = USUAL) -> dict[str, float | None]:
    """All outcomes."""
    return row(history, given)


EXPECTED: dict[str, float | None] = {
    # alone, 0.5 and 0.5 would be saved net of costs in year 0, 1.0 and 1.5 in year 1; 0.4 and 0.5 is saved beside
    "net_of_going_alone_gbp_m": -3.85 + 8.0 / 1.035,
    # alone, 2 and 4 are cut; with sharing 2 * 1.42 - 0.28 / 12, and 2 * 2.88 - 0.42 / 12
    "cuts_avoided_gbp_m": 2.0 + 4.0 - (2.84 - 0.28 / 12) - (5.76 - 0.42 / 12),
    "saving_by_change_gbp_m": 0.4,
    "saving_by_joining_gbp_m": 1.1,
    "recurrent_saving_y1_gbp_m": 0.9,
    "recurrent_saving_y3_gbp_m": None,
    "recurrent_saving_y5_gbp_m": None,
    "recurrent_saving_y10_gbp_m": None,
    "cumulative_net_saving_y10_gbp_m": None,
    # year 0 spends 3.25; year 1 brings 10, discounted once
    "npv_gbp_m": -3.25 + 10.0 / 1.035,
    # a quarter is still missing at the grid point 17
    "payback_month": 18.0,
    "never_pays_back": 0.0,
    "setup_cost_gbp_m": 3.25,
    # 2 was promised, 1.5 is in force
    "saving_missed": 0.25,
    "target_missed": 0.0,
    "recurrent_saving_y5_share": None,
    # gaps of 2 and 3, closed by 0.6 and 0.9
    "budget_gap_closed_lowest": 0.3,
    # two per cent of 50 is 1
    "efficiency_delivered": 1.0,
    "services_integrated": 2.0,
    "services_transformed": 1.0,
    "services_transformed_y5": 1.0,
    "services_commissioned": 1.0,
    "packages_dropped": 1.0,
    "rework_rounds": 3.0,
    # two packages that bed in, each at its first look
    "rework_share": 0.15,
    "hr_utilisation": 0.75,
    "od_utilisation": 0.25,
    "hr_mean_wait_months": 1.5,
    "od_mean_wait_months": 4.5,
    "hr_longest_queue": 3.0,
    "peak_load": 1.4,
    "manager_overload_months": 2.0,
    "duration_ratio": 1.5,
    "unfinished": 0.0,
    # three eighths
    "shared_roles_share": 0.375,
    "service_quality_end": 0.53,
    "service_quality_lowest": 0.42,
    "better_services": 1.0,
    "resilience_end": 0.61,
    "culture_gap_end": 0.22,
    "coordination_highest": 0.44,
    "hr_policy_integration": 0.5,
    "contracts_failed": 1.0,
    "first_joint_team_month": 8.0,
    "services_failed": 0.0,
    # managers from month 6 to 9, HR to 15, OD to 21, none from there on
    "quarters_managers_scarce": 1.0,
    "quarters_hr_scarce": 2.0,
    "quarters_od_scarce": 2.0,
    "min_buy_in_backbench": 0.2,
    "buy_in_backbench_y2": 0.5,
    "min_buy_in_leaders": 0.45,
    "votes_lost": 1.0,
    "votes_lost_later": 0.0,
    "reports_held_back": 0.0,
    "min_trust": 0.31,
    "dissolved": 0.0,
    "stalled": 0.0,
    "backlash": 1.0,
    "unfairness_highest": 0.3,
    "partners_left": 0.0,
    "merged": 0.0,
    "reorganised": 0.0,
    "talks_failed": 0.0,
    "min_trust_leaders": 0.35,
    "min_trust_members_officers": 0.55,
    # in month 7 a quarter of 1.0 and three quarters of 0.6
    "peak_fatigue": 0.7,
    "months_fatigue_over_line": 2.0,
    "fatigue_over_before_transformed": 1.0,
    "engagement_end": 0.65,
    "engagement_change_y3": None,
    "engagement_lowest": 0.35,
    "union_relations_change_y3": None,
    # 24 months at 0.2, one at 0.5, of 400 people
    "uncertainty_exposure": 2120.0,
    "redundancies": 18.0,
    "leavers": 12.0,
    "job_losses_highest": 0.1,
    "rehires": 7.0,
    "redeployed": 3.0,
    "knowledge_lost_highest": 0.07,
    # 23 months at 0.4, one at 0.7, one at 0.65
    "mean_fatigue": 10.55 / 25,
    "fatigue_crossed": 1.0,
    "union_relations_end": 0.65,
    "disputes": 1.0,
    "min_trust_managers_staff": 0.31,
    "min_trust_leaders_backbench": 0.52,
    "min_trust_hr_managers": 0.45,
    "min_trust_hr_unions": 0.5,
    "od_longest_queue": 1.0,
    # no tier's release is told; the team is in hand from month 6 to 12, the redesigns from 14 to 15
    "peak_fatigue_management": None,
    "peak_fatigue_joining": 0.7,
    "peak_fatigue_changing": 0.4,
    "months_over_line_management": None,
    "months_over_line_joining": 2.0,
    "months_over_line_changing": 0.0,
}


def test_the_table_of_plans_is_whole() -> None:
    assert list(after(made())) == list(OUTCOMES)
    assert set(EXPECTED) == set(OUTCOMES)
    told = {entry["name"]: (entry["unit"], entry["better"], entry["meaning"]) for entry in outcome_entries()}
    assert told["npv_gbp_m"] == (
        "£m", "higher", "Net present value over the horizon; year 0 is not discounted",
    )  # fmt: skip
    assert all(better in ("higher", "lower", "neutral") and unit and meaning for unit, better, meaning in told.values())


@pytest.mark.parametrize("name", EXPECTED)
def test_an_outcome_of_a_history_reckoned_on_paper(name: str) -> None:
    value, expected = after(made())[name], EXPECTED[name]
    assert value == (None if expected is None else pytest.approx(expected, abs=1e-12))


def with_events(*events: Event, without: str = "") -> History:
    """The history with more events, and without those of one kind."""
    return made(facts=[event for event in EVENTS if event.kind != without] + list(events))


ENDS: list[tuple[str, str, float]] = [
    ("dissolved", "dissolved", 1.0),
    ("stalled", "stalled", 1.0),
    ("merged", "merged", 1.0),
    ("reorganised", "reorganised", 1.0),
    ("talks failed", "talks_failed", 1.0),
    ("partner left", "partners_left", 1.0),
    ("package dropped", "packages_dropped", 2.0),
    ("contract failed", "contracts_failed", 2.0),
    ("service failed", "services_failed", 1.0),
    ("dispute begins", "disputes", 2.0),
    ("vote lost", "votes_lost", 2.0),
    ("report held back", "reports_held_back", 1.0),
]


@pytest.mark.parametrize(("kind", "name", "value"), ENDS)
def test_what_happens_is_counted_or_flagged(kind: str, name: str, value: float) -> None:
    assert after(with_events(Event(20.0, "partnership", kind)))[name] == value


def test_a_team_that_a_merger_absorbs_is_not_dropped() -> None:
    absorbed = Event(20.0, "joint_team: parks", "package dropped", "merged with the councils")
    assert after(with_events(absorbed))["packages_dropped"] == EXPECTED["packages_dropped"]


FLAGS = ("dissolved", "stalled", "merged", "reorganised", "talks_failed")


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_says_whether_and_not_how_often(name: str) -> None:
    again = [Event(20.0, "partnership", name.replace("_", " "))] * 2
    assert after(with_events(*again))[name] == 1.0


def test_votes_are_later_ones_from_month_48_on() -> None:
    votes = [Event(month, "redesign: planning", "vote lost") for month in (47.9, 48.0, 60.0)]
    assert after(with_events(*votes))["votes_lost_later"] == 2.0


def test_what_dissolved_has_no_joint_teams() -> None:
    found = after(with_events(Event(20.0, "partnership", "dissolved")))
    assert (found["services_integrated"], found["shared_roles_share"]) == (0.0, 0.0)


def test_a_programme_that_did_not_complete_is_unfinished_unless_there_was_none() -> None:
    broken = with_events(Event(21.0, "programme", "programme ended", "stalled"), without="programme ended")
    stopped = with_events(Event(21.0, "programme", "programme ended", "by decision"), without="programme ended")
    going_on = with_events(without="programme ended")
    for history in (broken, stopped, going_on, made(planned_months=0.0)):
        assert after(history)["duration_ratio"] is None
        assert after(history)["unfinished"] == 1.0
    nothing = after(made(planned_packages=0, planned_months=0.0, facts=[]))
    assert (nothing["unfinished"], nothing["backlash"], nothing["first_joint_team_month"]) == (0.0, 0.0, None)
    one = after(made(planned_packages=1, planned_months=0.0, facts=[]))
    assert (one["unfinished"], one["backlash"], one["rework_share"]) == (1.0, 1.0, None)
    assert after(made(planned_months=0.5))["duration_ratio"] == 42.0


def test_a_redesign_across_services_counts_for_each() -> None:
    across = settings("levers.sequence.shape=horizontal", "levers.sequence.sequence=transform_first")
    widest = max((p for p in across.plan() if p.kind == "redesign"), key=lambda p: len(p.covers))
    assert len(widest.covers) == 2
    found = after(with_events(Event(20.0, widest.name, "package finished")), across)
    # and one for the redesign of before, which is none of this plan
    assert found["services_transformed"] == 3.0


def test_a_round_lasts_while_any_of_its_packages_is_in_hand() -> None:
    early = Event(0.0, "chief_executive", "package released"), Event(7.5, "redesign: hr", "package released")
    found = after(with_events(*early, Event(23.5, "redesign: planning", "package finished")))
    assert (found["peak_fatigue_management"], found["months_over_line_management"]) == (0.4, 0.0)
    # from month 8 on, to the end
    assert (found["peak_fatigue_changing"], found["months_over_line_changing"]) == (pytest.approx(0.65), 1.0)
    given_up = after(with_events(early[1], Event(7.9, "redesign: hr", "package dropped")))
    assert (given_up["peak_fatigue_changing"], given_up["months_over_line_changing"]) == (0.4, 0.0)


def test_services_of_one_redesign_count_each_in_what_is_transformed() -> None:
    across = settings("levers.sequence.shape=horizontal", "levers.sequence.sequence=transform_first")
    widest = max((p for p in across.plan() if p.kind == "redesign"), key=lambda p: len(p.covers))
    early = made(facts=[Event(5.0, widest.name, "package finished")])
    assert after(early, across)["fatigue_over_before_transformed"] == 0.0


def test_pools_that_nobody_asked() -> None:
    idle = after(made(pools={"hr": PoolUse(), "od": PoolUse(busy=0.25, capacity=0.5, waited=0.5, claims=1)}))
    assert (idle["hr_utilisation"], idle["hr_mean_wait_months"]) == (0.0, None)
    assert (idle["od_utilisation"], idle["od_mean_wait_months"]) == (0.5, 0.5)


def test_rework_without_a_value_counts_as_none() -> None:
    found = after(with_events(Event(20.0, "redesign: planning", "rework found", "round 1")))
    assert (found["rework_rounds"], found["rework_share"]) == (4.0, pytest.approx(0.15))
    settled = Event(3.0, "joint_team: hr", "stage finished", "bedding_in")
    alone = [settled, Event(3.0, "joint_team: hr", "rework found", "round 1", 0.25)]
    assert after(made(facts=alone))["rework_share"] == 0.25


def test_policy_is_half_common_until_hr_is_joined() -> None:
    assert settings().levers.hr.policy_integration == 0.5
    apart = [event for event in EVENTS if (event.entity, event.kind) != ("joint_team: hr", "package finished")]
    assert after(made(facts=apart))["hr_policy_integration"] == 0.25
    dropped = [*apart, Event(12.0, "joint_team: hr", "package dropped")]
    assert after(made(facts=dropped))["hr_policy_integration"] == 0.25
    decided = Event(30.0, "hr.policy_integration", "decision", "scenario", 0.9)
    assert after(with_events(decided))["hr_policy_integration"] == 0.9


@pytest.mark.parametrize(
    ("end", "better"), [(0.52, 1.0), (0.519, 0.0), (0.47, 0.0)], ids=["just", "not quite", "worse"]
)
def test_better_services_are_better_by_two_hundredths(end: float, better: float) -> None:
    quality = steady(0.5, m0=0.5, m24=end)
    # a start below the usual, so that it is the start that counts
    assert after(made(states={"service quality": quality}))["better_services"] == better
    low = steady(0.1, m24=0.2)
    assert after(made(states={"service quality": low}))["better_services"] == 1.0


def test_backlash_is_buy_in_below_one_quarter() -> None:
    for lowest, backlash in ((0.3, 0.0), (0.25, 0.0), (0.249, 1.0)):
        states = {"buy_in_backbench: Westley": steady(0.5, m20=lowest)}
        assert after(made(states=states))["backlash"] == backlash


def test_a_council_alone_has_no_leaders_to_trust() -> None:
    states = {name: levels for name, levels in STATES.items() if not name.startswith("trust leaders–leaders")}
    history = made()
    history.state_names = tuple(states)
    history.grid = [list(levels) for levels in zip(*states.values(), strict=True)]
    assert after(history)["min_trust_leaders"] is None
    assert after(history)["min_trust"] == 0.31


# -- money --


def money_of(*net: float) -> dict[str, float | None]:
    """Money outcomes of a history with this net amount, in £m, month by month."""
    flows = {month: round(amount * 1e8) for month, amount in enumerate(net)}
    shares = [(0.4, 0.6)] * len(net)
    return after(made(money={"saving": flows}, horizon=len(net), saving=SAVING, shares=shares, alone=[]))


@pytest.mark.parametrize(
    ("net", "month"),
    [
        ((0.0, 0.0, 0.0), None),
        ((-1.0, 0.5, 0.4), None),
        ((-1.0, 0.5, 0.5), None),
        # below at the end of month 2, above from the grid point 3 on
        ((-1.0, 0.5, 0.6), 3.0),
        ((-1.0, 2.0, -3.0, 2.5), 4.0),
        ((-1.0, 2.0, 0.0, 0.0), 2.0),
        # nothing is below after the start
        ((1.0, 0.5, 0.0), 1.0),
        ((0.0, 0.0, 1.0), 3.0),
        ((0.0, 0.0, -1.0), None),
    ],
)
def test_payback_is_from_when_the_sum_stays_above_nothing(net: tuple[float, ...], month: float | None) -> None:
    found = money_of(*net)
    assert found["payback_month"] == month
    assert found["never_pays_back"] == float(month is None)


def test_present_value_takes_year_by_year() -> None:
    found = money_of(*[-1.0] * 12, *[2.0] * 12, *[3.0] * 6)
    assert found["npv_gbp_m"] == pytest.approx(-12 + 24 / 1.035 + 18 / 1.035**2, abs=1e-9)


def test_a_promise_missed_is_missed_by_a_share() -> None:
    assert after(made(saving=steady(0.4)))["saving_missed"] == pytest.approx(0.8)
    assert after(made(saving=steady(3.0)))["saving_missed"] == 0.0
    for saving, missed in ((1.5, 0.0), (1.49, 1.0)):
        assert after(made(saving=steady(saving)))["target_missed"] == missed
    nothing = after(made(target_saving_gbp_m=0.0))
    assert (nothing["saving_missed"], nothing["target_missed"]) == (None, None)
    small = after(made(target_saving_gbp_m=0.5, saving=steady(0.2)))
    assert small["saving_missed"] == pytest.approx(0.2)


def test_efficiency_is_two_per_cent_of_the_services_cost() -> None:
    for saving, delivered in ((1.0, 1.0), (0.999, 0.0)):
        assert after(made(saving=steady(saving)))["efficiency_delivered"] == delivered


def test_the_council_that_closes_least_of_its_gap_counts_and_one_without_a_gap_does_not() -> None:
    def gaps(*shares: float) -> dict[str, float | None]:
        place = USUAL.partnership
        councils = [c.model_copy(update={"budget_gap_share": s}) for c, s in zip(place.councils, shares, strict=True)]
        return after(made(), USUAL.replaced(partnership=place.model_copy(update={"councils": tuple(councils)})))

    assert gaps(0.05, 0.2)["budget_gap_closed_lowest"] == pytest.approx(0.15)
    assert gaps(0.0, 0.2)["budget_gap_closed_lowest"] == pytest.approx(0.15)
    assert gaps(0.0, 0.0)["budget_gap_closed_lowest"] is None


def long(levels: Callable[[int], float]) -> list[float]:
    """A level by month over ten years."""
    return [levels(month) for month in range(121)]


def test_ten_years_are_read_at_their_years() -> None:
    states = {name: long(lambda month, level=levels[0]: level) for name, levels in STATES.items()}
    for name in ("engagement: Eastham", "engagement: Westley", "trust HR–unions"):
        states[name] = long(lambda month: 0.5 - month / 1000)
    found = after(
        made(
            horizon=120,
            alone=alone(120),
            shares=[(0.4, 0.6)] * 120,
            states=states,
            saving=long(lambda month: month / 10),
            load=long(lambda month: 0.5),
            money={"saving": dict.fromkeys(range(120), 1_000_000)},
        )
    )
    years = ("y1", "y3", "y5", "y10")
    assert [found[f"recurrent_saving_{year}_gbp_m"] for year in years] == pytest.approx([1.2, 3.6, 6.0, 12.0])
    assert found["cumulative_net_saving_y10_gbp_m"] == pytest.approx(1.2)
    assert found["recurrent_saving_y5_share"] == pytest.approx(0.12)
    assert found["engagement_change_y3"] == pytest.approx(-0.036)
    assert found["union_relations_change_y3"] == pytest.approx(-0.036)


def test_a_year_is_read_if_the_history_lasts_so_long() -> None:
    assert at_year(list(range(25)), 2) == 24
    assert at_year(list(range(24)), 2) is None


# -- staff --


def tired(*over: int, ends: tuple[float, ...] = (), given: Settings = USUAL) -> float | None:
    """Whether fatigue goes over its line before most services, of three usually, are transformed."""
    level = steady(0.4, **{f"m{month}": 0.7 for month in over})
    events = [Event(end, f"redesign: {i}", "package finished") for i, end in enumerate(ends)]
    others = [Event(0.0, "joint_team: hr", "package finished"), Event(0.0, "redesign: x", "package dropped")]
    states = {"fatigue: Eastham": level, "fatigue: Westley": level}
    return after(made(states=states, facts=[*others, *events]), given)["fatigue_over_before_transformed"]


def test_fatigue_before_most_services_are_transformed() -> None:
    assert tired() == 0.0
    assert tired(ends=(1.0, 2.0)) == 0.0
    assert tired(9) == 1.0
    assert tired(0) == 1.0
    assert tired(9, ends=(3.0,)) == 1.0
    assert tired(9, ends=(12.0, 3.0)) == 1.0
    assert tired(9, ends=(9.0, 3.0)) == 0.0
    assert tired(9, ends=(8.0, 3.0, 15.0)) == 0.0
    five = USUAL.replaced(services=SERVICES | dict.fromkeys(("housing", "waste"), SERVICES["parks"]))
    assert tired(9, ends=(3.0, 4.0, 8.0), given=five) == 0.0
    assert tired(9, ends=(3.0, 4.0, 10.0), given=five) == 1.0
    assert tired(9, ends=(3.0, 4.0), given=five) == 1.0


def test_fatigue_at_its_line_is_not_over_it() -> None:
    level = steady(0.4, m7=0.6)
    found = after(made(states={"fatigue: Eastham": level, "fatigue: Westley": level}))
    names = ("months_fatigue_over_line", "fatigue_crossed", "fatigue_over_before_transformed")
    assert [found[name] for name in names] == [0.0, 0.0, 0.0]


def test_views_are_kept_and_do_not_depend_on_the_order_they_are_asked_in() -> None:
    finished = Finished(made(), USUAL)
    assert finished.saving is finished.saving
    backwards = {name: OUTCOMES[name].compute(finished) for name in reversed(OUTCOMES)}
    assert backwards == after(made())
    assert replace(OUTCOMES["npv_gbp_m"]) == OUTCOMES["npv_gbp_m"]


# -- the events that outcomes read --


class Watched:
    """A history that keeps account of the kinds of event it is asked for, and shows nobody its whole list."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        assert name != "events", "events are asked for by kind"
        return getattr(self.history, name)

    def of_kind(self, kind: str) -> Any:
        self.asked.add(kind)
        return self.history.of_kind(kind)


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_reads_the_kinds_of_event_that_it_declares_and_no_other(name: str) -> None:
    asked: set[str] = set()
    for history in (made(), with_events(Event(20.0, "partnership", "dissolved")), made(planned_packages=0, facts=[])):
        watched = Watched(history)
        OUTCOMES[name].compute(Finished(watched, USUAL))  # type: ignore[arg-type]
        asked |= watched.asked
    assert asked == set(OUTCOMES[name].reads)


def test_outcomes_need_no_events_but_those_they_declare() -> None:
    read = read_by_outcomes()
    assert 10 < len(read) < len(KINDS) / 2
    few = made(facts=[event for event in EVENTS if event.kind in read])
    assert len(few.events) < len(EVENTS)
    assert after(few) == after(made())


def test_an_outcome_cannot_read_a_kind_that_is_not_declared() -> None:
    with pytest.raises(ValueError, match="'vote loost' is no declared kind of event"):
        outcome("votes", "lower", "Votes lost", reads=("vote loost",))
