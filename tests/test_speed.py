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
def replication(tmp_path_factory: pytest.TempPathFactory) -> str:
    return printed("replication.py", "60", cwd=tmp_path_factory.mktemp("replication"))


@pytest.mark.check("Speed")
def test_a_history_costs_few_bare_loops(replication: str, record_property: Shows) -> None:
    low, middle, high = (
        number(rf"everything recorded +{'[0-9.]+ +' * place}([0-9.]+)", replication) for place in range(3)
    )
    record_property("reached", f"{middle:.1f} times (quartiles {low:.1f} and {high:.1f} of 60 pairs)")
    record_property("n", 60)
    assert middle <= 5.5


@pytest.mark.check("First answer")
def test_the_first_answer_comes_soon(replication: str, record_property: Shows) -> None:
    best, middle = number(r"2 workers: ([0-9.]+) s", replication), number(r"2 workers:.*median ([0-9.]+)", replication)
    record_property("reached", f"{middle:.1f} seconds (median of 5; the best {best:.1f})")
    record_property("n", 5)
    assert best <= 2.0


@pytest.mark.check("Speed")
def test_help_starts_at_once(replication: str, record_property: Shows) -> None:
    best = number(r"--help: ([0-9.]+) s", replication)
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
