"""The HR function: transactional HR and strategic OD as two pools, beside a day job that competes."""

from math import ceil, fsum
from typing import Any, Literal

from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice, lever, share, yes_or_no
from sim.core.inputs.packages import HR_SERVICE, Integration, joint
from sim.core.lanes import each, listed, of, where
from sim.core.ledger import PROGRAMME_COST
from sim.core.world import Agent, Meeting, World


class HrLevers(LeverGroup):
    """Levers of HR: timing of HR's own joint team, and added posts."""

    integrate: Integration = choice(
        "with",
        "When the HR function itself is joined: before the other services, with them, or last",
        "D-HR",
        "at the start",
    )
    hr_posts: float = lever(0.0, "HR officers added for the programme", "posts", "D-HR", ge=0.0, le=20.0)
    od_posts: float = lever(
        0.0, "Strategic OD posts bought or built, besides those in place", "posts", "D-HR", ge=0.0, le=20.0
    )
    od_route: Literal["bought", "built"] = choice(
        "bought", "Whether those OD posts are bought in, or built from people of one's own", "D-HR"
    )
    on_top_team: bool = yes_or_no(False, "Whether the HR lead sits on the top team", "D-HR")
    joint_strategy: bool = yes_or_no(False, "Whether there is one joint HR and OD strategy", "D-HR")
    policy_integration: float = share(
        0.5, "How far HR policy is common over its ten areas, from loose to tight", "D-HR"
    )


class ExternalLevers(LeverGroup):
    """Levers of external help: consultants and interim staff."""

    posts: float = lever(
        0.0, "Consultants or interims working on the programme", "posts", "D-EXTERNAL", ge=0.0, le=20.0
    )
    start_month: int = lever(12, "Month in which they come", "months", "D-EXTERNAL", ge=0, le=120)
    months: int = lever(12, "How long they stay", "months", "D-EXTERNAL", ge=0, le=120)
    embedding: float = share(0.3, "Share of their knowledge that is passed on before they go", "D-EXTERNAL")


