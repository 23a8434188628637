"""What agents share: resources, inboxes, milestones and soft states. Agents meet here and nowhere else."""

from collections.abc import Callable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import combinations
from math import exp
from typing import Any, TypeVar

import simpy

from sim.clock import Clock, next_meeting
from sim.history import Event, History
from sim.ledger import Ledger
from sim.levers import LeverGroup
from sim.luck import Luck
from sim.packages import Package
from sim.partnership import Partnership, Service
from sim.pool import Agenda, Ballot, Inbox, Pool, WorkClock

Group = TypeVar("Group", bound=LeverGroup)
PRIZE_SPENT_BY = 0.4
"""Earlier cuts, as a share of expenditure, that leave nothing to save (assumption: about what ten lean years took)."""
Process = simpy.events.ProcessGenerator
Refresh = Callable[[float, list[float], list[float]], None]


class SoftStates:
    """Soft values in [0, 1] that move toward their targets by first-order adjustment, exactly.

    A state is known by its index. `levels` are all values at the latest pulse, `at` gives a value between
    pulses; reading stores nothing. `keep` is the share of the distance to the target that one pulse leaves.
    A target is held at where its aim, going on as since the last pulse, will be midway to the next: so the
    coupling of states is of second order in the pulse, and its length hardly matters.
    """

    __slots__ = ("_aimed", "_before", "_coming", "aims", "anchors", "keep", "levels", "names", "pulse", "since")

    def __init__(self, pulse: float) -> None:
        self.pulse = pulse
        self.since = 0.0
        self.names: list[str] = []
        self.levels: list[float] = []
        self.anchors: list[float] = []
        self.aims: list[float] = []
        self.keep: list[float] = []
        self._aimed: list[float] = []
        self._before: list[float] = []
        self._coming: list[float] = []

    def add(self, name: str, value: float, months: float) -> int:
        """A new state at rest at `value`, which moves with time constant `months`; its index."""
        value = min(max(value, 0.0), 1.0)
        self.names.append(name)
        for values in (self.levels, self.anchors, self.aims, self._aimed, self._before):
            values.append(value)
        self.keep.append(exp(-self.pulse / months))
        return len(self.names) - 1

    def target(self, index: int) -> float:
        """Where the state heads until the next pulse."""
        return min(max(1.5 * self._aimed[index] - 0.5 * self._before[index], 0.0), 1.0)

    def at(self, index: int, now: float) -> float:
        """The value at `now`, no earlier than the latest pulse."""
        target = self.target(index)
        return target + (self.anchors[index] - target) * float(self.keep[index] ** ((now - self.since) / self.pulse))

    def jump(self, index: int, now: float, value: float) -> None:
        """Set the value at once; it goes on toward its target from there."""
        left = self.keep[index] ** ((now - self.since) / self.pulse)
        target = self.target(index)
        if self.anchors is self.levels:
            self.anchors = self.levels[:]
        self.anchors[index] = anchor = target + (min(max(value, 0.0), 1.0) - target) / left
        self._coming[index] = target + (anchor - target) * self.keep[index]

    def arrive(self, now: float) -> None:
        """Bring all levels to `now`, a pulse."""
        self.levels = self._coming if now > self.since else self.anchors[:]

    def depart(self, now: float) -> None:
        """Apply what was aimed at: new targets from here on, and so the levels at the next pulse."""
        aims = self.aims
        self._before = before = self._aimed if now > 0.0 else aims[:]
        self._aimed = aims[:]
        self.anchors = levels = self.levels
        self.since = now
        targets = [1.5 * aim - 0.5 * past for aim, past in zip(aims, before)]
        if min(targets) < 0.0 or max(targets) > 1.0:
            targets = [0.0 if target < 0.0 else 1.0 if target > 1.0 else target for target in targets]
        self._coming = [t + (level - t) * keep for t, level, keep in zip(targets, levels, self.keep)]


@dataclass(frozen=True)
class Promise:
    """What the business case says: the programme in a world without friction.

    By month from 0: annual saving in pence, and the share of packages finished.
    """

    months: float = 0.0
    saving: tuple[float, ...] = ()
    finished: tuple[float, ...] = ()
    target: float = 0.0

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """Annual saving by month, as a share of the target."""
        return tuple(saving / self.target for saving in self.saving)


