"""The HR function: transactional HR and strategic OD as two pools, beside a day job that competes."""

from math import ceil, fsum
from typing import Literal

from sim.agents.governance import IdentityLevers
from sim.ledger import PROGRAMME_COST
from sim.levers import LeverGroup, lever
from sim.mechanisms import od_speed, officer_speed
from sim.packages import HR_SERVICE, REDESIGN, Integration, joint
from sim.world import World

USUAL_POLICY = 0.375
"""Common HR policy that HR's work takes for granted: the lever's default, less what an open merger stalls."""


class HrLevers(LeverGroup):
    """When HR itself is joined, and what is added to it."""

    integrate: Integration = lever(
        "with", "When the HR function itself is joined: before the other services, with them, or last",
        unit="choice", source="D-HR", changes="at the start",
    )  # fmt: skip
    hr_posts: float = lever(0.0, "HR officers added for the programme", unit="posts", source="D-HR", ge=0.0, le=20.0)
    od_posts: float = lever(
        0.0, "Strategic OD posts bought or built, besides those in place", unit="posts", source="D-HR", ge=0.0, le=20.0
    )
    od_route: Literal["bought", "built"] = lever(
        "bought", "Whether those OD posts are bought in, or built from people of one's own",
        unit="choice", source="D-HR",
    )  # fmt: skip
    on_top_team: bool = lever(False, "Whether the HR lead sits on the top team", unit="true or false", source="D-HR")
    joint_strategy: bool = lever(
        False, "Whether there is one joint HR and OD strategy", unit="true or false", source="D-HR"
    )
    policy_integration: float = lever(
        0.5, "How far HR policy is common over its ten areas, from loose to tight",
        unit="share", source="D-HR", ge=0.0, le=1.0,
    )  # fmt: skip


class ExternalLevers(LeverGroup):
    """Consultants and interim staff for a time."""

    posts: float = lever(
        0.0, "Consultants or interims working on the programme", unit="posts", source="D-EXTERNAL", ge=0.0, le=20.0
    )
    start_month: int = lever(12, "Month in which they come", unit="months", source="D-EXTERNAL", ge=0, le=120)
    months: int = lever(12, "How long they stay", unit="months", source="D-EXTERNAL", ge=0, le=120)
    embedding: float = lever(
        0.3, "Share of their knowledge that is passed on before they go",
        unit="share", source="D-EXTERNAL", ge=0.0, le=1.0,
    )  # fmt: skip


