"""Files that an export adds to a study's own: full settings, the three logs, and a README."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.core import words
from sim.study.files.store import csv_text
from sim.words.documents.logs import ASSUMPTIONS, DATA, DECISIONS, assumptions_log, data_log, decided

if TYPE_CHECKING:
    from sim.engine.settings import Settings
    from sim.study.study import Study

PLANS = 50
"""Most plans for which each has its own logs; studies with more get logs of the reference only."""
TOO_LONG = 200
"""Most characters of a plan's title in the README."""
CONTENTS = (
    ("manifest.json", "settings, seed, versions, code and digest of the results, with the digest of every file"),
    ("runs.parquet", "one row a plan and history: every outcome, empty where it never came or lies past the end"),
    ("trajectories.parquet", "mean and range of every measure, month by month"),
    ("readings.parquet", "every history's measures at a few months"),
    ("events.parquet", "what happened in the few histories that are told"),
    ("cells.parquet", "the plans and what sets them apart"),
    ("design.parquet", "which plan stands in which row of the sample"),
    ("comparison.csv", "paired differences from the reference, with 95% intervals and verdicts"),
    ("summary.md", "the answer in words"),
    ("report.html", "the brief"),
    ("figures/", "figures"),
    ("answers/", "answers to later questions, as they were kept"),
    ("settings/", "every value of each base plan, in full"),
    ("logs/", "assumptions with grades, decisions with reasons, given facts with sources"),
    ("csv/", "every table as text for a spreadsheet"),
    ("parquet/", "the remaining tables for programs"),
)
"""Descriptions of the files in an export, by the start of their names."""
LIMITS = (
    "What the model cannot say: it is of English councils that chose to share, and leaves out what no source tells; "
    "where the order of two plans hangs on assumptions, another reading of them may turn it round.",
    "Text cells that a spreadsheet would take for a formula (=, +, -, @ in front) have an apostrophe before them.",
)
Log = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def plans(study: Study) -> list[tuple[str, Settings]]:
    """Name and settings of the plans with logs: base plans of a sample; the reference of a large study."""
    entries = study.manifest["cells"]
    if study.sampled:
        named = {entry["base"]: str(entry["plan"]) for entry in entries}
        return [(named[number], base) for number, base in enumerate(study.bases) if number in named]
    told = entries if len(entries) <= PLANS else [entry for entry in entries if entry["cell"] == study.reference]
    return [(str(entry["label"]), study.settings(entry["cell"])) for entry in told]


def logs(study: Study) -> dict[str, Log]:
    """The three logs by name: columns (plan first) and rows; rows shared by all plans appear once without a plan."""
    run, told = study.manifest["study"], plans(study)
    return {
        "assumptions": _log(ASSUMPTIONS, [(name, assumptions_log(settings)) for name, settings in told]),
        "decisions": _log(DECISIONS, [(name, decided(settings, run)) for name, settings in told]),
        "data": _log(DATA, [(name, data_log(settings)) for name, settings in told]),
    }


def _log(columns: Sequence[str], parts: Sequence[tuple[str, list[dict[str, Any]]]]) -> Log:
    by_plan = [(name, [tuple(row[column] for column in columns) for row in rows]) for name, rows in parts]
    shared = set.intersection(*(set(rows) for _, rows in by_plan)) if len(by_plan) > 1 else set()
    first = [("every plan", *row) for row in by_plan[0][1] if row in shared] if by_plan else []
    own = [(name, *row) for name, rows in by_plan for row in rows if row not in shared]
    return ("plan", *columns), [*first, *own]


def log_csv(log: Log) -> bytes:
    """A log as CSV text."""
    columns, rows = log
    return csv_text([columns, *rows]).encode()


def readme(study: Study, complaints: Sequence[str], names: Sequence[str]) -> str:
    """README of an export: complaints, contents, confidence in the results, and how to reproduce them."""
    return "\n".join(_readme(study, complaints, names)) + "\n"


def _readme(study: Study, complaints: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    manifest = study.manifest
    yield f"The study {_line(study.name)}, made with Tandem"
    yield ""
    if complaints:
        yield "Do not rely on this bundle before these are explained:"
        yield from (f"- {complaint}." for complaint in complaints)
        yield "A table that was altered stands here as it is, without a copy in another format."
        yield ""
    yield manifest["assurance"]
    yield from LIMITS
    yield ""
    yield from _about(study)
    yield ""
    yield "What is what:"
    yield from _what(names)
    yield ""
    yield "To make the results again with the same program, and have them compared:"
    yield "  tandem reproduce BUNDLE.zip"
    yield f"The digest of the results is {manifest['digest']}."


def _about(study: Study) -> Iterator[str]:
    manifest = study.manifest
    run, versions = manifest["study"], manifest["versions"]
    told = manifest["cells"][:PLANS]
    yield f"Made {manifest['created']} with version {versions['tandem-sim']}, Python {versions['python']}."
    asked = run["replications"]
    each = "as many histories of each as were needed" if asked == "auto" else f"{asked:,} histories of each"
    yield f"{words.start_of(words.counted(len(manifest['cells']), 'plan'))}, {each}, from seed {manifest['seed']}."
    if run.get("reason"):
        yield f"Why it was made, in its maker's words: {_line(run['reason'])}"
    yield from (f"- {_line(entry['label'])}" for entry in told)
    if len(manifest["cells"]) > PLANS:
        yield f"- and {len(manifest['cells']) - PLANS:,} more, in cells.parquet; the logs are the reference's alone"
    if study.partial:
        yield "It was stopped before its end."
    yield from (f"Failed: {_line(sentence)}" for sentence in study.failed[:PLANS])
    if len(manifest["origins"]) > 1:
        yield "Its histories were made by more than one version of the program: runs.parquet says which made each."


def _what(names: Sequence[str]) -> Iterator[str]:
    width = max(len(start) for start, _ in CONTENTS)
    for start, meaning in CONTENTS:
        if any(name.startswith(start) for name in names):
            yield f"  {start:<{width}}  {meaning}"


def _line(text: str) -> str:
    """Text from a user's file on one line, cut if very long."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
    return plain if len(plain) <= TOO_LONG else plain[: TOO_LONG - 1].rstrip() + "…"
