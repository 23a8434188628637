"""The four feedback loops that decide most histories, and diagrams made from the declared arrows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.pictures.causal.causal_drawing import Address, Arrow, DrawnThing, drawn
from sim.pictures.causal.parts import DECLARED, Influence, MechanismSheet
from sim.pictures.causal.things import COLUMNS, THINGS
from sim.plans.strict import read_document


@dataclass(frozen=True)
class Loop:
    """A feedback loop: a chain of things that returns to its start; `says` describes its effect."""

    title: str
    says: str
    things: tuple[str, ...]

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Pairs of successive things around the loop."""
        return tuple(zip(self.things, (*self.things[1:], self.things[0])))


LOOPS = tuple(
    Loop(title, written["says"], tuple(written["things"]))
    for title, written in read_document(DECLARED / "loops.yaml").items()
)

VIEWS = {
    "parts": "How the parts move one another",
    "loops": "The four loops",
    "all": "Everything, with what is chosen",
}
"""Diagrams of the whole model, by view name."""


def shown(view: str, influences: Iterable[Influence]) -> list[Influence]:
    """The arrows of one view."""
    if view == "loops":
        steps = {step for loop in LOOPS for step in loop.steps}
        return [one for one in influences if (one.source, one.target) in steps]
    if view == "parts":
        return [one for one in influences if THINGS[one.source].kind != "lever"]
    return list(influences)


def whole(
    view: str,
    influences: Iterable[Influence],
    thing_at: Address | None = None,
    influence_at: Address | None = None,
) -> str:
    """The diagram of one view as SVG."""
    return _in_columns(shown(view, influences), VIEWS[view], thing_at, influence_at)


def of_sheet(sheet: MechanismSheet, influences: Iterable[Influence], thing_at: Address, influence_at: Address) -> str:
    """Diagram of the arrows that one mechanism carries."""
    carried = [one for one in influences if one.sheet == sheet.key]
    return _in_columns(carried, f"What {sheet.title} moves", thing_at, influence_at)


def around(key: str, influences: Iterable[Influence], thing_at: Address, influence_at: Address) -> str:
    """Diagram of one thing, with its causes on the left and its effects on the right."""
    near = [one for one in influences if key in (one.source, one.target)]
    into = [one for one in near if one.target == key]
    out = [one for one in near if one.source == key]
    middle = 1 if into else 0
    boxes = [DrawnThing(f"in {one.source}", THINGS[one.source], 0) for one in into]
    boxes += [DrawnThing(key, THINGS[key], middle, current=True)]
    boxes += [DrawnThing(f"out {one.target}", THINGS[one.target], middle + 1) for one in out]
    arrows = [Arrow(f"in {one.source}", key, one) for one in into]
    arrows += [Arrow(key, f"out {one.target}", one) for one in out]
    headings = [*(["Moved by"] if into else []), "", *(["Moves"] if out else [])]
    title = f"What moves {THINGS[key].title}, and what it moves"
    return drawn(boxes, arrows, title, headings, thing_at, influence_at)


def _in_columns(
    influences: Iterable[Influence], title: str, thing_at: Address | None, influence_at: Address | None
) -> str:
    """Things in their declared columns, with empty columns removed."""
    chosen = list(influences)
    keys = {key for one in chosen for key in (one.source, one.target)}
    used = sorted({THINGS[key].column for key in keys})
    boxes = [DrawnThing(key, thing, used.index(thing.column)) for key, thing in THINGS.items() if key in keys]
    arrows = [Arrow(one.source, one.target, one) for one in chosen]
    return drawn(boxes, arrows, title, [COLUMNS[column] for column in used], thing_at, influence_at)
