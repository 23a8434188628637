"""The assurance table: its lines, what tests show for them, a run broken off, and the page that is made of it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.assurance import assurance, gathered, lines, merged, read_record, running, standing
from sim.assurance.page import NOT_RUN, PARTLY, REACHED, SHORT, state
from sim.assurance.record import last_shown

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
IDS = [line.id for line in lines()]
COUNTS = {"Q-V1": {"quick": 1, "slow": 2}}
SOME = """
import pytest

@pytest.mark.check("Q-V1")
def test_quick(record_property):
    record_property("reached", "94% of 200")
    record_property("n", 200)

@pytest.mark.slow
@pytest.mark.check("Q-V1", "Q-V2")
@pytest.mark.parametrize("officers", [1, 2])
def test_long(officers, record_property):
    record_property("reached", f"{officers} wait")
    assert officers == 1 or "mended" in open("state").read()

def test_of_no_line():
    pass
"""


def shown(test: str, outcome: str = "passed", slow: bool = False, **more: Any) -> dict[str, Any]:
    """What one test of Q-V1 left behind."""
    return {"test": f"tests/test_x.py::test_{test}", "outcome": outcome, "lines": ["Q-V1"], "slow": slow} | {
        "reached": [f"{test} holds"],
        "n": 7,
        **more,
    }


def run(folder: Path, *words: str) -> str:
    """pytest in a folder of its own with our conftest; what it prints."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "xdist",
        "-p",
        "no:cacheprovider",
        "--record",
        "kept",
        *words,
    ]
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=bare)
    return done.stdout + done.stderr


def test_every_line_has_tests_and_every_mark_a_line() -> None:
    marked: set[str] = set()
    for file in TESTS.rglob("test_*.py"):
        for call in re.findall(r"mark\.check\(([^)]*)\)", file.read_text(encoding="utf-8")):
            marked.update(re.findall(r'"([^"]+)"', call))
    marked |= {f"P-{number}" for number in range(1, 26)}
    assert sorted(marked - set(IDS)) == []
    assert sorted(set(IDS) - marked) == []


def test_the_page_is_current() -> None:
    record = read_record()
    assert (DOCS / "assurance.md").read_text(encoding="utf-8") == assurance(record)
    assert set(record) == set(IDS)


def test_what_tests_show_is_kept_and_a_broken_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow: long\n  check: lines\n")
    (tmp_path / "test_some.py").write_text(SOME)
    (tmp_path / "state").write_text("broken")
    assert "1 failed, 2 passed" in run(tmp_path, "-m", "check")
    (tmp_path / "state").write_text("mended")
    assert "1 passed, 3 deselected" in run(tmp_path, "-m", "check")
    tests = json.loads((tmp_path / "kept" / "collected.json").read_text())
    assert tests == {"Q-V1": {"quick": 1, "slow": 2}, "Q-V2": {"quick": 0, "slow": 2}}
    record = gathered(last_shown(tmp_path / "kept" / "shown.jsonl"), tests, "2026-11-22", "abc")
    assert record["Q-V1"]["quick"]["reached"] == ["94% of 200"]
    assert record["Q-V1"]["quick"]["n"] == [200]
    assert record["Q-V2"]["slow"]["reached"] == ["1 wait", "2 wait"]
    assert record["Q-V2"]["slow"]["passed"] == 2


def test_a_run_goes_on_in_the_folder_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder must not be taken for one with tests to run, now that it is there."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\nmarkers =\n  slow: long\n  check: lines\n")
    (tmp_path / "tests" / "test_some.py").write_text(SOME)
    monkeypatch.setattr(running, "CHECKOUT", tmp_path)
    kept = tmp_path / "build" / "kept"
    running._run("check and slow", kept)
    (tmp_path / "state").write_text("mended")
    running._run("check", kept)
    outcomes = [(one["test"].partition("::")[2], one["outcome"]) for one in last_shown(kept / "shown.jsonl")]
    assert outcomes == [("test_long[1]", "passed"), ("test_long[2]", "passed"), ("test_quick", "passed")]


