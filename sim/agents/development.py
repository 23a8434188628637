"""Development of leaders and managers: their capability for change, and how they lead."""

from typing import Literal

from sim.ledger import PROGRAMME_COST
from sim.levers import LeverGroup, lever
from sim.world import World


class DevelopmentLevers(LeverGroup):
    """What is spent on developing people, and the style in which they are led."""

    spend_per_employee: float = lever(
        143.0, "Spending on training and development, leaders and managers above all",
        unit="£ a year", source="D-DEVELOP", ge=0.0, le=1000.0,
    )  # fmt: skip
    thinking_time: float = lever(
        0.0, "Share of managers' time kept free for thinking about better services",
        unit="share", source="D-LEAD", ge=0.0, le=0.3,
    )  # fmt: skip
    leadership: Literal["usual", "shared", "commanding"] = lever(
        "usual", "Style of leadership: visible, open and shared down the line, or commanding from the top",
        unit="choice", source="D-LEAD",
    )  # fmt: skip


class Development:
    """Managers' capability for change: grows with practice, shared roles and development, with a lag."""

    levers = (DevelopmentLevers,)

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.able = e("managers.capability_start")
        self.grown = e("managers.capability_gain") if world.on("leadership") else 0.0
        self.capability = world.soft("manager_capability", self.able, e("managers.capability_months"))
        self.extra_paid = 0.0
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """What is spent above the usual is paid while it lasts, and what it adds to capability."""
        world, e = self.world, self.world.e
        spend, usual = world.current(DevelopmentLevers).spend_per_employee, e("development.usual_spend")
        by_spend = e("development.by_spend") if world.on("leadership") else 0.0
        self.taught = 3.0 * by_spend * (spend - usual) / (spend + usual)
        extra = (spend - usual) * world.partnership.headcount if world.packages else 0.0
        if extra != self.extra_paid:
            stream = world.ledger.stream(PROGRAMME_COST, "development")
            stream.ramp(world.env.now, 0.0, self.extra_paid - extra)
            self.extra_paid = extra

    def start(self) -> None:
        """Capability follows from the start."""
        self.world.at_pulse(self.refresh)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where managers' capability heads."""
        ended = self.world.progress.ended
        practised = self.grown * ended / len(self.world.packages) if ended else 0.0
        aims[self.capability] = self.able + practised + self.taught

    def finish(self) -> None:
        """Nothing to close at the horizon."""
