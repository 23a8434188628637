"""Why each fact of a history came about: as recorded, or worked out from the facts before it and the levels then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sim.agents.shocks import DATED
from sim.explain import words
from sim.explain.before import AT_ONCE, Before, Reason
from sim.explain.meant import AFTER, MEANT, SINCE
from sim.explain.names import OTHER_PACKAGES, Names
from sim.explain.ruled import ruled
from sim.explain.votes import Level, support
from sim.history import Event
from sim.packages import TIERS

if TYPE_CHECKING:
    from sim.settings import Settings

LONGEST_REASON = 200
"""Letters of a stated reason that are told: two lines of a terminal."""


def reasons(
    events: Iterable[Event],
    names: Names,
    settings: Settings,
    level: Level | None = None,
    threats: Sequence[float] = (),
) -> list[Reason]:
    """For each fact, in time order, why it came about."""
    facts = list(events)
    decided: defaultdict[float, list[Event]] = defaultdict(list)
    for event in facts:
        if event.kind == "decision":
            decided[event.month].append(event)
    before = Before(names, settings, level, threats, dict(decided))
    found = []
    for event in facts:
        found.append(_WHY.get(event.kind, _recorded)(before, event))
        before.take(event)
    return found


def _recorded(before: Before, event: Event) -> Reason:
    """The cause that the fact was recorded with, in words."""
    text = MEANT.get((event.kind, event.cause)) or MEANT.get(("", event.cause))
    return Reason(text or _plain(before.names.cause(event.cause)))


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _always(text: str) -> Callable[[Before, Event], Reason]:
    def why(before: Before, event: Event) -> Reason:
        return Reason(MEANT["", DATED]) if event.cause == DATED else Reason(text)

    return why


# -- packages --


def _released(before: Before, event: Event) -> Reason:
    if event.entity in OTHER_PACKAGES and event.entity not in TIERS:
        return Reason("nothing that must come before holds it back any more")
    order = "" if event.cause == "explicit" else words.plain(event.cause)
    place = "next" if "package released" in before.happened else "first"
    return Reason(f"this comes {place} in the plan's order{', ' + _plain(order) if order else ''}")


def _stage_started(before: Before, event: Event) -> Reason:
    last = before.latest.get(event.entity)
    if last is None:
        return Reason("the step before it is done")
    if last.kind == "stage finished":
        return Reason(AFTER.get(last.cause, "the step before it is done"))
    return Reason(SINCE.get(last.kind, "the step before it is done"))


def _stage_finished(before: Before, event: Event) -> Reason:
    if event.cause == "decision":
        return _decided(before, event)
    lasted = before.lasted(event, f"stage started {event.cause}")
    if lasted is None:
        return Reason("the work is done")
    return Reason("the work is done, after {0}", (lasted,), "months")


def _decided(before: Before, event: Event) -> Reason:
    last = before.latest.get(event.entity)
    if last is None or last.kind not in ("vote won", "vote lost"):
        return Reason("those to whom it was delegated have agreed")
    lost = before.lost[event.entity]
    if before.refused[event.entity][1]:
        return Reason(f"it has been voted down too often: {words.counted(lost, 'vote')} lost in all")
    return Reason("every council has voted in favour" + (f", after {words.counted(lost, 'vote')} lost" if lost else ""))


def _finished(before: Before, event: Event) -> Reason:
    last = before.latest.get(event.entity)
    known = last is not None and last.kind == "stage finished"
    return Reason(AFTER.get(last.cause, "its work is done") if last is not None and known else "its work is done")


def _dropped(before: Before, event: Event) -> Reason:
    cause = event.cause
    if cause == "votes lost":
        lost = before.lost[event.entity]
        return Reason(f"the councils voted it down: {words.counted(lost, 'vote')} lost" if lost else "votes were lost")
    if cause.endswith(" was dropped"):
        needed = before.names.package(cause.removesuffix(" was dropped"))
        return Reason(f"it needed {_plain(needed)}, which {'have' if ' heads ' in needed else 'has'} been given up")
    return _recorded(before, event)


def _waiting(who: str) -> Callable[[Before, Event], Reason]:
    return _always(f"every {who} officer is busy with other work")


def _arrived(who: str) -> Callable[[Before, Event], Reason]:
    def why(before: Before, event: Event) -> Reason:
        waited = before.lasted(event, f"waiting for {who}")
        if waited is None or waited < AT_ONCE:
            return Reason("somebody is free")
        return Reason("somebody has come free, after {0} of waiting", (waited,), "months")

    return why


def _rework(before: Before, event: Event) -> Reason:
    first = event.cause in ("", "round 1")
    if not event.cause.startswith("round") and event.cause:
        return _recorded(before, event)
    return Reason("mistakes came to light while it bedded in" if first else "the last repair left mistakes of its own")


# -- members --


def _vote(won: bool) -> Callable[[Before, Event], Reason]:
    def why(before: Before, event: Event) -> Reason:
        if before.level is None:
            return Reason("enough members are for it" if won else "too few members are for it")
        lost = before.hurt[event.entity, int(event.month)]
        found = support(before.settings, before.level, before.threats, event.entity, event.cause, event.month, lost)
        odds = "" if won == (found.support >= found.line) else "against the odds, "
        behind = "" if won else " (leaders' buy-in {1}, back benchers' {2})"
        even = words.out_of_100(found.line)
        return Reason(
            f"{odds}support is {{0}} out of 100{behind} where {even} gives an even chance",
            (found.support, found.leaders, found.bench),
        )

    return why


def _new_lead(before: Before, event: Event) -> Reason:
    if event.cause.startswith("election"):
        return Reason("the election has brought others to power")
    return _recorded(before, event)


def _turned_away(before: Before, event: Event) -> Reason:
    return Reason("the partnership is dissolved" if "dissolved" in before.happened else "a council voted against it")


# -- decisions --


def _origin(before: Before, event: Event, begins: bool | None = None) -> Reason:
    if event.cause == "rule":
        first = before.asked[event.entity] % 2 == 0 if begins is None else begins
        return Reason(_plain(ruled(before.settings, event.entity, first)))
    if event.cause == "scenario" and (stated := _stated(before.settings, event)):
        return Reason(f"{_ORIGINS['scenario']}, because {_plain(stated)}")
    return Reason(_ORIGINS.get(event.cause, _plain(words.plain(event.cause))))


def _stated(settings: Settings, event: Event) -> str:
    """The reason that the scenario's author gave for a dated decision."""
    for decision in settings.decisions:
        if decision.month == event.month and event.entity in {key.removeprefix("levers.") for key in decision.change}:
            return words.mid(words.plain(decision.reason)[:LONGEST_REASON].rstrip("."))
    return ""


