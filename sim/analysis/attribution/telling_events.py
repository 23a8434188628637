"""Two histories under the same luck laid side by side: the facts that only one knows, or knows much later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.core.events import kind_of, named
from sim.core.history import PENCE_PER_GBP_M, Event, History
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN, TIERS

LATER = 3.0
"""Months from which a fact counts as later: a committee cycle and more, so that no meeting alone explains it."""
PARTED = 0.1
"""The part of their largest gap beyond which two curves of money count as apart."""
ENDS = frozenset(named(lambda kind: kind.weighs == "end"))
"""What ends or changes a programme whole."""
TURNS = frozenset(named(lambda kind: kind.weighs == "turn"))
"""What befalls the partnership or one council."""
WORK = named(lambda kind: kind.weighs == "work")
"""What befalls one package."""
PARTS = {JOINT: "joint teams", REDESIGN: "transformation", COMMISSION: "commissioning"}


@dataclass(frozen=True)
class Apart:
    """A fact that the two histories do not share: the event in each, None where it does not happen there."""

    part: str
    first: Event | None
    second: Event | None

    @property
    def kind(self) -> str:
        """What happened."""
        return self.event.kind

    @property
    def event(self) -> Event:
        """The event, of the first history that knows it."""
        found = self.first or self.second
        if found is None:
            raise ValueError("a fact that neither history knows")
        return found

    @property
    def month(self) -> float:
        """When the two first differ in it."""
        return min(event.month for event in (self.first, self.second) if event is not None)

    @property
    def shift(self) -> float | None:
        """Months by which it comes later in the second history; None where one does not know it."""
        return self.second.month - self.first.month if self.first and self.second else None


@dataclass(frozen=True)
class Deciding:
    """The middle pair of histories: where their money parts, and what differs between them.

    `differ` counts the pairs that differ at all in the outcome asked about, of which this one is the middle.
    `money` is net £m over the whole history by what it is for, in each of the two; `gap` the second's
    cumulative net saving less the first's by month; `parting` the month from which they stay apart; `begun` and
    `finished` the packages of each.
    """

    replication: int
    difference: float
    differ: int
    gap: tuple[float, ...]
    parting: int | None
    money: tuple[tuple[str, float, float], ...]
    facts: tuple[Apart, ...]
    finished: tuple[frozenset[str], frozenset[str]]
    begun: tuple[frozenset[str], frozenset[str]]

    @property
    def table(self) -> pd.DataFrame:
        """One row a fact, the gravest first; months are empty where a history does not know it."""
        columns = ("rank", "kind", "entity", "about", "month_first", "month_second", "later_by", "cause_first",
                   "cause_second")  # fmt: skip
        rows = [(rank, *_row(fact)) for rank, fact in enumerate(self.facts, start=1)]
        return pd.DataFrame(rows, columns=list(columns))


def _row(fact: Apart) -> tuple[object, ...]:
    months = [None if event is None else event.month for event in (fact.first, fact.second)]
    causes = ["" if event is None else event.cause for event in (fact.first, fact.second)]
    return (fact.kind, fact.event.entity, fact.part, *months, fact.shift, *causes)


def deciding(first: History, second: History, difference: float, differ: int) -> Deciding:
    """What differs between two histories of one replication; `difference` is theirs in the outcome asked about.

    `differ` counts the pairs that differ in it.
    """
    ours, theirs = (history.column("cumulative_net_saving_gbp_m") for history in (first, second))
    gap = tuple(b - a for a, b in zip(ours, theirs, strict=True))
    money = _money(first, second)
    parting = _parting(gap)
    facts = sorted(apart(first.events, second.events), key=lambda fact: _gravity(fact, money, parting, gap))
    return Deciding(
        replication=first.replication,
        difference=difference,
        differ=differ,
        gap=gap,
        parting=parting,
        money=tuple(money),
        facts=tuple(facts),
        finished=(_of(first, FINISHED), _of(second, FINISHED)),
        begun=(_of(first, BEGUN), _of(second, BEGUN)),
    )


FINISHED = ("package finished",)
BEGUN = ("package released", "package finished")


def _of(history: History, kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(event.entity for kind in kinds for event in history.of_kind(kind))


def _money(first: History, second: History) -> list[tuple[str, float, float]]:
    """Net £m by what it is for, in each history, the largest difference first; the parts add up to the whole."""
    by_part: dict[str, list[int]] = {}
    for place, history in enumerate((first, second)):
        for line in history.ledger():
            by_part.setdefault(_purpose(line.cause), [0, 0])[place] += sum(line.pence)
    found = [(part, a / PENCE_PER_GBP_M, b / PENCE_PER_GBP_M) for part, (a, b) in by_part.items()]
    return sorted(found, key=lambda row: (-abs(row[2] - row[1]), row[0]))


def _purpose(cause: str) -> str:
    return cause.partition(":")[0].removesuffix(" exits")


def _parting(gap: Sequence[float]) -> int | None:
    """The month after which the gap never falls back to a tenth of its largest; None where it does at the end."""
    line = PARTED * max(abs(value) for value in gap)
    small = [month for month, value in enumerate(gap) if abs(value) <= line]
    last = small[-1] if small else -1
    return None if last == len(gap) - 1 else last + 1


def part_of(package: str) -> str:
    """What a package is about, as the ledger calls it: "joint teams", "transformation", "management"."""
    if package in TIERS:
        return "management"
    kind = package.partition(":")[0]
    return PARTS.get(kind, package.replace("_", " "))


def apart(first: Iterable[Event], second: Iterable[Event]) -> list[Apart]:
    """Facts that only one of the two lists of events knows, or that come three months later in one; in time order.

    The n-th fact of a kind, council and package in the one is held against the n-th in the other.
    """
    ours, theirs = _by_name(first), _by_name(second)
    found = []
    for name in dict.fromkeys([*ours, *theirs]):
        a, b = ours.get(name, []), theirs.get(name, [])
        longest = max(len(a), len(b))
        pairs = zip([*a, *[None] * (longest - len(a))], [*b, *[None] * (longest - len(b))], strict=True)
        found += [Apart(name[3], *pair) for pair in pairs if _differs(*pair)]
    return sorted(found, key=lambda fact: (fact.month, fact.kind, fact.event.entity))


def _by_name(events: Iterable[Event]) -> dict[tuple[str, str, str, str], list[Event]]:
    found: dict[tuple[str, str, str, str], list[Event]] = {}
    for event in events:
        if event.kind in WORK or event.kind in ENDS or event.kind in TURNS:
            package = event.cause if kind_of(event.kind).vote else event.entity
            part = part_of(package) if event.kind in WORK else ""
            about = package if event.kind in WORK else ""
            found.setdefault((event.kind, event.entity, about, part), []).append(event)
    return found


def _differs(first: Event | None, second: Event | None) -> bool:
    return first is None or second is None or abs(second.month - first.month) >= LATER


def _gravity(
    fact: Apart, money: Sequence[tuple[str, float, float]], parting: int | None, gap: Sequence[float]
) -> tuple[float, ...]:
    """Ends by the money that follows, then work by the money of its part, then the rest by nearness to the parting."""
    if fact.kind in ENDS:
        return (0.0, -abs(gap[-1] - gap[min(int(fact.month), len(gap) - 1)]), fact.month)
    if fact.kind in WORK:
        stake = {part: abs(b - a) for part, a, b in money}.get(fact.part, 0.0)
        return (1.0, -stake, WORK.index(fact.kind), fact.month)
    return (2.0, abs(fact.month - (parting or 0)), fact.month)
