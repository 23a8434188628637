"""Enablers: joint ICT, one HR and payroll system, shared buildings. Early, late or never."""

from sim.agents.work import Carrier
from sim.ledger import ONE_OFF, SAVING
from sim.levers import LeverGroup, lever
from sim.packages import ENABLER, Package, Timing
from sim.world import Process, World


class EnablersLevers(LeverGroup):
    """When the infrastructure is joined: early, once a chief executive is shared; late, when half of all teams are."""

    joint_ict: Timing = lever(
        "late", "When the councils' ICT is joined", unit="choice", source="D-INFRA", changes="at the start"
    )
    hr_payroll: Timing = lever(
        "late", "When one HR and payroll system is put in", unit="choice", source="D-INFRA", changes="at the start"
    )
    accommodation: Timing = lever(
        "late", "When buildings are shared", unit="choice", source="D-INFRA", changes="at the start"
    )


class Enablers(Carrier):
    """Project teams put in what all services need."""

    levers = (EnablersLevers,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        e = world.e
        self.part = {
            "joint_ict": e("enablers.ict_share"), "accommodation": e("enablers.buildings_share"), "hr_payroll": 0.0,
        }  # fmt: skip

    def start(self) -> None:
        """Each is a process of its own, from its release on."""
        self.carry({ENABLER: self.put_in})

    def annual(self, name: str) -> float:
        """Pounds a year that an enabler saves those inside, once it is in place."""
        world = self.world
        whole = world.expenditure() * world.given.prize_left * world.e("money.procurement_saving")
        return whole * self.part[name]

    def put_in(self, package: Package) -> Process:
        """Agree, pay, put in with a little of managers' time and HR's where it is HR's own system."""
        world, e, name = self.world, self.world.e, package.name
        yield from self.decision(package, 0.0)
        cost = e("enablers.payroll_cost") if name == "hr_payroll" else self.annual(name) * e("enablers.cost")
        world.ledger.pay(world.env.now, ONE_OFF, f"{name.replace('_', ' ')}: set-up", cost)
        if name == "hr_payroll":
            yield from self.with_hr(package, "systems", e("enablers.hr_months"), 0.0, e("enablers.weight"))
        months = e(f"time.{name}") * self.luck_of("implementation", package)
        yield from self.stage("implementation", package, world.managers_work, months, e("enablers.weight"))
        annual = self.annual(name) if world.on("enablers") else 0.0
        world.ledger.stream(SAVING, name.replace("_", " ")).ramp(world.env.now, e("enablers.ramp"), annual)
        world.progress.enablers.add(name)
