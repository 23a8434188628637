"""Development of leaders and managers: their capability for change, and how they lead."""

from typing import Any, Literal

from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice, lever, share
from sim.core.lanes import each
from sim.core.ledger import PROGRAMME_COST
from sim.core.world import Agent, Meeting, World


class DevelopmentLevers(LeverGroup):
    """Levers of development: spending on people's development, and style of leadership."""

    spend_per_employee: float = lever(
        143.0,
        "Spending on training and development, leaders and managers above all",
        "£ a year",
        "D-DEVELOP",
        ge=0.0,
        le=1000.0,
    )
    thinking_time: float = share(
        0.0, "Share of managers' time kept free for thinking about better services", "D-LEAD", le=0.3
    )
    leadership: Literal["usual", "shared", "commanding"] = choice(
        "usual", "Style of leadership: visible, open and shared down the line, or commanding from the top", "D-LEAD"
    )


class Development(Agent):
    """Agent for managers' capability for change: grows with practice, shared roles and development, with a lag."""

    levers = (DevelopmentLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        own = meeting.e.managers
        self.states.soft(self, "capability", "manager_capability", own.capability_start, own.capability_months)

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute capability added by spending above the usual."""
        spend, usual = lever.development.spend_per_employee, e.development.usual_spend
        self.taught = each(mechanisms.taught_by_spending, e.development.by_spend, spend, usual)

    def begin(self, world: World) -> None:
        """Pay for the chosen development from the start."""
        self.decided(world)

    def decided(self, world: World) -> None:
        """Pay spending above the usual while it lasts."""
        more = world.current(DevelopmentLevers).spend_per_employee - world.e("development.usual_spend")
        extra = more * world.partnership.headcount if world.packages else 0.0
        world.ledger.keep_paying(world.env.now, PROGRAMME_COST, "development", extra)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set the target of managers' capability."""
        start, gain = e.managers.capability_start, e.managers.capability_gain
        new.capability = self.formula.capability_aim(start, gain, old.ended, old.planned_packages, self.taught)
