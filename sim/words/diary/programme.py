"""The programme of one history, from its events: stages and dates of each package, and shocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from sim.core import words
from sim.core.events import KINDS, kind_of
from sim.core.history import Event
from sim.core.inputs.packages import JOINT, REDESIGN, TIERS, WHOLE, joint
from sim.engine.settings import Settings

_OFFICERS = frozenset(kind.officer for kind in KINDS.values() if kind.officer)


class Span(NamedTuple):
    """A period in a package's life: a stage, or a wait for HR or OD."""

    what: str
    start: float
    end: float


class Note(NamedTuple):
    """An event that affected the whole partnership: time, short text, whether it ends it, whether it is minor."""

    month: float
    text: str
    ends: bool = False
    lesser: bool = False


@dataclass
class Work:
    """One package: its stages, waits and lost votes, and its end state ("finished", "dropped" or "open")."""

    name: str
    stages: list[Span] = field(default_factory=list)
    waits: list[Span] = field(default_factory=list)
    lost_votes: list[float] = field(default_factory=list)
    ended: str = "open"
    end: float | None = None

    @property
    def service(self) -> str:
        """The service's key, or the package's own name for a management tier."""
        return self.name.split(": ", 1)[1] if ": " in self.name else self.name

    @property
    def start(self) -> float:
        """Month in which the first stage or wait began; infinity if none did."""
        return min((span.start for span in (*self.stages, *self.waits)), default=float("inf"))


def programme(events: Iterable[Event], horizon: float) -> dict[str, Work]:
    """All packages released, with stages and waits; unfinished ones are extended to the horizon."""
    works: dict[str, Work] = {}
    running: dict[tuple[str, str], float] = {}
    for event in sorted(events, key=lambda event: event.month):
        _take(works, running, event)
    for (name, what), start in running.items():
        _close(works[name], what, start, min(works[name].end or horizon, horizon))
    return works


def _take(works: dict[str, Work], running: dict[tuple[str, str], float], event: Event) -> None:
    name, kind = event.entity, kind_of(event.kind)
    what = kind.officer or event.cause
    if kind.vote == "lost" and event.cause in works:
        works[event.cause].lost_votes.append(event.month)
    elif kind.step == "released":
        works.setdefault(name, Work(name))
    elif name not in works:
        return
    elif kind.step == "begins":
        running[name, what] = event.month
    elif kind.step == "ends":
        _close(works[name], what, running.pop((name, what), event.month), event.month)
    elif kind.step in ("finished", "dropped"):
        works[name].ended, works[name].end = kind.step, event.month


def _close(work: Work, what: str, start: float, end: float) -> None:
    (work.waits if what in _OFFICERS else work.stages).append(Span(what, start, max(start, end)))


def notes(events: Iterable[Event]) -> list[Note]:
    """Short notes on events that affected the whole partnership, in time order."""
    return [note for event in sorted(events, key=lambda event: event.month) if (note := _note(event))]


def _note(event: Event) -> Note | None:
    kind, value = kind_of(event.kind), event.value
    if not kind.note:
        return None
    amount = words.amount(value if value is not None and isfinite(value) else 0.0)
    lever = words.plain(event.entity.rsplit(".", 1)[-1])
    post = "post" if amount == "1" else "posts"
    text = kind.note.format(entity=event.entity, amount=amount, post=post, lever=lever)
    return Note(event.month, text, kind.parts, kind.lesser)


def to_share(settings: Settings) -> int:
    """Number of services that the plan is to join."""
    return sum(len(package.covers) for package in settings.plan() if package.kind == JOINT)


def finding(works: dict[str, Work], happened: list[Note], services: int) -> str:
    """Sentence on the programme's result: services joined of those to be, services redesigned, and the last's date."""
    joined = [work for work in works.values() if work.name.startswith(JOINT) and work.ended == "finished"]
    changed = [work for work in works.values() if work.name.startswith(REDESIGN) and work.ended == "finished"]
    shared = [name for name in TIERS if name in works and works[name].ended == "finished"]
    if not works:
        return "In this history no work is begun"
    teams = (
        f"{len(joined)} of {services} services come to share a team" if services else "no service is to share a team"
    )
    if any(work.name == joint(WHOLE) for work in joined):
        teams = "the whole organisation is joined in one restructure"
    text = f"In this history {teams}"
    text += f" and {len(changed) or 'none'} {'is' if len(changed) == 1 else 'are'} redesigned"
    if joined or changed:
        last = max(work.end or 0.0 for work in (*joined, *changed))
        text += f", the last in {words.year(words.year_in_force(last))}"
    elif shared:
        text = f"In this history only {words.listed(_TIERS[name] for name in shared)} come to be shared"
    parted = next((note for note in happened if note.ends), None)
    if parted:
        text += f"; the councils part in {words.year(words.year_in_force(parted.month))}"
    return f"{text}; {_hindered(works)}"


_TIERS = {
    "chief_executive": "a chief executive",
    "management_team": "a management team",
    "heads_of_service": "heads of service",
    "service_managers": "service managers",
}


def _hindered(works: dict[str, Work]) -> str:
    waited = sum(span.end - span.start for work in works.values() for span in work.waits)
    lost = sum(len(work.lost_votes) for work in works.values())
    wait = (
        f"work waits {words.decimal(waited, 0)} months in all for HR and OD"
        if waited >= 0.5
        else "nothing waits for HR or OD"
    )
    return f"{wait} and {words.counted(lost, 'vote')} {'is' if lost == 1 else 'are'} lost"
