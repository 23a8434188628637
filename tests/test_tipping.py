"""Tipping points: known brackets are found, statements are right as often as stated, and odd questions refused."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from sim.analysis import plan_measures
from sim.analysis.seeking import tipping
from sim.analysis.seeking.tipping import Crossing, Scale, bounds, tip
from sim.core.errors import InputError
from sim.core.statistics.intervals import LEVEL
from sim.pictures.answers.tipping_curve import tipping as figure
from sim.pictures.figures.style import svg
from sim.words.answers.tipping_words import headline, said

PACE = Scale("levers.pace.months_between_waves", "months", 0.0, 24.0, now=3.0)
POSTS = Scale("levers.pace.packages_at_once", "packages", 1.0, 40.0, whole=True, now=5.0)
UNDER = plan_measures.target("dissolved < 20%")
OVER = plan_measures.target("npv_gbp_m > 1")


def chances(f, seed=1):
    """A flag whose chance at a value is f(value), under the same luck everywhere."""
    luck = np.random.default_rng(seed).random(20_000)
    return lambda values, n: [(luck[:n] < f(value)).astype(float) for value in values]


def amounts(f, seed=1, spread=1.0):
    luck = np.random.default_rng(seed).normal(0, spread, 20_000)
    return lambda values, n: [f(value) + luck[:n] for value in values]


def test_known_bracket_of_a_chance_is_found():
    found = tip(chances(lambda value: 0.4 - value / 60), UNDER, PACE, 200, 3200)
    (crossing,) = found.crossings
    assert crossing.unsafe < 12.0 < crossing.safe
    assert crossing.safe - crossing.unsafe < 6.0
    assert headline(found).startswith("The chance that the partnership dissolved is under 20% with months between")


def test_bracket_closes_to_the_finest_where_luck_is_small():
    found = tip(amounts(lambda value: 3.0 - value / 7, spread=0.01), OVER, PACE, 30, 30)
    (crossing,) = found.crossings
    assert crossing.safe < 14.0 < crossing.unsafe
    assert crossing.unsafe - crossing.safe <= PACE.finest * (1 + 1e-9)


@pytest.mark.parametrize("edge", [2, 17, 18, 39])
def test_whole_numbers_close_to_neighbours(edge):
    found = tip(amounts(lambda value: 2.0 if value < edge else 0.0, spread=0.1), OVER, POSTS, 30, 30)
    assert found.crossings == (Crossing(edge - 1, edge),)
    assert all(point.value == int(point.value) for point in found.points)


def test_few_whole_values_are_all_looked_at():
    few = Scale("levers.hr.x", "months", 1.0, 6.0, whole=True)
    found = tip(amounts(lambda value: value - 2.5, spread=0.1), OVER, few, 30, 30)
    assert [point.value for point in found.points] == [1, 2, 3, 4, 5, 6]
    assert found.crossings == (Crossing(4, 3),)


def test_target_crossed_twice_is_said():
    hump = chances(lambda value: 0.04 + 0.5 * math.exp(-(((value - 12) / 4) ** 2)))
    found = tip(hump, UNDER, PACE, 200, 1600)
    assert [crossing.safe < crossing.unsafe for crossing in found.crossings] == [True, False]
    assert "crossed two times" in said(found)


def test_kept_everywhere_nowhere_and_not_told():
    assert "anywhere from 0 to 24 months" in headline(tip(chances(lambda _: 0.05), UNDER, PACE, 200, 800))
    assert "is nowhere under 20%" in headline(tip(chances(lambda _: 0.5), UNDER, PACE, 200, 800))
    doubt = tip(chances(lambda _: 0.2), UNDER, PACE, 200, 400)
    assert headline(doubt).startswith("Whether") and doubt.crossings == ()
    assert {point.measured.n for point in doubt.points} == {400}


def test_histories_are_added_only_where_it_cannot_be_told():
    found = tip(chances(lambda value: 0.02 if value < 20 else 0.19), UNDER, PACE, 100, 400)
    assert {point.value: point.measured.n for point in found.points} == {
        0: 100,
        3: 100,
        6: 100,
        12: 100,
        18: 100,
        24: 400,
    }


def wrong(found, truth):
    """Whether any verdict contradicts the truth."""
    return any(
        found.target.met(truth(point.value)) != (point.verdict == "kept")
        for point in found.points
        if point.verdict != "open"
    )


@pytest.mark.parametrize("kind", ["chance", "mean"])
def test_statements_are_right_as_often_as_stated(kind):
    """300 brackets under fresh luck each; at 95% at most 15 may be wrong, and 8 more by luck (three sd)."""
    slope = (lambda value: 0.25 - value / 240) if kind == "chance" else (lambda value: 0.8 + value / 60)
    make, asked = (chances, UNDER) if kind == "chance" else (amounts, OVER)
    count = sum(wrong(tip(make(slope, seed), asked, PACE, 60, 240), slope) for seed in range(300))
    assert count <= 15 + 3 * math.sqrt(300 * 0.05 * 0.95)


def test_each_bound_fails_no_more_often_than_alpha():
    luck = np.random.default_rng(5)
    flags = luck.binomial(60, 0.2, 4000)
    share = np.mean([bounds(np.r_[np.ones(k), np.zeros(60 - k)], True, 0.05)[1] < 0.2 for k in flags])
    assert share <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 4000)
    missed = np.mean([bounds(luck.normal(0, 1, 40), False, 0.05)[0] > 0 for _ in range(4000)])
    assert missed == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / 4000))


def test_binomial_bounds_are_those_of_the_beta_distribution():
    from scipy.stats import beta

    for k, n in [(0, 30), (1, 30), (7, 50), (199, 200), (30, 30), (800, 3200)]:
        low, high = bounds(np.r_[np.ones(k), np.zeros(n - k)], True, 0.001)
        assert high == pytest.approx(1.0 if k == n else beta.ppf(0.999, k + 1, n - k))
        assert low == pytest.approx(0.0 if k == 0 else beta.ppf(0.001, k, n - k + 1))


def test_all_looks_that_may_be_taken_are_allowed_for():
    looked = []

    def counting(values, n):
        looked.extend(values)
        return chances(lambda value: 0.23 - value / 240)(values, n)

    found = tip(counting, UNDER, PACE, 50, 400)
    assert len(looked) <= found.looks == (len(PACE.scan()) + tipping.STEPS) * 4
    assert found.alpha == pytest.approx((1 - LEVEL) / found.looks)


def test_histories_that_say_nothing_are_left_out_and_counted():
    def gappy(values, n):
        return [np.where(np.arange(n) % 3 == 0, np.nan, 2.0 + np.arange(n) % 2) for _ in values]

    found = tip(gappy, OVER, PACE, 90, 90)
    assert found.unknown == 30 and found.points[0].measured.n == 60 and "30 histories that say nothing" in said(found)
    with pytest.raises(InputError, match="too few"):
        tip(lambda values, n: [np.full(n, np.nan) for _ in values], OVER, PACE, 90, 90)


def test_measures_are_read_and_averaged():
    runs = pd.DataFrame(
        {
            "dissolved": [0.0, 1.0, 0.0],
            "npv_gbp_m": [1.0, -2.0, np.nan],
            "payback_month": [30.0, np.nan, 90.0],
            "never_pays_back": [0.0, 1.0, 0.0],
        }
    )
    share = plan_measures.measure("share(dissolved or npv_gbp_m < 0)").values(runs)
    assert share[:2].tolist() == [0.0, 1.0] and np.isnan(share[2])
    assert plan_measures.measure("share(payback_month <= 60)").values(runs).tolist() == [1.0, 0.0, 0.0]
    assert plan_measures.measure("dissolved").values(runs).tolist() == [0.0, 1.0, 0.0]
    assert plan_measures.measure("npv_gbp_m").values(runs)[:2].tolist() == [1.0, -2.0]
    assert plan_measures.target("share(npv_gbp_m < 0) <= 10%").number == 0.1
    assert plan_measures.target("npv_gbp_m > -1.5").number == -1.5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dissolved", "is not a target"),
        ("disolved < 0.2", "did you mean 'dissolved'"),
        ("dissolved < 20", "between 0 and 1"),
        ("dissolved <= 0", "between 0 and 1"),
        ("npv_gbp_m > 10%", "not in per cent"),
        ("peak_fatigue < 36", "lies between 0 and 1, so that every mean is under 36 .write 0.36 for 36 out of 100"),
        ("peak_fatigue < 120%", "every mean is under 1.2"),
        ("votes_lost < -1", "is never under 0"),
        ("share(peak_fatigue > 36) < 0.1", "no history is over 36"),
        ("npv_gbp_m > 1e300", "too large"),
        ("payback_month < 60", "has no mean"),
        ("share(npv_gbp_m) < 0.1", "must be compared"),
        ("share() < 0.1", "empty"),
        ("npv_gbp_m == 1", "is neither an outcome nor|is not a target"),
        ("__import__('os') < 1", "is neither an outcome"),
    ],
)
def test_odd_targets_are_refused_in_one_sentence(text, reason):
    with pytest.raises(InputError, match=reason) as refused:
        plan_measures.target(text)
    assert "\n" not in str(refused.value)


def test_figure_says_the_finding_and_shows_no_keys():
    found = tip(chances(lambda value: 0.4 - value / 60), UNDER, PACE, 100, 200)
    drawn = figure(found, "Structure first")
    assert str(drawn.get_label()).startswith(headline(found).rstrip("."))
    text = svg(drawn).decode()
    assert "target kept" in text and not re.search(r">[^<]*[a-z]_[a-z][^<]*<", text.split("</metadata>")[-1])


@pytest.fixture(scope="module")
def small_study(tmp_path_factory):
    from sim.surfaces import api

    root = tmp_path_factory.mktemp("outputs")
    return api.run(["scenario=structure_first", "study.replications=30", "study.horizon_months=24"], root=root)


def test_tip_simulates_the_plan_itself_under_the_study_s_luck(small_study):
    from sim.surfaces.api.answers import tip as find

    asked = "packages_at_once", "setup_cost_gbp_m > 0.1"
    found = find(small_study, *asked, low=5, high=6, replications=30, most=30).numbers
    runs = small_study.runs.sort_values("replication")
    own = next(point for point in found.points if point.value == 5)
    assert own.measured.value == pytest.approx(runs["setup_cost_gbp_m"].mean(), rel=1e-12) and own.measured.n == 30
    answers = small_study.folder / "answers"
    assert len(pd.read_csv(answers / "tip_packages_at_once.csv")) == 2
    assert headline(found) in (answers / "tip_packages_at_once.md").read_text()
    assert (small_study.folder / "figures" / "tip_packages_at_once.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("lever", "bounds_", "reason"),
    [
        ("levers.sequence.sequence", {}, "has no range"),
        ("levers.pace.month_between_waves", {}, "did you mean|is none of"),
        ("months", {}, "may be any of|is none of"),
        ("packages_at_once", {"low": 0.0}, "is no part of its range, 1 to 40"),
        ("packages_at_once", {"low": 6.0, "high": 6.0}, "is no part"),
        ("packages_at_once", {"high": 6.5}, "whole numbers"),
    ],
)
def test_odd_levers_are_refused_in_one_sentence(lever, bounds_, reason):
    from sim.analysis.seeking.lever_scale import scale_of
    from sim.plans.compose import compose

    with pytest.raises(InputError, match=reason):
        scale_of(lever, compose([]).settings, **bounds_)


def test_evidence_can_be_gone_along():
    from sim.analysis.seeking.lever_scale import scale_of
    from sim.plans.compose import compose

    scale = scale_of("evidence.time.review", compose([]).settings)
    assert scale.key == "evidence.time.review.value" and scale.low < scale.now < scale.high


def test_command_prints_the_answer(small_study, capsys):
    from sim.surfaces.cli.commands.question_command import tip as command

    code = command(str(small_study.folder), "packages_at_once", "services_integrated > 1", low=5, high=6, most=30)
    assert code == 0 and "packages at once" in capsys.readouterr().out
