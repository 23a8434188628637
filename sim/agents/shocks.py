"""Shocks and endings: what befalls the partnership from outside, and how it stalls, loses partners or parts."""

from typing import Literal, get_args

from sim.agents.work import flowing, protected
from sim.ledger import ONE_OFF
from sim.mechanisms import hazard
from sim.world import Process, World

ShockKind = Literal[
    "chief_executive_leaves", "control_changes", "leader_changes", "funding_cut", "emergency", "dispute", "default",
    "partner_leaves", "reorganisation", "dissolution",
]  # fmt: skip
SHOCKS: tuple[str, ...] = get_args(ShockKind)
DATED = "dated in the scenario"


class Shocks:
    """Shocks that come at a steady rate, hazards that grow with the strain on the partnership, and dated ones."""

    levers = ()

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.accumulated = dict.fromkeys(_HAZARDS, 0.0)
        self.times = dict.fromkeys(_HAZARDS, 0)
        self.threshold = {which: self.drawn(which) for which in _HAZARDS}
        month = world.given.pulse / 12.0
        self.dissolves, self.stalls = e("endings.dissolution") * month, e("endings.stall") * month
        self.leaves, self.defaults = e("endings.partner_leaves") * month, e("shocks.default") * month
        self.by_trust, self.by_buy_in = e("endings.by_distrust"), e("endings.by_lost_buy_in")
        self.loose_ties, self.by_results = e("endings.while_little_is_joined"), e("endings.by_poor_results")
        self.by_fatigue, self.by_coordination = e("endings.by_fatigue"), e("endings.by_coordination")
        self.by_politics = e("endings.by_politics") * self.politics_differ() if world.on("politics") else 0.0
        self.shocks_on, self.stall_on = world.on("shocks"), world.on("stall")
        self.dissolution_on = world.on("dissolution")
        self.occasion = 1

    def politics_differ(self) -> float:
        """Share of pairs of councils whose control differs."""
        control = {council.name: council.control for council in self.world.partnership.councils}
        pairs = self.world.given.pairs
        return sum(control[a] != control[b] for a, b in pairs) / len(pairs) if pairs else 0.0

    def start(self) -> None:
        """Look up what others own; shocks at a steady rate and dated ones are processes that wait."""
        world = self.world
        self.leaders, self.bench = world.indices("buy_in_leaders"), world.indices("buy_in_backbench")
        self.trust = [world.index(f"trust leaders–leaders: {a} and {b}") for a, b in world.given.pairs]
        self.results = world.index("results")
        self.look_inside()
        world.at_pulse(self.refresh)
        for month, kind, council in world.given.shocks:
            world.env.process(self.strike(month, kind, council))
        if self.shocks_on:
            self.expect_shocks()

    def look_inside(self) -> None:
        """Whose buy-in and trust strain the partnership: those of the councils that share."""
        world = self.world
        self.known_inside = world.inside[:]
        here = {name for name, inside in zip(world.names, world.inside) if inside}
        self.leaders_inside = [i for i, inside in zip(self.leaders, world.inside) if inside]
        self.bench_inside = [i for i, inside in zip(self.bench, world.inside) if inside]
        self.trust_inside = [i for i, pair in zip(self.trust, world.given.pairs) if here.issuperset(pair)]

    def expect_shocks(self) -> None:
        """Shocks whose rate nothing inside changes: when the next one comes is known to luck alone."""
        world = self.world
        world.env.process(self.lead_and_leave())
        for name in world.names:
            world.env.process(self.at_rate("shocks.leader_changes", "leader_changes", name))
        for quantity, kind in _STEADY.items():
            world.env.process(self.at_rate(quantity, kind, None))

    def at_rate(self, quantity: str, kind: str, council: str | None) -> Process:
        """A shock that comes again and again, at a rate a year."""
        world, occasion = self.world, 0
        rate = world.e(quantity)
        while rate > 0.0:
            occasion += 1
            years = world.luck.threshold(kind, council or "partnership", occasion) / rate
            yield world.env.timeout(12.0 * years)
            self.befall(kind, council, _CAUSES[kind])

    def strike(self, month: int, kind: str, council: str | None) -> Process:
        """A shock that the scenario dates."""
        yield self.world.env.timeout(month)
        self.befall(kind, council, DATED)

    def befall(self, kind: str, council: str | None, cause: str) -> None:
        """What each shock does."""
        world = self.world
        c = world.names.index(council) if council else self.weakest()
        if kind in ("control_changes", "leader_changes", "funding_cut"):
            world.council_shocks.put((kind, c, cause))
        elif kind == "chief_executive_leaves" and world.people.chief_executive_in_post:
            world.env.process(self.vacancy(cause))
        elif kind == "dispute":
            world.disputes.put(cause)
        elif kind == "emergency":
            world.env.process(self.emergency(c if council else self.struck(), cause))
        elif kind == "partner_leaves" and self.joined_at_all():
            world.partners_leaving.put((c, cause))
        elif kind == "default" and self.joined_at_all():
            self.default(cause)
        elif kind == "reorganisation":
            self.reorganise(cause)
        elif kind == "dissolution" and self.joined_at_all():
            self.dissolve(cause)

    def joined_at_all(self) -> bool:
        """Whether there is a partnership to leave: it shares something, still stands, and is no single council."""
        progress = self.world.progress
        return bool(progress.finished) and progress.status != "dissolved" and "merger" not in progress.enablers

    def weakest(self) -> int:
        """The council inside whose leaders are least bought in."""
        levels = self.world.states.levels
        inside = [c for c in self.world.councils if self.world.inside[c]]
        return min(inside, key=lambda c: levels[self.leaders[c]])

    # -- hazards that depend on the state --

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Add this month's hazards; one that reaches its threshold happens."""
        world = self.world
        progress = world.progress
        if not progress.finished or progress.status == "dissolved":
            return
        if world.inside != self.known_inside:
            self.look_inside()
        leaders = min([levels[i] for i in self.leaders_inside])
        trust = min([levels[i] for i in self.trust_inside]) if self.trust_inside else 0.5
        distrust = self.by_trust * (0.5 - trust)
        if self.dissolution_on and "merger" not in progress.enablers:
            bench = min([levels[i] for i in self.bench_inside])
            lost = self.by_buy_in * (0.5 - 0.5 * (leaders + bench))
            if self.part(distrust, lost, trust, progress.joined_share):
                return
        if self.stall_on and progress.status == "running":
            poor = self.by_results * (0.5 - levels[self.results])
            tired = self.by_fatigue * (world.people.fatigue - 0.4)
            lost = self.by_buy_in * (0.5 - leaders)
            if self.reaches("stalls", hazard(self.stalls, poor + tired + lost)):
                self.stall("people are worn out" if tired > max(poor, lost) else "support has ebbed")
        merged = "merger" in progress.enablers
        if self.shocks_on and not merged and self.reaches("defaults", hazard(self.defaults, distrust)):
            self.default("a partner fails its commitments")

    def part(self, distrust: float, lost: float, trust: float, joined: float) -> bool:
        """Whether the partnership breaks: weak ties while little is joined, coordination strain once much is (P-18)."""
        coordination = self.by_coordination * self.world.people.coordination * joined
        strain = distrust + lost + self.loose_ties * (1.0 - joined) + coordination + self.by_politics * (1.0 - trust)
        if sum(self.world.inside) > 2 and self.reaches("leaves", hazard(self.leaves, strain)):
            self.world.partners_leaving.put((self.weakest(), "support there is gone"))
        if not self.reaches("dissolves", hazard(self.dissolves, strain)):
            return False
        causes = {
            "leaders part ways": distrust,
            "members' support is gone": lost,
            "coordination wears": coordination,
            "too little ties them": self.loose_ties * (1.0 - joined),
        }
        self.dissolve(max(causes, key=causes.__getitem__))
        return True

    def reaches(self, which: str, amount: float) -> bool:
        """Add to an accumulated hazard; whether it has now reached its threshold, which is then drawn anew."""
        self.accumulated[which] += amount
        if self.accumulated[which] < self.threshold[which]:
            return False
        self.accumulated[which], self.threshold[which] = 0.0, self.drawn(which)
        return True

    def drawn(self, which: str) -> float:
        """The threshold of the next time."""
        self.times[which] += 1
        return self.world.luck.threshold(_HAZARDS[which], "partnership", self.times[which])

    # -- what happens then --

    def lead_and_leave(self) -> Process:
        """From the day a joint chief executive is in post until the day they leave, again and again."""
        world = self.world
        rate = world.e("shocks.chief_executive_leaves")
        yield world.milestone("chief executive in post")
        while rate > 0.0 and world.progress.status != "dissolved":
            years = world.luck.threshold("chief executive leaves", "partnership", self.occasion) / rate
            yield world.env.timeout(12.0 * years)
            if world.people.chief_executive_in_post and "merger" not in world.progress.enablers:
                yield from self.vacancy("moved on")

    def vacancy(self, cause: str) -> Process:
        """The joint chief executive goes; months pass until another is in post."""
        world = self.world
        world.people.chief_executive_in_post = False
        world.record("partnership", "chief executive left", cause)
        world.notices_of_change.put(("chief executive", cause))
        spread = world.luck.lognormal(world.e("time.spread"), "vacancy", "chief executive", self.occasion)
        self.occasion += 1
        yield world.env.timeout(world.e("shocks.vacancy_months") * spread)
        if world.progress.status != "dissolved":
            world.people.chief_executive_in_post = True
            world.record("partnership", "chief executive appointed", "vacancy filled")

    def struck(self) -> int:
        """The council inside that an emergency of this month strikes: each waits its own time, less if it is large."""
        world, sizes, month = self.world, self.world.given.headcount_shares, int(self.world.env.now)
        inside = [c for c in world.councils if world.inside[c]]
        return min(inside, key=lambda c: world.luck.threshold("emergency strikes", world.names[c], month) / sizes[c])

    def emergency(self, c: int, cause: str) -> Process:
        """A local emergency takes managers' time from one council's share for months (K-EMERGENCY)."""
        world = self.world
        takes = world.e("shocks.emergency_takes") * world.given.headcount_shares[c]
        world.people.emergency = min(0.9, world.people.emergency + takes)
        world.record(world.names[c], "emergency begins", cause)
        yield world.env.timeout(world.e("shocks.emergency_months"))
        world.people.emergency = max(0.0, world.people.emergency - takes)
        world.record(world.names[c], "emergency ends", "dealt with")

    def default(self, cause: str) -> None:
        """A partner fails its commitments: the others pay part, and leaders trust one another less (K-DEFAULT)."""
        world = self.world
        world.ledger.pay(
            world.env.now, ONE_OFF, "default", protected(world, world.e("shocks.default_cost") * flowing(world))
        )
        world.record("partnership", "partner defaults", cause)
        world.notices_of_change.put(("default", cause))

    def reorganise(self, cause: str) -> None:
        """National reorganisation changes the rules: nothing new is begun; what is shared goes on (K-REORG)."""
        world = self.world
        if world.progress.status in ("running", "complete"):
            world.record("partnership", "reorganised", cause)
            if "merger" not in world.progress.enablers:
                world.history.ended_by = "reorganised"
            world.progress.status = "reorganised"

    def dissolve(self, cause: str) -> None:
        """The councils part: sharing is unwound over stated months, at a cost; redesigns are kept in part."""
        world = self.world
        now = world.env.now
        world.progress.status = "dissolved"
        world.history.ended_by = "dissolved"
        world.people.chief_executive_in_post = False
        world.record("partnership", "dissolved", cause)
        cost = protected(world, world.e("money.exit_per_saving") * flowing(world))
        world.ledger.pay(now, ONE_OFF, "dissolution", cost)
        kept = {"transformation": world.e("endings.redesign_kept"), "commissioning": 1.0, "income": 1.0,
            "commissioning posts": 1.0,
        }  # fmt: skip
        world.ledger.unwind(now, world.e("endings.unwinding_months"), kept)
        world.reach("dissolved")

    def stall(self, cause: str) -> None:
        """Nothing new is begun any more; what is in hand is finished."""
        self.world.progress.status = "stalled"
        self.world.history.ended_by = "stalled"
        self.world.record("partnership", "stalled", cause)

    def finish(self) -> None:
        """Nothing to close at the horizon."""


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
