"""Assurance record by line, docs/assurance.json, made from results of single tests; the page comes from it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypedDict

from sim.plans.strict import SHIPPED

RECORD = SHIPPED[0].parent / "docs" / "assurance.json"
"""Latest figures of every line, written only by `tandem verify`."""
QUICK, SLOW = "quick", "slow"


class CheckPart(TypedDict):
    """Quick or slow tests of one line: number, results, and figures shown."""

    tests: int
    passed: int
    failed: list[str]
    reached: list[str]
    n: list[int]
    when: str
    commit: str


Record = dict[str, dict[str, CheckPart]]
"""Parts by line, then by `quick` and `slow`."""


def read_record(file: Path = RECORD) -> Record:
    """Record as last written; empty if there is none."""
    if not file.is_file():
        return {}
    record: Record = json.loads(file.read_text(encoding="utf-8"))
    return record


def write_record(record: Record, file: Path = RECORD) -> None:
    """Write the record in a fixed order, so that changes show line by line."""
    file.write_text(json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def last_shown(file: Path) -> list[dict[str, Any]]:
    """Latest result of each test, in order of first run."""
    last: dict[str, dict[str, Any]] = {}
    if file.is_file():
        for text in file.read_text(encoding="utf-8").splitlines():
            shown = json.loads(text)
            last[shown["test"]] = shown
    return list(last.values())


def gathered(
    shown: Iterable[Mapping[str, Any]], tests: Mapping[str, Mapping[str, int]], when: str, commit: str
) -> Record:
    """Test results by line and part; `tests` counts all tests, run or not."""
    record: Record = {}
    for test in shown:
        for line in test["lines"]:
            kind = SLOW if test["slow"] else QUICK
            empty = CheckPart(tests=tests[line][kind], passed=0, failed=[], reached=[], n=[], when=when, commit=commit)
            part = record.setdefault(line, {}).setdefault(kind, empty)
            if test["outcome"] == "passed":
                part["passed"] += 1
            else:
                part["failed"].append(_named(test["test"]))
            part["reached"] += [text for text in test["reached"] if text not in part["reached"]]
            part["n"] += [number for number in [test["n"]] if number is not None and number not in part["n"]]
    return record


def merged(old: Record, new: Record, tests: Mapping[str, Mapping[str, int]]) -> Record:
    """Record with new parts in place of old; lines and parts without tests are removed."""
    kept: Record = {}
    for line, counts in tests.items():
        for kind, count in Counter(counts).items():
            part = new.get(line, {}).get(kind) or old.get(line, {}).get(kind)
            if count:
                none = CheckPart(tests=count, passed=0, failed=[], reached=[], n=[], when="", commit="")
                kept.setdefault(line, {})[kind] = part or none
    return kept


def _named(test: str) -> str:
    """Test name without its folder: "test_pool.py: officers come back"."""
    file, _, name = test.partition("::")
    return f"{Path(file).name}: {name.removeprefix('test_').replace('_', ' ')}"
