"""A plan of a study simulated along one lever or quantity, under the study's own luck."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sim.analysis import plan_measures
from sim.analysis.arrays import Values
from sim.analysis.plan_measures import PlanMeasure
from sim.analysis.seeking.tipping import Scale, Simulated, Tipping, tip
from sim.core.errors import InputError
from sim.engine.settings import Settings
from sim.plans import key_words, scenario
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.plans.study_settings import StudySettings
from sim.plans.variants import Ids
from sim.study.design.cells import Cell
from sim.study.running.study_run import evaluate
from sim.study.study import Study

Tell = Callable[[str], None]

MOST = 4
"""Limit on doubling the histories at an undecided value, as a multiple of the study's own number."""


def tip_plan(
    study: Study,
    cell: str,
    lever: str,
    target: str,
    ends: tuple[float | None, float | None] = (None, None),
    histories: tuple[int | None, int | None] = (None, None),
    tell: Tell | None = None,
) -> Tipping:
    """The tipping points of a cell of a study along a lever.

    `ends` narrow the lever's bounds; `histories` are those tried first at each value, and at most where it cannot be
    told. InputError for a lever without order, an unknown measure, or a range outside what is allowed.
    """
    asked = plan_measures.target(target)
    settings = study.settings(cell)
    scale = scale_of(lever, settings, *ends)
    first, most = histories[0] or study.replications(cell), histories[1]
    simulated = _along(study, cell, settings, scale, asked.measure, tell)
    return tip(simulated, asked, scale, first, most or MOST * first)


def scale_of(lever: str, settings: Settings, low: float | None = None, high: float | None = None) -> Scale:
    """Bounds of a lever or quantity by its name or a unique last part of it; InputError if it has none."""
    entry = _entry(lever, settings)
    bottom, top = (entry["low"] if low is None else low), (entry["high"] if high is None else high)
    span = f"{entry['low']:g} to {entry['high']:g}"
    if not entry["low"] <= bottom < top <= entry["high"]:
        raise InputError(f"{entry['name']}: {bottom:g} to {top:g} is no part of its range, {span}")
    whole = entry.get("type") == "whole number"
    if whole and (bottom != int(bottom) or top != int(top)):
        raise InputError(f"{entry['name']} takes whole numbers, {span}")
    return Scale(entry["name"], entry["unit"], float(bottom), float(top), whole, float(entry["now"]))


def _entry(lever: str, settings: Settings) -> dict[str, Any]:
    """Declaration of a lever or quantity, with its value in the plan as `now`."""
    known = {entry["name"]: entry for entry in lever_entries()}
    known |= {f"{entry['name']}.value": entry for entry in evidence_entries(settings)}
    ranged = [name for name, entry in known.items() if entry.get("low") is not None and entry["low"] < entry["high"]]
    if lever in known and lever not in ranged:
        raise InputError(f"{lever} has no range to go along; compare its values with tandem sweep {lever}=…")
    name = key_words.meant(lever, ranged, "levers and quantities that have a range")
    return {**known[name], "name": name, "now": scenario.values(settings)[name]}


def _along(
    study: Study, cell: str, settings: Settings, scale: Scale, asked: PlanMeasure, tell: Tell | None
) -> Simulated:
    """Function that simulates the plan at given lever values: the measure by history, under the same luck."""
    run, ids, label = StudySettings.model_validate(study.manifest["study"]), Ids(settings), study.labels[cell]

    def simulated(values: Sequence[float], n: int) -> list[Values]:
        if tell is not None:
            tell(f"{scale.name} {', '.join(f'{value:g}' for value in values)}: {n:,} histories each")
        changes = [{scale.key: int(value) if scale.whole else value} for value in values]
        cells = [_cell(label, settings, ids, change) for change in changes]
        runs = evaluate(cells, run.model_copy(update={"replications": n}))
        by_cell = dict(list(runs.groupby("cell", sort=False)))
        return [asked.values(by_cell[each.id].sort_values("replication")) for each in cells]

    return simulated


def _cell(label: str, base: Settings, ids: Ids, change: dict[str, Any]) -> Cell:
    """The plan with one value changed; InputError if that is not allowed."""
    try:
        found = ids.of(change)
    except ValueError as error:
        said = ", ".join(f"{key}={value:g}" for key, value in change.items())
        raise InputError(f"{label} is not possible with {said}: {' '.join(str(error).split())}") from None
    return Cell(found, label, base.scenario.name, base, partial(dict, change))
