"""How soon the page answers: thirty browsers in a workshop, and a chart after a slider was moved."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.alone]
BENCHMARKS = Path(__file__).parent / "benchmarks"
HALF_YEARS, MOVES = 3, 20
SLOWEST = 2.0
"""Seconds from slider to chart at which the check fails: twice what is asked, for a machine that does other things."""


def measured(name: str, count: int) -> subprocess.CompletedProcess[str]:
    """A benchmark in a process of its own, and what it printed."""
    command = [sys.executable, str(BENCHMARKS / name), str(count)]
    return subprocess.run(command, capture_output=True, text=True, timeout=3000, check=False)


@pytest.mark.check("Room")
def test_thirty_browsers_are_served_and_decisions_acknowledged_within_a_second(record_property: Any) -> None:
    done = measured("workshop.py", HALF_YEARS)
    found = re.search(r"^decision +n= *(\d+) .*95th ([\d.]+) s +longest ([\d.]+) s$", done.stdout, re.M)
    errors = re.search(r"^errors: (\d+)", done.stdout, re.M)
    assert found and errors, done.stdout + done.stderr
    record_property(
        "reached",
        f"30 browsers, {HALF_YEARS} half-years: {errors[1]} errors; {found[1]} decisions acknowledged within "
        f"{found[2]} s at the 95th percentile, {found[3]} s at most",
    )
    record_property("n", int(found[1]))
    assert done.returncode == 0, done.stdout


@pytest.mark.check("Slider")
def test_a_chart_follows_a_slider(record_property: Any) -> None:
    done = measured("page.py", MOVES)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.strip().splitlines()
    record_property("reached", f"{first}; {second}")
    record_property("n", MOVES)
    median = re.search(r"median ([\d.]+) s", first)
    assert median and float(median[1]) < SLOWEST, first
