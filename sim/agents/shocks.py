"""Shocks and endings: a chief executive leaves, the programme stalls, the partnership dissolves."""

from typing import Literal

from sim.ledger import ONE_OFF, PENCE, RUNNING_COST
from sim.mechanisms import hazard
from sim.world import Process, World

ShockKind = Literal["chief_executive_leaves", "control_changes", "dissolution"]


class Shocks:
    """Competing hazards that grow with the strain on the partnership, and shocks dated beforehand."""

    levers = ()

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.accumulated = {"leaves": 0.0, "dissolves": 0.0, "stalls": 0.0}
        self.occasion = 1
        self.threshold = {
            "leaves": world.luck.threshold("chief executive leaves", "partnership", 1),
            "dissolves": world.luck.threshold("dissolution", "partnership", 1),
            "stalls": world.luck.threshold("stall", "partnership", 1),
        }
        self.leaves, self.dissolves, self.stalls = (
            e("shocks.chief_executive_leaves"),
            e("endings.dissolution"),
            e("endings.stall"),
        )
        self.by_trust, self.by_buy_in = e("endings.by_distrust"), e("endings.by_lost_buy_in")
        self.loose_ties, self.by_results = e("endings.while_little_is_joined"), e("endings.by_poor_results")
        self.by_fatigue = e("endings.by_fatigue")
        self.on = {name: world.on(name) for name in ("shocks", "dissolution", "stall")}
        self.coordination_running = False

    def start(self) -> None:
        """Look up what others own, and post the dated shocks."""
        world = self.world
        self.leaders, self.bench = world.indices("buy_in_leaders"), world.indices("buy_in_backbench")
        self.trust, self.results = world.index("trust leaders–leaders"), world.index("results")
        world.at_pulse(self.refresh)
        for month, kind, council in world.given.shocks:
            world.env.process(self.strike(month, kind, council))

    def strike(self, month: int, kind: str, council: str | None) -> Process:
        """A shock that the scenario dates."""
        yield self.world.env.timeout(month)
        if kind == "chief_executive_leaves" and self.world.people.chief_executive_in_post:
            self.world.env.process(self.vacancy("dated in the scenario"))
        elif kind == "control_changes":
            c = self.world.names.index(council) if council else 0
            self.world.council_shocks.put((kind, c))
        elif kind == "dissolution" and self.joined_at_all():
            self.dissolve("dated in the scenario")

    def joined_at_all(self) -> bool:
        """Whether there is a partnership to leave, and it still stands."""
        world = self.world
        return bool(world.progress.finished) and world.progress.status != "dissolved"

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Add this month's hazards; one that reaches its threshold happens."""
        world = self.world
        if not self.joined_at_all():
            return
        if not self.coordination_running:
            self.coordinate(now)
        month = world.given.pulse / 12.0
        leaders = min([levels[i] for i in self.leaders])
        if self.on["shocks"] and world.people.chief_executive_in_post and self.reaches("leaves", self.leaves * month):
            world.env.process(self.vacancy("moved on"))
        if self.on["dissolution"]:
            bench = min([levels[i] for i in self.bench])
            loose = self.loose_ties * (1.0 - world.progress.joined_share)
            distrust = self.by_trust * (0.5 - levels[self.trust])
            lost = self.by_buy_in * (0.5 - 0.5 * (leaders + bench))
            if self.reaches("dissolves", hazard(self.dissolves, distrust + lost + loose) * month):
                self.dissolve("leaders part ways" if distrust > lost else "members' support is gone")
                return
        if self.on["stall"] and world.progress.status == "running":
            poor = self.by_results * (0.5 - levels[self.results])
            tired = self.by_fatigue * (world.people.fatigue - 0.4)
            lost = self.by_buy_in * (0.5 - leaders)
            if self.reaches("stalls", hazard(self.stalls, poor + tired + lost) * month):
                self.stall("people are worn out" if tired > max(poor, lost) else "support has ebbed")

    def reaches(self, which: str, amount: float) -> bool:
        """Add to an accumulated hazard; whether it has now reached its threshold."""
        self.accumulated[which] += amount
        return self.accumulated[which] >= self.threshold[which]

    def coordinate(self, now: float) -> None:
        """Serving several councils costs something every year."""
        self.coordination_running = True
        pairs = max(len(self.world.partnership.pairs), 1)
        yearly = self.world.e("money.coordination_per_pair") * pairs
        self.world.ledger.stream(RUNNING_COST, "coordination").ramp(now, 0.0, -yearly)

    def vacancy(self, cause: str) -> Process:
        """The joint chief executive goes; months pass until another is in post."""
        world = self.world
        world.people.chief_executive_in_post = False
        world.record("partnership", "chief executive left", cause)
        world.notices_of_change.put(("chief executive", cause))
        spread = world.luck.lognormal(world.e("time.spread"), "vacancy", "chief executive", self.occasion)
        yield world.env.timeout(world.e("shocks.vacancy_months") * spread)
        self.occasion += 1
        self.accumulated["leaves"] = 0.0
        self.threshold["leaves"] = world.luck.threshold("chief executive leaves", "partnership", self.occasion)
        if world.progress.status != "dissolved":
            world.people.chief_executive_in_post = True
            world.record("partnership", "chief executive appointed", "vacancy filled")

    def dissolve(self, cause: str) -> None:
        """The councils part: sharing is unwound over stated months, at a cost; redesigns are kept in part."""
        world = self.world
        now = world.env.now
        world.progress.status = "dissolved"
        world.history.ended_by = "dissolved"
        world.people.chief_executive_in_post = False
        world.record("partnership", "dissolved", cause)
        exit_cost = world.e("money.exit_per_saving") * world.ledger.annual_rate / PENCE
        world.ledger.pay(now, ONE_OFF, "dissolution", max(exit_cost, 0.0))
        kept = {"transformation": world.e("endings.redesign_kept")}
        world.ledger.unwind(now, world.e("endings.unwinding_months"), kept)
        world.reach("dissolved")

    def stall(self, cause: str) -> None:
        """Nothing new is begun any more; what is in hand is finished."""
        self.world.progress.status = "stalled"
        self.world.history.ended_by = "stalled"
        self.world.record("partnership", "stalled", cause)

    def finish(self) -> None:
        """Nothing to close at the horizon."""
