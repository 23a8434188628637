"""Capacity that binds, managers as people, states of people that live: on paired histories."""

from collections.abc import Callable
from functools import cache
from statistics import mean
from typing import Any

import pytest

from sim.analysis.compare import mean_interval
from sim.assurance.reach.lived import longest_hr_wait
from sim.core.history import History
from sim.core.inputs.packages import TIER
from sim.engine import Column, outcomes, play
from sim.engine.settings import Settings
from sim.plans.compose import compose

PAIRS = 48
DEFAULT = "scenario=structure_first"
SMALLEST = ("bromsgrove_redditch", "chiltern_south_bucks", "christchurch_east_dorset")
"""The default partnership, and the two with the fewest staff."""
SOFT_AT_TOP = (
    "levers.members.leader_engagement=1",
    "levers.members.backbench_engagement=1",
    "levers.staff.involvement=1",
    "levers.staff.communication=1",
    "levers.development.spend_per_employee=400",
)
Measure = Callable[[History, Settings], float]


@cache
def settings_of(*overrides: str) -> Settings:
    given = any(override.startswith("scenario=") for override in overrides)
    return compose([*([] if given else [DEFAULT]), *overrides]).settings


def histories(settings: Settings, count: int = PAIRS) -> list[History]:
    """Histories on the luck of their numbers."""
    return [h for h in play([Column(settings, number) for number in range(count)]) if isinstance(h, History)]


def bounds(before: Settings, after: Settings, measure: Measure, count: int = PAIRS) -> tuple[float, float]:
    """The 95% interval of what a measure gains, pair by pair on common luck."""
    pairs = zip(histories(before, count), histories(after, count), strict=True)
    gain = mean_interval([measure(b, after) - measure(a, before) for a, b in pairs])
    return gain.low, gain.high


def outcome(name: str) -> Measure:
    """An outcome of a history; nought where it has none."""
    return lambda history, settings: outcomes.row(history, settings)[name] or 0.0


def with_capacity(settings: Settings, times: float) -> Settings:
    """The same with so many times the managers and HR officers."""
    evidence = settings.evidence_values
    managers = evidence["managers.packages_per_head"] * times
    officers, fewest = evidence["hr.staff_per_officer"] / times, evidence["hr.fewest_staff"] * times
    changed = {"managers.packages_per_head": managers, "hr.staff_per_officer": officers, "hr.fewest_staff": fewest}
    return settings.replaced(evidence=_replaced(settings, changed))


def _replaced(settings: Settings, changed: dict[str, float]) -> dict[str, dict[str, Any]]:
    content = {topic: dict(group) for topic, group in settings.evidence.items()}
    for key, value in changed.items():
        topic, name = key.split(".")
        held = content[topic][name]
        wide = {"value": value, "low": min(held.low, value), "high": max(held.high, value)}
        content[topic][name] = held.model_copy(update=wide)
    return content


def eighth_team(history: History, _: Settings) -> float:
    """The month in which the eighth joint team is formed; the horizon where it is not."""
    formed = sorted(
        event.month
        for event in history.of_kind("stage finished")
        if event.cause == "implementation" and event.entity.startswith("joint_team")
    )
    return formed[7] if len(formed) > 7 else float(history.horizon)


@pytest.mark.check("P-26")
@pytest.mark.parametrize("partnership", SMALLEST)
def test_halving_capacity_delays_the_eighth_team_and_doubling_gains_less(partnership: str) -> None:
    usual = settings_of(f"partnership={partnership}")
    lost, _ = bounds(usual, with_capacity(usual, 0.5), eighth_team)
    _, gained = bounds(with_capacity(usual, 2.0), usual, eighth_team)
    assert lost >= 3.0
    assert gained < lost


@pytest.mark.check("P-26")
def test_quarters_say_which_capacity_is_scarce() -> None:
    small, usual = settings_of("partnership=chiltern_south_bucks"), settings_of()
    short = [outcomes.row(h, small)["quarters_hr_scarce"] or 0.0 for h in histories(small)]
    ample = [outcomes.row(h, usual)["quarters_hr_scarce"] or 0.0 for h in histories(usual)]
    assert mean(short) > 4.0 > mean(ample)
    told = {event.cause for h in histories(small, 8) for event in h.of_kind("scarcest capacity")}
    assert "HR" in told


@pytest.mark.check("P-26")
def test_queues_at_hr_are_seen_in_months_on_small_partnerships() -> None:
    small = settings_of("partnership=chiltern_south_bucks")
    assert mean(longest_hr_wait(history) for history in histories(small)) > 2.0


