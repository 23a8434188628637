"""Why two plans differ: known games, joint levers, mechanisms, the middle pair, words, figure, command."""

import json
import math
import re
from dataclasses import replace
from functools import cache
from itertools import permutations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from studies import money, of_plans

from sim.analysis.attribution import lever_shares, mechanism_shares, plan_factors
from sim.analysis.attribution import why_plans_differ as asked
from sim.analysis.attribution.attributed_effects import corrected, effect, effect_over_orders, without_dust
from sim.analysis.attribution.attribution_finding import AttributedPlan, FactorShare, Rest, Why
from sim.analysis.attribution.telling_events import Apart, apart, deciding
from sim.analysis.estimates import Estimate
from sim.core.errors import InputError
from sim.core.history import Event
from sim.engine import run
from sim.pictures.answers.waterfall import waterfall
from sim.pictures.figures.style import svg
from sim.plans.compose import compose
from sim.plans.variants import variant
from sim.study.design.cells import plan_run
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces.api.answers import why as answer
from sim.surfaces.cli import main
from sim.words.why import why_finding as words_of


def drawn(mean, spread, size, seed=11):
    """Normal values, the same whichever tests run."""
    return np.random.default_rng(seed).normal(mean, spread, size)


def game(count, worth, n=50):
    """Worth by plan, of a function of the set of factors and a number a history."""
    noise = drawn(0, 1, n)
    return {
        plan: np.asarray(worth({k for k in range(count) if plan >> k & 1}, noise), dtype=float)
        for plan in range(2**count)
    }


# -- Shapley values --


def test_each_adds_its_own_in_an_additive_game():
    own = [1.0, -2.0, 0.5, 4.0]
    shares = lever_shares.exact(4, game(4, lambda chosen, noise: noise + sum(own[k] for k in chosen)))
    assert shares == pytest.approx(np.array(own)[:, None] * np.ones(50))


def test_what_two_make_together_is_shared_equally_and_a_dummy_gets_exactly_nothing():
    shares = lever_shares.exact(3, game(3, lambda chosen, noise: noise**2 + 6.0 * ({0, 1} <= chosen)))
    assert shares[:2] == pytest.approx(np.full((2, 50), 3.0))
    assert (shares[2] == 0.0).all()


def test_shares_of_a_history_add_up_to_its_difference():
    table = {plan: drawn(0, 5, 40, plan) for plan in range(32)}
    shares = lever_shares.exact(5, table)
    assert shares.sum(axis=0) == pytest.approx(table[31] - table[0], abs=1e-12)


def test_exact_is_the_mean_over_all_orders():
    table = {plan: drawn(0, 5, 7, plan) for plan in range(16)}
    every = [(order, order[::-1]) for order in permutations(range(4))]
    assert lever_shares.sampled(every, table).mean(axis=0) == pytest.approx(lever_shares.exact(4, table))


def test_symmetric_factors_are_equal():
    table = game(4, lambda chosen, noise: len(chosen & {0, 1, 2}) ** 2 * (1 + noise) + 3.0 * (3 in chosen))
    shares = lever_shares.exact(4, table)
    assert shares[0] == pytest.approx(shares[1]) and shares[1] == pytest.approx(shares[2])
    assert abs(shares[3] - shares[0]).max() > 0.1


def test_sampled_orders_add_up_pair_by_pair_and_cover_the_truth():
    """90 intervals of 95%: five too few may miss by luck, and six more (three sd)."""
    weights = drawn(0, 1, (6, 6))
    worth = lambda chosen, noise: sum(weights[a, b] for a in chosen for b in chosen) + noise * len(chosen)  # noqa: E731
    table = game(6, worth, 80)
    truth = lever_shares.exact(6, table).mean(axis=1)
    missed = 0
    for seed in range(15):
        pairs = lever_shares.pairs_of_orders(6, 8, seed)
        assert set(lever_shares.plans_along(pairs)) >= {0, 63}
        by_pair = lever_shares.sampled(pairs, table)
        assert by_pair.sum(axis=1) == pytest.approx(np.tile(table[63] - table[0], (8, 1)), abs=1e-9)
        found = [effect_over_orders(by_pair[:, k]) for k in range(6)]
        missed += sum(not each.low <= value <= each.high for each, value in zip(found, truth, strict=True))
        assert all(each.order_half_width > 0 for each in found)
    assert missed <= 90 * 0.05 + 3 * math.sqrt(90 * 0.05 * 0.95)


