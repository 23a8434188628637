"""Rules for the cells of a study (product.md, 'Which cells run'), for `tandem` and `python -m sim` alike."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sim.core.errors import InputError, shown, suggestion
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Settings
from sim.plans import scenario
from sim.plans.compose import cell_id, compose, standing
from sim.plans.strict import Library, alternatives, by_key, parse_override, split_override
from sim.plans.study_settings import StudySettings
from sim.plans.variants import variant
from sim.study.files.store import hash_bytes

Values = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Cell:
    """One plan to simulate: validated settings, an id that hashes their content, a label that people read.

    The settings are those of a base plan with some values changed; `values` gives those changes, by full
    key, when asked; `plan` is the label of that base plan in a sample. `apart` holds what differs between
    the base plans of the study, `sources` the hash of the scenario and partnership files the base came from.
    """

    id: str
    label: str
    scenario: str
    base: Settings
    values: Values = dict
    plan: str = ""
    apart: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """Validated settings, built at each call if the cell is a variant of its base."""
        return variant(self.base, self.values())

    @property
    def varied(self) -> dict[str, Any]:
        """Values that differ between the cells of the study, by full key."""
        return {**self.apart, **self.values()}


class StudyPlan(NamedTuple):
    """A checked plan of a study: its cells, its settings, and the reference cell for comparisons.

    `rows` maps rows of the design to cells: (row, cell id, label of the base plan).
    `design` is the manifest's entry for the design.
    """

    cells: list[Cell]
    study: StudySettings
    reference: str
    rows: list[tuple[int, str, str]] = []  # noqa: RUF012 (never changed)
    design: dict[str, Any] | None = None


def plan_run(overrides: Sequence[str], library: Library | None = None) -> StudyPlan:
    """Plan of a study for one run.

    No scenario named: `study.scenarios`. One: it and `study.reference`, which takes every override but those
    of levers; it alone where both are the same. Several, with commas: those. Raises InputError for whatever
    is wrong in any of them; nothing is created.
    """
    library = library or Library()
    named, rest = _split(overrides)
    drafts, study = _drafts(named, rest, library)
    check_outcome(study, rest, library)
    if len(named) == 1:
        usual = reference_cell(rest, study, library)
        drafts = drafts if usual.id == drafts[0].id else [usual, *drafts]
    reference = reference_id(drafts, study)
    return StudyPlan(finished(drafts, reference), study, reference)


def check_outcome(study: StudySettings, overrides: Sequence[str], library: Library) -> None:
    """Raise InputError if `study.auto_outcome` is unknown, or any mean of it lies within `study.auto_half_width`."""
    if study.auto_outcome not in OUTCOMES:
        near, place = suggestion(study.auto_outcome, OUTCOMES), standing(overrides, library, "study", "auto_outcome")
        stands = f"{place}: " if place else ""
        raise InputError(f"{stands}study.auto_outcome={shown(study.auto_outcome)} is no outcome{near}")
    asked, wide = OUTCOMES[study.auto_outcome], study.auto_half_width
    if study.automatic and wide > (asked.high - asked.low) / 2:
        place = standing(overrides, library, "study", "auto_half_width")
        why = f"{asked.name} {asked.span}, so that every mean is known that well: ask for less, such as 0.05"
        raise InputError(f"{f'{place}: ' if place else ''}study.auto_half_width={wide:g}: {why}")


def base_cells(overrides: Sequence[str], library: Library) -> tuple[list[Cell], StudySettings]:
    """Plans for the overrides, without a reference: the scenarios named, or `study.scenarios`."""
    return _drafts(*_split(overrides), library)


def _split(overrides: Sequence[str]) -> tuple[list[str], list[str]]:
    """Scenario names, and the other overrides."""
    given = [text for text in overrides if split_override(text)[0] == "scenario"]
    if len(given) > 1:
        raise InputError(f"scenario is given twice ({', '.join(given)}); name them together: scenario=a,b")
    by_key(overrides)
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
    return Cell(cell_id(settings), settings.scenario.title, name, settings, sources=sources), composed.study


def reference_cell(overrides: Sequence[str], study: StudySettings, library: Library) -> Cell:
    """Reference cell of the study, under overrides other than levers and scenario names."""
    overrides = _split(overrides)[1]
    return _draft(
        study.reference, [text for text in overrides if not split_override(text)[0].startswith("levers.")], library
    )[0]


def _sources(name: str, overrides: Iterable[str], library: Library) -> dict[str, str]:
    """Hashes of the files chosen by name, over their bytes."""
    chosen = {"scenario": name}
    for key, value in map(parse_override, overrides):
        if key in ("partnership", "services"):
            chosen[key] = value
    return {group: hash_bytes(library.bytes_of(group, value)) for group, value in chosen.items()}


def reference_id(drafts: Sequence[Cell], study: StudySettings) -> str:
    """The id of the first cell of the study's reference scenario, else of the first."""
    return next((draft.id for draft in drafts if draft.scenario == study.reference), drafts[0].id)


def finished(drafts: Sequence[Cell], reference: str) -> list[Cell]:
    """Cells without duplicates, with the values that vary between them and unique labels."""
    cells = list({draft.id: draft for draft in reversed(drafts)}.values())[::-1]
    varied = scenario.differing([cell.settings for cell in cells])
    cells = [replace(cell, apart=values) for cell, values in zip(cells, varied, strict=True)]
    return labelled(cells, reference)


def labelled(cells: Sequence[Cell], reference: str) -> list[Cell]:
    """The cells with labels that tell them apart."""
    labels = unique(_labels(cells, reference))
    return [replace(cell, label=label) for cell, label in zip(cells, labels, strict=True)]


def _labels(cells: Sequence[Cell], reference: str) -> list[str]:
    """Labels from scenario titles; cells with equal titles add what sets each apart from the reference or others."""
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
    """Labels made unique by numbers."""
    seen: dict[str, int] = {}
    result = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        result.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return result
