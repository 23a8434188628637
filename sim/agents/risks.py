"""Risks: a programme falters and stalls where pressure on it lasts, and a partner may default."""

from operator import ge
from typing import Any

from sim.agents.delivery.work import flowing, protected, weakest
from sim.core import mechanisms
from sim.core.lanes import Lane, by_history, each, lane, lowest, where
from sim.core.ledger import ONE_OFF
from sim.core.world import Agent, Meeting, World

STALLS, FALTERS, RECOVERS = 3, 2, 1
"""Turns of a programme under pressure, as `mechanisms.stage_of_stalling` numbers them."""


class Risks(Agent):
    """Programmes that flag and stall, defaults that trust and agreements prevent."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.fact(self, flagging=0.0, faltering=0.0, stalls_at=meeting.draw(_breath))
        self.states.fact(self, default_hazard=0.0, default_at=meeting.draw(_threshold, 1))
        self.times = [1] * len(meeting.worlds)
        meeting.readers |= {"default": self.default, "given_up": self.lose_heart}

    def prepare(self, lever: Any, e: Any) -> None:
        """Base rate of defaults for a pulse."""
        self.rate = each(mechanisms.rate_of_pulse, e.shocks.default, self.states.pulse)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Pressure on the programme adds up or wears off; the hazard of a default grows."""
        own, governance = e.endings, e.governance
        pressure = self.formula.stall_pressure(
            *(own.by_poor_results, old.results, own.by_exhaustion, old.mean_fatigue, own.by_doubt),
            self.meeting.lowest_inside(old.buy_in_leaders),
        )
        running = self.formula.product(old.begun, old.running)
        new.flagging = flagging = self.formula.flagging_so_far(old.flagging, pressure, self.states.pulse, running)
        self.asked.update(where(self.formula.stage_of_stalling(flagging, old.stalls_at, old.faltering)))
        added = self.formula.default_hazard(
            self.rate, self.trust_inside(old), governance.agreement_prevents, lever.governance.agreement
        )
        apart = self.formula.share_something(old.begun, old.merged)
        new.default_hazard = grown = self.formula.hazard_so_far(old.default_hazard, added, apart)
        self.asked.update(where(each(ge, grown, old.default_at)))

    def trust_inside(self, old: Any) -> Lane:
        """Minimum trust between leaders of councils inside; one half for fewer than two."""
        if not len(old.trust_leaders):
            return 0.5
        if self.meeting.everyone_inside:
            return lowest(old.trust_leaders)
        found = [
            min([trust for trust, pair in zip(values, world.given.pairs) if both_inside(world, pair)], default=0.5)
            for values, world in zip(by_history(old.trust_leaders), self.meeting.worlds)
        ]
        return lane(found)

    def act(self, world: World, now: float) -> None:
        """Carry out a warning, recovery, stall or default that is due."""
        turn = mechanisms.stage_of_stalling(*[world.fact(each) for each in ("flagging", "stalls_at", "faltering")])
        if turn and world.status == "running":
            self.turn(world, turn)
        if world.fact("default_hazard") >= world.fact("default_at"):
            self.times[world.place] += 1
            self.put(world, "default_hazard", 0.0)
            self.put(world, "default_at", _threshold(world, self.times[world.place]))
            self.default(world, "a partner fails its commitments")

    def lose_heart(self, world: World) -> None:
        """Step that members refused for good: it adds to the pressure on the programme."""
        self.put(world, "flagging", world.fact("flagging") + world.e("endings.each_given_up"))

    def turn(self, world: World, turn: float) -> None:
        """The programme stalls, or it falters and may yet recover."""
        if turn == STALLS:
            world.tell("ending", "stalled", self.why(world))
            return
        self.put(world, "faltering", 1.0 if turn == FALTERS else 0.0)
        if turn == FALTERS:
            world.record("partnership", "programme falters", self.why(world))
        else:
            world.record("partnership", "programme picks up", "pressure has eased")

    def why(self, world: World) -> str:
        """The largest pressure on the programme."""
        e, leaders = world.e, world.fact("buy_in_leaders", weakest(world))
        causes = {
            "results are poor": e("endings.by_poor_results") * (0.5 - world.fact("results")),
            "people are worn out": e("endings.by_exhaustion") * (world.fact("mean_fatigue") - 0.5),
            "support has ebbed": e("endings.by_doubt") * (0.5 - leaders),
        }
        return max(causes, key=causes.__getitem__)

    def default(self, world: World, cause: str) -> None:
        """A partner fails its commitments: the others pay part, and trust it less (K-DEFAULT)."""
        cost = protected(world, world.e("shocks.default_cost") * flowing(world))
        world.ledger.pay(world.env.now, ONE_OFF, "default", cost)
        world.record("partnership", "partner defaults", cause)
        world.changes_of_people.put(("default", None))
        world.tell("aggrieved", None, "default")


def both_inside(world: World, pair: tuple[str, str]) -> bool:
    """True if both councils share."""
    return all(world.inside[world.names.index(name)] for name in pair)


def _breath(world: World) -> float:
    """Months of full pressure that this programme bears."""
    spread = world.e("endings.stall_spread")
    return world.e("endings.stall_months") * world.luck.lognormal(spread, "stall", "partnership")


def _threshold(world: World, time: int) -> float:
    """Threshold of the hazard for the n-th default, drawn by luck."""
    return world.luck.threshold("default", "partnership", time)