def test_each_order_comes_with_its_reverse():
    for order, back in lever_shares.pairs_of_orders(7, 5, 3):
        assert tuple(back) == tuple(order)[::-1] and sorted(order) == list(range(7))
    assert lever_shares.pairs_of_orders(7, 5, 3) == lever_shares.pairs_of_orders(7, 5, 3)


def test_shares_are_judged_together_and_say_how_they_depend():
    table = game(3, lambda chosen, noise: noise + (1 + 0.1 * noise) * 4.0 * ({0, 1} <= chosen), 100)
    found = lever_shares.shares([plan_factors.PlanFactor((name,), (0,), (1,)) for name in "abc"], table, 1)
    assert [share.effect.verdict for share in found] == ["more", "more", "none"]
    assert found[0].alone.none and found[0].last.value == pytest.approx(4.0, abs=0.2)
    assert found[0].effect.value == pytest.approx(2.0, abs=0.1)


# -- effects --


def test_effect_is_none_unclear_or_clear():
    assert effect(np.zeros(30)).verdict == "none"
    assert effect(np.full(30, 2.0)).verdict == "more"
    assert effect(np.array([-1.0, 1.0] * 20 + [0.1])).verdict == "cannot be told from none"
    assert effect(drawn(-5, 1, 30)).verdict == "less"


def test_interval_of_an_effect_holds_the_truth_as_often_as_stated():
    """1,000 intervals of 95%: 50 may miss, and 21 more by luck (three sd)."""
    found = [effect(np.random.default_rng(seed).normal(1.0, 2.0, 40)) for seed in range(1000)]
    missed = sum(not each.low <= 1.0 <= each.high for each in found)
    assert abs(missed - 50) <= 3 * math.sqrt(1000 * 0.05 * 0.95)


def test_chance_of_a_flag_has_an_interval_though_all_agree():
    found = effect(np.zeros(40) + np.eye(40)[0], flags=True)
    assert found.half_width > 0 and not found.clear
    assert effect(np.ones(40), flags=True).clear


def test_many_effects_of_pure_luck_are_hardly_ever_told():
    """In 200 families of 26 at most one in twenty may tell any, and nine more (three sd)."""
    told = 0
    for seed in range(200):
        luck = np.random.default_rng(seed)
        told += any(each.clear for each in corrected([effect(luck.normal(0, 1, 30)) for _ in range(26)]))
    assert told <= 200 * 0.05 + 3 * math.sqrt(200 * 0.05 * 0.95)


def test_rounding_is_no_effect_and_small_effects_are():
    big = np.array([1e3, 1e3])
    assert (without_dust(np.array([1e-10, -1e-12]), big) == 0).all()
    assert (without_dust(np.array([1e-3, -1e-3]), big) != 0).all()


# -- what differs --


@cache
def plan(*overrides):
    return compose(list(overrides)).settings


def exactly(count):
    return range(2**count) if count <= 5 else lever_shares.plans_along(lever_shares.pairs_of_orders(count, 4, 1))


def test_every_kind_of_difference_is_a_factor():
    base = plan("scenario=structure_first")
    other = variant(base, {"levers.hr.od_posts": 2.0, "evidence.money.discount_rate.value": 0.05})
    other = other.replaced(
        decisions=[{"month": 12, "change": {"hr.od_posts": 1.0}}],
        shocks=[{"month": 20, "kind": "chief_executive_leaves"}],
        mechanisms={**base.mechanisms.model_dump(), "load": "queueing"},
    )
    found = plan_factors.between(base, other, exactly)
    assert [factor.keys for factor in found.factors] == [
        ("levers.hr.od_posts",), ("evidence.money.discount_rate.value",), ("mechanisms.load",), ("decisions",),
        ("shocks",),
    ]  # fmt: skip
    assert found.factors[0].first == (0.0,) and found.factors[0].second == (2.0,)
    assert found.factors[3].second == (1,)
    mixed = found.plan(0b01001)
    assert mixed.levers.hr.od_posts == 2.0 and mixed.decisions == other.decisions
    assert mixed.evidence == base.evidence and not mixed.shocks and mixed.mechanisms == base.mechanisms


