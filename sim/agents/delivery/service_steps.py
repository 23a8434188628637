"""Steps of services' packages: managers' stages, work with HR and OD, going live, and rework of errors found."""

from dataclasses import dataclass, field
from math import fsum

from sim.agents.delivery.savings import CAUSES, Savings, savings_of
from sim.agents.delivery.work import Carrier, Stage
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import IdentityLevers
from sim.agents.hr import HrLevers
from sim.agents.staff import StaffLevers
from sim.core import mechanisms
from sim.core.inputs.packages import COMMISSION, HR_SERVICE, JOINT, REDESIGN, Package, joint
from sim.core.world import Meeting, World

USUAL_POLICY = 0.375
"""Common HR policy assumed in HR's normal work: the lever's default, reduced for an open merger question."""


@dataclass(slots=True)
class Portfolio:
    """Services of one history: savings, attention each needs, and share of work known to be wrong."""

    savings: Savings
    scale: dict[str, float]
    redesign_of: dict[str, str]
    wrong: dict[str, float] = field(default_factory=dict)
    error_bases: dict[str, float] = field(default_factory=dict)


class ServiceSteps(Carrier):
    """Base of the agent for services: the steps that their packages have in common."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Portfolio] = meeting.gathered(_portfolio)
        self.states.fact(self, wrong=0.0)

    def managed(self, world: World, stage: str, package: Package, months: float, weight: float) -> Stage:
        """Run a managers' stage: longer with involvement, shorter with learning and a strong manager."""
        luck, learnt = self.luck_of(world, stage, package), self.learnt(world, package)
        strength, takes = mean_over(package, world.strengths), world.e("staff.involvement_takes")
        involved = world.current(StaffLevers).involvement
        amount = mechanisms.stage_months(months, luck, learnt, strength, takes, involved)
        scaled = weight * self.scale(world, package)
        yield from self.stage(world, stage, package, world.managers_work, amount, scaled)

    def scale(self, world: World, package: Package) -> float:
        """Attention that the services touched ask for, against the usual: of several at once less than their sum."""
        breadth = len(package.covers) ** world.e("services.restructure_breadth") if package.kind == JOINT else 1.0
        return mean_over(package, self.own[world.place].scale) * breadth

    def consultation(self, world: World, package: Package) -> Stage:
        """HR does the people side of the change once officers are free; the period of consultation runs meanwhile."""
        e, scale = world.e, self.scale(world, package)
        months, waiting = e("hr.months_per_review") * hr_work(world) * scale, e("services.waiting_weight") * scale
        posts = self.own[world.place].savings.posts(package)
        period = mechanisms.consultation_months(
            posts, e("time.consultation_few"), world.given.old_law_until > world.env.now
        )
        yield from self.with_hr(world, package, "consultation", months, period, waiting)

    def matching(self, world: World, package: Package) -> Stage:
        """HR matches people to posts, holds the appointments and hears the appeals, once officers are free."""
        e, scale = world.e, self.scale(world, package)
        months, waiting = e("hr.months_per_matching") * hr_work(world) * scale, e("services.waiting_weight") * scale
        yield from self.with_hr(world, package, "matching", months, 0.0, waiting)

    def with_od(self, world: World, package: Package, months: float) -> Stage:
        """Wait for an OD officer and change the service with that officer."""
        world.record(package.name, "waiting for OD")
        scale = self.scale(world, package)
        with (
            world.managers_work.carrying(world.e("services.waiting_weight") * scale),
            world.od.request(0.0, self.rank_of(world, package)) as officer,
        ):
            yield officer
            world.record(package.name, "OD arrived")
            amount = months * scale * self.luck_of(world, "redesign", package) * self.learnt(world, package)
            yield from self.stage(world, "redesign", package, world.od_work, amount)

    def live(self, world: World, package: Package) -> Stage:
        """Start, settle and correct the new way of working."""
        e = world.e
        self.take_effect(world, package)
        world.report(package, "formed")
        yield from self.managed(world, "bedding_in", package, e("time.bedding_in"), e("services.bedding_weight"))
        yield from self.put_right(world, package)

    def take_effect(self, world: World, package: Package) -> None:
        """Start savings, release posts and settle the staff of the services."""
        wrong = self.errors(world, package)
        self.count_wrong(world, package.name, wrong)
        annual = self.own[world.place].savings.begin(package, wrong)
        if package.kind != COMMISSION and not (package.kind == JOINT and len(package.covers) > 1):
            self.cut_posts(world, package, annual)
        world.tell("notices", "settled", package)
        for name in package.covers if package.kind == JOINT else ():
            world.reach(f"formed {joint(name)}")
        world.reach(f"formed {package.name}")

    def cut_posts(self, world: World, package: Package, annual: float) -> None:
        """The posts behind a saving of so many pounds a year are no longer needed."""
        share, pay = world.e("money.pay_share_of_saving"), world.e("money.officer_post")
        world.posts_cut.put((CAUSES[package.kind], package.name, mechanisms.posts_behind(annual, share, pay), pay))

    def put_right(self, world: World, package: Package) -> Stage:
        """Redo errors found in bedding-in; each round of rework makes some errors of its own."""
        e, name, own = world.e, package.name, self.own[world.place]
        share, round_of_rework = own.wrong[name], 1
        weight = e("services.rework_weight") * self.scale(world, package)
        while share > e("rework.smallest") and round_of_rework <= 3:
            world.record(name, "rework found", f"round {round_of_rework}", share)
            amount = share * e("time.implementation") * self.luck_of(world, f"rework {round_of_rework}", package)
            yield from self.stage(world, "rework", package, world.managers_work, amount, weight)
            share *= self.errors(world, package)
            round_of_rework += 1
        own.savings.recover(package, own.wrong[name] - share)
        self.count_wrong(world, name, share)

    def errors(self, world: World, package: Package) -> float:
        """Share of the stage's work that is wrong."""
        e, fact, bases = world.e, world.fact, self.own[world.place].error_bases
        if package.name not in bases:
            bases[package.name] = mechanisms.errors_at_first(
                e("rework.base"), world.luck.uniform("errors", package.name)
            )
        wrong = mechanisms.error_share(
            bases[package.name] + debt(world, package),
            *(e("rework.by_fatigue"), fact("mean_fatigue")),
            *(e("rework.by_haste"), mechanisms.rushed_by(fact("overload"), fact("haste"))),
            *(e("rework.by_knowledge_lost"), fact("knowledge_lost"), self.learnt(world, package)),
            e("rework.involvement_eases"),
            mechanisms.with_diminishing_returns(world.current(StaffLevers).involvement),
            *(e("rework.od_eases"), fact("od_capability")),
        )
        commanding = world.current(DevelopmentLevers).leadership == "commanding"
        seat = world.current(HrLevers).on_top_team
        return mechanisms.errors_left(wrong, e("hr.seat_eases"), seat, e("development.silences"), commanding)

    def count_wrong(self, world: World, name: str, share: float) -> None:
        """Update the mean share of faulty work over live packages."""
        wrong = self.own[world.place].wrong
        wrong[name] = share
        self.put(world, "wrong", fsum(wrong.values()) / len(wrong))


