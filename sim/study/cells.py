"""Which cells a study runs: product.md, 'Which cells run', for `tandem` and for `python -m sim` alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim import scenario
from sim.settings import Settings, StudySettings, cell_id, compose
from sim.store import hash_bytes
from sim.strict import InputError, Library, alternatives, parse_override, shown, split_override

Design = tuple[list["Cell"], StudySettings, str]


@dataclass(frozen=True)
class Cell:
    """One plan to simulate: validated settings, an id that hashes their content, a label that people read.

    `varied` holds what differs between the cells of the study, by full key; `sources` the hash of the
    scenario and partnership files the settings came from.
    """

    id: str
    label: str
    scenario: str
    settings: Settings
    varied: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


def cells_of(overrides: Sequence[str], library: Library | None = None) -> Design:
    """The cells of one run, the study's settings and the id of the cell the others are compared with.

    No scenario named: `study.scenarios`. One: it and `study.reference`, which takes every override but those
    of levers; it alone where both are the same. Several, with commas: those. Raises InputError for whatever
    is wrong in any of them; nothing is created.
    """
    library = library or Library()
    named, rest = _split(overrides)
    drafts, study = _drafts(named, rest, library)
    if len(named) == 1:
        usual = _reference(rest, study, library)
        drafts = drafts if usual.id == drafts[0].id else [usual, *drafts]
    return _finished(drafts, study, _reference_id(drafts, study))


def sweep_cells(rows: Sequence[Sequence[str]], library: Library | None = None) -> Design:
    """The cells of a sweep, one list of overrides each; a list that names no scenario runs `study.scenarios`.

    No reference is added: the others are compared with `study.reference` where it is among them, else with
    the first. Raises InputError for an empty design, for whatever is wrong in any cell, and where the study's
    own settings (seed, replications, …) differ from row to row.
    """
    library = library or Library()
    if not rows:
        raise InputError("the sweep has no cells: give at least one key with values, such as scenario=a,b")
    drafts, study = _drafts(*_split(rows[0]), library)
    for row in rows[1:]:
        more, own = _drafts(*_split(row), library)
        _check_same(study, own)
        drafts += more
    usual = _reference(_split(rows[0])[1], study, library)
    present = any(draft.id == usual.id for draft in drafts)
    return _finished(drafts, study, usual.id if present else _reference_id(drafts, study))


def _split(overrides: Sequence[str]) -> tuple[list[str], list[str]]:
    """Scenario names, and the other overrides."""
    given = [text for text in overrides if split_override(text)[0] == "scenario"]
    if len(given) > 1:
        raise InputError(f"scenario is given twice ({', '.join(given)}); name them together: scenario=a,b")
    return (_names(given[0]) if given else []), [text for text in overrides if text not in given]


def _names(override: str) -> list[str]:
    names = [parse_override(f"scenario={piece}")[1] for piece in alternatives(override)[1]]
    if names == [None]:
        return []
    for name in names:
        if isinstance(name, list | dict):
            bare = ",".join(map(str, name)) or "a,b"
            raise InputError(f"{override}: a list would mix the files; write scenario={bare}")
        if not isinstance(name, str) or not name:
            raise InputError(f"{override}: {shown(name)} is not the name of a scenario")
    return names


def _drafts(named: Sequence[str], overrides: Sequence[str], library: Library) -> tuple[list[Cell], StudySettings]:
    if not named:
        study = compose(overrides, library).study
        return [_draft(name, overrides, library)[0] for name in study.scenarios], study
    drafts = [_draft(name, overrides, library) for name in named]
    return [cell for cell, _ in drafts], drafts[0][1]


def _draft(name: str, overrides: Sequence[str], library: Library) -> tuple[Cell, StudySettings]:
    composed = compose([f"scenario={name}", *overrides], library)
    settings = composed.settings
    sources = _sources(name, overrides, library)
    return Cell(cell_id(settings), settings.scenario.title, name, settings, {}, sources), composed.study


def _reference(overrides: Sequence[str], study: StudySettings, library: Library) -> Cell:
    return _draft(study.reference, [text for text in overrides if not _of_levers(text)], library)[0]


def _of_levers(override: str) -> bool:
    return split_override(override)[0].partition(".")[0] == "levers"


def _sources(name: str, overrides: Iterable[str], library: Library) -> dict[str, str]:
    """Hashes of the bytes of the files chosen by name."""
    chosen = {"scenario": name}
    for key, value in map(parse_override, overrides):
        if key in ("partnership", "services"):
            chosen[key] = value
    return {group: hash_bytes(library.path(group, value).read_bytes()) for group, value in chosen.items()}


def _reference_id(drafts: Sequence[Cell], study: StudySettings) -> str:
    return next((draft.id for draft in drafts if draft.scenario == study.reference), drafts[0].id)


def _check_same(first: StudySettings, other: StudySettings) -> None:
    if first == other:
        return
    ours, theirs = first.model_dump(), other.model_dump()
    for key, value in ours.items():
        if key != "horizon_months" and theirs[key] != value:
            both = f"{shown(value)} and {shown(theirs[key])}"
            raise InputError(f"study.{key} must be the same in every cell of a sweep, not {both}")


def _finished(drafts: Sequence[Cell], study: StudySettings, reference: str) -> Design:
    """Each cell once, with what varies between them and with labels of their own."""
    cells = list({draft.id: draft for draft in reversed(drafts)}.values())[::-1]
    varied = scenario.differing([cell.settings for cell in cells])
    cells = [replace(cell, varied=values) for cell, values in zip(cells, varied, strict=True)]
    labels = unique(_labels(cells, reference))
    return [replace(cell, label=label) for cell, label in zip(cells, labels, strict=True)], study, reference


def _labels(cells: Sequence[Cell], reference: str) -> list[str]:
    """The scenario's title; where cells share one, what sets each apart from the reference or its fellows."""
    titles = Counter(cell.label for cell in cells)
    return [
        cell.label if titles[cell.label] == 1 or cell.id == reference else f"{cell.label}, {_apart(cell, cells)}"
        for cell in cells
    ]


def _apart(cell: Cell, cells: Sequence[Cell]) -> str:
    fellows = [other.varied for other in cells if other.label == cell.label]
    moving = [key for key in cell.varied if any(other[key] != cell.varied[key] for other in fellows)]
    return scenario.words({key: cell.varied[key] for key in moving})


def unique(labels: Sequence[str]) -> list[str]:
    """The labels, each made different from those before it by a number."""
    seen: dict[str, int] = {}
    result = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        result.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return result
