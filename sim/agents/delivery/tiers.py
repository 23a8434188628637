"""Tiers of management that are shared: agreed, appointed to, and thinned."""

from collections.abc import Generator
from dataclasses import dataclass
from math import fsum
from typing import Any

import simpy

from sim.agents.delivery.work import Carrier, Dropped
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers
from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, lever, share
from sim.core.inputs.packages import TIER, TIERS, Package
from sim.core.lanes import lane
from sim.core.ledger import SAVING
from sim.core.world import Meeting, Process, World

VOTE_DEPTH = {"chief_executive": 0.0, "management_team": 0.15, "heads_of_service": 0.25}


class StructureLevers(LeverGroup):
    """Levers of structure: size and timing of cuts in management posts."""

    management_posts_cut: float = share(
        0.35, "Share of director and head-of-service posts cut when each tier is shared", "D-EXTENT", le=0.8
    )
    posts_go_after: float = lever(
        0.0, "Months from the sharing of a tier until its surplus posts go", "months", "D-EXTENT", ge=0.0, le=36.0
    )


@dataclass(slots=True)
class Posts:
    """Management posts of one history: by tier and council before sharing, and those remaining."""

    by_council: dict[str, list[float]]
    left: dict[str, float]

    @property
    def directors_and_heads(self) -> float:
        """Number of director and head-of-service posts remaining."""
        return self.left["management_team"] + self.left["heads_of_service"]


class Tiers(Carrier):
    """Agent that shares the tiers of management in turn, cuts posts and starts the saving."""

    levers = (StructureLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Posts] = meeting.gathered(_posts_at_start)
        posts = lane([own.directors_and_heads for own in self.own])
        heads = lane([own.left["heads_of_service"] for own in self.own])
        self.states.fact(self, directors_and_heads=posts, posts_at_first=posts, heads_at_first=heads)
        self.states.fact(self, thinned=0.0, tier_in_hand=0, chief_executive=0.0)
        meeting.readers["chief_executive"] = self.appointed
        self.carry({TIER: self.share_tier})

    def appointed(self, world: World, in_post: bool) -> None:
        """Record that a joint chief executive has started or left."""
        self.put(world, "chief_executive", 1.0 if in_post else 0.0)

    def share_tier(self, world: World, package: Package) -> Process:
        """Share a tier: agree, consult and appoint, then cut posts and start the saving."""
        agreed = yield from self.decide(world, package, VOTE_DEPTH[package.name])
        if not agreed:
            raise Dropped("votes lost")
        self.put(world, "tier_in_hand", world.fact("tier_in_hand") + 1)
        try:
            world.record(package.name, "stage started", "appointment")
            yield from self.appoint(world, package)
            world.record(package.name, "stage finished", "appointment")
        finally:
            self.put(world, "tier_in_hand", world.fact("tier_in_hand") - 1)
        if package.name == "chief_executive":
            self.appointed(world, True)
            world.reach("chief executive in post")
        delay = world.current(StructureLevers).posts_go_after
        if delay and package.name != "chief_executive":
            world.env.process(self.cut_later(world, package.name, delay))
        else:
            self.cut_posts(world, package.name)
        world.reach(f"formed {package.name}")
        world.report(package, "formed")

    def appoint(self, world: World, package: Package) -> Generator[simpy.Event, Any, None]:
        """Appointment process, run by HR with managers' own time setting the rest."""
        e = world.e
        served = mechanisms.councils_served(e("scale.by_councils"), world.fact("inside"))
        commanding = world.current(DevelopmentLevers).leadership == "commanding"
        quick = 1.0 - e("development.commanding_speed") if commanding else 1.0
        work = max(e(f"time.{package.name}") - e("time.committee_cycle"), 0.5)
        work *= self.luck_of(world, "appointment", package) * quick
        by_hr = e("hr.months_per_tier") * served
        with world.hr.request(0.0, self.rank_of(world, package)) as officer:
            yield officer
            yield from world.hr_work.work(by_hr)
        yield from world.managers_work.work(max(work - by_hr, 0.0), e("managers.tier_weight") * served)

    def cut_later(self, world: World, tier: str, delay: float) -> Process:
        """Cut surplus posts some months after the tier was shared, unless the partnership has ended."""
        yield world.env.timeout(delay)
        if world.status != "dissolved":
            self.cut_posts(world, tier)

    def cut_posts(self, world: World, tier: str) -> None:
        """Cut the tier's posts: one chief executive for all, a share of the rest. Savings and exits follow."""
        own = self.own[world.place]
        share = world.current(StructureLevers).management_posts_cut
        held = fsum(self.held_inside(world, tier))
        cut = held - 1.0 if tier == "chief_executive" else held * share
        if cut <= 0.0:
            return
        own.left[tier] -= cut
        self.put(world, "directors_and_heads", own.directors_and_heads)
        self.put(world, "thinned", 1.0 - own.directors_and_heads / world.fact("posts_at_first"))
        pay = world.e(f"money.{tier}_post")
        world.ledger.stream(SAVING, "management").ramp(world.env.now, 0.0, mechanisms.product(cut, pay))
        cause = "top" if tier == "chief_executive" else "management"
        world.posts_cut.put((cause, self.borne_by(world, tier), cut, pay))
        world.record("partnership", "posts cut", tier, cut)

    def borne_by(self, world: World, tier: str) -> list[float]:
        """Each council's share of the posts cut: by posts held, more for the others if one's own leads (D-CE)."""
        own = self.held_inside(world, tier)
        shares = [posts / fsum(own) for posts in own]
        if len(own) > 1 and world.current(GovernanceLevers).chief_executive == "from_one_council":
            leads = world.given.largest
            spared = shares[leads] * world.e("staffing.management_tilt")
            others = 1.0 - shares[leads]
            shares = [
                share - spared if c == leads else share * (1.0 + spared / others) for c, share in enumerate(shares)
            ]
        return shares

    def held_inside(self, world: World, tier: str) -> list[float]:
        """Posts of a tier at each council before sharing; zero for a council outside."""
        posts = self.own[world.place].by_council[tier]
        return [held if here else 0.0 for held, here in zip(posts, world.inside)]


def _posts_at_start(world: World) -> Posts:
    """Number of chief executives, directors and heads of service at the start."""
    e, councils = world.e, world.partnership.councils
    heads = [max(e("managers.fewest_heads"), round(c.headcount / e("managers.staff_per_head"))) for c in councils]
    directors = [max(2.0, float(round(c.headcount / e("managers.staff_per_director")))) for c in councils]
    by_council = dict(zip(TIERS, ([1.0] * len(councils), directors, heads), strict=True))
    return Posts(by_council, {tier: float(fsum(own)) for tier, own in by_council.items()})
