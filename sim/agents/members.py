"""Elected members of each council: leaders and back benchers, their buy-in, votes and elections."""

from collections.abc import Sequence

from sim.agents.governance import GovernanceLevers, MoneyLevers
from sim.clock import seats_up
from sim.levers import LeverGroup, lever
from sim.mechanisms import bounded, perceived_results, politics_cost, vote_chance
from sim.pool import Ballot
from sim.world import Process, World


class MembersLevers(LeverGroup):
    """How members are involved."""

    leader_engagement: float = lever(
        0.7, "How far the councils' leaders are involved early and kept involved",
        unit="share", source="D-MEMBERS", ge=0.0, le=1.0,
    )  # fmt: skip
    backbench_engagement: float = lever(
        0.3, "How far back benchers are involved: joint meetings, away days, cross-party support",
        unit="share", source="D-MEMBERS", ge=0.0, le=1.0,
    )  # fmt: skip


class Members:
    """Follow results, trust and their own involvement; vote on each step; face elections."""

    levers = (MembersLevers,)

    def __init__(self, world: World) -> None:
        self.world = world
        e, luck = world.e, world.luck
        spread = e("members.starting_spread")
        councils = world.partnership.councils
        need = [e("members.by_budget_gap") * (c.budget_gap_share - e("members.usual_budget_gap")) for c in councils]
        self.leader_base = [
            e("members.leaders_start") + gap + spread * luck.normal("starting buy-in of leaders", name)
            for gap, name in zip(need, world.names, strict=True)
        ]
        self.bench_base = [
            e("members.backbench_start") + gap + spread * luck.normal("starting buy-in of back benchers", name)
            for gap, name in zip(need, world.names, strict=True)
        ]
        self.leaders = [
            world.soft(f"buy_in_leaders: {name}", base, e("members.leaders_months"))
            for name, base in zip(world.names, self.leader_base, strict=True)
        ]
        self.bench = [
            world.soft(f"buy_in_backbench: {name}", base, e("members.backbench_months"))
            for name, base in zip(world.names, self.bench_base, strict=True)
        ]
        self.results = world.soft("results", 0.5, e("members.results_months"))
        self.usual_leader, self.usual_bench = (
            e("members.usual_leader_engagement"),
            e("members.usual_backbench_engagement"),
        )
        self.by_engagement, self.by_bench_engagement = e("members.by_engagement"), e("members.by_backbench_engagement")
        self.by_results, self.by_trust = e("members.by_results"), e("members.by_trust")
        self.threat, self.by_losses = e("members.identity_threat"), e("members.by_local_losses")
        self.sensitivity, self.threshold = e("momentum.sensitivity"), e("momentum.threshold")
        self.need_months, self.need_weight = 12.0 * e("momentum.relief_needed_years"), e("momentum.weight_of_need")
        self.prudence = e("plan.prudence")
        self.by_openness = e("members.by_openness")
        self.on_buy_in, self.by_politics = e("fairness.on_buy_in"), self.politics()
        self.line, self.spread = e("members.vote_line"), e("members.vote_spread")
        self.leader_weight, self.lost_hurts = e("members.leaders_carry"), e("members.lost_vote_hurts")
        self.newcomers, self.replaced = e("members.newcomers_buy_in"), e("members.seats_change_hands")
        self.control_changes = e("members.control_changes")
        self.buy_in_on, self.momentum_on = world.on("buy_in"), world.on("momentum")

    def politics(self) -> list[float]:
        """By council: what wholly differing politics would cost, times the share of partners of other control."""
        world, councils = self.world, self.world.partnership.councils
        strength = world.e("members.by_politics") if world.on("politics") else 0.0
        others = max(len(councils) - 1, 1)
        return [strength * sum(other.control != council.control for other in councils) / others for council in councils]

    def start(self) -> None:
        """One process a council for meetings, one for elections."""
        world = self.world
        self.leader_trust = [
            [world.index(f"trust leaders–leaders: {a} and {b}") for a, b in world.given.pairs if name in (a, b)]
            for name in world.names
        ]
        self.officer_trust = world.indices("trust members–officers")
        self.bench_trust = world.indices("trust leaders–back bench")
        self.rows = list(
            zip(
                world.councils, self.leaders, self.bench, self.officer_trust, self.bench_trust, self.leader_trust,
                strict=True,
            )
        )  # fmt: skip
        world.at_decision(self.read_levers)
        world.at_pulse(self.refresh)
        world.env.process(self.face_shocks())
        for c in world.councils:
            if world.packages:
                world.env.process(self.meet(c))
            if world.elections[c] and world.on("elections"):
                world.env.process(self.face_elections(c))

    def read_levers(self) -> None:
        """What the engagement, the openness and the aims now in force add to buy-in."""
        world, levers, money = self.world, self.world.current(MembersLevers), self.world.current(MoneyLevers)
        self.form = world.current(GovernanceLevers).form
        shared = world.e("members.by_open_decisions") * (money.openness - 0.5)
        if money.aims != "savings_only":
            shared += world.e("members.by_breadth")
        self.involved = self.by_engagement * (levers.leader_engagement - self.usual_leader) + shared
        self.bench_involved = self.by_bench_engagement * (levers.backbench_engagement - self.usual_bench) + shared

    # -- votes --

    def meet(self, c: int) -> Process:
        """At each meeting that has business, vote on all that was put forward."""
        agenda = self.world.agendas[c]
        while True:
            yield agenda.meeting
            for ballot in agenda.take():
                ballot.cast(self.vote(c, ballot))

    def vote(self, c: int, ballot: Ballot) -> bool:
        """One vote of one council: leaders carry early and shallow steps, back benches decide the deep ones."""
        if not self.buy_in_on:
            return True
        world, council, package, depth = self.world, self.world.names[c], ballot.package.name, ballot.depth
        now, states = world.env.now, world.states
        leaders, bench = states.at(self.leaders[c], now), states.at(self.bench[c], now)
        weight = 1.0 if self.form == "joint_cabinet" else self.leader_weight * (1.0 - depth)
        support = weight * leaders + (1.0 - weight) * bench
        threat = depth * self.threat * world.people.threat[c]
        chance = vote_chance(support - threat, self.line, self.spread)
        won = world.happens(chance, "vote", f"{package} at {council}", ballot.attempt)
        world.record(council, "vote won" if won else "vote lost", package, ballot.attempt)
        if not won:
            states.jump(self.leaders[c], now, leaders - self.lost_hurts)
            states.jump(self.bench[c], now, bench - self.lost_hurts)
        return won

    # -- elections --

    def face_elections(self, c: int) -> Process:
        """In each election some members are replaced by newcomers, and control may change."""
        world = self.world
        for month in world.elections[c]:
            yield world.env.timeout(month - world.env.now)
            self.elect(c, month)

    def face_shocks(self) -> Process:
        """A change of control or of leader, or a cut of grant, where luck or the scenario brings one."""
        shocks = self.world.council_shocks
        while True:
            yield shocks.arrival()
            for kind, c, cause in shocks.take():
                if kind == "funding_cut":
                    self.feel_need(cause)
                else:
                    self.change_control(c, cause, "control" if kind == "control_changes" else "leader")

    def feel_need(self, cause: str) -> None:
        """A cut of grant widens the gap that every council must close, and with it the will to share (M-PT5)."""
        more = self.world.e("shocks.funding_cut_need")
        will = self.world.e("members.by_budget_gap") * more
        self.leader_base = [base + will for base in self.leader_base]
        self.bench_base = [base + will for base in self.bench_base]
        self.need_months *= 1.0 - more
        self.world.record("partnership", "grant cut further", cause, more)

    def elect(self, c: int, month: int) -> None:
        """Replace members who were never involved by others, and perhaps those who lead."""
        world, name = self.world, self.world.names[c]
        seats = seats_up(world.partnership.councils[c])
        world.record(name, "election", "term ends", seats)
        new = seats * self.replaced
        bench = world.states.at(self.bench[c], month)
        newcomer = self.newcomers + self.by_openness * world.current(MembersLevers).backbench_engagement
        world.states.jump(self.bench[c], month, bench + new * (newcomer - bench))
        if world.on("shocks") and world.happens(self.control_changes * seats, "control", name, month):
            self.change_control(c, f"election of month {month}")

    def change_control(self, c: int, cause: str, what: str = "control") -> None:
        """A new leader brings a view of their own: worse or better."""
        world, name = self.world, self.world.names[c]
        now = world.env.now
        occasion = cause if cause.startswith("election") else f"{cause}, month {int(now)}"
        view = 0.2 + 0.6 * world.luck.uniform("new leader's view", name, occasion)
        world.states.jump(self.leaders[c], now, (world.states.at(self.leaders[c], now) + view) / 2.0)
        self.leader_base[c] = (self.leader_base[c] + view) / 2.0
        world.record(name, f"{what} changed", cause, view)
        world.notices_of_change.put((name, "control"))

    # -- buy-in --

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where leaders and back benchers of each council head."""
        world, by_trust, by_losses = self.world, self.by_trust, self.by_losses
        promise = world.given.promise
        if self.momentum_on and promise.target > 0.0:
            delivered = bounded(world.ledger.annual_rate / promise.target)
            aims[self.results] = perceived_results(delivered, self.expected(now, promise.shares), self.sensitivity)
        if not self.buy_in_on:
            return
        people, threat = world.people, self.threat * world.progress.joined_share
        losses, unfair, threats = people.losses, people.unfair, people.threat
        felt = self.by_results * (levels[self.results] - self.threshold)
        led = felt + self.involved
        for c, leaders, bench, officers, heard, partners in self.rows:
            between = sum([levels[i] for i in partners]) / len(partners) if partners else 0.5
            hurt = self.on_buy_in * unfair[c]
            aims[leaders] = (
                self.leader_base[c] + led + by_trust * (between - 0.5) - hurt
                - politics_cost(self.by_politics[c], between)
            )  # fmt: skip
            trust = by_trust * (levels[officers] + levels[heard] - 1.0)
            aims[bench] = (
                self.bench_base[c] + self.bench_involved + felt + trust - threat * threats[c]
                - by_losses * losses[c] - hurt
            )  # fmt: skip

    def expected(self, now: float, promised: Sequence[float]) -> float:
        """What members look for: part what the business case said for now, part the relief budgets need."""
        needed = now / self.need_months
        promised_now = promised[int(now)] if now < len(promised) else promised[-1]
        return self.prudence * (
            (1.0 - self.need_weight) * promised_now + self.need_weight * (needed if needed < 1.0 else 1.0)
        )

    def finish(self) -> None:
        """Nothing to close at the horizon."""
