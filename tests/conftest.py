"""Keeps what the tests show, test by test, for the assurance table: `pytest --record FOLDER`.

A test says to which lines of configs/assurance/checks.yaml it belongs with `@pytest.mark.check("Q-V1")`, and what
figure it reached with pytest's own `record_property("reached", "…")` and `record_property("n", …)`. What passed in
an earlier run into the same folder is not run again, so that a run that was broken off goes on where it was.
"""

import json
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

SHOWN, COLLECTED = "shown.jsonl", "collected.json"
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background, where a shell has Ctrl-C ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)
RECORDING: list[Path] = []
"""The folder, in the process that gathers what workers report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--record FOLDER`."""
    parser.addoption("--record", metavar="FOLDER", help="keep what each test shows there; leave out what passed before")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note each test's lines of the table, and how many tests a line has; leave out what passed before."""
    counts: dict[str, Counter[str]] = {}
    for item in items:
        lines = sorted({line for mark in item.iter_markers("check") for line in mark.args})
        slow = item.get_closest_marker("slow") is not None
        item.user_properties += [("lines", lines), ("slow", slow)]
        for line in lines:
            counts.setdefault(line, Counter(quick=0, slow=0))["slow" if slow else "quick"] += 1
    if folder := config.getoption("--record"):
        write_whole(Path(folder) / COLLECTED, json.dumps(counts, sort_keys=True))
        done = passed_before(Path(folder) / SHOWN)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in done])
        items[:] = [item for item in items if item.nodeid not in done]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down how one test ended and what it showed; in the process that gathers, as soon as it is known."""
    folder = RECORDING[0] if RECORDING else None
    if folder is None or (report.when != "call" and report.passed):
        return
    kept = dict(report.user_properties)
    line = {
        "test": report.nodeid,
        "outcome": report.outcome,
        "seconds": round(report.duration, 2),
        "lines": kept.get("lines", []),
        "slow": kept.get("slow", False),
        "reached": [value for name, value in report.user_properties if name == "reached"],
        "n": kept.get("n"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / SHOWN).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Know the folder in the process that gathers; workers only report to it."""
    folder = config.getoption("--record")
    if folder and not hasattr(config, "workerinput"):
        RECORDING.append(Path(folder).resolve())


def write_whole(file: Path, text: str) -> None:
    """Write a file that several processes write alike."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def passed_before(file: Path) -> set[str]:
    """Tests whose last outcome in the file is that they passed."""
    last: dict[str, str] = {}
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            shown = json.loads(line)
            last[shown["test"]] = shown["outcome"]
    return {test for test, outcome in last.items() if outcome == "passed"}
