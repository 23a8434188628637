"""How much of `sim`, without the page, the quick tests run: lines and branches, in every process they start.

Without the patterns: they show what the model does, not that each line of it is right, and take half the time.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.assurance.running import fingerprint

pytestmark = [pytest.mark.slow, pytest.mark.check("Coverage")]
ROOT = Path(__file__).resolve().parents[1]
ASKED = 95.0
NAMED = 5
"""So many of the files with most left out are named."""
TESTS_FAILED = 1
"""pytest's exit code where tests failed: slowed down by the measuring, those that watch the clock may. They must pass
without it."""


def measured(folder: Path) -> Path:
    """The report as JSON, made anew only where the program or its tests changed."""
    report = folder / "coverage.json"
    if report.is_file():
        return report
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".coverage*"):
        left.unlink()
    env = os.environ | {"COVERAGE_FILE": str(folder / ".coverage"), "PYTHONPATH": str(ROOT)}
    env.pop("PYTEST_XDIST_WORKER", None)
    tests = ("-m", "pytest", "-o", f"cache_dir={folder / 'cache'}", "--ignore=tests/patterns")

    def python(*words: str) -> int:
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=False).returncode

    def coverage(*words: str) -> int:
        return python("-m", "coverage", *words)

    ended = coverage("run", *tests, "--numprocesses=2", "--dist=loadfile")
    assert ended == 0 or (ended == TESTS_FAILED and python(*tests, "--last-failed") == 0)
    assert coverage("combine") == 0
    assert coverage("json", "-o", str(report.with_suffix(".part"))) == 0
    report.with_suffix(".part").replace(report)
    return report


def test_lines_and_branches_that_the_quick_tests_run(record_property: Callable[[str, object], None]) -> None:
    told = json.loads(measured(ROOT / "build" / "coverage" / fingerprint()).read_text(encoding="utf-8"))
    totals = told["totals"]
    lines, branches = totals["num_statements"], totals["num_branches"]
    least = sorted(told["files"].items(), key=lambda item: -_missing(item[1]["summary"]))[:NAMED]
    record_property(
        "reached",
        f"{totals['percent_covered']:.1f}% of {lines + branches:,} lines and branches: "
        f"{100 * totals['covered_lines'] / lines:.1f}% of {lines:,} lines, "
        f"{100 * totals['covered_branches'] / branches:.1f}% of {branches:,} branches; most is left out of "
        + ", ".join(f"{file} ({_missing(about['summary'])})" for file, about in least),
    )
    record_property("n", lines + branches)
    assert not [file for file in told["files"] if "/web/" in file]
    assert totals["percent_covered"] >= ASKED


def _missing(summary: dict[str, int]) -> int:
    return summary["missing_lines"] + summary["missing_branches"]