def test_all_factors_together_are_the_second_plan():
    base, other = plan("scenario=structure_first"), plan("scenario=culture_led")
    keys = plan_factors.differences(base, other)
    assert len(keys) > 5
    made = plan_factors.with_keys(base, other, keys)
    assert plan_factors.differences(made, other) == []
    assert run(made, 4, 1).net_by_month() == run(other, 4, 1).net_by_month()


def test_levers_that_need_each_other_are_taken_together_and_others_are_not():
    """A chain of precedence that only the one sequence allows."""
    base = plan("scenario=structure_first")
    other = variant(
        base,
        {
            "levers.sequence.sequence": "transform_first",
            "levers.sequence.order": ["redesign: community > joint_team: community"],
            "levers.hr.od_posts": 1.0,
        },
    )
    with pytest.raises(ValueError, match="order"):
        plan_factors.with_keys(base, other, ["levers.sequence.order"])
    found = plan_factors.between(base, other, exactly)
    assert {factor.keys for factor in found.factors} == {
        ("levers.sequence.sequence", "levers.sequence.order"), ("levers.hr.od_posts",)
    }  # fmt: skip
    joint = next(factor for factor in found.factors if len(factor.keys) == 2)
    assert joint.why and not joint.many
    for number in range(4):
        assert found.plan(number).levers


def test_very_many_differences_are_taken_by_group():
    base = plan("scenario=structure_first")
    other = variant(
        base,
        {
            **{f"levers.enablers.{name}": "early" for name in ("joint_ict", "hr_payroll", "accommodation")},
            "levers.hr.od_posts": 1.0, "levers.hr.od_route": "bought", "levers.hr.on_top_team": True,
            "levers.hr.joint_strategy": True, "levers.staff.involvement": 0.9, "levers.staff.communication": 0.9,
            "levers.pace.months_between_waves": 5.0, "levers.pace.packages_at_once": 9, "levers.pace.timeframe": "held",
            "levers.development.thinking_time": 0.1, "levers.development.leadership": "shared",
        },
    )  # fmt: skip
    keys = plan_factors.differences(base, other)
    assert len(keys) > plan_factors.MOST_APART
    found = plan_factors.between(base, other, exactly).factors
    assert sorted(key for factor in found for key in factor.keys) == sorted(keys)
    assert len(found) <= 6 and all(factor.many for factor in found if len(factor.keys) > 1)


def test_plans_that_cannot_be_held_against_each_other_are_refused():
    base = plan("scenario=structure_first")
    with pytest.raises(InputError, match="alike in everything"):
        plan_factors.between(base, base.replaced(scenario={"name": "other", "title": "Another"}), exactly)
    with pytest.raises(InputError, match="different partnerships"):
        plan_factors.differences(base, variant_of_place(name="Elsewhere"))
    with pytest.raises(InputError, match="different lengths of time"):
        plan_factors.differences(base, plan("scenario=transform_first", "study.horizon_months=60"))
    with pytest.raises(InputError, match="not from the same facts or start"):
        plan_factors.differences(base, variant_of_place(start_year=2001))


def variant_of_place(**facts):
    base = plan("scenario=structure_first")
    return base.replaced(partnership=base.partnership.model_copy(update=facts))


# -- mechanisms --


def test_only_mechanisms_plainly_on_in_both_are_switched():
    base = plan("scenario=structure_first")
    other = base.replaced(mechanisms={**base.mechanisms.model_dump(), "load": "queueing", "trust": "off"})
    on, left = mechanism_shares.switchable(base, other)
    assert left == ["load", "trust"] and "luck" not in on and "fatigue" in on
    off = mechanism_shares.without(base, "fatigue")
    assert plan_factors.differences(base, off) == ["mechanisms.fatigue"]


