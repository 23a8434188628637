"""The silent traps of Hydra, each seen: what was typed or written is obeyed or refused, never ignored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.plans.compose import cell_id, compose
from sim.plans.strict import SHIPPED, Library
from sim.study.design.cells import plan_run
from sim.surfaces import cli
from sim.surfaces import hydra_application as application

HEADER = "# @package _global_\n"
pytestmark = pytest.mark.check("Q-B3")
SLOW = "scenario: {title: Slow}\nlevers: {pace: {months_between_waves: 9}}\n"
QUICK = ["study.replications=1", "study.workers=1", "study.horizon_months=12"]
SCENARIOS = Library().names("scenario")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; figures are not drawn, to save time."""
    monkeypatch.setattr("sim.pictures.figures.save_all", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def own(folder: Path, file: str, text: str) -> str:
    path = folder / "mine" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return "--config-dir=mine"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def refused(folder: Path, capfd: pytest.CaptureFixture[str], *argv: str, tool: Any = application) -> str:
    before = files(folder)
    assert tool.main(list(argv)) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err
    assert files(folder) == before, "something was written"
    return printed.err


def cells(folder: Path) -> list[dict[str, Any]]:
    [study] = (folder / "outputs").iterdir()
    found: list[dict[str, Any]] = json.loads((study / "manifest.json").read_text())["cells"]
    return found


def test_a_glob_over_scenarios_starts_every_one(folder: Path) -> None:
    assert application.main(["-m", "scenario=glob(*)", *QUICK]) == 0
    assert sorted(cell["scenario"] for cell in cells(folder)) == SCENARIOS


def test_a_glob_over_own_scenarios_starts_them(folder: Path) -> None:
    flag = own(folder, "scenario/slow.yaml", HEADER + SLOW)
    assert application.main([flag, "-m", "scenario=glob(sl*)", *QUICK]) == 0
    assert [cell["scenario"] for cell in cells(folder)] == ["slow"]


def test_a_glob_that_matches_nothing_is_refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "no cells" in refused(folder, capfd, "-m", "scenario=glob(zz*)")


def test_a_wrong_path_does_not_run_the_baseline(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "no such folder" in refused(folder, capfd, "--config-dir=absent", "scenario=parallel")
    assert "no such file" in refused(folder, capfd, "partnership=absent/own.yaml")
    assert "unknown scenario" in refused(folder, capfd, "scenario=somewhere/else")
    assert "--config-dir" in refused(folder, capfd, "hydra.searchpath=[file://absent]", "scenario=parallel")
    assert "'+' and '~'" in refused(folder, capfd, "+scenario=parallel")


def test_a_scenario_without_its_header_does_not_run_the_baseline(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    flag = own(folder, "scenario/slow.yaml", SLOW)
    assert "# @package _global_" in refused(folder, capfd, flag, "scenario=slow")


def test_the_scenario_comes_last_in_the_defaults_list() -> None:
    defaults = yaml.safe_load((SHIPPED[0] / "config.yaml").read_text())["defaults"]
    plain = [entry for entry in defaults if not (isinstance(entry, dict) and next(iter(entry)).startswith("override"))]
    assert plain[-2:] == ["_self_", {"scenario": None}]


def test_a_list_of_scenarios_does_not_merge_two_files(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for argv in (
        ["scenario=[structure_first,transform_first]"],
        ["-m", "scenario=[structure_first,parallel]"],
    ):
        assert "list" in refused(folder, capfd, *argv)
    assert "list" in refused(folder, capfd, "run", "scenario=[structure_first,parallel]", tool=cli)


def test_an_own_file_with_a_shipped_name_is_not_ignored(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    flag = own(folder, "scenario/parallel.yaml", HEADER + SLOW)
    assert "shipped scenario" in refused(folder, capfd, flag, "scenario=parallel")


@pytest.mark.parametrize("word", ["off", "no", "on", "yes"])
def test_no_does_not_become_false(folder: Path, word: str, capfd: pytest.CaptureFixture[str]) -> None:
    flag = own(folder, "scenario/word.yaml", HEADER + f"scenario: {{title: {word}}}\nmechanisms: {{fatigue: off}}\n")
    assert application.main([flag, "--cfg", "job", "scenario=word"]) == 0
    content = yaml.load(capfd.readouterr().out, yaml.BaseLoader)
    assert content["scenario"]["title"] == word
    assert content["mechanisms"]["fatigue"] == "off"
    assert compose(["scenario=word"], Library(["mine"])).settings.mechanisms.fatigue == "off"


@pytest.mark.parametrize(
    "text",
    [
        "hydra: {run: {dir: ../elsewhere}}\n",
        "hydra: {callbacks: {x: {_target_: os.system}}}\n",
        "defaults: [/partnership: other]\n",
        "levers: {_target_: os.system}\n",
    ],
)
def test_an_own_file_cannot_speak_to_hydra(folder: Path, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    flag = own(folder, "scenario/slow.yaml", HEADER + text)
    assert "is not allowed" in refused(folder, capfd, flag, "scenario=slow")


def test_unknown_keys_of_an_own_file_are_not_ignored(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    flag = own(folder, "scenario/slow.yaml", HEADER + "levers: {pace: {month_between_waves: 9}}\n")
    sentence = refused(folder, capfd, flag, "scenario=slow")
    assert "slow.yaml, line 2" in sentence
    assert "months_between_waves" in sentence


def test_an_own_file_elsewhere_in_the_folder_is_not_ignored(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert "unknown kind" in refused(folder, capfd, own(folder, "scenarios/slow.yaml", HEADER + SLOW))


def test_a_misspelt_key_is_not_answered_with_a_plus(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sentence = refused(folder, capfd, "levers.pace.month_between_waves=2")
    assert "levers.pace.months_between_waves" in sentence
    assert "+levers" not in sentence


def test_the_sweeps_own_key_cannot_be_typed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for own in ("design.folder=elsewhere", "design.sweep=true", "design.job=0"):
        assert "is for a sweep" in refused(folder, capfd, own)
        assert "is for a sweep" in refused(folder, capfd, "run", own, tool=cli)
        assert "unknown key" in refused(folder, capfd, "-m", own)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_starts_a_cell_and_differs_from_the_reference(name: str) -> None:
    cells, study, reference, *_ = plan_run([f"scenario={name}"])
    assert name in [cell.scenario for cell in cells]
    own_id = cell_id(compose([f"scenario={name}"]).settings)
    assert own_id in [cell.id for cell in cells]
    assert (own_id == reference) == (name == study.reference)


@pytest.mark.parametrize("flag", ["--config-path=x", "--config-name=x", "--experimental-rerun=x.pickle"])
def test_hydras_ways_around_the_checks_are_closed(folder: Path, flag: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert flag.partition("=")[0] in refused(folder, capfd, flag)


@pytest.mark.parametrize(
    "override",
    ["hydra/sweeper=basic", "hydra.callbacks.x._target_=os.system", "hydra.launcher._target_=os.system"],
)
def test_nothing_is_instantiated_from_what_is_typed(
    folder: Path, override: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "is not allowed" in refused(folder, capfd, override)
