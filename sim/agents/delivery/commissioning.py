"""Commissioning: services handed to contractors, and contracts that hold or fail as skills thin."""

from sim.core.inputs.levers import LeverGroup, share, yes_or_no
from sim.core.ledger import ALL, ONE_OFF, RUNNING_COST, SAVING, Account
from sim.core.mechanisms import contract_failure
from sim.core.world import Agent, Process, World


class CommissioningLevers(LeverGroup):
    """Levers of commissioning: extent and form of contracts for services."""

    share: float = share(
        0.0,
        "Share of customer-facing services that are commissioned from others instead of redesigned",
        "D-COMMISSION",
        "at the start",
    )
    workforce_planning: bool = yes_or_no(
        False, "Whether workforce planning is written into the contracts", "D-COMMISSION"
    )


class Commissioning(Agent):
    """Agent that watches each contract from its start; each contract may fail once."""

    levers = (CommissioningLevers,)

    def begin(self, world: World) -> None:
        """Wait for contracts, if any service is to be commissioned."""
        if world.current(CommissioningLevers).share:
            world.env.process(self.receive(world))

    def receive(self, world: World) -> Process:
        """Start a process that watches a new contract."""
        contracts = world.contracts
        while True:
            if not contracts.items:
                yield contracts.arrival()
            for name, annual in contracts.take():
                world.env.process(self.watch(world, name, annual))

    def watch(self, world: World, name: str, annual: float) -> Process:
        """Pay the commissioners; the contract may fail at a yearly rate that rises as skills thin (M-CO2)."""
        e = world.e
        posts = e("commissioning.posts") * e("money.added_post")
        world.ledger.stream(RUNNING_COST, "commissioning posts").ramp(world.env.now, 0.0, -posts)
        if not world.on("shocks"):
            return
        left, years = world.luck.threshold("contract fails", name), 0.0
        while world.status != "dissolved":
            thin = 0.0 if world.current(CommissioningLevers).workforce_planning else e("commissioning.thin_skills")
            rate = contract_failure(e("commissioning.fails"), thin, years)
            if left < rate:
                yield world.env.timeout(12.0 * left / rate)
                self.fail(world, name, annual)
                return
            left -= rate
            years += 1.0
            yield world.env.timeout(12.0)

    def fail(self, world: World, name: str, annual: float) -> None:
        """Contract failure: its saving is lost, and the service is let again or taken back, at a cost."""
        if world.status == "dissolved":
            return
        now, services = world.env.now, world.covered(name)
        world.record(name, "contract failed", "skills have thinned")
        world.tell("aggrieved", None, "failed_service")
        world.tell("service_fails", name.partition(": ")[2])
        among = world.among(services)
        world.ledger.pay(now, ONE_OFF, "failed contracts", annual * world.e("commissioning.failure_costs"), among=among)
        own = Account(among, services[0]) if services[0] in world.given.arrangements else ALL
        world.ledger.stream(SAVING, "commissioning", own).ramp(
            now, world.e("commissioning.failure_months"), -annual * world.e("commissioning.failure_loses")
        )
