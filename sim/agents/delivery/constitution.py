"""Constitution: one employer, an owned company, a merger; partners who join late or leave."""

from math import fsum

from sim.agents.delivery.decisions import decide
from sim.agents.delivery.work import Carrier, flowing, protected
from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.agents.politics.votes import JOINING
from sim.core import mechanisms
from sim.core.inputs.packages import ORGANISATION, PRINCIPLE, Package
from sim.core.ledger import ONE_OFF, RUNNING_COST, SAVING
from sim.core.world import Meeting, Process, World

SET_ANEW = ("coordination", "posts still in place")
"""Cost streams of governance and staffing recomputed each month from the councils inside."""


class Constitution(Carrier):
    """Agent for the deepest steps and for partners who join or leave."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.fact(self, inside=float(len(meeting.names)))
        self.carry({PRINCIPLE: self.agree, ORGANISATION: self.found})

    def begin(self, world: World) -> None:
        """Start a process for each step at its release, for a late partner and for one that leaves."""
        super().begin(world)
        joiner = world.current(GovernanceLevers).joiner
        if joiner:
            c = world.names.index(joiner)
            self.let(world, c, False)
            world.ledger.reshare(0, self.shares(world))
            if world.packages:
                world.env.process(self.welcome(world, c))
        world.env.process(self.let_partners_go(world))

    def let(self, world: World, c: int, inside: bool) -> None:
        """Admit a council to sharing, or end its sharing."""
        world.inside[c] = inside
        self.put(world, "inside", float(sum(world.inside)))
        self.meeting.everyone_inside = all(all(each.inside) for each in self.meeting.worlds)

    def shares(self, world: World) -> tuple[float, ...]:
        """Shares of costs and savings among the councils inside, by the rule agreed."""
        rule = world.partnership.sharing_shares(world.current(MoneyLevers).sharing_rule)
        inside = [share if here else 0.0 for share, here in zip(rule, world.inside, strict=True)]
        if not any(inside):  # by need, where nobody inside has any
            sizes = world.given.expenditure_shares
            inside = [size if here else 0.0 for size, here in zip(sizes, world.inside, strict=True)]
        total = fsum(inside)
        return tuple(share / total for share in inside)

    def agree(self, world: World, package: Package) -> Process:
        """A short paper, and a vote at every council on whether to share at all; the detail is decided later (C-6)."""
        months = world.e("time.principle") * self.luck_of(world, "preparation", package)
        yield from self.stage(world, "preparation", package, world.managers_work, months)
        yield from self.decision(world, package, world.e("members.depth_principle"))

    def found(self, world: World, package: Package) -> Process:
        """Carry out a step: preparation, decision at every council, transfer of people, and its consequences."""
        e, name = world.e, package.name
        months = e(f"time.{name}") * self.luck_of(world, "preparation", package)
        yield from self.stage(
            world, "preparation", package, world.managers_work, 0.5 * months, e("organisation.weight")
        )
        yield from self.decision(world, package, e(f"members.depth_{name}"))
        cost = e(f"organisation.{name}_cost") * (world.expenditure() if name == "merger" else 1.0)
        world.ledger.pay(world.env.now, ONE_OFF, f"{name.replace('_', ' ')}: set-up", cost)
        yield from self.with_hr(
            world,
            package,
            "transfer",
            e("organisation.hr_months"),
            e("time.consultation_few"),
            e("organisation.weight"),
        )
        yield from self.stage(
            world, "implementation", package, world.managers_work, 0.5 * months, e("organisation.weight")
        )
        self.gain(world, name)
        world.tell("in_place", name)

    def gain(self, world: World, name: str) -> None:
        """Saving of the step beyond joint teams; for a merger, less where more is already joined (P-25)."""
        e = world.e
        now = world.env.now
        if name == "merger":
            saving = mechanisms.merger_saving(
                *(world.expenditure(), world.fact("joined"), e("organisation.merger_realises")),
                *(e("money.joint_teams_saving"), e("money.procurement_saving"), e("organisation.democracy_saving")),
            )
            world.tell("chief_executive", True)
            world.tell("ending", "merged", "voted by every council")
        else:
            saving = world.expenditure() * e(f"organisation.{name}_saving")
        world.ledger.stream(SAVING, name.replace("_", " ")).ramp(now, 12.0, saving * world.given.prize)
        if name == "company":
            world.ledger.stream(RUNNING_COST, "company").ramp(now, 0.0, -e("organisation.company_running"))

    def welcome(self, world: World, c: int) -> Process:
        """Process by which a late partner joins, if all agree, takes its share and pays the cost."""
        e = world.e
        month = world.current(GovernanceLevers).joins_month
        if month >= world.given.horizon:
            return
        yield world.env.timeout(month)
        while not world.finished and world.status == "running":
            yield world.env.timeout(e("time.committee_cycle"))
        step = Package(f"{JOINING}{world.names[c]}", ORGANISATION)
        world.record("partnership", "partner asks to join", world.names[c])
        agreed = yield from decide(world, step, e("members.depth_joint"))
        if not agreed or world.status == "dissolved":
            world.record("partnership", "partner turned away", world.names[c])
            return
        yield from world.managers_work.work(
            e("time.joining") * self.luck_of(world, "joining", step), e("organisation.joiner_weight")
        )
        if world.status != "dissolved":
            self.take_in(world, c)

    def take_in(self, world: World, c: int) -> None:
        """Admit the late partner: its gain is in proportion to size, less a loss for being late."""
        e = world.e
        now, sizes = world.env.now, world.given.expenditure_shares
        before = fsum(size for size, here in zip(sizes, world.inside, strict=True) if here)
        joining = [size if world.inside[each] or each == c else 0.0 for each, size in enumerate(sizes)]
        takes = world.given.parts(joining)[c] / (joining[c] / fsum(joining))
        annual = flowing(world) * sizes[c] / before * takes * e("organisation.joiner_realises")
        self.let(world, c, True)
        world.ledger.pay(now, ONE_OFF, "partner joins", annual * e("organisation.joiner_cost"), council=c)
        world.ledger.stream(SAVING, "partner joined").ramp(now, e("money.joint_ramp"), annual)
        world.ledger.reshare(int(now) + 1, self.shares(world))
        world.record("partnership", "partner joined", world.names[c])

    def let_partners_go(self, world: World) -> Process:
        """Process by which a council leaves, takes its part of the saving and pays; the others go on."""
        leaving = world.partners_leaving
        while True:
            if not leaving.items:
                yield leaving.arrival()
            for c, cause in leaving.take():
                self.leave(world, c, cause)

    def leave(self, world: World, c: int, cause: str) -> None:
        """End one council's sharing."""
        e = world.e
        if not world.inside[c] or sum(world.inside) <= 2:
            return
        now, sizes = world.env.now, world.given.expenditure_shares
        inside = [size if here else 0.0 for size, here in zip(sizes, world.inside, strict=True)]
        part = world.given.parts(inside)[c] / fsum(world.given.parts(inside))
        cost = protected(world, e("money.exit_per_saving") * flowing(world) * part)
        world.ledger.pay(now, ONE_OFF, "partner leaves", cost, council=c)
        keeps = e("organisation.left_keeps")

        def goes(among: tuple[int, ...] | None) -> float:
            sharing = inside if among is None else [inside[each] for each in among]
            return 0.0 if among is not None and c not in among else inside[c] / fsum(sharing) * (1.0 - keeps)

        world.ledger.shrink(now, e("endings.unwinding_months"), goes, but=SET_ANEW)
        self.let(world, c, False)
        world.tell("parted", c)
        world.tell("council_gone")
        world.ledger.reshare(int(now) + 1, self.shares(world))
        world.record(world.names[c], "partner left", cause)
        world.changes_of_people.put(("leader", world.names[c]))
