"""Where agents meet: resources, inboxes, milestones and soft states, in one history."""

from collections.abc import Callable, Mapping
from functools import partial
from math import fsum
from typing import Any, TypeVar

import simpy

from sim.clock import next_meeting
from sim.history import Event, History
from sim.ledger import POUNDS_PER_MILLION, Ledger
from sim.levers import LeverGroup
from sim.luck import Luck
from sim.packages import Package
from sim.pool import Agenda, Ballot, Inbox, Pool, WorkClock
from sim.world.facts import People, Progress
from sim.world.given import Given
from sim.world.states import SoftStates

Group = TypeVar("Group", bound=LeverGroup)
Process = simpy.events.ProcessGenerator
Refresh = Callable[[float, list[float], list[float]], None]


class World:
    """The shared place of one history."""

    def __init__(self, env: simpy.Environment, given: Given, luck: Luck, history: History, record: bool = True) -> None:
        self.env = env
        self.given = given
        self.luck = luck
        self.history = history
        self.recording = record
        self.e = given.evidence.__getitem__
        """The value of an evidence quantity, 'topic.name'."""
        self.partnership = given.partnership
        self.names = given.names
        self.inside = [True] * len(given.names)
        """Which councils share, in order: a late partner not yet, one that left no more."""
        self.councils = range(len(given.names))
        self.elections = given.elections
        self.levers = dict(given.levers)
        self.strengths = self._strengths()
        self.breaches: list[str] = []
        self.packages = () if self._talks_fail() else given.plan(self.strengths)
        self.progress, self.people = Progress(), People()
        if history.ended_by == "talks failed":
            self.progress.status = "failed"
        self.states = SoftStates(given.pulse)
        self.decisions: list[tuple[float, dict[str, Any], str]] = []
        self._refreshers: list[Refresh] = []
        self._readers: list[Callable[[], None]] = []
        self._milestones: dict[str, simpy.Event] = {}
        self._reached: set[str] = set()
        self._carriers: dict[str, Callable[[Package], object]] = {}
        self._open_meeting_places()

    def _open_meeting_places(self) -> None:
        env, given = self.env, self.given
        self.ledger = Ledger(given.names, given.sharing, given.uplift)
        self.hr, self.od = Pool(env, 1), Pool(env, 1)
        self.managers_work, self.hr_work, self.od_work = (WorkClock(env, given.pulse) for _ in range(3))
        self.reports, self.notices, self.posts_cut = Inbox(env), Inbox(env), Inbox(env)
        self.notices_of_change, self.council_shocks = Inbox(env), Inbox(env)
        self.contracts, self.partners_leaving, self.disputes = Inbox(env), Inbox(env), Inbox(env)
        cycle = self.e("time.committee_cycle")
        self.agendas = [Agenda(env, partial(next_meeting, cycle=cycle, elections=own)) for own in given.elections]

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
            self.record("partnership", "talks failed", "no agreement was reached")
        return fails

    def happens(self, chance: float, purpose: str, entity: str, occasion: object = 0) -> bool:
        """Whether luck brings what has this chance; a chance outside 0 to 1 is a breach."""
        if not 0.0 <= chance <= 1.0:
            self.breaches.append(f"month {self.env.now:.1f}: {entity}: the chance of {purpose} is {chance}")
        return self.luck.uniform(purpose, entity, occasion) < chance

    # -- reading what is fixed or chosen --

    def on(self, mechanism: str) -> bool:
        """Whether a mechanism is switched on."""
        return self.given.switches[mechanism] != "off"

    def expenditure(self) -> float:
        """Pounds a year that the councils now inside spend on services."""
        councils = zip(self.partnership.councils, self.inside)
        return fsum([council.service_expenditure_gbp_m for council, here in councils if here]) * POUNDS_PER_MILLION

    def further_pairs(self) -> int:
        """Pairs of councils now inside, beyond the one that every partnership has."""
        inside = sum(self.inside)
        return max(inside * (inside - 1) // 2 - 1, 0)

    def headcount(self) -> int:
        """Staff of the councils now inside, before any change."""
        return sum([council.headcount for council, here in zip(self.partnership.councils, self.inside) if here])

    def current(self, group: type[Group]) -> Group:
        """The levers of a group now in force."""
        return self.levers[group]  # type: ignore[return-value]

    # -- soft states --

    def soft(self, name: str, value: float, months: float) -> int:
        """Create a soft state and return its index; only the agent that creates it writes it."""
        return self.states.add(name, value, months)

    def index(self, name: str) -> int:
        """The index of another agent's soft state, to read."""
        return self.states.names.index(name)

    def indices(self, name: str) -> tuple[int, ...]:
        """The indices of the soft states of this name, one for each council in order."""
        return tuple(self.index(f"{name}: {council}") for council in self.names)

    def at_pulse(self, refresh: Refresh) -> None:
        """Have `refresh(now, levels, aims)` set new aims at every pulse, from the levels all had at it."""
        self._refreshers.append(refresh)

    def at_decision(self, read: Callable[[], None]) -> None:
        """Have `read` take in the levers now, and again whenever a decision changes them."""
        self._readers.append(read)
        read()

    def decide(self, levers: Mapping[type[LeverGroup], LeverGroup]) -> None:
        """Put new levers in force and wake whoever waits."""
        self.levers = dict(levers)
        for read in self._readers:
            read()
        self.reports.wake()

    def pulse(self, now: float) -> None:
        """Refresh all targets, agent after agent in the order of their list (which matters), then apply them."""
        states = self.states
        states.arrive(now)
        levels, aims = states.levels, states.aims
        for refresh in self._refreshers:
            refresh(now, levels, aims)
        states.depart(now)

    # -- meeting --

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

    def carry(self, kind: str, begin: Callable[[Package], object]) -> None:
        """Have `begin` start the work on each package of a kind when it is released."""
        self._carriers[kind] = begin

    def release(self, package: Package) -> None:
        """Hand a package to those who carry it."""
        self.reach(f"released {package.name}")
        self._carriers[package.kind](package)

    def report(self, package: Package, result: str) -> None:
        """Tell the programme office what became of a package: formed, finished or dropped."""
        self.reports.put((package, result))

    def propose(self, package: Package, attempt: int, depth: float, everyone: bool = False) -> simpy.Event:
        """Put a step to the members of every council inside; fires with whether all agreed, when the last has voted."""
        agendas = [agenda for agenda, here in zip(self.agendas, self.inside) if here or everyone]
        ballot = Ballot(self.env, package, attempt, depth, len(agendas))
        for agenda in agendas:
            agenda.put(ballot)
        return ballot.decided

    def record(self, entity: str, kind: str, cause: str = "", value: float | None = None) -> None:
        """Record a fact."""
        if self.recording:
            # tuple.__new__ spares a call that a NamedTuple makes in Python
            self.history.events.append(tuple.__new__(Event, (self.env._now, entity, kind, cause, value)))
