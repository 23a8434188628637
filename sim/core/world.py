"""The world of one history, where agents meet: resources, inboxes, milestones, and its batch's states."""

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
from sim.core.inputs.packages import Package
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
    """Shared objects of one history; `place` is its position in the lanes of `meeting`."""

    def __init__(self, meeting: Meeting, place: int, given: Given, luck: Luck, history: History, record: bool) -> None:
        self.meeting, self.place = meeting, place
        self.env = simpy.Environment()
        self.given, self.luck, self.history, self.recording = given, luck, history, record
        self.states = meeting.states
        self.e = given.evidence.__getitem__
        """Function that returns the value of an evidence quantity, 'topic.name'."""
        self.partnership, self.names, self.elections = given.partnership, given.names, given.elections
        self.councils = range(len(given.names))
        self.inside = [True] * len(given.names)
        """Councils that share, as flags in order: false before a late partner joins and after one leaves."""
        self.levers = dict(given.levers)
        self.status = "running"
        """Status of the programme. Only the progress agent changes it."""
        self.in_place: set[str] = set()
        """Joint systems, buildings, terms and organisations that are in place; enablers alone add to it."""
        self.left: set[str] = set()
        """Services that were shared and are no more; services alone adds to it."""
        self.finished: dict[str, int] = {}
        """Number of packages finished, by kind. Only the progress agent counts them."""
        self.threat: tuple[float, ...] = ()
        """How far identity feels threatened, by council, against the usual; governance alone says."""
        self.control = [council.control for council in given.partnership.councils]
        """Party or group in control of each council. Only the members agent changes it."""
        self.under_notice = False
        """Whether a council has given notice to leave; partings alone say."""
        self.strengths = self._strengths()
        self.breaches: list[str] = []
        self.packages: tuple[Package, ...] = () if self._talks_fail() else given.plan(self.strengths)
        self.decisions: list[tuple[float, dict[str, Any], str]] = []
        self._milestones: dict[str, simpy.Event] = {}
        self._reached = set(given.reached_at_start)
        self.ledger = Ledger(given.names, given.sharing, given.uplift)
        self.workforces = [Workforce(council.headcount) for council in given.partnership.councils]
        history.headcounts = [workforce.account for workforce in self.workforces]
        self._open_pools()
        self._open_inboxes()

    def _open_pools(self) -> None:
        """Create officers, the clocks of their work and of managers', and each council's agenda."""
        env, cycle = self.env, self.e("time.committee_cycle")
        self.hr, self.od = Pool(env, 1), Pool(env, 1)
        self.managers_work, self.hr_work, self.od_work = (WorkClock(env, self.given.pulse) for _ in range(3))
        self.agendas = [Agenda(env, partial(next_meeting, cycle=cycle, elections=own)) for own in self.elections]

    def _open_inboxes(self) -> None:
        """Create the inboxes in which agents leave messages for the agent that makes a change."""
        env, told = self.env, self.meeting.told
        self.posts_cut, self.council_shocks = Inbox(env, partial(told, "posts_cut", self)), Inbox(env)
        self.changes_of_people = Inbox(env, partial(told, "changes_of_people", self))
        self.disputes = Inbox(env, partial(told, "disputes", self))
        self.reports, self.contracts, self.partners_leaving = Inbox(env), Inbox(env), Inbox(env)

    def _strengths(self) -> dict[str, float]:
        """Strength of each service's manager, 0.5 to 2; it governs integration more than savings do (M-MG2)."""
        spread = self.e("managers.strength_spread")
        drawn = {name: self.luck.lognormal(spread, "manager strength", name) for name in self.given.services}
        return {name: min(max(value, 0.5), 2.0) for name, value in drawn.items()}

    def _talks_fail(self) -> bool:
        """Draw if talks before month 0 fail. Returns True if they did (M-PT2)."""
        if not self.given.talks or not self.on("dissolution"):
            return False
        e, councils = self.e, self.partnership.councils
        trust = [self.trust_before(pair) for pair in self.given.pairs]
        chance = mechanisms.talks_failure(
            *(e("governance.talks_fail"), e("governance.talks_by_trust"), fsum(trust) / len(trust) if trust else 0.5),
            *(e("governance.talks_by_need"), fsum(council.budget_gap_share for council in councils) / len(councils)),
            *(e("members.usual_budget_gap"), e("governance.talks_by_rival"), not self.given.stands_aside),
        )
        fails = self.happens(chance, "talks fail", "partnership")
        if fails:
            self.history.ended_by = "talks failed"
            self.status = "failed"
            self.record("partnership", "talks failed", "no agreement was reached")
        return fails

    def trust_before(self, pair: tuple[str, str]) -> float:
        """Trust between the leaders of two councils before anything is agreed: prior joint working counts."""
        (worked,) = [each.prior_joint_working for each in self.partnership.pairs if set(each.between) == set(pair)]
        draw = self.luck.normal("starting trust", f"leaders–leaders: {pair[0]} and {pair[1]}")
        usual = self.e("trust.start") + self.e("trust.by_prior_working") * worked
        return mechanisms.at_first(usual, self.e("trust.starting_spread"), draw)

    def happens(self, chance: float, purpose: str, entity: str, occasion: object = 0) -> bool:
        """True if luck brings an event of this chance. A chance outside 0 to 1 is a breach."""
        if not 0.0 <= chance <= 1.0:
            self.breaches.append(f"month {self.env.now:.1f}: {entity}: the chance of {purpose} is {chance}")
        return self.luck.uniform(purpose, entity, occasion) < chance

    # -- reading what is fixed, chosen or felt --

    def on(self, mechanism: str) -> bool:
        """True if a mechanism is switched on, for mechanisms that are not quantities (`sim.core.switches`)."""
        return self.given.switches[mechanism] != "off"

    def current(self, group: type[Group]) -> Group:
        """Levers of a group in force now."""
        return self.levers[group]  # type: ignore[return-value]

    def fact(self, name: str, row: int | None = None) -> Any:
        """Current value of a fact, or a soft state's level at the latest pulse."""
        held = getattr(self.states.old, name)
        if self.states.width == 1:
            return held if row is None else held[row]
        return held.item(self.place) if row is None else held.item(row, self.place)

    def felt(self, index: int) -> float:
        """Level of a soft state at this moment, by its position among all."""
        return self.states.at(index, self.place, self.env.now)

    def jump(self, index: int, value: float) -> None:
        """Set a soft state at once. Only the agent that declared it may."""
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

    def voters(self, package: Package) -> list[int]:
        """Places of the councils that decide a package: those that share its services, else all inside."""
        return self.sharers(package.covers) or self.sharers(())

    def covered(self, package: str) -> tuple[str, ...]:
        """The services that a package of this name touches."""
        return next((each.covers for each in self.packages if each.name == package), ())

    def among(self, services: Sequence[str]) -> tuple[int, ...] | None:
        """Places of the only councils that these services concern; None where they concern all."""
        sharing = self.sharers(services)
        return None if len(sharing) == sum(self.inside) else tuple(sharing)

    def further_pairs(self) -> int:
        """Number of pairs of councils now inside, less the one that every partnership has."""
        inside = sum(self.inside)
        return max(inside * (inside - 1) // 2 - 1, 0)

    def headcount(self) -> int:
        """Staff of the councils now inside, before any change."""
        return sum([council.headcount for council, here in zip(self.partnership.councils, self.inside) if here])

    # -- meeting --

    def tell(self, name: str, *word: Any) -> None:
        """Leave a message with the one agent that makes this change, which acts at once."""
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
        """True if the milestone has been fired."""
        return name in self._reached

    def when(self, milestone: str, then: Callable[[], None]) -> None:
        """Call a function at the instant a milestone is reached."""
        callbacks = self.milestone(milestone).callbacks
        assert callbacks is not None, f"{milestone} has been passed"
        callbacks.append(lambda _: then())

    def release(self, package: Package) -> None:
        """Hand a package to the agent that carries its kind."""
        self.reach(f"released {package.name}")
        self.meeting.carriers[package.kind](self, package)

    def report(self, package: Package, result: str) -> None:
        """Report a package's result to the programme office: formed, finished or dropped."""
        self.tell("reports", package, result)

    def propose(
        self, package: Package, attempt: int, depth: float, amended: int = 0, everyone: bool = False
    ) -> simpy.Event:
        """Put a step to the councils it concerns; fires with whether all agreed, when the last has voted."""
        voting = self.councils if everyone else self.voters(package)
        agendas = [self.agendas[c] for c in voting]
        ballot = Ballot(self.env, package, attempt, depth, amended, len(agendas))
        for agenda in agendas:
            agenda.put(ballot)
        return ballot.decided

    def record(self, entity: str, kind: str, cause: str = "", value: float | None = None) -> None:
        """Record an event of a declared kind. Raises ValueError for any other kind."""
        if kind not in KINDS:
            raise ValueError(f"'{kind}' is no declared kind of event; declare it in configs/events.yaml")
        if self.recording:
            self.history.facts.append((self.env.now, entity, kind, cause, value))


class Agent:
    """An agent in every history of a batch: felt quantities are lanes, events are SimPy processes."""

    levers: ClassVar[tuple[type[LeverGroup], ...]] = ()
    new: Pen

    def __init__(self, meeting: Meeting) -> None:
        """Declare the quantities that the agent owns."""
        self.meeting, self.states = meeting, meeting.states
        self.formula, self.by_row = meeting.formulas
        self.asked: set[int] = set()
        """Positions of the histories that need `act` at this pulse."""

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute values that depend on levers and evidence only, at the start and after each decision."""

    def begin(self, world: World) -> None:
        """Start the agent's processes in one history."""

    def decided(self, world: World) -> None:
        """Respond to a change of levers in one history."""

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Read the values at the start of the pulse and write the values that hold after it, for all histories."""

    def act(self, world: World, now: float) -> None:
        """Carry out this pulse's actions in one history listed in `asked`."""

    def finish(self, world: World) -> None:
        """Close the agent's account of one history at the horizon."""

    def put(self, world: World, name: str, value: Any, row: int | None = None) -> None:
        """Write a fact of one history at once."""
        self.states.put(self, world.place, name, value, row)


class Meeting:
    """Shared objects of a batch: its states, levers and evidence as lanes, and facts given to all histories."""

    def __init__(self, names: tuple[str, ...], partnership: Partnership, width: int, pulse: float) -> None:
        self.names, self.partnership = names, partnership
        self.councils = range(len(names))
        self.headcount_shares = partnership.headcount_shares
        self.states = States(width, pulse)
        self.formulas = formulas(mechanisms, width)
        """Formulas in two versions: for quantities of one row, and of several rows."""
        self.worlds: list[World] = []
        self.carriers: dict[str, Callable[[World, Package], object]] = {}
        self.readers: dict[str, Callable[..., None]] = {}
        self.listeners: dict[str, set[int]] = {}
        self.threats: Rows = 1.0
        """Threat to identity by council. Only the governance agent sets it."""
        self.everyone_inside = True
        """True if every council shares in every history."""

    def gather(self, worlds: list[World]) -> None:
        """Set the histories of the batch."""
        self.worlds = worlds
        self.e = Topics([world.given.evidence for world in worlds])
        self.read_levers()

    def read_levers(self) -> None:
        """Read the levers in force now."""
        self.lever = Groups([world.levers for world in self.worlds])

    def told(self, inbox: str, world: World) -> None:
        """Note that an inbox has a message for its owner to read at the next pulse."""
        self.listeners[inbox].add(world.place)

    def draw(self, drawn: Callable[..., float], *what: Any) -> Lane:
        """A number drawn by each history, as a lane."""
        return lane([drawn(world, *what) for world in self.worlds])

    def draw_rows(self, drawn: Callable[..., float], whats: Sequence[Any]) -> Rows:
        """A number drawn by each history for each item, as rows."""
        return stacked([self.draw(drawn, what) for what in whats], len(self.worlds))

    def gathered(self, made: Callable[[World], Any]) -> list[Any]:
        """A value computed from each history's world, as a plain list."""
        return [made(world) for world in self.worlds]

    def per_council(self, values: Sequence[float]) -> Rows:
        """One number for each council, equal in all histories, as rows."""
        return fixed(values, len(self.worlds))

    def labels(self, name: str) -> tuple[str, ...]:
        """Names of the soft states of this kind, one for each council."""
        return tuple(f"{name}: {council}" for council in self.names)

    def lowest_inside(self, rows: Rows) -> Lane:
        """Minimum over the councils that share, by history; one half where none shares."""
        if self.everyone_inside:
            return lowest(rows)
        found = [
            min([value for value, here in zip(values, world.inside) if here], default=0.5)
            for values, world in zip(by_history(rows), self.worlds)
        ]
        return lane(found)


def merged(values: Sequence[Any]) -> Lane:
    """A plain value if all histories have the same, else a lane."""
    first = values[0]
    if all(value is first or value == first for value in values):
        return first
    return lane(values, numbers=isinstance(first, int | float))


class Topics:
    """Evidence as attributes, `e.topic.name`; each quantity is read on first use."""

    def __init__(self, values: list[Mapping[str, float]]) -> None:
        self._values = values

    def __getattr__(self, topic: str) -> Any:
        held = Quantities(topic, self._values)
        setattr(self, topic, held)
        return held


class Quantities:
    """Evidence quantities of one topic as attributes."""

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
    """Levers as attributes, `lever.group.name`; each lever is read on first use."""

    def __init__(self, levers: list[Mapping[type[LeverGroup], LeverGroup]]) -> None:
        self._levers = levers
        self._kinds = {kind.key(): kind for kind in levers[0]}

    def __getattr__(self, group: str) -> Any:
        held = Chosen([levers[self._kinds[group]] for levers in self._levers])
        setattr(self, group, held)
        return held


class Chosen:
    """Levers of one group as attributes."""

    def __init__(self, groups: list[LeverGroup]) -> None:
        self._groups = groups

    def __getattr__(self, name: str) -> Lane:
        first = self._groups[0]
        alike = all(group is first for group in self._groups)
        value = getattr(first, name) if alike else merged([getattr(group, name) for group in self._groups])
        setattr(self, name, value)
        return value

    def is_(self, name: str, *choices: Any) -> Lane:
        """1 in histories where the lever has one of these choices, else 0."""
        chosen = [float(each in choices) for each in listed(getattr(self, name), len(self._groups))]
        return merged(chosen)


__all__ = ["Agent", "Lane", "Meeting", "Process", "World"]
