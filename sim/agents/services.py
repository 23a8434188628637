"""Services: each is reviewed, consulted on, joined and bedded in, and redesigned or commissioned, with rework."""

from dataclasses import dataclass, field
from math import fsum

from sim.agents.commissioning import CommissioningLevers
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers, IdentityLevers, MoneyLevers
from sim.agents.hr import HrLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.agents.staffing import StaffingLevers
from sim.agents.work import Carrier, Stage
from sim.core import mechanisms
from sim.core.inputs.packages import COMMISSION, HR_SERVICE, JOINT, REDESIGN, Package, joint
from sim.core.ledger import ONE_OFF, POUNDS_PER_MILLION, SAVING
from sim.core.world import Meeting, Process, World

RECOVERY_RAMP = 6.0
"""Months in which a saving that rework put right is reached: half of a joint team's."""
USUAL_POLICY = 0.375
"""Common HR policy that HR's work takes for granted: the lever's default, less what an open merger stalls."""


@dataclass(slots=True)
class Portfolio:
    """The services of one history: shares of spending, attention each asks for, and how much work is known wrong."""

    spend_share: dict[str, float]
    scale: dict[str, float]
    redesign_of: dict[str, str]
    wrong: dict[str, float] = field(default_factory=dict)
    error_bases: dict[str, float] = field(default_factory=dict)


