"""Keeps the monthly grid: the levels of all soft states and the gauges beside them."""

from sim.history import PENCE_PER_GBP_M
from sim.world import World


class Recorder:
    """Notes one row a month, nothing computed from it."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.history.state_names = tuple(world.states.names)

    def note(self) -> None:
        """The levels at the pulse of this month."""
        world = self.world
        if world.recording:
            saving = world.ledger.annual_rate / PENCE_PER_GBP_M
            world.history.states.append(world.states.levels)
            world.history.gauges.append(
                (saving, world.hr.queue, world.od.queue, world.people.load, world.people.coordination)
            )

    def close(self) -> None:
        """At the horizon: what was planned for it, and the money."""
        history, promise = self.world.history, self.world.given.promise
        history.planned_packages = len(self.world.packages)
        history.planned_months = promise.months
        history.target_saving_gbp_m = max(promise.saving[: history.horizon + 1], default=0.0) / PENCE_PER_GBP_M
        history.money = self.world.ledger.totals()
        history.ledger = self.world.ledger.lines
        history.shares = [self.world.ledger.shares_at(month) for month in range(history.horizon)]
        history.borne = self.world.ledger.borne()
