"""Ten deliberate faults over the engine (faults.yaml): each turns a quick test red."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mutation.trials import ROOT

FAULTS: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).with_name("faults.yaml")).read_text("utf-8"))
pytestmark = pytest.mark.check("Faults")
TRIAL = """
import sys
from mutation.trials import first_red, load_libraries
load_libraries()
print(first_red(sys.argv[1], sys.stdin.read(), [[sys.argv[2]]]))
"""
"""In a process of its own, because this one has the engine loaded."""


def faulty(fault: dict[str, Any]) -> str:
    """The file with the fault in it; the line must stand there once, or the list is out of date."""
    text = (ROOT / fault["file"]).read_text(encoding="utf-8")
    assert text.count(fault["was"]) == 1, f"{fault['file']} holds {text.count(fault['was'])} times: {fault['was']}"
    return text.replace(fault["was"], fault["becomes"])


def red(fault: dict[str, Any], text: str) -> str:
    """The first test of the fault's file that is red with this text."""
    command = [sys.executable, "-c", TRIAL, fault["file"], fault["tests"]]
    done = subprocess.run(command, cwd=ROOT / "tests", input=text, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_ten_faults_stand_in_ten_files_of_the_engine() -> None:
    assert len(FAULTS) == len({fault["file"] for fault in FAULTS.values()}) == 10
    assert all(faulty(fault) for fault in FAULTS.values())


@pytest.mark.slow
def test_each_fault_turns_a_quick_test_red(record_property: Callable[[str, object], None]) -> None:
    found = {name: red(fault, faulty(fault)) for name, fault in FAULTS.items()}
    seen = [f"{name}: {test.rpartition('::')[2]}" for name, test in found.items() if test]
    record_property("reached", f"{len(seen)} of {len(found)} ({'; '.join(seen)})")
    record_property("n", len(found))
    assert not [name for name, test in found.items() if not test]
    # and without a fault the same tests are green
    green = {fault["tests"]: red(fault, (ROOT / fault["file"]).read_text("utf-8")) for fault in FAULTS.values()}
    assert not {tests: first for tests, first in green.items() if first}
