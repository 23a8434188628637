"""Sweeps over a sample: how they are asked for, that every row is a cell, and a known answer end to end (Q-V7)."""

import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from studies import sampled as made_sample

from hydra_plugins.tandem.sample import ASKED_FROM, USUAL_REPLICATIONS, read_sweep
from sim.analysis.compare import pooled
from sim.analysis.compare.compared_plans import compare_plans
from sim.core.errors import InputError
from sim.engine import outcomes
from sim.plans.compose import cell_id
from sim.plans.declared_lists import evidence_entries
from sim.study.design import chosen_factors, designs
from sim.study.design.chosen_factors import Drawn
from sim.study.design.designs import Design, Factor, from_manifest, row_count
from sim.study.design.sweeping import plan_sweep
from sim.study.running import kept_parts, worker
from sim.study.running.resuming import resume
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces import api
from sim.surfaces.api.answers import sensitivity
from sim.words.summary.sampled_summary import sampled_summary

TINY = ["study.replications=2", "study.horizon_months=24", "study.workers=1"]
INPUTS = ("levers.staff.involvement", "levers.staff.communication", "levers.members.leader_engagement")
BOTH = "scenario=structure_first,transform_first"
DUMMY = "levers.members.backbench_engagement"


def read(*arguments: str, yes: bool = False) -> Any:
    return read_sweep(arguments, lambda group: ["structure_first", "transform_first"], yes)


def test_a_point_is_drawn_once_and_keeps_the_kinds_of_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(chosen_factors, "values", lambda design, row: drawn.append(row) or designs.values(design, row))
    floats = Factor("evidence.time.review.value", 2.0, 6.0, 4.0)
    mixed = (floats, Factor("levers.hr.od_posts", 0, 6, whole=True), Factor("levers.pace.rules", values=("a", "b")))
    for factors in ((floats,), mixed):
        design = Design("lhs", factors, 5)
        rows = Drawn(design)
        assert [rows[n] for n in range(5)] == [rows[n] for n in range(5)]
        assert [rows[n] for n in range(5)] == [designs.values(design, row) for row in rows.points]
        assert [type(value) for value in rows[0].values()] == [float, int, str][: len(factors)]
    assert len(drawn) == 10


def test_a_sample_moves_what_is_named_and_what_is_given_a_range() -> None:
    asked = read(
        "design=lhs", "design.n=8", "design.over=[time.review,evidence.trust]", "levers.hr.od_posts=interval(0,3)",
        "levers.staff.involvement=0.1,0.9", "scenario=structure_first,transform_first",
    )  # fmt: skip
    keys = asked.design.keys
    assert keys[0] == "evidence.time.review.value"
    assert keys[-2:] == ("levers.hr.od_posts", "levers.staff.involvement")
    assert {key.split(".")[1] for key in keys[1:-2]} == {"trust"}
    assert asked.rows == [
        [f"scenario={name}", f"study.replications={USUAL_REPLICATIONS}"]
        for name in ("structure_first", "transform_first")
    ]
    assert f"{USUAL_REPLICATIONS} histories" in asked.notes[0]


def test_all_evidence_moves_by_topic_where_there_is_too_much_to_move_alone() -> None:
    asked = read("design=sobol", "design.over=evidence", "design.n=8", *TINY)
    uncertain = [entry for entry in evidence_entries() if entry["low"] < entry["high"]]
    assert len(asked.design.factors) == len(uncertain)
    assert set(asked.design.groups) == {f"evidence.{entry['name'].split('.')[1]}" for entry in uncertain}
    assert row_count(asked.design) == 8 * (len(asked.design.groups) + 2)
    alone = read("design=sobol", "design.over=evidence", "design.n=8", "design.groups=none", *TINY)
    assert len(alone.design.groups) == len(uncertain)


