"""`tandem compare` on real study folders: councils' money, what is kept, what is refused, and how it is said."""

import csv
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from studies import money, of_plans

from sim.analysis.compare import compare_plans, mean_interval, write
from sim.analysis.compare.compared_sides import gathered
from sim.analysis.compare.council_money import BLACK, DEEPEST, NET, SAVING, councils
from sim.analysis.compare.side_by_side import side_by_side
from sim.study.design.cells import plan_run
from sim.study.design.sweeping import plan_sweep
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces.api import answers as answer
from sim.surfaces.cli import main
from sim.words.comparing.comparison_page import said

SMALL = ("study.replications=8", "study.horizon_months=60", "study.workers=1", "study.events=0")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Study:
    found = run_study(plan_run(SMALL), tmp_path_factory.mktemp("made"))
    write(found)
    return found


@pytest.fixture
def folder(made: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the study where commands look for it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made.folder, tmp_path / "outputs" / made.folder.name)
    return tmp_path / "outputs" / made.folder.name


# Who pays, who saves, when


def test_councils_sum_to_the_whole_and_agree_with_the_outcomes(made: Study) -> None:
    table = side_by_side([made]).councils.table
    nets = table[(table["measure"] == NET) & (table["month"] == 60)]
    whole = made.readings[(made.readings["series"] == NET) & (made.readings["month"] == 60)]
    for cell, rows in nets.groupby("cell"):
        assert rows["middle"].sum() == pytest.approx(whole.loc[whole["cell"] == cell, "value"].mean())
    savings = table[(table["measure"] == SAVING) & (table["month"] == 60)].groupby("cell")["middle"].sum()
    for cell, saving in savings.items():
        runs = made.runs[made.runs["cell"] == cell]
        assert saving == pytest.approx(runs["recurrent_saving_y5_gbp_m"].mean(), abs=1e-6)


def test_differences_of_councils_are_paired(made: Study) -> None:
    table = side_by_side([made]).councils.table
    row = table[(table["council"] == "Redditch") & (table["measure"] == NET) & (table["month"] == 36)].iloc[-1]
    mine = made.readings[(made.readings["series"] == f"{NET}: Redditch") & (made.readings["month"] == 36)]
    wide = mine.pivot(index="replication", columns="cell", values="value")
    known = mean_interval((wide[row["cell"]] - wide[made.reference]).to_numpy(float))
    assert row["mean_difference"] == pytest.approx(known.value)
    assert row["half_width_alone"] == pytest.approx(known.half_width)
    assert bool(row["paired"])


def with_months(paths: dict[str, list[float]]) -> Any:
    """A study in which half the histories of each plan stay above this path, its tails ten lower and higher."""
    base = of_plans({name: money([1.0, 2.0, 3.0]) for name in paths})
    tables, readings = [], []
    for cell, path in zip(base.labels, paths.values(), strict=True):
        for council in ("Bromsgrove", "Redditch"):
            head = {"cell": cell, "series": f"{NET}: {council}"}
            middle = np.asarray(path)
            ends = {"p05": middle - 10, "p50": middle, "p95": middle + 10}
            tables.append(pd.DataFrame({**head, "month": range(len(path)), "n": 3, **ends}))
            for name in (NET, SAVING):
                values = {"replication": [0, 1, 2], "value": middle[-1] + np.arange(3)}
                readings.append(
                    pd.DataFrame({"cell": cell, "series": f"{name}: {council}", "month": len(path) - 1, **values})
                )
    base.tables |= {"trajectories": pd.concat(tables), "readings": pd.concat(readings)}
    return base


def test_deepest_point_and_black_months_are_those_of_the_paths() -> None:
    plan = [0.0, -20.0, -30.0, -5.0, -1.0, 4.0, 12.0]
    sides = gathered([with_months({"Alpha": plan, "Beta": [0.0] * 7})], [], None, False)
    table = councils(sides, sides.every, False).table.set_index(["cell", "council", "measure"]).sort_index()
    deepest = table.loc[("alpha", "Redditch", DEEPEST)]
    assert (deepest["month"], deepest["middle"], deepest["low"], deepest["high"]) == (2, -30.0, -40.0, -20.0)
    black = table.loc[("alpha", "Redditch", BLACK)]
    assert (black["low"], black["middle"], black["high"]) == (3.0, 5.0, 6.0)
    never = table.loc[("beta", "Redditch", BLACK)]
    assert (never["middle"], never["high"]) == (math.inf, math.inf), "a council with nothing is not in credit"


