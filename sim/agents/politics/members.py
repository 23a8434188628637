"""Elected members of each council: leaders and back benchers, their buy-in, votes and elections."""

from typing import Any

from sim.agents.politics.political_control import PoliticalControl, unlike_partners
from sim.agents.politics.votes import chance, support
from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, share
from sim.core.inputs.packages import Package
from sim.core.lanes import Lane, Rows, chosen, each, lane, mean_of, stacked
from sim.core.pools import Ballot
from sim.core.world import Meeting, Process, World


class MembersLevers(LeverGroup):
    """Levers of members' involvement."""

    leader_engagement: float = share(
        0.7, "How far the councils' leaders are involved early and kept involved", "D-MEMBERS"
    )
    backbench_engagement: float = share(
        0.3, "How far back benchers are involved: joint meetings, away days, cross-party support", "D-MEMBERS"
    )


class Members(PoliticalControl):
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
        soft(self, "case_revision", "business case revised", 0.5, meeting.e.momentum.revised_months)
        self.states.fact(self, quick_wins=0.0)
        meeting.readers["quick_wins"] = lambda world: self.put(world, "quick_wins", 1.0)
        self.memory = soft(self, "lost_votes", labels("lost votes remembered"), 0.0, own.lost_vote_months)
        self.states.fact(self, trust_in_partners=(0.5,) * len(meeting.names))
        unlike = meeting.draw_rows(unlike_partners, meeting.councils)
        self.states.fact(self, unlike=tuple(unlike[c] for c in meeting.councils))
        meeting.readers["held_back"] = self.hold_back
        meeting.readers["complaints"] = self.hear_complaints
        self.partners = [_pairs_with(meeting, name) for name in meeting.names]
        self.states.fact(self, need_months=each(mechanisms.in_months, meeting.e.momentum.relief_needed_years))
        self.promises = [world.given.promise for world in meeting.worlds]
        self.targets = lane([promise.target or 1.0 for promise in self.promises])
        self.promised = lane([1.0 if promise.target > 0.0 else 0.0 for promise in self.promises])

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute buy-in added by engagement, openness and aims in force."""
        members, own = lever.members, e.members
        self.wins_fade = each(mechanisms.share_kept, self.states.pulse, own.results_months)
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
            if world.elections[c]:
                world.env.process(self.face_elections(world, c))

    def meet(self, world: World, c: int) -> Process:
        """Vote on all steps laid before each meeting."""
        agenda = world.agendas[c]
        while True:
            yield agenda.meeting
            for ballot in agenda.take():
                ballot.cast(self.vote(world, c, ballot))

    def vote(self, world: World, c: int, ballot: Ballot) -> bool:
        """One vote of one council: leaders carry cabinets and shallow steps, back benches decide the deep ones."""
        council, package = world.names[c], ballot.package.name
        likely = chance(world, support(world, c, ballot.package, ballot.depth, ballot.amended))
        won = world.happens(likely, "vote", f"{package} at {council}", ballot.attempt)
        world.record(council, "vote won" if won else "vote lost", package, ballot.attempt)
        if not won:
            self.lose_standing(world, c, world.e("members.lost_vote_hurts"))
            world.changes_of_people.put(("vote lost", council))
        return won

    def hold_back(self, world: World, package: Package, c: int) -> None:
        """Word that a report is held back because of one council's members: everybody hears of it."""
        world.record(package.name, "report held back", world.names[c])
        self.lose_standing(world, c, world.e("members.held_back_costs"))

    def lose_standing(self, world: World, c: int, hurt: float) -> None:
        """Buy-in falls at once, and the matter is remembered for years."""
        remembered = world.felt(self.memory[c])
        lost = mechanisms.standing_lost(hurt, remembered, world.e("members.most_remembered"))
        for index in (self.leaders[c], self.bench[c]):
            world.jump(index, world.felt(index) - lost)
        world.jump(self.memory[c], remembered + lost)

    def hear_complaints(self, world: World, c: int) -> None:
        """Word that a service has collapsed: residents complain, and a council's members think less of sharing."""
        anger = world.e("failures.anger")
        world.jump(self.bench[c], world.felt(self.bench[c]) - anger)
        world.jump(self.leaders[c], world.felt(self.leaders[c]) - anger / 2.0)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set targets of buy-in for leaders and back benchers of each council."""
        own = e.members
        delivered, promised = old.saving_rate / self.targets, self.promised_by(now, e)
        new.case_revision = self.formula.revision_aim(delivered, promised)
        new.results = self.perceived(now, delivered, promised, old, e)
        new.quick_wins = old.quick_wins * self.wins_fade
        new.trust_in_partners = between = self.between(old)
        felt = self.formula.felt_results(own.by_results, old.results, e.momentum.threshold)
        leaders = self.by_row.leaders_aim(
            *(old.base_leaders, felt, self.involved, own.by_trust, between),
            *(e.fairness.on_buy_in, old.unfairness, own.by_politics, old.unlike, old.lost_votes),
        )
        bench = self.by_row.backbench_aim(
            *(old.base_bench, felt, self.bench_involved, own.by_trust, old.trust_officers),
            *(old.trust_bench, own.identity_threat, self.meeting.threats, old.joined),
            *(own.by_local_losses, old.losses, e.fairness.on_buy_in, old.unfairness, old.lost_votes),
        )
        company = own.by_company
        new.buy_in_leaders = self.by_row.in_company(leaders, company, old.buy_in_leaders, old.base_leaders)
        new.buy_in_backbench = self.by_row.in_company(bench, company, old.buy_in_backbench, old.base_bench)

    def promised_by(self, now: float, e: Any) -> Lane:
        """Saving that the business case promised by now, as a share of the target."""
        shares = lane([promise.share_by(now) for promise in self.promises])
        return self.formula.product(e.plan.prudence, shares)

    def perceived(self, now: float, delivered: Lane, promised: Lane, old: Any, e: Any) -> Lane:
        """Perceived results, relative to the business case as last revised and to budget needs."""
        agreed = self.formula.as_revised(promised, old.case_revision)
        expected = self.formula.expected_results(
            now, agreed, e.plan.prudence, e.momentum.weight_of_need, old.need_months
        )
        seen = self.formula.perceived_results(
            *(delivered, expected, e.momentum.weight_of_work, old.ahead, e.momentum.sensitivity)
        )
        return self.formula.as_promised(self.promised, seen, e.members.by_quick_wins, old.quick_wins)

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


def _pairs_with(meeting: Meeting, name: str) -> list[int]:
    """Positions of the pairs that include this council."""
    return [i for i, pair in enumerate(meeting.worlds[0].given.pairs) if name in pair]
