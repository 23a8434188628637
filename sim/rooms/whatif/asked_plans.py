"""Plans and questions from the browser, checked against the declared lists: known names, values within bounds."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sim.core.errors import InputError, shown, suggestion
from sim.engine.settings import Settings
from sim.plans.compose import cell_id, compose
from sim.plans.strict import Library
from sim.rooms.whatif import questions
from sim.rooms.whatif.form import Control, Value, controls
from sim.study.design.cells import StudyPlan, plan_run, unique
from sim.study.design.sweeping import plan_sweep

MOST_PLANS = 4
REFERENCE = "structure_first"
"""The plan that others are compared with, as in the command line."""
HISTORIES = (100, 200, 500, 1000)
"""Permitted numbers of histories: 200 as in the command line; 1,000 give a chance to within 3 points."""
OWN_FOLDER = "own_partnerships"
"""Folder of the user's own partnerships within the working folder, usable with `--config-dir`."""
NAME = r"^[a-z0-9_-]{1,64}$"

Name = Annotated[str, StringConstraints(pattern=NAME)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]{1,80}$")]
Given = Annotated[str, StringConstraints(max_length=80)] | bool | int | float


class Wrong(InputError):
    """A refusal that belongs to one field of the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[type[Wrong], tuple[str, str]]:
        """Pickling support, so that it crosses processes with all its fields."""
        return Wrong, (self.field, str(self))


class PagePlan(BaseModel):
    """A plan from the page: names, changes to the scenario's levers and mechanisms, and answers to questions."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: Annotated[str, StringConstraints(max_length=60)] = ""
    partnership: Name = "bromsgrove_redditch"
    scenario: Name = "structure_first"
    values: Annotated[dict[Key, Given], Field(max_length=100)] = Field(default_factory=dict)
    answers: Annotated[dict[Name, Name], Field(max_length=30)] = Field(default_factory=dict)


class Question(BaseModel):
    """A question from the page: one plan beside the usual reference, or several; and the number of histories."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plans: Annotated[tuple[PagePlan, ...], Field(min_length=1, max_length=MOST_PLANS)]
    histories: Annotated[int, Field(ge=1, le=HISTORIES[-1])] = 200
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1


def changes_of(plan: PagePlan, library: Library) -> dict[str, Any]:
    """The plan's changes to its scenario, by full key, checked; levers moved by hand override answers."""
    settings = _scenario(plan, library)
    known = controls(settings)
    for name, value in plan.values.items():
        if name not in known:
            raise Wrong(name, f"{shown(name)} is no lever and no mechanism{suggestion(name, known)}.")
        _check(known[name], value)
    changes = _answered(plan) | {name: _plain(known[name], value) for name, value in plan.values.items()}
    return {key: value for key, value in changes.items() if key not in known or known[key].value != value}


def _scenario(plan: PagePlan, library: Library) -> Settings:
    for group in ("partnership", "scenario"):
        known, name = library.names(group), getattr(plan, group)
        if name not in known:
            raise Wrong(group, f"There is no {group} {shown(name)}{suggestion(name, known)}.")
    return compose([f"scenario={plan.scenario}", f"partnership={plan.partnership}"], library).settings


def _answered(plan: PagePlan) -> dict[str, Any]:
    for name, answer in plan.answers.items():
        if name not in questions.BY_NAME:
            raise Wrong(f"question.{name}", f"{shown(name)} is no question of the decision map.")
        if answer not in {each.name for each in questions.BY_NAME[name].answers}:
            raise Wrong(f"question.{name}", f"{shown(answer)} is no answer to that question.")
    return questions.changes(plan.answers)


def _check(control: Control, value: Value) -> None:
    if control.kind == "switch":
        if not isinstance(value, bool):
            raise Wrong(control.name, f"{control.title}: yes or no is wanted.")
    elif control.kind == "choice":
        allowed = [option.value for option in control.options]
        if value not in allowed:
            raise Wrong(control.name, f"{control.title}: {shown(value)} is no choice{suggestion(str(value), allowed)}.")
    else:
        _check_number(control, value)


def _check_number(control: Control, value: Value) -> None:
    assert control.low is not None and control.high is not None
    span = f"{control.low:g} to {control.high:g}"
    if isinstance(value, bool | str) or not control.low <= value <= control.high:
        raise Wrong(control.name, f"{control.title}: a number from {span} is wanted, not {shown(value)}.")
    if control.kind == "whole" and value != int(value):
        raise Wrong(control.name, f"{control.title}: a whole number from {span} is wanted.")


def _plain(control: Control, value: Value) -> Value:
    """The value in the lever's own type."""
    if control.kind == "whole":
        return int(value)
    return float(value) if control.kind == "number" else value


def overrides_of(plan: PagePlan, library: Library) -> list[str]:
    """The plan as overrides for the command line; `tandem run` with them simulates the same."""
    changes = changes_of(plan, library)
    chosen = [f"scenario={plan.scenario}", f"partnership={plan.partnership}"]
    return [*chosen, *(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in changes.items())]


def study_of(asked: Question, library: Library) -> StudyPlan:
    """The study that answers a question: as `tandem run` for one plan, `tandem sweep` for the reference and several.

    Plans have the names that users gave them. Raises Wrong if a plan is not allowed, or the plans are for different
    partnerships.
    """
    if asked.histories not in HISTORIES:
        raise Wrong("histories", f"{asked.histories} histories: allowed are {', '.join(map(str, HISTORIES))}.")
    if len({plan.partnership for plan in asked.plans}) > 1:
        raise Wrong("partnership", "Plans side by side must be for the same partnership; choose one for all of them.")
    run = [f"study.replications={asked.histories}", f"study.seed={asked.seed}"]
    rows = [[*overrides_of(plan, library), *run] for plan in asked.plans]
    usual = [f"scenario={REFERENCE}", f"partnership={asked.plans[0].partnership}", *run]
    try:
        plan = plan_run(rows[0], library) if len(rows) == 1 else plan_sweep([usual, *rows], library)
    except InputError as error:
        raise Wrong(_field_in(str(error)), str(error)) from None
    names = names_of(asked, library)
    labels = unique([names.get(cell.id, cell.label) for cell in plan.cells])
    return plan._replace(cells=[replace(cell, label=label) for cell, label in zip(plan.cells, labels, strict=True)])


def _field_in(sentence: str) -> str:
    """The lever or mechanism named at the start of a settings refusal, if any."""
    word = sentence.partition("=")[0].partition(":")[0]
    return word if word.startswith(("levers.", "mechanisms.")) and " " not in word else ""


def cell_ids(asked: Question, library: Library) -> list[str]:
    """The cell id of each plan, in the order of the plans."""
    return [cell_id(compose(overrides_of(plan, library), library).settings) for plan in asked.plans]


def names_of(asked: Question, library: Library) -> dict[str, str]:
    """Names that users gave to plans, by cell id; of two plans with the same id the first counts."""
    names = [" ".join(plan.name.split()) for plan in asked.plans]
    if not any(names):
        return {}
    return {own: name for own, name in reversed(list(zip(cell_ids(asked, library), names, strict=True))) if name}


def command(plan: PagePlan, asked: Question, library: Library) -> str:
    """The command line that simulates the same study."""
    own = [f"--config-dir {OWN_FOLDER}"] if library.is_own("partnership", plan.partnership) else []
    if library.is_held(plan.partnership):
        own.append("# keep these councils on the page first")
    words = [*overrides_of(plan, library), f"study.replications={asked.histories}", f"study.seed={asked.seed}"]
    return " ".join(["tandem run", *(shlex.quote(word) for word in words), *own])
