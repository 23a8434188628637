"""Surplus posts: vacancies meet those that suit, and the rest go by routes that stand side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Literal, Self

from pydantic import model_validator

from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice, share, yes_or_no
from sim.core.lanes import each, of
from sim.core.ledger import ONE_OFF, SAVING
from sim.core.workforce import tilted
from sim.core.world import Agent, Meeting, World

COMPULSORY, OPEN, TARGETED, RETIREMENT = "compulsory", "voluntary_open", "voluntary_targeted", "retirement"
REDUNDANCIES = (COMPULSORY, OPEN, TARGETED)
"""Routes by which the older leave with their pension drawn early, as all do who retire."""
_ROUNDING = 1e-9


class StaffingLevers(LeverGroup):
    """How surplus posts go: shares of them by each route, side by side; the rest goes by compulsory redundancy."""

    voluntary: float = share(0.0, "Share of surplus posts that are to go by voluntary redundancy", "D-STAFFING")
    open_offer: bool = yes_or_no(
        False, "Whether voluntary redundancy is offered to all staff, not only where posts are surplus", "D-STAFFING"
    )
    retirement: float = share(0.0, "Share of them that are to go by early retirement", "D-STAFFING")
    relocation: float = share(0.0, "Share of them whose work moves to another council's offices", "D-STAFFING")
    redeployment: float = share(
        0.0, "Share of them whose holders wait for another post in an internal jobs market", "D-STAFFING"
    )
    recruitment_held: float = share(
        0.0, "Share of them that wait until somebody leaves, because vacancies are no longer filled", "D-STAFFING"
    )
    timing: Literal["as_planned", "after_enablers"] = choice(
        "as_planned",
        "Whether surplus posts go as planned, or only once joint ICT and HR systems are in place",
        "D-STAFFING",
    )

    @model_validator(mode="after")
    def _one_whole(self) -> Self:
        total = fsum((self.voluntary, self.retirement, self.relocation, self.redeployment, self.recruitment_held))
        if total > 1.0 + _ROUNDING:
            raise ValueError(
                f"levers.staffing: the shares of posts that go by each route sum to {total:g}; they can sum to 1 at "
                "most, and what they leave goes by compulsory redundancy"
            )
        return self

    @property
    def secure(self) -> float:
        """Share of surplus posts whose holders keep a job."""
        return self.redeployment + self.recruitment_held

    @property
    def open_share(self) -> float:
        """Share of surplus posts that are to go by an offer open to all."""
        return self.voluntary if self.open_offer else 0.0

    def shares(self) -> dict[str, float]:
        """Share of surplus posts by each route by which people may leave."""
        chosen = {
            OPEN if self.open_offer else TARGETED: self.voluntary,
            RETIREMENT: self.retirement,
            "relocation": self.relocation,
            "redeployment": self.redeployment,
        }
        rest = 1.0 - fsum((*chosen.values(), self.recruitment_held))
        return {route: part for route, part in {COMPULSORY: rest, **chosen}.items() if part > _ROUNDING}


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
    unsure: list[float]
    """Uncertainty of each council's staff when the posts became surplus, and an open offer was made."""

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


@dataclass(frozen=True, slots=True)
class Exits:
    """Exits by the routes in force: the share of posts that go, and the mean of those who go."""

    goes: float
    by_open_offer: float
    """Part of them that an offer open to all has drawn."""
    pay: float
    """Payment against redundancy pay."""
    hurts: float
    redundant: float
    """Part of them who leave by redundancy, of whom the older draw their pension early."""
    retired: float
    """Part of them who retire early."""


