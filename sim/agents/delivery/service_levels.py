"""Service levels: the quality and the resilience that residents and members see."""

from typing import Any

from sim.core import mechanisms
from sim.core.lanes import each
from sim.core.world import Agent, Meeting


class ServiceLevels(Agent):
    """Agent for quality and resilience: quality dips under uncertainty and strain, redesign raises it (M-FN4)."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        own = meeting.e.quality
        self.states.soft(self, "quality", "service quality", own.start, own.months)
        self.states.soft(self, "resilience", "resilience", own.resilience_start, own.months)

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute quality added by redesign and by the aim of better services."""
        wider = lever.money.is_("aims", "better_services", "revenue_too")
        self.by_redesign = each(mechanisms.redesign_raises, e.quality.by_redesign, e.quality.by_aim, wider)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set targets of quality and resilience."""
        own, changed = e.quality, old.transformed + old.commissioned
        new.quality = self.formula.quality_aim(
            *(own.start, self.by_redesign, changed, own.by_engagement, old.mean_engagement, e.engagement.start),
            *(own.anticipation_dip, old.unsettled, own.by_overload, old.overload, own.by_fatigue, old.mean_fatigue),
            *(e.fatigue.start, own.by_knowledge, old.knowledge_lost, own.by_errors, old.wrong, old.joined),
        )
        new.resilience = self.formula.resilience_aim(
            *(own.resilience_start, own.resilience_joined, old.joined, own.resilience_thinned, old.thinned),
            *(own.resilience_knowledge, old.knowledge_lost),
        )
