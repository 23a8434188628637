"""Sensitivity: known answers, what luck does to them, refusals, words, files and the command."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reached import share
from studies import Answer, ishigami, ishigami_factors, sampled

from sim.analysis.compare import mean_interval, paired_interval
from sim.analysis.sensitivity import index_estimates
from sim.analysis.sensitivity.indices import Sensitivity, sensitivity
from sim.analysis.sensitivity.one_at_a_time import MOST_HISTORIES, around, base_plan
from sim.analysis.sensitivity.sampled_points import BESIDE
from sim.core.errors import InputError
from sim.pictures.answers.index_dots import indices
from sim.pictures.answers.tornado import tornado as bars
from sim.pictures.figures.style import svg
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries
from sim.study.design.cells import plan_run
from sim.study.design.designs import Design, Factor, problem, units
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.words.answers.sensitivity_words import finding_said, resting_on, said

TRUE = {"first": [0.3139, 0.4424, 0.0, 0.0], "total": [0.5576, 0.4424, 0.2437, 0.0]}
"""Ishigami's indices with a = 7 and b = 0.1, and those of an input that it does not heed."""
WEIGHTS = (5.0, -3.0, 2.0, 0.0)
FACTORS = tuple(
    Factor(f"{entry['name']}.value", entry["low"], entry["high"], entry["value"]) for entry in evidence_entries()[:4]
)
EVEN = tuple(Factor(f"x{i}") for i in range(4))


def known(design: Design, noise: float = 0.0, shared: float = 0.0, replications: int = 1, seed: int = 3) -> Any:
    """A study of Ishigami's function, with luck of its own at each point and luck shared by all points."""
    luck = np.random.default_rng(seed)
    common = luck.normal(0, shared, replications) if shared else np.zeros(replications)
    return sampled(
        design,
        {"Plan": {"npv_gbp_m": lambda p, j: ishigami(p) + common[j] + (luck.normal(0, noise) if noise else 0.0)}},
        replications,
    )


def linear(weights: tuple[float, ...] = WEIGHTS, interaction: float = 0.0) -> Answer:
    """A sum of the factors, shifted by the luck of the history, and where asked met by luck in the first."""

    def answer(point: Any, history: int) -> float:
        x = list(point.values())
        met = interaction * np.cos(2.4 * history) * (x[0] - 0.5)
        return float(np.dot(weights, x)) + np.sin(7 * history) + met

    return answer


def measured(found: Sensitivity, measure: str, plan: str | None = None) -> pd.DataFrame:
    return found.of(plan or found.plans[0], found.outcomes[0], measure).reset_index(drop=True)


@pytest.mark.check("Q-V7")
def test_ishigami_is_found_and_a_dummy_is_zero() -> None:
    found = sensitivity(known(Design("sobol", ishigami_factors(dummy=True), 512)))
    for measure, true in TRUE.items():
        rows = measured(found, measure)
        assert ((rows["low"] <= true) & (true <= rows["high"])).all(), rows
        assert rows["value"].to_numpy() == pytest.approx(true, abs=0.03)
        assert rows["value"][3] == rows["low"][3] == rows["high"][3] == 0
    assert measured(found, "total")["clear"].tolist() == [True, True, True, False]
    assert found.drivers("Plan", "npv_gbp_m")["factor"].tolist() == ["x1", "x2", "x3"]


@pytest.mark.check("Q-V7")
@pytest.mark.parametrize("n", [64, 100])
def test_without_luck_the_indices_are_those_of_salib(n: int) -> None:
    from SALib.analyze.sobol import analyze

    design = Design("sobol", ishigami_factors(), n)
    study = known(design)
    found = sensitivity(study)
    theirs = analyze(problem(design), study.runs["npv_gbp_m"].to_numpy(), calc_second_order=False, seed=1)
    assert measured(found, "first")["value"].to_numpy() == pytest.approx(theirs["S1"], abs=1e-12)
    assert measured(found, "total")["value"].to_numpy() == pytest.approx(theirs["ST"], abs=1e-12)
    half = (measured(found, "total")["high"] - measured(found, "total")["value"]).to_numpy()
    assert half == pytest.approx(theirs["ST_conf"], rel=0.3)


