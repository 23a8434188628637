"""The diary of one history: its events month by month in plain English, with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.core import words
from sim.core.clock import Clock
from sim.core.events import kind_of
from sim.core.history import Event
from sim.plans import key_words
from sim.words.diary.event_sentences import Fact, told
from sim.words.diary.milestones import Milestone, levels_of, milestones
from sim.words.event_reasons.causes import reasons
from sim.words.event_reasons.facts_so_far import AT_ONCE, Reason, in_words
from sim.words.names import OTHER_PACKAGES, Names

if TYPE_CHECKING:
    from sim.core.history import History
    from sim.engine.settings import Settings

TURNING_POINT = "Turning point: "
TURNS = (
    "Marked as turning points: whatever ends or stalls the programme, or merges the councils; a change of control, of "
    "leader or of chief executive; a partner that joins or leaves; an industrial dispute; the first pause, the first "
    "default and the first vote lost; the first time fatigue passes its line; and the month from which more has been "
    "saved than spent."
)
"""Rule that marks entries as turning points, in words."""
EXACT = "Exact for this one; another would differ."


class LogRow(NamedTuple):
    """One event in the log; `what` is the fact as a sentence of its own, without its cause."""

    month: float
    date: str
    who: str
    kind: str
    what: str
    cause: str
    value: float | None
    turning_point: str


@dataclass(frozen=True)
class DiaryEntry:
    """One diary entry: a sentence, whether it is a turning point, and the facts it reports."""

    month: int
    text: str
    turning: bool = False
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Diary:
    """One history in words: what it is, its lines month by month, and the log of its events.

    `log` has a row for each event. `milestones` are exact levels each half-year.
    """

    head: tuple[str, ...]
    entries: tuple[DiaryEntry, ...]
    milestones: tuple[Milestone, ...]
    log: tuple[LogRow, ...]
    clock: Clock

    @property
    def lines(self) -> list[str]:
        """The diary as printed lines, with a heading for each month that has an entry."""
        found = list(self.head)
        shown = {milestone.month: milestone for milestone in self.milestones}
        for month in sorted({entry.month for entry in self.entries} | set(shown)):
            found += ["", words.start_of(words.date(month, self.clock))]
            if month in shown:
                found.append(f"  {shown[month].text}")
            found += [f"  {entry.text}" for entry in self.entries if entry.month == month]
        return found

    @property
    def headline(self) -> str:
        """The history that is told."""
        return self.head[0]

    @property
    def tables(self) -> dict[str, tuple[LogRow, ...]]:
        """The log of events."""
        return {"diary": self.log}

    def as_json(self) -> dict[str, Any]:
        """The diary for machines: what it is, its lines, levels each half-year, and the log of events."""
        told = [{"month": line.month, "text": line.text, "turning_point": line.turning} for line in self.entries]
        return {
            "head": list(self.head),
            "lines": told,
            "levels": [{"month": step.month, **step.levels} for step in self.milestones],
            "events": [row._asdict() for row in self.log],
        }

    @property
    def turning_points(self) -> list[DiaryEntry]:
        """The entries marked as turning points."""
        return [entry for entry in self.entries if entry.turning]


def diary(events: Iterable[Event], settings: Settings) -> list[str]:
    """Diary lines from events alone, with a heading for each month that has an entry."""
    ordered = sorted(events, key=lambda event: event.month)
    why = reasons(ordered, Names.of(settings), settings)
    return _made((_title(settings),), ordered, why, settings, ()).lines


def diary_of(history: History, settings: Settings, threats: Sequence[float], head: str = "") -> Diary:
    """Diary of a whole history with half-yearly levels; `head` is its heading.

    `threats` is the perceived threat to identity at each council (0 to 1), in council order.
    """
    ordered = sorted(history.events, key=lambda event: event.month)
    why = reasons(ordered, Names.of(settings), settings, levels_of(history), threats)
    top = (f"{plan_title(settings)}, {settings.partnership.name}: {head}", EXACT) if head else (_title(settings),)
    return _made((*top, TURNS), ordered, why, settings, milestones(history, settings))


def plan_title(settings: Settings) -> str:
    """The plan's readable name."""
    return words.plan_name(settings.scenario.title or settings.scenario.name)


def _title(settings: Settings) -> str:
    return f"{plan_title(settings)}, {settings.partnership.name}: one history, month by month. {EXACT}"


