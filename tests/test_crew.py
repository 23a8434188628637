"""A worker process that dies costs its own task, which is tried again: in studies, validation and the page (Q-C1)."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.validation import case_runs
from sim.analysis.validation.case_runs import CasePool
from sim.analysis.validation.case_settings import prepare
from sim.analysis.validation.cases import read_case
from sim.core.errors import InputError
from sim.study.design.cells import plan_run
from sim.study.design.sweeping import plan_sweep
from sim.study.files.newest import find_study
from sim.study.running.crew import TRIES, Crew, WorkerDied
from sim.study.running.study_run import run_study
from sim.study.study import Study
from sim.surfaces import api, terminal, terminal_studies
from sim.surfaces.web.workers import Workers

ROOT = Path(__file__).resolve().parents[1]
PACE = "levers.pace.months_between_waves"
SMALL = ["scenario=structure_first", "study.horizon_months=24", "study.replications=60"]
CASE = """\
name: A case
partnership: bromsgrove_redditch
horizon_months: 24
figures:
  - {name: Saving, outcome: recurrent_saving_gbp_m, value: 0.4, source: own, role: holdout, reason: to try it}
"""


def nothing() -> None:
    """What these workers need to begin with."""


def noted(folder: Path, number: int) -> int:
    """Leave a line each time that a task is begun, and take a moment over it."""
    with (folder / str(number)).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.1)
    return number


def fatal(folder: Path, number: int, times: int) -> int:
    """A task whose process dies of it so many times."""
    noted(folder, number)
    if len((folder / str(number)).read_text().split()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.check("Q-C1")
def test_a_worker_that_dies_costs_its_own_task_alone(tmp_path: Path) -> None:
    with Crew(2, nothing) as crew:
        once = crew.submit(fatal, tmp_path, 100, 1)
        others = [crew.submit(noted, tmp_path, number) for number in range(12)]
        assert [future.result(60) for future in others] == list(range(12))
        assert once.result(60) == 100
    assert [len((tmp_path / str(number)).read_text().split()) for number in range(12)] == [1] * 12
    assert len(set((tmp_path / "100").read_text().split())) == 2


@pytest.mark.check("Q-C1")
def test_a_task_that_its_process_dies_of_each_time_fails_and_the_others_do_not(tmp_path: Path) -> None:
    with Crew(2, nothing) as crew:
        never = crew.submit(fatal, tmp_path, 100, 99)
        others = [crew.submit(noted, tmp_path, number) for number in range(12)]
        assert [future.result(60) for future in others] == list(range(12))
        with pytest.raises(WorkerDied, match=f"died each of {TRIES} times"):
            never.result(60)
    assert len((tmp_path / "100").read_text().split()) == TRIES


def test_what_a_task_raises_comes_back_as_it_was_and_the_process_goes_on() -> None:
    with Crew(1, nothing) as crew:
        first = crew.submit(os.getpid).result(60)
        with pytest.raises(InputError, match="what was typed"):
            crew.submit(refuse).result(60)
        with pytest.raises(RuntimeError, match="cannot be handed back"):
            crew.submit(give_a_function).result(60)
        assert crew.submit(os.getpid).result(60) == first


def refuse() -> None:
    raise InputError("what was typed")


def give_a_function() -> Callable[[], None]:
    return lambda: None


def sweep(folder: Path) -> subprocess.Popen[str]:
    """`tandem sweep` of four cells on two workers, in a process of its own."""
    code = "import sys; from sim.surfaces.cli import main\nif __name__ == '__main__': sys.exit(main())"
    words = ["sweep", f"{PACE}=1,2,3,4", *SMALL, "study.workers=2"]
    place = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code, *words], cwd=folder, env=place, **pipes)


def workers_of(process: int) -> list[int]:
    """The numbers of the worker processes that a process has started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    found = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [int(pid) for pid, parent, args in found if int(parent) == process and "resource_tracker" not in args]


@pytest.mark.check("Q-C1", "Q-D1")
def test_a_sweep_survives_that_one_of_its_workers_is_killed(tmp_path: Path) -> None:
    (tmp_path / "disturbed").mkdir()
    with sweep(tmp_path / "disturbed") as process:
        until = time.monotonic() + 60
        while not list(tmp_path.glob("disturbed/outputs/*/parts/*.parquet")) and time.monotonic() < until:
            time.sleep(0.05)
        workers = workers_of(process.pid)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        _, complaints = process.communicate(timeout=240)
    study = Study.load(find_study("LATEST", tmp_path / "disturbed" / "outputs"))
    assert (process.returncode, study.failed, study.partial) == (0, [], False), complaints
    assert "Traceback" not in complaints
    alone = run_study(
        plan_sweep([[f"{PACE}={n}", *SMALL, "study.workers=1"] for n in (1, 2, 3, 4)]), tmp_path / "alone"
    )
    assert study.manifest["digest"] == alone.manifest["digest"]


@pytest.mark.check("Q-C4")
def test_only_ctrl_c_ends_with_130(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = api.simulate(plan_run(["study.replications=2", "study.horizon_months=12", "study.workers=1"]), tmp_path)
    assert terminal_studies.told(study, as_json=True) == 0
    study.manifest["cells"][0]["status"] = "partial"
    assert terminal_studies.told(study, as_json=True) == terminal.FAILED
    assert "not finished: " in capsys.readouterr().err
    study.stopped = True
    assert terminal_studies.told(study, as_json=True) == terminal.STOPPED


@pytest.mark.check("Q-C1")
def test_validation_survives_that_one_of_its_workers_is_killed(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CASE)
    case = prepare(read_case(tmp_path / "case.yaml"))
    with CasePool([case], case_runs.SEED, 1) as pool:
        [expected] = pool.run(24)
    killed: list[Any] = []
    others = {child.pid for child in multiprocessing.active_children()}

    def told(done: int, total: int) -> None:
        if not killed:
            killed.append(next(each for each in multiprocessing.active_children() if each.pid not in others))
            killed[0].kill()

    with CasePool([case], case_runs.SEED, 2) as pool:
        [found] = pool.run(24, told)
    assert killed
    assert vars(found) == vars(expected)


def slow_number() -> int:
    time.sleep(1.0)
    return os.getpid()


@pytest.mark.check("Q-C1")
def test_the_page_s_workers_do_again_what_a_killed_one_was_at() -> None:
    with Workers(1) as workers:
        for call in (workers.call, lambda function: workers.later(function).future):
            first = call(os.getpid).result(60)
            lost = call(slow_number)
            time.sleep(0.3)
            os.kill(first, signal.SIGKILL)
            assert lost.result(60) != first


STARTING = """
import threading
from sim.surfaces.web.workers import Workers

if __name__ == "__main__":
    print("ready", flush=True)
    try:
        with Workers(2):
            threading.Event().wait(60)
    except KeyboardInterrupt:
        print("stopped")
"""


@pytest.mark.check("Q-C4")
@pytest.mark.parametrize("after", [0.1, 0.8])
def test_ctrl_c_while_the_page_s_workers_start_is_answered_by_nobody_else(tmp_path: Path, after: float) -> None:
    (tmp_path / "starting.py").write_text(STARTING)
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    place = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "starting.py")]
    with subprocess.Popen(command, env=place, start_new_session=True, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)
        os.killpg(process.pid, signal.SIGINT)
        printed, complaints = process.communicate(timeout=60)
    assert (process.returncode, printed, complaints) == (0, "stopped\n", "")
