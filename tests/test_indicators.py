"""Leading indicators: planted predictors are found, noise is not, luck does not leak, and the words say so."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.indicators import Foretold, Indicators, foretelling, indicators, prediction_scores
from sim.analysis.indicators import joint_model as model
from sim.analysis.indicators.foretelling import FEW, scored
from sim.analysis.indicators.joint_model import fitted, foretold, together
from sim.analysis.indicators.monthly_measures import in_words, levels_at, with_worst
from sim.analysis.indicators.prediction_scores import Cases, divided, folds, ranked, resamples, tally
from sim.core.errors import InputError
from sim.engine import SURVEY_DELAY_MONTHS, SURVEY_NOISE, run
from sim.pictures.answers.indicator_dots import indicators as figure
from sim.study.study import Study
from sim.surfaces import cli
from sim.words.answers.indicators_words import calibration, headline, said, sentence

N = 200


def cases(happens: Any, plans: int = 2, replications: int = N) -> Cases:
    plan = np.repeat(np.arange(plans), replications)
    return Cases(plan, np.tile(np.arange(replications), plans), np.asarray(happens, dtype=float))


def planted(strength: float, seed: int = 3, others: int = 20, share: float = 0.25) -> tuple[Any, Cases]:
    """Measures of which only the first has to do with the ending, which comes about in a share of histories."""
    luck = np.random.default_rng(seed)
    measures = luck.normal(size=(2 * N, 1 + others))
    odds = strength * measures[:, 0] + np.log(share / (1 - share))
    return measures, cases(luck.random(2 * N) < 1 / (1 + np.exp(-odds)))


def division(made: Cases, seed: int = 1) -> Any:
    return divided(made, np.random.default_rng(seed))


# -- pairs --


def test_a_tally_counts_pairs_within_plans_by_hand() -> None:
    made = Cases(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 1, 2, 3, 0, 1]), np.array([1.0, 0, 1, 0, 1, 0]))
    values = np.array([5.0, 4.0, 2.0, 2.0, 9.0, 1.0])
    found = tally(values, made, np.ones((1, 6)))
    # plan 0: 5>4, 5>2, 2<4, 2=2 (half) -> 2.5 of 4; plan 1: 9>1 -> 1 of 1
    assert (found.right[0], found.pairs[0]) == (3.5, 5.0)
    doubled = tally(values, made, np.array([[2.0, 1, 1, 1, 0, 0]]))
    assert (doubled.right[0], doubled.pairs[0]) == (4.5, 6.0)


def test_a_tally_agrees_with_counting_every_pair() -> None:
    luck = np.random.default_rng(5)
    made = cases(luck.random(80) < 0.4, plans=2, replications=40)
    values, weights = luck.integers(0, 6, 80).astype(float), luck.integers(0, 3, (4, 80)).astype(float)
    found = tally(values, made, weights)
    for row, weight in enumerate(weights):
        right = pairs = 0.0
        for a in np.flatnonzero(made.happens == 1):
            for b in np.flatnonzero((made.happens == 0) & (made.plan == made.plan[a])):
                pairs += weight[a] * weight[b]
                right += weight[a] * weight[b] * (0.5 if values[a] == values[b] else float(values[a] > values[b]))
        assert found.right[row] == pytest.approx(right)
        assert found.pairs[row] == pytest.approx(pairs)


def test_a_risky_plan_foretells_nothing_of_its_own_histories() -> None:
    risky = cases(np.concatenate([np.arange(N) < 150, np.arange(N) < 20]))
    which_plan = 1.0 - risky.plan.astype(float)
    assert ranked(which_plan[:, None], risky, division(risky)).share[0] == 0.5


# -- folds --


def test_folds_keep_a_replication_together_and_spread_endings_evenly() -> None:
    made = planted(1.0)[1]
    place = folds(made, np.random.default_rng(2))
    for number in range(N):
        assert len(set(place[made.replication == number])) == 1
    endings = [made.happens[place == fold].sum() for fold in range(prediction_scores.FOLDS)]
    assert max(endings) - min(endings) <= 2 * 2
    for row in division(made).train[:5]:
        assert not set(made.replication[row == 1]) & set(made.replication[row == 0])


def test_resamples_draw_whole_replications() -> None:
    made = planted(1.0)[1]
    weights = resamples(made, np.random.default_rng(2), 20)
    assert (weights.sum(axis=1) == 2 * N).all()
    assert (weights[:, :N] == weights[:, N:]).all()


def leaky() -> tuple[Any, Cases]:
    """Pure luck, the same in both plans: a model that has seen one plan's history knows the other's."""
    luck = np.random.default_rng(11)
    noise = luck.normal(size=(60, 40))
    happens = luck.random(60) < 0.5
    return np.concatenate([noise, noise]), cases(np.tile(happens, 2), replications=60)


def row_by_row(made: Cases, luck: Any, count: int = prediction_scores.FOLDS) -> Any:
    return luck.permutation(len(made)) % count


def test_luck_does_not_leak_from_one_plan_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    measures, made = leaky()
    monkeypatch.setattr(model, "SPREAD", 1.0)
    honest = together(measures, made, division(made), np.random.default_rng(1))
    assert honest.share.low < 0.5
    monkeypatch.setattr(model, "folds", row_by_row)
    fooled = together(measures, made, division(made), np.random.default_rng(1))
    assert fooled.share.value > 0.75, "splitting a replication over folds should have shown"


# -- scores --


def test_a_planted_predictor_is_found_with_its_known_score() -> None:
    measures, made = planted(1.5)
    measures[:, 0] *= -1
    found = ranked(measures, made, division(made))
    best = int(found.share.argmax())
    known = tally(-measures[:, 0], made, np.ones((1, len(made)))).share()[0]
    assert best == 0
    assert found.side[0] == -1
    assert found.share[0] == pytest.approx(known, abs=0.02)
    low, high = found.interval(0)
    assert low < found.share[0] < high
    assert low > 0.7
    assert found.afresh == pytest.approx(found.share[0], abs=0.01)


def test_the_interval_of_a_planted_predictor_covers_the_truth() -> None:
    """Normal values a shift apart: the share of pairs is known to be Φ(shift/√2) = 0.714 for 0.8."""
    covered = 0
    for seed in range(40):
        luck = np.random.default_rng(seed)
        happens = np.arange(2 * N) % 4 == 0
        values = luck.normal(size=2 * N) + 0.8 * happens
        made = cases(happens)
        found = ranked(values[:, None], made, division(made, seed))
        low, high = found.interval(0)
        covered += low <= 0.7142 <= high
    assert 34 <= covered <= 40


def test_noise_scores_a_half_within_its_interval_even_if_the_best_of_many() -> None:
    inside = afresh = claimed = 0
    for seed in range(6):
        measures, made = planted(0.0, seed=seed, others=15)
        found = ranked(measures, made, division(made, seed))
        low, high = np.quantile(found.afresh_resampled, (0.025, 0.975))
        inside += low <= 0.5 <= high
        afresh += found.afresh
        claimed += low > 0.5
    assert inside >= 5
    assert abs(afresh / 6 - 0.5) < 0.05
    assert claimed <= 1


def test_a_score_without_holding_out_would_flatter_noise() -> None:
    measures, made = planted(0.0, others=29)
    whole = tally(measures[:, 0], made, np.ones((1, len(made)))).share()[0]
    best_of_all = max(
        max(share, 1 - share)
        for share in (tally(column, made, np.ones((1, len(made)))).share()[0] for column in measures.T)
    )
    found = ranked(measures, made, division(made))
    assert best_of_all > 0.56 > found.afresh
    assert 0 <= whole <= 1


# -- all together --


def test_the_model_finds_known_weights() -> None:
    luck = np.random.default_rng(4)
    design = np.concatenate([np.ones((20_000, 1)), luck.normal(size=(20_000, 2))], axis=1)
    odds = design @ np.array([-1.0, 0.8, 0.0])
    happens = (luck.random(20_000) < 1 / (1 + np.exp(-odds))).astype(float)
    assert fitted(design, happens, np.full(3, 1e-6)) == pytest.approx([-1.0, 0.8, 0.0], abs=0.06)
    held = fitted(design, happens, np.array([1e-6, 1e9, 1e9]))
    assert held[1:] == pytest.approx([0, 0], abs=1e-4)


def test_the_model_adds_up_weak_measures_and_is_believed() -> None:
    luck = np.random.default_rng(9)
    measures = luck.normal(size=(2 * N, 8))
    odds = 0.6 * measures.sum(axis=1) - 1
    made = cases(luck.random(2 * N) < 1 / (1 + np.exp(-odds)))
    found = together(measures, made, division(made), np.random.default_rng(1))
    alone = ranked(measures, made, division(made))
    assert found.share.value > alone.share.max() + 0.05
    assert found.skill.low > 0
    assert found.brier < found.base


def test_the_model_of_noise_is_no_surer_than_the_base_rate() -> None:
    for seed in range(4):
        measures, made = planted(0.0, seed=seed)
        found = together(measures, made, division(made), np.random.default_rng(1))
        assert found.share.low <= 0.5 <= found.share.high
        assert found.skill.low <= 0


def test_a_plan_in_which_nothing_happens_breaks_no_model() -> None:
    luck = np.random.default_rng(1)
    made = cases(np.concatenate([np.arange(N) % 5 == 0, np.zeros(N, dtype=bool)]))
    measures = np.concatenate([luck.normal(size=(2 * N, 3)), np.ones((2 * N, 1))], axis=1)
    first = np.arange(2 * N) % 2 == 0
    chances = foretold(measures, made, first, ~first)
    assert np.isfinite(chances).all()
    assert chances[made.plan[~first] == 1].max() < 0.05


# -- findings and words --


def part(strength: float, seed: int = 3) -> Foretold:
    measures, made = planted(strength, seed)
    names = ["buy_in_backbench: Redditch", *(f"measure {number}" for number in range(20))]
    measures[:, 0] *= -1
    made_of = Foretold("stalled", 12, "level", len(made), made.count, 7)
    return scored(made_of, measures, names, made)


def finding(*parts: Foretold) -> Indicators:
    return Indicators("study", ("structure_first",), parts, foretelling._table(parts), 400)


def test_words_name_the_measure_its_score_and_its_range() -> None:
    found = part(2.0)
    told = sentence(found)
    assert re.fullmatch(
        r"At month 12 the measure that best foretells a stall is low back-bench buy-in at Redditch: of 100 pairs of "
        r"histories it ranks \d\d \(range \d\d to \d\d\) rightly",
        told,
    )
    whole = said(finding(found))
    assert "foretells does not for that reason cause" in whole
    assert "7 that had ended by then left out" in whole
    assert headline(finding(found)) == told
    assert not re.search(r"\w_\w|\bnan\b|None|replication", whole)


def test_noise_is_said_to_foretell_nothing() -> None:
    found = part(0.0)
    assert not found.foretells
    assert "no measure can be told from chance in foretelling a stall" in sentence(found)
    assert "weak signs need more histories" in said(finding(found))
    assert headline(finding(found)) == (
        "From 407 histories no measure in the first year and a half can be told from chance in foretelling how a "
        "history ends"
    )


def test_twins_of_the_best_cannot_be_told_apart_from_it() -> None:
    measures, made = planted(2.0, others=2)
    measures[:, 1] = measures[:, 0] + 0.05 * np.random.default_rng(1).normal(size=2 * N)
    found = scored(Foretold("stalled", 12, "level", 2 * N, made.count, 0), measures, ["fatigue", "load", "x"], made)
    assert [score.level for score in found.scores] == [False, True, False]
    assert "it cannot be told apart from" in sentence(found)


def test_calibration_is_told_with_its_interval() -> None:
    found = part(2.0)
    assert re.search(
        r"safest \d+% said, \d+% \(\d+ to \d+\) seen, in the third thought most at risk", calibration(found)
    )


def test_too_few_endings_are_not_scored() -> None:
    table = pd.DataFrame({"cell": "a", "replication": range(60), "x": np.arange(60.0), "stalled": 0.0})
    table.loc[: FEW - 2, "stalled"] = 1.0
    found = foretelling._foretold(table, ["x"], "stalled", 6, "level", 0)
    assert not found.scored
    assert "14 of 60 histories" in said(finding(found))
    assert "Too few" in headline(finding(found))
    table.loc[: FEW - 1, "stalled"] = 1.0
    assert foretelling._foretold(table, ["x"], "stalled", 6, "level", 0).scored


def test_the_figure_shows_every_score_in_its_place() -> None:
    few = Foretold("dissolved", 12, "level", 400, 3, 0)
    made = figure(finding(part(2.0), few), "Somewhere")
    texts = [text.get_text() for axes in made.axes for text in axes.texts]
    assert "back-bench buy-in at Redditch (low)" in texts
    assert any("too few to score: 3 of 400" in text for text in texts)
    assert "Somewhere" in made.get_label()


@pytest.mark.parametrize(
    ("series", "told"),
    [
        ("buy_in_backbench: Redditch", "back-bench buy-in at Redditch"),
        ("trust leaders–leaders: A and B", "leaders' trust in one another, A and B"),
        ("trust HR–unions", "trust between HR and the unions"),
        ("fatigue, highest", "highest fatigue at any council"),
        ("trust, lowest", "lowest trust in any relation"),
        ("fatigue", "mean fatigue"),
        ("recurrent_saving_gbp_m", "saving in force"),
    ],
)
def test_measures_have_names(series: str, told: str) -> None:
    assert in_words(series) == told


def test_the_worst_council_is_a_measure_beside_each() -> None:
    wide = pd.DataFrame({"fatigue: A": [0.1, 0.5], "fatigue: B": [0.3, 0.2], "buy_in_leaders: A": [1.0, np.nan]})
    found = with_worst(wide)
    assert found["fatigue, highest"].tolist() == [0.3, 0.5]
    assert "buy_in_leaders: A" not in found


# -- a real study --


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("indicators")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        neglect = ["levers.members.leader_engagement=0.1", "levers.members.backbench_engagement=0.1"]
        words = ["study.replications=40", "study.workers=1", "study.horizon_months=48", *neglect]
        assert cli.main(["run", *words]) == 0
    return next((root / "outputs").iterdir())


def test_levels_are_those_that_the_study_kept(folder: Path) -> None:
    study = Study.load(folder)
    wide = levels_at(study, list(study.labels), 12)
    history = run(study.settings(study.reference), 3, study.manifest["seed"])
    assert wide.loc[(study.reference, 3), "fatigue: Redditch"] == history.column("fatigue: Redditch")[12]
    assert len(wide) == 80
    assert not [name for name in wide.columns if name.startswith("recurrent_saving_gbp_m:")]


def test_what_councils_see_is_late_and_noisy_and_the_ended_are_left_out(folder: Path) -> None:
    study = Study.load(folder)
    cells = list(study.labels)
    numbers = {cell: list(range(40)) for cell in cells}
    again = foretelling.seen(study, numbers, {}, (12, 36))
    settings = {cell: study.settings(cell) for cell in cells}
    lived = {(cell, n): run(settings[cell], n, study.manifest["seed"]) for cell in cells for n in range(40)}
    true = np.array([history.column("fatigue") for history in lived.values()])
    at_12 = again.surveys[12]["fatigue"].to_numpy(dtype=float)
    late = at_12 - true[:, 12 - SURVEY_DELAY_MONTHS]
    assert abs(late.std() - SURVEY_NOISE) < 0.012
    assert abs(late.mean()) < 0.015
    told = {(row.cell, row.replication, row.month) for row in again.over[again.over["over"]].itertuples()}
    ends = {
        (cell, n): min([e.month for e in history.events if e.kind in ("dissolved", "stalled")], default=99.0)
        for (cell, n), history in lived.items()
    }
    assert told == {(*key, month) for key, end in ends.items() for month in (12, 36) if end < month}
    assert len(told) > 3


def test_a_study_of_another_program_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = Study.load(folder)
    changed = study.readings.assign(value=study.readings["value"] + 1e-6)
    monkeypatch.setitem(study.tables, "readings", changed)
    with pytest.raises(InputError, match="the program has changed since the study"):
        indicators(study)


def test_the_command_answers_and_keeps_its_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.parents[1])
    assert cli.main(["indicators", "LATEST", "--json"]) == 0
    content = json.loads(capfd.readouterr().out)
    assert {one["month"] for one in content["parts"]} == {6, 12, 18}
    assert {one["source"] for one in content["parts"]} == {"level", "survey"}
    rows = list(csv.DictReader((folder / "answers" / "indicators.csv").open()))
    assert len(rows) == len(content["scores"]) > 20
    assert all(float(row["low"]) <= float(row["high"]) for row in rows)
    assert (folder / "figures" / "indicators.svg").is_file()


def test_wrong_names_are_refused_and_short_studies_say_what_they_cannot(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.parents[1])
    assert cli.main(["indicators", "LATEST", "--plan", "structure_furst"]) == 2
    assert "did you mean 'structure_first'?" in capfd.readouterr().err
    monkeypatch.chdir(tmp_path)
    short = ["scenario=structure_first", "study.replications=3", "study.workers=1", "study.horizon_months=12"]
    assert cli.main(["run", *short]) == 0
    capfd.readouterr()
    assert cli.main(["indicators", "LATEST"]) == 0
    told = capfd.readouterr().out
    assert "at month 6 nothing is scored" in told.lower()
    assert "month 12" not in told
