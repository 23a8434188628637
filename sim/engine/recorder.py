"""Keeps the monthly grid: the levels of all soft states and the gauges beside them."""

from sim.core.lanes import by_history, lane, listed
from sim.core.world import Meeting, World
from sim.history import PENCE_PER_GBP_M


class Recorder:
    """Reads the gauges that all may see, and notes one row a month for each history; nothing is computed from it."""

    def __init__(self, meeting: Meeting, record: bool) -> None:
        self.meeting, self.record = meeting, record
        meeting.states.fact(self, saving_rate=0.0, hr_queue=0, od_queue=0, work_in_hand=0.0)
        for world in meeting.worlds:
            world.history.state_names = tuple(meeting.states.names)

    def look(self) -> None:
        """Read the gauges of every history: what the ledger saves a year, queues, and managers' work in hand."""
        old, worlds = self.meeting.states.old, self.meeting.worlds
        old.saving_rate = lane([world.ledger.annual_rate for world in worlds])
        old.hr_queue = lane([world.hr.queue for world in worlds])
        old.od_queue = lane([world.od.queue for world in worlds])
        old.work_in_hand = lane([world.managers_work.load for world in worlds])

    def note(self) -> None:
        """The levels at the pulse of this month, and the gauges."""
        if not self.record:
            return
        states, worlds = self.meeting.states, self.meeting.worlds
        load, coordination = (listed(getattr(states.old, name), len(worlds)) for name in ("load", "coordination"))
        for world, levels, *felt in zip(worlds, by_history(states.levels), load, coordination):
            saving = world.ledger.annual_rate / PENCE_PER_GBP_M
            world.history.states.append(levels)
            world.history.gauges.append((saving, world.hr.queue, world.od.queue, *felt))

    def close(self, world: World) -> None:
        """At the horizon: what was planned for it, and the money."""
        history, promise = world.history, world.given.promise
        history.planned_packages = len(world.packages)
        history.planned_months = promise.months
        history.target_saving_gbp_m = max(promise.saving[: history.horizon + 1], default=0.0) / PENCE_PER_GBP_M
        history.money = world.ledger.totals()
        history.ledger = world.ledger.lines
        history.shares = [world.ledger.shares_at(month) for month in range(history.horizon)]
        history.borne = world.ledger.borne()
