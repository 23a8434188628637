"""How cells are run, what the study folder says of it, and what may go wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from breaking import Played, breaking

from sim.analysis.compare import describe, write
from sim.core.errors import InputError
from sim.engine import Column, outcomes
from sim.plans.compose import cell_id, compose
from sim.study.design.cells import plan_run
from sim.study.files import store
from sim.study.files.newest import find_study
from sim.study.files.pointers import changed, changes
from sim.study.running import worker
from sim.study.running.study_run import Stop, run_study
from sim.study.study import Study
from sim.study.tables import EVENTS, READINGS, RUNS, TRAJECTORIES, digest_of, moments, sample
from sim.surfaces.api.studies import _begun

PACE = "levers.pace.months_between_waves"
SMALL = ("study.replications=6", "study.horizon_months=48", "study.workers=1")
BREACH = "headcount of Redditch does not balance in month 3"


def usual_pace() -> int:
    settings = compose(["scenario=structure_first"]).settings
    return int(settings.model_dump()["levers"]["pace"]["months_between_waves"])


def other_pace() -> int:
    return usual_pace() + 1


# What the tables say


def test_moments_are_numpy_s_with_nulls_left_out() -> None:
    values = np.random.default_rng(2).normal(size=(37, 11))
    values[5:9, 3] = np.nan
    found = moments(values)
    assert np.allclose(found["mean"], np.nanmean(values, axis=0))
    assert np.allclose(found["p25"], np.nanquantile(values, 0.25, axis=0))
    assert np.allclose(found["p95"], np.nanquantile(values, 0.95, axis=0))
    assert list(found["n"]) == [37] * 3 + [33] + [37] * 7


def test_typical_unlucky_and_lucky_are_told() -> None:
    values: dict[int, float | None] = {n: float((n * 37) % 101) for n in range(101)}
    assert {values[n]: reason for n, reason in sample(values, 3).items()} == {
        50.0: "typical",
        5.0: "unlucky",
        95.0: "lucky",
    }
    assert list(sample(values, 1).values()) == ["typical"]
    assert sample(values, 0) == {}
    assert set(sample({0: None, 1: 2.0}, 5)) == {0, 1}


def test_changes_rebuild_what_they_were_made_from() -> None:
    base = {"a": {"b/c": 1, "d~": [1, 2]}, "e": {"x": 1}, "f": 1}
    other = {"a": {"b/c": 2, "d~": [1]}, "e": {"y": 1}, "f": 1.0}
    found = changes(base, other)
    assert found == {"/a/b~1c": 2, "/a/d~0": [1], "/e": {"y": 1}, "/f": 1.0}
    assert changed(base, found) == other
    assert changed(base, {}) == base
    assert base["a"] == {"b/c": 1, "d~": [1, 2]}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    seen: list[tuple[int, int]] = []
    plan = plan_run([*SMALL, "scenario=transform_first", f"{PACE}={other_pace()}"])
    done = run_study(plan, tmp_path_factory.mktemp("outputs"), lambda *now: seen.append(now))
    write(done)
    assert seen[0] == (0, 12)
    assert seen[-1] == (12, 12)
    return Study.load(done.folder)


def test_folder_holds_the_contract(small: Study) -> None:
    names = {path.name for path in small.folder.iterdir()}
    tables = {f"{name}.parquet" for name in ("runs", "trajectories", "readings", "events", "cells")}
    assert names == {"manifest.json", "comparison.csv", *tables}
    assert small.folder.name.endswith(f"_{small.name}")


def test_runs_have_every_outcome_in_order(small: Study) -> None:
    assert tuple(small.runs.columns) == RUNS
    assert list(small.runs["replication"]) == [*range(6), *range(6)]
    assert set(small.runs["cell"]) == set(small.labels)
    assert all(small.runs[name].dtype == "float64" for name in outcomes.OUTCOMES)
    assert small.runs["recurrent_saving_y10_gbp_m"].isna().all()


def test_trajectories_summarise_the_levels(small: Study) -> None:
    table = small.trajectories
    assert tuple(table.columns) == TRAJECTORIES
    for cell in small.labels:
        histories = [small.rerun(cell, n) for n in range(6)]
        own = table[(table["cell"] == cell) & (table["series"] == "fatigue")]
        expected = np.mean([history.column("fatigue") for history in histories], axis=0)
        assert np.allclose(own["mean"], expected, atol=1e-12)
        assert list(own["month"]) == list(range(49))
        assert set(own["n"]) == {6}


def test_readings_are_levels_of_every_history(small: Study) -> None:
    table = small.readings
    assert tuple(table.columns) == READINGS
    assert sorted(table["month"].unique()) == [6, 12, 18, 24, 36, 48]
    for cell in small.labels:
        for n in (0, 5):
            history = small.rerun(cell, n)
            own = table[(table["cell"] == cell) & (table["replication"] == n)]
            assert set(own["series"]) == set(history.series)
            assert all(history.column(row.series)[row.month] == row.value for row in own.itertuples())


def test_a_study_without_readings_says_so(small: Study, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes((small.folder / "manifest.json").read_bytes())
    with pytest.raises(InputError, match="kept no readings"):
        _ = Study.load(tmp_path).readings


def test_events_are_those_of_the_sampled_histories(small: Study) -> None:
    table = small.events
    assert tuple(table.columns) == EVENTS
    for entry in small.manifest["cells"]:
        own = table[table["cell"] == entry["cell"]]
        assert list(own["replication"].unique()) == list(entry["sampled"].values())
        first = own[own["replication"] == entry["sampled"]["typical"]]
        history = small.rerun(entry["cell"], entry["sampled"]["typical"])
        assert list(first["kind"]) == [event.kind for event in history.events]
        assert list(first["month"]) == [event.month for event in history.events]


def test_cells_say_what_varied(small: Study) -> None:
    assert list(small.cells.columns)[:4] == ["cell", "label", "scenario", "status"]
    assert set(small.cells["status"]) == {"complete"}
    assert list(small.cells[PACE]) == [usual_pace(), other_pace()]
    assert "partnership" not in small.cells


@pytest.mark.check("Q-S2")
def test_comparison_is_paired_with_the_reference(small: Study) -> None:
    table = small.comparison
    assert set(table["reference_cell"]) == {small.reference}
    assert len(set(table["cell"])) == 1
    assert "recurrent_saving_y10_gbp_m" not in set(table["outcome"])
    assert set(table["label"]) == {small.labels[cell] for cell in table["cell"]}


@pytest.mark.check("Q-D5")
def test_manifest_reproduces_and_names_nobody(small: Study) -> None:
    manifest = small.manifest
    assert manifest["status"] == "complete"
    assert manifest["digest"] == digest_of(small.runs)
    text = (small.folder / "manifest.json").read_text()
    for private in (str(Path.cwd()), str(Path.home()), os.uname().nodename):
        assert private not in text
    for cell in plan_run([*SMALL, "scenario=transform_first", f"{PACE}={other_pace()}"])[0]:
        again = small.settings(cell.id)
        assert again == cell.settings
        assert cell_id(again) == cell.id
        row = outcomes.row(small.rerun(cell.id, 4), again)
        stored = small.runs[(small.runs["cell"] == cell.id) & (small.runs["replication"] == 4)].iloc[0]
        assert row == {name: None if pd.isna(stored[name]) else stored[name] for name in row}


@pytest.mark.check("Q-S1")
def test_description_has_an_interval_for_every_outcome(small: Study) -> None:
    table = describe(small.runs)
    assert len(table) == 2 * len(outcomes.OUTCOMES)
    known = table[table["mean"].notna()]
    assert len(known) > 60
    assert (known["low"] <= known["mean"]).all()
    assert (known["mean"] <= known["high"]).all()


def test_cells_are_found_as_people_name_them(small: Study) -> None:
    for cell, label in small.labels.items():
        assert small.cell_named(label) == small.cell_named(cell) == small.cell_named(cell[:8]) == cell
    assert small.cell_named("transform_first") != small.reference == small.cell_named("structure_first")
    with pytest.raises(InputError, match="transform_first"):
        small.cell_named("transform_frist")
    with pytest.raises(InputError, match="0 to 5"):
        small.rerun(small.reference, 6)


def test_latest_follows_the_moment_and_not_the_local_clock_in_names(tmp_path: Path, small: Study) -> None:
    """Summer time ends at 01:00 UTC: clocks then show 01:30 twice, and a flight west turns them back by hours."""
    text = (small.folder / "manifest.json").read_text()
    stamp = re.search(r'"created_utc": "([^"]+)"', text)
    assert stamp and datetime.fromisoformat(stamp[1]).utcoffset() == timedelta(0)
    assert abs(datetime.fromisoformat(stamp[1]) - datetime.now(UTC)) < timedelta(hours=2)

    def made(name: str, **moments: str | None) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        content = json.loads(text) | moments
        (folder / "manifest.json").write_text(store.as_json({k: v for k, v in content.items() if v is not None}))
        (folder / "runs.parquet").touch()
        return folder

    made("2025-10-26_013000_main", created="2025-10-26T01:30:00", created_utc="2025-10-26T00:30:00.5+00:00")
    west = made("2025-10-26_011000_main", created="2025-10-26T01:10:00", created_utc="2025-10-26T01:10:00.5+00:00")
    assert find_study("LATEST", tmp_path) == west == _begun("LATEST", tmp_path)
    made("2025-10-25_235959_main", created="2025-10-25T23:59:59", created_utc=None)
    assert find_study("LATEST", tmp_path) == west
    older = made("2025-10-28_120000_main", created="2025-10-28T12:00:00", created_utc=None)
    assert find_study("LATEST", tmp_path) == older
    unstamped = made("2025-10-29_120000_main", created="", created_utc="not a moment")
    assert find_study("LATEST", tmp_path) == unstamped


def test_latest_is_the_newest_with_results(tmp_path: Path, small: Study) -> None:
    with pytest.raises(InputError, match="no study"):
        find_study("LATEST", tmp_path)
    for name in (
        "2015-01-02_000000_b",
        "2016-01-02_000000_a",
        "2016-01-02_000000_a-2",
        "2017-01-01_000000_c",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_bytes((small.folder / "manifest.json").read_bytes())
        if not name.endswith("c"):
            (tmp_path / name / "runs.parquet").touch()
            time.sleep(0.01)
    assert find_study("LATEST", tmp_path).name == "2016-01-02_000000_a-2"
    assert find_study("2015-01-02_000000_b", tmp_path) == tmp_path / "2015-01-02_000000_b"
    assert find_study(str(small.folder)) == small.folder
    with pytest.raises(InputError, match="there is no study 'nothing'"):
        find_study("nothing", tmp_path)


# What may go wrong


def broken(months: int, replication: int) -> Played:
    def here(column: Column) -> bool:
        return column.replication == replication and column.settings.levers.pace.months_between_waves == months

    return breaking(BREACH, here)


@pytest.mark.check("Q-C4")
def test_a_failing_cell_leaves_the_others_intact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_run([*SMALL, "scenario=structure_first", f"{PACE}={other_pace()}"])
    monkeypatch.setattr(worker, "play", broken(other_pace(), 3))
    done = run_study(plan, tmp_path)
    assert done.failed == [f"{plan.cells[1].label}: replication 3: {BREACH}"]
    assert list(done.cells["status"]) == ["complete", "failed"]
    assert set(done.runs["cell"]) == {plan.reference}
    assert len(done.runs) == 6
    assert not done.partial
    assert write(done).empty


@pytest.mark.check("Q-C4")
def test_when_every_cell_fails_there_is_still_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "play", broken(usual_pace(), 0))
    done = run_study(plan_run([*SMALL, "scenario=structure_first"]), tmp_path)
    assert len(done.failed) == 1
    assert tuple(done.runs.columns) == RUNS
    assert done.runs.empty
    assert done.trajectories.empty
    assert write(done).empty


@pytest.mark.check("Q-C4")
def test_nothing_is_written_where_the_folder_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "outputs").write_text("a file")
    with pytest.raises(InputError, match="outputs"):
        run_study(plan_run([*SMALL]), tmp_path / "outputs")


LONG = """
import sys
from pathlib import Path
from sim.study.design.cells import plan_run
from sim.study.running.study_run import run_study