def _made(
    head: tuple[str, ...],
    events: Sequence[Event],
    why: Sequence[Reason],
    settings: Settings,
    reached: tuple[Milestone, ...],
) -> Diary:
    place, names = settings.partnership, Names.of(settings)
    clock = Clock(place.start_year, place.start_month)
    by_month: dict[int, list[tuple[Event, Reason]]] = {}
    for event, reason in zip(events, why, strict=True):
        by_month.setdefault(int(event.month), []).append((event, reason))
    seen: set[str] = set()
    entries = [_entry(fact, names, seen, settings) for month in by_month.values() for fact in _facts(month)]
    paid = next(((step.month, step.turning) for step in reached if step.turning), None)
    if paid is not None:
        at = next((i for i, entry in enumerate(entries) if entry.month >= paid[0]), len(entries))
        entries.insert(at, DiaryEntry(paid[0], f"{TURNING_POINT}{paid[1]}", turning=True))
    half_years = tuple(step for step in reached if not step.turning)
    return Diary(head, tuple(entries), half_years, _log(events, why, entries, settings, clock), clock)


def _entry(told_of: Sequence[tuple[Event, Reason]], names: Names, seen: set[str], settings: Settings) -> DiaryEntry:
    events = tuple(event for event, _ in told_of)
    fact = _fact(events, in_words([reason for _, reason in told_of]), settings)
    text = told(fact, names)
    kind = kind_of(fact.kind)
    turns = kind.turning == "always" or (kind.turning == "first" and fact.kind not in seen)
    seen.add(fact.kind)
    line = f"{TURNING_POINT}{kind.opens}{text}." if turns else words.sentence(text)
    return DiaryEntry(int(events[0].month), line, turns, events)


def _fact(events: Sequence[Event], because: str, settings: Settings) -> Fact:
    values = tuple(float(event.value) for event in events if event.value is not None and event.value == event.value)
    entities = tuple(event.entity for event in events)
    setting = _setting(events[0], settings) if events[0].kind == "decision" else ""
    return Fact(events[0].kind, events[0].cause, entities, values, because, setting)


def _setting(event: Event, settings: Settings) -> str:
    """New value of the lever that a decision changed, in words."""
    for decision in settings.decisions:
        change = {key.removeprefix("levers."): value for key, value in decision.change.items()}
        if decision.month == event.month and event.cause == "scenario" and event.entity in change:
            return f"now {key_words.said(f'levers.{event.entity}', change[event.entity])}"
    return "" if event.value is None else f"now {key_words.said(f'levers.{event.entity}', event.value)}"


def _facts(month: Sequence[tuple[Event, Reason]]) -> Iterator[list[tuple[Event, Reason]]]:
    """The events of a month, grouped by kind, in the order in which each kind first occurs."""
    served = {event.entity for event, reason in month if _officer(event, "ends") and _free(reason)}
    alike: dict[tuple[object, ...], list[tuple[Event, Reason]]] = {}
    for event, reason in month:
        if _officer(event, "begins") and event.entity in served:
            continue
        kind = kind_of(event.kind)
        apart = ("" if kind.vote else event.entity, event.value) if "diary" in kind.each else ()
        alike.setdefault((event.kind, event.cause, reason.form, *apart), []).append((event, reason))
    yield from alike.values()


def _officer(event: Event, step: Literal["begins", "ends"]) -> bool:
    """True if the event begins (or ends) a wait for an HR or OD officer."""
    kind = kind_of(event.kind)
    return bool(kind.officer) and kind.step == step


def _free(reason: Reason) -> bool:
    """True if an officer was available at once, so there was no wait."""
    return not reason.figures or reason.figures[0] < AT_ONCE


def _log(
    events: Sequence[Event], why: Sequence[Reason], entries: Sequence[DiaryEntry], settings: Settings, clock: Clock
) -> tuple[LogRow, ...]:
    names = Names.of(settings)
    turned = {id(event) for entry in entries if entry.turning for event in entry.events}
    return tuple(
        LogRow(
            float(round(event.month, 2)),
            words.month_name(event.month, clock),
            _who(event.entity, names),
            event.kind,
            told(_fact((event,), "", settings), names),
            in_words([reason]),
            None if event.value is None else float(event.value),
            "yes" if id(event) in turned else "no",
        )
        for event, reason in zip(events, why, strict=True)
    )


def _who(entity: str, names: Names) -> str:
    """Readable name of a council, package or lever."""
    if ": " in entity or entity in OTHER_PACKAGES:
        return names.package(entity)
    return key_words.name(f"levers.{entity}") if "." in entity else entity
