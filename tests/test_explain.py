"""Results in words: numbers and chances, the headline in every case, the summary."""

import re
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest
import synthetic
from synthetic import PARALLEL, SIX, STRUCTURE, TRANSFORM, study, with_outcomes, with_tables

from sim.core import words
from sim.core.clock import Clock
from sim.core.errors import InputError
from sim.core.history import Event
from sim.engine.outcomes import DECIDING
from sim.words.diary.programme import finding, notes, programme
from sim.words.summary import driver_words, findings, risk_words
from sim.words.summary.study_view import View, range_of
from sim.words.summary.summary import summary
from sim.words.summary.summary_tables import escaped

N = 100
JARGON = re.compile(r"replication|quantile|\bcells?\b|p-value|\bnan\b|\binf\b|\bNone\b|\w_\w")


@pytest.fixture(scope="module")
def two() -> Any:
    return study(STRUCTURE, TRANSFORM)


def around(middle: float, half: float = 0.4) -> Any:
    """N values about a middle, the same pattern for every plan, so that plans differ by their middles alone."""
    return middle + half * np.linspace(-1, 1, N)


# -- words --


@pytest.mark.parametrize(
    ("count", "total", "told"),
    [
        (0, 200, "none of the 200 histories"),
        (200, 200, "all 200 histories"),
        (33, 200, "one history in six"),
        (67, 100, "two histories in three"),
        (180, 200, "nine histories in ten"),
        (1, 200, "one history in 200"),
        (16, 200, "one history in twelve"),
        (195, 200, "all but one history in 40"),
        (65, 100, "two histories in three"),
        (30, 100, "three histories in ten"),
        (47, 100, "one history in two"),
        (35, 100, "one history in three"),
        (1, 1, "the one history"),
    ],
)
def test_a_chance_is_told_as_a_natural_frequency(count: int, total: int, told: str) -> None:
    assert words.frequency(count, total).replace("twenty", "20") == told


def test_every_frequency_lies_near_its_share() -> None:
    numbers = {word: value for value, word in enumerate(words._SMALL)} | {"twenty": 20}
    for count in range(1, 400):
        told = words.frequency(count, 400)
        parts = [numbers.get(part) or (int(part) if part.isdigit() else None) for part in told.split()]
        found = [part for part in parts if part]
        top, bottom = (found[0], found[-1]) if not told.startswith("all but") else (found[-1] - 1, found[-1])
        assert abs(top / bottom - count / 400) <= 0.04, told


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0%"), (0.004, "under 1%"), (0.166, "17%"), (0.999, "over 99%"), (1.0, "100%")]
)
def test_percentages_have_no_decimals(share: float, told: str) -> None:
    assert words.percent(share) == told


@pytest.mark.parametrize(
    ("gbp_m", "told"), [(1.44, "£1.4m"), (-0.26, "−£0.3m"), (-0.01, "£0.0m"), (1234.5, "£1,234.5m")]
)
def test_money_is_told_to_one_decimal(gbp_m: float, told: str) -> None:
    assert words.money(gbp_m) == told


def test_months_are_told_as_dates() -> None:
    clock = Clock(2008, 11)
    assert words.date(18, clock) == "month 18 (spring of year 2, May 2010)"
    assert words.date(0.9, clock) == "month 0 (autumn of year 1, November 2008)"
    assert words.payback_year(47.0) == "year four"
    assert words.payback_year(inf) == "never"


def test_names_are_told_without_code() -> None:
    assert words.plan("transform_first, levers.pace.months_between_waves=2") == (
        "transform-first, months between waves 2"
    )
    assert words.mid("Structure first") == "structure first"
    assert words.mid("HR first") == "HR first"
    assert words.mid("Redditch leads", {"Redditch"}) == "Redditch leads"
    assert words.listed(["waste and streets", "parks"]) == "waste and streets, and parks"


def test_never_counts_as_later_than_any_month() -> None:
    values = np.array([30.0, 40.0, 50.0, np.nan, np.nan, np.nan])
    found = range_of(values, never=inf)
    assert found.low == pytest.approx(32.5)
    assert found.value == inf
    assert range_of(values).value == 40.0


# -- the headline --


def two_plans(first: Any, second: Any) -> str:
    return findings.answer(
        View(with_outcomes(study(STRUCTURE, TRANSFORM, replications=N), {DECIDING: (first, second)}))
    )


def noise(middle: float) -> Any:
    """Values whose order differs from plan to plan."""
    return middle + np.random.default_rng(round(1000 * middle)).normal(0, 0.3, N)


