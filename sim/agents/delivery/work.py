"""Steps common to all agents that carry packages: stages, votes, officers, the end of a package."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import simpy

from sim.agents.governance import GovernanceLevers
from sim.agents.programme_office import PaceLevers
from sim.core.inputs.packages import CHANGES, ENABLER, HR_SERVICE, JOINT, TERMS, Package
from sim.core.ledger import PENCE
from sim.core.mechanisms import learning_factor, product, protected_cost
from sim.core.pools import WorkClock
from sim.core.world import Agent, Meeting, Process, World

Stage = Generator[simpy.Event, Any, Any]
Work = Callable[[World, Package], Process]
DELEGATED = (JOINT, ENABLER, TERMS, *CHANGES)
"""Package kinds that a joint committee or company board may decide for the councils (D-GOVERN)."""
JOINING = "joining: "
"""Name of the step by which a late partner joins; that partner votes too."""


class Dropped(Exception):
    """Signal that a package is given up before its end."""


@dataclass(slots=True)
class InHand:
    """Packages carried by one agent in one history: processes, and dates when first laid before members."""

    processes: dict[str, simpy.Process] = field(default_factory=dict)
    laid: dict[str, float] = field(default_factory=dict)


class Carrier(Agent):
    """Base of agents that carry packages: one process for each, from release to its end."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.steps: Mapping[str, Work] = {}
        self.in_hand = [InHand() for _ in meeting.worlds]

    def carry(self, steps: Mapping[str, Work]) -> None:
        """Start packages of these kinds at release; `steps` maps each kind to its work."""
        self.steps = steps
        for kind, work in steps.items():
            self.meeting.carriers[kind] = partial(self.take_on, work)

    def begin(self, world: World) -> None:
        """Stop work in hand if the partnership ends."""
        if any(package.kind in self.steps for package in world.packages):
            world.env.process(self.stop_when_dissolved(world))

    def take_on(self, work: Work, world: World, package: Package) -> None:
        """Start work on a package."""
        process = world.env.process(self.see_through(world, package, work(world, package)))
        self.in_hand[world.place].processes[package.name] = process

    def see_through(self, world: World, package: Package, work: Process) -> Process:
        """Run the work to its end: finished, or dropped after lost votes or the partnership's end."""
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
        """A stage that lasts until the given months of nominal work are done."""
        world.record(package.name, "stage started", name)
        yield from clock.work(months, weight)
        world.record(package.name, "stage finished", name)

    def with_hr(self, world: World, package: Package, name: str, months: float, notice: float, weight: float) -> Stage:
        """Wait for an HR officer, who does the people side; remaining notice then runs without one."""
        record = world.record
        record(package.name, "waiting for HR")
        priority = 0.0 if HR_SERVICE in package.covers else 1.0
        with world.managers_work.carrying(weight), world.hr.request(priority, self.rank_of(world, package)) as officer:
            yield officer
            record(package.name, "HR arrived")
            record(package.name, "stage started", name)
            amount = months * self.luck_of(world, name, package) * self.learnt(world, package)
            yield from world.hr_work.work(amount)
        if notice:
            with world.managers_work.carrying(weight):
                yield world.env.timeout(notice)
        record(package.name, "stage finished", name)

    def decision(self, world: World, package: Package, depth: float) -> Stage:
        """Decision of the councils' members; a step refused for good is dropped."""
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
        """Tie-breaker at a pool: date first laid before members, then order of the plan."""
        return self.in_hand[world.place].laid.get(package.name, 0.0), package.rank

    def luck_of(self, world: World, stage: str, package: Package) -> float:
        """Random factor on this stage's duration, median one."""
        return world.luck.lognormal(world.e("time.spread"), stage, package.name)

    def learnt(self, world: World, package: Package) -> float:
        """Learning factor from finished packages of the same kind."""
        return learning_factor(world.finished.get(package.kind, 0), world.e("services.learning"))

    def finish_package(self, world: World, package: Package) -> None:
        """Record that the package is finished."""
        world.record(package.name, "package finished")
        world.report(package, "finished")
        world.reach(f"finished {package.name}")

    def drop(self, world: World, package: Package, cause: str) -> None:
        """End the package without result and settle its staff."""
        if world.reached(f"released {package.name}"):
            world.record(package.name, "package dropped", cause)
            if not world.reached(f"formed {package.name}"):
                world.report(package, "dropped")
        if package.covers:
            world.tell("notices", "settled", package)
        world.reach(f"dropped {package.name}")

    def stop_when_dissolved(self, world: World) -> Process:
        """Stop work in hand and cancel waiting work if the partnership ends."""
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
    """Cost of an exit or default after part of it was settled in the agreement beforehand (D-LEGAL)."""
    return protected_cost(cost, world.e("governance.agreement_protects"), world.current(GovernanceLevers).agreement)


def flowing(world: World) -> float:
    """Current saving in pounds a year, at least zero."""
    return max(world.ledger.annual_rate / PENCE, 0.0)


def weakest(world: World) -> int:
    """The council inside whose leaders have the lowest buy-in."""
    return min((c for c in world.councils if world.inside[c]), key=lambda c: world.fact("buy_in_leaders", c))
