"""Seeking plans: which settings of several levers no other beats, held against luck the search never saw."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.seeking import pareto
from sim.analysis.seeking import search as seeking
from sim.analysis.seeking.pareto import Tried, objective
from sim.analysis.seeking.search import Variable, changed
from sim.core.errors import InputError, shown
from sim.pictures.answers.search_plane import pareto as plane
from sim.pictures.figures.style import svg
from sim.plans import key_words
from sim.plans import scenario as scenarios
from sim.plans.compose import compose
from sim.plans.declared_lists import lever_entries
from sim.plans.strict import Library, alternatives, parse_override, split_override
from sim.plans.variants import Ids
from sim.study.design.cells import Cell, base_cells
from sim.study.design.sweeping import plan_sweep
from sim.study.files.store import write_bytes, write_csv, write_text
from sim.study.running.evaluating import evaluate
from sim.surfaces.api.studies import OUTPUTS, Progress, simulate
from sim.words.answers.pareto_words import said, table

if TYPE_CHECKING:
    from sim.analysis.seeking.pareto import Objective, Pareto
    from sim.analysis.seeking.search import Candidate, Plan
    from sim.engine.settings import Settings
    from sim.plans.study_settings import StudySettings
    from sim.study.study import Study

Tell = Callable[[int, int], None]

BUDGET, CHECKED = 100, 200
"""Plans tried, and histories of each plan found under fresh luck, where nobody says otherwise."""


class Searched(NamedTuple):
    """What a search found, and the study of the plans found, under fresh luck."""

    found: Pareto
    study: Study


def search(
    overrides: Sequence[str],
    over: Sequence[str],
    objectives: Sequence[str],
    *,
    budget: int = BUDGET,
    check: int = CHECKED,
    folders: Sequence[Path] = (),
    root: Path = OUTPUTS,
    tell: Tell | None = None,
    progress: Progress | None = None,
) -> Searched:
    """Seek the settings of the levers in `over` that no other beats on all `objectives`.

    `overrides` name the plan the search begins with and how it is run: `study.replications` histories of each
    of at most `budget` plans, all under the same luck. A lever may carry the values to try, as
    `levers.hr.od_posts=0..6` or `levers.hr.od_route=bought,built`; an objective its direction, as
    `leavers:lower`. The plans found, and the one it began with, are then simulated in `check` histories with
    the next seed and written as a study of their own, with `answers/search.csv` and `.md` and
    `figures/search.svg`. Raises InputError for whatever is wrong with any of this; nothing is written then.
    """
    library = Library(folders)
    asked = _objectives(objectives)
    variables = _variables(over)
    start = _Start(*_start(overrides, library), asked)
    began = {each.key: start.values[each.key] for each in variables}
    directions = [each.direction for each in asked]
    found = seeking.search(variables, start.judge, directions, budget, start.run.seed, began, tell)
    front = [start.tried(candidate, overrides) for candidate in found.front]
    origin = None
    if all(tried.changes for tried in front):
        scores = start.judge([began])[0] or ()
        origin = start.tried(seeking.Candidate(began, 0, scores), overrides)
    study = _fresh(overrides, [*([origin] if origin else []), *front], start, check, library, root, progress)
    plans, first = pareto.held(front, origin, study.runs, asked)
    result = pareto.Pareto(
        tuple(asked), plans, first, len(found.tried), found.refused, found.complete, start.run.at_most, check
    )
    _write(study.folder, result)
    return Searched(result, study)


def _objectives(texts: Sequence[str]) -> list[Objective]:
    asked = [objective(text) for text in texts]
    if not asked:
        raise InputError("name what to seek, such as --objective npv_gbp_m --objective dissolved")
    names = [each.measure.text for each in asked]
    if len(set(names)) < len(names):
        raise InputError(f"an objective is named twice: {', '.join(names)}")
    return asked


def _variables(over: Sequence[str]) -> list[Variable]:
    """The levers to set, each with its values."""
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
    """A lever between two values, `low..high`."""
    key, low, high = str(entry["name"]), entry["low"], entry["high"]
    number = r"([+-]?(?:\d+\.?\d*|\.\d+))"
    match = re.fullmatch(rf"{number}\.\.{number}", values.replace(" ", ""))
    first, last = (float(match[1]), float(match[2])) if match else (float("nan"), float("nan"))
    whole = entry["type"] == "whole number"
    if not low <= first < last <= high or (whole and (first != int(first) or last != int(last))):
        raise InputError(f"{key}={shown(values)}: write low..high within its range, {low:g} to {high:g}")
    return Variable.number(key, first, last, whole)


def _start(overrides: Sequence[str], library: Library) -> tuple[str, Settings, StudySettings]:
    """The scenario, settings and way of running of the plan the search begins with."""
    cells, run = base_cells(overrides, library)
    named = any(split_override(text)[0] == "scenario" for text in overrides)
    if named and len(cells) > 1:
        raise InputError("a search begins with one plan: name one scenario, and search over what sets the others apart")
    cell = cells[0] if named else next((c for c in cells if c.scenario == run.reference), cells[0])
    return cell.scenario, cell.base, run


class _Start:
    """The plan a search begins with, and how others made from it are judged and said."""

    def __init__(self, scenario: str, base: Settings, run: StudySettings, objectives: Sequence[Objective]) -> None:
        self.scenario, self.base, self.run, self.objectives = scenario, base, run, objectives
        self.values, self.ids = scenarios.values(base), Ids(base)

    def judge(self, plans: Sequence[Plan]) -> list[tuple[float, ...] | None]:
        """The mean of every objective for each plan, all in one go; None for a plan that is not possible."""
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
        """A candidate with its id, what it changes in words, and the command that runs it."""
        changes = changed(candidate.plan, self.values)
        typed = [f"scenario={self.scenario}", *self._kept(overrides, candidate.plan), *_typed(changes)]
        command = " ".join(["tandem run", *(_quoted(word) for word in typed)])
        cell = self._cell(candidate.plan)
        return Tried(cell.id, scenarios.words(changes), command, changes, candidate.scores)

    def _kept(self, overrides: Sequence[str], plan: Mapping[str, Any]) -> list[str]:
        """The overrides that belong to the plan itself and that the search does not set back."""
        keys = {text: split_override(text)[0] for text in overrides}
        back = {key for key in plan if plan[key] != self.values.get(key)}
        return [t for t, key in keys.items() if key != "scenario" and not key.startswith("study.") and key not in back]

    def row(self, tried: Tried, overrides: Sequence[str], check: int) -> list[str]:
        """The overrides of its cell in a study under fresh luck."""
        seed = self.run.seed + 1 if self.run.seed < 2**62 else self.run.seed - 1
        own = {"study.seed": seed, "study.replications": check}
        ways = [t for t in overrides if (k := split_override(t)[0]).startswith("study.") and k not in own]
        named = [] if any(t.startswith("study.name=") for t in ways) else ["study.name=search"]
        kept = self._kept(overrides, {**self.values, **tried.changes})
        return [f"scenario={self.scenario}", *kept, *_typed(tried.changes), *ways, *named, *_typed(own)]


def _fresh(
    overrides: Sequence[str],
    plans: Sequence[Tried],
    start: _Start,
    check: int,
    library: Library,
    root: Path,
    progress: Progress | None,
) -> Study:
    """The study of these plans under luck the search never saw."""
    return simulate(plan_sweep([start.row(tried, overrides, check) for tried in plans], library), root, progress)


def _typed(changes: Mapping[str, Any]) -> list[str]:
    """Values as they are typed."""
    said = {True: "true", False: "false"}
    return [f"{key}={said[value] if isinstance(value, bool) else value}" for key, value in changes.items()]


def _quoted(word: str) -> str:
    """A word as it is typed into a shell."""
    return word if re.fullmatch(r"[\w./=:\\-]+", word) else f'"{word}"'


def _write(folder: Path, found: Pareto) -> None:
    for part in ("answers", "figures"):
        (folder / part).mkdir(exist_ok=True)
    content = found.table
    write_csv(folder / "answers" / "search.csv", list(content.columns), content.itertuples(index=False))
    head, *rows = (f"| {' | '.join(row)} |" for row in table(found))
    lines = "\n".join([head, "|" + " --- |" * head.count(" | ") + " --- |", *rows])
    text = "\n\n".join([*said(found).splitlines(), lines])
    commands = "\n".join(f"    {plan.command}" for plan in found.plans)
    write_text(folder / "answers" / "search.md", f"# Plans found\n\n{text}\n\nTo run them:\n\n{commands}\n")
    write_bytes(folder / "figures" / "search.svg", svg(plane(found)))