def mean_over(package: Package, of: dict[str, float]) -> float:
    """Mean of a value over the services touched."""
    covers = package.covers
    return of[covers[0]] if len(covers) == 1 else fsum([of[name] for name in covers]) / len(covers)


def hr_work(world: World) -> float:
    """HR work in each change relative to common policy: more where policy is loose or waits (M-MB9)."""
    hr, e = world.current(HrLevers), world.e
    stalled = e("identity.open_stalls") if world.current(IdentityLevers).merger == "open" else 0.0
    common = mechanisms.policy_in_common(hr.policy_integration, stalled)
    eased = e("hr.strategy_eases") if hr.joint_strategy else 0.0
    return mechanisms.policy_work(e("hr.by_loose_policy"), common, USUAL_POLICY, eased)


def debt(world: World, package: Package) -> float:
    """Errors from separate or missing parts: HR and ICT not joined, different terms and cultures (M-HR5)."""
    e, in_place = world.e, world.in_place
    hr_joined = world.reached(_HR_FORMED) and HR_SERVICE not in world.left
    hr_apart = HR_SERVICE not in package.covers and not hr_joined
    return mechanisms.integration_debt(
        *(hr_apart, e("rework.hr_not_joined"), "joint_ict" not in in_place, e("enablers.missing_errors")),
        *("terms" not in in_place, e("terms.separate_errors"), e("culture.errors"), world.fact("culture_gap")),
    )


def _portfolio(world: World) -> Portfolio:
    """The services of a history at the start, with what luck makes of their size."""
    given, e, names = world.given, world.e, world.given.services
    spread, power = e("services.size_spread"), e("services.size_counts")
    staff = {name: given.touched((name,)) * world.luck.lognormal(spread, "service size", name) for name in names}
    everyone = fsum([given.staff_sizes[name] / given.touched((name,)) * size for name, size in staff.items()])
    each = world.partnership.headcount / everyone / e("services.usual_staff")
    changes = (package for package in world.packages if package.kind == REDESIGN)
    return Portfolio(
        savings=savings_of(world),
        scale={name: mechanisms.attention_of_service(size * each, power) for name, size in staff.items()},
        redesign_of={name: package.name for package in changes for name in package.covers},
    )


_HR_FORMED = f"formed {joint(HR_SERVICE)}"
