"""Same inputs, same answer (Q-D1, Q-D2): whatever the workers, the hash seed, the place or the way in."""

import gc
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim import engine
from sim.engine import outcomes
from sim.study.design.cells import plan_run
from sim.study.files.newest import find_study
from sim.study.running.resuming import gather, open_study, work
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.study.tables import digest_of

ROOT = str(Path(__file__).resolve().parents[1])
SMALL = ["study.replications=8", "study.horizon_months=60"]
ALONE = """
import sys
from pathlib import Path
from sim.study.design.cells import plan_run
from sim.study.running.study_run import run_study

print(run_study(plan_run(sys.argv[2:]), Path(sys.argv[1])).manifest["digest"])
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    study = run_study(plan_run([*SMALL, "study.workers=1"]), tmp_path_factory.mktemp("alone"))
    return str(study.manifest["digest"])


def started(words: list[str], folder: Path, **environment: str) -> str:
    """What a process of its own prints, started in another folder."""
    path = os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")])
    known = {**os.environ, "PYTHONPATH": path, **environment}
    words = [sys.executable, *words]
    return subprocess.run(words, cwd=folder, env=known, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.check("Q-D1")
@pytest.mark.parametrize("workers", [2, 3, 8])
def test_digest_does_not_depend_on_workers(tmp_path: Path, expected: str, workers: int) -> None:
    study = run_study(plan_run([*SMALL, f"study.workers={workers}"]), tmp_path)
    assert study.manifest["digest"] == expected
    assert digest_of(study.runs.sample(frac=1, random_state=1)) == expected


@pytest.mark.check("Q-D1")
def test_digest_does_not_depend_on_the_order_of_cells(tmp_path: Path, expected: str) -> None:
    plan = plan_run([*SMALL, "study.workers=1"])
    assert run_study(plan._replace(cells=plan.cells[::-1]), tmp_path).manifest["digest"] == expected


@pytest.mark.check("Q-D1")
def test_digest_does_not_depend_on_the_order_of_jobs(
    tmp_path: Path, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As launchers share a study out: five jobs on their own, in any order."""
    monkeypatch.setattr("sim.study.running.tasks.CHUNK", 2)
    for number in range(2):
        jobs = list(range(5))
        random.Random(number).shuffle(jobs)
        folder = open_study(plan_run([*SMALL, "study.workers=1"]), tmp_path / str(number))
        for job in jobs:
            assert work(folder, job, 5) == []
        assert gather(folder).manifest["digest"] == expected


@pytest.mark.check("Q-D1")
def test_digest_depends_on_the_seed(tmp_path: Path, expected: str) -> None:
    study = run_study(plan_run([*SMALL, "study.workers=1", "study.seed=2"]), tmp_path)
    assert study.manifest["digest"] != expected


@pytest.mark.check("Q-D2")
@pytest.mark.parametrize(
    ("seed", "zone", "locale", "flags"),
    [
        ("0", "UTC", "C", ()),
        ("1", "Pacific/Kiritimati", "C.UTF-8", ()),
        ("42", "America/St_Johns", "de_DE.UTF-8", ()),
        ("1234", "Europe/London", "tr_TR.UTF-8", ("-O",)),
        ("4294967295", "Asia/Kathmandu", "C", ()),
    ],
)
def test_digest_does_not_depend_on_hash_seed_zone_locale_or_place(
    tmp_path: Path, expected: str, seed: str, zone: str, locale: str, flags: tuple[str, ...]
) -> None:
    words = [*flags, "-c", ALONE, str(tmp_path), *SMALL, "study.workers=1"]
    assert started(words, tmp_path, PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale) == expected


ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Europe/London")
LOCALES = ("C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8")


@pytest.mark.slow
@pytest.mark.check("Q-D2")
def test_digest_is_the_same_under_twenty_hash_seeds(tmp_path: Path, expected: str, record_property: Any) -> None:
    luck, found = random.Random(20), []
    for number in range(20):
        place = tmp_path / f"folder {number} ü"
        place.mkdir()
        known = {"PYTHONHASHSEED": str(luck.randrange(2**32)), "TZ": ZONES[number % 5], "LC_ALL": LOCALES[number % 4]}
        flags = ("-O",) if number % 2 else ()
        found.append(started([*flags, "-c", ALONE, str(place), *SMALL, "study.workers=1"], place, **known))
    told = f"{found.count(expected)} of {len(found)} hash seeds give one digest"
    record_property(
        "reached", f"{told}; {len(ZONES)} time zones, {len(LOCALES)} locales, 20 folders, -O in half of them"
    )
    record_property("n", len(found))
    assert found == [expected] * 20


@pytest.mark.slow
@pytest.mark.check("Q-D1")
@pytest.mark.parametrize("entry", [["sim.surfaces.cli", "run"], ["sim"]])
def test_digest_does_not_depend_on_the_way_in(tmp_path: Path, expected: str, entry: list[str]) -> None:
    module, *command = entry
    started(["-m", module, *command, *SMALL, "study.workers=2"], tmp_path)
    study = Study.load(find_study("LATEST", tmp_path / "outputs"))
    assert study.manifest["digest"] == expected


@pytest.mark.check("Q-D2")
def test_outcomes_do_not_depend_on_when_memory_is_freed() -> None:
    """Processes that still wait at the horizon are closed whenever the collector comes by."""
    for cell in plan_run(SMALL)[0]:
        for replication in range(6):
            gc.disable()
            try:
                before = outcomes.row(engine.run(cell.settings, replication), cell.settings)
                history = engine.run(cell.settings, replication)
            finally:
                gc.enable()
            gc.collect()
            assert outcomes.row(history, cell.settings) == before
