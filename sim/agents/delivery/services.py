"""Services: each is reviewed, consulted on, joined and bedded in, and redesigned or commissioned, with rework."""

from sim.agents.delivery.service_steps import ServiceSteps
from sim.agents.delivery.work import kept_when_parted, protected
from sim.agents.programme_office import SequenceLevers
from sim.core import mechanisms
from sim.core.inputs.packages import COMMISSION, JOINT, QUICK_WINS, REDESIGN, Package, joint
from sim.core.ledger import ONE_OFF, SAVING
from sim.core.world import Meeting, Process, World


class Services(ServiceSteps):
    """Agent that runs one process for each package of each service."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
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
        redesigned = all(world.reached(f"formed {redesign_of.get(name, '')}") for name in package.covers)
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