_ORIGINS = {"scenario": "the plan foresees it for this month", "team": "the team decides so"}


def _paused(before: Before, event: Event) -> Reason:
    """A pause is a decision of the same moment; it knows why."""
    for decision in before.decided.get(event.month, ()):
        if decision.entity == "pace.paused":
            return _origin(before, decision, event.kind == "programme paused")
    return Reason(_ORIGINS.get(event.cause) or "it was decided")


# -- what befalls --


def _after_months(begun: str, form: str, plain: str) -> Callable[[Before, Event], Reason]:
    def why(before: Before, event: Event) -> Reason:
        lasted = before.lasted(event, begun)
        return Reason(plain) if lasted is None else Reason(form, (lasted,), "months")

    return why


def _with_level(series: str, whose: str) -> Callable[[Before, Event], Reason]:
    """The recorded cause, with the lowest level of a series at that moment."""

    def why(before: Before, event: Event) -> Reason:
        told = _recorded(before, event)
        what = _SHOWN_WITH.get(event.cause, (series, whose))
        if before.level is None or event.cause == DATED:
            return told
        councils = [council.name for council in before.settings.partnership.councils]
        names = _series(what[0], councils)
        values = [before.level(name, event.month) for name in names]
        return Reason(f"{told.form}; {what[1]} {{0}} out of 100", (min(values),)) if values else told

    return why


def _series(name: str, councils: Sequence[str]) -> list[str]:
    if name == "trust":
        pairs = [(a, b) for a in sorted(councils) for b in sorted(councils) if a < b]
        return [f"trust leaders–leaders: {a} and {b}" for a, b in pairs]
    return [name] if name in ("fatigue", "engagement") else [f"{name}: {council}" for council in councils]


_SHOWN_WITH = {
    "people are worn out": ("fatigue", "mean fatigue is"),
    "support has ebbed": ("buy_in_leaders", "leaders' lowest buy-in is"),
    "members' support is gone": ("buy_in_backbench", "back benchers' lowest buy-in is"),
}


def _posts_cut(before: Before, event: Event) -> Reason:
    if event.cause not in TIERS:
        return _recorded(before, event)
    shared = before.names.package(event.cause)
    return Reason(f"{shared} {'are' if event.cause == 'heads_of_service' else 'is'} now in place")


def _transferred(before: Before, event: Event) -> Reason:
    return Reason(f"{_plain(before.names.package(event.cause))} has been let") if event.cause else Reason("")


_WHY: dict[str, Callable[[Before, Event], Reason]] = {
    "package released": _released,
    "stage started": _stage_started,
    "stage finished": _stage_finished,
    "waiting for HR": _waiting("HR"),
    "waiting for OD": _waiting("OD"),
    "HR arrived": _arrived("HR"),
    "OD arrived": _arrived("OD"),
    "rework found": _rework,
    "package finished": _finished,
    "package dropped": _dropped,
    "vote won": _vote(won=True),
    "vote lost": _vote(won=False),
    "election": _always("members' terms end"),
    "control changed": _new_lead,
    "leader changed": _new_lead,
    "chief executive appointed": _after_months(
        "chief executive left", "the vacancy is filled after {0}", "the vacancy is filled"
    ),
    "posts cut": _posts_cut,
    "staff transferred": _transferred,
    "programme paused": _paused,
    "programme resumed": _paused,
    "decision": _origin,
    "dissolved": _with_level("trust", "the lowest trust between leaders is"),
    "stalled": _with_level("buy_in_leaders", "leaders' lowest buy-in is"),
    "partner defaults": _with_level("trust", "the lowest trust between them is"),
    "dispute ends": _after_months("dispute begins", "it is settled after {0}", "it is settled"),
    "emergency ends": _after_months("emergency begins", "it has been dealt with in {0}", "it has been dealt with"),
    "partner asks to join": _always("the plan foresees that it joins"),
    "partner joined": _always("every council has agreed"),
    "partner turned away": _turned_away,
}
"""What works out the reason, by kind of fact; for other kinds it is the recorded cause."""