def test_part_of_the_difference_that_goes_is_known():
    """Off, the difference of −4 shrinks to −1: −3 goes; another changes both alike; the third nothing."""
    base = plan("scenario=structure_first")
    noise = drawn(0, 1, 60)
    on = noise, noise - 4.0
    off = {
        "the first plan without fatigue": noise + 0.5, "the second plan without fatigue": noise - 0.5 + 0.01 * noise,
        "the first plan without load": noise + 7.0, "the second plan without load": noise + 3.0,
        "the first plan without trust": on[0], "the second plan without trust": on[1],
    }  # fmt: skip
    found = {rest.mechanism: rest for rest in mechanism_shares.rests(base, on, off)}
    assert found["fatigue"].effect.value == pytest.approx(-3.0, abs=0.05) and found["fatigue"].effect.clear
    assert found["fatigue"].left.value == pytest.approx(-1.0, abs=0.05)
    assert found["load"].effect.verdict == "none" and found["trust"].effect.verdict == "none"
    assert next(iter(found)) == "fatigue"
    grades = [quantity.grade for quantity in base.evidence["fatigue"].values()]
    assert (found["fatigue"].quantities, found["fatigue"].assumed) == (len(grades), grades.count("assumption"))


def test_topics_of_evidence_behind_mechanisms_exist():
    base = plan("scenario=structure_first")
    assert set(mechanism_shares.EVIDENCE) <= set(type(base.mechanisms).model_fields)
    assert {topic for topics in mechanism_shares.EVIDENCE.values() for topic in topics} <= set(base.evidence)


# -- the middle pair --


def test_middle_is_the_lower_median_and_the_first_of_equals():
    assert asked.middle(np.array([5.0, 1.0, 3.0])) == 2
    assert asked.middle(np.array([5.0, 1.0, 3.0, 4.0])) == 2
    assert asked.middle(np.array([2.0, 2.0, 2.0, 9.0])) == 0


def test_middle_of_a_flag_is_a_pair_that_differs():
    assert asked.middle(np.array([0.0, 0.0, 1.0, 0.0, -1.0, -1.0])) == 4
    assert asked.middle(np.array([0.0, 0.0, 1.0, -1.0])) == 2
    assert asked.middle(np.zeros(4)) == 0


def test_facts_that_only_one_history_knows_or_knows_later():
    first = [
        Event(10.0, "joint_team: planning", "package finished"),
        Event(12.0, "Redditch", "vote lost", "joint_team: housing", 1.0),
        Event(14.0, "Redditch", "vote lost", "joint_team: housing", 2.0),
        Event(20.0, "partnership", "chief executive left", "moved on"),
        Event(30.0, "Bromsgrove", "leader changed", "a leader steps down", 0.4),
        Event(33.0, "Bromsgrove", "election", "term ends", 1.0),
    ]
    second = [
        Event(13.0, "joint_team: planning", "package finished"),
        Event(13.0, "Redditch", "vote lost", "joint_team: housing", 1.0),
        Event(22.9, "partnership", "chief executive left", "moved on"),
        Event(30.0, "Redditch", "leader changed", "a leader steps down", 0.4),
        Event(60.0, "partnership", "dissolved", "trust is gone"),
    ]
    found = apart(first, second)
    assert [(fact.kind, fact.event.entity, fact.shift) for fact in found] == [
        ("package finished", "joint_team: planning", 3.0),
        ("vote lost", "Redditch", None),
        ("leader changed", "Bromsgrove", None),
        ("leader changed", "Redditch", None),
        ("dissolved", "partnership", None),
    ]
    assert found[1].event.value == 2.0 and found[1].part == "joint teams"
    assert apart(first, first) == []


@cache
def histories():
    return history_pair()


def history_pair():
    return run(plan("scenario=structure_first"), 3, 1), run(plan("scenario=transform_first"), 3, 1)


@pytest.fixture(scope="module")
def pair():
    return deciding(*history_pair(), -5.0, 200)


def test_money_of_the_pair_adds_up_to_its_gap(pair):
    assert sum(b - a for _, a, b in pair.money) == pytest.approx(pair.gap[-1], abs=1e-6)
    sizes = [abs(b - a) for _, a, b in pair.money]
    assert sizes == sorted(sizes, reverse=True)
    line = 0.1 * max(map(abs, pair.gap))
    assert all(abs(value) > line for value in pair.gap[pair.parting :])
    assert abs(pair.gap[pair.parting - 1]) <= line


def test_two_lives_of_one_plan_do_not_differ():
    one = run(plan("scenario=structure_first"), 3, 1)
    found = deciding(one, run(plan("scenario=structure_first"), 3, 1), 0.0, 0)
    assert found.facts == () and found.parting is None and set(found.gap) == {0.0}


