"""Reason for each event of a history: as recorded, or derived from earlier events and levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sim.agents.shocks import DATED
from sim.core import words
from sim.core.events import CAUSES, STAGES, Lasted, Shown, Worked, kind_of
from sim.core.history import Event
from sim.core.inputs.packages import COMMISSION, TIERS
from sim.words.event_reasons.facts_so_far import AT_ONCE, Before, Reason
from sim.words.event_reasons.rule_reasons import ruled
from sim.words.event_reasons.vote_support import Level, support
from sim.words.names import OTHER_PACKAGES, Names

if TYPE_CHECKING:
    from sim.engine.settings import Settings

LONGEST_REASON = 200
"""Most characters of a stated reason that are shown: two terminal lines."""


def reasons(
    events: Iterable[Event],
    names: Names,
    settings: Settings,
    level: Level | None = None,
    threats: Sequence[float] = (),
) -> list[Reason]:
    """The reason for each event, in time order."""
    facts = list(events)
    decided: defaultdict[float, list[Event]] = defaultdict(list)
    for event in facts:
        if event.kind == "decision":
            decided[event.month].append(event)
    before = Before(names, settings, level, threats, dict(decided))
    found = []
    for event in facts:
        found.append(_why(before, event))
        before.take(event)
    return found


def _recorded(before: Before, event: Event) -> Reason:
    """The event's recorded cause, in words."""
    text = kind_of(event.kind).causes.get(event.cause) or CAUSES.get(event.cause)
    return Reason(text or _plain(before.names.cause(event.cause)))


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


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
    lets = _then(last) if last.kind == "stage finished" else kind_of(last.kind).lets
    return Reason(lets or "the step before it is done")


def _then(finished: Event) -> str:
    """Work that the end of a stage makes possible; "" if the stage is unknown."""
    stage = STAGES.get(finished.cause)
    return stage.then if stage else ""


def _stage_finished(before: Before, event: Event) -> Reason:
    if event.cause == "decision":
        return _decided(before, event)
    lasted = before.lasted(event, f"stage started {event.cause}")
    if lasted is None:
        return Reason("the work is done")
    return Reason("the work is done, after {0}", (lasted,), "months")


def _decided(before: Before, event: Event) -> Reason:
    last = before.latest.get(event.entity)
    if last is not None and last.kind == "report held back":
        return Reason("the report is withdrawn")
    if last is None or not kind_of(last.kind).vote:
        return Reason("those to whom it was delegated have agreed")
    lost = before.lost[event.entity]
    if before.refused[event.entity][1]:
        return Reason(f"it has been voted down too often: {words.counted(lost, 'vote')} lost in all")
    return Reason("every council has voted in favour" + (f", after {words.counted(lost, 'vote')} lost" if lost else ""))


def _finished(before: Before, event: Event) -> Reason:
    last = before.latest.get(event.entity)
    known = _then(last) if last is not None and last.kind == "stage finished" else ""
    return Reason(known or "its work is done")


def _dropped(before: Before, event: Event) -> Reason:
    cause = event.cause
    if cause == "votes lost":
        lost, amended = before.lost[event.entity], before.amended[event.entity]
        if not lost:
            return Reason("officers hear that it would be lost")
        votes = f"{words.counted(lost, 'vote')} lost"
        if not amended:
            return Reason(f"the councils voted it down: {votes}")
        return Reason(f"it finds no support: {votes}, held back {words.counted(amended, 'time')}")
    if cause.endswith(" was dropped"):
        needed = before.names.package(cause.removesuffix(" was dropped"))
        return Reason(f"it needed {_plain(needed)}, which {'have' if ' heads ' in needed else 'has'} been given up")
    return _recorded(before, event)


def _rework(before: Before, event: Event) -> Reason:
    first = event.cause in ("", "round 1")
    if not event.cause.startswith("round") and event.cause:
        return _recorded(before, event)
    return Reason("mistakes came to light while it bedded in" if first else "the last repair left mistakes of its own")


# -- members --


def _vote(before: Before, event: Event) -> Reason:
    won = kind_of(event.kind).vote == "won"
    if before.level is None:
        return Reason("enough members are for it" if won else "too few members are for it")
    hurt, amended = _hurt(before, event), before.amended[event.cause] + int(event.value or 1) - 1
    found = support(
        before.settings, before.level, before.threats, event.entity, event.cause, event.month, hurt, amended
    )
    odds = "" if won == (found.support >= found.line) else "against the odds, "
    behind = "" if won else " (leaders' buy-in {1}, back benchers' {2})"
    even = words.out_of_100(found.line)
    return Reason(
        f"{odds}support is {{0}} out of 100{behind} where {even} gives an even chance",
        (found.support, found.leaders, found.bench),
    )


