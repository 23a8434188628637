"""Savings: what packages of services cost to set up, and what they save a year once they are live."""

from dataclasses import dataclass
from math import fsum

from sim.agents.delivery.commissioning import CommissioningLevers
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.agents.surplus import StaffingLevers
from sim.core import mechanisms
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN, Package
from sim.core.ledger import ONE_OFF, POUNDS_PER_MILLION, SAVING
from sim.core.world import World

RECOVERY_RAMP = 6.0
"""Months over which a recovered saving ramps up: half of a joint team's."""
CAUSES = {JOINT: "joint_teams", REDESIGN: "transformation", COMMISSION: "commissioning"}
"""Cause of saving for each kind of package, as named in the ledger and the evidence."""
_RAMPS = {JOINT: "money.joint_ramp", REDESIGN: "money.transformation_ramp", COMMISSION: "money.commissioning_ramp"}


@dataclass(frozen=True, slots=True)
class Savings:
    """Cost and savings of service packages in one history; `shares` are services' shares of all spending."""

    world: World
    shares: dict[str, float]

    def spending(self, package: Package) -> float:
        """Spending on the services touched, in pounds a year, of councils inside, less earlier cuts of their own."""
        world = self.world
        councils = zip(world.partnership.councils, world.inside)
        total = fsum([c.service_expenditure_gbp_m * POUNDS_PER_MILLION for c, here in councils if here])
        return total * fsum([self.shares[name] for name in package.covers]) * world.given.prize_left

    def potential(self, package: Package) -> float:
        """Maximum saving of the package, in pounds a year."""
        world = self.world
        most = mechanisms.product(world.e(f"money.{CAUSES[package.kind]}_saving"), self.spending(package))
        if package.kind == JOINT and world.given.services[package.covers[0]].kind == "corporate":
            return most * world.e("money.corporate_multiple")
        return mechanisms.product(boldness(world), most) if package.kind == REDESIGN else most

    def pay_set_up(self, package: Package) -> None:
        """Pay the one-off set-up cost, a share of the saving the step enables."""
        world, cause = self.world, CAUSES[package.kind]
        share = world.e(f"money.{cause}_one_off")
        if package.kind == COMMISSION and world.current(CommissioningLevers).workforce_planning:
            share += world.e("commissioning.planning_cost")
        what = f"{cause.replace('_', ' ')}: set-up"
        world.ledger.pay(world.env.now, ONE_OFF, what, share * self.potential(package))

    def begin(self, package: Package, wrong: float) -> float:
        """Start savings, net of leakage and errors. Returns pounds a year of the main one."""
        world, e = self.world, self.world.e
        ramp = e(_RAMPS[package.kind])
        annual = mechanisms.realised(self.potential(package), leak(world), wrong)
        self.flow(CAUSES[package.kind].replace("_", " "), ramp, annual)
        if package.kind == JOINT:
            shared = self.spending(package) * e("money.procurement_saving") * bought_together(world)
            self.flow("procurement and property", 2.0 * ramp, shared)
        elif package.kind == REDESIGN and world.current(MoneyLevers).aims == "revenue_too":
            self.flow("income", 2.0 * ramp, self.spending(package) * e("money.revenue_gain"))
        return annual

    def recover(self, package: Package, share: float) -> None:
        """Start the saving that rework recovered."""
        annual = mechanisms.recovered(self.potential(package), leak(self.world), share)
        self.flow(CAUSES[package.kind].replace("_", " "), RECOVERY_RAMP, annual)

    def flow(self, cause: str, ramp: float, annual: float) -> None:
        """Add a saving that ramps up from now over some months."""
        self.world.ledger.stream(SAVING, cause).ramp(self.world.env.now, ramp, annual)


def savings_of(world: World) -> Savings:
    """Savings object of a history, with each service's random cost factor."""
    spread = world.e("services.size_spread")
    spend = {
        name: service.spend_weight * world.luck.lognormal(spread, "service cost", name)
        for name, service in world.given.services.items()
    }
    total = fsum(spend.values())
    return Savings(world, {name: cost / total for name, cost in spend.items()})


def bought_together(world: World) -> float:
    """Share of the joint procurement, ICT and property saving that comes with each joint team."""
    e = world.e
    county = e("governance.county_saving") if world.current(GovernanceLevers).with_county else 0.0
    parts = e("enablers.ict_share"), e("enablers.buildings_share")
    return mechanisms.bought_together(e("enablers.save"), *parts, county)


def boldness(world: World) -> float:
    """Potential of redesign relative to the usual: aims, leadership, thinking time, security (M-LD1, M-LD2)."""
    e, shape, development = world.e, world.current(SequenceLevers), world.current(DevelopmentLevers)
    ambition = e("services.second_order_potential") if shape.ambition == "second_order" else 1.0
    breadth = e("services.horizontal_potential") if shape.shape == "horizontal" else 1.0
    style = {"shared": 1.0, "commanding": -1.0}.get(development.leadership, 0.0)
    return mechanisms.boldness_of(
        *(ambition, breadth, e("development.shared_innovation"), style),
        *(e("development.ideas"), development.thinking_time, world.current(StaffLevers).involvement),
        *(e("staffing.security_unlocks"), world.current(StaffingLevers).route == "redeployment"),
    )


def leak(world: World) -> float:
    """Share of the potential lost through fatigue, low engagement and overload."""
    e, fact = world.e, world.fact
    return mechanisms.leakage(
        *(e("leakage.base"), e("leakage.by_fatigue"), fact("mean_fatigue")),
        *(e("leakage.by_disengagement"), fact("mean_engagement")),
        *(e("leakage.by_overload"), min(fact("overload"), 1.0)),
    )
