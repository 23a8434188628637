"""What agents share: resources, inboxes, milestones and soft states. Agents meet here and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any, TypeVar

import simpy

from sim.clock import Clock
from sim.history import Event, History
from sim.ledger import Ledger
from sim.levers import LeverGroup
from sim.luck import Luck
from sim.packages import Package
from sim.partnership import Partnership, Service
from sim.pool import Pool, WorkClock

Group = TypeVar("Group", bound=LeverGroup)
Process = simpy.events.ProcessGenerator
Refresh = Callable[[float, list[float], list[float]], None]


class SoftStates:
    """Soft values in [0, 1] that move toward their targets by first-order adjustment, exactly.

    A state is known by its index. `levels` are all values at the latest pulse, `at` gives a value between
    pulses; reading stores nothing. `keep` is the share of the distance to the target that one pulse leaves.
    """

    __slots__ = ("aims", "anchors", "keep", "levels", "names", "pulse", "since", "targets")

    def __init__(self, pulse: float) -> None:
        self.pulse = pulse
        self.since = 0.0
        self.names: list[str] = []
        self.levels: list[float] = []
        self.anchors: list[float] = []
        self.targets: list[float] = []
        self.aims: list[float] = []
        self.keep: list[float] = []

    def add(self, name: str, value: float, months: float) -> int:
        """A new state at rest at `value`, which moves with time constant `months`; its index."""
        value = min(max(value, 0.0), 1.0)
        self.names.append(name)
        for values in (self.levels, self.anchors, self.targets, self.aims):
            values.append(value)
        self.keep.append(exp(-self.pulse / months))
        return len(self.names) - 1

    def at(self, index: int, now: float) -> float:
        """The value at `now`, no earlier than the latest pulse."""
        anchor, target = self.anchors[index], self.targets[index]
        return target + (anchor - target) * float(self.keep[index] ** ((now - self.since) / self.pulse))

    def jump(self, index: int, now: float, value: float) -> None:
        """Set the value at once; it goes on toward its target from there."""
        left = self.keep[index] ** ((now - self.since) / self.pulse)
        target = self.targets[index]
        self.anchors[index] = target + (min(max(value, 0.0), 1.0) - target) / left

    def arrive(self, now: float) -> None:
        """Bring all levels to `now`, a pulse."""
        if now > self.since:
            self.levels = [t + (a - t) * k for t, a, k in zip(self.targets, self.anchors, self.keep)]
        else:
            self.levels = self.anchors[:]

    def depart(self, now: float) -> None:
        """Apply what was aimed at: new targets from here on."""
        self.anchors = self.levels[:]
        self.since = now
        self.targets = [0.0 if aim < 0.0 else 1.0 if aim > 1.0 else aim for aim in self.aims]


class Signal:
    """An event that can be waited for again and again."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._event = env.event()

    def wait(self) -> simpy.Event:
        """The next time the signal is given."""
        return self._event

    def give(self) -> None:
        """Wake all who wait."""
        if self._event.callbacks:
            event, self._event = self._event, self._env.event()
            event.succeed()


class Inbox:
    """Things handed over for another agent to take when it next looks; `arrived` wakes one that waits."""

    def __init__(self, env: simpy.Environment) -> None:
        self._items: list[Any] = []
        self.arrived = Signal(env)

    def put(self, item: Any) -> None:
        """Leave an item."""
        self._items.append(item)
        self.arrived.give()

    def take(self) -> list[Any]:
        """All items that lie here, oldest first; the inbox is then empty."""
        items, self._items = self._items, []
        return items

    def __len__(self) -> int:
        return len(self._items)


@dataclass(frozen=True)
class Promise:
    """What the business case says: the programme in a world without friction.

    By month from 0: annual saving in pence, and the share of packages finished.
    """

    months: float = 0.0
    saving: tuple[float, ...] = ()
    finished: tuple[float, ...] = ()
    target: float = 0.0


@dataclass(slots=True)
class Progress:
    """How far the programme is; written by the programme office, read by all."""

    status: str = "running"
    in_hand: int = 0
    ended: int = 0
    finished: dict[str, int] = field(default_factory=dict)
    joined_share: float = 0.0
    transformed_share: float = 0.0
    behind: float = 0.0
    haste: float = 0.0


@dataclass(slots=True)
class People:
    """Programme-wide facts about people at the latest pulse; each has one writer, named by its agent."""

    load: float = 0.0
    overload: float = 0.0
    fatigue: float = 0.0
    engagement: float = 0.5
    knowledge_lost: float = 0.0
    trust: float = 0.5
    leavers_this_month: int = 0
    redundancies: Sequence[float] = ()
    chief_executive_in_post: bool = False
    external: float = 0.0


