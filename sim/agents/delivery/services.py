"""Services: each is reviewed, consulted on, joined and bedded in, and redesigned or commissioned, with rework."""

from dataclasses import dataclass, field
from math import fsum

from sim.agents.delivery.savings import CAUSES, Savings, savings_of
from sim.agents.delivery.work import Carrier, Stage, kept_when_parted, protected
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import IdentityLevers
from sim.agents.hr import HrLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.core import mechanisms
from sim.core.inputs.packages import COMMISSION, HR_SERVICE, JOINT, QUICK_WINS, REDESIGN, Package, joint
from sim.core.ledger import ONE_OFF, SAVING
from sim.core.world import Meeting, Process, World

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


class Services(Carrier):
    """Agent that runs one process for each package of each service."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Portfolio] = meeting.gathered(_portfolio)
        self.states.fact(self, wrong=0.0)
        meeting.readers["council_gone"] = self.orphaned
        self.carry(
            {JOINT: self.join, REDESIGN: self.redesign, COMMISSION: self.commission, QUICK_WINS: self.quick_wins}
        )

    def begin(self, world: World) -> None:
        """A service that is to be left again is left in its month."""
        super().begin(world)
        planned = {name for package in world.packages for name in package.covers}
        planned |= set(world.partnership.start_state)
        for name, own in world.given.arrangements.items():
            if own.left_month is not None and own.left_month < world.given.horizon and name in planned:
                world.env.process(self.leave_in(world, name, own.left_month))

    def leave_in(self, world: World, name: str, month: int) -> Process:
        """The councils take a service back in the month agreed, if they still share anything then."""
        yield world.env.timeout(month)
        self.leave(world, name, "as agreed")

    def orphaned(self, world: World) -> None:
        """Word that a council is gone: a service that nobody is left to share with is shared no more."""
        for name in world.given.sharers:
            if len(world.sharers((name,))) < 2 and not world.given.arrangements[name].outsider:
                self.leave(world, name, "nobody is left to share with")

    def leave(self, world: World, name: str, cause: str) -> None:
        """Sharing of one service ends: what it saved is unwound at a cost, and work on it that is not live stops."""
        if name in world.left or world.status in ("dissolved", "failed") or "merger" in world.in_place:
            return
        e, now, formed = world.e, world.env.now, world.reached(f"formed {joint(name)}")
        changed = world.reached(f"formed {self.own[world.place].redesign_of.get(name, '')}")
        world.left.add(name)
        for package in world.packages:
            if package.covers == (name,) and not world.reached(f"formed {package.name}"):
                self.call_off(world, package)
        if not formed and not changed:
            return
        world.record(joint(name), "service left", cause)
        world.tell("service_left", name, formed, changed)
        flows = max(world.ledger.of_service(name), 0.0)
        cost = protected(world, e("money.exit_per_saving") * flows)
        world.ledger.pay(now, ONE_OFF, "service left", cost, among=world.among((name,)))
        world.ledger.unwind(now, e("endings.unwinding_months"), kept_when_parted(world), name)

    def call_off(self, world: World, package: Package) -> None:
        """Work on a package that is needed no more stops, or is never begun."""
        process = self.in_hand[world.place].processes.get(package.name)
        if process is None:
            world.tell("not_needed", package, "its service is shared no more")
        elif process.is_alive:
            process.interrupt("its service is shared no more")

    def join(self, world: World, package: Package) -> Process:
        """Join a service: review, consultation, decision, joint team, bedding-in, then rework of errors found."""
        e, weight, several = world.e, world.e("services.stage_weight"), len(package.covers) > 1
        redesign_of = self.own[world.place].redesign_of
        redesigned = all(world.reached(f"finished {redesign_of.get(name, '')}") for name in package.covers)
        again = e("services.review_after_redesign") if redesigned else 1.0
        longer = e("services.restructure_longer") if several else 1.0
        yield from self.managed(world, "review", package, e("time.review") * again * longer, weight)
        yield from self.consultation(world, package)
        yield from self.decision(world, package, e("members.depth_joint") + several * e("members.depth_restructure"))
        self.own[world.place].savings.pay_set_up(package)
        yield from self.matching(world, package)
        if several:
            self.cut_posts(world, package, self.own[world.place].savings.begin_with_posts(package))
        months = mechanisms.longer(e("time.implementation"), e("culture.slows"), world.fact("culture_gap"))
        yield from self.managed(world, "implementation", package, months * longer, weight)
        yield from self.live(world, package)

    def quick_wins(self, world: World, package: Package) -> Process:
        """Elections, member development, performance management, equalities: little money, but members see it."""
        e = world.e
        months = e("time.quick_wins") * self.luck_of(world, "implementation", package)
        yield from self.stage(world, "implementation", package, world.managers_work, months, e("services.stage_weight"))
        world.ledger.stream(SAVING, "quick wins").ramp(
            world.env.now, e("money.joint_ramp"), e("money.quick_wins_saving") * world.expenditure()
        )
        world.report(package, "formed")
        world.tell("quick_wins")

    def redesign(self, world: World, package: Package) -> Process:
        """Redesign a service: design with staff, decide, change with OD, embed, then rework."""
        e, weight = world.e, world.e("services.stage_weight")
        joined = all(world.reached(f"formed {joint(name)}") for name in package.covers)
        apart = 1.0 if joined else e("services.redesign_apart")
        apart = mechanisms.redesign_slowed(apart, e("enablers.missing_slows"), "joint_ict" not in world.in_place)
        yield from self.managed(world, "design", package, e("time.design") * apart, weight)
        second_order = world.current(SequenceLevers).ambition == "second_order"
        further = e("members.depth_second_order") if second_order else 0.0
        yield from self.decision(world, package, e("members.depth_redesign") + further)
        self.own[world.place].savings.pay_set_up(package)
        wider = e("services.second_order_work") if second_order else 1.0
        wider *= e("services.horizontal_work") if len(package.covers) > 1 else 1.0
        yield from self.with_od(world, package, e("od.months_per_redesign") * apart * wider)
        yield from self.managed(world, "implementation", package, e("time.embed"), weight)
        yield from self.live(world, package)

    def commission(self, world: World, package: Package) -> Process:
        """Specify, decide, let the contract and transfer the staff; then put right what was wrongly specified."""
        e, weight, savings = world.e, world.e("services.stage_weight"), self.own[world.place].savings
        yield from self.managed(world, "design", package, e("time.design"), weight)
        yield from self.decision(world, package, e("members.depth_commission"))
        savings.pay_set_up(package)
        valued = 1.0 + e("commissioning.valuation_slows")
        yield from self.managed(world, "procurement", package, e("time.procurement") * valued, 0.5 * weight)
        waiting = e("services.waiting_weight")
        yield from self.with_hr(
            world, package, "transfer", e("commissioning.hr_months"), e("time.consultation_few"), waiting
        )
        share = world.given.touched(package.covers)
        world.posts_cut.put(("transfer", package.name, share * world.headcount(), 0.0))
        yield from self.live(world, package)
        world.contracts.put((package.name, savings.potential(package)))

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