def test_plans_that_cannot_be_told_apart_are_the_headline() -> None:
    told = two_plans(noise(1.5), noise(1.51))
    assert re.match(
        r"(Structure|Transform) first and (structure|transform) first cannot be told apart in what they are worth "
        r"over ten years, £1\.\d+m \(\S+ to \S+\) and £1\.\d+m \(\S+ to \S+\): "
        r"the difference is £0\.\d+m \(−0\.\d+ to 0\.\d+\)$",
        told,
    ), told


def test_the_plan_that_is_worth_more_is_ahead() -> None:
    assert two_plans(around(1.4), around(0.8)) == (
        "Structure first is worth £1.4m (1.0 to 1.8) over ten years against £0.8m (0.4 to 1.2) for transform first: it "
        "is ahead by £0.6m (0.6 to 0.6), in all 100 histories (100%, 96 to 100)"
    )


def test_what_plans_save_a_year_does_not_say_who_is_ahead() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    late = {"recurrent_saving_y10_gbp_m": (around(1.0), around(2.0))}
    view = View(with_outcomes(made, late | {DECIDING: (around(1.4), around(0.8))}))
    assert findings.answer(view).startswith("Structure first is worth £1.4m")
    assert findings.saving(view) == (
        "By year ten the saving a year is £1.0m (0.6 to 1.4) under structure first and £2.0m (1.6 to 2.4) under "
        "transform first"
    )


def test_a_small_lead_that_is_sure_is_told_at_the_decimals_that_show_it() -> None:
    assert two_plans(around(1.412), around(1.409)) == (
        "Structure first is worth £1.412m (1.052 to 1.772) over ten years against £1.409m (1.049 to 1.769) "
        "for transform first: it is ahead by £0.003m (0.003 to 0.003), in all 100 histories (100%, 96 to 100)"
    )
    assert "cannot be told apart" in two_plans(around(1.4), around(1.4) - 1e-6), "nobody is ahead by a pound"


def test_plans_that_cost_more_than_they_save() -> None:
    assert two_plans(around(-0.2), around(-0.9)).startswith(
        "Structure first is worth −£0.2m (−0.6 to 0.2) over ten years against −£0.9m (−1.3 to −0.5) for transform"
    )


def test_several_plans_that_cannot_be_told_apart() -> None:
    made = study(STRUCTURE, TRANSFORM, PARALLEL, replications=N)
    told = findings.answer(View(with_outcomes(made, {DECIDING: (noise(1.4), noise(1.41), noise(1.42))})))
    assert told.startswith(
        "The three plans cannot be told apart in what they are worth over ten years, from £1.4m to £1."
    )


def test_the_best_of_several_plans_is_held_against_the_next() -> None:
    made = study(STRUCTURE, TRANSFORM, PARALLEL, replications=N)
    told = findings.answer(View(with_outcomes(made, {DECIDING: (around(1.4), around(2.4), around(0.4))})))
    assert told == (
        "Transform first is worth most of three plans, £2.4m (2.0 to 2.8) over ten years: it is ahead of the next, "
        "structure first at £1.4m (1.0 to 1.8), by £1.0m (1.0 to 1.0), in all 100 histories (100%, 96 to 100)"
    )


def test_years_past_the_horizon_are_not_told() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    short = dict.fromkeys(("recurrent_saving_y5_gbp_m", "recurrent_saving_y10_gbp_m"), (np.nan, np.nan))
    whole = with_outcomes(made, {**short, "cumulative_net_saving_y10_gbp_m": (np.nan, np.nan)})
    told = summary(whole)
    assert "Saved year 3" in told.text and "Saved year 5" not in told.text
    assert findings.saving(View(whole)).startswith("By year three the saving a year is £")


# -- payback and risk --


def test_payback_tells_range_and_never() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    months = np.repeat([30.0, 40.0, np.nan], [10, 60, 30])
    told = findings.payback(View(with_outcomes(made, {"payback_month": (months, np.nan)})))
    assert told.startswith(
        "Structure first pays for itself in year four (year three to never), never in three histories in ten"
    )
    assert told.endswith(
        "transform first never pays for itself within ten years in all 100 histories (100%, 96 to 100)"
    )


def test_nothing_pays_back() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    told = findings.payback(View(with_outcomes(made, {"payback_month": (np.nan, np.nan)})))
    assert told == "No plan pays for itself within ten years in any history"


