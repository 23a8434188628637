"""The middle pair of histories in words: where their money differs, and which events only one has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.attribution.telling_events import ENDS, TURNS, WORK, Apart, part_of
from sim.core import words
from sim.core.clock import Clock
from sim.core.events import KINDS
from sim.words.diary.event_sentences import Fact, told
from sim.words.names import Names
from sim.words.why.amounts import Amounts
from sim.words.why.why_answer import Pair

if TYPE_CHECKING:
    from sim.analysis.attribution.attribution_finding import Why
    from sim.core.history import Event

PARTS = 3
"""Most programme parts reported, those with the largest money differences."""
EVENTS = 5
"""Most single events reported; the table has them all."""
LEAST_GBP_M = 0.05
"""Sums below this many £m print as £0.0m."""


def middle_pair(why: Why, pair: Pair, amounts: Amounts) -> list[str]:
    """Paragraphs on the pair: rule, money, differing work, and turning points that only one has."""
    exact = "What follows is exact for that pair; another would differ."
    head = f"The middle pair. {_chosen(why, amounts)} {exact}"
    diaries = [f"tandem diary {why.study} {side.typed} {why.deciding.replication}" for side in (why.first, why.second)]
    return [
        " ".join([head, *_parting(why), *_money(why, pair)]),
        *(f"- {line}" for line in [*_turns(why, pair, ENDS), *_work(why, pair), *_turns(why, pair, TURNS)]),
        f"To read them month by month: {' and '.join(diaries)}.",
    ]


def _chosen(why: Why, amounts: Amounts) -> str:
    """The rule by which the pair was chosen, in words."""
    found = why.deciding
    value = amounts.signed(found.difference)
    if found.differ < why.n / 2 and found.difference:
        return (
            f"Only {words.number(found.differ)} of the {why.n:,} pairs of histories differ; of those that point the "
            f"way of the mean that of history {found.replication} is the middle one: {value}."
        )
    return f"Of the {why.n:,} differences that of history {found.replication} is the middle one: {value}."


def _parting(why: Why) -> list[str]:
    if why.deciding.parting is None:
        return ["By the end both have saved about as much."]
    return [f"Their savings part for good in {words.date(why.deciding.parting, _clock(why))}."]


def _clock(why: Why) -> Clock:
    place = why.first.settings.partnership
    return Clock(place.start_year, place.start_month)


def _money(why: Why, pair: Pair) -> list[str]:
    """Sentence on the programme parts that account for most of the gap in money, net of their costs."""
    large = [row for row in why.deciding.money if abs(row[2] - row[1]) >= LEAST_GBP_M][:PARTS]
    if not large:
        return []
    first, *others = [f"{words.money(a)} and {words.money(b)} from {part}" for part, a, b in large]
    rest = f"; {'; '.join(others)}" if others else ""
    return [f"By the end {pair.first} and {pair.second} have, net and not discounted, {first}{rest}."]


def _work(why: Why, pair: Pair) -> list[str]:
    """Progress of each programme part in the two histories, ordered by its money."""
    found = why.deciding
    order = [part for part, _, _ in found.money]
    facts = [fact for fact in found.facts if fact.kind in WORK]
    parts = sorted({fact.part for fact in facts}, key=lambda part: (order.index(part) if part in order else 99, part))
    return [_part(why, pair, part, [fact for fact in facts if fact.part == part]) for part in parts[:PARTS]]


def _part(why: Why, pair: Pair, part: str, facts: Sequence[Apart]) -> str:
    done, begun = (
        [sum(part_of(package) == part for package in side) for side in sides]
        for sides in (why.deciding.finished, why.deciding.begun)
    )
    said = [
        f"under {plan} {_of(done[place], begun[place], place)}" for place, plan in enumerate((pair.first, pair.second))
    ]
    shifts = [fact.shift for fact in facts if fact.kind == "package finished" and fact.shift is not None]
    later = f"; {_shifted(shifts, pair)}" if shifts else ""
    return words.sentence(f"{part}: {', '.join(said)}{later}{_given_up(why, pair, facts)}{_counts(facts)}")


def _of(done: int, begun: int, place: int) -> str:
    if not begun:
        return "none begun"
    if done == begun:
        count = {1: "the one", 2: "both"}.get(begun, f"all {words.number(begun)}")
    else:
        count = f"{words.number(done) if done else 'none'} of {words.number(begun)}"
    return f"{count} begun {'is' if done == begun == 1 else 'are'} complete by the end" if not place else count


def _shifted(shifts: Sequence[float], pair: Pair) -> str:
    middle = sorted(shifts)[(len(shifts) - 1) // 2]
    way = "later" if middle > 0 else "earlier"
    those = "the one" if len(shifts) == 1 else f"of the {words.number(len(shifts))}"
    first = "" if len(shifts) == 1 else ", the middle one"
    return f"{those} complete in both{first} {words.decimal(abs(middle), 0)} months {way} under {pair.second}"


def _given_up(why: Why, pair: Pair, facts: Sequence[Apart]) -> str:
    """The first package that only one of the two gives up."""
    dropped = [fact for fact in facts if fact.kind == "package dropped" and fact.shift is None]
    return f"; {_told(why, pair, dropped[0])}" if dropped else ""


def _counts(facts: Sequence[Apart]) -> str:
    """Lost votes and faulty work that occur in only one of the two."""
    found = ""
    for kind in (kind for kind in KINDS.values() if kind.counted):
        only = [fact for fact in facts if fact.kind == kind.name and fact.shift is None]
        counts = [sum(fact.first is not None for fact in only), sum(fact.second is not None for fact in only)]
        if only:
            found += f"; {kind.counted} in one alone: {' and '.join(words.number(n) if n else 'none' for n in counts)}"
    return found


def _turns(why: Why, pair: Pair, kinds: frozenset[str]) -> list[str]:
    facts = [fact for fact in why.deciding.facts if fact.kind in kinds]
    return [words.sentence(_told(why, pair, fact)) for fact in facts[:EVENTS]]


def _told(why: Why, pair: Pair, fact: Apart) -> str:
    """An event with its date and cause, and its counterpart in the other history."""
    names, clock = Names.of(why.first.settings), _clock(why)
    own, other = (pair.first, pair.second) if fact.first is not None else (pair.second, pair.first)
    text = told(_fact(fact.event), names)
    when = words.date(fact.event.month, clock)
    if fact.shift is None:
        return f"{when}, under {own} only: {text}"
    way = "later" if fact.shift > 0 else "earlier"
    return f"{when}, under {own}: {text}; under {other} {words.decimal(abs(fact.shift), 0)} months {way}"


def _fact(event: Event) -> Fact:
    known = event.value is not None and event.value == event.value
    return Fact(event.kind, event.cause, (event.entity,), (float(event.value),) if known and event.value else ())
