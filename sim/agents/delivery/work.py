"""Steps common to all agents that carry packages: stages, votes, officers, the end of a package."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import simpy

from sim.agents.delivery.decisions import decide
from sim.agents.governance import GovernanceLevers
from sim.core.inputs.packages import HR_SERVICE, Package
from sim.core.ledger import PENCE
from sim.core.mechanisms import learning_factor, protected_cost, stage_at_this_place
from sim.core.pools import Claim, WorkClock
from sim.core.world import Agent, Meeting, Process, World

Stage = Generator[simpy.Event, Any, Any]
Work = Callable[[World, Package], Process]


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

    def with_hr(self, world: World, package: Package, name: str, months: float, period: float, weight: float) -> Stage:
        """Wait for an HR officer, who does the people side; a period of consultation runs from then, officer or not."""
        record, env = world.record, world.env
        record(package.name, "waiting for HR")
        amount, others = months * self.luck_of(world, name, package) * self.learnt(world, package), []
        with world.managers_work.carrying(weight):
            try:
                with self.officer(world, package) as officer:
                    yield officer
                    record(package.name, "HR arrived")
                    record(package.name, "stage started", name)
                    begun, several = env.now, max(min(world.hr.capacity, len(package.covers)), 1)
                    others = [env.process(self.help(world, package, amount / several)) for _ in range(several - 1)]
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
        """Decision of the councils' members; a step refused for good is dropped."""
        world.record(package.name, "stage started", "decision")
        self.in_hand[world.place].laid[package.name] = world.env.now
        agreed = yield from decide(world, package, depth)
        world.record(package.name, "stage finished", "decision")
        if not agreed:
            raise Dropped("votes lost")

    def rank_of(self, world: World, package: Package) -> tuple[float, int]:
        """Tie-breaker at a pool: date first laid before members, then order of the plan."""
        return self.in_hand[world.place].laid.get(package.name, 0.0), package.rank

    def luck_of(self, world: World, stage: str, package: Package) -> float:
        """How long this stage happens to take here, median one at a place of the usual pace."""
        luck = world.luck.lognormal(world.e("time.spread"), stage, package.name)
        return stage_at_this_place(luck, world.given.pace)

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


def kept_when_parted(world: World) -> dict[str, float]:
    """Part of a saving that each council keeps when what was shared is taken apart, by cause; of others nothing."""
    whole = dict.fromkeys(("commissioning", "commissioning posts", "income"), 1.0)
    return {"transformation": world.e("endings.redesign_kept"), **whole}


def weakest(world: World) -> int:
    """The council inside whose leaders have the lowest buy-in."""
    return min((c for c in world.councils if world.inside[c]), key=lambda c: world.fact("buy_in_leaders", c))


def joined_at_all(world: World) -> bool:
    """True while there is a partnership to leave: it shares something, still stands and is not one council."""
    return bool(world.finished) and world.status != "dissolved" and "merger" not in world.in_place