@pytest.mark.check("Q-S4")
def test_luck_does_not_make_an_index_larger() -> None:
    design = Design("sobol", ishigami_factors(dummy=True), 512)
    single = sensitivity(known(design, noise=4.0))
    several = sensitivity(known(design, noise=4.0, shared=10.0, replications=6))
    assert measured(single, "total")["value"][3] > 0.3
    assert any("cannot be told apart" in note for note in single.notes)
    rows = measured(several, "total")
    assert abs(rows["value"][3]) < 0.06
    assert ((rows["low"] <= TRUE["total"]) & (TRUE["total"] <= rows["high"])).all(), rows
    assert (rows["luck_half_width"] > 0).all()
    assert not several.notes


@pytest.mark.check("Q-S4")
def test_luck_and_factors_share_the_variance_as_they_should() -> None:
    design = Design("sobol", ishigami_factors(), 256)
    found = sensitivity(known(design, noise=3.0, shared=2.0, replications=24)).split.iloc[0]
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5
    true = (9 + 4) / (9 + 4 + variance)
    assert found["low"] <= true <= found["high"]
    assert found["high"] - found["low"] < 0.3
    assert (found["points"], found["replications"]) == (256 * 5, 24)
    assert sensitivity(known(design)).split["luck"].isna().all()


@pytest.mark.check("Q-V7")
def test_morris_finds_the_slopes_and_agrees_with_salib() -> None:
    from SALib.analyze.morris import analyze

    design = Design("morris", EVEN, 12, levels=6)
    study = sampled(design, {"Plan": {"npv_gbp_m": lambda p, _: p["x0"] * p["x1"] + 3 * p["x2"]}})
    found = sensitivity(study)
    theirs = analyze(problem(design), units(design), study.runs["npv_gbp_m"].to_numpy(), num_levels=6, seed=1)
    for measure, name in (("size", "mu_star"), ("mean", "mu"), ("spread", "sigma")):
        assert measured(found, measure)["value"].to_numpy() == pytest.approx(np.array(theirs[name]), abs=1e-9)
    assert measured(found, "size")["value"][2] == pytest.approx(3)
    assert measured(found, "size")["value"][3] == 0


@pytest.mark.check("Q-S4")
def test_luck_has_no_size_in_a_morris_design() -> None:
    luck = np.random.default_rng(1)
    design = Design("morris", EVEN, 40)
    study = sampled(design, {"Plan": {"npv_gbp_m": lambda p, _: 4 * p["x0"] + luck.normal(0, 2)}}, 8)
    rows = measured(sensitivity(study), "size")
    assert rows["low"][0] <= 4 <= rows["high"][0]
    assert ((rows["low"][1:] <= 0) & (rows["high"][1:] >= 0)).all()
    assert rows["clear"].tolist() == [True, False, False, False]


def test_groups_of_factors_are_measured_whole() -> None:
    factors = tuple(replace(factor, group="one" if i < 2 else "") for i, factor in enumerate(EVEN))
    answers: dict[str, Answer] = {"npv_gbp_m": lambda p, _: 5 * p["x0"] - 3 * p["x1"] + 2 * p["x2"]}
    rows = measured(sensitivity(sampled(Design("sobol", factors, 256), {"Plan": answers})), "total")
    assert rows["factor"].tolist() == ["one", "x2", "x3"]
    assert rows["value"].to_numpy() == pytest.approx([34 / 38, 4 / 38, 0], abs=0.04)
    found = sensitivity(sampled(Design("morris", factors, 10), {"Plan": answers}))
    assert measured(found, "size")["factor"].tolist() == ["one", "x2", "x3"]
    assert measured(found, "mean")["factor"].tolist() == ["x2", "x3"]


def test_rank_coefficients_follow_the_weights() -> None:
    rows = measured(
        sensitivity(sampled(Design("lhs", EVEN, 300), {"Plan": {"npv_gbp_m": linear()}}, 2)), "rank_coefficient"
    )
    true = np.array(WEIGHTS) / np.sqrt(38)
    assert rows["value"].to_numpy() == pytest.approx(true, abs=0.05)
    assert rows["clear"].tolist() == [True, True, True, False]
    assert rows["low"][3] <= 0 <= rows["high"][3]


