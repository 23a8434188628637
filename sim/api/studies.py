"""Studies: made, loaded, said in words, and any of their histories told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.strict import Library
from sim.study import cells_of, find_study, run_study, sweep_cells
from sim.study.cells import Design

if TYPE_CHECKING:
    from sim.explain import Summary
    from sim.study import Study

OUTPUTS = Path("outputs")

Progress = Callable[[int, int], None]


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

    def tell(done: int, total: int) -> None:
        if not done:
            # Workers have started: what draws and compares is imported while they simulate.
            from sim import compare, plots  # noqa: F401
        if progress is not None:
            progress(done, total)

    cells, settings, reference = design
    study = run_study(cells, settings, reference, root, tell)
    if not study.runs.empty:
        from sim import compare, plots, store

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