class HrFunction:
    """Sets the number and speed of HR and OD officers month by month, and builds OD capability."""

    levers = (HrLevers, ExternalLevers)

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.staff = fsum(
            max(e("hr.fewest_staff"), council.headcount / e("hr.staff_per_officer"))
            for council in world.partnership.councils
        )
        self.free_share = e("hr.free_for_change")
        self.usual_leavers = world.partnership.headcount * e("staff.turnover") / 12.0
        self.per_leaver = e("hr.months_per_leaver") if world.on("day_job") else 0.0
        self.dip, self.gain = e("hr.integration_dip"), e("hr.integration_gain")
        self.separate = e("enablers.separate_systems") if world.on("enablers") else 0.0
        self.by_dispute = e("terms.dispute_day_job") if world.on("day_job") else 0.0
        self.od_in_place, self.improvised = e("od.posts_in_place"), e("od.improvised_posts")
        self.pulled = e("od.pulled_to_hr") if world.on("day_job") else 0.0
        self.od_start, self.starves = e("od.capability_start"), e("od.starved_by_overload")
        self.lent = e("external.capability_lent")
        self.embedded = 0.0
        self.capability = world.soft("od_capability", self.od_start, e("od.capability_months"))
        self.posts_paid = self.extra_hr = 0.0
        self.day_job = self.staff * (1.0 - self.free_share)
        self.was_running = False
        self.price_of_post, self.price_of_external = e("money.added_post"), 12.0 * e("external.cost_a_month")
        own = joint(HR_SERVICE)
        self.own_released, self.own_finished, self.own_dropped = f"released {own}", f"finished {own}", f"dropped {own}"
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """The posts and the support now in force."""
        self.hr, self.external = self.world.current(HrLevers), self.world.current(ExternalLevers)
        self.come, self.go = self.external.start_month, self.external.start_month + self.external.months
        e, world = self.world.e, self.world
        built = self.hr.od_route == "built"
        self.bought = e("od.capability_per_post") * (e("hr.built_slower") if built else 1.0)
        self.practice = e("od.capability_per_redesign") * (e("hr.built_practice") if built else 1.0)
        self.price_of_od = e("money.added_post") * (e("hr.built_cost") if built else 1.0)
        world.people.hr_work = self.work_on_policy()
        self.staff_up(self.world.env.now, self.world.people.external)

    def work_on_policy(self) -> float:
        """HR work in each change against that under common policy: more where policy is loose or waits (M-MB9)."""
        world, e = self.world, self.world.e
        if not world.on("enablers"):
            return 1.0
        common = self.hr.policy_integration
        if world.current(IdentityLevers).merger == "open":
            common *= 1.0 - e("identity.open_stalls")
        spared = e("hr.strategy_eases") if self.hr.joint_strategy else 0.0
        return (1.0 + e("hr.by_loose_policy") * (USUAL_POLICY - common)) * (1.0 - spared)

    def start(self) -> None:
        """HR has no process of its own: claims on its pools are served as they come."""
        self.world.at_pulse(self.refresh)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Officers, their speed, and where OD capability heads."""
        world, people, progress, hr = self.world, self.world.people, self.world.progress, self.world.hr
        running = progress.status == "running" and bool(world.packages)
        external = self.external.posts if running and self.come <= now < self.go else 0.0
        if external != people.external or running is not self.was_running:
            self.was_running = running
            self.staff_up(now, external)
        more_leavers = people.leavers_this_month - self.usual_leavers
        day_job = self.day_job + (self.per_leaver * more_leavers if more_leavers > 0.0 else 0.0)
        if people.in_dispute:
            day_job += self.by_dispute
        world.hr_work.proceed(now, officer_speed(self.staff + self.extra_hr, day_job, hr.capacity, self.integration()))
        starved = self.pulled * min(1.0, hr.queue / hr.capacity) if hr.queue else 0.0
        world.od_work.proceed(now, od_speed(self.od_posts, world.od.capacity, levels[self.capability], starved))
        learnt = self.practice * progress.finished.get(REDESIGN, 0)
        overload = people.overload if people.overload < 1.0 else 1.0
        aims[self.capability] = self.built + learnt - self.starves * overload

    def staff_up(self, now: float, external: float) -> None:
        """Set the number of officers when posts or consultants come or go, and pay for them."""
        world = self.world
        self.extra_hr, extra_od = (self.hr.hr_posts, self.hr.od_posts) if self.was_running else (0.0, 0.0)
        posts = self.extra_hr * self.price_of_post + extra_od * self.price_of_od
        if external != world.people.external or posts != self.posts_paid:
            self.pay(now, posts, external)
        world.people.external = external
        self.od_posts = max(self.od_in_place + extra_od + external / 2.0, self.improvised)
        world.hr.resize(max(1, round(self.free_share * self.staff + self.extra_hr)))
        world.od.resize(ceil(self.od_posts))
        lent = max(self.lent * min(external / 3.0, 1.0), self.embedded)
        self.built = self.od_start + self.bought * extra_od + lent

    def integration(self) -> float:
        """HR's own joining: slower while it happens, faster afterwards."""
        reached = self.world.reached
        speed = 1.0 if "hr_payroll" in self.world.progress.enablers else 1.0 - self.separate
        if not reached(self.own_released):
            return speed
        if reached(self.own_finished):
            return speed * (1.0 + self.gain)
        return speed if reached(self.own_dropped) else speed * (1.0 - self.dip)

    def pay(self, now: float, posts: float, external: float) -> None:
        """Added posts and consultants are paid while they are here; what consultants embedded stays."""
        ledger = self.world.ledger
        ledger.stream(PROGRAMME_COST, "added posts").ramp(now, 0.0, self.posts_paid - posts)
        present = self.world.people.external
        more = (present - external) * self.price_of_external
        ledger.stream(PROGRAMME_COST, "external support").ramp(now, 0.0, more)
        if present and not external:
            self.embedded = self.lent * min(present / 3.0, 1.0) * self.external.embedding
            self.world.record("partnership", "external support ends", "agreed period")
        self.posts_paid = posts

    def finish(self) -> None:
        """Keep what the pools were asked for and gave up to the horizon."""
        self.world.history.pools = {"hr": self.world.hr.totals(), "od": self.world.od.totals()}