def test_quick_tests_are_measured_where_none_ran_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tests" / "patterns").mkdir(parents=True)
    (tmp_path / "tests" / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\nmarkers =\n  slow: l\n  alone: a\n  check: c\n")
    (tmp_path / "tests" / "test_some.py").write_text(SOME)
    (tmp_path / "tests" / "patterns" / "test_no.py").write_text("def test_no():\n    assert False\n")
    monkeypatch.setattr(running, "CHECKOUT", tmp_path)
    kept, measured = tmp_path / "build" / "kept", tmp_path / "build" / "measured"
    running._run("check and slow", kept)
    assert not running._anything_quick(kept) and not running.is_measured(measured)
    assert running.measure(measured, f"--record={kept}") and running.is_measured(measured)
    assert [path for path in measured.glob(".coverage*") if path.stat().st_size]
    assert {one["test"] for one in last_shown(kept / "shown.jsonl") if not one["slow"]} == {
        "tests/test_some.py::test_quick", "tests/test_some.py::test_of_no_line",
    }  # fmt: skip
    assert running._anything_quick(kept)


@pytest.mark.slow
def test_workers_record_too(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow: long\n  check: lines\n")
    (tmp_path / "test_some.py").write_text(SOME)
    (tmp_path / "state").write_text("mended")
    assert "4 passed" in run(tmp_path, "-n2")
    assert {one["test"]: one["outcome"] for one in last_shown(tmp_path / "kept" / "shown.jsonl")} == {
        f"test_some.py::test_{name}": "passed" for name in ("quick", "long[1]", "long[2]", "of_no_line")
    }
    assert "no tests ran" in run(tmp_path, "-n2")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], NOT_RUN),
        ([shown("a")], PARTLY),
        ([shown("a"), shown("b", slow=True)], PARTLY),
        ([shown("a"), shown("b", slow=True), shown("c", slow=True)], REACHED),
        ([shown("a"), shown("b", "failed", slow=True), shown("c", slow=True)], SHORT),
    ],
)
def test_a_line_is_reached_only_when_all_of_it_ran_and_held(seen: list[dict[str, Any]], expected: str) -> None:
    record = merged({}, gathered(seen, COUNTS, "2026-11-22", "abc"), COUNTS)
    assert state(record["Q-V1"]) == expected
    assert f"| {expected} |" in assurance(record)


def test_a_part_that_was_not_run_again_keeps_its_figures_and_one_without_tests_goes() -> None:
    old = gathered([shown("a"), shown("b", slow=True)], COUNTS, "2026-11-01", "old")
    new = gathered([shown("a")], COUNTS, "2026-11-22", "new")
    record = merged(old, new, COUNTS)
    assert (record["Q-V1"]["quick"]["commit"], record["Q-V1"]["slow"]["commit"]) == ("new", "old")
    assert "| 2026-11-22, 2026-11-01 | new, old |" in assurance(record)
    assert list(merged(old, {}, {"Q-V1": {"quick": 1, "slow": 0}})["Q-V1"]) == ["quick"]


def test_what_falls_short_is_named_first_and_with_its_figure() -> None:
    seen = [shown("the queue holds", "failed", reached=["80% of 200"])]
    text = assurance(gathered(seen, {"Q-V1": {"quick": 1, "slow": 0}}, "2026-11-22", "abc"))
    assert "- Q-V1: falls short." in text.partition("## Known answers")[0]
    assert "80% of 200; fell short: test_x.py: the queue holds; 0 of 1 quick test passed" in text


def test_a_reason_is_declared_only_for_what_falls_short_and_stands_beside_it() -> None:
    page, record = assurance(), read_record()
    for line in lines():
        if line.why:
            assert state(record.get(line.id, {})) == SHORT, f"{line.id} is reached: take its why out of checks.yaml"
            assert f"{line.shows}. Why: {line.why}." in page
    seen = [shown("the queue holds", "failed")]
    told = assurance(gathered(seen, {"Q-V1": {"quick": 1, "slow": 0}}, "2026-11-22", "abc"))
    assert "Why: no reason is on record." in told.partition("## Known answers")[0]


def test_the_standing_counts_every_line() -> None:
    record = gathered([shown("a")], {"Q-V1": {"quick": 1, "slow": 0}}, "2026-11-22", "abc")
    assert standing(record) == f"Of {len(IDS)} checks 1 are reached; {len(IDS) - 1} not run."
