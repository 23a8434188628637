"""Elected members of each council: leaders and back benchers, their buy-in, votes and elections."""

from typing import Any

from sim.agents.governance import GovernanceLevers
from sim.core import mechanisms
from sim.core.clock import seats_up
from sim.core.inputs.levers import LeverGroup, share
from sim.core.lanes import Lane, Rows, chosen, each, lane, mean_of, stacked
from sim.core.pools import Ballot
from sim.core.world import Agent, Meeting, Process, World


class MembersLevers(LeverGroup):
    """Levers of members' involvement."""

    leader_engagement: float = share(
        0.7, "How far the councils' leaders are involved early and kept involved", "D-MEMBERS"
    )
    backbench_engagement: float = share(
        0.3, "How far back benchers are involved: joint meetings, away days, cross-party support", "D-MEMBERS"
    )


class Members(Agent):
    """Agent for members: buy-in follows results, trust and involvement; votes on steps; elections."""

    levers = (MembersLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        own, soft, labels = meeting.e.members, self.states.soft, meeting.labels
        leaders = [meeting.draw(_base, c, "leaders") for c in meeting.councils]
        bench = [meeting.draw(_base, c, "backbench") for c in meeting.councils]
        self.states.fact(self, base_leaders=tuple(leaders), base_bench=tuple(bench))
        old = self.states.old
        self.leaders = soft(self, "buy_in_leaders", labels("buy_in_leaders"), old.base_leaders, own.leaders_months)
        self.bench = soft(self, "buy_in_backbench", labels("buy_in_backbench"), old.base_bench, own.backbench_months)
        soft(self, "results", "results", 0.5, own.results_months)
        self.politics = meeting.draw_rows(_politics, meeting.councils)
        self.partners = [_pairs_with(meeting, name) for name in meeting.names]
        self.states.fact(self, need_months=each(mechanisms.in_months, meeting.e.momentum.relief_needed_years))
        self.promises = [world.given.promise for world in meeting.worlds]
        self.targets = lane([promise.target or 1.0 for promise in self.promises])
        self.promised = lane([1.0 if promise.target > 0.0 else 0.0 for promise in self.promises])

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute buy-in added by engagement, openness and aims in force."""
        members, own = lever.members, e.members
        wider = lever.money.is_("aims", "better_services", "revenue_too")
        shared = each(mechanisms.shared_openly, own.by_open_decisions, lever.money.openness, own.by_breadth, wider)
        self.involved = each(
            mechanisms.involved_by, own.by_engagement, members.leader_engagement, own.usual_leader_engagement, shared
        )
        self.bench_involved = each(
            mechanisms.involved_by,
            *(own.by_backbench_engagement, members.backbench_engagement, own.usual_backbench_engagement, shared),
        )

    def begin(self, world: World) -> None:
        """Start one process for meetings and one for elections at each council."""
        world.env.process(self.face_shocks(world))
        for c in world.councils:
            if world.packages:
                world.env.process(self.meet(world, c))
            if world.elections[c] and world.on("elections"):
                world.env.process(self.face_elections(world, c))

    def meet(self, world: World, c: int) -> Process:
        """Vote on all steps laid before each meeting."""
        agenda = world.agendas[c]
        while True:
            yield agenda.meeting
            for ballot in agenda.take():
                ballot.cast(self.vote(world, c, ballot))

    def vote(self, world: World, c: int, ballot: Ballot) -> bool:
        """One council's vote: leaders weigh most in early, shallow steps, back benchers in deep ones."""
        e, council, package, depth = world.e, world.names[c], ballot.package.name, ballot.depth
        leaders, bench = world.felt(self.leaders[c]), world.felt(self.bench[c])
        together = world.current(GovernanceLevers).form == "joint_cabinet"
        weight, threat = mechanisms.leaders_weight(e("members.leaders_carry"), depth, together), world.threat[c]
        support = mechanisms.support_of(weight, leaders, bench, depth, e("members.identity_threat"), threat)
        chance = mechanisms.vote_chance(support, e("members.vote_line"), e("members.vote_spread"))
        won = world.happens(chance, "vote", f"{package} at {council}", ballot.attempt)
        world.record(council, "vote won" if won else "vote lost", package, ballot.attempt)
        if not won:
            hurt = e("members.lost_vote_hurts")
            world.jump(self.leaders[c], leaders - hurt)
            world.jump(self.bench[c], bench - hurt)
        return won

    def face_elections(self, world: World, c: int) -> Process:
        """Process of elections: newcomers replace some members, and control may change."""
        for month in world.elections[c]:
            yield world.env.timeout(month - world.env.now)
            self.elect(world, c, month)

    def face_shocks(self, world: World) -> Process:
        """Process of shocks by luck or scenario: change of control, change of leader, cut of grant."""
        shocks = world.council_shocks
        while True:
            yield shocks.arrival()
            for kind, c, cause in shocks.take():
                if kind == "funding_cut":
                    self.feel_need(world, cause)
                else:
                    self.change_control(world, c, cause, "control" if kind == "control_changes" else "leader")

    def feel_need(self, world: World, cause: str) -> None:
        """Cut of grant: it widens every council's budget gap and raises the will to share (M-PT5)."""
        more = world.e("shocks.funding_cut_need")
        will = world.e("members.by_budget_gap") * more
        for base in ("base_leaders", "base_bench"):
            for c in world.councils:
                self.put(world, base, world.fact(base, c) + will, c)
        self.put(world, "need_months", world.fact("need_months") * (1.0 - more))
        world.record("partnership", "grant cut further", cause, more)

    def elect(self, world: World, c: int, month: int) -> None:
        """Election: replace members by newcomers without involvement, and perhaps leaders."""
        e, name = world.e, world.names[c]
        seats = seats_up(world.partnership.councils[c])
        world.record(name, "election", "term ends", seats)
        bench = mechanisms.backbench_after_election(
            *(world.felt(self.bench[c]), seats, e("members.seats_change_hands"), e("members.newcomers_buy_in")),
            *(e("members.by_openness"), world.current(MembersLevers).backbench_engagement),
        )
        world.jump(self.bench[c], bench)
        chance = mechanisms.product(e("members.control_changes"), seats)
        if world.on("shocks") and world.happens(chance, "control", name, month):
            self.change_control(world, c, f"election of month {month}")

    def change_control(self, world: World, c: int, cause: str, what: str = "control") -> None:
        """Change of control: a new leader's view, better or worse, enters leaders' buy-in."""
        name, leaders = world.names[c], self.leaders[c]
        occasion = cause if cause.startswith("election") else f"{cause}, month {int(world.env.now)}"
        view = mechanisms.leaders_view(world.luck.uniform("new leader's view", name, occasion))
        world.jump(leaders, mechanisms.half_way(world.felt(leaders), view))
        self.put(world, "base_leaders", mechanisms.half_way(world.fact("base_leaders", c), view), c)
        world.record(name, f"{what} changed", cause, view)
        world.changes_of_people.put(name)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set targets of buy-in for leaders and back benchers of each council."""
        own = e.members
        new.results = self.perceived(now, old, e)
        felt = self.formula.felt_results(own.by_results, old.results, e.momentum.threshold)
        new.buy_in_leaders = self.by_row.leaders_aim(
            *(old.base_leaders, felt, self.involved, own.by_trust, self.between(old)),
            *(e.fairness.on_buy_in, old.unfairness, self.politics),
        )
        new.buy_in_backbench = self.by_row.backbench_aim(
            *(old.base_bench, felt, self.bench_involved, own.by_trust, old.trust_officers),
            *(old.trust_bench, own.identity_threat, self.meeting.threats, old.joined),
            *(own.by_local_losses, old.losses, e.fairness.on_buy_in, old.unfairness),
        )

    def perceived(self, now: float, old: Any, e: Any) -> Lane:
        """Perceived results, relative to the promise and budget needs."""
        promised = lane([promise.share_by(now) for promise in self.promises])
        expected = self.formula.expected_results(
            now, promised, e.plan.prudence, e.momentum.weight_of_need, old.need_months
        )
        seen = self.formula.perceived_results(old.saving_rate / self.targets, expected, e.momentum.sensitivity)
        return self.formula.as_promised(self.promised, seen)

    def between(self, old: Any) -> Rows:
        """Mean trust of each council's leaders in those of its partners; one half for a council without partners."""
        return stacked([_mean_trust(old.trust_leaders, pairs) for pairs in self.partners], len(self.promises))


def _mean_trust(trust: Rows, pairs: list[int]) -> Lane:
    """Mean trust over some pairs of leaders."""
    if not pairs:
        return 0.5
    return trust[pairs[0]] if len(pairs) == 1 else mean_of([1.0 / len(pairs)] * len(pairs), chosen(trust, pairs))


def _base(world: World, c: int, who: str) -> float:
    """Buy-in of leaders or back benchers at the start; higher with a larger budget gap."""
    e, council = world.e, world.partnership.councils[c]
    people = "leaders" if who == "leaders" else "back benchers"
    draw, usual_gap = world.luck.normal(f"starting buy-in of {people}", council.name), e("members.usual_budget_gap")
    return mechanisms.buy_in_at_first(
        *(e(f"members.{who}_start"), e("members.by_budget_gap"), council.budget_gap_share, usual_gap),
        *(e("members.starting_spread"), draw),
    )


def _politics(world: World, c: int) -> float:
    """Buy-in lost by leaders for wholly differing politics, times the share of partners under other control."""
    councils = world.partnership.councils
    others = sum(other.control != councils[c].control for other in councils)
    return mechanisms.politics_of(world.e("members.by_politics"), others, max(len(councils) - 1, 1))


def _pairs_with(meeting: Meeting, name: str) -> list[int]:
    """Positions of the pairs that include this council."""
    return [i for i, pair in enumerate(meeting.worlds[0].given.pairs) if name in pair]
