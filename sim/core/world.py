"""Where agents meet in one history: resources, inboxes, milestones, and the states of the batch it is played in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import fsum
from typing import Any, ClassVar, TypeVar

import simpy

from sim.core import mechanisms
from sim.core.clock import next_meeting
from sim.core.events import KINDS
from sim.core.given import Given
from sim.core.history import History
from sim.core.inputs.levers import LeverGroup
from sim.core.inputs.packages import Package, shared_already
from sim.core.inputs.partnership import Partnership
from sim.core.lanes import Lane, Rows, by_history, fixed, formulas, lane, listed, lowest, stacked
from sim.core.ledger import POUNDS_PER_MILLION, Ledger
from sim.core.luck import Luck
from sim.core.pools import Agenda, Ballot, Inbox, Pool, WorkClock
from sim.core.states import Pen, States
from sim.core.workforce import Workforce

Group = TypeVar("Group", bound=LeverGroup)
Process = simpy.events.ProcessGenerator


class World:
    """The shared place of one history: `place` is its place in the lanes of `meeting`."""

    def __init__(self, meeting: Meeting, place: int, given: Given, luck: Luck, history: History, record: bool) -> None:
        self.meeting, self.place = meeting, place
        self.env = env = simpy.Environment()
        self.given, self.luck, self.history, self.recording = given, luck, history, record
        self.states = meeting.states
        self.e = given.evidence.__getitem__
        """The value of an evidence quantity, 'topic.name'."""
        self.partnership, self.names, self.elections = given.partnership, given.names, given.elections
        self.councils = range(len(given.names))
        self.inside = [True] * len(given.names)
        """Which councils share, in order: a late partner not yet, one that left no more."""
        self.levers = dict(given.levers)
        self.status = "running"
        """How the programme stands; progress alone changes it."""
        self.in_place: set[str] = set()
        """Joint systems, buildings, terms and organisations that are in place; enablers alone add to it."""
        self.left: set[str] = set()
        """Services that were shared and are no more; services alone adds to it."""
        self.finished: dict[str, int] = {}
        """Packages finished, by kind; progress alone counts them."""
        self.threat: tuple[float, ...] = ()
        """How far identity feels threatened, by council, against the usual; governance alone says."""
        self.strengths = self._strengths()
        self.breaches: list[str] = []
        self.packages: tuple[Package, ...] = () if self._talks_fail() else given.plan(self.strengths)
        self.decisions: list[tuple[float, dict[str, Any], str]] = []
        self._milestones: dict[str, simpy.Event] = {}
        done = shared_already(given.partnership.start_state)
        self._reached = {f"{step} {name}" for name in done for step in ("formed", "finished")}
        self.ledger = Ledger(given.names, given.sharing, given.uplift)
        self.workforces = [Workforce(council.headcount) for council in given.partnership.councils]
        history.headcounts = [workforce.account for workforce in self.workforces]
        self.hr, self.od = Pool(env, 1), Pool(env, 1)
        self.managers_work, self.hr_work, self.od_work = (WorkClock(env, given.pulse) for _ in range(3))
        cycle = self.e("time.committee_cycle")
        self.agendas = [Agenda(env, partial(next_meeting, cycle=cycle, elections=own)) for own in given.elections]
        self._open_inboxes()

    def _open_inboxes(self) -> None:
        """Where several cause a change, they leave word with the one who makes it."""
        env, told = self.env, self.meeting.told
        self.posts_cut, self.council_shocks = Inbox(env, partial(told, "posts_cut", self)), Inbox(env)
        self.changes_of_people = Inbox(env, partial(told, "changes_of_people", self))
        self.disputes = Inbox(env, partial(told, "disputes", self))
        self.reports, self.contracts, self.partners_leaving = Inbox(env), Inbox(env), Inbox(env)

    def _strengths(self) -> dict[str, float]:
        """Strength of the manager in each service: integration follows it more than the prize (M-MG2)."""
        spread = self.e("managers.strength_spread")
        drawn = {name: self.luck.lognormal(spread, "manager strength", name) for name in self.given.services}
        return {name: min(max(value, 0.5), 2.0) for name, value in drawn.items()}

    def _talks_fail(self) -> bool:
        """Whether talks before month 0 ended without a deal, where there were any (M-PT2)."""
        if not self.given.talks or not self.on("dissolution"):
            return False
        fails = self.happens(self.e("governance.talks_fail"), "talks fail", "partnership")
        if fails:
            self.history.ended_by = "talks failed"
            self.status = "failed"
            self.record("partnership", "talks failed", "no agreement was reached")
        return fails

    def happens(self, chance: float, purpose: str, entity: str, occasion: object = 0) -> bool:
        """Whether luck brings what has this chance; a chance outside 0 to 1 is a breach."""
        if not 0.0 <= chance <= 1.0:
            self.breaches.append(f"month {self.env.now:.1f}: {entity}: the chance of {purpose} is {chance}")
        return self.luck.uniform(purpose, entity, occasion) < chance

    # -- reading what is fixed, chosen or felt --

    def on(self, mechanism: str) -> bool:
        """Whether a mechanism is switched on; for what is no quantity (`sim.core.switches`)."""
        return self.given.switches[mechanism] != "off"

    def current(self, group: type[Group]) -> Group:
        """The levers of a group now in force."""
        return self.levers[group]  # type: ignore[return-value]

    def fact(self, name: str, row: int | None = None) -> Any:
        """A fact as it stands, or a soft state at the latest pulse."""
        held = getattr(self.states.old, name)
        if self.states.width == 1:
            return held if row is None else held[row]
        return held.item(self.place) if row is None else held.item(row, self.place)

    def felt(self, index: int) -> float:
        """A soft state, by its place among all, as it is at this moment."""
        return self.states.at(index, self.place, self.env.now)

    def jump(self, index: int, value: float) -> None:
        """Set a soft state at once; only the agent that declared it does."""
        self.states.jump(index, self.place, self.env.now, value)

    def expenditure(self, services: Sequence[str] = ()) -> float:
        """Pounds a year that the councils now inside spend in all; those that share these services, where named."""
        councils = self.partnership.councils
        sharing = [councils[c].service_expenditure_gbp_m for c in self.sharers(services)]
        return fsum(sharing) * POUNDS_PER_MILLION

    def sharers(self, services: Sequence[str]) -> list[int]:
        """Places of the councils now inside that share any of these services; of all inside where none is named."""
        own = self.given.sharers
        if not own or not all(name in own for name in services) or not services:
            return [c for c in self.councils if self.inside[c]]
        return [c for c in self.councils if self.inside[c] and any(c in own[name] for name in services)]

    def covered(self, package: str) -> tuple[str, ...]:
        """The services that a package of this name touches."""
        return next((each.covers for each in self.packages if each.name == package), ())

    def among(self, services: Sequence[str]) -> tuple[int, ...] | None:
        """Places of the only councils that these services concern; None where they concern all."""
        sharing = self.sharers(services)
        return None if len(sharing) == sum(self.inside) else tuple(sharing)

    def further_pairs(self) -> int:
        """Pairs of councils now inside, beyond the one that every partnership has."""
        inside = sum(self.inside)
        return max(inside * (inside - 1) // 2 - 1, 0)

    def headcount(self) -> int:
        """Staff of the councils now inside, before any change."""
        return sum([council.headcount for council, here in zip(self.partnership.councils, self.inside) if here])

    # -- meeting --

    def tell(self, name: str, *word: Any) -> None:
        """Leave word with the agent that alone makes this change, who makes it at once."""
        self.meeting.readers[name](self, *word)

    def milestone(self, name: str) -> simpy.Event:
        """The one-shot event of this name, to wait for."""
        event = self._milestones.get(name)
        if event is None:
            event = self._milestones[name] = self.env.event()
            if name in self._reached:
                event.succeed()
        return event

    def reach(self, name: str) -> None:
        """Fire a milestone, once."""
        if name not in self._reached:
            self._reached.add(name)
            if name in self._milestones:
                self._milestones[name].succeed()

    def reached(self, name: str) -> bool:
        """Whether a milestone has been fired."""
        return name in self._reached

    def when(self, milestone: str, then: Callable[[], None]) -> None:
        """Have something done at the instant a milestone is reached."""
        callbacks = self.milestone(milestone).callbacks
        assert callbacks is not None, f"{milestone} has been passed"
        callbacks.append(lambda _: then())

    def release(self, package: Package) -> None:
        """Hand a package to those who carry it."""
        self.reach(f"released {package.name}")
        self.meeting.carriers[package.kind](self, package)

    def report(self, package: Package, result: str) -> None:
        """Tell the programme office what became of a package: formed, finished or dropped."""
        self.tell("reports", package, result)

    def propose(self, package: Package, attempt: int, depth: float, everyone: bool = False) -> simpy.Event:
        """Put a step to the councils it concerns; fires with whether all agreed, when the last has voted."""
        voting = self.councils if everyone else self.sharers(package.covers)
        agendas = [self.agendas[c] for c in voting]
        ballot = Ballot(self.env, package, attempt, depth, len(agendas))
        for agenda in agendas:
            agenda.put(ballot)
        return ballot.decided

    def record(self, entity: str, kind: str, cause: str = "", value: float | None = None) -> None:
        """Record a fact of a declared kind; ValueError for one that is not."""
        if kind not in KINDS:
            raise ValueError(f"'{kind}' is no declared kind of event; declare it in sim/core/events.py")
        if self.recording:
            self.history.facts.append((self.env.now, entity, kind, cause, value))


class Agent:
    """Acts in every history of a batch: set up once, with lanes for what is felt and processes for what happens."""

    levers: ClassVar[tuple[type[LeverGroup], ...]] = ()
    new: Pen

    def __init__(self, meeting: Meeting) -> None:
        """Declare what the agent owns."""
        self.meeting, self.states = meeting, meeting.states
        self.formula, self.by_row = meeting.formulas
        self.asked: set[int] = set()
        """Places of the histories in which something is to be done at this pulse (`act`)."""

    def prepare(self, lever: Any, e: Any) -> None:
        """Work out what rests on levers and evidence alone; at the start, and when a decision has been taken."""

    def begin(self, world: World) -> None:
        """Start what the agent does in one history."""

    def decided(self, world: World) -> None:
        """Respond to a change of levers in one history."""

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Read what held when the pulse began and write what holds from then on, for all histories."""

    def act(self, world: World, now: float) -> None:
        """Do what this pulse makes happen in one history that asked for it."""

    def finish(self, world: World) -> None:
        """Close the agent's account of one history at the horizon."""

    def put(self, world: World, name: str, value: Any, row: int | None = None) -> None:
        """Write a fact of one history at once."""
        self.states.put(self, world.place, name, value, row)


