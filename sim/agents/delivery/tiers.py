"""Tiers of management that are shared: agreed, appointed to, and thinned."""

from collections.abc import Generator
from dataclasses import dataclass
from math import fsum
from typing import Any

import simpy

from sim.agents.delivery.decisions import decide
from sim.agents.delivery.work import Carrier, Dropped
from sim.agents.development import DevelopmentLevers
from sim.agents.governance import GovernanceLevers
from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice, lever, share, yes_or_no
from sim.core.inputs.packages import TIER, TIERS, Package, TierOrder, appointed_by
from sim.core.lanes import lane
from sim.core.ledger import SAVING
from sim.core.workforce import tilted
from sim.core.world import Meeting, Process, World

VOTE_DEPTH = {"chief_executive": 0.0, "management_team": 0.15, "heads_of_service": 0.25, "service_managers": 0.25}


class StructureLevers(LeverGroup):
    """Which tiers of management are shared, in what order, and how hard they are thinned."""

    tiers: TierOrder = choice(
        "together",
        "Whether the tiers below the chief executive are shared one by one, or together in one restructure",
        "D-SEQ",
        "at the start",
    )
    service_managers: bool = yes_or_no(
        False, "Whether service managers, the tier below heads of service, are shared too", "D-EXTENT", "at the start"
    )

    management_posts_cut: float = share(
        0.35, "Share of posts cut in each tier below the chief executive when it is shared", "D-EXTENT", le=0.8
    )
    posts_go_after: float = lever(
        0.0, "Months from the sharing of a tier until its surplus posts go", "months", "D-EXTENT", ge=0.0, le=36.0
    )


@dataclass(slots=True)
class Posts:
    """Management posts of one history: by tier and council before sharing, and those remaining."""

    by_council: dict[str, list[float]]
    left: dict[str, float]
    service_manager_counts: float
    """Part of a head of service that one service manager carries of the change; nought where that tier stays apart."""

    @property
    def carrying(self) -> float:
        """Posts that carry the change, in heads of service: directors, heads, and service managers where shared."""
        below = self.service_manager_counts * self.left["service_managers"]
        return self.left["management_team"] + self.left["heads_of_service"] + below