@pytest.mark.parametrize("kind", ["lhs", "sobol", "morris", "one_at_a_time"])
def test_every_design_gives_the_same_tornado_of_a_sum(kind: str) -> None:
    n = {"lhs": 200, "sobol": 64, "morris": 10, "one_at_a_time": 2}[kind]
    found = sensitivity(sampled(Design(kind, EVEN, n), {"Plan": {"npv_gbp_m": linear()}}, 3))
    assert found.tornado["swing"].to_numpy() == pytest.approx(np.array(WEIGHTS), abs=1e-9)
    assert (found.tornado["at_high"] - found.tornado["at_low"]).to_numpy() == pytest.approx(WEIGHTS, abs=1e-9)
    assert found.tornado["clear"].tolist() == [True, True, True, False]


def test_one_at_a_time_is_paired_with_t_intervals() -> None:
    design = Design("one_at_a_time", EVEN, 3)
    study = sampled(design, {"Plan": {"npv_gbp_m": linear(interaction=2.0)}}, 10)
    row = sensitivity(study).tornado.iloc[0]
    table = study.runs.pivot(index="cell", columns="replication", values="npv_gbp_m")
    high = mean_interval((table.loc["0-3"] - table.loc["0-0"]).to_numpy())
    between = mean_interval((table.loc["0-3"] - table.loc["0-1"]).to_numpy())
    assert (row["at_high"], row["at_high_half_width"]) == pytest.approx((high.value, high.half_width))
    assert (row["swing"], row["swing_half_width"]) == pytest.approx((between.value, between.half_width))


def test_a_choice_has_its_lowest_and_highest_as_ends_and_flags_get_their_own_interval() -> None:
    choice = Factor("levers.x", values=("a", "b", "c"))
    value = {"a": 1.0, "b": 3.0, "c": 0.5}
    answers: dict[str, Answer] = {
        "npv_gbp_m": lambda p, j: value[p["levers.x"]] + j,
        "dissolved": lambda p, _: float(p["levers.x"] == "b"),
    }
    found = sensitivity(sampled(Design("one_at_a_time", (choice,), 2), {"Plan": answers}, 4))
    row, flag = found.tornado.iloc[0], found.tornado.iloc[1]
    assert (row["at_low"], row["at_high"], row["swing"]) == (-0.5, 2.0, 2.5)
    assert (flag["swing"], flag["swing_half_width"] > 0.2) == (1.0, True)
    assert paired_interval(np.ones(4), np.zeros(4)).half_width == flag["swing_half_width"]


def test_two_plans_are_set_beside_each_other_history_by_history() -> None:
    plans = {"First": {"npv_gbp_m": linear()}, "Second": {"npv_gbp_m": linear((5, -3, 2, 4))}}
    study = sampled(Design("sobol", EVEN, 128), plans, 3)
    found = sensitivity(study)
    assert found.plans == ("First", "Second", f"Second{BESIDE}First")
    rows = measured(found, "total", found.plans[2])
    assert rows["value"].to_numpy() == pytest.approx([0, 0, 0, 1], abs=0.01)
    assert found.split["luck"].iloc[2] == pytest.approx(0, abs=1e-9)
    assert sensitivity(study, scenario="second").plans == ("Second",)
    assert sensitivity(study, scenario="other_1").plans == ("Second",)
    study.manifest["reference"] = "1-0"
    assert sensitivity(study).plans[2] == f"First{BESIDE}Second"


def test_rows_and_replications_may_stand_in_any_order() -> None:
    study = sampled(Design("sobol", EVEN, 32), {"Plan": {"npv_gbp_m": linear(interaction=1.0)}}, 3)
    usual = sensitivity(study)
    study.tables["runs"] = study.runs.sample(frac=1, random_state=1).reset_index(drop=True)
    study.tables["design"] = study.tables["design"].sample(frac=1, random_state=2)
    study.tables["cells"] = study.cells.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(sensitivity(study).table, usual.table)


def test_only_histories_that_every_point_has_are_used() -> None:
    study = sampled(Design("sobol", EVEN, 32), {"Plan": {"npv_gbp_m": linear(interaction=1.0)}}, 5)
    three = sampled(Design("sobol", EVEN, 32), {"Plan": {"npv_gbp_m": linear(interaction=1.0)}}, 3)
    study.tables["runs"] = study.runs[(study.runs["replication"] < 3) | (study.runs["cell"] == "0-7")]
    found = sensitivity(study)
    assert found.replications == 3
    assert "only the 3 histories that every point has are used" in found.notes[0]
    pd.testing.assert_frame_equal(found.table, sensitivity(three).table)


