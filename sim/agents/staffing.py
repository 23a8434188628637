"""Staffing: who leaves of their own accord, who is hired in their place, and the knowledge that goes with people."""

from collections.abc import Sequence
from typing import Any

from sim.core import mechanisms
from sim.core.lanes import Rows, by_history, each, lane, listed, mean_of
from sim.core.luck import BLOCK
from sim.core.world import Agent, Meeting, World


class Staffing(Agent):
    """Agent for monthly turnover at every council."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        e = meeting.e
        self.states.soft(self, "knowledge_lost", "knowledge lost", 0.0, e.staff.knowledge_months)
        self.states.fact(self, leavers=0)
        meeting.readers["knowledge"] = self.lose_knowledge
        self.turnover = listed(each(mechanisms.monthly, e.staff.turnover), len(meeting.worlds))
        self.refills = [round(world.e("staff.refill_months")) for world in meeting.worlds]
        self.block = -1
        self.luck: list[list[Sequence[float]]] = []

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Voluntary leavers of the month and the knowledge that they take."""
        if not now or now != int(now):
            return
        own = e.staff
        factors = self.by_row.leaving_factor(
            *(own.leave_by_fatigue, old.fatigue, e.fatigue.start, own.leave_by_uncertainty, old.uncertainty),
            *(own.stay_by_engagement, old.engagement, old.engaged_at_first),
        )
        new.leavers = lane(self.month_of_leavers(factors, int(now)))
        excess = self.formula.beyond_one(mean_of(self.meeting.headcount_shares, factors))
        new.knowledge_lost = self.formula.knowledge_aim(own.knowledge_per_leaver, excess)

    def month_of_leavers(self, factors: Rows, month: int) -> list[int]:
        """Monthly leavers, refilled after the usual delay. Returns leavers by history.

        The luck of some months comes together.
        """
        worlds, place = self.meeting.worlds, month % BLOCK
        if month // BLOCK != self.block:
            self.block = month // BLOCK
            self.luck = [[w.luck.block("leavers", name, self.block) for name in w.names] for w in worlds]
        rows = zip(worlds, by_history(factors), self.luck, self.turnover, self.refills)
        return [
            sum(
                [
                    people.live_a_month(turnover * factor, numbers[place], refill)
                    for people, factor, numbers in zip(world.workforces, by_council, lucks)
                ]
            )
            for world, by_council, lucks, turnover, refill in rows
        ]

    def lose_knowledge(self, world: World, share: float) -> None:
        """Record that experienced people have left, with a share of all knowledge."""
        index = self.states.index("knowledge_lost")
        world.jump(index, world.felt(index) + share)
