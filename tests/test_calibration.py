"""Calibration: its statistics on made-up models whose truth is known, and the command on a small folder of cases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.analysis.calibration.emulators import Observed, fitted, fitted_share
from sim.analysis.calibration.tellings import Reporting, reporting, spreads
from sim.analysis.calibration.trials import Calibrating, Trials
from sim.analysis.calibration.weights import (
    effective_size,
    log_weights,
    normalised,
    resampled,
    residuals,
    speaks_against,
)
from sim.analysis.validation.cases import PublishedFigure
from sim.core.errors import InputError
from sim.core.inputs.candidates import Ensemble, address, fingerprint, shares, values
from sim.plans.compose import compose, shipped_evidence
from sim.plans.ensemble_file import ensemble_text, read_ensemble
from sim.surfaces.cli import main

LUCK, TELLING = 0.5, 0.3


def figure(value: float | None, **more: Any) -> PublishedFigure:
    given = {"value": value, "role": "calibrate", "outcome": "npv_gbp_m", "name": "made up", "source": "S1"}
    return PublishedFigure(**{**given, "reason": "a test", **more})


def target(case: int, value: float | None, **more: Any) -> Calibrating:
    return Calibrating(case, "made up", 0, figure(value, **more), Reporting("counts", TELLING, 0.0))


def observed(truth: np.ndarray, lucks: int, random: np.random.Generator) -> Observed:
    """A figure in trials, with luck in each history."""
    seen = truth[:, None] + random.normal(0.0, LUCK, (len(truth), lucks))
    return Observed(seen.mean(1), seen.var(1, ddof=1), np.full(len(truth), lucks), np.zeros(len(truth)))


def test_an_emulator_learns_a_figure_from_noisy_trials_among_many_idle_quantities() -> None:
    random = np.random.default_rng(3)
    scores, fresh = random.normal(size=(300, 200)), random.normal(size=(200, 200))
    truth = [2.0 * x[:, 3] - x[:, 17] + 0.3 * x[:, 3] ** 2 for x in (scores, fresh)]
    emulator = fitted(scores, observed(truth[0], 4, random), seed=1)
    found = emulator.predict(fresh)
    assert {3, 17} <= set(emulator.active)
    assert np.mean((found.mean - truth[1]) ** 2) < 0.05 * np.var(truth[1])
    inside = np.abs(found.mean - truth[1]) < 1.645 * np.sqrt(found.uncertain)
    assert 0.75 <= inside.mean() <= 1.0, "it knows how little it knows"
    assert found.luck[0] == pytest.approx(LUCK**2, rel=0.15)


def test_the_chance_that_a_figure_never_comes_is_learnt_too() -> None:
    random = np.random.default_rng(4)
    scores = random.normal(size=(400, 60))
    chance = 1.0 / (1.0 + np.exp(-2.0 * scores[:, 5]))
    share = fitted_share(scores, random.binomial(4, chance) / 4.0, seed=1)
    fresh = random.normal(size=(200, 60))
    found = share.predict(fresh)
    assert np.corrcoef(found, fresh[:, 5])[0, 1] > 0.85
    assert found.min() >= 0.0 and found.max() <= 1.0


def predictions(values: np.ndarray, luck: float = LUCK**2) -> Any:
    from sim.analysis.calibration.emulators import Predicted

    nothing = np.zeros(len(values))
    return Predicted(values, nothing, np.full(len(values), luck), nothing)


def test_nine_in_ten_truths_lie_in_the_ranges_of_the_draws_that_are_kept() -> None:
    """A hundred truths made by the model itself: design, emulators and candidates stay, only weights are made anew."""
    random = np.random.default_rng(5)
    candidates = random.normal(size=(4000, 3))
    design, later = candidates @ np.array([[1.0, 0.4], [0.5, 1.0], [0.0, 0.2]]), candidates @ np.array([0.7, 0.7, 0.7])
    held = 0
    for truth in random.normal(size=(100, 3)):
        spread = np.hypot(LUCK, TELLING)
        told = truth @ np.array([[1.0, 0.4], [0.5, 1.0], [0.0, 0.2]]) + random.normal(0.0, spread, 2)
        targets = [target(0, told[0]), target(1, told[1])]
        found = [predictions(design[:, 0]), predictions(design[:, 1])]
        weights = normalised(log_weights(targets, found, []))
        kept = later[resampled(weights, 200, 1)]
        low, high = np.quantile(kept, [0.05, 0.95])
        held += low <= truth @ np.array([0.7, 0.7, 0.7]) <= high
    assert 85 <= held <= 98


def test_weights_prefer_what_was_published_and_ranges_count_as_wholes() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0])
    weights = normalised(log_weights([target(0, 2.0)], [predictions(values)], []))
    assert weights.argmax() == 2
    whole = target(0, None, low=1.0, high=2.0)
    assert residuals(whole, predictions(values)).tolist()[1:3] == [0.0, 0.0]
    assert speaks_against(target(0, 9.0), predictions(values)).all()
    assert speaks_against(target(0, 2.0), predictions(values)).tolist() == [True, False, False, False]


def test_two_figures_of_one_case_that_err_alike_weigh_less_than_those_of_two_cases() -> None:
    """Told by one teller on one plan, they are not two witnesses."""
    found = [predictions(np.array([0.0, 1.0]))] * 2
    apart = log_weights([target(0, 0.0), target(1, 0.0)], found, [])
    alike = log_weights([target(0, 0.0), target(0, 0.0)], found, [])
    assert apart[0] - apart[1] > alike[0] - alike[1] > 0.0


def test_a_draw_under_which_most_would_not_have_lasted_weighs_less() -> None:
    found = [predictions(np.array([1.0, 1.0]))]
    weights = normalised(log_weights([target(0, 1.0)], found, [np.array([0.9, 0.3])]))
    assert weights[0] == pytest.approx(0.75)


def test_resampling_meets_each_weight_to_within_one_draw() -> None:
    weights = normalised(np.random.default_rng(6).normal(size=500))
    counts = np.bincount(resampled(weights, 200, 1), minlength=500)
    assert np.all(np.abs(counts - 200 * weights) < 1.0)
    assert effective_size(np.full(500, 1 / 500)) == pytest.approx(500)


def test_forecasts_are_told_more_loosely_than_outturns_and_money_on_a_scale_of_its_own() -> None:
    outturn, forecast = reporting(figure(2.0), "£m a year"), reporting(figure(2.0, kind="forecast"), "£m a year")
    assert outturn.telling == spreads()["telling"]["money"]["spread"] < forecast.telling
    assert outturn.scaled(2.0) == pytest.approx(np.log(2.0))
    assert reporting(figure(16.0), "number").telling == pytest.approx(1.6)
    assert reporting(figure(9.0), "months").scaled(9.0) == 9.0


def test_a_candidate_is_found_again_from_its_number_and_only_places_differ_between_partnerships() -> None:
    register = shipped_evidence()
    one, other = (values(7, register, name, seed=1) for name in ("Here", "There"))
    differing = {key for key in one if one[key] != other[key]}
    assert differing == {"places.pace", "places.saving"}
    assert one == values(7, register, "Here", seed=1) != values(8, register, "Here", seed=1)
    (share,) = shares(7, [address("money.joint_teams_saving", "Here")], seed=1)
    assert register["money"]["joint_teams_saving"].at(share) == one["money.joint_teams_saving"]
    assert all(register[t][n].low <= one[f"{t}.{n}"] <= register[t][n].high for t in register for n in register[t])


def test_histories_meet_draws_in_turn_and_a_quantity_of_ones_own_is_held() -> None:
    settings = compose(["evidence.money.joint_teams_saving.value=0.03"]).settings
    settings = settings.replaced(ensemble=Ensemble(seed=1, candidates=(4, 9, 4)))
    met = [settings.met_by(replication).evidence_values for replication in range(8)]
    assert met[0] == met[1] == met[4] == met[5] == met[6] != met[2] == met[3]
    assert {own["money.joint_teams_saving"] for own in met} == {0.03}
    assert settings.held == {"money.joint_teams_saving"}
    assert met[2] == {**values(9, settings.evidence, settings.partnership.name, 1), "money.joint_teams_saving": 0.03}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one case, whose holdout figure cannot be read, and what the command made of it."""
    folder = tmp_path_factory.mktemp("calibrating")
    shipped = Path(__file__).parent.parent / "configs" / "case" / "bromsgrove_redditch.yaml"
    (folder / "cases").mkdir()
    shutil.copy(shipped, folder / "cases")
    assert run(folder) == 0
    return folder


