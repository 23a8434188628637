"""Staff of each council: how engaged, tired and unsettled they are."""

from math import exp
from operator import gt, ne
from typing import Any

from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, share, yes_or_no
from sim.core.inputs.packages import COMMISSION, JOINT, REDESIGN, Package
from sim.core.lanes import each, of_row, where
from sim.core.ledger import PROGRAMME_COST
from sim.core.world import Agent, Meeting, World


class StaffLevers(LeverGroup):
    """Levers of staff: involvement, communication, freshening."""

    involvement: float = share(
        0.4, "How far staff and managers design the new services in working parties", "D-INVOLVE"
    )
    communication: float = share(0.5, "How constantly and openly change is talked about, bad news too", "D-COMMS")
    freshening: bool = yes_or_no(
        False, "Whether a tired programme is being freshened up: new people, another approach", "D-ADAPT"
    )


class Staff(Agent):
    """Agent for staff of every council, month by month."""

    levers = (StaffLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        names, e, soft = meeting.names, meeting.e, self.states.soft
        self.start = meeting.draw_rows(self.engaged_at_first, names)
        self.tough = meeting.draw_rows(_resilience, names)
        soft(self, "engagement", meeting.labels("engagement"), self.start, e.engagement.months)
        soft(self, "fatigue", meeting.labels("fatigue"), e.fatigue.start, e.fatigue.build_months)
        soft(self, "uncertainty", meeting.labels("uncertainty"), 0.0, e.uncertainty.months)
        self.states.mean(self, "mean_fatigue", "fatigue", meeting.headcount_shares)
        self.states.mean(self, "mean_engagement", "engagement", meeting.headcount_shares)
        self.states.fact(self, engaged_at_first=tuple(self.states.old.engagement))
        nothing = (0.0,) * len(names)
        self.states.fact(self, losses=nothing, over_line=nothing, unsettled=0.0, fresh=0.0)
        meeting.readers |= {"losses": self.grieve, "notices": self.hear}
        self.told: list[dict[str, tuple[float, float]]] = [{} for _ in meeting.worlds]

    def engaged_at_first(self, world: World, name: str) -> float:
        """Engagement of one council's staff at the start."""
        draw = world.luck.normal("starting engagement", name)
        return mechanisms.at_first(world.e("engagement.start"), world.e("staff.starting_spread"), draw)

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute effects of involvement, communication, development and security in force."""
        pulse, staff = self.states.pulse, lever.staff
        self.building = each(mechanisms.share_kept, pulse, e.fatigue.build_months)
        self.fades = each(mechanisms.share_kept, pulse, e.uncertainty.exposure_months)
        self.losses_fade = each(mechanisms.share_kept, pulse, e.engagement.losses_fade)
        involved = each(mechanisms.with_diminishing_returns, staff.involvement)
        self.eased = each(mechanisms.eased_by_involvement, e.fatigue.involvement_eases, involved)
        self.recovery = each(
            mechanisms.recovery_months, e.fatigue.recovery_months, staff.freshening, e.staff.freshening_recovers
        )
        self.involved = each(
            mechanisms.engagement_while_running,
            *(e.engagement.by_involvement, involved),
            *(e.staff.by_security, lever.staffing.secure),
            *(e.staff.by_purpose, lever.money.is_("aims", "better_services", "revenue_too")),
        )
        self.taught = each(
            mechanisms.taught_by_spending,
            *(e.staff.by_development, lever.development.spend_per_employee, e.development.usual_spend),
        )

    def begin(self, world: World) -> None:
        """Pay for freshening from the start if it is chosen."""
        self.decided(world)

    def decided(self, world: World) -> None:
        """Pay for new people and changed approach while they last."""
        yearly = 12.0 * world.e("money.freshening_cost") * world.current(StaffLevers).freshening
        world.ledger.keep_paying(world.env.now, PROGRAMME_COST, "freshening up", yearly)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set targets of each council's staff states."""
        exposed = self.formula.exposed_share(old.unsettled, old.fresh, self.fades)
        unsure = self.formula.uncertainty_aim(
            *(exposed, e.uncertainty.weight_management, old.managers_at_risk),
            *(lever.staff.communication, e.uncertainty.communication_softens),
        )
        rounds = self.formula.later_rounds(e.fatigue.by_round, old.rounds, self.eased)
        new.uncertainty = unsure
        new.fatigue = tired = self.by_row.fatigue_aim(
            *(e.fatigue.start, e.fatigue.by_load, old.overload, self.tough),
            *(e.fatigue.by_uncertainty, old.uncertainty, rounds, self.eased),
        )
        new.fatigue_keep = self.by_row.fatigue_keep(
            *(tired, old.fatigue, self.building, self.states.pulse, self.recovery, e.fatigue.recovery_depth),
        )
        new.engagement = self.engaged(self.lift(now, old, e), old, e)
        new.losses = self.by_row.product(old.losses, self.losses_fade)
        new.fresh = old.fresh * self.fades
        new.over_line = over = each(gt, old.fatigue, e.fatigue.line)
        self.crossed = each(ne, over, old.over_line)
        self.asked.update(where(self.crossed))

    def engaged(self, lift: Any, old: Any, e: Any) -> Any:
        """Target of staff engagement at each council."""
        own = e.engagement
        return self.by_row.engagement_aim(
            *(self.start, lift, own.by_results, old.results, own.by_trust, old.trust_managers),
            *(own.by_fatigue, old.fatigue, e.fatigue.start, own.by_uncertainty, old.uncertainty),
            *(own.by_losses, old.losses),
        )

    def lift(self, now: float, old: Any, e: Any) -> Any:
        """Engagement added equally at every council."""
        launch = each(mechanisms.launch_left, e.engagement.launch, now, e.engagement.launch_fades)
        return self.formula.engagement_lift(
            *(e.engagement.by_shared_roles, e.staff.them_and_us, old.culture_gap, old.joined),
            *(e.staff.by_commissioning, old.commissioned, e.staff.by_shared_buildings, old.accommodation),
            *(launch, old.planned, self.involved, old.running, self.taught, e.staff.by_strain, old.strain),
        )

    def act(self, world: World, now: float) -> None:
        """Record fatigue of a council's staff crossing its line, up or down."""
        for c, name in enumerate(world.names):
            if of_row(self.crossed, c, world.place):
                kind = "fatigue over its line" if world.fact("over_line", c) else "fatigue back under its line"
                world.record(name, kind, "load and uncertainty", world.fact("fatigue", c))

    def grieve(self, world: World, c: int, hurt: float) -> None:
        """Lost posts at a council: hurt to those who stay, as a share of staff."""
        self.put(world, "losses", world.fact("losses", c) + hurt, c)

    def hear(self, world: World, kind: str, package: Package) -> None:
        """Announcement or settlement of a service: share of staff unsettled, and exposure still to grow.

        Exposure grows from 0 toward 1 from the announcement on; `fresh` is what lacks at the latest pulse.
        """
        told, e, now = self.told[world.place], world.e, world.env.now
        months, since = e("uncertainty.exposure_months"), self.states.since
        unsettled, fresh = world.fact("unsettled"), world.fact("fresh")
        known = told.pop(package.name, None)
        if known is not None:
            share, when = known
            unsettled, fresh = unsettled - share, fresh - share * exp((when - since) / months)
        if kind == "announced":
            share = self.at_stake(world, package)
            told[package.name] = share, now
            unsettled, fresh = unsettled + share, fresh + share * exp((now - since) / months)
        self.put(world, "unsettled", unsettled if told else 0.0)
        self.put(world, "fresh", fresh if told else 0.0)

    def at_stake(self, world: World, package: Package) -> float:
        """Share of staff touched, weighted by how much is at stake for them."""
        return world.given.touched(package.covers) * world.e(_STAKES[package.kind])


def _resilience(world: World, name: str) -> float:
    """Resilience of one council's staff to strain, median one."""
    return world.luck.lognormal(world.e("fatigue.resilience_spread"), "resilience", name)


_STAKES = {
    JOINT: "uncertainty.weight_joint",
    REDESIGN: "uncertainty.weight_redesign",
    COMMISSION: "uncertainty.weight_joint",
}
