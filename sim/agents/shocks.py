"""Shocks and endings: what befalls the partnership from outside, and how it stalls, loses partners or parts."""

from operator import ge
from typing import Any, Literal, get_args

from sim.agents.work import flowing, protected
from sim.core import mechanisms
from sim.core.lanes import Lane, by_history, each, lane, lowest, of, stacked, where
from sim.core.ledger import ONE_OFF
from sim.core.world import Agent, Meeting, Process, World

ShockKind = Literal[
    "chief_executive_leaves", "control_changes", "leader_changes", "funding_cut", "emergency", "dispute", "default",
    "partner_leaves", "reorganisation", "dissolution",
]  # fmt: skip
SHOCKS: tuple[str, ...] = get_args(ShockKind)
DATED = "dated in the scenario"


class Shocks(Agent):
    """Shocks that come at a steady rate, hazards that grow with the strain on the partnership, and dated ones."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        first = tuple(meeting.draw(_threshold, which, 1) for which in _HAZARDS)
        self.states.fact(self, emergency=0.0, hazards=(0.0,) * len(_HAZARDS), hazards_at=first)
        self.times = {which: [1] * len(meeting.worlds) for which in _HAZARDS}
        self.occasion = [1] * len(meeting.worlds)
        self.differ = meeting.draw(_politics_differ)

    def prepare(self, lever: Any, e: Any) -> None:
        """Base rates for a pulse, and what differing politics add."""
        rates = {
            "dissolves": e.endings.dissolution,
            "stalls": e.endings.stall,
            "leaves": e.endings.partner_leaves,
            "defaults": e.shocks.default,
        }
        yearly = stacked([rates[which] for which in _HAZARDS], len(self.meeting.worlds))
        self.rates = each(mechanisms.rate_of_pulse, yearly, self.states.pulse)
        self.by_politics = each(mechanisms.product, e.endings.by_politics, self.differ)

    def begin(self, world: World) -> None:
        """Shocks at a steady rate and dated ones are processes that wait."""
        for month, kind, council in world.given.shocks:
            world.env.process(self.strike(world, month, kind, council))
        if world.on("shocks"):
            self.expect_shocks(world)

    def expect_shocks(self, world: World) -> None:
        """Shocks whose rate nothing inside changes: when the next one comes is known to luck alone."""
        world.env.process(self.lead_and_leave(world))
        for name in world.names:
            world.env.process(self.at_rate(world, "shocks.leader_changes", "leader_changes", name))
        for quantity, kind in _STEADY.items():
            world.env.process(self.at_rate(world, quantity, kind, None))

    def at_rate(self, world: World, quantity: str, kind: str, council: str | None) -> Process:
        """A shock that comes again and again, at a rate a year."""
        occasion, rate = 0, world.e(quantity)
        while rate > 0.0:
            occasion += 1
            years = world.luck.threshold(kind, council or "partnership", occasion) / rate
            yield world.env.timeout(12.0 * years)
            self.befall(world, kind, council, _CAUSES[kind])

    def strike(self, world: World, month: int, kind: str, council: str | None) -> Process:
        """A shock that the scenario dates."""
        yield world.env.timeout(month)
        self.befall(world, kind, council, DATED)

    def befall(self, world: World, kind: str, council: str | None, cause: str) -> None:
        """What each shock does."""
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
            self.default(world, cause)
        elif kind == "reorganisation":
            world.tell("ending", "reorganised", cause)
        elif kind == "dissolution" and joined_at_all(world):
            self.dissolve(world, cause)

    # -- hazards that depend on the state --

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Add this pulse's hazards, while something is shared; one that reaches its threshold happens."""
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
        may = {
            "dissolves": apart,
            "leaves": self.formula.while_three_share(apart, old.inside),
            "stalls": self.formula.product(old.begun, old.running),
            "defaults": apart,
        }
        strains = {"dissolves": strain, "leaves": strain, "stalls": stalling, "defaults": distrust}
        width = len(self.meeting.worlds)
        felt, able = (stacked([by[which] for which in _HAZARDS], width) for by in (strains, may))
        new.hazards = grown = self.by_row.hazard_so_far(old.hazards, self.by_row.hazard(self.rates, felt), able)
        self.asked.update(where(each(ge, grown, old.hazards_at)))

    def trust_inside(self, old: Any) -> Lane:
        """The least trust between leaders of councils that share; one half where there are no two."""
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
        """What has reached its threshold happens; a partnership that parts neither stalls nor sees a default."""
        rows = [row for row in range(len(_HAZARDS)) if world.fact("hazards", row) >= world.fact("hazards_at", row)]
        due = [list(_HAZARDS)[row] for row in rows]
        for row, which in zip(rows, due):
            self.times[which][world.place] += 1
            self.put(world, "hazards", 0.0, row)
            self.put(world, "hazards_at", _threshold(world, which, self.times[which][world.place]), row)
        if "leaves" in due:
            world.partners_leaving.put((weakest(world), "support there is gone"))
        if "dissolves" in due:
            self.dissolve(world, self.why_parted(world))
            return
        if "stalls" in due and world.status == "running":
            world.tell("ending", "stalled", self.why_stalled(world))
        if "defaults" in due:
            self.default(world, "a partner fails its commitments")

    def why_parted(self, world: World) -> str:
        """The largest strain on a partnership that parts."""
        place, e, joined = world.place, world.e, world.fact("joined")
        causes = {
            "leaders part ways": of(self.distrust, place),
            "members' support is gone": of(self.lost, place),
            "coordination wears": e("endings.by_coordination") * world.fact("coordination") * joined,
            "too little ties them": e("endings.while_little_is_joined") * (1.0 - joined),
        }
        return max(causes, key=causes.__getitem__)

    def why_stalled(self, world: World) -> str:
        """The largest strain on a programme that stalls."""
        e, leaders = world.e, min(_of_those_inside(world, "buy_in_leaders"))
        poor = e("endings.by_poor_results") * (0.5 - world.fact("results"))
        tired = e("endings.by_fatigue") * (world.fact("mean_fatigue") - 0.4)
        lost = e("endings.by_lost_buy_in") * (0.5 - leaders)
        return "people are worn out" if tired > max(poor, lost) else "support has ebbed"

    # -- what happens then --

    def lead_and_leave(self, world: World) -> Process:
        """From the day a joint chief executive is in post until the day they leave, again and again."""
        rate = world.e("shocks.chief_executive_leaves")
        yield world.milestone("chief executive in post")
        while rate > 0.0 and world.status != "dissolved":
            occasion = self.occasion[world.place]
            years = world.luck.threshold("chief executive leaves", "partnership", occasion) / rate
            yield world.env.timeout(12.0 * years)
            if world.fact("chief_executive") and "merger" not in world.in_place:
                yield from self.vacancy(world, "moved on")

    def vacancy(self, world: World, cause: str) -> Process:
        """The joint chief executive goes; months pass until another is in post."""
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
        """A local emergency takes managers' time from one council's share for months (K-EMERGENCY)."""
        takes = world.e("shocks.emergency_takes") * world.given.headcount_shares[c]
        self.put(world, "emergency", min(0.9, world.fact("emergency") + takes))
        world.record(world.names[c], "emergency begins", cause)
        yield world.env.timeout(world.e("shocks.emergency_months"))
        self.put(world, "emergency", max(0.0, world.fact("emergency") - takes))
        world.record(world.names[c], "emergency ends", "dealt with")

    def default(self, world: World, cause: str) -> None:
        """A partner fails its commitments: the others pay part, and leaders trust one another less (K-DEFAULT)."""
        cost = protected(world, world.e("shocks.default_cost") * flowing(world))
        world.ledger.pay(world.env.now, ONE_OFF, "default", cost)
        world.record("partnership", "partner defaults", cause)
        world.changes_of_people.put("default")

    def dissolve(self, world: World, cause: str) -> None:
        """The councils part: sharing is unwound over stated months, at a cost; redesigns are kept in part."""
        now, e = world.env.now, world.e
        world.tell("ending", "dissolved", cause)
        world.tell("chief_executive", False)
        world.ledger.pay(now, ONE_OFF, "dissolution", protected(world, e("money.exit_per_saving") * flowing(world)))
        kept = {"transformation": e("endings.redesign_kept"), "commissioning": 1.0, "income": 1.0,
            "commissioning posts": 1.0,
        }  # fmt: skip
        world.ledger.unwind(now, e("endings.unwinding_months"), kept)
        world.reach("dissolved")


