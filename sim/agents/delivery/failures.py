"""Failures: services that collapse where quality has fallen too far, and what follows from a collapse."""

from dataclasses import dataclass, field
from math import fsum
from typing import Any

from sim.agents.delivery.savings import shares_of_cost
from sim.core import mechanisms
from sim.core.lanes import each, where
from sim.core.ledger import ONE_OFF
from sim.core.world import Agent, Meeting, Process, World

WATCHED_MONTHS = 36.0
"""Months within which a second failure brings an intervention."""


@dataclass(slots=True)
class ServiceRecord:
    """The failures of one history: their months, and when the latest intervention came."""

    months: list[float] = field(default_factory=list)
    intervened: float = -WATCHED_MONTHS


class Failures(Agent):
    """Services fail the sooner the poorer they are; complaints, costs, lost managers and intervention follow (P-31)."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own = [ServiceRecord() for _ in meeting.worlds]
        self.states.fact(self, failure_hazard=0.0, failure_at=meeting.draw(_threshold, 1), failing=0.0)
        self.states.fact(self, services_failed=0)
        meeting.readers["service_fails"] = self.fail

    def prepare(self, lever: Any, e: Any) -> None:
        """The base rate for a pulse."""
        self.rate = each(mechanisms.rate_of_pulse, e.failures.rate, self.states.pulse)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Add this pulse's hazard; one that reaches its threshold is a service that fails."""
        strain = self.formula.failing_strain(e.failures.by_quality, e.failures.borne, old.quality)
        grown = self.formula.hazard_so_far(old.failure_hazard, self.formula.hazard(self.rate, strain), old.planned)
        new.failure_hazard = grown
        self.asked.update(where(grown >= old.failure_at))

    def act(self, world: World, now: float) -> None:
        """A service collapses; the hazard grows again from nought."""
        if world.status == "dissolved":
            return
        times = len(self.own[world.place].months) + 1
        self.put(world, "failure_hazard", 0.0)
        self.put(world, "failure_at", _threshold(world, times + 1))
        self.fail(world, _which(world, times))

    def fail(self, world: World, service: str) -> None:
        """Word that a service has failed: it is put right at a cost, members are angry, managers are taken up."""
        own, e, now = self.own[world.place], world.e, world.env.now
        world.record("partnership", "service failed", service)
        self.put(world, "services_failed", world.fact("services_failed") + 1)
        spent = world.expenditure((service,)) * shares_of_cost(world)[service]
        world.ledger.pay(now, ONE_OFF, "failed services", mechanisms.product(e("failures.cost"), spent))
        for c in world.councils:
            if world.inside[c]:
                world.tell("complaints", c)
        world.env.process(self.put_right(world))
        own.months.append(now)
        again = [month for month in own.months if month > now - WATCHED_MONTHS and month > own.intervened]
        if len(again) > 1:
            own.intervened = now
            self.intervene(world)

    def put_right(self, world: World) -> Process:
        """Managers are taken up by the service for months, and the one who led it has gone."""
        takes = world.e("failures.takes")
        self.put(world, "failing", world.fact("failing") + takes)
        world.tell("manager_lost")
        yield world.env.timeout(world.e("failures.months"))
        self.put(world, "failing", max(0.0, world.fact("failing") - takes))

    def intervene(self, world: World) -> None:
        """After a second failure inspectors step in: it costs money, and managers' posts are put back."""
        world.record("partnership", "intervention", "a second service has failed")
        world.ledger.pay(world.env.now, ONE_OFF, "intervention", world.e("failures.intervention_cost"))
        world.tell("posts_put_back", world.e("failures.posts_put_back"))


def _which(world: World, time: int) -> str:
    """The service that fails for the n-th time: luck chooses, the larger the likelier."""
    drawn = world.luck.uniform("service that fails", "partnership", time)
    sizes = world.given.staff_sizes
    names = list(sizes)
    return next((name for at, name in enumerate(names) if drawn < fsum(sizes[n] for n in names[: at + 1])), names[-1])


def _threshold(world: World, time: int) -> float:
    """What the hazard must reach for the n-th failure."""
    return world.luck.threshold("service fails", "partnership", time)