@pytest.fixture
def small() -> Any:
    plans = {"Structure first": {"npv_gbp_m": linear(), "payback_month": lambda p, j: 5.0 + j}}
    return sampled(Design("lhs", FACTORS, 30), plans, 2)


def test_a_study_without_a_sample_is_refused_with_the_command_that_makes_one(small: Any) -> None:
    for content in (None, {"kind": "grid", "factors": []}):
        small.manifest["design"] = content
        with pytest.raises(InputError, match="has no sample of factors; tandem sweep design=sobol"):
            sensitivity(small)


@pytest.mark.parametrize(("status", "option"), [("failed", "--retry-failed"), ("partial", "--resume")])
def test_missing_cells_are_counted_with_what_to_do(small: Any, status: str, option: str) -> None:
    small.cells.loc[:2, "status"] = status
    with pytest.raises(InputError, match=rf"^3 of 30 cells .* tandem sweep {option} 2027-01-01_000000_made$"):
        sensitivity(small)


def test_missing_points_are_refused(small: Any) -> None:
    small.tables["design"] = small.tables["design"].iloc[:-1]
    with pytest.raises(InputError, match="has 29 of the 30 points"):
        sensitivity(small)


def test_a_sample_that_cannot_be_made_again_is_refused(small: Any) -> None:
    small.design[FACTORS[1].key] += 1e-3
    with pytest.raises(InputError, match="cannot be made again"):
        sensitivity(small)


def test_unknown_outcomes_and_plans_get_a_suggestion(small: Any) -> None:
    with pytest.raises(InputError, match="there is no outcome 'npv_gbp'; did you mean 'npv_gbp_m'"):
        sensitivity(small, ["npv_gbp"])
    with pytest.raises(InputError, match="no plan 'structur'; did you mean 'Structure first'"):
        sensitivity(small, scenario="structur")


def test_an_outcome_that_is_sometimes_never_is_refused_with_its_flag(small: Any) -> None:
    small.runs.loc[:4, "payback_month"] = np.nan
    with pytest.raises(InputError, match=r"payback_month has no value in 5 of 60 histories.*ask for never_pays_back"):
        sensitivity(small, ["payback_month"])


def test_an_outcome_that_never_varies_has_no_drivers() -> None:
    for kind in ("lhs", "sobol", "morris", "one_at_a_time"):
        found = sensitivity(sampled(Design(kind, FACTORS, 16), {"Plan": {"dissolved": lambda p, j: 0.0}}, 3))
        assert found.drivers("Plan", "dissolved").empty
        assert "Breaking down: nothing varied" in said(found)
        assert "varied" in svg(bars(found, "Plan", "dissolved")).decode()


@pytest.mark.check("Q-S4")
@pytest.mark.parametrize("kind", ["lhs", "sobol", "morris", "one_at_a_time"])
@pytest.mark.parametrize(
    ("answer", "told", "luck"),
    [
        (lambda point, j: -0.7, "nothing varied; it is the same in every history", None),
        (lambda point, j: 0.1 + 1e-17 * next(iter(point.values())), "nothing varied", None),
        (lambda point, j: 0.1 + 0.3 * j, "no factor moved it; it is the same at every point, and all that", 1.0),
    ],
)
def test_what_did_not_vary_has_no_drivers_and_no_figures(kind: str, answer: Answer, told: str, luck: Any) -> None:
    plans: Any = {"A": {"npv_gbp_m": answer}, "B": {"npv_gbp_m": lambda p, j: answer(p, j) + 0.2}}
    found = sensitivity(sampled(Design(kind, FACTORS, 16), plans, 5))
    text = said(found)
    assert text.count(f"Net present value: {told}") == (2 if luck else 3)
    assert text.count("Net present value: nothing varied") == (1 if luck else 3), "their difference never varies"
    assert "largest" not in text and "meetings" not in text and "strongest" not in text
    assert found.table[["value", "low", "high", "luck_half_width"]].isna().all(axis=None)
    assert found.tornado[["at_low", "at_high", "swing", "swing_half_width"]].isna().all(axis=None)
    assert not found.table["clear"].any() and not found.tornado["clear"].any()
    if kind != "one_at_a_time":
        assert found.split["luck"].dropna().tolist() == ([luck] * 2 if luck else [])
        assert "varie" in svg(indices(found, "A")).decode()


