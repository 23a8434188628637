"""Services: each is reviewed, consulted on, joined and bedded in, and redesigned or commissioned, with rework."""

from sim.agents.commissioning import CommissioningLevers
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.agents.hr import HrLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.agents.staffing import StaffingLevers
from sim.agents.work import Carrier, Stage
from sim.ledger import ONE_OFF, POUNDS_PER_MILLION, SAVING
from sim.mechanisms import error_share, leakage
from sim.packages import COMMISSION, HR_SERVICE, JOINT, REDESIGN, Package, joint
from sim.world import Process, World

RECOVERY_RAMP = 6.0
"""Months in which a saving that rework put right is reached: half of a joint team's."""


class Services(Carrier):
    """One process for each package of each service."""

    levers = ()

    def __init__(self, world: World) -> None:
        super().__init__(world)
        e = world.e
        names = list(world.given.services)
        spread = e("services.size_spread")
        spend = [world.given.services[n].spend_weight * world.luck.lognormal(spread, "service cost", n) for n in names]
        total = sum(spend)
        self.spend_share = {name: cost / total for name, cost in zip(names, spend, strict=True)}
        self.strength = world.strengths
        self.scale = self.attention(names)
        self.error_strengths = (
            e("rework.by_fatigue"), e("rework.by_haste"), e("rework.by_knowledge_lost"),
            e("rework.involvement_eases"), e("rework.od_eases"),
        )  # fmt: skip
        self.leak_strengths = (e("leakage.by_fatigue"), e("leakage.by_disengagement"), e("leakage.by_overload"))
        self.wrong: dict[str, float] = {}
        self.error_bases: dict[str, float] = {}
        self.missing_hr = e("rework.hr_not_joined")
        self.missing_ict, self.slow_ict = e("enablers.missing_errors"), e("enablers.missing_slows")
        self.separate_terms = e("terms.separate_errors")
        self.enablers_on, self.culture_on = world.on("enablers"), world.on("culture")
        self.slows, self.gap_errors = e("culture.slows"), e("culture.errors")
        self.stage_weight, self.bedding_weight = e("services.stage_weight"), e("services.bedding_weight")
        self.waiting_weight, self.rework_weight = e("services.waiting_weight"), e("services.rework_weight")
        self.smallest, self.rework_months = e("rework.smallest"), e("time.implementation")
        self.expenditure = [c.service_expenditure_gbp_m * POUNDS_PER_MILLION for c in world.partnership.councils]
        world.at_decision(self.read_levers)

    def attention(self, names: list[str]) -> dict[str, float]:
        """Attention and HR work that each service's size asks for, against a service of the usual size."""
        world, e = self.world, self.world.e
        if not world.on("scale"):
            return dict.fromkeys(names, 1.0)
        spread, sizes = e("services.size_spread"), world.given.staff_sizes
        staff = [sizes[n] * world.luck.lognormal(spread, "service size", n) for n in names]
        each = world.partnership.headcount / sum(staff) / e("services.usual_staff")
        power = e("services.size_counts")
        return {name: float((size * each) ** power) for name, size in zip(names, staff, strict=True)}

    def scale_of(self, package: Package) -> float:
        """How much attention the services touched ask for, on average."""
        covers = package.covers
        return self.scale[covers[0]] if len(covers) == 1 else sum([self.scale[n] for n in covers]) / len(covers)

    def read_levers(self) -> None:
        """How far staff design the services themselves, how much longer that takes, and what makes redesign bolder."""
        world, e = self.world, self.world.e
        self.involvement = world.current(StaffLevers).involvement
        self.longer = 1.0 + e("staff.involvement_takes") * self.involvement
        self.seat = e("hr.seat_eases") if world.current(HrLevers).on_top_team else 0.0
        shape = world.current(SequenceLevers)
        self.second_order = shape.ambition == "second_order"
        self.across = shape.shape == "horizontal"
        self.bolder = self.boldness()

    def boldness(self) -> float:
        """Potential of redesign against the usual: wider aims, leadership, thinking time, security (M-LD1, M-LD2)."""
        world, e = self.world, self.world.e
        bolder = e("services.second_order_potential") if self.second_order else 1.0
        bolder *= e("services.horizontal_potential") if self.across else 1.0
        if world.on("leadership"):
            development = world.current(DevelopmentLevers)
            style = {"shared": 1.0, "commanding": -1.0}.get(development.leadership, 0.0)
            bolder *= 1.0 + e("development.shared_innovation") * style
            bolder *= 1.0 + e("development.ideas") * 10.0 * development.thinking_time * (0.5 + self.involvement)
        if world.current(StaffingLevers).route == "redeployment" and world.on("staffing"):
            bolder *= 1.0 + e("staffing.security_unlocks")
        return bolder

    def start(self) -> None:
        """Each package is a process of its own, from its release on."""
        self.od_capability, self.gap = self.world.index("od_capability"), self.world.index("culture gap")
        changes = (package for package in self.world.packages if package.kind == REDESIGN)
        self.redesign_of = {name: package.name for package in changes for name in package.covers}
        self.carry({JOINT: self.join, REDESIGN: self.redesign, COMMISSION: self.commission})

    def join(self, package: Package) -> Process:
        """Review, consultation, decision, joint team, bedding-in; then put right what was found wrong."""
        e = self.world.e
        again = e("services.review_after_redesign") if self.redesigned(package) else 1.0
        yield from self.managed("review", package, e("time.review") * again, self.stage_weight)
        yield from self.consultation(package)
        yield from self.decision(package, e("members.depth_joint"))
        self.pay_set_up(package, "joint_teams")
        apart = 1.0 + self.slows * self.world.states.levels[self.gap] if self.culture_on else 1.0
        yield from self.managed("implementation", package, e("time.implementation") * apart, self.stage_weight)
        yield from self.live(package, "joint_teams")

    def redesign(self, package: Package) -> Process:
        """Design with the people who do the work, decide, change with OD, embed; then put right."""
        e = self.world.e
        apart = 1.0 if self.joined(package) else e("services.redesign_apart")
        if self.enablers_on and "joint_ict" not in self.world.progress.enablers:
            apart *= 1.0 + self.slow_ict
        yield from self.managed("design", package, e("time.design") * apart, self.stage_weight)
        further = e("members.depth_second_order") if self.second_order else 0.0
        yield from self.decision(package, e("members.depth_redesign") + further)
        self.pay_set_up(package, "transformation")
        wider = e("services.second_order_work") if self.second_order else 1.0
        wider *= e("services.horizontal_work") if len(package.covers) > 1 else 1.0
        yield from self.with_od(package, e("od.months_per_redesign") * apart * wider)
        yield from self.managed("implementation", package, e("time.embed"), self.stage_weight)
        yield from self.live(package, "transformation")

    def commission(self, package: Package) -> Process:
        """Specify, decide, transfer the staff and let the contract; then put right what was wrongly specified."""
        world, e = self.world, self.world.e
        yield from self.managed("design", package, e("time.design"), self.stage_weight)
        yield from self.decision(package, e("members.depth_commission"))
        self.pay_set_up(package, "commissioning")
        yield from self.with_hr(
            package, "transfer", e("commissioning.hr_months"), e("time.notice"), self.waiting_weight
        )
        valued = 1.0 + e("commissioning.valuation_slows")
        yield from self.managed("procurement", package, e("time.procurement") * valued, 0.5 * self.stage_weight)
        share = sum([world.given.staff_sizes[name] for name in package.covers])
        world.posts_cut.put(("transfer", package.name, share * world.headcount(), 0.0))
        yield from self.live(package, "commissioning")
        world.contracts.put((package.name, self.potential(package, "commissioning")))

    # -- stages --

    def managed(self, stage: str, package: Package, months: float, weight: float) -> Stage:
        """A stage that managers carry: longer with involvement, shorter with what was learnt and a strong manager."""
        amount = months * self.luck_of(stage, package) * self.learnt(package) / self.strength_of(package)
        scaled = weight * self.scale_of(package)
        yield from self.stage(stage, package, self.world.managers_work, amount * self.longer, scaled)

    def strength_of(self, package: Package) -> float:
        """How strong the managers of the services touched are."""
        covers = package.covers
        return self.strength[covers[0]] if len(covers) == 1 else sum([self.strength[n] for n in covers]) / len(covers)

    def consultation(self, package: Package) -> Stage:
        """An HR officer, once one is free, does the people side of the change; then statutory notice runs."""
        scale = self.scale_of(package)
        months = self.world.e("hr.months_per_review") * self.world.people.hr_work * scale
        waiting = self.waiting_weight * scale
        yield from self.with_hr(package, "consultation", months, self.world.e("time.notice"), waiting)

    def with_od(self, package: Package, months: float) -> Stage:
        """Wait for an OD officer, and change the service with them."""
        world = self.world
        world.record(package.name, "waiting for OD")
        scale = self.scale_of(package)
        with (
            world.managers_work.carrying(self.waiting_weight * scale),
            world.od.request(0.0, self.rank_of(package)) as officer,
        ):
            yield officer
            world.record(package.name, "OD arrived")
            amount = months * scale * self.luck_of("redesign", package) * self.learnt(package)
            yield from self.stage("redesign", package, world.od_work, amount)

    def live(self, package: Package, cause: str) -> Stage:
        """The new way of working begins, settles, and is put right."""
        self.take_effect(package, cause)
        self.world.report(package, "formed")
        yield from self.managed("bedding_in", package, self.world.e("time.bedding_in"), self.bedding_weight)
        yield from self.put_right(package, cause)

    def put_right(self, package: Package, cause: str) -> Stage:
        """Errors found while bedding in are redone; each round leaves errors of its own."""
        world, name = self.world, package.name
        share, round_of_rework = self.wrong[name], 1
        while share > self.smallest and round_of_rework <= 3:
            world.record(name, "rework found", f"round {round_of_rework}", share)
            amount = share * self.rework_months * self.luck_of(f"rework {round_of_rework}", package)
            yield from self.stage(
                "rework", package, world.managers_work, amount, self.rework_weight * self.scale_of(package)
            )
            share *= self.errors(package)
            round_of_rework += 1
        self.recover(package, cause, self.wrong[name] - share)
        self.count_wrong(name, share)

    # -- what a package leaves behind --

    def take_effect(self, package: Package, cause: str) -> None:
        """Savings ramp up, posts go, staff of the services touched are settled."""
        world = self.world
        wrong = self.errors(package)
        self.count_wrong(package.name, wrong)
        annual = self.potential(package, cause) * (1.0 - self.leak()) * (1.0 - wrong)
        ramp = world.e(_RAMPS[cause])
        world.ledger.stream(SAVING, cause.replace("_", " ")).ramp(world.env.now, ramp, annual)
        if cause == "joint_teams":
            shared = self.spending(package) * world.e("money.procurement_saving") * self.bought_together()
            world.ledger.stream(SAVING, "procurement and property").ramp(world.env.now, 2.0 * ramp, shared)
        elif cause == "transformation" and world.current(MoneyLevers).aims == "revenue_too":
            earned = self.spending(package) * world.e("money.revenue_gain")
            world.ledger.stream(SAVING, "income").ramp(world.env.now, 2.0 * ramp, earned)
        if cause != "commissioning":
            posts = annual * world.e("money.pay_share_of_saving") / world.e("money.officer_post")
            world.posts_cut.put((cause, package.name, posts, world.e("money.officer_post")))
        world.notices.put(("settled", package, world.env.now))
        world.reach(f"formed {package.name}")

    def bought_together(self) -> float:
        """Part of the saving of joint procurement, ICT and property that comes with each joint team."""
        world, e = self.world, self.world.e
        part = 1.0
        if self.enablers_on:
            part -= e("enablers.ict_share") + e("enablers.buildings_share")
        if world.current(GovernanceLevers).with_county:
            part *= 1.0 + e("governance.county_saving")
        return part

    def recover(self, package: Package, cause: str, share: float) -> None:
        """What rework put right is saved after all."""
        annual = self.potential(package, cause) * (1.0 - self.leak()) * share
        self.world.ledger.stream(SAVING, cause.replace("_", " ")).ramp(self.world.env.now, RECOVERY_RAMP, annual)

    def spending(self, package: Package) -> float:
        """Pounds a year that the services touched cost the councils that share, less what was cut alone before."""
        world = self.world
        total = sum([spent for spent, here in zip(self.expenditure, world.inside) if here])
        return total * sum([self.spend_share[name] for name in package.covers]) * world.given.prize_left

    def potential(self, package: Package, cause: str) -> float:
        """Pounds a year that the package could save at best."""
        most = self.spending(package) * self.world.e(f"money.{cause}_saving")
        if cause == "joint_teams" and self.world.given.services[package.covers[0]].kind == "corporate":
            return most * self.world.e("money.corporate_multiple")
        return most * self.bolder if cause == "transformation" else most

    def pay_set_up(self, package: Package, cause: str) -> None:
        """One-off cost of the step, as a share of the saving it is to enable."""
        world = self.world
        share = world.e(f"money.{cause}_one_off")
        if cause == "commissioning" and world.current(CommissioningLevers).workforce_planning:
            share += world.e("commissioning.planning_cost")
        what = f"{cause.replace('_', ' ')}: set-up"
        world.ledger.pay(world.env.now, ONE_OFF, what, share * self.potential(package, cause))

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
        base = self.error_base(package.name) + self.debt(package)
        wrong = error_share(
            base, people.fatigue, min(1.0, people.overload + world.progress.haste), people.knowledge_lost,
            self.learnt(package), self.involvement, world.states.levels[self.od_capability], self.error_strengths,
        )  # fmt: skip
        return wrong * (1.0 - self.seat)

    def debt(self, package: Package) -> float:
        """Errors from what is missing or apart: HR and ICT not joined, terms and cultures that differ (M-HR5)."""
        world, enablers = self.world, self.world.progress.enablers
        debt = 0.0
        if HR_SERVICE not in package.covers and not world.reached(_HR_FORMED):
            debt += self.missing_hr
        if self.enablers_on:
            debt += self.missing_ict * ("joint_ict" not in enablers) + self.separate_terms * ("terms" not in enablers)
        if self.culture_on:
            debt += self.gap_errors * world.states.levels[self.gap]
        return debt

    def error_base(self, name: str) -> float:
        """How prone to errors this package happens to be."""
        base = self.error_bases.get(name)
        if base is None:
            base = self.world.e("rework.base") * (0.5 + self.world.luck.uniform("errors", name))
            self.error_bases[name] = base
        return base

    def count_wrong(self, name: str, share: float) -> None:
        """Keep the mean share of faulty work over packages that are live."""
        self.wrong[name] = share
        self.world.people.wrong = sum(self.wrong.values()) / len(self.wrong)

    def redesigned(self, package: Package) -> bool:
        """Whether the service was redesigned before its team is joined."""
        return self.world.reached(f"finished {self.redesign_of.get(package.covers[0], '')}")

    def joined(self, package: Package) -> bool:
        """Whether the services have joint teams when they are redesigned."""
        return all(self.world.reached(f"formed {joint(name)}") for name in package.covers)


_HR_FORMED = f"formed {joint(HR_SERVICE)}"
_RAMPS = {
    "joint_teams": "money.joint_ramp",
    "transformation": "money.transformation_ramp",
    "commissioning": "money.commissioning_ramp",
}
