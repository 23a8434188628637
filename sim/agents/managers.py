"""Managers: their shared tiers, the posts that are cut, and the attention left for change."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.agents.members import MembersLevers
from sim.agents.staff import StaffLevers
from sim.agents.voting import decide
from sim.ledger import ONE_OFF, SAVING
from sim.levers import LeverGroup, lever
from sim.mechanisms import change_capacity, load_speed
from sim.packages import TIER, TIERS, Package
from sim.world import Process, World

VOTE_DEPTH = {"chief_executive": 0.0, "management_team": 0.15, "heads_of_service": 0.25}


class StructureLevers(LeverGroup):
    """How hard management is thinned when it is shared."""

    management_posts_cut: float = lever(
        0.35, "Share of director and head-of-service posts cut when each tier is shared",
        unit="share", source="D-EXTENT", ge=0.0, le=0.8,
    )  # fmt: skip


class Managers:
    """Carry the change: capacity falls when posts are cut, tiredness or a vacancy at the top bites."""

    levers = (StructureLevers,)

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.tier_in_hand = 0
        self.count_posts()
        self.eased = e("managers.needed_falls_when_joined")
        self.at_risk = e("managers.at_risk_slowing")
        self.per_consultant = e("external.packages_carried")
        self.member_time = e("members.engagement_time")
        self.leaderless = e("managers.leaderless_capacity")
        self.best, self.sustainable = e("managers.best_load"), e("managers.sustainable_load")
        self.swamped = e("managers.throughput_when_swamped")
        self.rushed = e("plan.haste_speeds")
        self.load_matters = world.on("load")
        self.tires = e("managers.fatigue_takes")
        self.able = e("managers.capability_start")
        self.grown = e("managers.capability_gain")
        self.capability = world.soft("manager_capability", self.able, e("managers.capability_months"))
        world.at_decision(self.read_levers)
        world.at_pulse(self.refresh)

    def count_posts(self) -> None:
        """Chief executives, directors and heads of service at the start, and the packages they can carry."""
        e, councils = self.world.e, self.world.partnership.councils
        heads = sum(
            max(e("managers.fewest_heads"), round(c.headcount / e("managers.staff_per_head"))) for c in councils
        )
        directors = sum(max(2, round(c.headcount / e("managers.staff_per_director"))) for c in councils)
        numbers = (float(len(councils)), float(directors), float(heads))
        self.posts = dict(zip(TIERS, numbers, strict=True))
        self.cost = {tier: e(f"money.{tier}_post") for tier in TIERS}
        self.at_first = directors + heads
        self.directors_and_heads = numbers[1] + numbers[2]
        self.packages = heads * e("managers.packages_per_head")

    def read_levers(self) -> None:
        """How much attention members and staff are to be given."""
        members, staff = self.world.current(MembersLevers), self.world.current(StaffLevers)
        asked = members.leader_engagement + members.backbench_engagement + staff.communication
        self.time_for_people = self.member_time * asked

    def start(self) -> None:
        """Each tier to be shared is a process of its own, from its release on."""
        self.world.carry(TIER, lambda package: self.world.env.process(self.share_tier(package)))

    def share_tier(self, package: Package) -> Process:
        """Agree, consult and appoint; then the posts go and the saving begins."""
        world = self.world
        agreed = yield from decide(world, package, VOTE_DEPTH[package.name])
        if not agreed:
            world.record(package.name, "package dropped", "votes lost")
            world.report(package, "dropped")
            return
        world.record(package.name, "stage started", "appointment")
        self.tier_in_hand += 1
        yield from self.appoint(package)
        self.tier_in_hand -= 1
        world.record(package.name, "stage finished", "appointment")
        if world.progress.status == "dissolved":
            world.report(package, "dropped")
            return
        self.cut_posts(package.name)
        world.report(package, "formed")
        world.report(package, "finished")
        world.record(package.name, "package finished")
        world.reach(f"finished {package.name}")

    def appoint(self, package: Package) -> Generator[simpy.Event, Any, None]:
        """HR runs the process; managers' own time sets the rest."""
        world = self.world
        spread = world.luck.lognormal(world.e("time.spread"), "appointment", package.name)
        work = max(world.e(f"time.{package.name}") - world.e("time.committee_cycle"), 0.5) * spread
        with world.hr.request(priority=0) as officer:
            yield officer
            yield from world.hr_work.work(world.e("hr.months_per_tier"))
        rest = max(work - world.e("hr.months_per_tier"), 0.0)
        yield from world.managers_work.work(rest, world.e("managers.tier_weight"))

    def cut_posts(self, tier: str) -> None:
        """One chief executive instead of several; a share of the other posts. Savings and exits follow."""
        world = self.world
        share = world.current(StructureLevers).management_posts_cut
        cut = self.posts[tier] - 1.0 if tier == "chief_executive" else self.posts[tier] * share
        if cut <= 0.0:
            return
        self.posts[tier] -= cut
        self.directors_and_heads = self.posts["management_team"] + self.posts["heads_of_service"]
        now = world.env.now
        world.ledger.stream(SAVING, "management").ramp(now, 0.0, cut * self.cost[tier])
        world.ledger.pay(now, ONE_OFF, "management exits", cut * world.e("money.management_exit"))
        if tier == "chief_executive":
            world.people.chief_executive_in_post = True
        world.posts_cut.put(("management", tier, cut))
        world.record("partnership", "posts cut", tier, cut)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Load on the managers who are left, and the speed at which their work proceeds."""
        world, people, progress = self.world, self.world.people, self.world.progress
        able = levels[self.capability]
        if not people.chief_executive_in_post and TIER in progress.finished:
            able *= self.leaderless
        if self.tier_in_hand:
            able *= 1.0 - self.at_risk
        needed = self.at_first * (1.0 - self.eased * progress.joined_share)
        capacity = change_capacity(
            self.packages, self.tires * people.fatigue, self.directors_and_heads, needed, able,
            people.external * self.per_consultant,
        )  # fmt: skip
        in_hand = world.managers_work.load
        if progress.status == "running" and world.packages:
            in_hand += self.time_for_people
        load = in_hand / capacity
        midway = max(1.5 * load - 0.5 * people.load, 0.0) if now > 0.0 else load
        people.load = load
        speed = 1.0 + self.rushed * progress.haste
        if self.load_matters:
            people.overload = max(0.0, load - self.sustainable)
            speed *= load_speed(midway, self.best, self.swamped)
        world.managers_work.proceed(now, speed)
        if progress.ended:
            aims[self.capability] = self.able + self.grown * progress.ended / len(world.packages)

    def finish(self) -> None:
        """Nothing to close at the horizon."""