def test_luck_that_hides_the_factors_names_none_as_the_largest() -> None:
    luck = np.random.default_rng(3)
    noise = {"npv_gbp_m": lambda p, j: float(luck.normal())}
    found = sensitivity(sampled(Design("sobol", FACTORS, 8), {"Plan": noise}, 2))
    rows = found.of("Plan", "npv_gbp_m", "total")
    assert rows["value"].isna().all(), "the variance between points is less than that of luck"
    assert "what comes out largest" not in said(found)


def test_drivers_are_told_with_what_they_rest_on() -> None:
    weights = tuple(w / (f.high - f.low) for w, f in zip((5, 4, 3, 2), FACTORS, strict=True))
    found = sensitivity(sampled(Design("lhs", FACTORS, 200), {"Plan": {"npv_gbp_m": linear(weights)}}, 2))
    text = said(found)
    assert "Net present value: only four factors can be told from none: time between the meetings" in text
    assert "(time, an assumption)" in text
    assert "(time, grade B)" in text
    assert "One of the four strongest drivers is an assumption." in text
    assert "How much of the variance is luck cannot be told from so few histories" in text
    assert not re.search(r"[a-z]_[a-z]|nan|evidence\.", text)


@pytest.mark.check("Q-S4")
def test_luck_has_its_share_said_with_a_range() -> None:
    text = said(sensitivity(known(Design("sobol", ishigami_factors(), 128), noise=3.0, replications=6)))
    assert re.search(r"Luck makes \d\d% \(\d\d% to \d\d%\) of the variance", text)
    assert "There are six histories a point" in text


@pytest.mark.parametrize(
    ("grades", "text"),
    [
        (["assumption"] * 3 + ["B", "C"], "three of the five strongest drivers are assumptions"),
        (["assumption", "A"], "one of the two strongest drivers is an assumption"),
        (["assumption"] * 2, "all of the two strongest drivers are assumptions"),
        (["B", "lever"], "none of the two strongest drivers is an assumption and one is a lever"),
        (["lever"] * 2, "all of the two strongest drivers are levers"),
        (["several", "A"], ""),
        (["A"], ""),
    ],
)
def test_grades_are_counted_in_words(grades: list[str], text: str) -> None:
    assert resting_on(grades) == text


@pytest.mark.parametrize("kind", ["lhs", "sobol", "morris"])
def test_figures_say_what_is_found_and_name_no_variable(kind: str) -> None:
    plans = {"First": {"npv_gbp_m": linear(), "dissolved": lambda p, j: float(p[FACTORS[0].key] > 2)}}
    found = sensitivity(sampled(Design(kind, FACTORS, 64), plans, 3))
    for figure in (indices(found, "First", "Bromsgrove"), bars(found, "First", "npv_gbp_m", "Bromsgrove")):
        text = svg(figure).decode()
        assert "Net present value can be told to turn on" in text
        assert "95% interval" in text
        assert not re.search(r"npv_gbp|evidence\.|committee_cycle", text)


def test_a_title_tells_of_the_difference_between_plans() -> None:
    drivers = pd.DataFrame({"factor": ["x0"], "grade": ["B"]})
    assert finding_said(f"B{BESIDE}A", "npv_gbp_m", drivers, Design("lhs", EVEN, 9)).startswith(
        "The difference in net present value can be told to turn on"
    )


def test_the_design_around_a_plan_moves_every_quantity_that_has_a_range() -> None:
    settings = compose().settings
    design = around(settings)
    assert len(design.factors) == sum(q.low < q.high for group in settings.evidence.values() for q in group.values())
    assert (design.kind, design.n) == ("one_at_a_time", 2)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    small = ["scenario=structure_first", "study.replications=3", "study.horizon_months=60", "study.workers=1"]
    return run_study(plan_run(small), tmp_path_factory.mktemp("runs"))


