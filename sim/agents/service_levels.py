"""Service levels: the quality and the resilience that residents and members see."""

from sim.agents.governance import MoneyLevers
from sim.world import World


class ServiceLevels:
    """Quality dips between announcement and start and under strain; redesign and resilience are the gain (M-FN4)."""

    levers = ()

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.start_quality, self.start_resilience = e("quality.start"), e("quality.resilience_start")
        self.quality = world.soft("service quality", self.start_quality, e("quality.months"))
        self.resilience = world.soft("resilience", self.start_resilience, e("quality.months"))
        self.dip, self.by_overload = e("quality.anticipation_dip"), e("quality.by_overload")
        self.by_fatigue, self.by_knowledge = e("quality.by_fatigue"), e("quality.by_knowledge")
        self.by_engagement, self.by_errors = e("quality.by_engagement"), e("quality.by_errors")
        self.joined, self.thinned = e("quality.resilience_joined"), e("quality.resilience_thinned")
        self.forgotten = e("quality.resilience_knowledge")
        self.rested, self.usual = e("fatigue.start"), e("engagement.start")
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """How far better services are an aim."""
        e = self.world.e
        wider = e("quality.by_aim") if self.world.current(MoneyLevers).aims != "savings_only" else 0.0
        self.by_redesign = e("quality.by_redesign") + wider

    def start(self) -> None:
        """Services are watched from the start."""
        if self.world.on("quality"):
            self.world.at_pulse(self.refresh)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where quality and resilience head."""
        people, progress = self.world.people, self.world.progress
        overload = people.overload if people.overload < 1.0 else 1.0
        aims[self.quality] = (
            self.start_quality
            + self.by_redesign * (progress.transformed_share + progress.commissioned_share)
            + self.by_engagement * (people.engagement - self.usual)
            - self.dip * people.unsettled
            - self.by_overload * overload
            - self.by_fatigue * (people.fatigue - self.rested)
            - self.by_knowledge * people.knowledge_lost
            - self.by_errors * people.wrong * progress.joined_share
        )
        aims[self.resilience] = (
            self.start_resilience
            + self.joined * progress.joined_share
            - self.thinned * people.thinned
            - self.forgotten * people.knowledge_lost
        )

    def finish(self) -> None:
        """Nothing to close at the horizon."""