class Services(Carrier):
    """One process for each package of each service."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Portfolio] = meeting.gathered(_portfolio)
        self.states.fact(self, wrong=0.0)
        self.carry({JOINT: self.join, REDESIGN: self.redesign, COMMISSION: self.commission})

    def join(self, world: World, package: Package) -> Process:
        """Review, consultation, decision, joint team, bedding-in; then put right what was found wrong."""
        e, weight = world.e, world.e("services.stage_weight")
        again = e("services.review_after_redesign") if self.redesigned(world, package) else 1.0
        yield from self.managed(world, "review", package, e("time.review") * again, weight)
        yield from self.consultation(world, package)
        yield from self.decision(world, package, e("members.depth_joint"))
        self.pay_set_up(world, package, "joint_teams")
        months = mechanisms.longer(e("time.implementation"), e("culture.slows"), world.fact("culture_gap"))
        yield from self.managed(world, "implementation", package, months, weight)
        yield from self.live(world, package, "joint_teams")

    def redesign(self, world: World, package: Package) -> Process:
        """Design with the people who do the work, decide, change with OD, embed; then put right."""
        e, weight = world.e, world.e("services.stage_weight")
        apart = 1.0 if self.joined(world, package) else e("services.redesign_apart")
        apart = mechanisms.redesign_slowed(apart, e("enablers.missing_slows"), "joint_ict" not in world.in_place)
        yield from self.managed(world, "design", package, e("time.design") * apart, weight)
        second_order = world.current(SequenceLevers).ambition == "second_order"
        further = e("members.depth_second_order") if second_order else 0.0
        yield from self.decision(world, package, e("members.depth_redesign") + further)
        self.pay_set_up(world, package, "transformation")
        wider = e("services.second_order_work") if second_order else 1.0
        wider *= e("services.horizontal_work") if len(package.covers) > 1 else 1.0
        yield from self.with_od(world, package, e("od.months_per_redesign") * apart * wider)
        yield from self.managed(world, "implementation", package, e("time.embed"), weight)
        yield from self.live(world, package, "transformation")

    def commission(self, world: World, package: Package) -> Process:
        """Specify, decide, transfer the staff and let the contract; then put right what was wrongly specified."""
        e, weight = world.e, world.e("services.stage_weight")
        yield from self.managed(world, "design", package, e("time.design"), weight)
        yield from self.decision(world, package, e("members.depth_commission"))
        self.pay_set_up(world, package, "commissioning")
        waiting = e("services.waiting_weight")
        yield from self.with_hr(world, package, "transfer", e("commissioning.hr_months"), e("time.notice"), waiting)
        valued = 1.0 + e("commissioning.valuation_slows")
        yield from self.managed(world, "procurement", package, e("time.procurement") * valued, 0.5 * weight)
        share = fsum([world.given.staff_sizes[name] for name in package.covers])
        world.posts_cut.put(("transfer", package.name, share * world.headcount(), 0.0))
        yield from self.live(world, package, "commissioning")
        world.contracts.put((package.name, self.potential(world, package, "commissioning")))

    # -- stages --

    def managed(self, world: World, stage: str, package: Package, months: float, weight: float) -> Stage:
        """A stage that managers carry: longer with involvement, shorter with what was learnt and a strong manager."""
        luck, learnt = self.luck_of(world, stage, package), self.learnt(world, package)
        strength, takes = self.mean_over(world, world.strengths, package), world.e("staff.involvement_takes")
        involved = world.current(StaffLevers).involvement
        amount = mechanisms.stage_months(months, luck, learnt, strength, takes, involved)
        scaled = weight * self.mean_over(world, self.own[world.place].scale, package)
        yield from self.stage(world, stage, package, world.managers_work, amount, scaled)

    def mean_over(self, world: World, of: dict[str, float], package: Package) -> float:
        """Mean over the services touched: of their managers' strength, or of the attention they ask for."""
        covers = package.covers
        return of[covers[0]] if len(covers) == 1 else fsum([of[name] for name in covers]) / len(covers)

    def consultation(self, world: World, package: Package) -> Stage:
        """An HR officer, once one is free, does the people side of the change; then statutory notice runs."""
        e, scale = world.e, self.mean_over(world, self.own[world.place].scale, package)
        months, waiting = e("hr.months_per_review") * hr_work(world) * scale, e("services.waiting_weight") * scale
        yield from self.with_hr(world, package, "consultation", months, e("time.notice"), waiting)

    def with_od(self, world: World, package: Package, months: float) -> Stage:
        """Wait for an OD officer, and change the service with them."""
        world.record(package.name, "waiting for OD")
        scale = self.mean_over(world, self.own[world.place].scale, package)
        with (
            world.managers_work.carrying(world.e("services.waiting_weight") * scale),
            world.od.request(0.0, self.rank_of(world, package)) as officer,
        ):
            yield officer
            world.record(package.name, "OD arrived")
            amount = months * scale * self.luck_of(world, "redesign", package) * self.learnt(world, package)
            yield from self.stage(world, "redesign", package, world.od_work, amount)

    def live(self, world: World, package: Package, cause: str) -> Stage:
        """The new way of working begins, settles, and is put right."""
        e = world.e
        self.take_effect(world, package, cause)
        world.report(package, "formed")
        yield from self.managed(world, "bedding_in", package, e("time.bedding_in"), e("services.bedding_weight"))
        yield from self.put_right(world, package, cause)

    def put_right(self, world: World, package: Package, cause: str) -> Stage:
        """Errors found while bedding in are redone; each round leaves errors of its own."""
        e, name, own = world.e, package.name, self.own[world.place]
        share, round_of_rework = own.wrong[name], 1
        weight = e("services.rework_weight") * self.mean_over(world, own.scale, package)
        while share > e("rework.smallest") and round_of_rework <= 3:
            world.record(name, "rework found", f"round {round_of_rework}", share)
            amount = share * e("time.implementation") * self.luck_of(world, f"rework {round_of_rework}", package)
            yield from self.stage(world, "rework", package, world.managers_work, amount, weight)
            share *= self.errors(world, package)
            round_of_rework += 1
        self.recover(world, package, cause, own.wrong[name] - share)
        self.count_wrong(world, name, share)

    # -- what a package leaves behind --

    def take_effect(self, world: World, package: Package, cause: str) -> None:
        """Savings ramp up, posts go, staff of the services touched are settled."""
        e, now, stream = world.e, world.env.now, world.ledger.stream
        wrong = self.errors(world, package)
        self.count_wrong(world, package.name, wrong)
        annual = mechanisms.realised(self.potential(world, package, cause), leak(world), wrong)
        ramp = e(_RAMPS[cause])
        stream(SAVING, cause.replace("_", " ")).ramp(now, ramp, annual)
        if cause == "joint_teams":
            shared = self.spending(world, package) * e("money.procurement_saving") * bought_together(world)
            stream(SAVING, "procurement and property").ramp(now, 2.0 * ramp, shared)
        elif cause == "transformation" and world.current(MoneyLevers).aims == "revenue_too":
            earned = self.spending(world, package) * e("money.revenue_gain")
            stream(SAVING, "income").ramp(now, 2.0 * ramp, earned)
        if cause != "commissioning":
            posts = annual * e("money.pay_share_of_saving") / e("money.officer_post")
            world.posts_cut.put((cause, package.name, posts, e("money.officer_post")))
        world.tell("notices", "settled", package)
        world.reach(f"formed {package.name}")

    def recover(self, world: World, package: Package, cause: str, share: float) -> None:
        """What rework put right is saved after all."""
        annual = mechanisms.recovered(self.potential(world, package, cause), leak(world), share)
        world.ledger.stream(SAVING, cause.replace("_", " ")).ramp(world.env.now, RECOVERY_RAMP, annual)

    def spending(self, world: World, package: Package) -> float:
        """Pounds a year that the services touched cost the councils that share, less what was cut alone before."""
        councils = zip(world.partnership.councils, world.inside)
        total = fsum([c.service_expenditure_gbp_m * POUNDS_PER_MILLION for c, here in councils if here])
        shares = self.own[world.place].spend_share
        return total * fsum([shares[name] for name in package.covers]) * world.given.prize_left

    def potential(self, world: World, package: Package, cause: str) -> float:
        """Pounds a year that the package could save at best."""
        most = mechanisms.product(world.e(f"money.{cause}_saving"), self.spending(world, package))
        if cause == "joint_teams" and world.given.services[package.covers[0]].kind == "corporate":
            return most * world.e("money.corporate_multiple")
        return mechanisms.product(boldness(world), most) if cause == "transformation" else most

    def pay_set_up(self, world: World, package: Package, cause: str) -> None:
        """One-off cost of the step, as a share of the saving it is to enable."""
        share = world.e(f"money.{cause}_one_off")
        if cause == "commissioning" and world.current(CommissioningLevers).workforce_planning:
            share += world.e("commissioning.planning_cost")
        what = f"{cause.replace('_', ' ')}: set-up"
        world.ledger.pay(world.env.now, ONE_OFF, what, share * self.potential(world, package, cause))

    def errors(self, world: World, package: Package) -> float:
        """Share of the work that leaves the stage wrong."""
        e, fact = world.e, world.fact
        wrong = mechanisms.error_share(
            self.error_base(world, package.name) + debt(world, package),
            *(e("rework.by_fatigue"), fact("mean_fatigue")),
            *(e("rework.by_haste"), mechanisms.rushed_by(fact("overload"), fact("haste"))),
            *(e("rework.by_knowledge_lost"), fact("knowledge_lost"), self.learnt(world, package)),
            *(e("rework.involvement_eases"), world.current(StaffLevers).involvement),
            *(e("rework.od_eases"), fact("od_capability")),
        )
        return mechanisms.errors_left(wrong, e("hr.seat_eases"), world.current(HrLevers).on_top_team)

    def error_base(self, world: World, name: str) -> float:
        """How prone to errors this package happens to be."""
        bases = self.own[world.place].error_bases
        if name not in bases:
            bases[name] = mechanisms.errors_at_first(world.e("rework.base"), world.luck.uniform("errors", name))
        return bases[name]

    def count_wrong(self, world: World, name: str, share: float) -> None:
        """Keep the mean share of faulty work over packages that are live."""
        wrong = self.own[world.place].wrong
        wrong[name] = share
        self.put(world, "wrong", fsum(wrong.values()) / len(wrong))

    def redesigned(self, world: World, package: Package) -> bool:
        """Whether the service was redesigned before its team is joined."""
        of = self.own[world.place].redesign_of
        return world.reached(f"finished {of.get(package.covers[0], '')}")

    def joined(self, world: World, package: Package) -> bool:
        """Whether the services have joint teams when they are redesigned."""
        return all(world.reached(f"formed {joint(name)}") for name in package.covers)