def test_risks_come_gravest_first_with_wilson_intervals(two: Any) -> None:
    view = View(two)
    rows = risk_words.risk_rows(view)
    assert [row.risk.outcome for row in rows][:2] == ["dissolved", "stalled"]
    dissolved = next(iter(rows[0].chances.values()))
    assert dissolved.value == pytest.approx(float(view.values(view.reference, "dissolved").mean()))
    assert dissolved.low < dissolved.value < dissolved.high


def test_a_risk_that_differs_is_told_and_one_that_does_not_is_said_to() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    apart = View(with_outcomes(made, {"dissolved": (np.arange(N) < 60, np.arange(N) < 5)}))
    told = risk_words.finding(apart, risk_words.risk_rows(apart))
    assert told.startswith("Structure first breaks down in three histories in five (60%, 50 to 69), transform first")
    same = study(STRUCTURE, STRUCTURE, replications=N)
    view = View(same)
    assert risk_words.finding(view, risk_words.risk_rows(view)).endswith("cannot be told apart in any risk")


def test_all_histories_dissolve() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    told = summary(with_outcomes(made, {"dissolved": (1.0, 1.0)})).text
    assert "breaks down in all 100 histories (100%, 96 to 100)" in told


def test_what_some_histories_lack_is_counted_among_those_that_have_it() -> None:
    waits = np.where(np.arange(N) < 60, 2.0, np.nan)
    missed = np.where(np.arange(N) < 60, np.arange(N) < 30, np.nan)
    made = study(STRUCTURE, replications=N)
    made.runs["target_missed"] = np.nan
    view = View(with_outcomes(made, {"hr_mean_wait_months": (waits,), "target_missed": (missed,)}))
    assert "2.0 months in nearly all, in 60 of 100 histories" in findings.queues(view)
    row = next(row for row in risk_words.risk_rows(view) if row.risk.outcome == "target_missed")
    assert next((chance.count, chance.n) for chance in row.chances.values()) == (30, 60)


@pytest.mark.check("Q-S4")
def test_what_did_not_vary_has_no_range() -> None:
    flat = {"peak_fatigue": (0.15, 0.15), "recurrent_saving_y5_gbp_m": (0.7, 0.7), "payback_month": (40.0, 40.0)}
    made = with_outcomes(study(STRUCTURE, TRANSFORM, replications=N), flat)
    told = summary(made).text
    assert "0.7 (alike)" in told and "15 (alike)" in told and "year 4 (alike)" in told
    assert "alike: written the same" in " ".join(told.split())
    assert "15 out of 100 in nearly all" in findings.people(View(made))
    alike = re.findall(r"(?<![\d.,])([−£]*[\d.]+)m?(?: to |–)\1m?\)", told)
    assert alike == [], "no range has the same end twice"


# -- reasons --


def test_the_reason_names_what_differs_most_with_its_interval() -> None:
    made = study(STRUCTURE, TRANSFORM, replications=N)
    view = View(with_outcomes(made, {"hr_mean_wait_months": (around(2.0), around(5.0))}))
    told = driver_words.between(view, view.others[0], view.reference)
    assert told[0] == "waits longer for HR (by 3.0 months, 3.0 to 3.0)"
    assert len(told) == len({text.split()[0] for text in told}) <= 3


def test_the_reason_claims_nothing_where_nothing_differs() -> None:
    view = View(study(STRUCTURE, STRUCTURE, replications=N))
    assert driver_words.between(view, view.others[0], view.reference) == []


