"""Running state of a history's earlier events, and the record of a reason as a clause with figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sim.core import words
from sim.core.events import kind_of
from sim.core.history import Event
from sim.words.event_reasons.vote_support import Level
from sim.words.names import Names

if TYPE_CHECKING:
    from sim.engine.settings import Settings

AT_ONCE = 0.05
"""Waits shorter than this many months count as none, because they round to zero."""


@dataclass(frozen=True)
class Reason:
    """A clause giving a reason, with placeholders for figures: months, or levels out of 100."""

    form: str
    figures: tuple[float, ...] = ()
    unit: Literal["months", "level"] = "level"


def in_words(reasons: Sequence[Reason]) -> str:
    """One clause for several reasons of the same form; differing figures become a range."""
    if not reasons:
        return ""
    places = zip(*[reason.figures for reason in reasons], strict=True)
    tell = _months if reasons[0].unit == "months" else _levels
    return reasons[0].form.format(*[tell(min(values), max(values)) for values in places])


def _levels(low: float, high: float) -> str:
    first, last = words.out_of_100(low), words.out_of_100(high)
    return first if first == last else f"{first} to {last}"


def _months(low: float, high: float) -> str:
    first, last = words.decimal(low), words.decimal(high)
    if first == last:
        return f"{first} month{'' if first == '1.0' else 's'}"
    return f"{first} to {last} months"


@dataclass
class Before:
    """Running state while reading a history's events: latest event of each kind and lost votes per package."""

    names: Names
    settings: Settings
    level: Level | None = None
    threats: Sequence[float] = ()
    decided: dict[float, list[Event]] = field(default_factory=dict)
    latest: dict[str, Event] = field(default_factory=dict)
    since: dict[tuple[str, str], float] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    amended: Counter[str] = field(default_factory=Counter)
    """Number of times each report has been held back and amended."""
    hurt: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    """Votes lost and reports held back by council and month."""
    refused: dict[str, tuple[float, bool]] = field(default_factory=dict)
    """The latest round of votes on each package, and whether any council voted against it."""
    asked: Counter[str] = field(default_factory=Counter)
    """Number of times that adaptive rules have changed each lever."""
    happened: set[str] = field(default_factory=set)

    def lasted(self, event: Event, begun: str) -> float | None:
        """Months since the last event of this kind for the same entity; None if there was none."""
        start = self.since.get((event.entity, begun))
        return None if start is None else event.month - start

    def take(self, event: Event) -> None:
        """Record an event."""
        vote = kind_of(event.kind).vote
        about = event.cause if vote else event.entity
        self.latest[about] = event
        what = f"{event.kind} {event.cause}" if event.kind == "stage started" else event.kind
        self.since[event.entity, what] = event.month
        self.happened.add(event.kind)
        if vote:
            self.count(about, event)
        elif event.kind == "report held back":
            self.amended[event.entity] += 1
            self.hurt[event.cause, int(event.month), event.kind] += 1
        if event.kind == "decision" and event.cause == "rule":
            self.asked[event.entity] += 1

    def count(self, package: str, vote: Event) -> None:
        """Record a vote."""
        attempt, against = vote.value or 1.0, vote.kind == "vote lost"
        known, refused = self.refused.get(package, (attempt, False))
        self.refused[package] = attempt, against or (refused and known == attempt)
        if against:
            self.lost[package] += 1
            self.hurt[vote.entity, int(vote.month), vote.kind] += 1
