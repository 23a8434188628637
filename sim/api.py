"""What the command line, the page and notebooks call: one function per thing a user can ask for.

Everything raises InputError, one sentence for people, where what was asked for cannot be done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.strict import InputError, Library, suggestion
from sim.study import cells_of, find_study, run_study, sweep_cells
from sim.study.cells import Design

if TYPE_CHECKING:
    from sim.explain import Summary
    from sim.study import Study

KINDS = ("levers", "evidence", "outcomes", "scenarios", "partnerships")
OUTPUTS = Path("outputs")

Progress = Callable[[int, int], None]

__all__ = [
    "KINDS",
    "as_json",
    "cells_of",
    "diary",
    "find_study",
    "listed",
    "load",
    "run",
    "simulate",
    "summary",
    "sweep",
    "sweep_cells",
]


def run(overrides: Sequence[str] = (), folders: Sequence[Path] = (), root: Path = OUTPUTS) -> Study:
    """The main job: the cells that the overrides mean, simulated, compared, drawn, in a study folder."""
    return simulate(cells_of(overrides, Library(folders)), root)


def sweep(rows: Sequence[Sequence[str]], folders: Sequence[Path] = (), root: Path = OUTPUTS) -> Study:
    """A study over a design: one list of overrides per cell."""
    return simulate(sweep_cells(rows, Library(folders)), root)


def simulate(design: Design, root: Path = OUTPUTS, progress: Progress | None = None) -> Study:
    """Run checked cells and write everything a study folder holds: tables, comparison, figures, summary.

    A study without a single finished history, because all failed or it was stopped at once, has tables only.
    """
    from sim import compare, plots, store

    cells, settings, reference = design
    study = run_study(cells, settings, reference, root, progress)
    if not study.runs.empty:
        compare.write(study)
        plots.save_all(study, study.folder)
        store.write_text(study.folder / "summary.md", summary(study).markdown)
    return study


def load(name: str = "LATEST", root: Path = OUTPUTS) -> Study:
    """A study from its folder: a path, a folder's name under `root`, or LATEST."""
    from sim.study import Study

    return Study.load(find_study(name, root))


def summary(study: Study) -> Summary:
    """What a study says, in words, for the terminal and for summary.md."""
    from sim import explain

    return explain.summary(study)


def diary(study: Study, scenario: str, replication: int) -> list[str]:
    """One history told in plain words, month by month, lived again from the manifest."""
    from sim import explain

    cell = study.cell_named(scenario)
    history = study.rerun(cell, replication)
    return explain.diary(history.events, study.settings(cell))


def listed(kind: str, library: Library | None = None) -> list[dict[str, Any]]:
    """Everything of one kind that can be set or asked for, each with at least `name`."""
    library = library or Library()
    if kind in ("scenarios", "partnerships"):
        group = kind.removesuffix("s")
        return [_file_entry(group, name, library) for name in library.names(group)]
    if kind not in KINDS:
        raise InputError(f"'{kind}' cannot be listed{suggestion(kind, KINDS)}")
    return _declared(kind)


def _declared(kind: str) -> list[dict[str, Any]]:
    from sim import outcomes, settings

    if kind == "levers":
        return settings.lever_entries()
    if kind == "outcomes":
        return outcomes.outcome_entries()
    return settings.evidence_entries(settings.compose().settings)


def _file_entry(group: str, name: str, library: Library) -> dict[str, Any]:
    content = library.read(group, name)
    about = content.get("scenario", {}) if group == "scenario" else content
    plain = {key: value for key, value in about.items() if not isinstance(value, list | dict) and key != "name"}
    return {"name": name, **plain}


def about(name: str, library: Library | None = None) -> dict[str, Any]:
    """All that is known of one lever, quantity, outcome, scenario or partnership; InputError if none."""
    library = library or Library()
    entries = {entry["name"]: entry for kind in KINDS for entry in listed(kind, library)}
    for known in (name, f"levers.{name}", f"evidence.{name}"):
        if known in entries:
            return {**entries[known], **_content(known, library)}
    raise InputError(f"there is no '{name}'{suggestion(name, entries)}")


def _content(name: str, library: Library) -> dict[str, Any]:
    for group in ("scenario", "partnership"):
        if name in library.names(group):
            content = library.read(group, name)
            return {key: value for key, value in content.items() if key not in (group, "name")}
    return {}


def as_json(study: Study) -> dict[str, Any]:
    """A study's results for machines: every outcome of every cell with its interval, and the comparison."""
    from sim.compare import describe

    return {
        "folder": str(study.folder),
        "status": study.manifest["status"],
        "reference": study.reference,
        "cells": [{"cell": cell, "label": label} for cell, label in study.labels.items()],
        "outcomes": _records(describe(study.runs)),
        "comparison": _records(study.comparison),
    }


def _records(table: Any) -> list[dict[str, Any]]:
    rows = table.to_dict(orient="records")
    return [{key: None if value != value else value for key, value in row.items()} for row in rows]