def test_what_goes_with_poor_results_is_found_and_luck_is_not() -> None:
    made = study(STRUCTURE, replications=N)
    result = np.arange(N, dtype=float)
    alike = dict.fromkeys(("peak_fatigue", "min_buy_in_backbench", "min_buy_in_leaders", "votes_lost"), 0.5)
    flat = {**alike, "hr_mean_wait_months": 1.0, "dissolved": 0.0, DECIDING: result}
    linked = {name: (values,) for name, values in {**flat, "min_trust": result / 200}.items()}
    view = View(with_outcomes(made, linked))
    told = driver_words.within(view, view.reference)
    assert told is not None
    assert "the lowest level of trust goes with the result: 5 (" in told
    view = View(with_outcomes(made, {**linked, "min_trust": (np.tile([0.2, 0.4], N // 2),)}))
    assert driver_words.within(view, view.reference) is None


# -- the summary --


@pytest.mark.parametrize("ways", [(STRUCTURE,), (STRUCTURE, TRANSFORM), SIX], ids=["one", "two", "six"])
def test_a_summary_fits_a_screen_and_speaks_plainly(ways: Any) -> None:
    found = summary(study(*ways))
    lines = found.text.splitlines()
    commands = [line for line in lines if line.startswith(("  tandem ", "Results: "))]
    plain = "\n".join(line for line in lines if line not in commands)
    assert len(lines) <= 46
    assert max(map(len, lines)) <= 100
    assert not JARGON.search(plain), JARGON.search(plain)
    assert not re.search(r"\d\.\d+%", plain)
    assert " ".join(found.text.split()).startswith(found.headline)
    assert found.markdown.startswith(escaped(found.headline))
    assert re.search(r"\(−?\d+\.\d+ to \d+\.\d+\)", found.headline)
    for part in ("The risk.", "Pays for itself", "Lowest back-bench buy-in", "Illustrative, not a forecast", "Next:"):
        assert part in found.text
    assert len(ways) == 1 or "What also differs." in found.text
    assert "outputs/2024-05-01_120000_main" in found.text


def test_a_summary_names_what_failed_and_what_was_stopped(two: Any) -> None:
    first, second = two.manifest["cells"]
    ended = [first | {"status": "partial"}, second | {"status": "failed", "message": "history 3 broke a rule"}]
    broken = replace(two, manifest={**two.manifest, "cells": ended})
    told = summary(broken).text
    assert "Stopped early. The study was stopped before its end" in told
    assert "Failed. Transform first: history 3 broke a rule." in told


@pytest.mark.parametrize("scenarios", [[["structure_first"], 1], 1, None, "structure_first"])
def test_an_altered_manifest_proposes_nothing_and_breaks_nothing(two: Any, scenarios: object) -> None:
    altered = replace(two, manifest={**two.manifest, "study": {"scenarios": scenarios}})
    assert "six months apart" not in summary(altered).text


def test_a_study_without_histories_is_refused(two: Any) -> None:
    empty = with_tables(two, runs=two.runs.iloc[:0])
    with pytest.raises(InputError, match="no finished history"):
        summary(empty)


def test_of_many_plans_the_reference_and_the_best_are_shown() -> None:
    ways = [synthetic.Way(f"Plan {index}", 1.0 + 0.1 * index, 30, 1, 0.5, 0.1) for index in range(9)]
    view = View(study(*ways, replications=20))
    assert [plan.name for plan in view.plans] == ["Plan 0", "Plan 4", "Plan 5", "Plan 6", "Plan 7", "Plan 8"]
    assert "the reference and the five that are worth most of 9 plans" in view.scope


def test_marks_that_would_act_in_markdown_are_made_harmless() -> None:
    assert escaped("<b>*x*|`y`") == "&lt;b&gt;\\*x\\*\\|\\`y\\`"


# -- the programme of one history --


def test_a_programme_is_read_from_its_facts() -> None:
    name = "joint_team: ict"
    events = [
        Event(2.0, name, "package released", "structure_first"),
        Event(2.0, name, "stage started", "review"),
        Event(5.0, name, "stage finished", "review"),
        Event(5.0, name, "waiting for HR"),
        Event(7.0, name, "HR arrived"),
        Event(7.0, name, "stage started", "consultation"),
        Event(9.0, "Redditch", "vote lost", name, 1.0),
        Event(30.0, "partnership", "dissolved", "leaders part ways"),
        Event(30.0, name, "package dropped", "partnership dissolved"),
    ]
    work = programme(events, 120)[name]
    assert [(span.what, span.start, span.end) for span in work.stages] == [("review", 2, 5), ("consultation", 7, 30)]
    assert [(span.what, span.start, span.end) for span in work.waits] == [("HR", 5, 7)]
    assert (work.lost_votes, work.ended, work.end) == ([9.0], "dropped", 30.0)
    told = finding({name: work}, notes(events), 16)
    assert told == (
        "In this history 0 of 16 services come to share a team and none are redesigned; "
        "the councils part in year three; work waits 2 months in all for HR and OD and one vote is lost"
    )


def test_plans_are_still_told_apart_where_the_reference_failed() -> None:
    made = study(STRUCTURE, TRANSFORM, PARALLEL, replications=N)
    kept = made.runs[made.runs["cell"] != made.reference]
    broken = with_tables(made, runs=kept, comparison=made.comparison.iloc[:0])
    view = View(with_outcomes(broken, {DECIDING: (around(1.4), around(0.8))}))
    assert view.reference.name == "Transform first"
    assert findings.answer(view).startswith("Transform first is worth £1.4m (1.0 to 1.8) over ten years against £0.8m")
