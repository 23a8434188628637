"""Shocks: what befalls the partnership from outside, at a steady rate or in a month that the scenario dates."""

from typing import Literal, get_args

from sim.agents.delivery.work import weakest
from sim.core.world import Agent, Meeting, Process, World

ShockKind = Literal[
    "chief_executive_leaves",
    "control_changes",
    "leader_changes",
    "funding_cut",
    "emergency",
    "dispute",
    "default",
    "partner_leaves",
    "reorganisation",
    "dissolution",
]
SHOCKS: tuple[str, ...] = get_args(ShockKind)
DATED = "dated in the scenario"


class Shocks(Agent):
    """Agent for outside shocks: some at a steady rate, some dated by the scenario."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.occasion = [1] * len(meeting.worlds)
        self.states.fact(self, emergency=0.0)

    def begin(self, world: World) -> None:
        """Start one process for each steady or dated shock."""
        for month, kind, council in world.given.shocks:
            world.env.process(self.strike(world, month, kind, council))
        if not world.on("shocks"):
            return
        world.env.process(self.lead_and_leave(world))
        for kind in _STEADY:
            for council in world.names if kind == "leader_changes" else (None,):
                world.env.process(self.at_rate(world, kind, council))

    def at_rate(self, world: World, kind: str, council: str | None) -> Process:
        """Recurrent shock at a constant annual rate."""
        occasion, rate = 0, world.e(f"shocks.{kind}")
        while rate > 0.0:
            occasion += 1
            years = world.luck.threshold(kind, council or "partnership", occasion) / rate
            yield world.env.timeout(12.0 * years)
            self.befall(world, kind, council, _STEADY[kind])

    def strike(self, world: World, month: int, kind: str, council: str | None) -> Process:
        """Dated shock from the scenario."""
        yield world.env.timeout(month)
        self.befall(world, kind, council, DATED)

    def befall(self, world: World, kind: str, council: str | None, cause: str) -> None:
        """Effects of one shock."""
        c = world.names.index(council) if council else weakest(world)
        if kind in ("control_changes", "leader_changes", "funding_cut"):
            world.council_shocks.put((kind, c, cause))
        elif kind == "chief_executive_leaves" and world.fact("chief_executive"):
            world.env.process(self.vacancy(world, cause))
        elif kind == "dispute" and world.e("terms.may_dispute"):
            world.disputes.put(cause)
        elif kind == "emergency":
            world.env.process(self.emergency(world, c if council else struck(world), cause))
        elif kind == "partner_leaves" and joined_at_all(world):
            world.partners_leaving.put((c, cause))
        elif kind == "default" and joined_at_all(world):
            world.tell("default", cause)
        elif kind == "reorganisation":
            world.tell("ending", "reorganised", cause)
        elif kind == "dissolution" and joined_at_all(world):
            world.tell("dissolution", cause)

    def lead_and_leave(self, world: World) -> Process:
        """Cycle of joint chief executives, each from appointment to departure."""
        rate = world.e("shocks.chief_executive_leaves")
        yield world.milestone("chief executive in post")
        while rate > 0.0 and world.status != "dissolved":
            occasion = self.occasion[world.place]
            years = world.luck.threshold("chief executive leaves", "partnership", occasion) / rate
            yield world.env.timeout(12.0 * years)
            if world.fact("chief_executive") and "merger" not in world.in_place:
                yield from self.vacancy(world, "moved on")

    def vacancy(self, world: World, cause: str) -> Process:
        """Vacancy after a joint chief executive leaves, until the next is in post."""
        world.tell("chief_executive", False)
        world.record("partnership", "chief executive left", cause)
        world.changes_of_people.put("chief executive")
        occasion = self.occasion[world.place]
        self.occasion[world.place] = occasion + 1
        spread = world.luck.lognormal(world.e("time.spread"), "vacancy", "chief executive", occasion)
        yield world.env.timeout(world.e("shocks.vacancy_months") * spread)
        if world.status != "dissolved":
            world.tell("chief_executive", True)
            world.record("partnership", "chief executive appointed", "vacancy filled")

    def emergency(self, world: World, c: int, cause: str) -> Process:
        """Local emergency that takes managers' time, by the council's share, for months (K-EMERGENCY)."""
        takes = world.e("shocks.emergency_takes") * world.given.headcount_shares[c]
        self.put(world, "emergency", min(0.9, world.fact("emergency") + takes))
        world.record(world.names[c], "emergency begins", cause)
        yield world.env.timeout(world.e("shocks.emergency_months"))
        self.put(world, "emergency", max(0.0, world.fact("emergency") - takes))
        world.record(world.names[c], "emergency ends", "dealt with")


def joined_at_all(world: World) -> bool:
    """True if a partnership exists that a council can leave: sharing, in force, not one merged council."""
    return bool(world.finished) and world.status != "dissolved" and "merger" not in world.in_place


def struck(world: World) -> int:
    """Council inside struck by this month's emergency; each waits its own time, less if it is large."""
    sizes, month = world.given.headcount_shares, int(world.env.now)
    inside = [c for c in world.councils if world.inside[c]]
    return min(inside, key=lambda c: world.luck.threshold("emergency strikes", world.names[c], month) / sizes[c])


_STEADY = {
    "leader_changes": "a leader steps down",
    "funding_cut": "settlement",
    "emergency": "flood, fire or accident",
    "reorganisation": "national reorganisation",
}
"""Recorded causes of shocks with a steady rate, by kind."""