def told(done, total):
    print(done, flush=True)

if __name__ == "__main__":
    plan = plan_run(["study.replications=100000", f"study.workers={sys.argv[2]}"])
    done = run_study(plan, Path(sys.argv[1]), told)
    print("partial" if done.partial else "complete", len(done.runs))
"""


@pytest.mark.check("Q-C4")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, workers: int, record_property: Any) -> None:
    command = [sys.executable, "-c", LONG, str(tmp_path / "outputs"), str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) == 0:
            pass
        asked = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        printed, complaints = process.communicate(timeout=60)
    took = time.monotonic() - asked
    record_property(
        "reached", f"Ctrl-C stops a study on {workers} worker{'s' * (workers > 1)} within {took:.1f} seconds"
    )
    assert took < 5
    assert (process.returncode, complaints) == (0, "")
    assert printed.splitlines()[-1].startswith("partial ")
    study = Study.load(find_study("LATEST", tmp_path / "outputs"))
    assert study.manifest["status"] == "partial"
    assert set(study.cells["status"]) == {"partial"}
    assert len(study.runs) == int(printed.split()[-1]) > 0
    assert study.manifest["digest"] == digest_of(study.runs)
    assert json.loads((study.folder / "manifest.json").read_text())["cells"][0]["replications"] > 0


@pytest.mark.check("Q-C4")
def test_ctrl_c_twice_at_once_is_one_and_later_is_impatience() -> None:
    stop = Stop()
    assert not stop.is_set()
    stop.press()
    stop.press()
    assert stop.is_set()
    assert stop.since is not None
    stop.since -= 2
    with pytest.raises(KeyboardInterrupt):
        stop.press()


@pytest.mark.check("Q-D1")
def test_a_process_with_threads_is_not_forked(tmp_path: Path) -> None:
    overrides = [text for text in SMALL if "workers" not in text]
    alone = run_study(plan_run([*overrides, "study.workers=1"]), tmp_path / "a")
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()
    try:
        together = run_study(plan_run([*overrides, "study.workers=2"]), tmp_path / "b")
    finally:
        release.set()
        thread.join()
    assert together.manifest["digest"] == alone.manifest["digest"]
