"""Files that an export adds to a study's own: full settings, the three logs, and a README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.files.store import csv_text
from sim.words.documents.logs import ASSUMPTIONS, DATA, DECISIONS, assumptions_log, data_log, decided
from sim.words.templates import templates

if TYPE_CHECKING:
    from sim.engine.settings import Settings
    from sim.study.study import Study

PLANS = 50
"""Most plans for which each has its own logs; studies with more get logs of the reference only."""
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
    page = templates(Path(__file__).parent / "templates").get_template("export_readme.txt.j2")
    return page.render(study=study, manifest=study.manifest, complaints=complaints, names=names, most=PLANS)
