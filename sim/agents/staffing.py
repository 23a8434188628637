"""Staffing: who leaves, which vacancies are filled, how surplus posts go, and the knowledge that goes with people."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

from sim.history import HeadcountAccount
from sim.ledger import ONE_OFF, SAVING
from sim.levers import LeverGroup, lever
from sim.luck import BLOCK, binomial
from sim.world import World

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


class Staffing:
    """The head count of every council, month by month."""

    levers = (StaffingLevers,)

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.knowledge = world.soft("knowledge lost", 0.0, e("staff.knowledge_months"))
        self.headcount = [council.headcount for council in world.partnership.councils]
        self.accounts = [HeadcountAccount(start=n, in_post=n) for n in self.headcount]
        world.history.headcounts = self.accounts
        self.shares = world.given.headcount_shares
        self.losses = world.people.losses = [0.0] * len(self.headcount)
        self.lost_for_good = world.people.lost_for_good = [0] * len(self.headcount)
        self.vacancies: list[list[int]] = [[] for _ in self.headcount]
        self.surplus: list[Surplus] = []
        self.overdue = [0.0] * len(self.headcount)
        self.fraction = [0.0] * len(self.headcount)
        self.placed = [0.0] * len(self.headcount)
        self.more = [0.0] * len(self.headcount)
        self.held_back = self.displaced = 0.0
        self.stay_displaced = exp(-e("staffing.displaced_leave") * world.given.pulse / 12.0)
        self.learn_leavers()
        self.routes_on = world.on("staffing")
        self.suits, self.notice = e("staffing.suits_vacancies"), e("staffing.notice_months")
        world.at_decision(self.read_levers)

    def learn_leavers(self) -> None:
        """Who leaves, and how long a post stays vacant."""
        e = self.world.e
        self.leavers_on, self.block = self.world.on("leavers"), -1
        self.turnover = e("staff.turnover") / 12.0
        self.by_fatigue, self.by_uncertainty = e("staff.leave_by_fatigue"), e("staff.leave_by_uncertainty")
        self.stay_by_engagement = e("staff.stay_by_engagement")
        self.refill = round(e("staff.refill_months"))
        self.knowledge_of_leaver = e("staff.knowledge_per_leaver")
        self.rested = e("fatigue.start")

    def read_levers(self) -> None:
        """What the route in force means for those who go and those who stay."""
        levers, e = self.world.current(StaffingLevers), self.world.e
        self.route, self.waits_for_enablers = levers.route, levers.timing == "after_enablers"
        route = levers.route if self.routes_on else "compulsory"
        self.goes, self.cost = e(f"staffing.{route}_goes"), e(f"staffing.{route}_cost") * e("money.exit")
        self.hurts = e(f"staffing.{route}_hurts")

    def start(self) -> None:
        """Look up what others own."""
        world = self.world
        engagement, self.uncertainty = world.indices("engagement"), world.indices("uncertainty")
        base = [world.states.levels[i] for i in engagement]
        self.rows = list(
            zip(
                self.shares, self.accounts, self.vacancies, engagement, world.indices("fatigue"), self.uncertainty, base
            )
        )
        world.at_pulse(self.refresh)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Each month: who left and joined, and which surplus posts went."""
        self.world.people.knowledge_lost = levels[self.knowledge]
        if self.world.posts_cut.items:
            self.take_posts(now)
        if self.surplus or self.held_back or self.displaced:
            if self.world.progress.status == "dissolved":
                self.keep_all()
            else:
                self.settle(now, levels)
        if self.leavers_on and now and now == int(now):
            self.month_of_leavers(int(now), levels, aims)

    # -- posts that are to go --

    def take_posts(self, now: float) -> None:
        """Management posts go at once; others become surplus, shared by head count over the councils that share."""
        world = self.world
        inside = [share if here else 0.0 for share, here in zip(self.shares, world.inside)]
        total = sum(inside) or 1.0
        for cause, name, posts, pay in world.posts_cut.take():
            by_council = [posts * share / total for share in inside]
            if cause in ("top", "management"):
                self.cut_managers(now, name, posts, pay, self.goes if cause == "management" else 1.0)
            elif cause == "transfer":
                for c, people in enumerate(by_council):
                    self.transfer(c, people, name)
            else:
                suits = 0.0 if self.route == "voluntary_open" and self.routes_on else self.suits
                suited = [suits * part for part in by_council]
                rest = [part - fits for part, fits in zip(by_council, suited)]
                due = now + self.notice if self.routes_on else now
                self.surplus.append(Surplus(due, suited, rest))

    def cut_managers(self, now: float, shares: Sequence[float], posts: float, pay: float, goes: float) -> None:
        """The route removes its share of managers at once; the others are kept on until they find a post (P-13).

        Chief executives go by agreement, whatever the route.
        """
        world = self.world
        go = goes if self.routes_on else 1.0
        cost = self.cost / world.e("money.exit") * world.e("money.management_exit")
        world.ledger.pay(now, ONE_OFF, "management exits", posts * cost * go)
        for c, share in enumerate(shares):
            self.let_go(c, posts * share * go, paid=False, hurts=self.hurts, why="management posts")
        self.displaced += (1.0 - go) * posts * pay

    def settle(self, now: float, levels: list[float]) -> None:
        """Vacancies first; when posts fall due the route removes its share of the rest; what stays costs its pay."""
        waiting = self.waits_for_enablers and self.routes_on and not self.enabled()
        for c, here in enumerate(self.world.inside):
            if not here:
                self.leave_alone(c)
        still: list[Surplus] = []
        for batch in self.surplus:
            for c in self.world.councils:
                while batch.suited[c] >= 1.0 and self.take_vacancy(c):
                    batch.suited[c] -= 1.0
            if batch.due > now or (waiting and sum(batch.suited) + sum(batch.rest) > 0.0):
                still.append(batch)
            elif self.routes_on:
                self.fall_due(batch, levels)
            else:
                for c in self.world.councils:
                    self.exit(c, batch.rest[c], levels)
                    batch.rest[c] = 0.0
                if max(batch.suited) >= 1.0:
                    still.append(batch)
        self.surplus = still
        self.hold_back(now, waiting)

    def keep_all(self) -> None:
        """Once the councils part, posts that were to go are needed again; the ledger unwinds what they held back."""
        self.surplus, self.overdue = [], [0.0] * len(self.headcount)
        self.held_back = self.displaced = 0.0

    def leave_alone(self, c: int) -> None:
        """A council that is not inside decides about its posts by itself."""
        self.overdue[c] = 0.0
        for batch in self.surplus:
            batch.suited[c] = batch.rest[c] = 0.0

    def enabled(self) -> bool:
        """Whether joint ICT and HR systems are in place."""
        return {"joint_ict", "hr_payroll"} <= self.world.progress.enablers

    def fall_due(self, batch: Surplus, levels: list[float]) -> None:
        """The route takes its share of what is left; the others wait for any vacancy."""
        for c in self.world.councils:
            left = batch.suited[c] + batch.rest[c]
            self.exit(c, self.goes * left, levels)
            self.overdue[c] += (1.0 - self.goes) * left

    def hold_back(self, now: float, waiting: bool) -> None:
        """Posts past their time that are still filled keep back their pay from the saving."""
        if not self.routes_on:
            return
        if self.displaced < LEAST_HELD_BACK:
            self.displaced = 0.0
        for c in self.world.councils:
            self.find_places(c)
        late = (
            sum(sum(batch.suited) + sum(batch.rest) for batch in self.surplus if batch.due <= now) if waiting else 0.0
        )
        self.displaced *= self.stay_displaced
        cost = (sum(self.overdue) + late) * self.world.e("money.officer_post") + self.displaced
        cost = cost if cost > LEAST_HELD_BACK else 0.0
        if cost != self.held_back:
            self.world.ledger.stream(SAVING, "posts still in place").ramp(now, 0.0, self.held_back - cost)
            self.held_back = cost

    def find_places(self, c: int) -> None:
        """Those past their time move to vacancies that happen to fit."""
        if self.overdue[c] < 1.0:
            return
        fits = self.world.e("staffing.vacancy_fits") * sum(self.vacancies[c])
        self.placed[c] += self.overdue[c] * min(1.0, fits)
        while self.placed[c] >= 1.0 and self.overdue[c] >= 1.0 and self.take_vacancy(c):
            self.placed[c] -= 1.0
            self.overdue[c] -= 1.0
            self.accounts[c].redeployed += 1

    def take_vacancy(self, c: int) -> bool:
        """Delete one vacant post instead of filling it; whether there was one."""
        for i, open_posts in enumerate(self.vacancies[c]):
            if open_posts:
                self.vacancies[c][i] -= 1
                return True
        return False

    def exit(self, c: int, posts: float, levels: list[float]) -> None:
        """Paid exits by the route in force; an open offer before the enablers draws more than planned (P-20)."""
        self.fraction[c] += posts
        people = int(self.fraction[c])
        if people < 1:
            return
        self.fraction[c] -= people
        self.let_go(c, people, paid=True, hurts=self.hurts, why="posts no longer needed")
        if self.route == "voluntary_open" and self.routes_on:
            missing = 1.0 - len({"joint_ict", "hr_payroll"} & self.world.progress.enablers) / 2.0
            self.more[c] += people * self.world.e("staffing.beyond_plan") * levels[self.uncertainty[c]] * missing
            extra = int(self.more[c])
            self.more[c] -= extra
            self.leave_beyond_plan(c, extra)

    def let_go(self, c: int, posts: float, *, paid: bool, hurts: float, why: str) -> None:
        """Exits at one council: people, exit costs, and the hurt of those who stay."""
        world, account = self.world, self.accounts[c]
        people = min(round(posts), account.in_post)
        if people <= 0:
            return
        account.redundancies += people
        account.in_post -= people
        self.lost_for_good[c] += people
        self.losses[c] += hurts * people / self.headcount[c]
        if paid:
            world.ledger.pay(world.env.now, ONE_OFF, "redundancies", people * self.cost, council=c)
        world.record(world.names[c], "redundancies", why, people)

    def leave_beyond_plan(self, c: int, people: int) -> None:
        """The experienced take an open offer too: paid, missed, and hired anew."""
        world, account = self.world, self.accounts[c]
        people = min(people, account.in_post)
        if people <= 0:
            return
        account.beyond_plan += people
        account.in_post -= people
        world.ledger.pay(world.env.now, ONE_OFF, "exits beyond plan", people * self.cost, council=c)
        lost = world.e("staffing.beyond_plan_knowledge") * people / world.partnership.headcount
        now, states = world.env.now, world.states
        states.jump(self.knowledge, now, states.at(self.knowledge, now) + lost)
        if self.vacancies[c]:
            self.vacancies[c][-1] += people
        else:
            self.vacancies[c].append(people)
        world.record(world.names[c], "exits beyond plan", "open offer", people)

    def transfer(self, c: int, posts: float, name: str) -> None:
        """Staff of a service go to its contractor."""
        people = min(round(posts), self.accounts[c].in_post)
        self.accounts[c].transferred += people
        self.accounts[c].in_post -= people
        if people:
            self.world.record(self.world.names[c], "staff transferred", name, people)

    # -- people who leave and join --

    def month_of_leavers(self, month: int, levels: list[float], aims: list[float]) -> None:
        """People who leave of their own accord, and those hired in their place after the usual delay."""
        if month // BLOCK != self.block:
            self.block = month // BLOCK
            self.luck = [self.world.luck.block("leavers", name, self.block) for name in self.world.names]
        rested, refill, place = self.rested, self.refill, month % BLOCK
        by_fatigue, by_uncertainty, stays = self.by_fatigue, self.by_uncertainty, self.stay_by_engagement
        total, excess = 0, 0.0
        for luck, (share, account, vacancies, engagement, fatigue, uncertainty, base) in zip(self.luck, self.rows):
            stay = 1.0 - stays * (levels[engagement] - base)
            driven = by_fatigue * (levels[fatigue] - rested) + by_uncertainty * levels[uncertainty]
            more = (1.0 + driven) * (stay if stay > 0.2 else 0.2)
            leavers = binomial(account.in_post, self.turnover * more, luck[place])
            vacancies.append(leavers)
            hired = vacancies.pop(0) if len(vacancies) > refill else 0
            account.leavers += leavers
            account.hired += hired
            account.in_post += hired - leavers
            total += leavers
            excess += share * (more - 1.0)
        aims[self.knowledge] = self.knowledge_of_leaver * excess
        self.world.people.leavers_this_month = total

    def finish(self) -> None:
        """Nothing to close at the horizon."""
