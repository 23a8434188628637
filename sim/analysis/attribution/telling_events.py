"""Comparison of two histories under the same luck: events in one only, or much later in one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.core.events import kind_of, named
from sim.core.history import PENCE_PER_GBP_M, Event, History
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN, TIERS

LATER = 3.0
"""Months of delay from which an event counts as later: over a committee cycle, so more than one meeting."""
PARTED = 0.1
"""Share of their largest gap beyond which two money curves count as apart."""
ENDS = frozenset(named(lambda kind: kind.weighs == "end"))
"""Kinds of event that end or change a whole programme."""
TURNS = frozenset(named(lambda kind: kind.weighs == "turn"))
"""Kinds of event that hit the partnership or one council."""
WORK = named(lambda kind: kind.weighs == "work")
"""Kinds of event about one package."""
PARTS = {JOINT: "joint teams", REDESIGN: "transformation", COMMISSION: "commissioning"}


@dataclass(frozen=True)
class Apart:
    """An event that two histories do not share; None for the history in which it does not happen."""

    part: str
    first: Event | None
    second: Event | None

    @property
    def kind(self) -> str:
        """Kind of the event."""
        return self.event.kind

    @property
    def event(self) -> Event:
        """The event in the first history that has it."""
        found = self.first or self.second
        if found is None:
            raise ValueError("a fact that neither history knows")
        return found

    @property
    def month(self) -> float:
        """Month in which the histories first differ in it."""
        return min(event.month for event in (self.first, self.second) if event is not None)

    @property
    def shift(self) -> float | None:
        """Delay in months in the second history; None if one history lacks the event."""
        return self.second.month - self.first.month if self.first and self.second else None


@dataclass(frozen=True)
class Deciding:
    """The middle pair of histories: where their money separates, and the events that differ.

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
        """Rows of events, most important first; a month is empty where a history lacks the event."""
        facts = ["rank", "kind", "entity", "about"]
        columns = [*facts, "month_first", "month_second", "later_by", "cause_first", "cause_second"]
        rows = [(rank, *_row(fact)) for rank, fact in enumerate(self.facts, start=1)]
        return pd.DataFrame(rows, columns=columns)


def _row(fact: Apart) -> tuple[object, ...]:
    months = [None if event is None else event.month for event in (fact.first, fact.second)]
    causes = ["" if event is None else event.cause for event in (fact.first, fact.second)]
    return (fact.kind, fact.event.entity, fact.part, *months, fact.shift, *causes)


def deciding(first: History, second: History, difference: float, differ: int) -> Deciding:
    """Differences of two histories of one replication; `difference` is theirs in the outcome asked about.

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
    """Net £m by purpose in each history, largest difference first; the parts add up to the total."""
    by_part: dict[str, list[int]] = {}
    for place, history in enumerate((first, second)):
        for line in history.ledger():
            purpose = line.cause.partition(":")[0].removesuffix(" exits")
            by_part.setdefault(purpose, [0, 0])[place] += sum(line.pence)
    found = [(part, a / PENCE_PER_GBP_M, b / PENCE_PER_GBP_M) for part, (a, b) in by_part.items()]
    return sorted(found, key=lambda row: (-abs(row[2] - row[1]), row[0]))


def _parting(gap: Sequence[float]) -> int | None:
    """Month from which the gap stays above a tenth of its maximum; None if it ends below."""
    line = PARTED * max(abs(value) for value in gap)
    small = [month for month, value in enumerate(gap) if abs(value) <= line]
    last = small[-1] if small else -1
    return None if last == len(gap) - 1 else last + 1


def part_of(package: str) -> str:
    """Purpose of a package in ledger terms: "joint teams", "transformation", "management"."""
    if package in TIERS:
        return "management"
    kind = package.partition(":")[0]
    return PARTS.get(kind, package.replace("_", " "))


def apart(first: Iterable[Event], second: Iterable[Event]) -> list[Apart]:
    """Events in only one of two lists, or three months later in one, in time order.

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
    """Sort key: ends by the money that follows, work by money of its part, others by nearness to the separation."""
    if fact.kind in ENDS:
        return (0.0, -abs(gap[-1] - gap[min(int(fact.month), len(gap) - 1)]), fact.month)
    if fact.kind in WORK:
        stake = {part: abs(b - a) for part, a, b in money}.get(fact.part, 0.0)
        return (1.0, -stake, WORK.index(fact.kind), fact.month)
    return (2.0, abs(fact.month - (parting or 0)), fact.month)
