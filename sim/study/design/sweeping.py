"""Cells of a sweep: base plans composed once each, with a design's values merged in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from sim.core.errors import InputError, shown
from sim.core.luck import Luck
from sim.plans import scenario
from sim.plans.compose import compose
from sim.plans.strict import Library, by_key, parse_override, split_override
from sim.plans.study_settings import StudySettings
from sim.plans.variants import Ids
from sim.study.design.cells import Cell, StudyPlan, base_cells, check_outcome, labelled, reference_cell, reference_id

MERGED = ("levers.", "evidence.")
"""Keys whose values are merged into a composed plan; every other key decides what is composed."""
STANDINGS = ("evidence.places.pace.value", "evidence.places.saving.value")
"""Where a partnership stands among others: drawn for each partnership of a sample by itself."""
_parsed = lru_cache(maxsize=65_536)(parse_override)


@dataclass(frozen=True)
class Row:
    """One row of a design: overrides for composing, and values to merge into the result."""

    fixed: tuple[str, ...]
    values: dict[str, Any]


def plan_sweep(
    rows: Sequence[Sequence[str]],
    library: Library | None = None,
    drawn: Sequence[Mapping[str, Any]] = (),
    design: Mapping[str, Any] | None = None,
) -> StudyPlan:
    """Plan of a sweep: a list of overrides for each row; rows without a scenario run `study.scenarios`.

    With a sample, `drawn` gives the values of each of its rows, and every plan of `rows` meets all of them;
    `design` is what the manifest keeps of it. No reference is added: the others are compared with
    `study.reference` where it is among them, else with the first. Raises InputError for an empty design, for
    whatever is wrong in any cell, and where the study's own settings (seed, replications, …) differ from row
    to row.
    """
    library = library or Library()
    if not rows:
        raise InputError("the sweep has no cells: give at least one key with values, such as scenario=a,b")
    split, merged = _split(rows)
    bases, study = _bases(split, merged, library)
    check_outcome(study, rows[0], library)
    home = bases[split[0].fixed][0].base.partnership.name
    spread = design is not None and design.get("kind") == "lhs"
    drafts = [
        draft
        for row in split
        for base in bases[row.fixed]
        for draft in _of_row(row, base, _at_place(drawn, base, home) if spread else drawn, library)
    ]
    cells = list({draft.id: draft for draft in reversed(drafts)}.values())[::-1]
    usual = reference_cell(rows[0], study, library).id
    reference = usual if any(cell.id == usual for cell in cells) else reference_id(cells, study)
    if drawn:
        names = [(number % len(drawn), draft.id, draft.plan) for number, draft in enumerate(drafts)]
        return StudyPlan(cells, study, reference, names, dict(design or {}))
    return StudyPlan(labelled(cells, reference), study, reference)


def _split(rows: Sequence[Sequence[str]]) -> tuple[list[Row], list[str]]:
    """Rows, and keys of levers and evidence that vary between them."""
    keyed = [by_key(row) for row in rows]
    every = dict.fromkeys(key for row in keyed for key in row if key.startswith(MERGED))
    moving = [key for key in every if any(row.get(key) != keyed[0].get(key) for row in keyed)]
    found = []
    for row, own in zip(rows, keyed, strict=True):
        fixed = tuple(text for text in row if split_override(text)[0] not in moving)
        found.append(Row(fixed, {key: _parsed(own[key])[1] for key in moving if key in own}))
    return found, moving


def _bases(
    rows: Sequence[Row], merged: Sequence[str], library: Library
) -> tuple[dict[tuple[str, ...], list[Cell]], StudySettings]:
    """Base plans for each set of fixed overrides, with their differences and unique labels."""
    found: dict[tuple[str, ...], list[Cell]] = {}
    study: StudySettings | None = None
    for fixed in dict.fromkeys(row.fixed for row in rows):
        found[fixed], own = base_cells(fixed, library)
        study = study or own
        _check_same(study, own)
    plans = list({plan.id: plan for plans in found.values() for plan in plans}.values())
    values = [scenario.values(plan.base) for plan in plans]
    differing = scenario.differing([plan.base for plan in plans])
    plans = [
        replace(plan, apart={**apart, **{key: own.get(key) for key in merged}})
        for plan, apart, own in zip(plans, differing, values, strict=True)
    ]
    named = {plan.id: replace(plan, plan=plan.label) for plan in labelled(plans, "")}
    titled = {plan.id: replace(named[plan.id], label=plan.label) for plan in plans}
    assert study is not None
    return {fixed: [titled[plan.id] for plan in plans] for fixed, plans in found.items()}, study


@dataclass(frozen=True)
class OwnPlace(Sequence[Mapping[str, Any]]):
    """The rows of a sample for another partnership, which takes its own pace and prize from another row of it."""

    drawn: Sequence[Mapping[str, Any]]
    ahead: int

    def __len__(self) -> int:
        return len(self.drawn)

    def __getitem__(self, row: Any) -> Any:
        own, values = self.drawn[(row + self.ahead) % len(self.drawn)], self.drawn[row]
        return {key: own[key] if key in STANDINGS else value for key, value in values.items()}


def _at_place(drawn: Sequence[Mapping[str, Any]], base: Cell, home: str) -> Sequence[Mapping[str, Any]]:
    """The sample as a base plan's partnership meets it: `home` as it is drawn, another with a standing of its own."""
    name = base.base.partnership.name
    if name == home or len(drawn) < 2:
        return drawn
    return OwnPlace(drawn, 1 + int(Luck(0, 0).uniform("place", name) * (len(drawn) - 1)))


def _of_row(row: Row, base: Cell, drawn: Sequence[Mapping[str, Any]], library: Library) -> Iterator[Cell]:
    """The cells of a base plan in one row: with the row's values, and with those of every row of the sample."""
    ids = Ids(base.base)
    if not drawn:
        yield _variant(base, partial(dict, row.values), ids, row, library)
    for number in range(len(drawn)):
        made = _variant(base, partial(_both, row.values, drawn, number), ids, row, library)
        yield replace(made, label=f"{base.plan}, row {number + 1}")


def _both(values: Mapping[str, Any], drawn: Sequence[Mapping[str, Any]], number: int) -> dict[str, Any]:
    return {**values, **drawn[number]}


def _variant(base: Cell, values: partial[dict[str, Any]], ids: Ids, row: Row, library: Library) -> Cell:
    changes = values()
    if not changes:
        return base
    try:
        found = ids.of(changes)
    except (ValueError, KeyError):
        given = [f"{key}={shown(value)}" for key, value in changes.items()]
        fixed = [text for text in row.fixed if split_override(text)[0] != "scenario"]
        compose([f"scenario={base.scenario}", *fixed, *given], library)
        raise
    return replace(base, id=found, values=values)


def _check_same(first: StudySettings, other: StudySettings) -> None:
    if first == other:
        return
    ours, theirs = first.model_dump(), other.model_dump()
    for key, value in ours.items():
        if key != "horizon_months" and theirs[key] != value:
            both = f"{shown(value)} and {shown(theirs[key])}"
            raise InputError(f"study.{key} must be the same in every cell of a sweep, not {both}")
