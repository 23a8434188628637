"""Facts about mechanisms, things and arrows from the declared lists: quantities, levers, outcomes, files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from sim.core.switches import neutralised
from sim.engine.outcomes import outcome_entries
from sim.pictures.causal.equations import quantities as named
from sim.pictures.causal.equations import words
from sim.pictures.causal.influences import INFLUENCES
from sim.pictures.causal.parts import Influence, MechanismSheet, Thing
from sim.pictures.causal.things import AGENTS, PACKAGE, path_of
from sim.plans.compose import shipped_evidence
from sim.plans.declared_lists import evidence_entries, lever_entries, mechanism_entries
from sim.rooms.glass.sheets import SHEETS

BY_KEY = {influence.key: influence for influence in INFLUENCES}

Entry = dict[str, Any]


@cache
def quantities() -> dict[str, Entry]:
    """Every shipped evidence quantity, by name without `evidence.`."""
    return {entry["name"].removeprefix("evidence."): entry for entry in evidence_entries()}


@cache
def levers() -> dict[str, list[Entry]]:
    """The levers of each lever group."""
    found: dict[str, list[Entry]] = {}
    for entry in lever_entries():
        found.setdefault(entry["name"].split(".")[1], []).append(entry)
    return found


@cache
def outcomes() -> dict[str, Entry]:
    """Every outcome by name."""
    return {entry["name"]: entry for entry in outcome_entries()}


@cache
def switches() -> dict[str, Entry]:
    """Every mechanism's switch by name, with its possible forms."""
    return {entry["name"].removeprefix("mechanisms."): entry for entry in mechanism_entries()}


def arrows_of(sheet: MechanismSheet) -> list[Influence]:
    """The arrows that a mechanism carries."""
    return [influence for influence in INFLUENCES if influence.sheet == sheet.key]


def quantities_of(sheet: MechanismSheet) -> list[Entry]:
    """All evidence behind a mechanism: named in its equations, cited by its arrows, or listed on its sheet."""
    return [quantities()[name] for name in names_behind(sheet.key)]


@cache
def names_behind(key: str) -> tuple[str, ...]:
    """Names of the quantities behind a mechanism, without repeats."""
    sheet = SHEETS[key]
    wanted = [name for equation in sheet.equations for name in named(equation.text)]
    wanted += [name for arrow in arrows_of(sheet) for name in arrow.quantities]
    listed = [name for name in quantities() if any(fnmatchcase(name, pattern) for pattern in sheet.quantities)]
    return tuple(dict.fromkeys([*wanted, *listed]))


def sheets_with(quantity: str) -> list[MechanismSheet]:
    """The mechanisms that use a quantity."""
    return [sheet for key, sheet in SHEETS.items() if quantity in names_behind(key)]


def held(sheet: MechanismSheet, form: str) -> dict[str, str]:
    """Quantities that a mechanism's form neutralises, and the value each then has."""
    values = neutralised(shipped_evidence(), sheet.switch, form)
    return {
        name: number(value).replace("-", "−").replace("inf", "∞")
        for name, value in values.items()
        if name in quantities()
    }


def ids_of(sheet: MechanismSheet) -> list[str]:
    """Ids of the evidence-page rows cited by a mechanism and its arrows."""
    found = [*sheet.ids, *(name for arrow in arrows_of(sheet) for name in arrow.ids)]
    return list(dict.fromkeys(found))


def arrows_into(thing: Thing) -> list[Influence]:
    """Arrows that end at a thing: its causes."""
    return [influence for influence in INFLUENCES if influence.target == thing.key]


def arrows_from(thing: Thing) -> list[Influence]:
    """Arrows that start at a thing: its effects."""
    return [influence for influence in INFLUENCES if influence.source == thing.key]


def files_of(sheet: MechanismSheet) -> list[str]:
    """Files that implement a mechanism, those with its equations first."""
    return list(dict.fromkeys([*(equation.file for equation in sheet.equations), *map(path_of, sheet.files)]))


@dataclass(frozen=True)
class AgentFile:
    """One agent source file: its description, and the mechanisms it implements."""

    file: str
    says: str
    sheets: tuple[MechanismSheet, ...]


@cache
def agents() -> tuple[AgentFile, ...]:
    """Every agent file, described by its first line."""
    found = []
    for _, file in sorted(AGENTS.items()):
        held = tuple(sheet for sheet in SHEETS.values() if file in files_of(sheet))
        found.append(AgentFile(file, _first_line(PACKAGE.parent / file), held))
    return tuple(found)


def _first_line(path: Path) -> str:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.strip('"').strip()


def graded(entries: Iterable[Entry]) -> dict[str, int]:
    """Number of quantities with each grade of evidence; all four grades are present."""
    grades = [entry["grade"] for entry in entries]
    return {grade: grades.count(grade) for grade in ("A", "B", "C", "assumption")}


def number(value: float) -> str:
    """A figure as printed in the register."""
    return format(value, ",.10g")


def shown(value: Any) -> str:
    """A lever's value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return value.replace("_", " ") if value else "none"
    return ", ".join(map(shown, value)) if value else "none"


def allowed(entry: Entry) -> str:
    """Values that a lever may have, in words."""
    if "choices" in entry:
        return ", ".join(map(shown, entry["choices"]))
    if "low" in entry and "high" in entry:
        return f"{number(entry['low'])} to {number(entry['high'])}"
    return str(entry["type"])


def in_words(name: str) -> str:
    """A quantity's name as equations show it."""
    return words(name.removeprefix("evidence."))


def of_ids(ids: Sequence[str]) -> str:
    """Evidence ids in a row, or a note that it is our assumption if there are none."""
    return ", ".join(ids) if ids else "our assumption"
