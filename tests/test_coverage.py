"""How much of `sim`, without the page, the quick tests run: lines and branches, in every process they start.

`make assure` measures while it runs the quick tests; this test reads what it found, or measures by itself.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.assurance.running import is_measured, measure, measured_folder

pytestmark = [pytest.mark.slow, pytest.mark.check("Coverage")]
ROOT = Path(__file__).resolve().parents[1]
ASKED = 95.0
NAMED = 5
"""So many of the files with most left out are named."""


def told_of(folder: Path) -> Path:
    """The report as JSON, made anew only where the program or its tests changed."""
    report = folder / "coverage.json"
    if report.is_file():
        return report
    assert is_measured(folder) or measure(folder, "-o", f"cache_dir={folder / 'cache'}"), "the tests came to no end"

    def coverage(*words: str) -> int:
        env = os.environ | {"COVERAGE_FILE": str(folder / ".coverage")}
        return subprocess.run([sys.executable, "-m", "coverage", *words], cwd=ROOT, env=env, check=False).returncode

    assert coverage("combine", "--quiet") == 0
    assert coverage("json", "--quiet", "-o", str(report.with_suffix(".part"))) == 0
    report.with_suffix(".part").replace(report)
    return report


def test_lines_and_branches_that_the_quick_tests_run(record_property: Callable[[str, object], None]) -> None:
    told = json.loads(told_of(measured_folder()).read_text(encoding="utf-8"))
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