def test_what_ends_a_programme_comes_first_then_work_by_its_money(pair):
    ended = Apart("", None, Event(80.0, "partnership", "dissolved", "trust is gone"))
    one, two = history_pair()
    two.facts.append(ended.second)
    facts = deciding(one, two, -5.0, 200).facts
    assert facts[0].kind == "dissolved"
    stake = {part: abs(b - a) for part, a, b in pair.money}
    parts = [fact.part for fact in facts if fact.kind == "package finished"]
    assert [stake[part] for part in parts] == sorted((stake[part] for part in parts), reverse=True)


# -- a made-up finding: words and figure --


def finding(gap=-4.0, shares=None, first="Structure first", second="Transform first", **more):
    one, two = plan("scenario=structure_first"), plan("scenario=transform_first")
    whole = effect(drawn(gap, 1.0, 200)) if gap else effect(np.zeros(200))
    only = FactorShare(
        plan_factors.PlanFactor(("levers.sequence.sequence",), ("structure_first",), ("transform_first",)), whole
    )
    rests = (
        Rest("fatigue", effect(drawn(-1, 0.5, 80)), Estimate.around(-3.0, 0.3, 80), 10, 5),
        Rest("dissolution", effect(drawn(1, 0.5, 80)), Estimate.around(-5.0, 0.3, 80), 12, 7),
        Rest("quality", effect(np.zeros(80)), Estimate.around(gap, 0.3, 80), 14, 3),
    )
    made = Why(
        study="made", outcome="npv_gbp_m",
        first=AttributedPlan("c1", "structure_first", first, one, Estimate(7.0, 6.5, 7.5, 200)),
        second=AttributedPlan("c2", "transform_first", second, two, Estimate(7.0 + gap, 6.5 + gap, 7.5 + gap, 200)),
        difference=whole, n=200, dropped=0, shares=tuple(shares or (only,)), mixed=0, orders=0, rests=rests,
        rests_n=80, skipped=(), deciding=deciding(*histories(), gap, 200),
    )  # fmt: skip
    return replace(made, **more)


def test_first_line_is_the_answer_with_its_range():
    text = words_of.said(finding())
    first = text.splitlines()[0]
    assert first.startswith(
        "From structure first to transform first, the net present value over the horizon falls by £"
    )
    assert "for the worse; 200 histories under the same luck." in first and " to " in first
    assert "is all that differs between the plans" in text
    assert "smaller by £1." in text and "without “staff tire of change and recover slowly” (5 of its 10" in text
    assert "larger by £1." in text and "may dissolve" in text
    assert "npv_gbp_m" not in text and "od_posts" not in text


def test_tie_is_the_headline():
    luck = np.random.default_rng(2).normal(0.0, 3.0, 200)
    found = finding(difference=effect(luck - luck.mean() + 0.05))
    assert "cannot be told apart" in words_of.said(found).splitlines()[0]
    assert "cannot be told apart" in svg(waterfall(found)).decode()
    same = finding(difference=effect(np.zeros(200)))
    assert "do not differ at all" in words_of.said(same).splitlines()[0]


def several(count=3):
    made = []
    for place in range(count):
        values = drawn(0.02 if place == 1 else -1.0 - place, 0.5, 200)
        key = ("levers.hr.od_posts", "levers.pace.rules", "levers.staff.involvement")[place % 3]
        ends = ((0.0,), (2.0,)) if place % 3 != 1 else (((),), (("when fatigue > 0.5 pause for 4 months",),))
        made.append(
            FactorShare(plan_factors.PlanFactor((key,), *ends), effect(values), effect(values / 4), effect(values * 2))
        )
    return made


def test_shares_are_listed_by_size_with_ranges_and_ties_are_said():
    text = words_of.said(finding(shares=several(), mixed=6))
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    sizes = [re.search(r"(?:takes away |none, −?)£([\d.]+)", line)[1] for line in lines[:3]]
    assert sizes[:2] == ["3.0", "1.0"] and float(sizes[2]) <= 0.1
    assert "it depends on the others: −£0.7m (−0.8 to −0.7) on its own, −£6.0m (−6.1 to −5.9) on top" in lines[0]
    assert "when fatigue > 0.5 pause for 4 months" in lines[2] and "cannot be told from none" in lines[2]
    assert "all six plans in between simulated" in text


