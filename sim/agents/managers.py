"""Managers: their time, the load of change on those who are left, and the speed at which their work proceeds."""

from math import fsum
from typing import Any

from sim.core import mechanisms
from sim.core.lanes import Lane, each, lane, listed, mean_of, one_by_one, where
from sim.core.switches import load_form
from sim.core.world import Agent, Meeting, World

QUARTER = 3.0
SCARCE = ("nothing", "managers", "HR", "OD")
"""Names of the scarcest capacity by the number that `mechanisms.scarcest` gives."""


class Managers(Agent):
    """Agent for managers' time, load and pace, lowered by posts cut or at risk, attention to people and fatigue."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.fact(self, load=0.0, overload=0.0, scarce=0.0, held_up=0.0)
        self.states.soft(self, "managers_unsettled", "uncertainty of managers", 0.0, meeting.e.uncertainty.months)
        pairs = len(meeting.worlds[0].given.pairs)
        self.pair_shares = [1.0 / pairs] * pairs if pairs else []
        self.forms = [load_form(world.given.switches["load"]) for world in meeting.worlds]

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute attention to members, staff, distance and thinking, and outside help."""
        members, development = lever.members, lever.development
        heads = self.states.old.heads_at_first
        self.packages = each(mechanisms.product, heads, e.managers.packages_per_head)
        self.asked_for = each(
            mechanisms.attention_asked,
            *(members.leader_engagement, members.backbench_engagement, lever.staff.communication),
            *(lever.staff.involvement, e.managers.training_time),
            *(development.spend_per_employee, e.development.usual_spend),
        )
        self.not_thinking = each(mechanisms.left_of, development.thinking_time)
        self.usual_time = each(mechanisms.product, e.managers.time_for_people, e.managers.usual_attention)
        self.office = each(mechanisms.product, e.governance.programme_post_carries, lever.governance.programme_posts)
        self.travel = each(mechanisms.product, e.governance.distance_load, _tens_of_miles(self.meeting))

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set the load on remaining managers and the speed of their work."""
        own, served = e.managers, self.formula.councils_served(e.scale.by_councils, old.inside)
        taken = self.formula.time_taken(own.time_for_people, self.asked_for, served)
        time = self.formula.time_kept(taken, self.usual_time, own.at_risk_slowing, old.managers_unsettled)
        travel = self.formula.travel_load(self.travel, old.running, old.anything_finished)
        new.load = load = self.formula.load_of(
            *(old.work_in_hand, e.governance.burden_load, old.coordination, travel, self.capacity(time, old, e)),
        )
        new.managers_unsettled = self.formula.managers_unsettled(
            old.managers_at_risk, lever.staff.communication, e.uncertainty.communication_softens
        )
        midway = self.formula.midway_load(load, old.load) if now > 0.0 else load
        new.overload = self.formula.overload_of(load, own.sustainable_load)
        trust = mean_of(self.pair_shares, old.trust_leaders) if self.pair_shares else 0.5
        pace = self.formula.pace_of_work(
            *(e.plan.haste_speeds, old.haste, e.external.speeds, old.consultants, old.in_hand),
            *(e.terms.dispute_slows, old.in_dispute, time, own.trust_speeds, trust),
        )
        slowed = self.under_load(midway, own.best_load, own.throughput_when_swamped)
        new.held_up = waits = self.formula.held_up(old.work_in_hand, slowed)
        if now % QUARTER == 0.0:
            new.scarce = scarce = self.formula.scarcest(waits, old.hr_queue, old.od_queue, own.noticed_held_up)
            self.asked.update(where(scarce != old.scarce))
        worlds = self.meeting.worlds
        for world, speed in zip(worlds, listed(self.formula.product(pace, slowed), len(worlds))):
            world.managers_work.proceed(now, speed)

    def act(self, world: World, now: float) -> None:
        """Record that another capacity is the scarcest from this quarter on, or none."""
        found = int(world.fact("scarce"))
        waits = (0.0, world.fact("held_up"), float(world.hr.queue), float(world.od.queue))[found]
        world.record("partnership", "scarcest capacity", SCARCE[found], waits)

    def capacity(self, time: Lane, old: Any, e: Any) -> Lane:
        """Packages that managers can carry now."""
        own = e.managers
        away = self.formula.called_away(old.emergency, old.failing, old.squeezed)
        able = self.formula.managers_able(
            *(old.capability, self.formula.product(time, self.not_thinking), away, own.leaderless_capacity),
            *(old.chief_executive, old.tier_shared),
        )
        needed = self.formula.posts_needed(old.posts_at_first, own.needed_falls_when_joined, old.joined)
        office = self.formula.office_carries(self.office, e.governance.programme_post_carries, old.funded_posts)
        helped = self.formula.help_from_outside(old.consultants, e.external.packages_carried, office, old.running)
        tired = self.formula.product(own.fatigue_takes, old.mean_fatigue)
        return self.formula.change_capacity(self.packages, tired, old.managers_left, needed, able, helped)

    def under_load(self, load: Lane, best: Lane, swamped: Lane) -> Lane:
        """Factor of load on the speed of work, by each history's form."""
        if all(form is self.forms[0] for form in self.forms):
            return each(self.forms[0], load, best, swamped)
        forms = lane(self.forms, numbers=False)
        return one_by_one(lambda form, *given: form(*given), forms, load, best, swamped, width=len(self.forms))


def _tens_of_miles(meeting: Meeting) -> float:
    """Mean distance between two councils, in units of ten miles."""
    pairs = meeting.partnership.pairs
    return fsum(pair.distance_miles for pair in pairs) / len(pairs) / 10.0 if pairs else 0.0