class Surplus(Agent):
    """Agent for cut posts: some go at once, others stay surplus until a vacancy or their due date."""

    levers = (StaffingLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.own: list[Owed] = meeting.gathered(_nothing_owed)
        self.states.fact(self, all_lost=0, lost=(0,) * len(meeting.names))
        self.exits = meeting.gathered(_exits)
        self.stay_displaced = each(mechanisms.displaced_stay, meeting.e.staffing.displaced_leave, self.states.pulse)
        meeting.listeners["posts_cut"] = self.asked

    def prepare(self, lever: Any, e: Any) -> None:
        """Exits by the routes now in force."""
        self.exits = self.meeting.gathered(_exits)

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
        """Management posts go at once; others become surplus at the councils that share the service."""
        by_route = world.e("staffing.by_route")
        chosen = world.current(StaffingLevers)
        suits = mechanisms.suited_to_vacancies(
            world.e("staffing.suits_vacancies"), chosen.recruitment_held, chosen.open_share
        )
        for cause, name, posts, pay in world.posts_cut.take():
            if cause in ("top", "management"):
                goes = self.exits[world.place].goes if cause == "management" and by_route else 1.0
                self.cut_managers(world, name, posts * goes, pay, _AGREED if cause == "top" else None)
                own.displaced += (1.0 - goes) * posts * pay
                continue
            by_council = [posts * share for share in borne_by(world, world.covered(name))]
            if cause == "transfer":
                transfer(world, by_council, name)
            else:
                suited = [suits * part for part in by_council]
                rest = [part - fits for part, fits in zip(by_council, suited)]
                due = now + world.e("staffing.notice_months") if by_route else now
                unsure = [world.fact("uncertainty", c) for c in world.councils]
                own.posts.append(ToGo(due, suited, rest, unsure))

    def cut_managers(
        self, world: World, shares: Sequence[float], posts: float, pay: float, agreed: Exits | None
    ) -> None:
        """Managers go at once by the routes in force; the others are kept on until they find a post (P-13).

        Chief executives go by agreement, whatever the routes.
        """
        how = agreed or self.exits[world.place]
        now, older = world.env.now, world.e("staffing.older_managers")
        paid, strain = exit_costs(world, how, pay, older)
        world.ledger.pay(now, ONE_OFF, "management exits", posts * paid)
        world.ledger.pay(now, ONE_OFF, "pension strain of managers", posts * strain)
        for c, part in enumerate(shares):
            self.let_go(world, c, posts * part, "management posts")

    def settle(self, world: World, own: Owed, now: float) -> None:
        """Vacancies first; when posts fall due the routes remove their share of the rest; what stays costs its pay.

        A council outside the partnership decides about its own posts.
        """
        by_route = world.e("staffing.by_route")
        after = world.current(StaffingLevers).timing == "after_enablers"
        waiting = after and not world.in_place >= ENABLERS
        drop_outsiders(world, own)
        still: list[ToGo] = []
        for posts in own.posts:
            meet_by_vacancies(world, posts)
            if posts.due > now or (waiting and posts.left() > 0.0):
                still.append(posts)
            elif by_route:
                self.fall_due(world, own, posts)
            else:
                for c in world.councils:
                    self.exit(world, own, c, posts.rest[c], posts.unsure[c])
                    posts.rest[c] = 0.0
                if max(posts.suited) >= 1.0:
                    still.append(posts)
        own.posts = still
        if by_route:
            self.hold_back(world, own, now, waiting)

    def fall_due(self, world: World, own: Owed, posts: ToGo) -> None:
        """The routes take their share of what is left; the others wait for any vacancy."""
        goes = self.exits[world.place].goes
        for c in world.councils:
            left = posts.suited[c] + posts.rest[c]
            self.exit(world, own, c, mechanisms.product(goes, left), posts.unsure[c])
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

    def exit(self, world: World, own: Owed, c: int, posts: float, unsure: float) -> None:
        """Paid exits by the routes in force; an open offer before the enablers draws more than planned (P-20)."""
        own.exits[c] += posts
        people = int(own.exits[c])
        if people < 1:
            return
        own.exits[c] -= people
        gone = self.let_go(world, c, people, "posts no longer needed")
        self.pay_exits(world, c, gone, "redundancies")
        opened = self.exits[world.place].by_open_offer
        if opened:
            missing = 1.0 - len(ENABLERS & world.in_place) / 2.0
            beyond = world.e("staffing.beyond_plan")
            own.beyond_plan[c] += mechanisms.exits_beyond_plan(people * opened, beyond, unsure, missing)
            extra = int(own.beyond_plan[c])
            own.beyond_plan[c] -= extra
            self.pay_exits(world, c, leave_beyond_plan(world, c, extra), "exits beyond plan")

    def pay_exits(self, world: World, c: int, people: int, cause: str) -> None:
        """Officers who leave are paid off by their council, and its pension fund is made whole."""
        if people:
            now, older = world.env.now, world.e("staffing.older")
            paid, strain = exit_costs(world, self.exits[world.place], world.e("money.officer_post"), older)
            world.ledger.pay(now, ONE_OFF, cause, people * paid, council=c)
            world.ledger.pay(now, ONE_OFF, "pension strain of officers", people * strain, council=c)

    def let_go(self, world: World, c: int, posts: float, why: str) -> int:
        """Planned exits at one council. Returns people, and the hurt of those who stay."""
        people = world.workforces[c].make_redundant(posts)
        if people:
            self.put(world, "lost", world.fact("lost", c) + people, c)
            self.put(world, "all_lost", world.fact("all_lost") + people)
            hurts = self.exits[world.place].hurts
            world.tell("losses", c, hurts * people / world.partnership.councils[c].headcount)
            world.record(world.names[c], "redundancies", why, people)
        return people


def borne_by(world: World, services: Sequence[str]) -> list[float]:
    """Each council's share of posts that go in these services: by head count, tilted to the others where one leads."""
    heads, sharing = world.given.headcount_shares, world.sharers(services)
    parts = [heads[c] if c in sharing else 0.0 for c in world.councils]
    total = fsum(parts) or 1.0
    parts = [part / total for part in parts]
    leads = {world.given.arrangements[name].led_by for name in services if name in world.given.arrangements}
    lead = leads.pop() if len(leads) == 1 else ""
    return tilted(parts, world.names.index(lead), world.e("staffing.management_tilt")) if lead else parts


def drop_outsiders(world: World, own: Owed) -> None:
    """A council outside the partnership keeps its surplus posts."""
    for c, here in enumerate(world.inside):
        if not here:
            own.overdue[c] = 0.0
            for posts in own.posts:
                posts.suited[c] = posts.rest[c] = 0.0


def leave_beyond_plan(world: World, c: int, people: int) -> int:
    """The experienced take an open offer too: they are missed, and hired anew. Returns their number."""
    people = world.workforces[c].leave_beyond_plan(people)
    if people:
        missed = world.e("staffing.beyond_plan_knowledge") * people / world.partnership.headcount
        world.tell("knowledge", missed)
        world.record(world.names[c], "exits beyond plan", "open offer", people)
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


def transfer(world: World, by_council: Sequence[float], name: str) -> None:
    """Transfer a service's staff to its contractor."""
    for council, people, posts in zip(world.names, world.workforces, by_council):
        if gone := people.transfer(posts):
            world.record(council, "staff transferred", name, gone)


def exit_costs(world: World, how: Exits, pay: float, older: float) -> tuple[float, float]:
    """Pounds that one exit costs: what the leaver is paid, and what the pension fund needs (C-20, C-22)."""
    paid = mechanisms.exit_payment(world.e("staffing.redundancy_years"), pay, how.pay)
    drawn_early = mechanisms.drawing_early(how.redundant, older, how.retired)
    return paid, mechanisms.pension_strain(world.e("staffing.strain_years"), pay, drawn_early)


def _exits(world: World) -> Exits:
    """Exits by the routes in force in one history."""
    shares = world.current(StaffingLevers).shares()
    gone = {route: part * world.e(f"staffing.{route}_goes") for route, part in shares.items()}
    goes = fsum(gone.values())
    part = {route: some / goes for route, some in gone.items()} if goes else {}
    return Exits(
        goes=goes,
        by_open_offer=part.get(OPEN, 0.0),
        pay=fsum(some * world.e(f"staffing.{route}_cost") for route, some in part.items()),
        hurts=fsum(some * world.e(f"staffing.{route}_hurts") for route, some in part.items()),
        redundant=fsum(part.get(route, 0.0) for route in REDUNDANCIES),
        retired=part.get(RETIREMENT, 0.0),
    )


_AGREED = Exits(goes=1.0, by_open_offer=0.0, pay=1.0, hurts=1.0, redundant=1.0, retired=0.0)
"""An exit by agreement, on the terms of a redundancy."""


def _nothing_owed(world: World) -> Owed:
    """Empty record of surplus posts."""
    overdue, exits, placed, beyond_plan = ([0.0] * len(world.names) for _ in range(4))
    return Owed([], overdue, exits, placed, beyond_plan)
