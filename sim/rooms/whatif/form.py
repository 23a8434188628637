"""Form of the What-if room: main levers, other levers by agent, partnerships, scenarios and questions."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sim.core import words
from sim.engine.settings import Levers, Settings
from sim.plans import key_words
from sim.plans.compose import compose
from sim.plans.declared_lists import lever_entries, mechanism_entries
from sim.plans.strict import Library
from sim.rooms.whatif.questions import QUESTIONS, MapQuestion

MAIN = (
    "levers.pace.months_between_waves",
    "levers.hr.hr_posts",
    "levers.hr.od_posts",
    "levers.structure.management_posts_cut",
    "levers.staff.involvement",
    "levers.members.backbench_engagement",
)
"""The levers shown first: pace, HR and OD capacity, and the burden on posts, staff and members."""
GROUPS = {
    "sequence": "Order and extent",
    "structure": "Management posts",
    "staffing": "How posts go",
    "terms": "Terms and conditions",
    "hr": "HR and OD",
    "development": "Leaders and development",
    "enablers": "Joint systems and buildings",
    "external": "Outside help",
    "identity": "Identity and merger",
}
"""Titles of lever groups whose key does not say enough by itself."""
TITLES = {"levers.pace.months_between_waves": "Pace: months from one wave of changes to the next"}
"""Titles for levers whose declared meaning uses a specialist term."""
JOINER = "levers.governance.joiner"
MECHANISMS = "mechanisms"
LUCK = "mechanisms.luck"
"""Switch for randomness, left out of the form because without luck there are no chances to show."""
FORMS = {
    "on": "on",
    "off": "off",
    "queueing": "another theory: overload only delays",
    "symmetric": "another theory: lost no faster than it is built",
}
"""Readable names of a mechanism's forms."""
KINDS = {"whole number": "whole", "number": "number", "choice": "choice", "true or false": "switch", "text": "choice"}
_NUMBERED = re.compile(r" \((?:model\.md )?[\d, ]+\)$")
_SHARE_STEP, _STEP, _MONEY_STEP, _WHOLE_STEP = 0.01, 0.5, 0.1, 1.0

Value = bool | int | float | str