def bought_together(world: World) -> float:
    """Part of the saving of joint procurement, ICT and property that comes with each joint team."""
    e = world.e
    county = e("governance.county_saving") if world.current(GovernanceLevers).with_county else 0.0
    parts = e("enablers.ict_share"), e("enablers.buildings_share")
    return mechanisms.bought_together(e("enablers.save"), *parts, county)


def boldness(world: World) -> float:
    """Potential of redesign against the usual: wider aims, leadership, thinking time, security (M-LD1, M-LD2)."""
    e, shape, development = world.e, world.current(SequenceLevers), world.current(DevelopmentLevers)
    ambition = e("services.second_order_potential") if shape.ambition == "second_order" else 1.0
    breadth = e("services.horizontal_potential") if shape.shape == "horizontal" else 1.0
    style = {"shared": 1.0, "commanding": -1.0}.get(development.leadership, 0.0)
    return mechanisms.boldness_of(
        *(ambition, breadth, e("development.shared_innovation"), style),
        *(e("development.ideas"), development.thinking_time, world.current(StaffLevers).involvement),
        *(e("staffing.security_unlocks"), world.current(StaffingLevers).route == "redeployment"),
    )


def hr_work(world: World) -> float:
    """HR work in each change against that under common policy: more where policy is loose or waits (M-MB9)."""
    hr, e = world.current(HrLevers), world.e
    stalled = e("identity.open_stalls") if world.current(IdentityLevers).merger == "open" else 0.0
    common = mechanisms.policy_in_common(hr.policy_integration, stalled)
    eased = e("hr.strategy_eases") if hr.joint_strategy else 0.0
    return mechanisms.policy_work(e("hr.by_loose_policy"), common, USUAL_POLICY, eased)