def _motion(before: Before, event: Event) -> Reason:
    told = _recorded(before, event)
    if event.value is None:
        return told
    return Reason("support for staying is {0} out of 100", (event.value,))


def _hurt(before: Before, event: Event) -> float:
    """Buy-in that a council's members have lost in this month, before this vote."""
    costs = {"vote lost": "members.lost_vote_hurts", "report held back": "members.held_back_costs"}
    values, at = before.settings.evidence_values, (event.entity, int(event.month))
    return sum(before.hurt[(*at, kind)] * values[cost] for kind, cost in costs.items())


def _new_lead(before: Before, event: Event) -> Reason:
    if event.cause.startswith("election"):
        return Reason("the election has brought others to power")
    return _recorded(before, event)


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
    """Reason for a pause, taken from the decision of the same month that set `pace.paused`."""
    for decision in before.decided.get(event.month, ()):
        if decision.entity == "pace.paused":
            return _origin(before, decision, event.kind == "programme paused")
    return Reason(_ORIGINS.get(event.cause) or "it was decided")


# -- what befalls --


def _lasted(before: Before, event: Event, why: Lasted) -> Reason:
    lasted = before.lasted(event, why.since)
    if lasted is None or (why.at_once and lasted < AT_ONCE):
        return Reason(why.plain)
    return Reason(why.form, (lasted,), "months")


def _shown(before: Before, event: Event, why: Shown) -> Reason:
    """The recorded cause, with the lowest level of the declared series in that month."""
    told = _recorded(before, event)
    if before.level is None or event.cause == DATED:
        return told
    series, what = why.by_cause.get(event.cause, (why.series, why.words))
    names = _series(series, [council.name for council in before.settings.partnership.councils])
    values = [before.level(name, event.month) for name in names]
    return Reason(f"{told.form}; {what} {{0}} out of 100", (min(values),)) if values else told


def _series(name: str, councils: Sequence[str]) -> list[str]:
    if name == "trust":
        pairs = [(a, b) for a in sorted(councils) for b in sorted(councils) if a < b]
        return [f"trust leaders–leaders: {a} and {b}" for a, b in pairs]
    return [name] if name in ("fatigue", "engagement") else [f"{name}: {council}" for council in councils]


def _posts_cut(before: Before, event: Event) -> Reason:
    if event.cause not in TIERS:
        return _recorded(before, event)
    shared = before.names.package(event.cause)
    return Reason(f"{shared} {'are' if event.cause in ('heads_of_service', 'service_managers') else 'is'} now in place")


def _collapsed(before: Before, event: Event) -> Reason:
    """A contractor's failure at the same moment, or the quality of services then."""
    contract = before.latest.get(f"{COMMISSION}: {event.cause}")
    if contract is not None and (contract.kind, contract.month) == ("contract failed", event.month):
        return Reason("its contractor has failed")
    if before.level is None:
        return Reason("the quality of services has fallen")
    return Reason("the quality of services is {0} out of 100", (before.level("service quality", event.month),))


def _scarce(before: Before, event: Event) -> Reason:
    """What waits for the scarcest capacity, in whole packages."""
    if not event.value:
        return Reason("nothing waits long")
    waiting = max(round(event.value), 1)
    return Reason("about one package waits for it" if waiting == 1 else f"about {waiting} packages wait for it")


RULES: dict[str, Callable[[Before, Event], Reason]] = {
    "order": _released,
    "the step before": _stage_started,
    "the stage's work": _stage_finished,
    "the last stage": _finished,
    "what was lost": _dropped,
    "the round": _rework,
    "support": _vote,
    "the soundings": lambda before, event: Reason(f"officers hear that too few at {_plain(event.cause)} are for it"),
    "the motion": _motion,
    "the election": _new_lead,
    "the refusal": lambda before, event: Reason(
        "the partnership is dissolved" if "dissolved" in before.happened else "a council voted against it"
    ),
    "who decided": _origin,
    "the decision to pause": _paused,
    "the tier shared": _posts_cut,
    "the contract": lambda before, event: Reason(
        f"{_plain(before.names.package(event.cause))} has been let" if event.cause else ""
    ),
    "what waits": _scarce,
    "the collapse": _collapsed,
}
"""Functions that derive a reason from earlier events, by the rule name in the event kind's declaration."""


def _why(before: Before, event: Event) -> Reason:
    """Reason for an event, found in the way that its kind declares."""
    why = kind_of(event.kind).why
    if isinstance(why, Worked):
        return RULES[why.rule](before, event)
    if isinstance(why, Lasted):
        return _lasted(before, event, why)
    if isinstance(why, Shown):
        return _shown(before, event, why)
    return _recorded(before, event) if why is None or event.cause == DATED else Reason(why)
