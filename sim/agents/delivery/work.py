"""What every agent that carries packages does alike: stages, votes, officers, the end of a package."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import simpy

from sim.agents.governance import GovernanceLevers
from sim.agents.programme_office import PaceLevers
from sim.core.inputs.packages import CHANGES, ENABLER, HR_SERVICE, JOINT, TERMS, Package
from sim.core.ledger import PENCE
from sim.core.mechanisms import learning_factor, product, protected_cost, stage_at_this_place
from sim.core.pools import Claim, WorkClock
from sim.core.world import Agent, Meeting, Process, World

Stage = Generator[simpy.Event, Any, Any]
Work = Callable[[World, Package], Process]
DELEGATED = (JOINT, ENABLER, TERMS, *CHANGES)
"""Kinds that a joint committee or a company's board may decide in the councils' place (D-GOVERN)."""
JOINING = "joining: "
"""Name of the step by which a late partner comes in: it votes too."""


class Dropped(Exception):
    """A package is given up before its end."""


@dataclass(slots=True)
class InHand:
    """The packages that one agent carries in one history: their processes, and when each was laid before members."""

    processes: dict[str, simpy.Process] = field(default_factory=dict)
    laid: dict[str, float] = field(default_factory=dict)


class Carrier(Agent):
    """Carries packages: each is a process of its own, from its release to its one end."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.steps: Mapping[str, Work] = {}
        self.in_hand = [InHand() for _ in meeting.worlds]

    def carry(self, steps: Mapping[str, Work]) -> None:
        """Begin packages of these kinds when released; `steps` gives the work of each kind."""
        self.steps = steps
        for kind, work in steps.items():
            self.meeting.carriers[kind] = partial(self.take_on, work)

    def begin(self, world: World) -> None:
        """If the partnership ends, work in hand stops."""
        if any(package.kind in self.steps for package in world.packages):
            world.env.process(self.stop_when_dissolved(world))

    def take_on(self, work: Work, world: World, package: Package) -> None:
        """Start the work on a package."""
        process = world.env.process(self.see_through(world, package, work(world, package)))
        self.in_hand[world.place].processes[package.name] = process

    def see_through(self, world: World, package: Package, work: Process) -> Process:
        """The work, to its end: finished, or dropped when votes are lost or the partnership ends."""
        try:
            yield from work
            self.finish_package(world, package)
        except Dropped as why:
            self.drop(world, package, str(why))
        except simpy.Interrupt as stop:
            self.drop(world, package, str(stop.cause))

    def stage(
        self, world: World, name: str, package: Package, clock: WorkClock, months: float, weight: float = 0.0
    ) -> Stage:
        """A stage that lasts until so many months of nominal work are done."""
        world.record(package.name, "stage started", name)
        yield from clock.work(months, weight)
        world.record(package.name, "stage finished", name)

    def with_hr(self, world: World, package: Package, name: str, months: float, period: float, weight: float) -> Stage:
        """Wait for an HR officer, who does the people side; a period of consultation runs from then, officer or not."""
        record, env = world.record, world.env
        record(package.name, "waiting for HR")
        amount = months * self.luck_of(world, name, package) * self.learnt(world, package)
        with world.managers_work.carrying(weight):
            with self.officer(world, package) as officer:
                yield officer
                record(package.name, "HR arrived")
                record(package.name, "stage started", name)
                begun, several = env.now, max(min(world.hr.capacity, len(package.covers)), 1)
                others = [env.process(self.help(world, package, amount / several)) for _ in range(several - 1)]
                try:
                    yield from world.hr_work.work(amount / several)
                    if others:
                        yield env.all_of(others)
                finally:
                    for other in others:
                        if other.is_alive:
                            other.interrupt()
            left = begun + period - env.now
            if left > 0.0:
                yield env.timeout(left)
        record(package.name, "stage finished", name)

    def officer(self, world: World, package: Package) -> Claim:
        """A claim on an HR officer: HR's own joining comes first."""
        return world.hr.request(0.0 if HR_SERVICE in package.covers else 1.0, self.rank_of(world, package))

    def help(self, world: World, package: Package, months: float) -> Process:
        """Another officer takes a part of HR's work where several services are joined at once."""
        try:
            with self.officer(world, package) as officer:
                yield officer
                yield from world.hr_work.work(months)
        except simpy.Interrupt:
            return

    def decision(self, world: World, package: Package, depth: float) -> Stage:
        """The councils' members decide; a step that is lost for good is dropped."""
        world.record(package.name, "stage started", "decision")
        self.in_hand[world.place].laid[package.name] = world.env.now
        agreed = yield from self.decide(world, package, depth)
        world.record(package.name, "stage finished", "decision")
        if not agreed:
            raise Dropped("votes lost")

    def decide(self, world: World, package: Package, depth: float) -> Generator[simpy.Event, Any, bool]:
        """Put a step to each council at its next meeting; True when all agree, False when it is given up.

        The more pairs of councils, the longer they take to align before it (D-PARTNERS). A lost vote delays by at
        least one committee cycle; repeated losses drop the step (M-MB7). What has been delegated is decided by the
        joint body; held votes wait.
        """
        e = world.e
        burden = product(e("governance.burden_delays"), world.fact("coordination"))
        if burden:
            yield world.env.timeout(burden)
        form = world.current(GovernanceLevers).form
        if form in ("joint_committee", "company_board") and package.kind in DELEGATED:
            yield world.env.timeout(e("governance.delegated_months"))
            return True
        if aligning := product(e("governance.aligning_months"), world.further_pairs()):
            yield world.env.timeout(aligning)
        for attempt in range(1, int(e("members.attempts")) + 1):
            while world.current(PaceLevers).votes_held:
                yield world.env.timeout(e("time.committee_cycle"))
            agreed = yield world.propose(package, attempt, depth, everyone=package.name.startswith(JOINING))
            if world.status == "dissolved":
                return False
            if agreed:
                return True
        return False

    def rank_of(self, world: World, package: Package) -> tuple[float, int]:
        """What settles ties at a pool: who was laid before members first, then the plan."""
        return self.in_hand[world.place].laid.get(package.name, 0.0), package.rank

    def luck_of(self, world: World, stage: str, package: Package) -> float:
        """How long this stage happens to take here, median one at a place of the usual pace."""
        luck = world.luck.lognormal(world.e("time.spread"), stage, package.name)
        return stage_at_this_place(luck, world.given.pace)

    def learnt(self, world: World, package: Package) -> float:
        """What finished packages of the same kind have taught."""
        return learning_factor(world.finished.get(package.kind, 0), world.e("services.learning"))

    def finish_package(self, world: World, package: Package) -> None:
        """The package is done."""
        world.record(package.name, "package finished")
        world.report(package, "finished")
        world.reach(f"finished {package.name}")

    def drop(self, world: World, package: Package, cause: str) -> None:
        """The package ends without result; its staff know where they stand again."""
        if world.reached(f"released {package.name}"):
            world.record(package.name, "package dropped", cause)
            if not world.reached(f"formed {package.name}"):
                world.report(package, "dropped")
        if package.covers:
            world.tell("notices", "settled", package)
        world.reach(f"dropped {package.name}")

    def stop_when_dissolved(self, world: World) -> Process:
        """If the partnership ends, work in hand is abandoned, and what was never begun is off."""
        cause = "partnership dissolved"
        yield world.milestone("dissolved")
        processes = self.in_hand[world.place].processes
        for package in world.packages:
            process = processes.get(package.name)
            if process is not None and process.is_alive:
                process.interrupt(cause)
            elif process is None and package.covers and package.kind in self.steps:
                self.drop(world, package, cause)


def protected(world: World, cost: float) -> float:
    """What an exit or a default costs once the agreement has settled part of it beforehand (D-LEGAL)."""
    return protected_cost(cost, world.e("governance.agreement_protects"), world.current(GovernanceLevers).agreement)


def flowing(world: World) -> float:
    """Pounds a year saved now, never below nought."""
    return max(world.ledger.annual_rate / PENCE, 0.0)


def kept_when_parted(world: World) -> dict[str, float]:
    """Part of a saving that each council keeps when what was shared is taken apart, by cause; of others nothing."""
    whole = dict.fromkeys(("commissioning", "commissioning posts", "income"), 1.0)
    return {"transformation": world.e("endings.redesign_kept"), **whole}


def weakest(world: World) -> int:
    """The council inside whose leaders are least bought in."""
    return min((c for c in world.councils if world.inside[c]), key=lambda c: world.fact("buy_in_leaders", c))
