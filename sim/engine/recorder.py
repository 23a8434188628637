"""Recorder of the monthly grid: levels of all soft states, and the gauges."""

from sim.core.history import PENCE_PER_GBP_M
from sim.core.lanes import Rows, by_place, each, lane, stacked
from sim.core.ledger import POUNDS_PER_MILLION, SAVING
from sim.core.world import Meeting, World


class Recorder:
    """Reads the gauges and records one row a month for each history; it computes nothing."""

    def __init__(self, meeting: Meeting, record: bool) -> None:
        self.meeting, self.record = meeting, record
        self.levels: list[Rows] = []
        self.gauges: list[Rows] = []
        meeting.states.fact(self, saving_rate=0.0, hr_queue=0, od_queue=0, work_in_hand=0.0)
        for world in meeting.worlds:
            world.history.state_names = tuple(meeting.states.names)

    def look(self) -> None:
        """Read every history's gauges: annual saving in the ledger, queues, and managers' work in hand."""
        old, worlds = self.meeting.states.old, self.meeting.worlds
        old.saving_rate = lane([world.ledger.annual_rate for world in worlds])
        old.hr_queue = lane([world.hr.queue for world in worlds])
        old.od_queue = lane([world.od.queue for world in worlds])
        old.work_in_hand = lane([world.managers_work.load for world in worlds])

    def note(self, now: float) -> None:
        """Record the levels at this month's pulse, and the gauges."""
        if not self.record:
            return
        states, old = self.meeting.states, self.meeting.states.old
        gauges = (each(_in_gbp_m, old.saving_rate), old.hr_queue, old.od_queue, old.load, old.coordination)
        self.levels.append(states.standing(now))
        self.gauges.append(stacked(gauges, states.width))
        if states.width == 1:
            self.hand_over()

    def hand_over(self) -> None:
        """Give each history its rows: month by month in a batch of one, else as a table at the end."""
        if self.meeting.states.width == 1:
            history = self.meeting.worlds[0].history
            history.grid += map(tuple, self.levels)
            history.gauge_grid += map(tuple, self.gauges)
        elif self.levels:
            for world, levels, gauges in zip(self.meeting.worlds, by_place(self.levels), by_place(self.gauges)):
                world.history.grid, world.history.gauge_grid = levels, gauges
        self.levels.clear()
        self.gauges.clear()

    def close(self, world: World) -> None:
        """Record the plan and the money at the horizon."""
        history, promise = world.history, world.given.promise
        history.planned_packages = len(world.packages)
        history.planned_months = promise.months
        history.target_saving_gbp_m = max(promise.saving[: history.horizon + 1], default=0.0) / PENCE_PER_GBP_M
        history.money = world.ledger.totals()
        history.ledger = world.ledger.lines
        rates = world.ledger.rates(SAVING)
        history.saving_by_cause = {cause: pounds / POUNDS_PER_MILLION for cause, pounds in rates.items()}
        history.shares = [world.ledger.shares_at(month) for month in range(history.horizon)]
        history.borne = world.ledger.borne()
        history.rate_among = world.ledger.rate_among()


def _in_gbp_m(pence: float) -> float:
    """Pence in millions of pounds."""
    return pence / PENCE_PER_GBP_M