@pytest.mark.check("P-28")
def test_every_soft_lever_at_its_top_is_later_or_dearer() -> None:
    usual, top = settings_of(), settings_of(*SOFT_AT_TOP)
    later, _ = bounds(usual, top, eighth_team)
    dearer, _ = bounds(usual, top, outcome("setup_cost_gbp_m"))
    assert later > 0.0 or dearer > 0.0


@pytest.mark.check("P-29")
def test_managers_are_unsettled_from_announcement_to_appointment() -> None:
    settings = settings_of()
    tiers = {package.name for package in settings.plan() if package.kind == TIER}
    for history in histories(settings, 8):
        unsettled = history.column("uncertainty of managers")
        ended = [e.month for e in history.of_kind("stage finished") if e.entity in tiers and e.cause == "appointment"]
        if len(ended) < len(tiers):
            continue
        assert max(unsettled[: int(max(ended)) + 1]) > 0.3
        assert unsettled[min(int(max(ended)) + 12, history.horizon)] < 0.05


@pytest.mark.check("P-29")
def test_posts_at_risk_slow_the_first_joint_team() -> None:
    usual = settings_of()
    calm = usual.replaced(evidence=_replaced(usual, {"managers.at_risk_slowing": 0.0}))
    low, _ = bounds(calm, usual, outcome("first_joint_team_month"))
    assert low > 0.0


@pytest.mark.check("P-30")
def test_later_rounds_tire_more_above_all_without_involvement() -> None:
    def rise(involvement: float) -> list[float]:
        rows = [outcomes.row(h, settings) for settings in [settings_of(f"levers.staff.involvement={involvement}")]
                for h in histories(settings)]  # fmt: skip
        return [(r["peak_fatigue_joining"] or 0.0) - (r["peak_fatigue_management"] or 0.0) for r in rows]

    without, much = rise(0.0), rise(1.0)
    saved = mean_interval([a - b for a, b in zip(without, much, strict=True)])
    assert mean(without) > 0.05
    assert saved.low > 0.0


def test_involvement_has_an_optimum() -> None:
    little, some, most = (settings_of(f"levers.staff.involvement={share}") for share in (0.1, 0.6, 1.0))
    assert bounds(little, some, outcome("npv_gbp_m"), 160)[0] > 0.0
    assert bounds(some, most, outcome("npv_gbp_m"), 160)[1] < 0.0


def test_dismissal_is_seldom_carried_and_hurts_where_it_is() -> None:
    forced, agreed = (
        settings_of("levers.terms.approach=dismiss_reengage"),
        settings_of("levers.terms.approach=cost_neutral"),
    )
    lived = histories(forced)
    asked = [h for h in lived if h.of_kind("dismissal carried") or h.of_kind("dismissal refused")]
    assert sum(bool(h.of_kind("dismissal carried")) for h in asked) <= 0.3 * len(asked)
    welcome = {"terms.dismiss_reengage_refused": -1.0}
    carried = forced.replaced(evidence=_replaced(forced, welcome))
    assert bounds(agreed, carried, outcome("engagement_lowest"))[1] < 0.0
    assert bounds(agreed, carried, outcome("min_trust_hr_unions"))[1] < -0.05


def spread(values: list[float]) -> float:
    """The width of the range that holds the middle nine tenths."""
    ordered = sorted(values)
    return ordered[int(0.95 * (len(ordered) - 1))] - ordered[int(0.05 * len(ordered))]


@pytest.mark.parametrize(("state", "least"), [("trust leaders–leaders", 0.30), ("buy_in_backbench", 0.30)])
def test_histories_of_one_plan_differ_by_tens_of_points(state: str, least: float) -> None:
    found = histories(settings_of(), 200)
    names = [name for name in found[0].state_names if name.startswith(state)]
    assert spread([history.column(name)[60] for history in found for name in names]) >= least


TRUST_SHORT = pytest.mark.xfail(
    reason="falls short of ten points: 8.7 over these plans, n = 64; 9.4 over all shipped plans, n = 40", strict=True
)


@pytest.mark.parametrize("state", [pytest.param("trust leaders–leaders", marks=TRUST_SHORT), "buy_in_backbench"])
def test_plans_differ_by_ten_points(state: str) -> None:
    means = []
    for plan in ("structure_first", "transform_first", "chief_executive_only"):
        found = histories(settings_of(f"scenario={plan}"), 64)
        names = [name for name in found[0].state_names if name.startswith(state)]
        means.append(mean(history.column(name)[60] for history in found for name in names))
    assert max(means) - min(means) >= 0.10
