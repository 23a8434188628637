"""Runs a checkout's checks with pytest, stores results as they come, and writes record and page.

A run that was broken off goes on where it was, as long as the program, its settings and its tests are the same.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sim.assurance.page import assurance
from sim.assurance.record import RECORD, Record, gathered, last_shown, merged, read_record, write_record
from sim.core.errors import InputError
from sim.study.provenance import origin

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = RECORD.with_suffix(".md")
_DECIDING = (
    "sim",
    "hydra_plugins",
    "configs",
    "scenarios",
    "tests",
    "pyproject.toml",
    "requirements.lock",
    "Makefile",
    ".ci",
)
"""Files that affect test results; pages in docs/ that tests write do not."""
_QUICK, _EVERY = "check and not slow", "check or slow"
_ALONE = "alone"
"""Marker of tests that measure time, run first and one at a time."""
_SHOWN, _COLLECTED = "shown.jsonl", "collected.json"
_TOGETHER = ("--numprocesses=auto", "--dist=loadfile")
_MEASURED = ("--ignore=tests/patterns", "-m", f"not slow and not {_ALONE}")
"""Pytest options that select tests for coverage. Pattern tests are left out, as they show model behaviour only."""
_ENDED = "ended"
_TESTS_FAILED = 1
"""Pytest's exit code for failed tests; coverage may slow down tests that measure time and fail them."""


def is_checkout() -> bool:
    """True if the tests are present."""
    return (CHECKOUT / "tests" / "conftest.py").is_file()


def run_checks(everything: bool, fresh: bool) -> Record:
    """Run the quick checks or all, and write record and page. Raises InputError if they cannot run."""
    if not is_checkout():
        raise InputError("the checks stand in the repository, not in an installed package: clone it, then make assure")
    if importlib.util.find_spec("pytest") is None or importlib.util.find_spec("xdist") is None:
        raise InputError("the checks need what development needs: pip install --editable '.[dev]', or make assure")
    folder = CHECKOUT / "build" / "assurance" / fingerprint()
    if fresh and (folder / _SHOWN).exists():
        (folder / _SHOWN).unlink()
    chosen = _EVERY if everything else _QUICK
    _run(f"({chosen}) and {_ALONE}", folder)
    if everything and not _anything_quick(folder):
        measure(measured_folder(), f"--record={folder}")
    _run(f"({chosen}) and not {_ALONE}", folder, *_TOGETHER)
    return keep(folder)


def _run(chosen: str, folder: Path, *options: str) -> None:
    """Run tests by marker and store their results, including failures."""
    command = [sys.executable, "-m", "pytest", f"--record={folder}", "-m", chosen, *options]
    subprocess.run(command, cwd=CHECKOUT, check=False)


def _anything_quick(folder: Path) -> bool:
    """True if an interrupted run reached the quick tests, in which case the rest would measure too little coverage."""
    return (folder / _SHOWN).exists() and not all(test["slow"] for test in last_shown(folder / _SHOWN))


def measured_folder() -> Path:
    """Folder of coverage data for the present state of the checkout."""
    return CHECKOUT / "build" / "coverage" / fingerprint()


def measure(folder: Path, *options: str) -> bool:
    """Run quick tests with line and branch coverage stored in `folder`. Returns True if they completed."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".coverage*"):
        left.unlink()
    (folder / _ENDED).unlink(missing_ok=True)
    command = [sys.executable, "-m", "coverage", "run", "-m", "pytest", *_MEASURED, *_TOGETHER, *options]
    env = os.environ | {"COVERAGE_FILE": str(folder / ".coverage"), "PYTHONPATH": str(CHECKOUT)}
    env.pop("PYTEST_XDIST_WORKER", None)
    code = subprocess.run(command, cwd=CHECKOUT, env=env, check=False).returncode
    if ended := code in (0, _TESTS_FAILED):
        (folder / _ENDED).touch()
    return ended


def is_measured(folder: Path) -> bool:
    """True if coverage measurement there was completed."""
    return (folder / _ENDED).exists()


def keep(folder: Path) -> Record:
    """Merge results into the record, and write the page."""
    if not (folder / _COLLECTED).is_file():
        raise InputError("the tests could not be collected; see what pytest says above")
    tests = json.loads((folder / _COLLECTED).read_text(encoding="utf-8"))
    new = gathered(last_shown(folder / _SHOWN), tests, date.today().isoformat(), commit())
    record = merged(read_record(), new, tests)
    write_record(record)
    PAGE.write_text(assurance(record), encoding="utf-8")
    return record


def commit() -> str:
    """Commit that was checked, with a flag for uncommitted changes."""
    here = origin()
    known = (here["commit"] or "not known")[:7]
    return f"{known} with changes" if here["dirty"] else known


def fingerprint() -> str:
    """Hash of everything that affects test results."""
    found = hashlib.sha256()
    for path in _files():
        found.update(path.relative_to(CHECKOUT).as_posix().encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for name in _DECIDING:
        place = CHECKOUT / name
        yield from [place] if place.is_file() else sorted(path for path in place.rglob("*") if _decides(path))


def _decides(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".pyc", ".pyo")