def test_a_tornado_meets_the_luck_of_the_study(study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from sim.analysis.sensitivity import one_at_a_time
    from sim.surfaces import api

    few = ("evidence.time.review.value", "evidence.money.chief_executive_cost.value", "evidence.time.spread.value")
    whole = one_at_a_time.around
    monkeypatch.setattr(
        one_at_a_time, "around", lambda s: replace(whole(s), factors=tuple(f for f in whole(s).factors if f.key in few))
    )
    shutil.copytree(study.folder, tmp_path / "copy")
    own = Study.load(tmp_path / "copy")
    answer = api.tornado(own, ["npv_gbp_m"], replications=3)
    found = answer.numbers
    label, settings = base_plan(own, None)
    assert found.plans == (label,)
    assert len(found.tornado) == len(found.design.factors) >= 2
    folder = own.folder
    assert (folder / "answers" / "tornado.csv").is_file()
    assert "# What drives the outcomes" in (folder / "answers" / "tornado.md").read_text(encoding="utf-8")
    assert (folder / "figures" / "tornado.svg").is_file()
    assert settings == own.settings(own.reference)
    json.dumps(answer.as_json(), allow_nan=False)


def test_many_histories_are_simulated_only_when_asked_for(study: Study) -> None:
    from sim.surfaces import api

    with pytest.raises(InputError, match=rf"more than {MOST_HISTORIES:,}: add --yes"):
        api.tornado(study, replications=200)


def test_options_of_the_tornado_are_refused_without_it(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.surfaces.cli import main

    assert main(["sensitivity", str(study.folder), "--yes"]) == 2
    assert "go with --tornado" in capsys.readouterr().err
    assert main(["sensitivity", str(study.folder)]) == 2
    assert "has no sample" in capsys.readouterr().err


@pytest.mark.check("Q-S4")
def test_products_between_replications_hold_no_luck() -> None:
    luck = np.random.default_rng(2).normal(0, 1, (20_000, 3))
    assert abs(index_estimates.crossed(luck, luck).mean()) < 0.02
    assert abs(index_estimates.sized(luck).mean()) < 0.02
    even = np.full((1, 4), 2.0)
    assert (index_estimates.crossed(even, even)[0], index_estimates.sized(-even)[0]) == (4.0, 2.0)


def test_an_error_from_few_histories_has_few_degrees_of_freedom() -> None:
    one = np.ones(1)
    alone = index_estimates.IndexEstimates(10 * one, 0 * one, one, 3)
    mixed = index_estimates.IndexEstimates(10 * one, 100 * one, one, 3)
    assert alone.half_width[0] == pytest.approx(4.3027, abs=1e-3)
    assert alone.p[0] == pytest.approx(0.00985, abs=1e-4)
    assert mixed.half_width[0] == pytest.approx(1.96 * np.hypot(100, 1), rel=1e-3)


@pytest.mark.check("Q-V7")
@pytest.mark.slow
def test_intervals_of_ishigami_cover_the_truth(record_property: Any) -> None:
    """Over 60 seeds; at least nine in ten of the intervals hold the truth, with luck and without."""
    for noise, replications in ((0.0, 1), (4.0, 6)):
        hits = {measure: np.zeros(4) for measure in TRUE}
        for seed in range(60):
            design = Design("sobol", ishigami_factors(dummy=True), 256, seed=seed)
            found = sensitivity(known(design, noise, noise, replications, seed))
            for measure, true in TRUE.items():
                rows = measured(found, measure)
                hits[measure] += ((rows["low"] <= true) & (true <= rows["high"])).to_numpy()
        held = int(sum(count.sum() for count in hits.values()))
        luck = "with luck at every point" if noise else "without luck"
        record_property("reached", share(held, 60 * 8, f"bootstrap intervals hold the truth {luck}"))
        assert held / (60 * 8) >= 0.9


@pytest.mark.check("Q-V7")
@pytest.mark.slow
def test_rank_and_morris_intervals_hold_a_dummy(record_property: Any) -> None:
    """Over 60 seeds with luck at every point: the dummy lies inside its interval in at least nine in ten."""
    for kind, n, measure in (("lhs", 100, "rank_coefficient"), ("morris", 20, "size")):
        held = 0
        for seed in range(60):
            luck = np.random.default_rng(seed)
            answers: dict[str, Answer] = {"npv_gbp_m": lambda p, _, luck=luck: linear()(p, 0) + luck.normal(0, 2)}
            row = measured(sensitivity(sampled(Design(kind, EVEN, n, seed=seed), {"Plan": answers}, 4)), measure).iloc[
                3
            ]
            held += row["low"] <= 0 <= row["high"]
        record_property("reached", f"{kind}: the dummy lies in {held} of 60 intervals")
        assert held >= 54
