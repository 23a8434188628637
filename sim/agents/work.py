"""What every agent that carries packages does alike: stages, votes, officers, the end of a package."""

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any

import simpy

from sim.agents.governance import GovernanceLevers
from sim.agents.programme_office import PaceLevers
from sim.ledger import PENCE
from sim.mechanisms import learning_factor
from sim.packages import CHANGES, ENABLER, HR_SERVICE, JOINT, TERMS, Package
from sim.pool import WorkClock
from sim.world import Process, World

Stage = Generator[simpy.Event, Any, Any]
DELEGATED = (JOINT, ENABLER, TERMS, *CHANGES)
"""Kinds that a joint committee or a company's board may decide in the councils' place (D-GOVERN)."""
JOINING = "joining: "
"""Name of the step by which a late partner comes in: it votes too."""


class Dropped(Exception):
    """A package is given up before its end."""


class Carrier:
    """Carries packages: each is a process of its own, from its release to its one end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kinds: tuple[str, ...] = ()
        self.laid: dict[str, float] = {}
        self.processes: dict[str, simpy.Process] = {}
        self.spread = world.e("time.spread")
        self.learning = world.e("services.learning") if world.on("learning") else 0.0
        coordinated = world.on("coordination")
        self.delays = world.e("governance.burden_delays") if coordinated else 0.0
        self.aligning = world.e("governance.aligning_months") if coordinated else 0.0

    def carry(self, steps: Mapping[str, Callable[[Package], Process]]) -> None:
        """Begin packages of these kinds when released; `steps` gives the work of each kind."""
        self.kinds = tuple(steps)
        for kind, work in steps.items():
            self.world.carry(kind, partial(self.begin, work))
        if any(package.kind in steps for package in self.world.packages):
            self.world.env.process(self.stop_when_dissolved())

    def begin(self, work: Callable[[Package], Process], package: Package) -> None:
        """Start the work on a package."""
        self.processes[package.name] = self.world.env.process(self.see_through(package, work(package)))

    def see_through(self, package: Package, work: Process) -> Process:
        """The work, to its end: finished, or dropped when votes are lost or the partnership ends."""
        try:
            yield from work
            self.finish_package(package)
        except Dropped as why:
            self.drop(package, str(why))
        except simpy.Interrupt as stop:
            self.drop(package, str(stop.cause))

    # -- stages --

    def stage(self, name: str, package: Package, clock: WorkClock, months: float, weight: float = 0.0) -> Stage:
        """A stage that lasts until so many months of nominal work are done."""
        record = self.world.record
        record(package.name, "stage started", name)
        yield from clock.work(months, weight)
        record(package.name, "stage finished", name)

    def with_hr(self, package: Package, name: str, months: float, notice: float, weight: float) -> Stage:
        """Wait for an HR officer, who does the people side; what notice then still runs needs no officer."""
        world, record = self.world, self.world.record
        record(package.name, "waiting for HR")
        priority = 0.0 if HR_SERVICE in package.covers else 1.0
        with world.managers_work.carrying(weight), world.hr.request(priority, self.rank_of(package)) as officer:
            yield officer
            record(package.name, "HR arrived")
            record(package.name, "stage started", name)
            yield from world.hr_work.work(months * self.luck_of(name, package) * self.learnt(package))
        if notice:
            yield from self.notice_runs(notice, weight)
        record(package.name, "stage finished", name)

    def notice_runs(self, months: float, weight: float) -> Stage:
        """Statutory notice: managers answer questions, HR can turn to others."""
        with self.world.managers_work.carrying(weight):
            yield self.world.env.timeout(months)

    def decision(self, package: Package, depth: float) -> Stage:
        """The councils' members decide; a step that is lost for good is dropped."""
        self.world.record(package.name, "stage started", "decision")
        self.laid[package.name] = self.world.env.now
        agreed = yield from self.decide(package, depth)
        self.world.record(package.name, "stage finished", "decision")
        if not agreed:
            raise Dropped("votes lost")

    def decide(self, package: Package, depth: float) -> Generator[simpy.Event, Any, bool]:
        """Put a step to each council at its next meeting; True when all agree, False when it is given up.

        The more pairs of councils, the longer they take to align before it (D-PARTNERS). A lost vote delays by at
        least one committee cycle; repeated losses drop the step (M-MB7). What has been delegated is decided by the
        joint body; held votes wait.
        """
        world = self.world
        burden = self.delays * world.people.coordination
        if burden:
            yield world.env.timeout(burden)
        form = world.current(GovernanceLevers).form
        if form in ("joint_committee", "company_board") and package.kind in DELEGATED:
            yield world.env.timeout(world.e("governance.delegated_months"))
            return True
        if aligning := self.aligning * world.further_pairs():
            yield world.env.timeout(aligning)
        for attempt in range(1, int(world.e("members.attempts")) + 1):
            while world.current(PaceLevers).votes_held:
                yield world.env.timeout(world.e("time.committee_cycle"))
            agreed = yield world.propose(package, attempt, depth, everyone=package.name.startswith(JOINING))
            if world.progress.status == "dissolved":
                return False
            if agreed:
                return True
        return False

    def rank_of(self, package: Package) -> tuple[float, int]:
        """What settles ties at a pool: who was laid before members first, then the plan."""
        return self.laid.get(package.name, 0.0), package.rank

    def luck_of(self, stage: str, package: Package) -> float:
        """How long this stage happens to take here, median one."""
        return self.world.luck.lognormal(self.spread, stage, package.name)

    def learnt(self, package: Package) -> float:
        """What finished packages of the same kind have taught."""
        return learning_factor(self.world.progress.finished.get(package.kind, 0), self.learning)

    # -- the end of a package --

    def finish_package(self, package: Package) -> None:
        """The package is done."""
        self.world.record(package.name, "package finished")
        self.world.report(package, "finished")
        self.world.reach(f"finished {package.name}")

    def drop(self, package: Package, cause: str) -> None:
        """The package ends without result; its staff know where they stand again."""
        world = self.world
        if world.reached(f"released {package.name}"):
            world.record(package.name, "package dropped", cause)
            if not world.reached(f"formed {package.name}"):
                world.report(package, "dropped")
        if package.covers:
            world.notices.put(("settled", package, world.env.now))
        world.reach(f"dropped {package.name}")

    def stop_when_dissolved(self) -> Process:
        """If the partnership ends, work in hand is abandoned, and what was never begun is off."""
        cause = "partnership dissolved"
        yield self.world.milestone("dissolved")
        for package in self.world.packages:
            process = self.processes.get(package.name)
            if process is not None and process.is_alive:
                process.interrupt(cause)
            elif process is None and package.covers and package.kind in self.kinds:
                self.drop(package, cause)

    def finish(self) -> None:
        """Nothing to close at the horizon."""


def protected(world: World, cost: float) -> float:
    """What an exit or a default costs once the agreement has settled part of it beforehand (D-LEGAL)."""
    return cost * (1.0 - world.e("governance.agreement_protects") * world.current(GovernanceLevers).agreement)


def flowing(world: World) -> float:
    """Pounds a year saved now, never below nought."""
    return max(world.ledger.annual_rate / PENCE, 0.0)
