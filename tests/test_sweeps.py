"""Sweeps that survive: kept as they go, resumed to the same digest, refused where two would mix (Q-C1 … Q-C4)."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from breaking import breaking

from sim import engine
from sim.core.errors import InputError
from sim.engine import Column, outcomes
from sim.plans.compose import cell_id, compose
from sim.plans.variants import Ids, to_run, variant
from sim.study.design.cells import StudyPlan
from sim.study.design.sweeping import plan_sweep
from sim.study.files import store
from sim.study.provenance import origin
from sim.study.running import kept_parts, worker
from sim.study.running import resuming as resuming_module
from sim.study.running.resuming import resume
from sim.study.running.study_run import run_study
from sim.study.study import Study

PACE = "levers.pace.months_between_waves"
TINY = ["study.replications=6", "study.horizon_months=24", "study.workers=1"]
SWEEP = """
import sys
from pathlib import Path
from sim.study.running import tasks
from sim.study.design.sweeping import plan_sweep
from sim.study.running.resuming import resume
from sim.study.running.study_run import run_study

tasks.CHUNK = 3
rows = [[f"levers.pace.months_between_waves={n}", "scenario=structure_first", "study.replications=6",
         "study.horizon_months=24", "study.workers=2", "study.trajectories=all"] for n in range(6)]
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    found = sorted(folder.glob("*/manifest.json"))
    study = resume(found[0].parent) if found else run_study(plan_sweep(rows), folder)
    doubled = study.runs.duplicated(["cell", "replication"]).sum()
    print(study.manifest["status"], study.manifest["digest"], len(study.runs), doubled)