@dataclass
class Proposal:
    """A step put to one council's members; `voted` fires with True or False at a meeting."""

    council: int
    package: Package
    attempt: int
    depth: float
    voted: simpy.Event


@dataclass(frozen=True)
class Given:
    """Everything a world is made from, all of it fixed for one scenario."""

    partnership: Partnership
    services: Mapping[str, Service]
    evidence: Mapping[str, float]
    switches: Mapping[str, str]
    levers: Mapping[type[LeverGroup], LeverGroup]
    horizon: int
    pulse: float
    promise: Promise
    plan: Callable[[Mapping[str, float]], tuple[Package, ...]]
    shocks: tuple[tuple[int, str, str | None], ...] = ()


class World:
    """The shared place of one history."""

    def __init__(self, env: simpy.Environment, given: Given, luck: Luck, history: History, record: bool = True) -> None:
        self.env = env
        self.given = given
        self.luck = luck
        self.history = history
        partnership = given.partnership
        self.partnership = partnership
        self.councils = range(len(partnership.councils))
        self.names = tuple(council.name for council in partnership.councils)
        self.clock = Clock(partnership.start_year, partnership.start_month)
        self.elections = tuple(self.clock.elections(council, given.horizon) for council in partnership.councils)
        self.ledger = Ledger(self.names, partnership.expenditure_shares)
        self.hr, self.od = Pool(env, 1), Pool(env, 1)
        self.managers_work, self.hr_work, self.od_work = (WorkClock(env, given.pulse) for _ in range(3))
        self.strengths = self._strengths()
        self.packages = given.plan(self.strengths)
        self.progress, self.people = Progress(), People()
        self.reports, self.notices, self.posts_cut = Inbox(env), Inbox(env), Inbox(env)
        self.proposals = tuple(Inbox(env) for _ in self.councils)
        self.notices_of_change, self.council_shocks = Inbox(env), Inbox(env)
        self.dated_shocks = given.shocks
        self.decisions: list[tuple[float, dict[str, Any], str]] = []
        self.breaches: list[str] = []
        self.states = SoftStates(given.pulse)
        self._refreshers: list[Refresh] = []
        self._readers: list[Callable[[], None]] = []
        self._milestones: dict[str, simpy.Event] = {}
        self.levers = dict(given.levers)
        self.recording = record

    def _strengths(self) -> dict[str, float]:
        """Strength of the manager in each service: integration follows it more than the prize (M-MG2)."""
        spread = self.e("managers.strength_spread")
        drawn = {name: self.luck.lognormal(spread, "manager strength", name) for name in self.given.services}
        return {name: min(max(value, 0.5), 2.0) for name, value in drawn.items()}

    # -- reading what is fixed or chosen --

    def e(self, quantity: str) -> float:
        """The value of an evidence quantity, 'topic.name'."""
        return self.given.evidence[quantity]

    def on(self, mechanism: str) -> bool:
        """Whether a mechanism is switched on."""
        return self.given.switches[mechanism] != "off"

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

    def level(self, name: str) -> float:
        """The value of a soft state at the latest pulse."""
        return self.states.levels[self.index(name)]

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
        self.reports.arrived.give()

    def pulse(self, now: float) -> None:
        """Refresh all targets in two phases: every aim from old values, then all applied."""
        states = self.states
        states.arrive(now)
        levels, aims = states.levels, states.aims
        for refresh in self._refreshers:
            refresh(now, levels, aims)
        states.depart(now)

    # -- meeting --

    def milestone(self, name: str) -> simpy.Event:
        """The one-shot event of this name."""
        event = self._milestones.get(name)
        if event is None:
            event = self._milestones[name] = self.env.event()
        return event

    def reach(self, name: str) -> None:
        """Fire a milestone, once."""
        event = self.milestone(name)
        if not event.triggered:
            event.succeed()

    def report(self, package: Package, result: str) -> None:
        """Tell the programme office what became of a package: formed, finished or dropped."""
        self.reports.put((package, result))

    def propose(self, council: int, package: Package, attempt: int, depth: float) -> Proposal:
        """Put a step to one council's members."""
        proposal = Proposal(council, package, attempt, depth, self.env.event())
        self.proposals[council].put(proposal)
        return proposal

    def record(self, entity: str, kind: str, cause: str = "", value: float | None = None) -> None:
        """Record a fact."""
        if self.recording:
            self.history.events.append(Event(self.env.now, entity, kind, cause, value))
