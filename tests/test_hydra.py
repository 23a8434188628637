"""`python -m sim`: what Hydra composes is what we run, and a sweep is one study."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

from hydra_plugins.tandem.grid import grid
from sim.core.errors import InputError
from sim.plans.compose import compose
from sim.plans.strict import SHIPPED, Library
from sim.study.files.newest import find_study
from sim.surfaces import hydra_application as application

LIBRARY = Library()
QUICK = ["study.replications=2", "study.workers=1", "study.horizon_months=24"]


@pytest.fixture
def hydra() -> Iterator[None]:
    application.register()
    with initialize_config_dir(str(SHIPPED[0]), version_base="1.3"):
        yield
    GlobalHydra.instance().clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; figures are not drawn, to save time."""
    monkeypatch.setattr("sim.pictures.figures.save_all", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder for a study with its figures."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def theirs(*overrides: str) -> dict[str, Any]:
    content = OmegaConf.to_container(hydra_compose("config", list(overrides)), resolve=True)
    assert isinstance(content, dict)
    return content


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY.names("scenario"))
def test_hydra_composes_every_scenario_as_we_do(hydra: None, name: str) -> None:
    assert theirs(f"scenario={name}") == compose([f"scenario={name}"]).content


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY.names("partnership"))
def test_hydra_composes_every_partnership_as_we_do(hydra: None, name: str) -> None:
    assert theirs(f"partnership={name}") == compose([f"partnership={name}"]).content


@pytest.mark.slow
@pytest.mark.parametrize("group", ["services", "study"])
def test_hydra_composes_every_other_choice_as_we_do(hydra: None, group: str) -> None:
    for name in LIBRARY.names(group):
        assert theirs(f"{group}={name}") == compose([f"{group}={name}"]).content


def test_hydra_composes_overrides_as_we_do(hydra: None) -> None:
    overrides = [
        "scenario=parallel",
        "levers.pace.months_between_waves=2",
        'levers.sequence.order=["joint_team: community > joint_team: ict"]',
        "mechanisms.fatigue=off",
        "evidence.fatigue.line.value=0.5",
        "study.seed=7",
        "study.scenarios=[parallel,hr_first]",
    ]
    assert theirs(*overrides) == compose(overrides).content


def test_every_evidence_topic_is_composed(hydra: None) -> None:
    assert set(theirs()["evidence"]) == set(LIBRARY.names("evidence"))


def test_a_difference_is_refused_by_name() -> None:
    content = compose(["scenario=parallel"]).content
    application.check_same(content, ["scenario=parallel"], LIBRARY)
    changed = json.loads(json.dumps(content))
    changed["levers"]["pace"]["packages_at_once"] += 1
    with pytest.raises(InputError, match=r"levers\.pace\.packages_at_once"):
        application.check_same(changed, ["scenario=parallel"], LIBRARY)
    del changed["levers"]["pace"]
    with pytest.raises(InputError, match=r"levers\.pace "):
        application.check_same(changed, ["scenario=parallel"], LIBRARY)


# The grid


def names(group: str) -> list[str]:
    return {"scenario": ["parallel", "pilot", "other"]}[group]


def test_the_last_key_changes_fastest() -> None:
    rows = grid(["scenario=a,b", "x=range(1,3)", "y=z"], names)
    assert rows == [
        ["scenario=a", "x=1", "y=z"],
        ["scenario=a", "x=2", "y=z"],
        ["scenario=b", "x=1", "y=z"],
        ["scenario=b", "x=2", "y=z"],
    ]


def test_glob_is_over_names() -> None:
    assert grid(["scenario=glob(p*)"], names) == [["scenario=parallel"], ["scenario=pilot"]]
    assert grid(["scenario=glob(*,exclude=p*)"], names) == [["scenario=other"]]


