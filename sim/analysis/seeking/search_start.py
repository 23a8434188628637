"""The plan a search begins with: the levers it may set, how plans are judged, and the commands that run them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sim.analysis.seeking.pareto import Objective, Tried, objective
from sim.analysis.seeking.search import Candidate, Plan, Variable, changed
from sim.core.errors import InputError, shown
from sim.engine.settings import Settings
from sim.plans import key_words
from sim.plans import scenario as scenarios
from sim.plans.compose import compose
from sim.plans.declared_lists import lever_entries
from sim.plans.strict import Library, alternatives, parse_override, split_override
from sim.plans.study_settings import StudySettings
from sim.plans.variants import Ids
from sim.study.design.cells import Cell, base_cells
from sim.study.running.study_run import evaluate


def objectives_of(texts: Sequence[str]) -> list[Objective]:
    """The objectives as they were typed; InputError where there is none, or one is named twice."""
    asked = [objective(text) for text in texts]
    if not asked:
        raise InputError("name what to seek, such as --objective npv_gbp_m --objective dissolved")
    names = [each.measure.text for each in asked]
    if len(set(names)) < len(names):
        raise InputError(f"an objective is named twice: {', '.join(names)}")
    return asked


def variables_of(over: Sequence[str]) -> list[Variable]:
    """The levers to vary, each with its values."""
    entries = {entry["name"]: entry for entry in lever_entries() if entry["type"] not in ("list", "text")}
    found = []
    for text in over:
        name, equals, values = text.partition("=")
        key = key_words.meant(name.strip(), list(entries), "levers that can be searched over")
        found.append(_variable(entries[key], values.strip() if equals else None))
    if not found:
        raise InputError("name what may change, such as --over levers.pace.months_between_waves")
    if len({each.key for each in found}) < len(found):
        raise InputError(f"a lever is named twice: {', '.join(over)}")
    return found


def _variable(entry: Mapping[str, Any], values: str | None) -> Variable:
    key, numeric = str(entry["name"]), "low" in entry and entry["low"] is not None
    if values is not None and ".." in values and numeric:
        return _between(entry, values)
    if values is not None:
        typed = [f"{key}={piece}" for piece in alternatives(f"{key}={values}")[1]]
        listed = tuple(parse_override(text)[1] for text in typed)
        if any(isinstance(value, list | dict) for value in listed):
            raise InputError(f"{key}={shown(values)}: values with commas between are wanted, not a list")
        for text in typed:
            compose([text])
        return Variable(key, tuple(sorted(set(listed))) if numeric else tuple(dict.fromkeys(listed)), numeric)
    if numeric:
        return Variable.number(key, entry["low"], entry["high"], entry["type"] == "whole number")
    return Variable(key, tuple(entry["choices"]) if entry.get("choices") else (False, True), False)


def _between(entry: Mapping[str, Any], values: str) -> Variable:
    """A lever range given as `low..high`."""
    key, low, high = str(entry["name"]), entry["low"], entry["high"]
    number = r"([+-]?(?:\d+\.?\d*|\.\d+))"
    match = re.fullmatch(rf"{number}\.\.{number}", values.replace(" ", ""))
    first, last = (float(match[1]), float(match[2])) if match else (float("nan"), float("nan"))
    whole = entry["type"] == "whole number"
    if not low <= first < last <= high or (whole and (first != int(first) or last != int(last))):
        raise InputError(f"{key}={shown(values)}: write low..high within its range, {low:g} to {high:g}")
    return Variable.number(key, first, last, whole)


def start_of(overrides: Sequence[str], library: Library, objectives: Sequence[Objective]) -> SearchStart:
    """The plan a search begins with."""
    cells, run = base_cells(overrides, library)
    named = any(split_override(text)[0] == "scenario" for text in overrides)
    if named and len(cells) > 1:
        raise InputError("a search begins with one plan: name one scenario, and search over what sets the others apart")
    cell = cells[0] if named else next((c for c in cells if c.scenario == run.reference), cells[0])
    return SearchStart(cell.scenario, cell.base, run, objectives)


class SearchStart:
    """The search's starting plan, with the methods that make and evaluate candidates from it."""

    def __init__(self, scenario: str, base: Settings, run: StudySettings, objectives: Sequence[Objective]) -> None:
        self.scenario, self.base, self.run, self.objectives = scenario, base, run, objectives
        self.values, self.ids = scenarios.values(base), Ids(base)

    def judge(self, plans: Sequence[Plan]) -> list[tuple[float, ...] | None]:
        """The mean of every objective for each plan, simulated together; None for an impossible plan."""
        cells = [self._cell(plan) for plan in plans]
        possible = [cell for cell in cells if cell is not None]
        if not possible:
            return [None] * len(plans)
        runs = evaluate(possible, self.run)
        places = runs.groupby("cell").indices
        columns = [each.measure.values(runs) for each in self.objectives]
        means = {
            cell.id: tuple(
                float(np.nanmean(column[places[cell.id]])) if not np.isnan(column[places[cell.id]]).all() else np.nan
                for column in columns
            )
            for cell in possible
        }
        return [None if cell is None else means[cell.id] for cell in cells]

    def _cell(self, plan: Plan) -> Any:
        try:
            found = self.ids.of(plan)
        except ValueError:
            return None
        return Cell(found, self.scenario, self.scenario, self.base, partial(dict, plan))

    def tried(self, candidate: Candidate, overrides: Sequence[str]) -> Tried:
        """A candidate with its id, its changes in words, and the command that runs it."""
        changes = changed(candidate.plan, self.values)
        typed = [f"scenario={self.scenario}", *self._kept(overrides, candidate.plan), *_typed(changes)]
        command = " ".join(["tandem run", *(_quoted(word) for word in typed)])
        cell = self._cell(candidate.plan)
        return Tried(cell.id, scenarios.words(changes), command, changes, candidate.scores)

    def _kept(self, overrides: Sequence[str], plan: Mapping[str, Any]) -> list[str]:
        """The plan's own overrides that the search does not vary."""
        keys = {text: split_override(text)[0] for text in overrides}
        back = {key for key in plan if plan[key] != self.values.get(key)}
        return [t for t, key in keys.items() if key != "scenario" and not key.startswith("study.") and key not in back]

    def row(self, tried: Tried, overrides: Sequence[str], check: int) -> list[str]:
        """Overrides of the candidate's cell in a study under fresh luck."""
        seed = self.run.seed + 1 if self.run.seed < 2**62 else self.run.seed - 1
        own = {"study.seed": seed, "study.replications": check}
        ways = [t for t in overrides if (k := split_override(t)[0]).startswith("study.") and k not in own]
        named = [] if any(t.startswith("study.name=") for t in ways) else ["study.name=search"]
        kept = self._kept(overrides, {**self.values, **tried.changes})
        return [f"scenario={self.scenario}", *kept, *_typed(tried.changes), *ways, *named, *_typed(own)]


def _typed(changes: Mapping[str, Any]) -> list[str]:
    """Values in command-line form."""
    said = {True: "true", False: "false"}
    return [f"{key}={said[value] if isinstance(value, bool) else value}" for key, value in changes.items()]


def _quoted(word: str) -> str:
    """A word quoted for a shell."""
    return word if re.fullmatch(r"[\w./=:\\-]+", word) else f'"{word}"'
