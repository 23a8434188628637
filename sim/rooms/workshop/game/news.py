"""News for a team: the public events of a history in words, month by month, without hidden causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.core import words
from sim.core.clock import Clock
from sim.core.events import kind_of
from sim.core.history import Event
from sim.engine.settings import Settings
from sim.rooms.workshop.game.packs import all_news
from sim.rooms.workshop.game.story import Shock
from sim.words.diary.event_sentences import Fact, told
from sim.words.names import Names


def heard(events: Iterable[Event], settings: Settings, since: float, until: float) -> list[dict[str, object]]:
    """Public events from one month to just before another: month, date, sentence, and whether it is grave."""
    clock, names = clock_of(settings), Names.of(settings)
    alike: dict[tuple[object, ...], list[Event]] = {}
    for event in sorted(events, key=lambda event: event.month):
        kind = kind_of(event.kind)
        if kind.heard != "within" and since <= event.month < until:
            apart = (event.value, event.cause) if "news" in kind.each else ()
            alike.setdefault((int(event.month), event.kind, *apart), []).append(event)
    return [_line(own, names, clock) for own in alike.values()]


def announced(shocks: Sequence[Shock], landed: Sequence[float | None], month: int, settings: Settings) -> list[str]:
    """News items of a month about events set by the facilitator that affect this team.

    `landed` gives the month in which each event shows in the team's history, None if it does not.
    """
    titles = {council.name: council.full_name or council.name for council in settings.partnership.councils}
    return [
        all_news()[shock.kind].news.replace("{council}", titles.get(shock.council or "", "one council"))
        for shock, shows in zip(shocks, landed, strict=True)
        if shock.month == month and shows is not None
    ]


def clock_of(settings: Settings) -> Clock:
    """The calendar of a partnership."""
    return Clock(settings.partnership.start_year, settings.partnership.start_month)


def when(month: int, settings: Settings) -> str:
    """A month as a date: "July 2010, month 24"."""
    return f"{words.month_name(month, clock_of(settings))}, month {month}"


def elections_ahead(settings: Settings, month: int, months: int) -> list[str]:
    """The elections of the coming months, by council."""
    clock = clock_of(settings)
    return [
        f"{council.name} votes in {words.month_name(at, clock)}."
        for council in settings.partnership.councils
        for at in clock.elections(council, month + months)
        if month <= at < month + months
    ]


def _line(own: Sequence[Event], names: Names, clock: Clock) -> dict[str, object]:
    values = tuple(float(event.value) for event in own if event.value is not None)
    fact = Fact(own[0].kind, own[0].cause, tuple(event.entity for event in own), values)
    return {
        "month": int(own[0].month),
        "when": words.month_name(own[0].month, clock),
        "text": words.sentence(told(fact, names)),
        "grave": kind_of(fact.kind).heard == "grave news",
    }
