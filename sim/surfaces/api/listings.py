"""Lists of settings and outcomes, users' own partnerships, and validation against published figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from csv import DictWriter
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis import validation
from sim.core.errors import InputError, suggestion
from sim.engine import outcomes
from sim.plans import partnership_csv
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.plans.strict import Library
from sim.study.files import store
from sim.words.documents.validation_page import markdown

if TYPE_CHECKING:
    from sim.analysis.validation import Validation
    from sim.plans.partnership_csv import Formed

KINDS = ("levers", "evidence", "outcomes", "scenarios", "partnerships")

Progress = Callable[[int, int], None]


def listed(kind: str, library: Library | None = None) -> list[dict[str, Any]]:
    """All entries of one kind (levers, evidence, outcomes and so on), each with at least `name`."""
    library = library or Library()
    if kind in ("scenarios", "partnerships"):
        group = kind.removesuffix("s")
        return [_file_entry(group, name, library) for name in library.names(group)]
    if kind not in KINDS:
        raise InputError(f"'{kind}' cannot be listed{suggestion(kind, KINDS)}")
    return _declared(kind)


def _declared(kind: str) -> list[dict[str, Any]]:
    if kind == "levers":
        return lever_entries()
    if kind == "outcomes":
        return outcomes.outcome_entries()
    return evidence_entries(compose().settings)


def _file_entry(group: str, name: str, library: Library) -> dict[str, Any]:
    content = library.read(group, name)
    about = content.get("scenario", {}) if group == "scenario" else content
    plain = {key: value for key, value in about.items() if not isinstance(value, list | dict) and key != "name"}
    return {"name": name, **plain}


def about(name: str, library: Library | None = None) -> dict[str, Any]:
    """Everything known of one lever, quantity, outcome, scenario or partnership; InputError for an unknown name."""
    library = library or Library()
    entries = {entry["name"]: entry for kind in KINDS for entry in listed(kind, library)}
    known = _meant(name, list(entries))
    return {**entries[known], **_content(known, library)}


def _meant(name: str, known: Sequence[str]) -> str:
    """The known name that the text means: in full, without its first part, or by a unique last part."""
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
    """Write the partnership described by a CSV table of councils, beside the table or to `output`."""
    made = partnership_csv.formed(table, name, start_year, start_month)
    path = partnership_csv.free_place(output or table.with_suffix(".yaml"), force, table)
    store.write_text(path, made.text)
    return path, made


def partnership_template(path: Path | None = None, force: bool = False) -> Path:
    """Write a blank table for `new_partnership`."""
    place = partnership_csv.free_place(path or Path(partnership_csv.TEMPLATE), force)
    store.write_text(place, partnership_csv.template())
    return place


def validate(
    cases: Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 0,
    progress: Progress | None = None,
) -> Validation:
    """Validation of the model against published figures in a folder of cases, the shipped ones by default."""
    given = {"draws": draws, "seed": seed}
    asked = {name: value for name, value in given.items() if value is not None}
    return validation.validate(cases, workers=workers, progress=progress, **asked)


def keep_draws(found: Validation, folder: Path) -> list[Path]:
    """Write one CSV table a case: a row for each draw and partnership, with what was drawn and each figure read."""
    folder.mkdir(exist_ok=True)
    written = []
    for place, prepared in enumerate(found.cases):
        rows = found.kept(place)
        if rows:
            text = StringIO()
            writer = DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            written.append(folder / f"{prepared.file.path.stem}.csv")
            store.write_text(written[-1], text.getvalue())
    return written


def write_validation(found: Validation, path: Path) -> Path:
    """Write the validation page, misses included."""
    store.write_text(path, markdown(found))
    return path
