"""Staff of each council: engagement, fatigue, uncertainty, knowledge; leavers, vacancies and posts lost."""

from math import exp

from sim.history import HeadcountAccount
from sim.ledger import ONE_OFF
from sim.levers import LeverGroup, lever
from sim.luck import BLOCK, binomial
from sim.mechanisms import engagement_shift, fatigue_target, uncertainty_target
from sim.packages import JOINT, REDESIGN, Package
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


class Staff:
    """The staff of every council, month by month."""

    levers = (StaffLevers,)

    def __init__(self, world: World) -> None:
        self.world = world
        self.knowledge_lost = world.soft("knowledge lost", 0.0, world.e("staff.knowledge_months"))
        self.base: list[float] = []
        self.own = [self.staff_of(name) for name in world.names]
        self.tough = [world.luck.lognormal(world.e("fatigue.resilience_spread"), "resilience", n) for n in world.names]
        self.shares = world.given.headcount_shares
        self.headcount = [council.headcount for council in world.partnership.councils]
        self.accounts = [HeadcountAccount(start=n, in_post=n) for n in self.headcount]
        world.history.headcounts = self.accounts
        self.losses = world.people.redundancies = [0.0] * len(self.headcount)
        self.over_line = [False] * len(self.headcount)
        self.learn_fatigue()
        self.learn_uncertainty()
        self.learn_engagement()
        self.learn_leavers()
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
        self.recovery_rate, self.depth = -pulse / e("fatigue.recovery_months"), e("fatigue.recovery_depth")

    def learn_uncertainty(self) -> None:
        """What unsettles, and how exposure grows from the announcement on."""
        world, e = self.world, self.world.e
        self.unsettled: dict[str, tuple[float, float]] = {}
        self.unsettled_share = self.fresh = 0.0
        self.size = world.given.staff_sizes
        self.weight_of = {JOINT: e("uncertainty.weight_joint"), REDESIGN: e("uncertainty.weight_redesign")}
        if not world.on("uncertainty"):
            self.weight_of = dict.fromkeys(self.weight_of, 0.0)
        self.softened = e("uncertainty.communication_softens")
        self.exposure = e("uncertainty.exposure_months")
        self.fades = exp(-world.given.pulse / self.exposure)

    def learn_engagement(self) -> None:
        """What engages and what disengages."""
        e, moves = self.world.e, float(self.world.on("engagement"))
        self.launch, self.launch_fades = moves * e("engagement.launch"), e("engagement.launch_fades")
        self.by_involvement = moves * e("engagement.by_involvement")
        self.by_sharing = moves * e("engagement.by_shared_roles")
        self.engagement_strengths = (
            moves * e("engagement.by_results"), moves * e("engagement.by_trust"), moves * e("engagement.by_fatigue"),
            moves * e("engagement.by_uncertainty"), moves * e("engagement.by_losses"),
        )  # fmt: skip
        self.losses_fade = exp(-self.world.given.pulse / e("engagement.losses_fade"))

    def learn_leavers(self) -> None:
        """Who leaves, how long a post stays vacant, and how posts that must go are matched to vacancies."""
        e = self.world.e
        self.leavers_on, self.block = self.world.on("leavers"), -1
        self.turnover = e("staff.turnover") / 12.0
        self.leave_by_fatigue, self.leave_by_uncertainty = e("staff.leave_by_fatigue"), e("staff.leave_by_uncertainty")
        self.stay_by_engagement = e("staff.stay_by_engagement")
        self.refill = round(e("staff.refill_months"))
        self.knowledge_of_leaver = e("staff.knowledge_per_leaver")
        self.vacancies: list[list[int]] = [[] for _ in self.headcount]
        self.match = e("staff.vacancies_match")
        self.to_cut = [0.0] * len(self.headcount)
        self.unmatched = [0.0] * len(self.headcount)

    def read_levers(self) -> None:
        """What involvement and communication now in force amount to."""
        levers = self.world.current(StaffLevers)
        self.involved = self.by_involvement * levers.involvement
        self.eased = 1.0 - self.involvement_eases * levers.involvement
        self.heard = levers.communication

    def start(self) -> None:
        """Look up what others own."""
        self.results, trust = self.world.index("results"), self.world.indices("trust managers–staff")
        self.rows = [
            (c, *own, trusting, base, tired_by_load)
            for c, (own, trusting, base, tired_by_load) in enumerate(zip(self.own, trust, self.base, self.tough))
        ]
        self.at_work = [
            (share, account, vacancies, *own, base)
            for share, account, vacancies, own, base in zip(
                self.shares, self.accounts, self.vacancies, self.own, self.base
            )
        ]
        self.world.at_pulse(self.refresh)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Where each council's staff head, and who left, joined or lost a post this month."""
        world, progress, keep, rest = self.world, self.world.progress, self.world.states.keep, self.rest
        exposed = uncertainty_target(self.exposed(now), self.heard, self.softened)
        lift = self.lift(now, progress)
        rounds = 1.0 + self.by_round * (progress.joined_share + progress.transformed_share)
        overload, eased, felt = world.people.overload, self.eased, levels[self.results] - 0.5
        by_load, by_uncertainty, strengths = self.tired_by_load, self.tired_by_uncertainty, self.engagement_strengths
        for c, engagement, fatigue, uncertainty, trust, base, tough in self.rows:
            tired, unsure, losses = levels[fatigue], levels[uncertainty], self.losses[c]
            aims[uncertainty] = exposed
            aims[fatigue] = aim = rest + fatigue_target(
                by_load * (overload * tough), by_uncertainty * unsure, rounds, eased
            )  # fmt: skip
            keep[fatigue] = self.build_keep if aim >= tired else exp(self.recovery_rate / (1.0 + self.depth * tired))
            aims[engagement] = base + lift + engagement_shift(
                felt, levels[trust] - 0.5, tired - rest, unsure, losses, strengths
            )  # fmt: skip
            if losses:
                self.losses[c] = losses * self.losses_fade
        if world.posts_cut.items or any(self.to_cut):
            self.cut_posts()
        if self.leavers_on and now and now == int(now):
            self.month_of_leavers(int(now), levels, aims)

    def lift(self, now: float, progress: Progress) -> float:
        """What the launch, involvement and shared roles add to engagement everywhere."""
        lift = self.by_sharing * progress.joined_share
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

    def share_of(self, package: Package) -> float:
        """Share of staff touched, weighted by how much is at stake for them."""
        return self.size[package.service or ""] * self.weight_of[package.kind]

    # -- posts, leavers, vacancies --

    def cut_posts(self) -> None:
        """Posts to go are met from vacancies first, then by redundancy; each council bears its share by headcount."""
        for cause, _, posts in self.world.posts_cut.take():
            for c, share in enumerate(self.shares):
                if cause == "management":
                    self.let_go(c, posts * share, paid=False)
                else:
                    self.to_cut[c] += self.match * posts * share
                    self.unmatched[c] += (1.0 - self.match) * posts * share
        for c in self.world.councils:
            while self.to_cut[c] >= 1.0 and self.take_vacancy(c):
                self.to_cut[c] -= 1.0
            if self.unmatched[c] >= 1.0:
                whole = float(int(self.unmatched[c]))
                self.unmatched[c] -= whole
                self.let_go(c, whole, paid=True)

    def take_vacancy(self, c: int) -> bool:
        """Delete one vacant post instead of filling it; whether there was one."""
        for i, open_posts in enumerate(self.vacancies[c]):
            if open_posts:
                self.vacancies[c][i] -= 1
                return True
        return False

    def let_go(self, c: int, posts: float, paid: bool) -> None:
        """Redundancies at one council: people, exit costs, and the hurt of those who stay."""
        world = self.world
        people = min(round(posts), self.accounts[c].in_post)
        if people <= 0:
            return
        self.accounts[c].redundancies += people
        self.accounts[c].in_post -= people
        self.losses[c] += people / self.headcount[c]
        if paid:
            world.ledger.pay(world.env.now, ONE_OFF, "redundancies", people * world.e("money.exit"), council=c)
        world.record(
            world.names[c], "redundancies", "management posts" if not paid else "posts no longer needed", people
        )

    def month_of_leavers(self, month: int, levels: list[float], aims: list[float]) -> None:
        """People who leave of their own accord, and those hired in their place after the usual delay."""
        if month // BLOCK != self.block:
            self.block = month // BLOCK
            self.luck = [self.world.luck.block("leavers", name, self.block) for name in self.world.names]
        rest, refill, place = self.rest, self.refill, month % BLOCK
        total, excess = 0, 0.0
        for luck, (share, account, vacancies, engagement, fatigue, uncertainty, base) in zip(self.luck, self.at_work):
            driven = self.leave_by_fatigue * (levels[fatigue] - rest) + self.leave_by_uncertainty * levels[uncertainty]
            stay = 1.0 - self.stay_by_engagement * (levels[engagement] - base)
            more = (1.0 + driven) * (stay if stay > 0.2 else 0.2)
            in_post = account.in_post
            leavers = binomial(in_post, self.turnover * more, luck[place])
            vacancies.append(leavers)
            hired = vacancies.pop(0) if len(vacancies) > refill else 0
            account.leavers += leavers
            account.hired += hired
            account.in_post = in_post + hired - leavers
            total += leavers
            excess += share * (more - 1.0)
        aims[self.knowledge_lost] = self.knowledge_of_leaver * excess
        self.world.people.leavers_this_month = total

    def summarise(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Before anyone sets aims: averages over staff that others respond to, and crossings of the fatigue line."""
        people, line, over_line = self.world.people, self.line, self.over_line
        fatigued = engaged = 0.0
        for c, (share, (engagement, fatigue, _)) in enumerate(zip(self.shares, self.own)):
            tired = levels[fatigue]
            fatigued += share * tired
            engaged += share * levels[engagement]
            if (tired > line) is not over_line[c]:
                self.cross_line(c, tired)
        people.fatigue, people.engagement, people.knowledge_lost = fatigued, engaged, levels[self.knowledge_lost]

    def cross_line(self, c: int, tired: float) -> None:
        """Fatigue of one council's staff goes over its line, or back under it."""
        self.over_line[c] = over = tired > self.line
        kind = "fatigue over its line" if over else "fatigue back under its line"
        self.world.record(self.world.names[c], kind, "load and uncertainty", tired)

    def finish(self) -> None:
        """Check that the head count balances."""
        for name, account in zip(self.world.names, self.accounts, strict=True):
            balance = account.start + account.hired - account.leavers - account.redundancies
            if balance != account.in_post:
                self.world.breaches.append(f"headcount of {name}: {account.in_post} in post, {balance} by the account")
