"""Staff of each council: how engaged, tired and unsettled they are."""

from math import exp, fsum
from operator import mul

from sim.agents.development import DevelopmentLevers
from sim.agents.governance import MoneyLevers
from sim.agents.staffing import StaffingLevers
from sim.ledger import PROGRAMME_COST
from sim.levers import LeverGroup, lever
from sim.mechanisms import engagement_shift, fatigue_target, uncertainty_target
from sim.packages import COMMISSION, JOINT, REDESIGN, Package
from sim.world import Progress, World


class StaffLevers(LeverGroup):
    """How staff are taken along."""

    involvement: float = lever(
        0.4, "How far staff and managers design the new services in working parties",
        unit="share", source="D-INVOLVE", ge=0.0, le=1.0,
    )  # fmt: skip
    communication: float = lever(
        0.5, "How constantly and openly change is talked about, bad news too",
        unit="share", source="D-COMMS", ge=0.0, le=1.0,
    )  # fmt: skip
    freshening: bool = lever(
        False, "Whether a tired programme is being freshened up: new people, another approach",
        unit="true or false", source="D-ADAPT",
    )  # fmt: skip


class Staff:
    """The staff of every council, month by month."""

    levers = (StaffLevers,)

    def __init__(self, world: World) -> None:
        self.world = world
        self.base: list[float] = []
        self.own = [self.staff_of(name) for name in world.names]
        self.tough = [world.luck.lognormal(world.e("fatigue.resilience_spread"), "resilience", n) for n in world.names]
        self.over_line = [False] * len(world.names)
        self.freshening_paid = False
        self.learn_fatigue()
        self.learn_uncertainty()
        self.learn_engagement()
        world.at_decision(self.read_levers)
        world.at_pulse(self.summarise)

    def staff_of(self, name: str) -> tuple[int, int, int]:
        """Engagement, fatigue and uncertainty of one council's staff."""
        world, e = self.world, self.world.e
        spread = e("staff.starting_spread")
        self.base.append(e("engagement.start") + spread * world.luck.normal("starting engagement", name))
        return (
            world.soft(f"engagement: {name}", self.base[-1], e("engagement.months")),
            world.soft(f"fatigue: {name}", e("fatigue.start"), e("fatigue.build_months")),
            world.soft(f"uncertainty: {name}", 0.0, e("uncertainty.months")),
        )

    def learn_fatigue(self) -> None:
        """What tires, and how it wears off."""
        e, pulse, tires = self.world.e, self.world.given.pulse, float(self.world.on("fatigue"))
        self.rest, self.line = e("fatigue.start"), e("fatigue.line")
        self.tired_by_load = tires * e("fatigue.by_load")
        self.tired_by_uncertainty = tires * e("fatigue.by_uncertainty")
        self.by_round, self.involvement_eases = e("fatigue.by_round"), e("fatigue.involvement_eases")
        self.build_keep = exp(-pulse / e("fatigue.build_months"))
        self.usual_recovery, self.depth = -pulse / e("fatigue.recovery_months"), e("fatigue.recovery_depth")

    def learn_uncertainty(self) -> None:
        """What unsettles, and how exposure grows from the announcement on."""
        world, e = self.world, self.world.e
        self.unsettled: dict[str, tuple[float, float]] = {}
        self.unsettled_share = self.fresh = 0.0
        self.size = world.given.staff_sizes
        stakes = e("uncertainty.weight_joint"), e("uncertainty.weight_redesign")
        self.weight_of = {JOINT: stakes[0], REDESIGN: stakes[1], COMMISSION: stakes[0]}
        if not world.on("uncertainty"):
            self.weight_of = dict.fromkeys(self.weight_of, 0.0)
        self.softened = e("uncertainty.communication_softens")
        self.exposure = e("uncertainty.exposure_months")
        self.fades = exp(-world.given.pulse / self.exposure)

    def learn_engagement(self) -> None:
        """What engages and what disengages."""
        world, e, moves = self.world, self.world.e, float(self.world.on("engagement"))
        self.moves = moves
        self.launch, self.launch_fades = moves * e("engagement.launch"), e("engagement.launch_fades")
        self.by_involvement = moves * e("engagement.by_involvement")
        self.by_sharing = moves * e("engagement.by_shared_roles")
        self.by_strain = moves * e("staff.by_strain")
        self.them_and_us = moves * e("staff.them_and_us") if world.on("culture") else 0.0
        self.blurred, self.shocked = moves * e("staff.by_shared_buildings"), moves * e("staff.by_commissioning")
        self.strengths = (
            moves * e("engagement.by_results"), moves * e("engagement.by_trust"), moves * e("engagement.by_fatigue"),
            moves * e("engagement.by_uncertainty"), moves * e("engagement.by_losses"),
        )  # fmt: skip
        self.losses_fade = exp(-world.given.pulse / e("engagement.losses_fade"))

    def read_levers(self) -> None:
        """What involvement, communication, development and security now in force amount to."""
        world, e = self.world, self.world.e
        levers, development = world.current(StaffLevers), world.current(DevelopmentLevers)
        secure = world.current(StaffingLevers).route == "redeployment" and world.on("staffing")
        usual = e("development.usual_spend")
        trained = (development.spend_per_employee - usual) / (development.spend_per_employee + usual)
        purpose = world.current(MoneyLevers).aims != "savings_only"
        self.involved = self.by_involvement * levers.involvement + self.moves * (
            secure * e("staff.by_security")
            + 3.0 * trained * e("staff.by_development")
            + purpose * e("staff.by_purpose")
        )
        self.eased = 1.0 - self.involvement_eases * levers.involvement
        self.heard = levers.communication
        self.recovery = self.usual_recovery
        if levers.freshening:
            self.recovery *= 1.0 + e("staff.freshening_recovers")
        self.pay_for_freshening(levers.freshening)

    def pay_for_freshening(self, freshening: bool) -> None:
        """New people and another approach cost something while they last."""
        if freshening is not self.freshening_paid:
            self.freshening_paid = freshening
            yearly = 12.0 * self.world.e("money.freshening_cost") * (-1.0 if freshening else 1.0)
            self.world.ledger.stream(PROGRAMME_COST, "freshening up").ramp(self.world.env.now, 0.0, yearly)

    def start(self) -> None:
        """Look up what others own."""
        world = self.world
        self.results, self.gap = world.index("results"), world.index("culture gap")
        trust = world.indices("trust managers–staff")
        self.rows = [
            (c, *own, trusting, base, tired_by_load)
            for c, (own, trusting, base, tired_by_load) in enumerate(zip(self.own, trust, self.base, self.tough))
        ]
        world.at_pulse(self.refresh)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where each council's staff head."""
        world, progress, keep, rest = self.world, self.world.progress, self.world.states.keep, self.rest
        people = world.people
        exposed = uncertainty_target(self.exposed(now), self.heard, self.softened)
        lift = self.lift(now, progress, levels[self.gap])
        if people.strain:
            lift -= self.by_strain * people.strain
        rounds = 1.0 + self.by_round * (progress.joined_share + progress.transformed_share)
        overload, eased, felt = people.overload, self.eased, levels[self.results] - 0.5
        by_load, by_uncertainty, strengths = self.tired_by_load, self.tired_by_uncertainty, self.strengths
        all_losses = people.losses
        for c, engagement, fatigue, uncertainty, trust, base, tough in self.rows:
            tired, unsure, losses = levels[fatigue], levels[uncertainty], all_losses[c]
            aims[uncertainty] = exposed
            aims[fatigue] = aim = rest + fatigue_target(
                by_load * (overload * tough), by_uncertainty * unsure, rounds, eased
            )  # fmt: skip
            keep[fatigue] = self.build_keep if aim >= tired else exp(self.recovery / (1.0 + self.depth * tired))
            aims[engagement] = base + lift + engagement_shift(
                felt, levels[trust] - 0.5, tired - rest, unsure, losses, strengths
            )  # fmt: skip
            if losses:
                all_losses[c] = losses * self.losses_fade

    def lift(self, now: float, progress: Progress, gap: float) -> float:
        """What the launch, involvement and shared roles add everywhere, less them-and-us, moves and culture shock."""
        lift = (self.by_sharing - self.them_and_us * gap) * progress.joined_share
        if progress.commissioned_share:
            lift -= self.shocked * progress.commissioned_share
        if "accommodation" in progress.enablers:
            lift -= self.blurred
        if self.world.packages:
            lift += self.launch * exp(-now / self.launch_fades)
            if progress.status == "running":
                lift += self.involved
        return lift

    # -- uncertainty: share of staff announced and not settled, weighted by exposure --

    def exposed(self, now: float) -> float:
        """Share of staff unsettled, each weighted from 0 toward 1 by the time since the announcement."""
        self.fresh *= self.fades
        if self.world.notices.items:
            self.read_notices(now)
        return self.unsettled_share - self.fresh

    def read_notices(self, now: float) -> None:
        """Take in whose services were announced and whose were settled, to the day."""
        for kind, package, when in self.world.notices.take():
            known = self.unsettled.pop(package.name, None)
            if known is not None:
                share, since = known
                self.unsettled_share -= share
                self.fresh -= share * exp((since - now) / self.exposure)
            if kind == "announced":
                share = self.share_of(package)
                self.unsettled[package.name] = (share, when)
                self.unsettled_share += share
                self.fresh += share * exp((when - now) / self.exposure)
        if not self.unsettled:
            self.unsettled_share = self.fresh = 0.0
        self.world.people.unsettled = self.unsettled_share

    def share_of(self, package: Package) -> float:
        """Share of staff touched, weighted by how much is at stake for them."""
        return sum([self.size[name] for name in package.covers]) * self.weight_of[package.kind]

    def summarise(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Before anyone sets aims: averages over staff that others respond to, and crossings of the fatigue line."""
        people, line, over_line = self.world.people, self.line, self.over_line
        shares = self.world.given.headcount_shares
        tired = [levels[fatigue] for _, fatigue, _ in self.own]
        if [level > line for level in tired] != over_line:
            for c, level in enumerate(tired):
                if (level > line) is not over_line[c]:
                    self.cross_line(c, level)
        people.fatigue = fsum(map(mul, shares, tired))
        people.engagement = fsum([share * levels[engaged] for share, (engaged, _, _) in zip(shares, self.own)])

    def cross_line(self, c: int, tired: float) -> None:
        """Fatigue of one council's staff goes over its line, or back under it."""
        self.over_line[c] = over = tired > self.line
        kind = "fatigue over its line" if over else "fatigue back under its line"
        self.world.record(self.world.names[c], kind, "load and uncertainty", tired)

    def finish(self) -> None:
        """Nothing to close at the horizon."""
