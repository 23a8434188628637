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
    from sim.formation import Formed
    from sim.study import Study
    from sim.validation import Validation

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
    "new_partnership",
    "partnership_template",
    "run",
    "simulate",
    "summary",
    "sweep",
    "sweep_cells",
    "validate",
    "write_validation",
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


def validate(
    cases: Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 0,
    progress: Progress | None = None,
) -> Validation:
    """The model beside the published figures of a folder of cases, the shipped ones if none is given."""
    from sim import validation

    given = {"draws": draws, "seed": seed}
    asked = {name: value for name, value in given.items() if value is not None}
    return validation.validate(cases, workers=workers, progress=progress, **asked)


def write_validation(found: Validation, path: Path) -> Path:
    """Write the page that shows the model beside the published figures, misses included."""
    from sim import store, validation

    store.write_text(path, validation.markdown(found))
    return path


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
    known = _meant(name, list(entries))
    return {**entries[known], **_content(known, library)}


def _meant(name: str, known: Sequence[str]) -> str:
    """The one of `known` that a name means: whole, without its first part, or by a last part that is unique."""
    for whole in (name, f"levers.{name}", f"evidence.{name}"):
        if whole in known:
            return whole
    found = [whole for whole in known if whole.rsplit(".", 1)[-1] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"'{name}' may be any of {', '.join(found)}: write one of them")
    raise InputError(f"there is no '{name}'{suggestion(name, known)}")


def _content(name: str, library: Library) -> dict[str, Any]:
    for group in ("scenario", "partnership"):
        if name in library.names(group):
            content = library.read(group, name)
            return {key: value for key, value in content.items() if key not in (group, "name")}
    return {}


def new_partnership(
    table: Path,
    output: Path | None = None,
    *,
    name: str | None = None,
    start_year: int | None = None,
    start_month: int | None = None,
    force: bool = False,
) -> tuple[Path, Formed]:
    """Write the partnership that a CSV table of councils describes, beside the table or to `output`."""
    from sim import formation, store

    made = formation.formed(table, name, start_year, start_month)
    path = formation.free_place(output or table.with_suffix(".yaml"), force, table)
    store.write_text(path, made.text)
    return path, made


def partnership_template(path: Path | None = None, force: bool = False) -> Path:
    """Write a table to fill in, for `new_partnership`."""
    from sim import formation, store

    place = formation.free_place(path or Path(formation.TEMPLATE), force)
    store.write_text(place, formation.template())
    return place


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
