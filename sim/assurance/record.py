"""From what single tests showed to the record by line, docs/assurance.json, from which the page is made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypedDict

from sim.plans.strict import SHIPPED

RECORD = SHIPPED[0].parent / "docs" / "assurance.json"
"""The figures of every line as they were last reached; written by `tandem verify` and by nothing else."""
QUICK, SLOW = "quick", "slow"


class CheckPart(TypedDict):
    """The quick or the slow tests of one line: how many there are, what became of them, what they showed."""

    tests: int
    passed: int
    failed: list[str]
    reached: list[str]
    n: list[int]
    when: str
    commit: str


Record = dict[str, dict[str, CheckPart]]
"""By line, and in it by `quick` and `slow`."""


def read_record(file: Path = RECORD) -> Record:
    """The record as it was last written; empty where there is none."""
    if not file.is_file():
        return {}
    record: Record = json.loads(file.read_text(encoding="utf-8"))
    return record


def write_record(record: Record, file: Path = RECORD) -> None:
    """Write it in one order, so that a change shows line by line."""
    file.write_text(json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def last_shown(file: Path) -> list[dict[str, Any]]:
    """What each test showed the last time it was run, in the order in which they were first run."""
    last: dict[str, dict[str, Any]] = {}
    if file.is_file():
        for text in file.read_text(encoding="utf-8").splitlines():
            shown = json.loads(text)
            last[shown["test"]] = shown
    return list(last.values())


def gathered(
    shown: Iterable[Mapping[str, Any]], tests: Mapping[str, Mapping[str, int]], when: str, commit: str
) -> Record:
    """What the tests of each line and part showed; `tests` is how many there are, whether they were run or not."""
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
    """The new parts in place of the old ones; lines and parts that have no tests any more go."""
    kept: Record = {}
    for line, counts in tests.items():
        for kind, count in Counter(counts).items():
            part = new.get(line, {}).get(kind) or old.get(line, {}).get(kind)
            if count:
                none = CheckPart(tests=count, passed=0, failed=[], reached=[], n=[], when="", commit="")
                kept.setdefault(line, {})[kind] = part or none
    return kept


def _named(test: str) -> str:
    """A test's name without its folder: "test_pool.py: officers come back"."""
    file, _, name = test.partition("::")
    return f"{Path(file).name}: {name.removeprefix('test_').replace('_', ' ')}"
