"""Risks: hazards that grow with strain until the programme stalls, a partner leaves or defaults, or all part."""

from operator import ge
from typing import Any

from sim.agents.delivery.work import flowing, protected, weakest
from sim.core import mechanisms
from sim.core.lanes import Lane, by_history, each, lane, lowest, of, stacked, where
from sim.core.ledger import ONE_OFF
from sim.core.world import Agent, Meeting, World

HAZARDS = ("dissolution", "stall", "partner leaves", "default")
"""Names of hazards for luck's addresses; all rows below follow this order."""


class Risks(Agent):
    """Agent for hazards: each accumulates with strain until it reaches a random threshold."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        first = tuple(meeting.draw(_threshold, which, 1) for which in HAZARDS)
        self.states.fact(self, hazards=(0.0,) * len(HAZARDS), hazards_at=first)
        self.times = {which: [1] * len(meeting.worlds) for which in HAZARDS}
        self.differ = meeting.draw(_politics_differ)
        meeting.readers |= {"dissolution": self.dissolve, "default": self.default}

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute base rates for a pulse, and strain from political difference."""
        of_year = e.endings.dissolution, e.endings.stall, e.endings.partner_leaves, e.shocks.default
        yearly = stacked(of_year, len(self.meeting.worlds))
        self.rates = each(mechanisms.rate_of_pulse, yearly, self.states.pulse)
        self.by_politics = each(mechanisms.product, e.endings.by_politics, self.differ)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Add this pulse's hazards while something is shared; mark those that reach their threshold."""
        own, least = e.endings, self.meeting.lowest_inside
        leaders, bench = least(old.buy_in_leaders), least(old.buy_in_backbench)
        self.trust = trust = self.trust_inside(old)
        self.distrust = distrust = self.formula.distrust_strain(own.by_distrust, trust)
        self.lost = self.formula.support_strain(own.by_lost_buy_in, leaders, bench)
        strain = self.formula.parting_strain(
            *(distrust, self.lost, own.while_little_is_joined, old.joined, own.by_coordination, old.coordination),
            *(self.by_politics, trust),
        )
        stalling = self.formula.stalling_strain(
            *(own.by_poor_results, old.results, own.by_fatigue, old.mean_fatigue, own.by_lost_buy_in, leaders),
        )
        apart = self.formula.share_something(old.begun, old.merged)
        running, three = self.formula.product(old.begun, old.running), self.formula.while_three_share(apart, old.inside)
        width = len(self.meeting.worlds)
        felt = stacked((strain, stalling, strain, distrust), width)
        able = stacked((apart, running, three, apart), width)
        new.hazards = grown = self.by_row.hazard_so_far(old.hazards, self.by_row.hazard(self.rates, felt), able)
        self.asked.update(where(each(ge, grown, old.hazards_at)))

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
        """Trigger events whose hazard reached its threshold; a dissolution excludes a stall or default."""
        due = [
            which for row, which in enumerate(HAZARDS) if world.fact("hazards", row) >= world.fact("hazards_at", row)
        ]
        for which in due:
            self.begin_anew(world, which)
        if "partner leaves" in due:
            world.partners_leaving.put((weakest(world), "support there is gone"))
        if "dissolution" in due:
            self.dissolve(world, self.why_parted(world))
            return
        if "stall" in due and world.status == "running":
            world.tell("ending", "stalled", self.why_stalled(world))
        if "default" in due:
            self.default(world, "a partner fails its commitments")

    def begin_anew(self, world: World, which: str) -> None:
        """Restart a hazard at zero with a new threshold."""
        row, times = HAZARDS.index(which), self.times[which]
        times[world.place] += 1
        self.put(world, "hazards", 0.0, row)
        self.put(world, "hazards_at", _threshold(world, which, times[world.place]), row)

    def why_parted(self, world: World) -> str:
        """Largest strain on a partnership that parts."""
        place, e, joined = world.place, world.e, world.fact("joined")
        causes = {
            "leaders part ways": of(self.distrust, place),
            "members' support is gone": of(self.lost, place),
            "coordination wears": e("endings.by_coordination") * world.fact("coordination") * joined,
            "too little ties them": e("endings.while_little_is_joined") * (1.0 - joined),
        }
        return max(causes, key=causes.__getitem__)

    def why_stalled(self, world: World) -> str:
        """Largest strain on a programme that stalls."""
        e, leaders = world.e, world.fact("buy_in_leaders", weakest(world))
        poor = e("endings.by_poor_results") * (0.5 - world.fact("results"))
        tired = e("endings.by_fatigue") * (world.fact("mean_fatigue") - 0.4)
        lost = e("endings.by_lost_buy_in") * (0.5 - leaders)
        return "people are worn out" if tired > max(poor, lost) else "support has ebbed"

    def default(self, world: World, cause: str) -> None:
        """Default of a partner: others pay part, and leaders' trust falls (K-DEFAULT)."""
        cost = protected(world, world.e("shocks.default_cost") * flowing(world))
        world.ledger.pay(world.env.now, ONE_OFF, "default", cost)
        world.record("partnership", "partner defaults", cause)
        world.changes_of_people.put("default")

    def dissolve(self, world: World, cause: str) -> None:
        """Dissolution: sharing is unwound over stated months at a cost, and redesigns are kept in part."""
        now, e = world.env.now, world.e
        world.tell("ending", "dissolved", cause)
        world.tell("chief_executive", False)
        world.ledger.pay(now, ONE_OFF, "dissolution", protected(world, e("money.exit_per_saving") * flowing(world)))
        whole = dict.fromkeys(("commissioning", "commissioning posts", "income"), 1.0)
        kept = {"transformation": e("endings.redesign_kept"), **whole}
        world.ledger.unwind(now, e("endings.unwinding_months"), kept)
        world.reach("dissolved")


def both_inside(world: World, pair: tuple[str, str]) -> bool:
    """True if both councils share."""
    return all(world.inside[world.names.index(name)] for name in pair)


def _politics_differ(world: World) -> float:
    """Share of pairs of councils under different political control."""
    control = {council.name: council.control for council in world.partnership.councils}
    pairs = world.given.pairs
    return sum(control[a] != control[b] for a, b in pairs) / len(pairs) if pairs else 0.0


def _threshold(world: World, which: str, time: int) -> float:
    """Threshold that a hazard must reach for its n-th event."""
    return world.luck.threshold(which, "partnership", time)
