"""Managers: the load of change on those who are left, and the speed at which their work proceeds."""

from math import fsum
from typing import Any

from sim.core import mechanisms
from sim.core.lanes import Lane, each, lane, listed, one_by_one
from sim.core.switches import load_form
from sim.core.world import Agent, Meeting


class Managers(Agent):
    """Agent for managers' load: capacity falls with cut posts, fatigue and a vacancy at the top."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.fact(self, load=0.0, overload=0.0)
        self.forms = [load_form(world.given.switches["load"]) for world in meeting.worlds]

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute attention to members, staff, distance and thinking, and outside help."""
        members, development = lever.members, lever.development
        heads = self.states.old.heads_at_first
        self.packages = each(mechanisms.product, heads, e.managers.packages_per_head)
        asked = each(
            mechanisms.attention_asked,
            members.leader_engagement,
            members.backbench_engagement,
            lever.staff.communication,
        )
        self.time_for_people = each(mechanisms.product, e.members.engagement_time, asked)
        self.time_kept = each(mechanisms.left_of, development.thinking_time)
        self.office = each(mechanisms.product, e.governance.programme_post_carries, lever.governance.programme_posts)
        self.travel = each(mechanisms.product, e.governance.distance_load, _tens_of_miles(self.meeting))

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set the load on remaining managers and the speed of their work."""
        own, served = e.managers, self.formula.councils_served(e.scale.by_councils, old.inside)
        for_people = self.formula.people_load(
            self.time_for_people, served, self.travel, old.running, old.anything_finished
        )
        new.load = load = self.formula.load_of(
            *(old.work_in_hand, e.governance.burden_load, old.coordination, for_people, self.capacity(old, e)),
        )
        midway = self.formula.midway_load(load, old.load) if now > 0.0 else load
        new.overload = self.formula.overload_of(load, own.sustainable_load)
        pace = self.formula.pace_of_work(
            *(e.plan.haste_speeds, old.haste, e.external.speeds, old.consultants, old.in_hand),
            *(e.terms.dispute_slows, old.in_dispute),
        )
        slowed = self.under_load(midway, own.best_load, own.throughput_when_swamped)
        worlds = self.meeting.worlds
        for world, speed in zip(worlds, listed(self.formula.product(pace, slowed), len(worlds))):
            world.managers_work.proceed(now, speed)

    def capacity(self, old: Any, e: Any) -> Lane:
        """Packages that managers can carry now."""
        own = e.managers
        able = self.formula.managers_able(
            *(old.capability, self.time_kept, old.emergency, own.leaderless_capacity, own.at_risk_slowing),
            *(old.chief_executive, old.tier_shared, old.tier_in_hand),
        )
        needed = self.formula.posts_needed(old.posts_at_first, own.needed_falls_when_joined, old.joined)
        helped = self.formula.help_from_outside(old.consultants, e.external.packages_carried, self.office, old.running)
        tired = self.formula.product(own.fatigue_takes, old.mean_fatigue)
        return self.formula.change_capacity(self.packages, tired, old.directors_and_heads, needed, able, helped)

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