def joined_at_all(world: World) -> bool:
    """Whether there is a partnership to leave: it shares something, still stands, and is no single council."""
    return bool(world.finished) and world.status != "dissolved" and "merger" not in world.in_place


def both_inside(world: World, pair: tuple[str, str]) -> bool:
    """Whether both councils share."""
    return all(world.inside[world.names.index(name)] for name in pair)


def weakest(world: World) -> int:
    """The council inside whose leaders are least bought in."""
    return min((c for c in world.councils if world.inside[c]), key=lambda c: world.fact("buy_in_leaders", c))


def struck(world: World) -> int:
    """The council inside that an emergency of this month strikes: each waits its own time, less if it is large."""
    sizes, month = world.given.headcount_shares, int(world.env.now)
    inside = [c for c in world.councils if world.inside[c]]
    return min(inside, key=lambda c: world.luck.threshold("emergency strikes", world.names[c], month) / sizes[c])


def _of_those_inside(world: World, name: str) -> list[float]:
    """A level of each council that shares."""
    return [world.fact(name, c) for c in world.councils if world.inside[c]]


def _politics_differ(world: World) -> float:
    """Share of pairs of councils whose control differs."""
    control = {council.name: council.control for council in world.partnership.councils}
    pairs = world.given.pairs
    return sum(control[a] != control[b] for a, b in pairs) / len(pairs) if pairs else 0.0


def _threshold(world: World, which: str, time: int) -> float:
    """What a hazard must reach to happen for the n-th time."""
    return world.luck.threshold(_HAZARDS[which], "partnership", time)


_HAZARDS = {"dissolves": "dissolution", "stalls": "stall", "leaves": "partner leaves", "defaults": "default"}
_STEADY = {
    "shocks.funding_cut": "funding_cut",
    "shocks.emergency": "emergency",
    "shocks.reorganisation": "reorganisation",
}
_CAUSES = {
    "leader_changes": "a leader steps down",
    "funding_cut": "settlement",
    "emergency": "flood, fire or accident",
    "reorganisation": "national reorganisation",
}
