"""The diary of one history: what happened, month by month, in plain English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from sim.clock import Clock
from sim.explain import words
from sim.explain.names import Names
from sim.explain.sentences import Fact, told
from sim.history import Event

if TYPE_CHECKING:
    from sim.settings import Settings

TURNING_POINT = "Turning point: "
ALWAYS_TURNS = frozenset(
    {
        "dissolved",
        "stalled",
        "programme paused",
        "control changed",
        "leader changed",
        "chief executive left",
        "reorganised",
        "merged",
        "talks failed",
        "dispute begins",
        "partner left",
        "partner joined",
        "partner defaults",
    }
)
FIRST_TURNS = frozenset({"vote lost", "fatigue over its line"})
_WAITS = {"waiting for HR": "HR arrived", "waiting for OD": "OD arrived"}
_AT_ONCE = 0.05
_ALONE = frozenset({"rework found", "decision"})


def diary(events: Iterable[Event], settings: Settings) -> list[str]:
    """Lines of plain English, a heading for each month in which something happened; one history, so exact."""
    names = Names.of(settings)
    place = settings.partnership
    clock = Clock(place.start_year, place.start_month)
    title = words.start_of(words.plan(settings.scenario.title or settings.scenario.name))
    lines = [f"{title}, {place.name}: one history, month by month. Exact for this one; another would differ."]
    seen: set[str] = set()
    ordered = sorted(events, key=lambda event: event.month)
    waits = _waits(ordered)
    for month, happened in groupby(ordered, key=lambda event: int(event.month)):
        entries = [_line(fact, names, seen) for fact in _facts(happened, waits)]
        if entries:
            lines += ["", words.start_of(words.date(month, clock)), *entries]
    return lines


def _line(fact: Fact, names: Names, seen: set[str]) -> str:
    text = told(fact, names)
    turns = fact.kind in ALWAYS_TURNS or (fact.kind in FIRST_TURNS and fact.kind not in seen)
    first = "the first vote is lost; " if fact.kind == "vote lost" and turns else ""
    seen.add(fact.kind)
    return f"  {TURNING_POINT}{first}{text}." if turns else f"  {words.sentence(text)}"


def _waits(events: Iterable[Event]) -> dict[tuple[float, str, str], float]:
    """Months waited, by the moment, package and kind of each arrival."""
    since: dict[tuple[str, str], float] = {}
    waited = {}
    for event in events:
        if event.kind in _WAITS:
            since[event.entity, _WAITS[event.kind]] = event.month
        elif (start := since.pop((event.entity, event.kind), None)) is not None:
            waited[event.month, event.entity, event.kind] = event.month - start
    return waited


def _facts(happened: Iterable[Event], waits: dict[tuple[float, str, str], float]) -> Iterator[Fact]:
    """The facts of a month, those alike together, in the order in which each kind first came up."""
    alike: dict[tuple[object, ...], list[Event]] = {}
    month = list(happened)
    served = {(event.entity, event.kind) for event in month if _at_once(event, waits)}
    for event in month:
        if (event.entity, _WAITS.get(event.kind, "")) in served:
            continue
        own = (event.entity, event.value) if event.kind in _ALONE else ()
        alike.setdefault((event.kind, event.cause, *own), []).append(event)
    for group in alike.values():
        yield Fact(
            kind=group[0].kind,
            cause=group[0].cause,
            entities=tuple(event.entity for event in group),
            values=tuple(
                float(event.value) for event in group if event.value is not None and event.value == event.value
            ),
            waits=tuple(waits.get((event.month, event.entity, event.kind), 0.0) for event in group),
        )


def _at_once(event: Event, waits: dict[tuple[float, str, str], float]) -> bool:
    return event.kind in _WAITS.values() and waits.get((event.month, event.entity, event.kind), 1.0) < _AT_ONCE
