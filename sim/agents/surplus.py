"""Surplus posts: how posts go that are cut, by vacancies first, then by the route chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice
from sim.core.lanes import each, of
from sim.core.ledger import ONE_OFF, SAVING
from sim.core.world import Agent, Meeting, World

Route = Literal["compulsory", "voluntary_open", "voluntary_targeted", "retirement", "relocation", "redeployment"]


class StaffingLevers(LeverGroup):
    """Levers of staffing: route for surplus posts."""

    route: Route = choice(
        "compulsory",
        "How posts go that no vacancy meets: compulsory or voluntary redundancy, early retirement, relocation, or "
        "an internal jobs market without compulsory redundancy",
        "D-STAFFING",
    )
    timing: Literal["as_planned", "after_enablers"] = choice(
        "as_planned",
        "Whether surplus posts go as planned, or only once joint ICT and HR systems are in place",
        "D-STAFFING",
    )


LEAST_HELD_BACK = 1000.0
"""Annual pay in pounds below which filled surplus posts are no longer counted."""
ENABLERS = {"joint_ict", "hr_payroll"}
"""Systems that must be in place before posts are surplus."""


@dataclass(slots=True)
class ToGo:
    """Posts of one package to be removed, by council: those vacancies can meet, the rest, and due dates."""

    due: float
    suited: list[float]
    rest: list[float]

    def left(self) -> float:
        """Number of surplus posts still filled."""
        return fsum(self.suited) + fsum(self.rest)


@dataclass(slots=True)
class Owed:
    """Surplus posts of one history by council, with fractions of a person carried and pay withheld."""

    posts: list[ToGo]
    overdue: list[float]
    exits: list[float]
    placed: list[float]
    beyond_plan: list[float]
    held_back: float = 0.0
    displaced: float = 0.0


class Surplus(Agent):
    """Agent for cut posts: some go at once, others stay surplus until a vacancy or their due date."""

    levers = (StaffingLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Owed] = meeting.gathered(_nothing_owed)
        self.states.fact(self, all_lost=0, lost=(0,) * len(meeting.names))
        self.stay_displaced = each(mechanisms.displaced_stay, meeting.e.staffing.displaced_leave, self.states.pulse)
        meeting.listeners["posts_cut"] = self.asked

    def act(self, world: World, now: float) -> None:
        """Turn cut posts into surplus and remove those due; after dissolution they are needed again."""
        own = self.own[world.place]
        if world.posts_cut.items:
            self.take_posts(world, own, now)
        if own.posts or own.held_back or own.displaced:
            if world.status == "dissolved":
                self.own[world.place] = _nothing_owed(world)
            else:
                self.settle(world, own, now)
                self.asked.add(world.place)

    def take_posts(self, world: World, own: Owed, now: float) -> None:
        """Take management posts at once; share the rest by head count among councils inside."""
        inside = [share if here else 0.0 for share, here in zip(self.meeting.headcount_shares, world.inside)]
        total = fsum(inside) or 1.0
        by_route = world.e("staffing.by_route")
        suits = 0.0 if route(world) == "voluntary_open" else world.e("staffing.suits_vacancies")
        for cause, name, posts, pay in world.posts_cut.take():
            if cause in ("top", "management"):
                goes = route_goes(world) if cause == "management" and by_route else 1.0
                self.cut_managers(world, name, posts, goes)
                own.displaced += (1.0 - goes) * posts * pay
                continue
            by_council = [posts * share / total for share in inside]
            if cause == "transfer":
                transfer(world, by_council, name)
            else:
                suited = [suits * part for part in by_council]
                rest = [part - fits for part, fits in zip(by_council, suited)]
                due = now + world.e("staffing.notice_months") if by_route else now
                own.posts.append(ToGo(due, suited, rest))

    def cut_managers(self, world: World, shares: Sequence[float], posts: float, goes: float) -> None:
        """Remove the route's share of managers at once; keep the others until they find a post (P-13).

        Chief executives go by agreement, whatever the route.
        """
        cost = exit_cost(world) / world.e("money.exit") * world.e("money.management_exit")
        world.ledger.pay(world.env.now, ONE_OFF, "management exits", posts * cost * goes)
        for c, share in enumerate(shares):
            self.let_go(world, c, posts * share * goes, "management posts")

    def settle(self, world: World, own: Owed, now: float) -> None:
        """Fill vacancies first; at the due date remove the route's share, and charge pay for the remaining posts.

        A council outside the partnership decides about its own posts.
        """
        by_route = world.e("staffing.by_route")
        after = world.current(StaffingLevers).timing == "after_enablers"
        waiting = after and not world.in_place >= ENABLERS
        for c, here in enumerate(world.inside):
            if not here:
                own.overdue[c] = 0.0
                for posts in own.posts:
                    posts.suited[c] = posts.rest[c] = 0.0
        still: list[ToGo] = []
        for posts in own.posts:
            meet_by_vacancies(world, posts)
            if posts.due > now or (waiting and posts.left() > 0.0):
                still.append(posts)
            elif by_route:
                self.fall_due(world, own, posts)
            else:
                for c in world.councils:
                    self.exit(world, own, c, posts.rest[c])
                    posts.rest[c] = 0.0
                if max(posts.suited) >= 1.0:
                    still.append(posts)
        own.posts = still
        if by_route:
            self.hold_back(world, own, now, waiting)

    def fall_due(self, world: World, own: Owed, posts: ToGo) -> None:
        """Remove the route's share of remaining posts; the rest wait for any vacancy."""
        goes = route_goes(world)
        for c in world.councils:
            left = posts.suited[c] + posts.rest[c]
            self.exit(world, own, c, mechanisms.product(goes, left))
            own.overdue[c] += mechanisms.product(1.0 - goes, left)

    def hold_back(self, world: World, own: Owed, now: float, waiting: bool) -> None:
        """Withhold from the saving the pay of filled posts past their date."""
        if own.displaced < LEAST_HELD_BACK:
            own.displaced = 0.0
        find_places(world, own)
        late = fsum([posts.left() for posts in own.posts if posts.due <= now]) if waiting else 0.0
        own.displaced *= of(self.stay_displaced, world.place)
        cost = mechanisms.kept_back(fsum(own.overdue), late, world.e("money.officer_post"), own.displaced)
        cost = cost if cost > LEAST_HELD_BACK else 0.0
        if cost != own.held_back:
            world.ledger.stream(SAVING, "posts still in place").ramp(now, 0.0, own.held_back - cost)
            own.held_back = cost

    def exit(self, world: World, own: Owed, c: int, posts: float) -> None:
        """Paid exits by the route in force; an open offer before the enablers attracts more than planned (P-20)."""
        own.exits[c] += posts
        people = int(own.exits[c])
        if people < 1:
            return
        own.exits[c] -= people
        gone = self.let_go(world, c, people, "posts no longer needed")
        if gone:
            world.ledger.pay(world.env.now, ONE_OFF, "redundancies", gone * exit_cost(world), council=c)
        if route(world) == "voluntary_open":
            missing = 1.0 - len(ENABLERS & world.in_place) / 2.0
            beyond, unsure = world.e("staffing.beyond_plan"), world.fact("uncertainty", c)
            own.beyond_plan[c] += mechanisms.exits_beyond_plan(people, beyond, unsure, missing)
            extra = int(own.beyond_plan[c])
            own.beyond_plan[c] -= extra
            leave_beyond_plan(world, c, extra)

    def let_go(self, world: World, c: int, posts: float, why: str) -> int:
        """Planned exits at one council. Returns people, and the hurt of those who stay."""
        people = world.workforces[c].make_redundant(posts)
        if people:
            self.put(world, "lost", world.fact("lost", c) + people, c)
            self.put(world, "all_lost", world.fact("all_lost") + people)
            hurts = world.e(f"staffing.{route(world)}_hurts")
            world.tell("losses", c, hurts * people / world.partnership.councils[c].headcount)
            world.record(world.names[c], "redundancies", why, people)
        return people