def run(folder: Path, *more: str) -> int:
    given = ["--cases", str(folder / "cases"), "--points", "20", "--waves", "1", "--draws", "30", "--workers", "1"]
    kept = ["--journals", str(folder / "kept"), "--write", str(folder / "ensemble.yaml")]
    return main(["calibrate", *given, *kept, *more])


@pytest.mark.slow
def test_the_command_writes_an_ensemble_that_fits_its_register(made: Path) -> None:
    ensemble, register = read_ensemble(made / "ensemble.yaml")
    assert len(ensemble.candidates) == 30
    assert register == fingerprint(shipped_evidence())


@pytest.mark.slow
def test_a_run_that_was_broken_off_goes_on_and_ends_the_same(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (made / "ensemble.yaml").read_text()
    (journal,) = (made / "kept").iterdir()
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:12]) + lines[12][:30])
    assert run(made) == 0
    assert (made / "ensemble.yaml").read_text() == whole
    assert "wave 1" in capsys.readouterr().err, "progress is told where output is piped"


@pytest.mark.slow
def test_holdout_figures_are_not_read(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other holdout figures in the file, trials and ensemble are the same to the bit."""
    whole = (made / "ensemble.yaml").read_text()
    path = next((made / "cases").iterdir())
    case = yaml.safe_load(path.read_text())
    for one in case["figures"]:
        if one["role"] == "holdout":
            one["value"] = 77.0
    path.write_text(yaml.safe_dump(case))
    assert run(made) == 0
    assert (made / "ensemble.yaml").read_text() == whole


@pytest.mark.slow
def test_the_answer_for_machines(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(made, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert {"headline", "waves", "draws", "ruled_out", "learnt", "agreement", "register"} <= set(told)
    assert 0.0 < told["waves"][0]["volume"] <= 1.0


def test_without_a_figure_to_calibrate_by_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cases").mkdir()
    shutil.copy(Path(__file__).parent.parent / "configs" / "case" / "sector.yaml", tmp_path / "cases")
    assert run(tmp_path) == 2
    assert "no case of one partnership has a figure of role calibrate" in capsys.readouterr().err


def test_a_file_that_was_altered_or_made_for_other_ranges_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ensemble.yaml"
    path.write_text(ensemble_text(1, [3, 5], "abc", {"waves": 1}))
    assert read_ensemble(path)[0].candidates == (3, 5)
    altered = tmp_path / "altered.yaml"
    altered.write_text(path.read_text().replace("[3, 5]", "[3, 6]"))
    with pytest.raises(InputError, match="altered"):
        read_ensemble(altered)


def test_a_line_broken_off_in_writing_is_left_out(tmp_path: Path) -> None:
    journal = tmp_path / "trials.jsonl"
    journal.write_text("[0, 3, [[1.0], null]]\n[0, 4, [[1.")
    assert Trials(None, journal, 1).readings == {(0, 3): [(1.0,), None]}  # type: ignore[arg-type]
