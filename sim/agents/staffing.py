"""Staffing: who leaves, which vacancies are filled, how surplus posts go, and the knowledge that goes with people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any, Literal

from sim.core import mechanisms
from sim.core.history import HeadcountAccount
from sim.core.inputs.levers import LeverGroup, lever
from sim.core.lanes import Rows, by_history, each, lane, listed, mean_of, of
from sim.core.ledger import ONE_OFF, SAVING
from sim.core.luck import BLOCK, binomial
from sim.core.world import Agent, Meeting, World

Route = Literal[
    "compulsory", "voluntary_open", "voluntary_targeted", "retirement", "relocation", "redeployment"
]  # fmt: skip


class StaffingLevers(LeverGroup):
    """How surplus posts go."""

    route: Route = lever(
        "compulsory",
        "How posts go that no vacancy meets: compulsory or voluntary redundancy, early retirement, relocation, or "
        "an internal jobs market without compulsory redundancy",
        unit="choice", source="D-STAFFING",
    )  # fmt: skip
    timing: Literal["as_planned", "after_enablers"] = lever(
        "as_planned", "Whether surplus posts go as planned, or only once joint ICT and HR systems are in place",
        unit="choice", source="D-STAFFING",
    )  # fmt: skip


LEAST_HELD_BACK = 1000.0
"""Pounds a year below which posts still in place are no longer counted."""


@dataclass(slots=True)
class Surplus:
    """Posts of one package that are to go, by council: those a vacancy can meet, and the rest; and by when."""

    due: float
    suited: list[float]
    rest: list[float]


@dataclass(slots=True)
class People:
    """The head count of one history, by council: accounts, vacancies by the month they fell open, posts to go."""

    accounts: list[HeadcountAccount]
    vacancies: list[list[int]]
    overdue: list[float]
    fraction: list[float]
    placed: list[float]
    more: list[float]
    surplus: list[Surplus] = field(default_factory=list)
    held_back: float = 0.0
    displaced: float = 0.0


class Staffing(Agent):
    """The head count of every council, month by month."""

    levers = (StaffingLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        e, names = meeting.e, meeting.names
        self.headcount = [council.headcount for council in meeting.partnership.councils]
        self.own: list[People] = meeting.gathered(_people)
        self.states.soft(self, "knowledge_lost", "knowledge lost", 0.0, e.staff.knowledge_months)
        self.states.fact(self, leavers=0, all_lost=0, lost=(0,) * len(names))
        meeting.listeners["posts_cut"] = self.asked
        self.turnover = each(mechanisms.monthly, e.staff.turnover)
        self.stay_displaced = each(mechanisms.displaced_stay, e.staffing.displaced_leave, self.states.pulse)
        self.refills = [round(world.e("staff.refill_months")) for world in meeting.worlds]
        self.block = -1
        self.luck: list[list[Sequence[float]]] = []

    def begin(self, world: World) -> None:
        """Its accounts are the history's."""
        world.history.headcounts = self.own[world.place].accounts

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Each month: who leaves of their own accord, and the knowledge that goes with them."""
        if not now or now != int(now):
            return
        factors = self.leaving(old, e)
        new.leavers = lane(self.month_of_leavers(factors, int(now)))
        excess = self.formula.beyond_one(mean_of(self.meeting.headcount_shares, factors))
        new.knowledge_lost = self.formula.knowledge_aim(e.staff.knowledge_per_leaver, excess)

    def leaving(self, old: Any, e: Any) -> Rows:
        """How many times the usual number leave each council."""
        own = e.staff
        return self.by_row.leaving_factor(
            *(own.leave_by_fatigue, old.fatigue, e.fatigue.start, own.leave_by_uncertainty, old.uncertainty),
            *(own.stay_by_engagement, old.engagement, old.engaged_at_first),
        )

    def month_of_leavers(self, factors: Rows, month: int) -> list[int]:
        """People leave of their own accord, and others are hired in their place after the usual delay; how many leave.

        The luck of some months comes together.
        """
        if month // BLOCK != self.block:
            self.block = month // BLOCK
            names = self.meeting.names
            self.luck = [[w.luck.block("leavers", name, self.block) for name in names] for w in self.meeting.worlds]
        place, turnovers = month % BLOCK, listed(self.turnover, len(self.own))
        rows = zip(self.own, by_history(factors), self.luck, turnovers, self.refills)
        return [
            _leave(own, [turnover * factor for factor in by_council], [numbers[place] for numbers in lucks], refill)
            for own, by_council, lucks, turnover, refill in rows
        ]

    def act(self, world: World, now: float) -> None:
        """Posts that are cut become surplus; surplus posts go; leavers go, and others are hired in their place."""
        own = self.own[world.place]
        if world.posts_cut.items:
            self.take_posts(world, own, now)
        if own.surplus or own.held_back or own.displaced:
            if world.status == "dissolved":
                self.keep_all(own)
            else:
                self.settle(world, own, now)
                self.asked.add(world.place)

    # -- posts that are to go --

    def take_posts(self, world: World, own: People, now: float) -> None:
        """Management posts go at once; others become surplus, shared by head count over the councils that share."""
        shares = self.meeting.headcount_shares
        inside = [share if here else 0.0 for share, here in zip(shares, world.inside)]
        total = fsum(inside) or 1.0
        by_route, open_offer = world.e("staffing.by_route"), world.current(StaffingLevers).route == "voluntary_open"
        for cause, name, posts, pay in world.posts_cut.take():
            by_council = [posts * share / total for share in inside]
            if cause in ("top", "management"):
                goes = _goes(world) if cause == "management" and by_route else 1.0
                self.cut_managers(world, own, name, posts, pay, goes)
            elif cause == "transfer":
                for c, people in enumerate(by_council):
                    self.transfer(world, own, c, people, name)
            else:
                suits = 0.0 if open_offer else world.e("staffing.suits_vacancies")
                suited = [suits * part for part in by_council]
                rest = [part - fits for part, fits in zip(by_council, suited)]
                due = now + world.e("staffing.notice_months") if by_route else now
                own.surplus.append(Surplus(due, suited, rest))

    def cut_managers(
        self, world: World, own: People, shares: Sequence[float], posts: float, pay: float, goes: float
    ) -> None:
        """The route removes its share of managers at once; the others are kept on until they find a post (P-13).

        Chief executives go by agreement, whatever the route.
        """
        cost = _exit_cost(world) / world.e("money.exit") * world.e("money.management_exit")
        world.ledger.pay(world.env.now, ONE_OFF, "management exits", posts * cost * goes)
        for c, share in enumerate(shares):
            self.let_go(world, own, c, posts * share * goes, paid=False, why="management posts")
        own.displaced += (1.0 - goes) * posts * pay

    def settle(self, world: World, own: People, now: float) -> None:
        """Vacancies first; when posts fall due the route removes its share of the rest; what stays costs its pay."""
        by_route = world.e("staffing.by_route")
        after = world.current(StaffingLevers).timing == "after_enablers"
        waiting = after and not {"joint_ict", "hr_payroll"} <= world.in_place
        for c, here in enumerate(world.inside):
            if not here:
                self.leave_alone(own, c)
        still: list[Surplus] = []
        for batch in own.surplus:
            for c in world.councils:
                while batch.suited[c] >= 1.0 and self.take_vacancy(own, c):
                    batch.suited[c] -= 1.0
            if batch.due > now or (waiting and fsum(batch.suited) + fsum(batch.rest) > 0.0):
                still.append(batch)
            elif by_route:
                self.fall_due(world, own, batch)
            else:
                for c in world.councils:
                    self.exit(world, own, c, batch.rest[c])
                    batch.rest[c] = 0.0
                if max(batch.suited) >= 1.0:
                    still.append(batch)
        own.surplus = still
        if by_route:
            self.hold_back(world, own, now, waiting)

    def keep_all(self, own: People) -> None:
        """Once the councils part, posts that were to go are needed again; the ledger unwinds what they held back."""
        own.surplus, own.overdue = [], [0.0] * len(self.headcount)
        own.held_back = own.displaced = 0.0

    def leave_alone(self, own: People, c: int) -> None:
        """A council that is not inside decides about its posts by itself."""
        own.overdue[c] = 0.0
        for batch in own.surplus:
            batch.suited[c] = batch.rest[c] = 0.0

    def fall_due(self, world: World, own: People, batch: Surplus) -> None:
        """The route takes its share of what is left; the others wait for any vacancy."""
        goes = _goes(world)
        for c in world.councils:
            left = batch.suited[c] + batch.rest[c]
            self.exit(world, own, c, mechanisms.product(goes, left))
            own.overdue[c] += mechanisms.product(1.0 - goes, left)

    def hold_back(self, world: World, own: People, now: float, waiting: bool) -> None:
        """Posts past their time that are still filled keep back their pay from the saving."""
        if own.displaced < LEAST_HELD_BACK:
            own.displaced = 0.0
        for c in world.councils:
            self.find_places(world, own, c)
        late = (
            fsum(fsum(batch.suited) + fsum(batch.rest) for batch in own.surplus if batch.due <= now) if waiting else 0.0
        )
        stay = self.stay_displaced
        own.displaced *= of(stay, world.place)
        cost = mechanisms.kept_back(fsum(own.overdue), late, world.e("money.officer_post"), own.displaced)
        cost = cost if cost > LEAST_HELD_BACK else 0.0
        if cost != own.held_back:
            world.ledger.stream(SAVING, "posts still in place").ramp(now, 0.0, own.held_back - cost)
            own.held_back = cost

    def find_places(self, world: World, own: People, c: int) -> None:
        """Those past their time move to vacancies that happen to fit."""
        if own.overdue[c] < 1.0:
            return
        fits = world.e("staffing.vacancy_fits") * sum(own.vacancies[c])
        own.placed[c] += own.overdue[c] * min(1.0, fits)
        while own.placed[c] >= 1.0 and own.overdue[c] >= 1.0 and self.take_vacancy(own, c):
            own.placed[c] -= 1.0
            own.overdue[c] -= 1.0
            own.accounts[c].redeployed += 1

    def take_vacancy(self, own: People, c: int) -> bool:
        """Delete one vacant post instead of filling it; whether there was one."""
        for i, open_posts in enumerate(own.vacancies[c]):
            if open_posts:
                own.vacancies[c][i] -= 1
                return True
        return False

    def exit(self, world: World, own: People, c: int, posts: float) -> None:
        """Paid exits by the route in force; an open offer before the enablers draws more than planned (P-20)."""
        own.fraction[c] += posts
        people = int(own.fraction[c])
        if people < 1:
            return
        own.fraction[c] -= people
        self.let_go(world, own, c, people, paid=True, why="posts no longer needed")
        if world.current(StaffingLevers).route == "voluntary_open":
            missing = 1.0 - len({"joint_ict", "hr_payroll"} & world.in_place) / 2.0
            beyond, unsure = world.e("staffing.beyond_plan"), world.fact("uncertainty", c)
            own.more[c] += mechanisms.exits_beyond_plan(people, beyond, unsure, missing)
            extra = int(own.more[c])
            own.more[c] -= extra
            self.leave_beyond_plan(world, own, c, extra)

    def let_go(self, world: World, own: People, c: int, posts: float, *, paid: bool, why: str) -> None:
        """Exits at one council: people, exit costs, and the hurt of those who stay."""
        account = own.accounts[c]
        people = min(round(posts), account.in_post)
        if people <= 0:
            return
        account.redundancies += people
        account.in_post -= people
        self.put(world, "lost", world.fact("lost", c) + people, c)
        self.put(world, "all_lost", world.fact("all_lost") + people)
        hurts = world.e(f"staffing.{world.current(StaffingLevers).route}_hurts")
        world.tell("losses", c, hurts * people / self.headcount[c])
        if paid:
            world.ledger.pay(world.env.now, ONE_OFF, "redundancies", people * _exit_cost(world), council=c)
        world.record(world.names[c], "redundancies", why, people)

    def leave_beyond_plan(self, world: World, own: People, c: int, people: int) -> None:
        """The experienced take an open offer too: paid, missed, and hired anew."""
        account = own.accounts[c]
        people = min(people, account.in_post)
        if people <= 0:
            return
        account.beyond_plan += people
        account.in_post -= people
        world.ledger.pay(world.env.now, ONE_OFF, "exits beyond plan", people * _exit_cost(world), council=c)
        lost = world.e("staffing.beyond_plan_knowledge") * people / world.partnership.headcount
        index = self.states.index("knowledge_lost")
        world.jump(index, world.felt(index) + lost)
        if own.vacancies[c]:
            own.vacancies[c][-1] += people
        else:
            own.vacancies[c].append(people)
        world.record(world.names[c], "exits beyond plan", "open offer", people)

    def transfer(self, world: World, own: People, c: int, posts: float, name: str) -> None:
        """Staff of a service go to its contractor."""
        account = own.accounts[c]
        people = min(round(posts), account.in_post)
        account.transferred += people
        account.in_post -= people
        if people:
            world.record(world.names[c], "staff transferred", name, people)


def _leave(own: People, chances: Sequence[float], luck: Sequence[float], refill: int) -> int:
    """One month's leavers of one history, by their chance to leave at each council, and those hired after the delay."""
    total = 0
    for account, vacancies, chance, number in zip(own.accounts, own.vacancies, chances, luck):
        leavers = binomial(account.in_post, chance, number)
        vacancies.append(leavers)
        hired = vacancies.pop(0) if len(vacancies) > refill else 0
        account.leavers += leavers
        account.hired += hired
        account.in_post += hired - leavers
        total += leavers
    return total


def _people(world: World) -> People:
    """The head count of a history at the start."""
    staff = [council.headcount for council in world.partnership.councils]
    nothing = [0.0] * len(staff)
    accounts = [HeadcountAccount(start=n, in_post=n) for n in staff]
    return People(accounts, [[] for _ in staff], nothing[:], nothing[:], nothing[:], nothing[:])


def _goes(world: World) -> float:
    """Share of surplus posts that the route in force removes."""
    return world.e(f"staffing.{world.current(StaffingLevers).route}_goes")


def _exit_cost(world: World) -> float:
    """Cost of an exit by the route in force."""
    return mechanisms.product(world.e(f"staffing.{world.current(StaffingLevers).route}_cost"), world.e("money.exit"))