"""


def rows(count: int = 3, *more: str) -> list[list[str]]:
    return [[f"{PACE}={n + 1}", "scenario=structure_first", *TINY, *more] for n in range(count)]


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.running.tasks.CHUNK", 3)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return run_study(plan_sweep(rows()), tmp_path_factory.mktemp("undisturbed"))


class Interrupted(BaseException):
    """What a power cut would be."""


def interrupted(plan: StudyPlan, root: Path, after: int) -> Path:
    """The folder of a study whose process ended, without a word, when `after` replications were done."""

    def told(done: int, total: int) -> None:
        if done >= after:
            raise Interrupted

    with pytest.raises(Interrupted):
        run_study(plan, root, told)
    return next(root.iterdir())


@pytest.mark.check("Q-C1", "Q-D1")
def test_an_interrupted_sweep_resumes_to_the_same_digest(
    tmp_path: Path, undisturbed: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = interrupted(plan_sweep(rows()), tmp_path, 8)
    kept = kept_parts.numbers(folder)
    assert kept and not (folder / "runs.parquet").exists()
    lived: list[int] = []
    usual = outcomes.row

    def counted(history: Any, settings: Any) -> Any:
        lived.append(history.replication)
        return usual(history, settings)

    monkeypatch.setattr(outcomes, "row", counted)
    done = resume(folder)
    assert done.manifest["status"] == "complete"
    assert done.manifest["digest"] == undisturbed.manifest["digest"]
    assert not (folder / kept_parts.FOLDER).exists()
    assert len(lived) == 18 - 9
    for table in ("runs", "trajectories", "readings", "events", "cells"):
        assert getattr(done, table).equals(getattr(undisturbed, table)), table


@pytest.mark.check("Q-C1")
def test_a_complete_study_is_left_as_it_is(undisturbed: Study) -> None:
    before = (undisturbed.folder / "manifest.json").read_bytes()
    assert resume(undisturbed.folder).manifest["digest"] == undisturbed.manifest["digest"]
    assert (undisturbed.folder / "manifest.json").read_bytes() == before


@pytest.mark.check("Q-C3")
def test_a_second_run_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = interrupted(plan_sweep(rows()), tmp_path, 8)
    with store.only_one(folder), pytest.raises(InputError, match="being written by another run"):
        resume(folder)
    assert resume(folder).manifest["status"] == "complete"


@pytest.mark.check("Q-C3")
def test_changed_settings_are_refused(tmp_path: Path) -> None:
    folder = interrupted(plan_sweep(rows()), tmp_path, 8)
    manifest = json.loads((folder / "manifest.json").read_text())
    for spoilt in (
        {**manifest, "seed": 2, "study": {**manifest["study"], "seed": 2}},
        {**manifest, "study": {**manifest["study"], "replications": 7}},
        {**manifest, "cells": [{**entry, "changes": {PACE: 9}} for entry in manifest["cells"]]},
    ):
        (folder / "manifest.json").write_text(json.dumps(spoilt))
        with pytest.raises(InputError, match="settings were changed"):
            resume(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert resume(folder).manifest["status"] == "complete"


@pytest.mark.check("Q-C3")
def test_another_program_is_refused_unless_asked_for(
    tmp_path: Path, undisturbed: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = interrupted(plan_sweep(rows()), tmp_path, 8)
    ours = origin()
    other = {**ours, "code": "0" * 64, "versions": {**ours["versions"], "numpy": "0"}}
    monkeypatch.setattr(resuming_module, "origin", lambda: other)
    with pytest.raises(InputError, match="another set of library versions and version of the program"):
        resume(folder)
    done = resume(folder, anyway=True)
    assert done.runs["origin"].value_counts().to_dict() == {0: 9, 1: 9}
    assert done.manifest["digest"] == undisturbed.manifest["digest"]
    assert [origin["code"] for origin in done.manifest["origins"]] == [ours["code"], "0" * 64]


@pytest.mark.check("Q-C4")
def test_what_failed_is_kept_apart_and_can_be_run_again(
    tmp_path: Path, undisturbed: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(column: Column) -> bool:
        return column.settings.levers.pace.months_between_waves == 2 and column.replication == 3

    with monkeypatch.context() as patched:
        patched.setattr(worker, "play", breaking("a breach", here))
        study = run_study(plan_sweep(rows()), tmp_path)
    assert list(study.cells["status"]) == ["complete", "failed", "complete"]
    assert study.manifest["cells"][1]["message"] == "replication 3: a breach"
    assert resume(study.folder).manifest["status"] == "partial"
    done = resume(study.folder, retry=True)
    assert done.manifest["status"] == "complete"
    assert done.manifest["digest"] == undisturbed.manifest["digest"]


@pytest.mark.check("Q-C4")
@pytest.mark.parametrize(("code", "said"), [(28, "no space left on device"), (30, "read-only file system")])
def test_a_full_or_read_only_disk_leaves_what_is_finished(
    tmp_path: Path, undisturbed: Study, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    usual = kept_parts.write_part

    def full(folder: Path, task: int, *rest: Any) -> None:
        if task == 2:
            with store.replacing(folder / kept_parts.FOLDER / "0000002.parquet"):
                raise OSError(code, said.capitalize())
        usual(folder, task, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(kept_parts, "write_part", full)
        with pytest.raises(InputError, match=rf"{said}.*--resume"):
            run_study(plan_sweep(rows()), tmp_path)
    folder = next(tmp_path.iterdir())
    assert kept_parts.numbers(folder) == [0, 1]
    assert resume(folder).manifest["digest"] == undisturbed.manifest["digest"]


class Kills(NamedTuple):
    """Kills so far, those with something kept and not all, and sweeps that ended in spite of them."""

    all: int = 0
    amid: int = 0
    sweeps: int = 0


def killed_and_resumed(root: Path, lasts: Iterator[float], expected: str) -> Kills:
    """Kill a sweep at a random moment again and again until it ends by itself; what was kept once is kept for good."""
    kills = amid = 0
    kept: set[int] = set()
    while True:
        command = [sys.executable, "-c", SWEEP, str(root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
            try:
                printed, _ = process.communicate(timeout=next(lasts))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                kills += 1
                for manifest in root.glob("*/manifest.json"):
                    json.loads(manifest.read_text())
                    found = set(kept_parts.numbers(manifest.parent))
                    assert kept <= found or (manifest.parent / "runs.parquet").exists()
                    kept, amid = found, amid + bool(found)
                continue
        assert process.returncode == 0, "the sweep broke down: see what it printed"
        status, digest, count, doubled = printed.split()
        assert (status, digest, int(count), int(doubled)) == ("complete", expected, 36, 0)
        return Kills(kills, amid, 1)


def disturbed(tmp_path: Path, kills: int) -> Kills:
    """Sweeps killed at moments spread over the time that one takes here undisturbed, starting included."""
    began, command = time.monotonic(), [sys.executable, "-c", SWEEP, str(tmp_path / "alone")]
    alone = subprocess.run(command, capture_output=True, text=True, check=True)
    luck, takes = random.Random(1), time.monotonic() - began
    lasts = iter(lambda: takes * luck.uniform(0.1, 1.1), None)
    seen = Kills()
    while seen.all < kills:
        root = tmp_path / str(seen.sweeps)
        root.mkdir()
        found = killed_and_resumed(root, lasts, alone.stdout.split()[1])
        seen = Kills(*(before + now for before, now in zip(seen, found, strict=True)))
    return seen


def tell(record_property: Any, found: Kills) -> None:
    """How many kills and sweeps there were; every sweep was compared with the undisturbed one before."""
    spread = f"{found.all} kills ({found.amid} with some results kept and not all) in {found.sweeps} sweeps"
    record_property("reached", f"{spread}: nothing lost, nothing doubled, one digest")
    record_property("n", found.all)


@pytest.mark.check("Q-C1")
def test_kill_9_at_random_moments_loses_and_doubles_nothing(tmp_path: Path, record_property: Any) -> None:
    found = disturbed(tmp_path, 6)
    tell(record_property, found)
    assert found.all >= 6


@pytest.mark.check("Q-C1")
@pytest.mark.slow
def test_kill_9_at_two_hundred_moments(tmp_path: Path, record_property: Any) -> None:
    found = disturbed(tmp_path, 200)
    tell(record_property, found)
    assert found.all >= 200
    assert found.amid >= 20


def test_a_variant_is_what_composing_gives() -> None:
    base = compose(["scenario=transform_first"]).settings
    changes = {PACE: 2, "levers.hr.od_posts": 1.5, "evidence.time.review.value": 4.0}
    whole = compose(["scenario=transform_first", *(f"{key}={value}" for key, value in changes.items())]).settings
    made = variant(base, changes)
    assert made == whole
    assert cell_id(made) == cell_id(whole) == Ids(base).of(changes)
    assert made.evidence["time"]["review"].source == "assumption: overridden by the user"
    assert made.plan() == whole.plan()


@pytest.mark.parametrize("scenario", ["structure_first", "transform_first"])
def test_what_a_worker_runs_gives_the_histories_of_the_variant(scenario: str) -> None:
    base = compose([f"scenario={scenario}"]).settings
    changes = {PACE: 2, "levers.sequence.extent": "heads_of_service", "evidence.time.review.value": 5.5}
    whole, lean = variant(base, changes), to_run(base, changes)
    assert lean.evidence_values == whole.evidence_values != base.evidence_values
    told, again = engine.run(whole, 3, record=True), engine.run(lean, 3, record=True)
    assert told.events == again.events != engine.run(base, 3, record=True).events
    assert outcomes.row(told, whole) == outcomes.row(again, lean)


@pytest.mark.parametrize(
    "change",
    [
        {"levers.sequence.service_order": "corporate_first"},
        {"levers.sequence.extent": "heads_of_service"},
        {"levers.sequence.sequence": "parallel"},
        {"levers.sequence.shape": "horizontal"},
        {"levers.sequence.redesign_after": 1.0},
        {"levers.hr.integrate": "last"},
        {"levers.commissioning.share": 0.5},
        {"levers.enablers.joint_ict": "early"},
        {"levers.terms.approach": "never"},
    ],
)
def test_a_variant_has_the_packages_its_levers_ask_for(change: dict[str, Any]) -> None:
    base = compose(["scenario=structure_first"]).settings
    made = variant(base, change)
    assert made.plan() == made.replaced().plan() != base.plan()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({PACE: -1}, ValueError),
        ({"evidence.time.review.value": 1e6}, ValueError),
        ({"levers.pace.wave": 1}, ValueError),
    ],
)
def test_a_variant_is_checked(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        variant(compose().settings, changes)


def test_a_wrong_value_in_a_sweep_is_named() -> None:
    with pytest.raises(InputError, match=r"months_between_waves.*99"):
        plan_sweep([[f"{PACE}=1"], [f"{PACE}=99"]])
    with pytest.raises(InputError, match="unknown key"):
        plan_sweep([["levers.pace.wavs=1"], ["levers.pace.wavs=2"]])
