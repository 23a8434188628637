"""Constitution: one employer, an owned company, a merger; partners who join late or leave."""

from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.agents.work import JOINING, Carrier, flowing, protected
from sim.ledger import ONE_OFF, RUNNING_COST, SAVING
from sim.packages import ORGANISATION, Package
from sim.world import Process, World

SET_ANEW = ("coordination", "posts still in place")
"""Costs that governance and staffing set anew, month by month, by who is inside."""


class Constitution(Carrier):
    """Carries the deepest steps, and says who is inside."""

    levers = ()

    def __init__(self, world: World) -> None:
        super().__init__(world)
        joiner = world.current(GovernanceLevers).joiner
        self.joiner = world.names.index(joiner) if joiner else None
        if self.joiner is not None:
            world.inside[self.joiner] = False
            world.ledger.reshare(0, self.shares())

    def start(self) -> None:
        """Each step is a process of its own, from its release on; so are a late partner and one that leaves."""
        self.carry({ORGANISATION: self.found})
        if self.joiner is not None and self.world.packages:
            self.world.env.process(self.welcome(self.joiner))
        self.world.env.process(self.let_partners_go())

    def shares(self) -> tuple[float, ...]:
        """Each council's share of costs and savings among those inside, by the rule agreed."""
        world = self.world
        rule = world.partnership.sharing_shares(world.current(MoneyLevers).sharing_rule)
        inside = [share if here else 0.0 for share, here in zip(rule, world.inside, strict=True)]
        if not any(inside):  # by need, where nobody inside has any
            sizes = world.given.expenditure_shares
            inside = [size if here else 0.0 for size, here in zip(sizes, world.inside, strict=True)]
        total = sum(inside)
        return tuple(share / total for share in inside)

    def found(self, package: Package) -> Process:
        """Prepare, decide at every council, transfer people, and live with what follows."""
        world, e, name = self.world, self.world.e, package.name
        months = e(f"time.{name}") * self.luck_of("preparation", package)
        yield from self.stage("preparation", package, world.managers_work, 0.5 * months, e("organisation.weight"))
        yield from self.decision(package, e(f"members.depth_{name}"))
        cost = e(f"organisation.{name}_cost") * (world.expenditure() if name == "merger" else 1.0)
        world.ledger.pay(world.env.now, ONE_OFF, f"{name.replace('_', ' ')}: set-up", cost)
        yield from self.with_hr(
            package, "transfer", e("organisation.hr_months"), e("time.notice"), e("organisation.weight")
        )
        yield from self.stage("implementation", package, world.managers_work, 0.5 * months, e("organisation.weight"))
        self.gain(name)
        world.progress.enablers.add(name)

    def gain(self, name: str) -> None:
        """What the step saves beyond joint teams: a merger joins what is not yet joined, so less the more is (P-25)."""
        world, e = self.world, self.world.e
        now = world.env.now
        if name == "merger":
            apart = (1.0 - world.progress.joined_share) * e("organisation.merger_realises")
            whole = e("money.joint_teams_saving") + e("money.procurement_saving")
            saving = world.expenditure() * (apart * whole + e("organisation.democracy_saving"))
            world.people.chief_executive_in_post = True
            world.history.ended_by = "merged"
            world.record("partnership", "merged", "voted by every council")
        else:
            saving = world.expenditure() * e(f"organisation.{name}_saving")
        world.ledger.stream(SAVING, name.replace("_", " ")).ramp(now, 12.0, saving * world.given.prize_left)
        if name == "company":
            world.ledger.stream(RUNNING_COST, "company").ramp(now, 0.0, -e("organisation.company_running"))

    # -- partners who join and leave --

    def welcome(self, c: int) -> Process:
        """A late partner is taken in, if all agree: its part of what is shared follows, at a cost."""
        world, e = self.world, self.world.e
        month = world.current(GovernanceLevers).joins_month
        if month >= world.given.horizon:
            return
        yield world.env.timeout(month)
        while not world.progress.finished and world.progress.status == "running":
            yield world.env.timeout(e("time.committee_cycle"))
        step = Package(f"{JOINING}{world.names[c]}", ORGANISATION)
        world.record("partnership", "partner asks to join", world.names[c])
        agreed = yield from self.decide(step, e("members.depth_joint"))
        if not agreed or world.progress.status == "dissolved":
            world.record("partnership", "partner turned away", world.names[c])
            return
        yield from world.managers_work.work(
            e("time.joining") * self.luck_of("joining", step), e("organisation.joiner_weight")
        )
        if world.progress.status != "dissolved":
            self.take_in(c)

    def take_in(self, c: int) -> None:
        """The partner is inside: it gains by its size what the others gained, less what comes of arriving late."""
        world, e = self.world, self.world.e
        now, sizes = world.env.now, world.given.expenditure_shares
        before = sum(size for size, here in zip(sizes, world.inside, strict=True) if here)
        annual = flowing(world) * sizes[c] / before * e("organisation.joiner_realises")
        world.inside[c] = True
        world.ledger.pay(now, ONE_OFF, "partner joins", annual * e("organisation.joiner_cost"), council=c)
        world.ledger.stream(SAVING, "partner joined").ramp(now, e("money.joint_ramp"), annual)
        world.ledger.reshare(int(now) + 1, self.shares())
        world.record("partnership", "partner joined", world.names[c])

    def let_partners_go(self) -> Process:
        """A council that leaves takes its part of the saving with it, and pays; the others go on."""
        leaving = self.world.partners_leaving
        while True:
            if not leaving.items:
                yield leaving.arrival()
            for c, cause in leaving.take():
                self.leave(c, cause)

    def leave(self, c: int, cause: str) -> None:
        """One council is out from now on."""
        world, e = self.world, self.world.e
        if not world.inside[c] or sum(world.inside) <= 2:
            return
        now, sizes = world.env.now, world.given.expenditure_shares
        inside = sum(size for size, here in zip(sizes, world.inside, strict=True) if here)
        part = sizes[c] / inside
        cost = protected(world, e("money.exit_per_saving") * flowing(world) * part)
        world.ledger.pay(now, ONE_OFF, "partner leaves", cost, council=c)
        goes = part * (1.0 - e("organisation.left_keeps"))
        world.ledger.shrink(now, e("endings.unwinding_months"), goes, but=SET_ANEW)
        world.inside[c] = False
        world.ledger.reshare(int(now) + 1, self.shares())
        world.record(world.names[c], "partner left", cause)
        world.notices_of_change.put((world.names[c], "left"))