class Meeting:
    """What the histories of a batch share: their states, levers and evidence as lanes, and what was given to all."""

    def __init__(self, names: tuple[str, ...], partnership: Partnership, width: int, pulse: float) -> None:
        self.names, self.partnership = names, partnership
        self.councils = range(len(names))
        self.headcount_shares = partnership.headcount_shares
        self.states = States(width, pulse)
        self.formulas = formulas(mechanisms, width)
        """Those for quantities of one row, and for those with several."""
        self.worlds: list[World] = []
        self.carriers: dict[str, Callable[[World, Package], object]] = {}
        self.readers: dict[str, Callable[..., None]] = {}
        self.listeners: dict[str, set[int]] = {}
        self.threats: Rows = 1.0
        """How far identity feels threatened, by council; governance alone says."""
        self.everyone_inside = True
        """Whether every council of every history shares."""

    def gather(self, worlds: list[World]) -> None:
        """These histories meet."""
        self.worlds = worlds
        self.e = Topics([world.given.evidence for world in worlds])
        self.read_levers()

    def read_levers(self) -> None:
        """Take in the levers now in force."""
        self.lever = Groups([world.levers for world in self.worlds])

    def told(self, inbox: str, world: World) -> None:
        """Word lies in an inbox that its owner looks into at the next pulse."""
        self.listeners[inbox].add(world.place)

    def draw(self, drawn: Callable[..., float], *what: Any) -> Lane:
        """A number that each history draws, as a lane."""
        return lane([drawn(world, *what) for world in self.worlds])

    def draw_rows(self, drawn: Callable[..., float], whats: Sequence[Any]) -> Rows:
        """A number that each history draws for each of these, as rows."""
        return stacked([self.draw(drawn, what) for what in whats], len(self.worlds))

    def gathered(self, made: Callable[[World], Any]) -> list[Any]:
        """Something of each history, as a plain list."""
        return [made(world) for world in self.worlds]

    def per_council(self, values: Sequence[float]) -> Rows:
        """A number for each council, the same in every history, as rows."""
        return fixed(values, len(self.worlds))

    def labels(self, name: str) -> tuple[str, ...]:
        """Names of soft states of this kind, one for each council."""
        return tuple(f"{name}: {council}" for council in self.names)

    def lowest_inside(self, rows: Rows) -> Lane:
        """The least over the councils that share, in every history; one half where none does."""
        if self.everyone_inside:
            return lowest(rows)
        found = [
            min([value for value, here in zip(values, world.inside) if here], default=0.5)
            for values, world in zip(by_history(rows), self.worlds)
        ]
        return lane(found)


