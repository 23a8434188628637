"""Savings: what packages of services cost to set up, and what they save a year once they are live."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum

from sim.agents.delivery.commissioning import CommissioningLevers
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.agents.programme_office import SequenceLevers
from sim.agents.staff import StaffLevers
from sim.agents.surplus import StaffingLevers
from sim.core import mechanisms
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN, Package
from sim.core.ledger import ALL, ONE_OFF, SAVING, Account
from sim.core.world import World

RECOVERY_RAMP = 6.0
"""Months over which a recovered saving ramps up: half of a joint team's."""
CAUSES = {JOINT: "joint_teams", REDESIGN: "transformation", COMMISSION: "commissioning"}
"""Cause of saving for each kind of package, as named in the ledger and the evidence."""
_RAMPS = {JOINT: "money.joint_ramp", REDESIGN: "money.transformation_ramp", COMMISSION: "money.commissioning_ramp"}


@dataclass(frozen=True, slots=True)
class Savings:
    """Cost and savings of service packages in one history; `shares` are services' shares of all spending.

    `begun` is what a restructure saves already, in pounds a year by account, before its teams are formed.
    """

    world: World
    shares: dict[str, float]
    begun: dict[Account, float] = field(default_factory=dict)

    def spent_on(self, services: Sequence[str]) -> float:
        """Pounds a year that these services cost the councils that share them, less what was cut alone before."""
        world = self.world
        costs = [world.expenditure((name,)) * self.shares[name] for name in services if name not in world.left]
        return fsum(costs) * world.given.prize

    def potential(self, package: Package) -> float:
        """Pounds a year that the package could save at best."""
        return self.could_save(package.kind, package.covers)

    def could_save(self, kind: str, services: Sequence[str]) -> float:
        """Pounds a year that a package of this kind could save in these services at best."""
        product, share = mechanisms.product, self.world.e(f"money.{CAUSES[kind]}_saving")
        if kind == JOINT:
            return fsum([product(product(share, self.multiple(one)), self.spent_on((one,))) for one in services])
        most = product(share, self.spent_on(services))
        return product(boldness(self.world), most) if kind == REDESIGN else most

    def multiple(self, service: str) -> float:
        """Saving of joining a service against one that faces customers, as a share of its cost."""
        world, corporate = self.world, self.world.given.services[service].kind == "corporate"
        usual = world.e("money.corporate_multiple") if corporate else 1.0
        return mechanisms.with_county(
            usual, world.e("governance.county_teams"), world.current(GovernanceLevers).with_county
        )

    def posts(self, package: Package) -> float:
        """Posts that are expected to go, before anything leaks or goes wrong."""
        e = self.world.e
        return mechanisms.posts_behind(self.potential(package), e("money.pay_share_of_saving"), e("money.officer_post"))

    def pay_set_up(self, package: Package) -> None:
        """Pay the one-off set-up cost, a share of the saving the step enables."""
        world, cause = self.world, CAUSES[package.kind]
        share = world.e(f"money.{cause}_one_off")
        if package.kind == COMMISSION and world.current(CommissioningLevers).workforce_planning:
            share += world.e("commissioning.planning_cost")
        what = f"{cause.replace('_', ' ')}: set-up"
        for account, services in self.accounts(package):
            cost = share * self.could_save(package.kind, services)
            world.ledger.pay(world.env.now, ONE_OFF, what, cost, among=account.among)

    def begin_with_posts(self, package: Package) -> float:
        """A restructure's posts go as people are appointed: their pay is saved before teams are formed (C-20).

        Returns pounds a year that the restructure would save where nothing was done wrong.
        """
        e, annual = self.world.e, 0.0
        for account, services in self.accounts(package):
            saved = mechanisms.realised(self.could_save(JOINT, services), leak(self.world), 0.0)
            self.begun[account] = mechanisms.product(e("money.pay_share_of_saving"), saved)
            self.flow(CAUSES[JOINT].replace("_", " "), e("money.restructure_ramp"), self.begun[account], account)
            annual += saved
        return annual

    def begin(self, package: Package, wrong: float) -> float:
        """Savings ramp up, less what leaks and the share done wrong; pounds a year of the main one."""
        annual = 0.0
        for account, services in self.accounts(package):
            annual += self.begin_for(package, account, services, wrong)
        return annual

    def begin_for(self, package: Package, account: Account, services: Sequence[str], wrong: float) -> float:
        """The same for services that are one account; pounds a year of the main saving."""
        world, e, kind = self.world, self.world.e, package.kind
        ramp = e("money.restructure_ramp" if kind == JOINT and len(package.covers) > 1 else _RAMPS[kind])
        annual = mechanisms.realised(self.could_save(kind, services), leak(world), wrong)
        self.flow(CAUSES[kind].replace("_", " "), ramp, annual - self.begun.pop(account, 0.0), account)
        spent = self.spent_on(services)
        if kind == JOINT:
            shared = spent * e("money.procurement_saving") * bought_together(world, services)
            self.flow("procurement and property", 2.0 * ramp, shared, account)
        elif kind == REDESIGN and world.current(MoneyLevers).aims == "revenue_too":
            self.flow("income", 2.0 * ramp, spent * e("money.revenue_gain"), account)
        return annual

    def recover(self, package: Package, share: float) -> None:
        """What rework put right is saved after all."""
        for account, services in self.accounts(package):
            annual = mechanisms.recovered(self.could_save(package.kind, services), leak(self.world), share)
            self.flow(CAUSES[package.kind].replace("_", " "), RECOVERY_RAMP, annual, account)

    def accounts(self, package: Package) -> list[tuple[Account, tuple[str, ...]]]:
        """The services touched that are shared still, by account: one of its own for each with an arrangement."""
        world, own = self.world, self.world.given.arrangements
        still = [name for name in package.covers if name not in world.left]
        usual = tuple(name for name in still if name not in own)
        single = [name for name in still if name in own]
        found: list[tuple[Account, tuple[str, ...]]] = [(ALL, usual)] if usual else []
        return found + [(Account(world.among((name,)), name), (name,)) for name in single]

    def flow(self, cause: str, ramp: float, annual: float, account: Account = ALL) -> None:
        """A saving grows from now on, over so many months."""
        self.world.ledger.stream(SAVING, cause, account).ramp(self.world.env.now, ramp, annual)


def savings_of(world: World) -> Savings:
    """The savings of a history."""
    return Savings(world, shares_of_cost(world))


def shares_of_cost(world: World) -> dict[str, float]:
    """Each service's share of all spending, with what luck makes of it."""
    spread = world.e("services.size_spread")
    spend = {
        name: service.spend_weight * world.luck.lognormal(spread, "service cost", name)
        for name, service in world.given.services.items()
    }
    total = fsum(spend.values())
    return {name: cost / total for name, cost in spend.items()}


def bought_together(world: World, services: Sequence[str]) -> float:
    """Part of the saving of joint procurement, ICT and property that comes with the joint teams of these services."""
    e = world.e
    part = 1.0 if world.current(GovernanceLevers).with_county else world.given.with_outsider(services)
    county = e("governance.county_saving") * part
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
        *(e("staffing.security_unlocks"), world.current(StaffingLevers).secure),
        world.fact("funded_boldness"),
    )


def leak(world: World) -> float:
    """Share of the potential lost through fatigue, low engagement and overload."""
    e, fact = world.e, world.fact
    return mechanisms.leakage(
        *(e("leakage.base"), e("leakage.by_fatigue"), fact("mean_fatigue")),
        *(e("leakage.by_disengagement"), fact("mean_engagement")),
        *(e("leakage.by_overload"), min(fact("overload"), 1.0)),
    )
