"""Rows of the performance table, each by its benchmark in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"
Shows = Callable[[str, object], None]

pytestmark = [pytest.mark.slow, pytest.mark.alone]


def printed(script: str, *words: str, cwd: Path) -> str:
    """What a benchmark prints."""
    command = [sys.executable, str(BENCHMARKS / script), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.stdout, done.stderr
    return done.stdout


def number(pattern: str, text: str) -> float:
    """The number that a pattern's group finds."""
    found = re.search(pattern, text)
    assert found, f"{pattern} is not in:\n{text}"
    return float(found[1].replace(",", ""))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The table of the core, measured once for all its rows."""
    return printed("core.py", "40", cwd=tmp_path_factory.mktemp("core"))


ROWS = (
    pytest.param("instructions of one history against a bare loop", marks=pytest.mark.check("Speed")),
    pytest.param("time of one history in a batch, against a bare loop", marks=pytest.mark.check("Speed")),
    pytest.param("200 histories with evidence of their own, against one", marks=pytest.mark.check("Speed")),
    pytest.param("a batch of one, against the commit before", marks=pytest.mark.check("Speed")),
    pytest.param("tandem run (2 × 200), against the commit before", marks=pytest.mark.check("First answer")),
    pytest.param("tandem why, against the commit before", marks=pytest.mark.check("First answer")),
)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_table_of_the_core_is_reached(row: str, table: str, record_property: Shows) -> None:
    low, middle, high, goal, fails = (
        number(rf"{re.escape(row)} +{'[0-9.]+ +' * place}([0-9.]+)", table) for place in range(5)
    )
    record_property("reached", f"{row}: {middle:.2f} (quartiles {low:.2f} and {high:.2f}; {goal:g} asked)")
    assert middle <= fails


@pytest.mark.check("Speed")
def test_help_starts_at_once(table: str, record_property: Shows) -> None:
    best = number(r"--help: ([0-9.]+) s", table)
    record_property("reached", f"tandem --help {best:.2f} seconds (best of 7; under 0.5 asked)")
    assert best < 0.5


@pytest.mark.check("Sweep")
def test_ten_thousand_cells_cost_little_beyond_their_replications(tmp_path: Path, record_property: Shows) -> None:
    """performance.md: 10,000 cells × 10 replications within 1.1 times their processor time, memory under 1 GB."""
    text = printed("sweep.py", "10000", "10", cwd=tmp_path)
    ratio = number(r"alone \([0-9.]+ s\): ([0-9.]+)", text)
    memory = number(r"at most ([0-9,]+) MB", text)
    efficiency = number(r"efficiency ([0-9.]+)", text)
    record_property(
        "reached",
        f"{ratio:.2f} times the histories alone, memory at most {memory:.0f} MB, {efficiency:.2f} of two forks",
    )
    record_property("n", 10_000)
    assert ratio <= 1.1
    assert memory < 1000
    assert efficiency >= 0.9