class FormPart(BaseModel):
    """Base of the form's parts: frozen, with no undeclared fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(FormPart):
    """One value of a choice, and its label."""

    value: str
    text: str


class Control(FormPart):
    """One lever: its meaning, bounds or options, unit, source, and value in the scenario."""

    name: str
    group: str
    title: str
    kind: Literal["whole", "number", "choice", "switch"]
    unit: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    options: tuple[Option, ...] = ()
    value: Value
    meaning: str
    source: str
    start_only: bool
    main: bool


class Group(FormPart):
    """The levers of one agent."""

    name: str
    title: str
    controls: tuple[Control, ...]


class Place(FormPart):
    """A partnership that can be chosen; a `held` one is in memory only until the user keeps it."""

    name: str
    title: str
    councils: tuple[str, ...]
    own: bool = False
    held: bool = False


class Story(FormPart):
    """A scenario that can be chosen."""

    name: str
    title: str
    meaning: str


class Form(FormPart):
    """All choices for a plan, with the values of one scenario for one partnership."""

    partnership: str
    scenario: str
    partnerships: tuple[Place, ...]
    scenarios: tuple[Story, ...]
    main: tuple[Control, ...]
    groups: tuple[Group, ...]
    mechanisms: tuple[Control, ...]
    questions: tuple[MapQuestion, ...]
    notes: tuple[str, ...] = ()


def form(partnership: str, scenario: str, library: Library, notes: tuple[str, ...] = ()) -> Form:
    """The form for a plan; InputError with the nearest name for an unknown partnership or scenario."""
    settings = compose([f"scenario={scenario}", f"partnership={partnership}"], library).settings
    made = controls(settings)
    return Form(
        partnership=partnership,
        scenario=scenario,
        partnerships=places(library),
        scenarios=stories(library),
        main=tuple(made[name] for name in MAIN),
        groups=tuple(
            Group(
                name=name,
                title=GROUPS.get(name, words.start_of(words.plain(name))),
                controls=tuple(each for each in made.values() if each.group == name),
            )
            for name in Levers.model_fields
        ),
        mechanisms=tuple(made[name] for name in made if name.startswith(f"{MECHANISMS}.")),
        questions=QUESTIONS,
        notes=notes,
    )


def controls(settings: Settings) -> dict[str, Control]:
    """Levers and mechanisms by name with their values in these settings, without those that hold lists of rules."""
    councils = [council.name for council in settings.partnership.councils]
    found = {}
    for entry in lever_entries():
        name = str(entry["name"])
        if entry["type"] == "list" or (name == JOINER and len(councils) < 3):
            continue
        _, group, lever = name.split(".")
        options = _options(entry, councils)
        found[name] = Control(
            name=name,
            group=group,
            title=TITLES.get(name) or words.start_of(key_words.name(name)),
            kind=KINDS[entry["type"]],
            unit=key_words.unit(name),
            low=entry.get("low"),
            high=entry.get("high"),
            step=_step(entry),
            options=options,
            value=getattr(getattr(settings.levers, group), lever),
            meaning=str(entry["meaning"]),
            source=str(entry["source"]),
            start_only=entry["changes"] == "at the start",
            main=name in MAIN,
        )
    return found | {each.name: each for each in _switches(settings)}


def _switches(settings: Settings) -> list[Control]:
    """One control per mechanism switch: on, off, or an alternative theory."""
    return [
        Control(
            name=name,
            group=MECHANISMS,
            title=meaning.partition(";")[0],
            kind="choice",
            unit="",
            options=tuple(Option(value=form, text=FORMS[form]) for form in entry["choices"]),
            value=getattr(settings.mechanisms, name.partition(".")[2]),
            meaning=meaning,
            source=name.partition(".")[2],
            start_only=True,
            main=False,
        )
        for entry in mechanism_entries()
        if (name := str(entry["name"])) != LUCK and (meaning := _NUMBERED.sub("", str(entry["meaning"])))
    ]


def _options(entry: dict[str, Any], councils: list[str]) -> tuple[Option, ...]:
    if entry["name"] == JOINER:
        return (Option(value="", text="none: all share from the start"), *(Option(value=c, text=c) for c in councils))
    return tuple(Option(value=str(each), text=words.plain(str(each))) for each in entry.get("choices", ()))


def _step(entry: dict[str, Any]) -> float | None:
    """Step of a slider per key press; None for a control without a slider."""
    if entry["type"] == "whole number":
        return _WHOLE_STEP
    if entry["type"] != "number":
        return None
    if entry["unit"] == "share":
        return _SHARE_STEP
    return _MONEY_STEP if entry["unit"] == "£m" else _WHOLE_STEP if entry["high"] > 100 else _STEP


def places(library: Library) -> tuple[Place, ...]:
    """The partnerships that can be chosen, built-in ones first."""
    found = []
    for name in library.names("partnership"):
        content = library.read("partnership", name)
        councils = tuple(str(council["name"]) for council in content["councils"])
        own = library.is_own("partnership", name)
        held = library.is_held(name)
        found.append(Place(name=name, title=str(content["name"]), councils=councils, own=own, held=held))
    return tuple(sorted(found, key=lambda place: (place.own, place.title)))


def stories(library: Library) -> tuple[Story, ...]:
    """The scenarios that can be chosen, most requested first."""
    found = []
    for name in library.names("scenario"):
        about = library.read("scenario", name).get("scenario", {})
        found.append(Story(name=name, title=about.get("title") or words.plain(name), meaning=about.get("meaning", "")))
    first = ("structure_first", "transform_first", "parallel")
    return tuple(sorted(found, key=lambda story: (first.index(story.name) if story.name in first else 9, story.title)))