# What is kept, and how it is said


def test_the_answer_is_kept_in_the_folder(folder: Path) -> None:
    found = answer.compare(Study.load(folder)).numbers
    for name in ("comparison", "comparison_dominance", "comparison_regret", "councils"):
        rows = list(csv.reader((folder / "answers" / f"{name}.csv").open(encoding="utf-8")))
        assert len({len(row) for row in rows}) == 1
    table = pd.read_csv(folder / "answers" / "comparison.csv")
    assert len(table) == len(found.table)
    page = (folder / "answers" / "comparison.md").read_text(encoding="utf-8")
    assert "Illustrative, not a forecast" in page
    assert "| Plan |" in page
    assert (folder / "figures" / "trade_off.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert not found.complaints


def test_verdicts_are_those_of_the_study_itself(made: Study) -> None:
    own = made.comparison.set_index("outcome")["verdict"]
    mine = side_by_side([made]).table.set_index("outcome")["verdict"]
    assert mine.to_dict() == own[mine.index].to_dict()


def test_the_command_prints_the_answer_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "LATEST", "--full"]) == 0
    text = capsys.readouterr().out
    assert "Saving in year 5, £m a year" in text
    assert "Paired" in text
    assert "Bromsgrove: structure first nets" in text
    assert max(map(len, text.splitlines())) <= 130
    assert main(["compare", "LATEST", "LATEST", "--json", "--plans", "transform_first"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [plan["name"] for plan in found["plans"]] == ["Structure first", "Transform first"]
    assert {line["verdict"] for line in found["comparison"]} <= {
        "better", "worse", "higher", "lower", "cannot be told apart", "identical",
    }  # fmt: skip
    assert found["councils"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compare"], "STUDY"),
        (["compare", "nowhere"], "no study 'nowhere'"),
        (["compare", "LATEST", "--plans", "trnsform_first"], "did you mean"),
        (["compare", "LATEST", "--reference", "x"], "no plan 'x'"),
        (["compare", "LATEST", "--outcome", "npv"], "not an outcome"),
        (["compare", "LATEST", "--plans", ""], "no plan"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(words) == 2
    message = capsys.readouterr().err
    assert told in message
    assert len(message.strip().splitlines()) == 1


def test_altered_missing_and_broken_files_are_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pd.read_parquet(folder / "runs.parquet")
    table["npv_gbp_m"] += 1.0
    table.to_parquet(folder / "runs.parquet", index=False)
    (folder / "readings.parquet").unlink()
    assert main(["compare", "LATEST"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Take care: ")
    assert "runs" in text.split("Structure first")[0]
    assert "No council's own money can be told" in text
    (folder / "runs.parquet").write_bytes(b"not a table")
    assert main(["compare", "LATEST"]) == 2
    assert "runs.parquet" in capsys.readouterr().err


def test_the_plans_of_a_sample_are_compared_over_its_points(tmp_path: Path) -> None:
    from hydra_plugins.tandem.sample import read_sweep

    plans = ["structure_first", "transform_first"]
    tiny = ("study.replications=2", "study.horizon_months=36", "study.workers=1")
    asked = read_sweep(
        ["design=lhs", "design.n=3", "design.over=evidence.time", f"scenario={','.join(plans)}", *tiny],
        lambda group: plans, False,
    )  # fmt: skip
    found = run_study(plan_sweep(asked.rows, None, *asked.sample), tmp_path)
    compared = side_by_side([found])
    own = compare_plans(found).set_index("outcome")
    mine = compared.table.set_index("outcome")
    same = [name for name in mine.index if name in own.index]
    assert len(same) > 30
    assert np.allclose(mine.loc[same, "half_width"], own.loc[same, "half_width"], equal_nan=True)
    assert mine.loc[same, "verdict"].to_dict() == own.loc[same, "verdict"].to_dict()
    text = said(compared, full=True)
    assert "points drawn" in text
    assert not compared.dominance
    with pytest.raises(ValueError, match="is a sample"):
        side_by_side([found, of_plans({"Alpha": money([1.0, 2.0])})])
