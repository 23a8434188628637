"""Partings: a council with a case for leaving puts it to the vote, gives notice, and goes unless the two settle."""

from functools import partial
from operator import ge
from typing import Any

from sim.agents.delivery.work import flowing, joined_at_all, kept_when_parted, protected
from sim.agents.governance import GovernanceLevers
from sim.core import mechanisms
from sim.core.clock import next_meeting
from sim.core.lanes import each, where
from sim.core.ledger import ONE_OFF
from sim.core.world import Agent, Meeting, Process, World

GRIEVANCES = {
    "hostile_control": "those in power campaigned against it",
    "chief_executive": "the chief executive is gone",
    "better_offer": "another offer looks better",
    "default": "a partner did not keep its word",
    "failed_service": "a shared service has failed",
    "rival": "the council's own chief executive was passed over",
}
"""Recorded cause of each kind of grievance that fades with time."""


class Partings(Agent):
    """Keeps each council's case for leaving, and carries every motion to leave through to its end."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        labels = meeting.labels("resentment")
        self.sore = self.states.soft(self, "resentment", labels, 0.0, meeting.e.endings.resentment_months)
        councils = len(meeting.names)
        at_first = meeting.draw_rows(lambda world, c: _threshold(world, c, 1), meeting.councils)
        self.states.fact(self, case=(0.0,) * councils, unrest=(0.0,) * councils)
        self.states.fact(self, unrest_at=tuple(at_first[c] for c in meeting.councils))
        self.times = [[1] * councils for _ in meeting.worlds]
        self.latest: list[dict[int, str]] = [{} for _ in meeting.worlds]
        meeting.readers |= {"dissolution": self.dissolve, "aggrieved": self.aggrieve}

    def prepare(self, lever: Any, e: Any) -> None:
        """The rate of motions for a pulse."""
        self.rate = each(mechanisms.rate_of_pulse, e.endings.motions, self.states.pulse)

    def begin(self, world: World) -> None:
        """Grievance at councils whose chief executive did not stand aside, once another has the joint post."""
        if not world.current(GovernanceLevers).other_stands_aside and len(world.names) > 1:
            for c in world.councils:
                if c != world.given.largest:
                    world.when("chief executive in post", partial(self.aggrieve, world, c, "rival"))

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set each council's case for leaving, and add to its unrest."""
        own = e.endings
        ties = self.formula.weak_or_worn_ties(
            own.while_little_is_joined, old.joined, own.by_coordination, old.coordination
        )
        new.case = case = self.by_row.case_for_leaving(
            *(own.by_lost_support, old.buy_in_leaders, old.buy_in_backbench, own.by_distrust, old.trust_in_partners),
            *(own.by_unfairness, old.unfairness, own.by_culture, old.culture_gap, own.by_politics, old.unlike),
            *(ties, old.joined, old.resentment),
        )
        apart = self.formula.share_something(old.begun, old.merged)
        added = self.by_row.motion_hazard(self.rate, case, own.motion_line, own.motion_spread)
        new.unrest = grown = self.by_row.hazard_so_far(old.unrest, added, apart)
        self.asked.update(where(each(ge, grown, old.unrest_at)))

    def act(self, world: World, now: float) -> None:
        """Start a motion to leave at each council whose unrest has reached its threshold."""
        for c in world.councils:
            if world.fact("unrest", c) >= world.fact("unrest_at", c):
                self.times[world.place][c] += 1
                self.put(world, "unrest", 0.0, c)
                self.put(world, "unrest_at", _threshold(world, c, self.times[world.place][c]), c)
                if world.inside[c] and not world.under_notice:
                    world.env.process(self.move(world, c, self.why(world, c)))

    def aggrieve(self, world: World, c: int | None, what: str) -> None:
        """Word of something that leaves a grievance at one council, or at all."""
        for council in world.councils if c is None else (c,):
            index = self.sore[council]
            world.jump(index, world.felt(index) + world.e(f"endings.after_{what}"))
            self.latest[world.place][council] = what

    def why(self, world: World, c: int) -> str:
        """Largest part of a council's case for leaving."""
        e, fact = world.e, world.fact
        members = 0.5 * (fact("buy_in_leaders", c) + fact("buy_in_backbench", c))
        sore = GRIEVANCES.get(self.latest[world.place].get(c, ""), "")
        causes = {
            "members' support is gone": e("endings.by_lost_support") * (0.5 - members),
            "leaders part ways": e("endings.by_distrust") * (0.5 - fact("trust_in_partners", c)),
            "it looks one-sided": e("endings.by_unfairness") * fact("unfairness", c),
            "cultures clash": e("endings.by_culture") * fact("culture_gap") * fact("joined"),
            "coordination wears": e("endings.by_coordination") * fact("coordination") * fact("joined"),
            sore: fact("resentment", c) if sore else -1.0,
        }
        return max(causes, key=causes.__getitem__)

    def move(self, world: World, c: int, why: str) -> Process:
        """A motion to leave: debated at the council's next meeting but one, and carried or lost there."""
        name, cycle, env = world.names[c], world.e("time.committee_cycle"), world.env
        world.record(name, "motion to leave", why)
        yield env.timeout(next_meeting(env.now + 0.5 * cycle, cycle, world.elections[c]) - env.now)
        if not joined_at_all(world) or not world.inside[c] or world.under_notice:
            return
        e, felt, index = world.e, world.felt, self.states.index
        leaders, bench = felt(index("buy_in_leaders", c)), felt(index("buy_in_backbench", c))
        stays = mechanisms.support_for_staying(leaders, bench, felt(self.sore[c]))
        chance = mechanisms.vote_chance(stays, e("endings.leaving_line"), e("endings.leaving_spread"))
        if world.happens(chance, "vote on leaving", name, self.times[world.place][c]):
            world.record(name, "motion lost", why, stays)
            world.jump(self.sore[c], felt(self.sore[c]) * (1.0 - e("endings.aired")))
            return
        world.record(name, "motion carried", why, stays)
        yield from self.serve_notice(world, c, why)

    def serve_notice(self, world: World, c: int, why: str) -> Process:
        """Notice, and talks while it runs: the matter is settled, or the council goes."""
        e, name, agreement = world.e, world.names[c], world.current(GovernanceLevers).agreement
        months = mechanisms.notice_months(e("endings.notice_without"), e("endings.notice_agreed"), agreement)
        world.under_notice = True
        world.record(name, "notice given", why, months)
        world.changes_of_people.put(("notice", name))
        yield world.env.timeout(months)
        world.under_notice = False
        world.reports.wake()
        if not joined_at_all(world) or not world.inside[c]:
            return
        chance = mechanisms.settled(e("endings.settles"), agreement, world.fact("trust_in_partners", c))
        if world.happens(chance, "talks under notice", name, self.times[world.place][c]):
            world.record(name, "notice withdrawn", "talks have settled it")
            world.jump(self.sore[c], 0.0)
        elif sum(world.inside) > 2:
            world.partners_leaving.put((c, why))
        else:
            self.dissolve(world, why)

    def dissolve(self, world: World, cause: str) -> None:
        """The councils part: sharing is unwound over stated months, at a cost; redesigns are kept in part."""
        now, e = world.env.now, world.e
        cost = exit_cost(world, e("money.exit_per_saving") * flowing(world))
        world.tell("ending", "dissolved", cause)
        world.tell("chief_executive", False)
        world.ledger.pay(now, ONE_OFF, "dissolution", cost)
        world.ledger.unwind(now, e("endings.unwinding_months"), kept_when_parted(world))
        world.reach("dissolved")


def exit_cost(world: World, cost: float) -> float:
    """Cost of leaving: less with an agreement, more in a dispute, which an agreement makes rarer (D-LEGAL)."""
    e, agreement = world.e, world.current(GovernanceLevers).agreement
    in_dispute = world.happens(
        mechanisms.product(e("governance.exit_disputed"), 1.0 - agreement), "exit disputed", "partnership"
    )
    if in_dispute:
        world.record("partnership", "exit disputed", "too little was agreed beforehand")
    return mechanisms.disputed(protected(world, cost), e("governance.dispute_adds"), in_dispute)


def _threshold(world: World, c: int, time: int) -> float:
    """Threshold of unrest for a council's n-th motion to leave, drawn by luck."""
    return world.luck.threshold("motion to leave", world.names[c], time)