@dataclass(slots=True)
class Progress:
    """How far the programme is; written by the programme office, read by all."""

    status: str = "running"
    in_hand: int = 0
    ended: int = 0
    finished: dict[str, int] = field(default_factory=dict)
    joined_share: float = 0.0
    transformed_share: float = 0.0
    commissioned_share: float = 0.0
    rounds: int = 0
    behind: float = 0.0
    haste: float = 0.0
    """How far pressure of the agreed timeframe hurries people, 0 to 1."""
    enablers: set[str] = field(default_factory=set)
    """Joint systems, buildings and terms that are in place."""


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
    losses: MutableSequence[float] = field(default_factory=list)
    """Hurt from posts lately lost, by council, as a share of its staff."""
    lost_for_good: Sequence[int] = ()
    unsettled: float = 0.0
    """Redundancies so far, by council."""
    thinned: float = 0.0
    """Share of director and head-of-service posts cut."""
    wrong: float = 0.0
    """Share of joined work now known or unknown to be faulty, mean over packages."""
    chief_executive_in_post: bool = False
    external: float = 0.0
    hr_work: float = 1.0
    """HR work in each change, against the usual."""
    coordination: float = 0.0
    """Burden of serving several councils, 0 to 1."""
    unfair: MutableSequence[float] = field(default_factory=list)
    """Unfairness felt, by council."""
    threat: Sequence[float] = ()
    """How far identity feels threatened, by council, against the usual."""
    strain: float = 0.0
    """Strain over terms, or in a dispute."""
    in_dispute: bool = False
    emergency: float = 0.0
    """Share of all managers' capacity that an emergency takes."""


@dataclass(frozen=True)
class Given:
    """Everything a world is made from, all of it fixed for one scenario; what follows from it is worked out once."""

    partnership: Partnership
    services: Mapping[str, Service]
    evidence: Mapping[str, float]
    switches: Mapping[str, str]
    levers: Mapping[type[LeverGroup], LeverGroup]
    horizon: int
    pulse: float
    promise: Promise
    plan: Callable[[Mapping[str, float]], tuple[Package, ...]]
    sharing: tuple[float, ...]
    """Each council's share of costs and savings, by the rule agreed."""
    talks: int = 0
    """Months of talks before month 0."""
    uplift: float = 0.0
    """Optimism bias added to one-off costs."""
    shocks: tuple[tuple[int, str, str | None], ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The councils' names, in order."""
        return tuple(council.name for council in self.partnership.councils)

    @cached_property
    def prize_left(self) -> float:
        """Share of the saving potential that cuts already made alone have left (M-PT5)."""
        cuts = [c.earlier_cuts_share * c.service_expenditure_gbp_m for c in self.partnership.councils]
        return max(0.0, 1.0 - sum(cuts) / self.partnership.expenditure_gbp_m / PRIZE_SPENT_BY)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every two councils, by name, so that their order in the file has no say."""
        return tuple(combinations(sorted(self.names), 2))

    @cached_property
    def largest(self) -> int:
        """The council with most staff, whose chief executive leads where one council's does; ties by name."""
        councils = self.partnership.councils
        return max(range(len(councils)), key=lambda c: (councils[c].headcount, councils[c].name))

    @cached_property
    def headcount_shares(self) -> tuple[float, ...]:
        """Each council's share of total headcount."""
        return self.partnership.headcount_shares

    @cached_property
    def expenditure_shares(self) -> tuple[float, ...]:
        """Each council's share of total service expenditure."""
        return self.partnership.expenditure_shares

    @cached_property
    def elections(self) -> tuple[tuple[int, ...], ...]:
        """Months of each council's elections."""
        clock = Clock(self.partnership.start_year, self.partnership.start_month)
        return tuple(clock.elections(council, self.horizon) for council in self.partnership.councils)

    @cached_property
    def staff_sizes(self) -> dict[str, float]:
        """Each service's share of staff, before luck."""
        weights = {name: service.staff_weight for name, service in self.services.items()}
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items()}


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
        """Refresh all targets in two phases: every aim from old values, then all applied."""
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
