"""Services: each is reviewed, consulted on, joined and bedded in, and redesigned, with rework."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.agents.staff import StaffLevers
from sim.agents.voting import decide
from sim.ledger import ONE_OFF, SAVING
from sim.mechanisms import error_share, leakage, learning_factor
from sim.packages import HR_SERVICE, JOINT, REDESIGN, Package
from sim.world import Process, World

Stage = Generator[simpy.Event, Any, Any]
POUNDS_PER_MILLION = 1e6


class Services:
    """One process for each package of each service."""

    levers = ()

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        names = list(world.given.services)
        spread = e("services.size_spread")
        staff = [world.given.services[n].staff_weight * world.luck.lognormal(spread, "service size", n) for n in names]
        spend = [world.given.services[n].spend_weight * world.luck.lognormal(spread, "service cost", n) for n in names]
        self.staff_share = {name: size / sum(staff) for name, size in zip(names, staff, strict=True)}
        self.spend_share = {name: cost / sum(spend) for name, cost in zip(names, spend, strict=True)}
        self.expenditure = world.partnership.expenditure_gbp_m * POUNDS_PER_MILLION
        self.strength = world.strengths
        self.processes: dict[str, simpy.Process] = {}
        self.learning = e("services.learning") if world.on("learning") else 0.0
        self.spread = e("time.spread")
        self.error_strengths = (
            e("rework.by_fatigue"), e("rework.by_haste"), e("rework.by_knowledge_lost"),
            e("rework.involvement_eases"), e("rework.od_eases"),
        )  # fmt: skip
        self.leak_strengths = (e("leakage.by_fatigue"), e("leakage.by_disengagement"), e("leakage.by_overload"))
        self.wrong: dict[str, float] = {}
        self.error_bases: dict[str, float] = {}
        self.missing_hr = e("rework.hr_not_joined")
        self.waiting_weight, self.rework_weight = e("services.waiting_weight"), e("services.rework_weight")
        self.stage_weight, self.bedding_weight = e("services.stage_weight"), e("services.bedding_weight")
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """How far staff design the new services themselves, and how much longer that takes."""
        self.involvement = self.world.current(StaffLevers).involvement
        self.longer = 1.0 + self.world.e("staff.involvement_takes") * self.involvement

    def start(self) -> None:
        """Each package is a process of its own, from its release on; one process stops them if the partnership ends."""
        self.od_capability = self.world.index("od_capability")
        self.world.carry(JOINT, lambda package: self.begin(package, self.join(package)))
        self.world.carry(REDESIGN, lambda package: self.begin(package, self.redesign(package)))
        if any(package.service for package in self.world.packages):
            self.world.env.process(self.stop_when_dissolved())

    def begin(self, package: Package, work: Process) -> None:
        """Start the work on a package."""
        self.processes[package.name] = self.world.env.process(work)

    def join(self, package: Package) -> Process:
        """Review, consultation, decision, joint team, bedding-in; then put right what was found wrong."""
        try:
            again = self.world.e("services.review_after_redesign") if self.redesigned(package) else 1.0
            yield from self.managed("review", package, self.world.e("time.review") * again, self.stage_weight)
            yield from self.consultation(package)
            yield from self.decision(package, self.world.e("members.depth_joint"))
            self.pay_set_up(package, "joint_teams")
            yield from self.managed("implementation", package, self.world.e("time.implementation"), self.stage_weight)
            self.take_effect(package, "joint_teams", self.world.e("money.joint_ramp"))
            self.world.report(package, "formed")
            yield from self.managed("bedding_in", package, self.world.e("time.bedding_in"), self.bedding_weight)
            yield from self.put_right(package, "joint_teams")
            self.finish_package(package)
        except Dropped as why:
            self.drop(package, str(why))
        except simpy.Interrupt as stop:
            self.drop(package, str(stop.cause))

    def redesign(self, package: Package) -> Process:
        """Design with the people who do the work, decide, change with OD, embed; then put right."""
        try:
            apart = 1.0 if self.joined(package) else self.world.e("services.redesign_apart")
            yield from self.managed("design", package, self.world.e("time.design") * apart, self.stage_weight)
            yield from self.decision(package, self.world.e("members.depth_redesign"))
            self.pay_set_up(package, "transformation")
            yield from self.with_od(package, self.world.e("od.months_per_redesign") * apart)
            yield from self.managed("implementation", package, self.world.e("time.embed"), self.stage_weight)
            self.take_effect(package, "transformation", self.world.e("money.transformation_ramp"))
            self.world.report(package, "formed")
            yield from self.managed("bedding_in", package, self.world.e("time.bedding_in"), self.bedding_weight)
            yield from self.put_right(package, "transformation")
            self.finish_package(package)
        except Dropped as why:
            self.drop(package, str(why))
        except simpy.Interrupt as stop:
            self.drop(package, str(stop.cause))

    # -- stages --

    def managed(self, stage: str, package: Package, months: float, weight: float) -> Stage:
        """A stage that managers carry: longer with involvement, shorter with what was learnt and a strong manager."""
        world, name = self.world, package.name
        world.record(name, "stage started", stage)
        amount = months * self.luck_of(stage, package) * self.learnt(package) / self.strength[package.service or ""]
        yield from world.managers_work.work(amount * self.longer, weight)
        world.record(name, "stage finished", stage)

    def consultation(self, package: Package) -> Stage:
        """An HR officer, once one is free, carries the statutory notice and the people side of the change."""
        world = self.world
        world.record(package.name, "waiting for HR")
        priority = 0.0 if package.service == HR_SERVICE else 1.0
        with world.managers_work.carrying(self.waiting_weight), world.hr.request(priority) as officer:
            yield officer
            world.record(package.name, "HR arrived")
            world.record(package.name, "stage started", "consultation")
            yield world.env.timeout(world.e("time.notice"))
            amount = world.e("hr.months_per_review") * self.luck_of("consultation", package) * self.learnt(package)
            yield from world.hr_work.work(amount)
        world.record(package.name, "stage finished", "consultation")

    def with_od(self, package: Package, months: float) -> Stage:
        """Wait for an OD officer, and change the service with them."""
        world = self.world
        world.record(package.name, "waiting for OD")
        with world.managers_work.carrying(self.waiting_weight), world.od.request() as officer:
            yield officer
            world.record(package.name, "OD arrived")
            world.record(package.name, "stage started", "redesign")
            amount = months * self.luck_of("redesign", package) * self.learnt(package)
            yield from world.od_work.work(amount)
        world.record(package.name, "stage finished", "redesign")

    def decision(self, package: Package, depth: float) -> Stage:
        """Both councils' members decide; a step that is lost for good is dropped."""
        self.world.record(package.name, "stage started", "decision")
        agreed = yield from decide(self.world, package, depth)
        self.world.record(package.name, "stage finished", "decision")
        if not agreed:
            raise Dropped("votes lost")

    def put_right(self, package: Package, cause: str) -> Stage:
        """Errors found while bedding in are redone; each round leaves errors of its own."""
        world, name = self.world, package.name
        smallest = world.e("rework.smallest")
        share, round_of_rework = self.wrong[name], 1
        while share > smallest and round_of_rework <= 3:
            world.record(name, "rework found", f"round {round_of_rework}", share)
            amount = share * world.e("time.implementation") * self.luck_of(f"rework {round_of_rework}", package)
            world.record(name, "stage started", "rework")
            yield from world.managers_work.work(amount, self.rework_weight)
            world.record(name, "stage finished", "rework")
            share *= self.errors(package)
            round_of_rework += 1
        self.recover(package, cause, self.wrong[name] - share)

    # -- what a package leaves behind --

    def take_effect(self, package: Package, cause: str, ramp: float) -> None:
        """The new way of working begins: savings ramp up, posts go, staff of the service are settled."""
        world = self.world
        self.wrong[package.name] = self.errors(package)
        annual = self.potential(package, cause) * (1.0 - self.leak()) * (1.0 - self.wrong[package.name])
        world.ledger.stream(SAVING, cause.replace("_", " ")).ramp(world.env.now, ramp, annual)
        if cause == "joint_teams":
            shared = self.expenditure * self.spend_share[package.service or ""] * world.e("money.procurement_saving")
            world.ledger.stream(SAVING, "procurement and property").ramp(world.env.now, 2.0 * ramp, shared)
        posts = annual * world.e("money.pay_share_of_saving") / world.e("money.officer_post")
        world.posts_cut.put((cause, package.name, posts))
        world.notices.put(("settled", package, world.env.now))
        world.reach(f"formed {package.name}")

    def recover(self, package: Package, cause: str, share: float) -> None:
        """What rework put right is saved after all."""
        annual = self.potential(package, cause) * (1.0 - self.leak()) * share
        self.world.ledger.stream(SAVING, cause.replace("_", " ")).ramp(self.world.env.now, 6.0, annual)

    def potential(self, package: Package, cause: str) -> float:
        """Pounds a year that the package could save at best."""
        return self.expenditure * self.spend_share[package.service or ""] * self.world.e(f"money.{cause}_saving")

    def pay_set_up(self, package: Package, cause: str) -> None:
        """One-off cost of the step, as a share of the saving it is to enable."""
        share = self.world.e(f"money.{cause}_one_off")
        self.world.ledger.pay(
            self.world.env.now, ONE_OFF, f"{cause.replace('_', ' ')}: set-up", share * self.potential(package, cause)
        )

    def leak(self) -> float:
        """Share of the potential lost to tiredness, disengagement and overload."""
        world, people = self.world, self.world.people
        if not world.on("leakage"):
            return 0.0
        overload = min(people.overload, 1.0)
        return leakage(world.e("leakage.base"), people.fatigue, people.engagement, overload, self.leak_strengths)

    def errors(self, package: Package) -> float:
        """Share of the work that leaves the stage wrong."""
        world, people = self.world, self.world.people
        if not world.on("rework"):
            return 0.0
        base = self.error_base(package.name)
        if package.service != HR_SERVICE and not world.reached(f"formed joint_team: {HR_SERVICE}"):
            base += self.missing_hr
        return error_share(
            base, people.fatigue, min(1.0, people.overload + world.progress.haste), people.knowledge_lost,
            self.learnt(package), self.involvement, world.states.levels[self.od_capability], self.error_strengths,
        )  # fmt: skip

    def error_base(self, name: str) -> float:
        """How prone to errors this package happens to be."""
        base = self.error_bases.get(name)
        if base is None:
            base = self.world.e("rework.base") * (0.5 + self.world.luck.uniform("errors", name))
            self.error_bases[name] = base
        return base

    def luck_of(self, stage: str, package: Package) -> float:
        """How long this stage happens to take here, median one."""
        return self.world.luck.lognormal(self.spread, stage, package.name)

    def learnt(self, package: Package) -> float:
        """What finished packages of the same kind have taught."""
        return learning_factor(self.world.progress.finished.get(package.kind, 0), self.learning)

    def redesigned(self, package: Package) -> bool:
        """Whether the service was redesigned before its team is joined."""
        return self.world.reached(f"finished redesign: {package.service}")

    def joined(self, package: Package) -> bool:
        """Whether the service has a joint team when it is redesigned."""
        return self.world.reached(f"formed joint_team: {package.service}")

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
            elif process is None and package.service:
                self.drop(package, cause)

    def finish(self) -> None:
        """Nothing to close at the horizon."""


class Dropped(Exception):
    """A package is given up before its end."""