def test_lists_and_quotes_survive() -> None:
    assert grid(["x=[1,2],[3]", "y='a,b'"], names) == [["x=[1,2]", "y='a,b'"], ["x=[3]", "y='a,b'"]]
    assert grid([], names) == [[]]


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("scenario=glob(zz*)", "no value at all"),
        ("x=range(3,1)", "no value at all"),
        ("x=range(1,3,0)", "cannot be read"),
        ("x=range(0,1e9)", "more than 100000 cells"),
        ("x=interval(0,1)", "range(start, stop, step)"),
        ("x=nonsense(1)", "cannot be read"),
        ("x=1,2,", "cannot be read"),
        ("x=${y},2", "${"),
        ("+x=1,2", "'+' and '~'"),
    ],
)
def test_a_grid_is_refused(argument: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        grid([argument], names)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 300


# Whole commands


def cells(folder: Path) -> list[dict[str, Any]]:
    study = find_study("LATEST", folder / "outputs")
    found: list[dict[str, Any]] = json.loads((study / "manifest.json").read_text())["cells"]
    return found


def scenarios(folder: Path) -> list[str]:
    return [cell["scenario"] for cell in cells(folder)]


def test_nothing_named_runs_the_studys_scenarios(folder: Path) -> None:
    assert application.main(QUICK) == 0
    assert scenarios(folder) == ["structure_first", "transform_first"]


def test_one_scenario_runs_beside_the_reference(folder: Path) -> None:
    assert application.main(["scenario=parallel", "levers.pace.months_between_waves=5", *QUICK]) == 0
    assert sorted(scenarios(folder)) == ["parallel", "structure_first"]
    waves = {cell["scenario"]: cell["varied"]["levers.pace.months_between_waves"] for cell in cells(folder)}
    assert waves["parallel"] == 5
    assert waves["structure_first"] != 5


def test_the_reference_alone(folder: Path) -> None:
    assert application.main(["scenario=structure_first", *QUICK]) == 0
    assert scenarios(folder) == ["structure_first"]


def test_two_scenarios_with_a_comma_are_two_cells(folder: Path) -> None:
    assert application.main(["scenario=parallel,hr_first", *QUICK]) == 0
    assert sorted(scenarios(folder)) == ["hr_first", "parallel"]


def test_a_sweep_is_one_study_and_only_our_store_writes(drawn: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert application.main(["-m", "scenario=structure_first,transform_first,parallel", *QUICK]) == 0
    assert sorted(scenarios(drawn)) == ["parallel", "structure_first", "transform_first"]
    assert [path.name for path in drawn.iterdir()] == ["outputs"]
    [study] = (drawn / "outputs").iterdir()
    assert {path.name for path in study.iterdir()} == {
        *(
            "manifest.json",
            "runs.parquet",
            "trajectories.parquet",
            "readings.parquet",
            "events.parquet",
            "cells.parquet",
        ),
        *("comparison.csv", "figures", "summary.md"),
    }
    printed = capfd.readouterr()
    assert all(line.startswith("note:") for line in printed.err.splitlines())
    assert "HYDRA" not in printed.out and "Launching" not in printed.out


def test_a_sweep_over_levers_ranges_and_globs(folder: Path) -> None:
    sweep = ["-m", "scenario=glob(*_first)", "levers.pace.months_between_waves=range(2,4)", *QUICK]
    assert application.main(sweep) == 0
    expected = [name for name in LIBRARY.names("scenario") if name.endswith("_first") for _ in range(2)]
    assert sorted(scenarios(folder)) == expected


def test_own_files_run_and_sweep(folder: Path) -> None:
    own = folder / "mine" / "scenario"
    own.mkdir(parents=True)
    text = "# @package _global_\nscenario: {title: Slow}\nlevers: {pace: {months_between_waves: 9}}\n"
    (own / "slow.yaml").write_text(text)
    (own / "slower.yaml").write_text(text.replace("Slow", "Slower").replace("9", "12"))
    shipped = (SHIPPED[0] / "partnership" / "bromsgrove_redditch.yaml").read_text()
    (folder / "My councils (2).yaml").write_text(shipped.replace("name: Bromsgrove &", "name: Our Bromsgrove &"))
    partnership = "partnership=My councils (2).yaml"
    assert application.main(["--config-dir", "mine", "scenario=slow", partnership, *QUICK]) == 0
    assert sorted(scenarios(folder)) == ["slow", "structure_first"]
    assert application.main(["--config-dir=mine", "-m", "scenario=glob(slow*)", partnership, *QUICK]) == 0
    assert sorted(scenarios(folder)) == ["slow", "slower"]


def test_hydras_flags_work(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert application.main(["--cfg", "job", "scenario=parallel", "--package", "levers.sequence"]) == 0
    assert "sequence: parallel" in capfd.readouterr().out
    for flag, word in (
        ("--help", "bromsgrove_redditch"),
        ("--info=searchpath", "tandem"),
        ("--hydra-help", "Hydra"),
    ):
        with pytest.raises(SystemExit) if "help" in flag else nullcontext():
            application.main([flag])
        assert word in capfd.readouterr().out
    assert list(folder.iterdir()) == []