def merged(values: Sequence[Any]) -> Lane:
    """One plain value where all histories have the same, else a lane."""
    first = values[0]
    if all(value is first or value == first for value in values):
        return first
    return lane(values, numbers=isinstance(first, int | float))


class Topics:
    """`e.topic.name`; a quantity is looked up when it is first asked for."""

    def __init__(self, values: list[Mapping[str, float]]) -> None:
        self._values = values

    def __getattr__(self, topic: str) -> Any:
        held = Quantities(topic, self._values)
        setattr(self, topic, held)
        return held


class Quantities:
    """The quantities of one topic."""

    def __init__(self, topic: str, values: list[Mapping[str, float]]) -> None:
        self._topic, self._values = topic, values

    def __getattr__(self, name: str) -> Lane:
        key = f"{self._topic}.{name}"
        first = self._values[0]
        alike = all(values is first for values in self._values)
        value = first[key] if alike else merged([values[key] for values in self._values])
        setattr(self, name, value)
        return value


class Groups:
    """`lever.group.name`; a lever is looked up when it is first asked for."""

    def __init__(self, levers: list[Mapping[type[LeverGroup], LeverGroup]]) -> None:
        self._levers = levers
        self._kinds = {kind.key(): kind for kind in levers[0]}

    def __getattr__(self, group: str) -> Any:
        held = Chosen([levers[self._kinds[group]] for levers in self._levers])
        setattr(self, group, held)
        return held


class Chosen:
    """The levers of one group."""

    def __init__(self, groups: list[LeverGroup]) -> None:
        self._groups = groups

    def __getattr__(self, name: str) -> Lane:
        first = self._groups[0]
        alike = all(group is first for group in self._groups)
        value = getattr(first, name) if alike else merged([getattr(group, name) for group in self._groups])
        setattr(self, name, value)
        return value

    def is_(self, name: str, *choices: Any) -> Lane:
        """1 in histories where the lever is one of these choices, else 0."""
        chosen = [float(each in choices) for each in listed(getattr(self, name), len(self._groups))]
        return merged(chosen)


__all__ = ["Agent", "Lane", "Meeting", "Process", "World"]