def leak(world: World) -> float:
    """Share of the potential lost to tiredness, disengagement and overload."""
    e, fact = world.e, world.fact
    return mechanisms.leakage(
        *(e("leakage.base"), e("leakage.by_fatigue"), fact("mean_fatigue")),
        *(e("leakage.by_disengagement"), fact("mean_engagement")),
        *(e("leakage.by_overload"), min(fact("overload"), 1.0)),
    )


def debt(world: World, package: Package) -> float:
    """Errors from what is missing or apart: HR and ICT not joined, terms and cultures that differ (M-HR5)."""
    e, in_place = world.e, world.in_place
    hr_apart = HR_SERVICE not in package.covers and not world.reached(_HR_FORMED)
    return mechanisms.integration_debt(
        *(hr_apart, e("rework.hr_not_joined"), "joint_ict" not in in_place, e("enablers.missing_errors")),
        *("terms" not in in_place, e("terms.separate_errors"), e("culture.errors"), world.fact("culture_gap")),
    )


def _portfolio(world: World) -> Portfolio:
    """The services of a history at the start, with what luck makes of their cost and size."""
    services, e, luck = world.given.services, world.e, world.luck
    spread = e("services.size_spread")
    spend = {n: s.spend_weight * luck.lognormal(spread, "service cost", n) for n, s in services.items()}
    total = fsum(spend.values())
    sizes = world.given.staff_sizes
    staff = {name: sizes[name] * luck.lognormal(spread, "service size", name) for name in services}
    each = world.partnership.headcount / fsum(staff.values()) / e("services.usual_staff")
    power = e("services.size_counts")
    changes = (package for package in world.packages if package.kind == REDESIGN)
    return Portfolio(
        spend_share={name: cost / total for name, cost in spend.items()},
        scale={name: mechanisms.attention_of_service(size * each, power) for name, size in staff.items()},
        redesign_of={name: package.name for package in changes for name in package.covers},
    )


_HR_FORMED = f"formed {joint(HR_SERVICE)}"
_RAMPS = {
    "joint_teams": "money.joint_ramp",
    "transformation": "money.transformation_ramp",
    "commissioning": "money.commissioning_ramp",
}