def test_an_override_of_a_quantity_fixes_it() -> None:
    asked = read("design=lhs", "design.over=evidence.time", "evidence.time.review.value=4", *TINY)
    assert "evidence.time.review.value" not in asked.design.keys
    assert "evidence.time.review.value=4" in asked.rows[0]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["design=sobl", "design.over=evidence"], "did you mean 'sobol'"),
        (["design=sobol"], "has no factors"),
        (["design=sobol", "design.over=evidnce"], "did you mean 'evidence'"),
        (["design=sobol", "design.over=evidence", "design.n=1"], "at least"),
        (["design=morris", "design.over=evidence", "design.levels=3"], "even number of levels"),
        (["design=lhs", "levers.hr.od_posts=interval(0,99)"], "0 to 20"),
        (["design=lhs", "levers.sequence.sequence=interval(0,1)"], "name the choices"),
        (["design=lhs", "design.over=evidence", "design.x=1"], "design.x: unknown key"),
        (["design=lhs", "design.over=evidence", "design.n=two"], "whole number"),
        (["design=lhs", "design.over=evidence", "design.groups=some"], "auto, topics, none"),
        (["design.n=8"], "is for a sample"),
        (["design=lhs", "design.over=a,,b"], "names are wanted"),
        (["design=lhs", "design=sobol"], "given twice"),
    ],
)
def test_an_impossible_design_is_refused(arguments: list[str], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(*arguments)


def test_a_large_sweep_wants_a_yes() -> None:
    large = ["design=lhs", "design.over=evidence.time", f"design.n={ASKED_FROM + 1}", *TINY]
    with pytest.raises(InputError, match="add --yes"):
        read(*large)
    assert row_count(read(*large, yes=True).design) == ASKED_FROM + 1
    with pytest.raises(InputError, match="ask for fewer"):
        read("design=lhs", "design.over=evidence.time", "design.n=200000", *TINY, yes=True)


@pytest.mark.parametrize("left_out", ["structure_first", "transform_first"])
def test_a_sweep_stopped_before_a_plan_was_reached_compares_what_there_is(sampled: Study, left_out: str) -> None:
    titles = {"structure_first": "Structure first", "transform_first": "Transform first"}
    gone = sampled.design.loc[sampled.design["scenario"] == titles[left_out], "cell"]
    assert len(gone)
    stopped = replace(sampled, tables={"runs": sampled.runs[~sampled.runs["cell"].isin(gone)]})
    assert not stopped.runs.empty
    assert compare_plans(stopped).empty
    assert len(compare_plans(sampled)) > 20


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Study:
    asked = read(
        "design=lhs", "design.n=5", "design.over=evidence.time", "scenario=structure_first,transform_first", *TINY
    )
    return run_study(plan_sweep(asked.rows, None, *asked.sample), tmp_path_factory.mktemp("sampled"))


def test_every_row_is_a_cell_of_every_plan(sampled: Study) -> None:
    table, design = sampled.design, from_manifest(sampled.manifest["design"])
    assert list(table.columns[:3]) == ["row", "cell", "scenario"]
    assert list(table["row"]) == [*range(5), *range(5)]
    assert table["scenario"].nunique() == 2
    assert table["cell"].nunique() == 10
    first, second = (rows.drop(columns=["cell", "scenario"]) for _, rows in table.groupby("scenario", sort=False))
    assert first.reset_index(drop=True).equals(second.reset_index(drop=True))
    assert set(design.keys) == set(table.columns[3:])
    for cell, label in list(sampled.labels.items())[::3]:
        settings = sampled.settings(cell)
        assert cell_id(settings) == cell
        own = table[table["cell"] == cell].iloc[0]
        assert settings.evidence_values["time.review"] == own["evidence.time.review.value"]
        assert label.endswith(f"row {own['row'] + 1}")


def test_a_sample_says_what_its_plans_reach(sampled: Study) -> None:
    means, reference = pooled(sampled)
    assert len(means) == 10
    assert reference in set(means["cell"])
    said = api.summary(sampled)
    assert "a Latin hypercube of five points" in said.text
    assert "tandem sensitivity LATEST" in said.text
    assert "figures" not in said.text + said.markdown


@pytest.mark.check("Q-D1")
def test_a_sample_resumes_to_the_same_digest(sampled: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.running.tasks.CHUNK", 4)
    asked = read(
        "design=lhs", "design.n=5", "design.over=evidence.time", "scenario=structure_first,transform_first", *TINY
    )

    def told(done: int, total: int) -> None:
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(plan_sweep(asked.rows, None, *asked.sample), tmp_path, told)
    folder = next(tmp_path.iterdir())
    assert len(kept_parts.numbers(folder)) == 2
    assert resume(folder).manifest["digest"] == sampled.manifest["digest"]


def ishigami(settings: Any) -> float:
    values = [getattr(getattr(settings.levers, key.split(".")[1]), key.split(".")[2]) for key in INPUTS]
    x, y, z = (math.pi * (2 * value - 1) for value in values)
    return math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)


@pytest.mark.check("Q-V7")
@pytest.mark.slow
def test_the_sensitivity_path_meets_ishigami_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """Q-V7: from the words of a sweep to the indices, with Ishigami's function in the place of the model."""
    history = SimpleNamespace(ended_by="horizon", series=(), events=[], column=lambda name: [])
    monkeypatch.setattr(worker, "play", lambda columns, *rest: [history] * len(columns))
    row = dict.fromkeys(outcomes.OUTCOMES, 0.0)
    monkeypatch.setattr(outcomes, "row", lambda history, settings: row | {"npv_gbp_m": ishigami(settings)})
    asked = read(
        "design=sobol", "design.n=1024", "scenario=structure_first", "study.replications=1", "study.workers=1",
        "study.trajectories=none", *(f"{key}=interval(0,1)" for key in (*INPUTS, DUMMY)),
    )  # fmt: skip
    study = run_study(plan_sweep(asked.rows, None, *asked.sample), tmp_path)
    found = sensitivity(study, ["npv_gbp_m"]).numbers
    for measure, truth in (("first", (0.314, 0.442, 0.0, 0.0)), ("total", (0.558, 0.442, 0.244, 0.0))):
        lines = found.of(found.plans[0], "npv_gbp_m", measure).set_index("factor")
        values = [f"{lines.value[k]:.3f} ({lines.low[k]:.3f} to {lines.high[k]:.3f})" for k in (*INPUTS, DUMMY)]
        record_property("reached", f"{'S1' if measure == 'first' else 'ST'}: {', '.join(values)}, the last a dummy")
        for key, value in zip((*INPUTS, DUMMY), truth, strict=True):
            assert lines.low[key] - 1e-9 <= value <= lines.high[key] + 1e-9, (measure, key, lines.loc[key])
        assert (lines.high - lines.low).max() < 0.25


@pytest.mark.check("Q-S4")
def test_no_range_claims_luck_that_is_the_same_at_every_point() -> None:
    """Luck breaks down half of the histories, the same at each point: over the points there is nothing to range."""
    plans = {
        "First": {"dissolved": lambda p, j: float(j % 2), "npv_gbp_m": lambda p, j: p["x0"] + 10.0 * j},
        "Second": {"dissolved": lambda p, j: 0.0, "npv_gbp_m": lambda p, j: 2.0 + p["x0"] / 1000},
    }
    made = made_sample(Design("lhs", (Factor("x0", 0.0, 1.0),), 40), plans, 6)
    points, means = sampled_summary(made).tables.values()
    assert points.headings[0] == "Nine points in ten" and means.headings[0] == "95% of the mean"
    first, second = points.rows
    assert first[2] == "50% at every point" and second[2] == "0% at every point"
    assert second[1] == "2.0 at nearly all" and re.fullmatch(r"25\.5 \(25\.[01] to 2[56]\.[09]\)", first[1])
    assert re.fullmatch(r"50% \((\d|1\d) to [89]\d\)", means.rows[0][2]), "six lucks and no more"
    low, high = map(float, re.findall(r"\(([\d.]+) to ([\d.]+)\)", means.rows[0][1])[0])
    assert high - low > 30, "luck moves all points together"
    note = sampled_summary(made).note
    assert "the same luck at every point" in note and "no luck" in note


@pytest.mark.check("Q-D1")
@pytest.mark.slow
@pytest.mark.parametrize("launcher", ["joblib", "submitit_local"])
def test_other_launchers_give_the_same_digest(tmp_path: Path, launcher: str) -> None:
    words = ["scenario=structure_first,transform_first", "levers.hr.od_posts=0,2", "study.replications=6", TINY[1]]
    found = []
    for more in ([], [f"hydra/launcher={launcher}", "design.jobs=3"]):
        place = tmp_path / str(len(more))
        place.mkdir()
        subprocess.run([sys.executable, "-m", "sim", "-m", *words, *more], cwd=place, check=True, capture_output=True)
        manifest = json.loads(next(place.glob("outputs/*/manifest.json")).read_text())
        assert manifest["status"] == "complete"
        found.append(manifest["digest"])
    assert found[0] == found[1]


@pytest.mark.check("Q-D1")
@pytest.mark.slow
def test_ray_in_an_environment_of_its_own_gives_the_same_digest(tmp_path: Path) -> None:
    """Ray's launcher holds other packages back, so it is installed apart, as its extra asks."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "own")], check=True)
    python, checkout = tmp_path / "own" / "bin" / "python", Path(__file__).resolve().parents[1]
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"{checkout}[ray]"], check=True, timeout=1200)
    words = ["scenario=structure_first,transform_first", "levers.hr.od_posts=0,2", "study.replications=6", TINY[1]]
    found = []
    for name, more in (("usual", []), ("ray", ["hydra/launcher=ray", "design.jobs=2"])):
        (tmp_path / name).mkdir()
        subprocess.run([python, "-m", "sim", "-m", *words, *more], cwd=tmp_path / name, check=True, timeout=900)
        manifest = json.loads(next((tmp_path / name).glob("outputs/*/manifest.json")).read_text())
        found.append((manifest["status"], manifest["digest"]))
    assert found[0] == found[1]
    assert found[0][0] == "complete"
