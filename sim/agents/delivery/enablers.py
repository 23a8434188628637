"""Enablers: joint ICT, one HR and payroll system, shared buildings. Early, late or never."""

from sim.agents.delivery.work import Carrier
from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice
from sim.core.inputs.packages import ENABLER, Package, Timing
from sim.core.ledger import ONE_OFF, SAVING
from sim.core.world import Meeting, Process, World

FELT = ("accommodation", "hr_payroll", "one_employer", "merger")
"""Enablers that staff notice once in place."""


class EnablersLevers(LeverGroup):
    """Levers for infrastructure: early (once a chief executive is shared), late, or never.

    Late, ICT and payroll wait for the team that runs them, buildings for half of the teams.
    """

    joint_ict: Timing = choice("late", "When the councils' ICT is joined", "D-INFRA", "at the start")
    hr_payroll: Timing = choice("late", "When one HR and payroll system is put in", "D-INFRA", "at the start")
    accommodation: Timing = choice("late", "When buildings are shared", "D-INFRA", "at the start")


class Enablers(Carrier):
    """Agent for joint infrastructure, put in by project teams."""

    levers = (EnablersLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.fact(self, accommodation=0.0, hr_payroll=0.0, one_employer=0.0, merged=0.0)
        meeting.readers["in_place"] = self.put_in_place
        self.carry({ENABLER: self.put_in})

    def put_in_place(self, world: World, name: str) -> None:
        """Record that a joint system, building, set of terms or organisation is in place."""
        world.in_place.add(name)
        if name in FELT:
            self.put(world, "merged" if name == "merger" else name, 1.0)

    def annual(self, world: World, name: str) -> float:
        """Pounds a year that an enabler saves those inside, once it is in place."""
        if name == "hr_payroll":
            return mechanisms.product(world.e("enablers.payroll_saving"), world.headcount())
        part = _PARTS[name]
        whole = world.e("money.procurement_saving")
        return mechanisms.system_saving(world.expenditure(), world.given.prize, whole, world.e(part))

    def put_in(self, world: World, package: Package) -> Process:
        """Agree, pay and install an enabler, using some of managers' time, and HR's for HR's own system."""
        e, name, weight = world.e, package.name, world.e("enablers.weight")
        yield from self.decision(world, package, 0.0)
        cost = e("enablers.payroll_cost") if name == "hr_payroll" else self.annual(world, name) * e("enablers.cost")
        world.ledger.pay(world.env.now, ONE_OFF, f"{name.replace('_', ' ')}: set-up", cost)
        if name == "hr_payroll":
            yield from self.with_hr(world, package, "systems", e("enablers.hr_months"), 0.0, weight)
        months = e(f"time.{name}") * self.luck_of(world, "implementation", package)
        yield from self.stage(world, "implementation", package, world.managers_work, months, weight)
        annual = self.annual(world, name) * e("enablers.save")
        world.ledger.stream(SAVING, name.replace("_", " ")).ramp(world.env.now, e("enablers.ramp"), annual)
        self.put_in_place(world, name)


_PARTS = {"joint_ict": "enablers.ict_share", "accommodation": "enablers.buildings_share"}
"""Share of the joint procurement, ICT and property saving due to each enabler."""
