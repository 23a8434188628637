"""Votes lost and partnerships that end: decisions, foreseen in part, and what agreements and trust do to them."""

from functools import cache
from statistics import mean, median

import pytest
from programmes import with_evidence

from sim.core.clock import Clock
from sim.core.history import Event, History
from sim.core.inputs.partnership import WITHOUT_PARTY
from sim.engine import Simulation, run_all
from sim.engine.settings import DatedDecision, DatedShock, Settings
from sim.plans.compose import compose

DEFAULT = ("scenario=structure_first",)
NEGLECT = (
    *DEFAULT, "levers.members.backbench_engagement=0.1", "levers.members.leader_engagement=0.5",
    "levers.money.openness=0.1", "levers.money.sharing_rule=equal",
)  # fmt: skip
SOME, MANY = 120, 240


@cache
def lived(plan: tuple[str, ...], n: int) -> list[History]:
    return list(run_all(compose(list(plan)).settings, range(n)))


def share(plan: tuple[str, ...], n: int, kind: str) -> float:
    return mean(bool(history.of_kind(kind)) for history in lived(plan, n))


def first(history: History, kind: str, before: float = 1e9) -> Event | None:
    return next((event for event in reversed(history.of_kind(kind)) if event.month <= before), None)


# -- votes --


def test_lost_votes_are_rare_since_officers_sound_members_out() -> None:
    lost = [len(history.of_kind("vote lost")) for history in lived(DEFAULT, MANY)]
    assert 0 <= median(lost) <= 3
    assert mean(each > 12 for each in lost) < 0.02


def test_what_looks_lost_is_held_back_or_withdrawn_rather_than_tabled() -> None:
    unwilling = with_evidence(compose(list(DEFAULT)).settings, {"members.vote_line": 5.0})
    (history,) = run_all(unwilling, range(1))
    assert history.of_kind("report held back")
    assert not history.of_kind("vote lost") and not history.of_kind("package finished")


def test_officers_who_never_hear_wrong_lose_fewer_votes() -> None:
    settings = compose(list(NEGLECT)).settings
    deaf = with_evidence(settings, {"members.sounding_error": 0.2, "members.sounded_chance": 0.3})
    told = [
        sum(len(history.of_kind("vote lost")) for history in run_all(each, range(SOME))) for each in (settings, deaf)
    ]
    assert told[0] < told[1]


def test_a_lost_vote_is_remembered_for_years() -> None:
    for history in lived(DEFAULT, SOME):
        for event in history.of_kind("vote lost")[:1]:
            month = int(event.month) + 13
            if month < history.horizon:
                memory = history.state_names.index(f"lost votes remembered: {event.entity}")
                assert history.states[month][memory] > 0.01


def test_scrutiny_calls_in_a_decision_now_and_then() -> None:
    calls = [len(history.of_kind("called in")) for history in lived(DEFAULT, SOME)]
    assert 0.2 < mean(calls) < 4.0


# -- endings --


def test_nothing_parts_without_a_vote_and_its_notice() -> None:
    ended = [history for history in lived(NEGLECT, MANY) if history.of_kind("dissolved")]
    assert len(ended) > 20
    for history in ended:
        (end,) = history.of_kind("dissolved")
        notice = first(history, "notice given", end.month)
        assert notice is not None and notice.value is not None
        carried = first(history, "motion carried", notice.month)
        moved = first(history, "motion to leave", notice.month)
        assert carried is not None and carried.entity == notice.entity and moved is not None
        assert end.month - notice.month == pytest.approx(notice.value)


def test_partnerships_end_at_about_the_rate_observed() -> None:
    histories = lived(DEFAULT, MANY)
    years = sum(
        min([e.month for e in h.events if e.kind in ("dissolved", "reorganised")], default=120.0) for h in histories
    )
    rate = 12.0 * sum(bool(h.of_kind("dissolved")) for h in histories) / years
    assert 0.005 < rate < 0.05


def test_plans_that_neglect_members_end_more_often() -> None:
    assert share(NEGLECT, MANY, "dissolved") > share(DEFAULT, MANY, "dissolved") + 0.1


def test_a_hostile_change_of_control_raises_the_chance_of_a_motion() -> None:
    hostile, others = [], []
    for history in lived(DEFAULT, MANY):
        turned = bool([e for e in history.of_kind("hostile to sharing") if e.month < 84])
        (hostile if turned else others).append(bool(history.of_kind("motion to leave")))
    assert mean(hostile) > 1.5 * mean(others)


def test_an_agreement_settles_more_disputes_less_and_defaults_less() -> None:
    plans = [(*NEGLECT, f"levers.governance.agreement={level}") for level in (0, 1)]
    unagreed, agreed = ([*lived(plan, MANY)] for plan in plans)
    given, settled = (
        [[bool(h.of_kind(kind)) for h in side if h.of_kind("notice given")] for side in (unagreed, agreed)]
        for kind in ("dissolved", "notice withdrawn")
    )
    assert mean(settled[1]) > mean(settled[0]) and len(given[0]) > 20
    assert not any(h.of_kind("exit disputed") for h in agreed) and any(h.of_kind("exit disputed") for h in unagreed)
    assert sum(len(h.of_kind("partner defaults")) for h in agreed) < sum(
        len(h.of_kind("partner defaults")) for h in unagreed
    )


def test_of_four_councils_one_leaves_and_the_others_go_on() -> None:
    histories = lived((*DEFAULT, "partnership=go_shared_services"), 60)
    left = [history for history in histories if history.of_kind("partner left")]
    assert left
    assert all(history.of_kind("package finished")[-1].month > 0 for history in left)
    assert mean(bool(history.of_kind("dissolved")) for history in histories) < 0.1