class Tiers(Carrier):
    """Agent that shares the tiers of management in turn, cuts posts and starts the saving."""

    levers = (StructureLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Posts] = meeting.gathered(_posts_at_start)
        posts = lane([own.carrying for own in self.own])
        heads = lane([own.left["heads_of_service"] for own in self.own])
        self.states.fact(self, managers_left=posts, posts_at_first=posts, heads_at_first=heads)
        shared = TIERS[0] in meeting.partnership.start_state
        self.states.fact(self, thinned=0.0, managers_at_risk=0.0, chief_executive=1.0 if shared else 0.0)
        meeting.readers |= {
            "chief_executive": self.appointed,
            "manager_lost": self.lose_manager,
            "posts_put_back": self.put_back,
        }
        self.carry({TIER: self.share_tier})

    def appointed(self, world: World, in_post: bool) -> None:
        """Record that a joint chief executive has started or left."""
        self.put(world, "chief_executive", 1.0 if in_post else 0.0)

    def share_tier(self, world: World, package: Package) -> Process:
        """Share a tier: announce, agree, consult and appoint, then cut posts and start the saving."""
        at_risk = self.at_risk(world, package.name)
        self.put(world, "managers_at_risk", world.fact("managers_at_risk") + at_risk)
        try:
            agreed = yield from decide(world, package, VOTE_DEPTH[package.name])
            if not agreed:
                raise Dropped("votes lost")
            yield from self.wait_for_those_above(world, package)
            world.record(package.name, "stage started", "appointment")
            yield from self.appoint(world, package)
            world.record(package.name, "stage finished", "appointment")
        finally:
            self.put(world, "managers_at_risk", max(world.fact("managers_at_risk") - at_risk, 0.0))
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

    def at_risk(self, world: World, tier: str) -> float:
        """Share of all management posts that are open once the sharing of a tier is announced."""
        own, shared = self.own[world.place].by_council, [p.name for p in world.packages if p.kind == TIER]
        return fsum(own[tier]) / fsum([fsum(own[name]) for name in {*shared, "heads_of_service", "management_team"}])

    def wait_for_those_above(self, world: World, package: Package) -> Process:
        """Nobody is appointed before those who appoint them: a chief executive, then the directors, then all below."""
        above = appointed_by(package.name, [other.name for other in world.packages])
        if above is not None:
            if not world.reached(f"formed {above}"):
                yield world.env.any_of([world.milestone(f"formed {above}"), world.milestone(f"dropped {above}")])
            if not world.reached(f"formed {above}"):
                raise Dropped(f"{above} was dropped")

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
        """One chief executive instead of several; a share of the other posts. Savings and exits follow."""
        share = world.current(StructureLevers).management_posts_cut
        held = fsum(self.held_inside(world, tier))
        cut = held - 1.0 if tier == "chief_executive" else held * share
        if cut <= 0.0:
            return
        self.change_posts(world, tier, -cut)
        pay = world.e(f"money.{tier}_post")
        world.ledger.stream(SAVING, "management").ramp(world.env.now, 0.0, mechanisms.product(cut, pay))
        cause = "top" if tier == "chief_executive" else "management"
        world.posts_cut.put((cause, self.borne_by(world, tier), cut, pay))
        world.record("partnership", "posts cut", tier, cut)

    def lose_manager(self, world: World) -> None:
        """Word that the head of a service that collapsed has gone; the post stands empty for months."""
        if self.own[world.place].left["heads_of_service"] >= 2.0:
            world.env.process(self.without_head(world))

    def without_head(self, world: World) -> Process:
        """One head of service fewer, until another is in post."""
        self.change_posts(world, "heads_of_service", -1.0)
        world.record("partnership", "head of service left", "a service has failed")
        yield world.env.timeout(world.e("shocks.vacancy_months"))
        self.change_posts(world, "heads_of_service", 1.0)

    def put_back(self, world: World, share: float) -> None:
        """Word that a share of the directors' and heads' posts cut is put back: their pay is saved no longer."""
        own, saving = self.own[world.place], world.ledger.stream(SAVING, "management")
        for tier in TIERS[1:]:
            back = share * max(fsum(self.held_inside(world, tier)) - own.left[tier], 0.0)
            if back and world.reached(f"formed {tier}"):
                self.change_posts(world, tier, back)
                saving.ramp(world.env.now, 0.0, -mechanisms.product(back, world.e(f"money.{tier}_post")))
                world.record("partnership", "posts put back", tier, back)

    def change_posts(self, world: World, tier: str, posts: float) -> None:
        """So many more posts of a tier, or fewer, from now on."""
        own = self.own[world.place]
        own.left[tier] += posts
        self.put(world, "managers_left", own.carrying)
        self.put(world, "thinned", 1.0 - own.carrying / world.fact("posts_at_first"))

    def borne_by(self, world: World, tier: str) -> list[float]:
        """Each council's share of the posts cut: by posts held, more for the others if one's own leads (D-CE)."""
        own = self.held_inside(world, tier)
        shares = [posts / fsum(own) for posts in own]
        if len(own) > 1 and world.current(GovernanceLevers).chief_executive == "from_one_council":
            return tilted(shares, world.given.largest, world.e("staffing.management_tilt"))
        return shares

    def held_inside(self, world: World, tier: str) -> list[float]:
        """Posts of a tier at each council before sharing; zero for a council outside."""
        posts = self.own[world.place].by_council[tier]
        return [held if here else 0.0 for held, here in zip(posts, world.inside)]


def _posts_at_start(world: World) -> Posts:
    """Chief executives, directors, heads of service and service managers at the start."""
    e, councils = world.e, world.partnership.councils
    below = [float(round(c.headcount / e("managers.staff_per_service_manager"))) for c in councils]
    heads = [max(e("managers.fewest_heads"), round(c.headcount / e("managers.staff_per_head"))) for c in councils]
    directors = [max(2.0, float(round(c.headcount / e("managers.staff_per_director")))) for c in councils]
    by_council = dict(zip(TIERS, ([1.0] * len(councils), directors, heads, below), strict=True))
    shared = TIERS[3] in (*world.partnership.start_state, *(package.name for package in world.packages))
    left = {tier: _posts_left(world, tier, fsum(own)) for tier, own in by_council.items()}
    return Posts(by_council, left, e("managers.service_manager_counts") if shared else 0.0)


def _posts_left(world: World, tier: str, held: float) -> float:
    """Posts of a tier at the start, for all councils: fewer where it is shared already."""
    if tier not in world.partnership.start_state:
        return held
    return 1.0 if tier == TIERS[0] else held * (1.0 - world.current(StructureLevers).management_posts_cut)
