"""Managers: their shared tiers, the posts that are cut, and the attention left for change."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers
from sim.agents.members import MembersLevers
from sim.agents.staff import StaffLevers
from sim.agents.work import Carrier, Dropped
from sim.ledger import SAVING
from sim.levers import LeverGroup, lever
from sim.mechanisms import change_capacity, load_speed, load_speed_queueing
from sim.packages import TIER, TIERS, Package
from sim.world import Process, World

VOTE_DEPTH = {"chief_executive": 0.0, "management_team": 0.15, "heads_of_service": 0.25}


class StructureLevers(LeverGroup):
    """How hard management is thinned when it is shared."""

    management_posts_cut: float = lever(
        0.35, "Share of director and head-of-service posts cut when each tier is shared",
        unit="share", source="D-EXTENT", ge=0.0, le=0.8,
    )  # fmt: skip
    posts_go_after: float = lever(
        0.0, "Months from the sharing of a tier until its surplus posts go",
        unit="months", source="D-EXTENT", ge=0.0, le=36.0,
    )  # fmt: skip


class Managers(Carrier):
    """Carry the change: capacity falls when posts are cut, tiredness or a vacancy at the top bites."""

    levers = (StructureLevers,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        e = world.e
        self.tier_in_hand = 0
        self.count_posts()
        self.eased = e("managers.needed_falls_when_joined")
        self.at_risk = e("managers.at_risk_slowing")
        self.per_consultant, self.per_post = e("external.packages_carried"), e("governance.programme_post_carries")
        self.member_time, self.scaled = e("members.engagement_time"), world.on("scale")
        self.leaderless = e("managers.leaderless_capacity")
        self.best, self.sustainable = e("managers.best_load"), e("managers.sustainable_load")
        self.swamped = e("managers.throughput_when_swamped")
        self.sped_up = e("external.speeds")
        self.rushed, self.dispute_slows = e("plan.haste_speeds"), e("terms.dispute_slows")
        self.form = world.given.switches["load"]
        self.tires = e("managers.fatigue_takes")
        self.burdened = e("governance.burden_load") if world.on("coordination") else 0.0
        pairs = world.partnership.pairs
        miles = sum(pair.distance_miles for pair in pairs) / len(pairs) if pairs else 0.0
        self.travel = e("governance.distance_load") * miles / 10.0 if world.on("coordination") else 0.0
        world.at_decision(self.read_levers)

    def count_posts(self) -> None:
        """Chief executives, directors and heads of service at the start, and the packages they can carry."""
        e, councils = self.world.e, self.world.partnership.councils
        heads = [
            max(e("managers.fewest_heads"), round(c.headcount / e("managers.staff_per_head"))) for c in councils
        ]  # fmt: skip
        directors = [max(2.0, float(round(c.headcount / e("managers.staff_per_director")))) for c in councils]
        self.by_council = dict(zip(TIERS, ([1.0] * len(councils), directors, heads), strict=True))
        self.posts = {tier: float(sum(own)) for tier, own in self.by_council.items()}
        self.cost = {tier: e(f"money.{tier}_post") for tier in TIERS}
        self.at_first = self.directors_and_heads = self.posts["management_team"] + self.posts["heads_of_service"]
        self.packages = self.posts["heads_of_service"] * e("managers.packages_per_head")

    def read_levers(self) -> None:
        """How much attention members, staff and thinking are to be given, and who helps."""
        world = self.world
        members, staff = world.current(MembersLevers), world.current(StaffLevers)
        development = world.current(DevelopmentLevers)
        asked = members.leader_engagement + members.backbench_engagement + staff.communication
        self.time_for_people = self.member_time * asked
        self.kept = 1.0 - (development.thinking_time if world.on("leadership") else 0.0)
        self.quick = 1.0
        if development.leadership == "commanding" and world.on("leadership"):
            self.quick -= world.e("development.commanding_speed")
        self.office = self.per_post * world.current(GovernanceLevers).programme_posts

    def start(self) -> None:
        """Each tier to be shared is a process of its own, from its release on."""
        self.capability = self.world.index("manager_capability")
        self.carry({TIER: self.share_tier})
        self.world.at_pulse(self.refresh)

    def share_tier(self, package: Package) -> Process:
        """Agree, consult and appoint; then the posts go and the saving begins."""
        world = self.world
        agreed = yield from self.decide(package, VOTE_DEPTH[package.name])
        if not agreed:
            raise Dropped("votes lost")
        self.tier_in_hand += 1
        try:
            world.record(package.name, "stage started", "appointment")
            yield from self.appoint(package)
            world.record(package.name, "stage finished", "appointment")
        finally:
            self.tier_in_hand -= 1
        if package.name == "chief_executive":
            world.people.chief_executive_in_post = True
            world.reach("chief executive in post")
        delay = world.current(StructureLevers).posts_go_after
        if delay and package.name != "chief_executive":
            world.env.process(self.cut_later(package.name, delay))
        else:
            self.cut_posts(package.name)
        world.reach(f"formed {package.name}")
        world.report(package, "formed")

    def appoint(self, package: Package) -> Generator[simpy.Event, Any, None]:
        """HR runs the process; managers' own time sets the rest."""
        world, tiers = self.world, self.councils_served()
        work = max(world.e(f"time.{package.name}") - world.e("time.committee_cycle"), 0.5)
        work *= self.luck_of("appointment", package) * self.quick
        by_hr = world.e("hr.months_per_tier") * tiers
        with world.hr.request(0.0, self.rank_of(package)) as officer:
            yield officer
            yield from world.hr_work.work(by_hr)
        rest = max(work - by_hr, 0.0)
        yield from world.managers_work.work(rest, world.e("managers.tier_weight") * tiers)

    def councils_served(self) -> float:
        """Councils that share, against two: each has members, staff and managers of its own to attend to (M-MG1)."""
        return sum(self.world.inside) / 2.0 if self.scaled else 1.0

    def cut_later(self, tier: str, delay: float) -> Process:
        """Surplus posts go some months after the tier was shared, unless the partnership has ended by then."""
        yield self.world.env.timeout(delay)
        if self.world.progress.status != "dissolved":
            self.cut_posts(tier)

    def cut_posts(self, tier: str) -> None:
        """One chief executive instead of several; a share of the other posts. Savings and exits follow."""
        world = self.world
        share = world.current(StructureLevers).management_posts_cut
        held = sum(self.held_inside(tier))
        cut = held - 1.0 if tier == "chief_executive" else held * share
        if cut <= 0.0:
            return
        self.posts[tier] -= cut
        self.directors_and_heads = self.posts["management_team"] + self.posts["heads_of_service"]
        world.people.thinned = 1.0 - self.directors_and_heads / self.at_first
        now = world.env.now
        world.ledger.stream(SAVING, "management").ramp(now, 0.0, cut * self.cost[tier])
        cause = "top" if tier == "chief_executive" else "management"
        world.posts_cut.put((cause, self.borne_by(tier), cut, self.cost[tier]))
        world.record("partnership", "posts cut", tier, cut)

    def borne_by(self, tier: str) -> list[float]:
        """Each council's share of the posts cut: by posts held, tilted to the others where one's own leads (D-CE)."""
        own = self.held_inside(tier)
        shares = [posts / sum(own) for posts in own]
        if len(own) > 1 and self.world.current(GovernanceLevers).chief_executive == "from_one_council":
            leads = self.world.given.largest
            spared = shares[leads] * self.world.e("staffing.management_tilt")
            others = 1.0 - shares[leads]
            shares = [
                share - spared if c == leads else share * (1.0 + spared / others) for c, share in enumerate(shares)
            ]
        return shares

    def held_inside(self, tier: str) -> list[float]:
        """Posts of a tier at each council before anything was shared; none of them where a council is outside."""
        return [posts if here else 0.0 for posts, here in zip(self.by_council[tier], self.world.inside)]

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Load on the managers who are left, and the speed at which their work proceeds."""
        world, people, progress = self.world, self.world.people, self.world.progress
        able = levels[self.capability] * self.kept * (1.0 - people.emergency)
        if not people.chief_executive_in_post and TIER in progress.finished:
            able *= self.leaderless
        if self.tier_in_hand:
            able *= 1.0 - self.at_risk
        needed = self.at_first * (1.0 - self.eased * progress.joined_share)
        in_hand, helped = world.managers_work.load + self.burdened * people.coordination, 0.0
        if progress.status == "running" and world.packages:
            in_hand += self.time_for_people * self.councils_served() + (self.travel if progress.finished else 0.0)
            helped = people.external * self.per_consultant + self.office
        capacity = change_capacity(
            self.packages, self.tires * people.fatigue, self.directors_and_heads, needed, able, helped
        )
        load = in_hand / capacity
        midway = max(1.5 * load - 0.5 * people.load, 0.0) if now > 0.0 else load
        people.load = load
        speed = 1.0 + self.rushed * progress.haste
        if people.external and progress.in_hand:
            speed += self.sped_up * min(1.0, people.external / progress.in_hand)
        if people.in_dispute:
            speed *= 1.0 - self.dispute_slows
        if self.form != "off":
            people.overload = load - self.sustainable if load > self.sustainable else 0.0
            speed *= (
                load_speed(midway, self.best, self.swamped)
                if self.form == "on"
                else load_speed_queueing(midway, self.best)
            )
        world.managers_work.proceed(now, speed)