def test_joint_levers_and_sampled_orders_are_said():
    joint = plan_factors.PlanFactor(("levers.hr.od_posts", "levers.hr.od_route"), (0.0, "built"), (2.0, "bought"), "no")
    values = drawn(-1.0, 0.5, (6, 200))
    shares = [FactorShare(joint, effect_over_orders(values)), *several(1)]
    text = words_of.said(finding(shares=shares, orders=12, mixed=90))
    assert "no plan can have the one without the other" in text
    assert "twelve of the 2 orders" in text and "orders not tried" in text


@pytest.mark.parametrize("outcome", ["dissolved", "min_trust", "votes_lost", "peak_load", "recurrent_saving_y5_gbp_m"])
def test_every_unit_is_said_and_drawn(outcome):
    found = finding(gap=-0.2, outcome=outcome)
    text, figure = words_of.said(found), svg(waterfall(found)).decode()
    assert outcome == "dissolved" or (outcome not in text and outcome not in figure)
    assert {"dissolved": "percentage points", "votes_lost": " votes", "min_trust": "percentage points",
            "recurrent_saving_y5_gbp_m": "m a year", "peak_load": "falls by"}[outcome] in text  # fmt: skip


WILD = ["<b>bold</b> & $x$ \n=1+1", "=cmd|'/c calc'!A1", "x" * 10_000, "\x1b[31mred\u202e", ",,,", "pilot, then scale"]


@pytest.mark.parametrize("label", WILD)
def test_wild_titles_are_cut_and_harmless(label):
    found = finding(first=label, second=label)
    text = words_of.said(found)
    assert "\x1b" not in text and "\u202e" not in text and max(map(len, text.splitlines())) < 2500
    assert len(text.splitlines()) == len(words_of.said(finding()).splitlines())
    figure = svg(waterfall(found))
    ElementTree.fromstring(figure)
    assert b"<b>bold" not in figure


def test_figure_draws_many_levers_and_keeps_inside_the_sheet():
    figure = waterfall(finding(shares=several(15), mixed=80, orders=0), "Bromsgrove and Redditch")
    width, height = figure.get_size_inches()
    figure.canvas.draw()
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= width * figure.dpi + 1, text.get_text()
            assert box.y0 >= 0 and box.y1 <= height * figure.dpi + 1, text.get_text()
    assert any("3 others" in text.get_text() or "Three others" in text.get_text() for text in figure.axes[0].texts)


def test_labels_of_rows_do_not_overlap():
    figure = waterfall(finding(shares=several(5), mixed=30))
    figure.canvas.draw()
    for axes in figure.axes:
        boxes = sorted((text.get_window_extent() for text in axes.texts), key=lambda box: -box.y0)
        for box in boxes:
            assert sum(box.overlaps(other) for other in boxes) == 1


def test_table_has_a_line_for_everything_and_its_shares_add_up():
    values = drawn(-1, 1, (2, 200))
    shares = [
        FactorShare(plan_factors.PlanFactor((name,), (0,), (1,)), effect(own))
        for name, own in zip("ab", values, strict=True)
    ]
    table = finding(shares=shares, difference=effect(values.sum(axis=0))).table
    assert list(table["part"]) == ["plan", "plan", "difference", "factor", "factor", *["mechanism"] * 3]
    gap = float(table.loc[table["part"] == "difference", "mean"].iloc[0])
    assert table.loc[table["part"] == "factor", "mean"].sum() == pytest.approx(gap, abs=1e-12)
    assert (table["low"] <= table["mean"]).all() and (table["mean"] <= table["high"]).all()
    assert (table["n"] > 0).all()


# -- a real study, on a small horizon --


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("why") / "outputs"
    words = ["scenario=structure_first,pilot_then_scale,do_nothing", "study.replications=12", "study.workers=1",
             "study.horizon_months=24"]  # fmt: skip
    return run_study(plan_run(words), root)


@pytest.fixture
def quick(monkeypatch):
    """Two mechanisms instead of two dozen, so that the whole way is walked in seconds."""
    real = mechanism_shares.switchable
    monkeypatch.setattr(
        mechanism_shares, "switchable", lambda a, b: ([n for n in real(a, b)[0] if n in ("load", "quality")], [])
    )