class HrFunction(Agent):
    """Agent for HR and OD officers: monthly number and speed, and OD capability."""

    levers = (HrLevers, ExternalLevers)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        e = meeting.e
        self.staff = meeting.draw(_hr_staff)
        self.usual_leavers = each(mechanisms.usual_leavers, e.staff.turnover, meeting.partnership.headcount)
        self.states.soft(self, "od_capability", "od_capability", e.od.capability_start, e.od.capability_months)
        self.states.fact(self, consultants=0.0, officers=0, od_posts=0.0, paid_for=0.0, embedded=0.0)
        self.states.fact(self, own_begun=0.0, own_finished=0.0)
        self.present = [0.0] * len(meeting.worlds)

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute OD posts' effect and cost, and HR's day job before anything changes."""
        built = lever.hr.is_("od_route", "built")
        self.built = built
        self.by_posts = each(mechanisms.built_or_bought, built, e.od.capability_per_post, e.hr.built_slower)
        self.practice = each(mechanisms.built_or_bought, built, e.od.capability_per_redesign, e.hr.built_practice)
        self.usual_day_job = each(mechanisms.tied_up, self.staff, e.hr.free_for_change)

    def begin(self, world: World) -> None:
        """Follow the join of HR's own team; pools serve claims as they arrive."""
        own = joint(HR_SERVICE)
        if any(package.name == own for package in world.packages):
            world.when(f"released {own}", lambda: self.put(world, "own_begun", 1.0))
            world.when(f"finished {own}", lambda: self.put(world, "own_finished", 1.0))
            world.when(f"dropped {own}", lambda: self.put(world, "own_begun", 0.0))
        self.act(world, world.env.now)

    def decided(self, world: World) -> None:
        """Bring newly chosen posts at once."""
        self.act(world, world.env.now)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set officers, speed and the target of OD capability."""
        hr, support, running = lever.hr, lever.external, old.running
        new.consultants = here = self.formula.consultants_present(
            support.posts, running, now, support.start_month, support.months
        )
        new.officers = officers = self.formula.hr_officers(e.hr.free_for_change, self.staff, hr.hr_posts, running)
        added = self.formula.product(hr.od_posts, self.formula.built_up(self.built, now, e.hr.built_months))
        new.od_posts = posts = self.formula.od_posts_of(
            e.od.posts_in_place, added, running, here, e.od.improvised_posts, old.funded_posts
        )
        new.paid_for = running
        self.asked.update(where(here != old.consultants), where(running != old.paid_for))
        self.asked.update(where(posts != old.od_posts))
        self.work_on(now, old, lever, e, officers, posts)
        lent = self.formula.lent_capability(e.external.capability_lent, here, old.embedded)
        new.od_capability = self.formula.od_capability_aim(
            *(e.od.capability_start, self.by_posts, hr.od_posts, running, lent, self.practice, old.redesigns),
            *(e.od.starved_by_overload, old.overload, e.od.taught_by_joining, old.own_finished),
        )

    def work_on(self, now: float, old: Any, lever: Any, e: Any, officers: Any, posts: Any) -> None:
        """Set the officers' speed until the next pulse."""
        day_job = self.formula.day_job_of(
            *(self.usual_day_job, e.hr.months_per_leaver, old.leavers, self.usual_leavers),
            *(e.terms.dispute_day_job, old.in_dispute),
        )
        joining = self.formula.hr_joining(
            *(old.own_begun, old.own_finished, e.hr.integration_dip, e.hr.integration_gain),
            *(old.hr_payroll, e.enablers.separate_systems),
        )
        speed = self.formula.officer_speed(self.staff, lever.hr.hr_posts, old.running, day_job, officers, joining)
        starved = self.formula.starved_share(e.od.pulled_to_hr, old.hr_queue, officers)
        od_speed = self.formula.od_speed(posts, -(-posts // 1.0), old.od_capability, starved)
        worlds = self.meeting.worlds
        for world, of_hr, of_od in zip(worlds, listed(speed, len(worlds)), listed(od_speed, len(worlds))):
            world.hr_work.proceed(now, of_hr)
            world.od_work.proceed(now, of_od)

    def act(self, world: World, now: float) -> None:
        """Set the number of officers to those chosen and agreed now, and pay for them."""
        hr, support, e = world.current(HrLevers), world.current(ExternalLevers), world.e
        running = world.fact("running")
        here = mechanisms.consultants_present(support.posts, running, now, support.start_month, support.months)
        built = hr.od_route == "built"
        added = hr.od_posts * mechanisms.built_up(built, now, e("hr.built_months"))
        od = mechanisms.od_posts_of(
            *(e("od.posts_in_place"), added, running, here, e("od.improvised_posts")),
            world.fact("funded_posts"),
        )
        staff = of(self.staff, world.place)
        world.hr.resize(mechanisms.hr_officers(e("hr.free_for_change"), staff, hr.hr_posts, running))
        world.od.resize(ceil(od))
        dearer = e("hr.built_cost") if built else 1.0
        posts = (hr.hr_posts + hr.od_posts * dearer) * running * e("money.added_post")
        self.pay(world, now, posts, here)

    def pay(self, world: World, now: float, posts: float, here: float) -> None:
        """Pay for added posts and consultants while present; what consultants embedded stays."""
        yearly = here * 12.0 * world.e("external.cost_a_month")
        world.ledger.keep_paying(now, PROGRAMME_COST, "added posts", posts)
        world.ledger.keep_paying(now, PROGRAMME_COST, "external support", yearly)
        present, self.present[world.place] = self.present[world.place], here
        if here == present:
            return
        self.put(world, "consultants", here)
        if present and not here:
            lent = mechanisms.lent_capability(world.e("external.capability_lent"), present, 0.0)
            self.put(world, "embedded", lent * world.current(ExternalLevers).embedding)
            world.record("partnership", "external support ends", "agreed period")

    def finish(self, world: World) -> None:
        """Record demand on the pools and their use up to the horizon."""
        world.history.pools = {"hr": world.hr.totals(), "od": world.od.totals()}


def _hr_staff(world: World) -> float:
    """HR staff of all councils together."""
    e, councils = world.e, world.partnership.councils
    return fsum(max(e("hr.fewest_staff"), council.headcount / e("hr.staff_per_officer")) for council in councils)