def test_work_rests_while_notice_runs() -> None:
    for history in lived(NEGLECT, SOME):
        for notice in history.of_kind("notice given"):
            until = notice.month + (notice.value or 0.0)
            released = [e.month for e in history.of_kind("package released") if notice.month < e.month < until]
            assert not released


# -- stalls --


def test_every_stall_is_seen_coming() -> None:
    stalled = [
        history for history in lived((*DEFAULT, "partnership=chiltern_south_bucks"), SOME) if history.of_kind("stalled")
    ]
    assert len(stalled) > 10
    warned = []
    for history in stalled:
        (end,) = history.of_kind("stalled")
        falters = first(history, "programme falters", end.month)
        assert falters is not None and falters.month < end.month
        warned.append(end.month - falters.month)
    assert median(warned) > 3


def test_a_stall_can_be_averted_by_engaging_members_in_time() -> None:
    settings = compose(list(NEGLECT)).settings
    change = {"levers.members.leader_engagement": 1.0, "levers.members.backbench_engagement": 0.8}
    saved = settings.replaced(decisions=(DatedDecision(month=30, change=change),))
    stalls = [mean(bool(h.of_kind("stalled")) for h in run_all(each, range(SOME))) for each in (settings, saved)]
    assert stalls[1] < stalls[0] - 0.1


# -- politics --


def test_control_is_an_identity_that_lasts_until_it_changes() -> None:
    settings = compose(list(DEFAULT)).settings
    strike = settings.replaced(shocks=(DatedShock(month=30, kind="control_changes", council="Redditch"),))
    simulation = Simulation(strike, 3)
    simulation.advance(30)
    before = list(simulation.world.control)
    simulation.advance(31)
    after = list(simulation.world.control)
    assert after[0] == before[0] and after[1] != before[1]
    told = [e for e in simulation.history.of_kind("party in power") if 30 <= e.month < 31]
    assert [event.cause for event in told] == [after[1]]
    unlike = 0.5 if set(after) & set(WITHOUT_PARTY) else 1.0
    assert simulation.world.fact("unlike", 0) == (0.0 if after[0] == after[1] else unlike)


def test_a_change_of_control_differs_from_a_change_of_leader() -> None:
    settings = compose(list(DEFAULT)).settings
    lines = []
    for kind in ("control_changes", "leader_changes"):
        struck = settings.replaced(shocks=(DatedShock(month=30, kind=kind, council="Redditch"),))
        lines.append([history.column("buy_in_leaders: Redditch")[42] for history in run_all(struck, range(SOME))])
    assert mean(lines[0]) < mean(lines[1]) - 0.02


def test_a_user_may_name_any_party() -> None:
    usual = compose(list(DEFAULT)).settings
    councils = tuple(council.model_copy(update={"control": "Residents"}) for council in usual.partnership.councils)
    settings = usual.replaced(partnership=usual.partnership.model_copy(update={"councils": councils}))
    simulation = Simulation(settings, 1)
    assert simulation.world.control == ["Residents", "Residents"]
    assert simulation.world.fact("unlike", 0) == 0.0


# -- reorganisation and merger --


def test_a_national_round_is_announced_and_comes_on_a_first_of_april() -> None:
    settings: Settings = compose(list(DEFAULT)).settings
    clock = Clock(settings.partnership.start_year, settings.partnership.start_month)
    reached = [history for history in lived(DEFAULT, MANY) if history.of_kind("reorganised")]
    assert 0.03 * MANY < len(reached) < 0.3 * MANY
    for history in reached:
        (end,) = history.of_kind("reorganised")
        (told,) = history.of_kind("reorganisation announced")
        assert clock.calendar(end.month)[1] == 4
        assert 12 < end.month - told.month < 48


def test_merger_is_reached_by_those_who_want_it() -> None:
    keen = (
        "scenario=merger", "levers.members.leader_engagement=0.9", "levers.members.backbench_engagement=0.7",
        "levers.identity.assurance=0.8",
    )  # fmt: skip
    assert share(keen, 60, "merged") > 0.3


# -- before the start --


def test_talks_fail_more_where_trust_and_need_are_less_and_a_rival_stays() -> None:
    plan = (*DEFAULT, "levers.governance.talks_months=12")
    usual = share(plan, MANY, "talks failed")
    rival = share((*plan, "levers.governance.other_stands_aside=false"), MANY, "talks failed")
    settings = compose(list(plan)).settings
    needy = tuple(c.model_copy(update={"budget_gap_share": 0.25}) for c in settings.partnership.councils)
    keen = settings.replaced(partnership=settings.partnership.model_copy(update={"councils": needy}))
    wanting = mean(bool(history.of_kind("talks failed")) for history in run_all(keen, range(MANY)))
    distrust = with_evidence(settings, {"trust.start": 0.4})
    wary = mean(bool(history.of_kind("talks failed")) for history in run_all(distrust, range(MANY)))
    assert wanting < usual - 0.1 and wary > usual + 0.03 and rival > usual + 0.15


def test_a_chief_executive_who_will_not_stand_aside_delays_and_divides() -> None:
    rival = (*DEFAULT, "levers.governance.other_stands_aside=false")
    held, shared = (
        [
            mean(any(e.entity == "chief_executive" for e in h.of_kind(kind)) for h in lived(plan, SOME))
            for plan in (DEFAULT, rival)
        ]
        for kind in ("report held back", "package finished")
    )
    assert held[1] > held[0] + 0.2
    assert shared[1] < shared[0] - 0.1
    net = [mean(sum(history.net_by_month()) for history in lived(plan, SOME)) for plan in (DEFAULT, rival)]
    assert net[1] < 0.9 * net[0]