def test_real_shares_add_up_to_the_difference_that_the_study_shows(made, quick):
    told = []
    found = asked.why(made, "structure_first", "pilot_then_scale", progress=lambda *counts: told.append(counts))
    runs = made.runs.set_index(["scenario", "replication"])["npv_gbp_m"]
    gap = float((runs["pilot_then_scale"] - runs["structure_first"]).mean())
    assert found.difference.value == pytest.approx(gap, abs=1e-12)
    assert sum(share.effect.value for share in found.shares) == pytest.approx(gap, abs=1e-12)
    assert len(found.shares) == 3 and found.mixed == 6 and found.exact and found.n == 12
    assert {rest.mechanism for rest in found.rests} == {"load", "quality"}
    assert next(rest for rest in found.rests if rest.mechanism == "quality").effect.none
    assert told[-1] == (6 * 12 + 4 * 12, 6 * 12 + 4 * 12)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_answer_is_kept_in_the_folder(made, quick):
    kept = answer(made, "structure_first", "do_nothing", "recurrent_saving_y1_gbp_m", 10)
    found, folder, name = kept.numbers, made.folder, kept.name
    assert name == "why_structure_first_do_nothing"
    written = (folder / "answers" / f"{name}.md").read_text(encoding="utf-8")
    assert written.startswith("# Why do nothing differs from structure first")
    table = pd.read_csv(folder / "answers" / f"{name}.csv")
    assert len(table) == len(found.table)
    assert (folder / "answers" / f"{name}_events.csv").is_file()
    ElementTree.parse(folder / "figures" / f"{name}.svg")
    content = json.dumps(kept.as_json(), allow_nan=False)
    assert json.loads(content)["middle_pair"]["replication"] == found.deciding.replication
    assert "none begun" in words_of.said(found)


def test_a_changed_program_simulates_both_plans_again_and_says_so(made, quick, monkeypatch):
    fresh = Study.load(made.folder)
    fresh.manifest = {**fresh.manifest, "code": "another"}
    fresh.tables["runs"] = made.runs.assign(npv_gbp_m=1e6)
    found = asked.why(fresh, "structure_first", "pilot_then_scale", histories=10)
    assert found.changed and "The program has changed" in words_of.said(found)
    assert (
        found.difference.value == asked.why(made, "structure_first", "pilot_then_scale", histories=10).difference.value
    )


@pytest.mark.parametrize(
    ("first", "second", "outcome", "sentence"),
    [
        ("structure_first", "structure_first", "npv_gbp_m", "are one plan"),
        ("structure_first", "structure_frist", "npv_gbp_m", "structure_first"),
        ("structure_first", "do_nothing", "npv", "npv_gbp_m"),
        ("structure_first", "do_nothing", "payback_month", "never_pays_back"),
        ("structure_first", "do_nothing", "recurrent_saving_y10_gbp_m", "0 of 12 histories"),
        ("structure_first", "do_nothing", "saving_missed", "0 of 12 histories"),
    ],
)
def test_questions_without_an_answer_get_one_sentence(made, quick, first, second, outcome, sentence):
    with pytest.raises(InputError, match=sentence) as error:
        asked.why(made, first, second, outcome)
    assert "\n" not in str(error.value)


def test_a_sample_is_refused():
    study = of_plans({"Plan": money([1.0, 2.0])})
    study.manifest["design"] = {"kind": "lhs"}
    with pytest.raises(InputError, match="is a sample"):
        asked.why(study, "a", "b")


def test_command_answers_and_refuses(made, quick, monkeypatch, capsys):
    monkeypatch.chdir(made.folder.parent.parent)
    words = ["why", "LATEST", "structure_first", "pilot_then_scale", "--histories", "10"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "The levers." in said and "figures/why_structure_first_pilot_then_scale.svg" in said
    assert main([*words, "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["histories"] == 10 and content["exact"]
    assert main([*words[:3], "nonsense"]) == 2
    assert main([*words[:5], "3"]) == 2
    errors = capsys.readouterr().err
    assert "nonsense" in errors and "Traceback" not in errors


@pytest.mark.slow
def test_many_levers_are_attributed_by_orders(tmp_path):
    words = ["scenario=structure_first,culture_led", "study.replications=12", "study.horizon_months=36"]
    found = asked.why(run_study(plan_run(words), tmp_path), "structure_first", "culture_led", histories=12)
    assert not found.exact and found.orders >= 8 and len(found.shares) > 5
    assert sum(share.effect.value for share in found.shares) == pytest.approx(found.difference.value, abs=1e-9)
    assert len(found.rests) > 20