def find_places(world: World, own: Owed) -> None:
    """Move overdue people into vacancies that fit."""
    for c, people in enumerate(world.workforces):
        if own.overdue[c] < 1.0:
            continue
        fits = world.e("staffing.vacancy_fits") * sum(people.vacancies)
        own.placed[c] += own.overdue[c] * min(1.0, fits)
        while own.placed[c] >= 1.0 and own.overdue[c] >= 1.0 and people.delete_vacancy():
            own.placed[c] -= 1.0
            own.overdue[c] -= 1.0
            people.account.redeployed += 1


def meet_by_vacancies(world: World, posts: ToGo) -> None:
    """Delete vacant posts in place of filled ones where they fit."""
    for c, people in enumerate(world.workforces):
        while posts.suited[c] >= 1.0 and people.delete_vacancy():
            posts.suited[c] -= 1.0


def leave_beyond_plan(world: World, c: int, people: int) -> None:
    """Exits of experienced people through an open offer: paid, missed and replaced."""
    people = world.workforces[c].leave_beyond_plan(people)
    if people:
        world.ledger.pay(world.env.now, ONE_OFF, "exits beyond plan", people * exit_cost(world), council=c)
        missed = world.e("staffing.beyond_plan_knowledge") * people / world.partnership.headcount
        world.tell("knowledge", missed)
        world.record(world.names[c], "exits beyond plan", "open offer", people)


def transfer(world: World, by_council: Sequence[float], name: str) -> None:
    """Transfer a service's staff to its contractor."""
    for council, people, posts in zip(world.names, world.workforces, by_council):
        if gone := people.transfer(posts):
            world.record(council, "staff transferred", name, gone)


def route(world: World) -> str:
    """Route for surplus posts in force."""
    return world.current(StaffingLevers).route


def route_goes(world: World) -> float:
    """Share of surplus posts that the route in force removes."""
    return world.e(f"staffing.{route(world)}_goes")


def exit_cost(world: World) -> float:
    """Cost of one exit by the route in force."""
    return mechanisms.product(world.e(f"staffing.{route(world)}_cost"), world.e("money.exit"))


def _nothing_owed(world: World) -> Owed:
    """Empty record of surplus posts."""
    overdue, exits, placed, beyond_plan = ([0.0] * len(world.names) for _ in range(4))
    return Owed([], overdue, exits, placed, beyond_plan)
