"""Governance: who decides for the partnership, what serving several councils costs, and what each thinks fair."""

from typing import Literal

from sim.ledger import ONE_OFF, POUNDS_PER_MILLION, PROGRAMME_COST, RUNNING_COST
from sim.levers import LeverGroup, lever
from sim.mechanisms import coordination_burden, felt_unfairness
from sim.world import Process, World


class GovernanceLevers(LeverGroup):
    """Who decides, who leads, who runs the programme."""

    form: Literal["separate_votes", "joint_cabinet", "joint_committee", "company_board"] = lever(
        "separate_votes",
        "Who decides each step: every council by its own vote, the leaders together, a joint committee with "
        "delegated powers, or the board of an owned company",
        unit="choice", source="D-GOVERN", changes="at the start",
    )  # fmt: skip
    chief_executive: Literal["from_one_council", "independent", "known_to_both"] = lever(
        "from_one_council", "Who becomes chief executive", unit="choice", source="D-CE", changes="at the start"
    )
    other_stands_aside: bool = lever(
        True, "Whether the other chief executives agree to stand aside",
        unit="true or false", source="D-CE", changes="at the start",
    )  # fmt: skip
    programme_posts: float = lever(
        0.0, "Dedicated programme posts, besides managers' spare time", unit="posts", source="D-PMO", ge=0.0, le=20.0
    )
    agreement: float = lever(
        0.5, "How much is agreed beforehand: employer, contracts, assets, default and exit, service levels",
        unit="share", source="D-LEGAL", changes="at the start", ge=0.0, le=1.0,
    )  # fmt: skip
    talks_months: int = lever(
        0, "Months of talks before month 0, in which a deal can fail or be rushed (0: the decision has been taken)",
        unit="months", source="D-LEGAL", changes="at the start", ge=0, le=36,
    )  # fmt: skip
    with_county: bool = lever(
        False, "Whether a county or another public body shares too",
        unit="true or false", source="D-PARTNERS", changes="at the start",
    )  # fmt: skip
    joiner: str = lever(
        "", "Name of a council that joins later (none: all share from the start)",
        unit="name", source="D-PARTNERS", changes="at the start", max_length=80,
    )  # fmt: skip
    joins_month: int = lever(
        36, "Month in which that council asks to join",
        unit="months", source="D-PARTNERS", changes="at the start", ge=1, le=120,
    )  # fmt: skip


class IdentityLevers(LeverGroup):
    """What is said about each council's identity and about merger."""

    assurance: float = lever(
        0.5, "How explicitly each council's identity, brand and sovereignty are protected",
        unit="share", source="D-IDENTITY", ge=0.0, le=1.0,
    )  # fmt: skip
    merger: Literal["open", "ruled_out", "intended"] = lever(
        "open", "Whether merger is left open, ruled out or declared as the aim", unit="choice", source="D-IDENTITY"
    )


class MoneyLevers(LeverGroup):
    """How costs and savings are shared, how openly, for what aims, and with whose money."""

    sharing_rule: Literal["equal", "by_size", "by_need"] = lever(
        "by_size", "How costs and savings are shared between the councils",
        unit="choice", source="D-FAIR", changes="at the start",
    )  # fmt: skip
    openness: float = lever(
        0.5, "How openly decisions, costs and savings are shown to all members",
        unit="share", source="D-FAIR", ge=0.0, le=1.0,
    )  # fmt: skip
    aims: Literal["savings_only", "better_services", "revenue_too"] = lever(
        "savings_only", "What is sought: savings only, better services too, or revenue and innovation as well",
        unit="choice", source="D-EXTENT",
    )  # fmt: skip
    outside_funding_gbp_m: float = lever(
        0.0, "Outside money for transformation", unit="£m", source="D-FUNDING", changes="at the start", ge=0.0, le=20.0
    )
    funding_month: int = lever(
        6, "Month in which outside money comes", unit="months", source="D-FUNDING", changes="at the start", ge=0, le=119
    )
    optimism_uplift: float = lever(
        0.0, "Optimism bias: share added to every one-off cost (0: none)",
        unit="share", source="D-FUNDING", changes="at the start", ge=0.0, le=2.0,
    )  # fmt: skip


class Governance:
    """Keeps the burden of coordination, the sense of fairness and the threat to identity that all others feel."""

    levers = (GovernanceLevers, IdentityLevers, MoneyLevers)

    def __init__(self, world: World) -> None:
        self.world = world
        e = world.e
        self.own = world.current(GovernanceLevers)
        self.per_pair, self.entangles = e("governance.burden_per_pair"), e("governance.by_entanglement")
        self.burden_on = world.on("coordination")
        self.extra_pairs = e("governance.county_pairs") if self.own.with_county else 0.0
        names, fades = world.names, e("fairness.months")
        self.unfair = [world.soft(f"unfairness: {name}", 0.0, fades) for name in names]
        self.all = slice(self.unfair[0], self.unfair[-1] + 1)
        world.people.unfair = [0.0] * len(names)
        self.fair_on = world.on("fairness") and len(names) > 1
        self.by_losses = e("fairness.by_losses")
        self.noticed = e("fairness.losses_noticed") * sum(council.headcount for council in world.partnership.councils)
        self.posts_paid = 0.0
        self.coordination_paid = 0.0
        self.sizes = world.given.headcount_shares
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """What governance, identity and openness now in force amount to."""
        world, e = self.world, self.world.e
        governance, identity = world.current(GovernanceLevers), world.current(IdentityLevers)
        money = world.current(MoneyLevers)
        streamlines = {"joint_cabinet": "cabinet", "joint_committee": "committee", "company_board": "board"}
        form = streamlines.get(governance.form)
        self.streamlined = e(f"governance.{form}_streamlines") if form else 0.0
        self.shown = e("fairness.openness_faces") * money.openness
        self.missing = [max(0.0, part) for part in self.missing_benefit(money)]
        world.people.threat = self.threats(governance, identity)
        self.posts = governance.programme_posts

    def missing_benefit(self, money: MoneyLevers) -> list[float]:
        """By council: unfairness from the part of the benefit that it expects and does not get."""
        e, given = self.world.e, self.world.partnership
        weight = e("fairness.expected_by_need")
        expected = [
            (1.0 - weight) * size + weight * need
            for size, need in zip(given.expenditure_shares, given.need_shares, strict=True)
        ]
        return [
            e("fairness.by_benefit") * (want - get)
            for want, get in zip(expected, given.sharing_shares(money.sharing_rule), strict=True)
        ]

    def threats(self, governance: GovernanceLevers, identity: IdentityLevers) -> list[float]:
        """By council: threat to identity against the usual of two equal councils with merger ruled out."""
        world, e = self.world, self.world.e
        if not world.on("identity"):
            return [1.0] * len(world.names)
        threat = 1.0 - e("identity.assurance_calms") * identity.assurance
        if identity.merger != "ruled_out":
            threat *= e(f"identity.merger_{identity.merger}")
        if governance.form in ("joint_committee", "company_board"):
            threat *= 1.0 + e("governance.delegated_threat")
        insider = e("identity.insider") if governance.chief_executive == "from_one_council" else 0.0
        even, largest = 1.0 / len(self.sizes), world.given.largest
        return [
            threat
            * (1.0 + e("identity.unequal_sizes") * max(0.0, even - size) / even + (insider if c != largest else 0.0))
            for c, size in enumerate(self.sizes)
        ]

    def start(self) -> None:
        """Costs that fall at the start, and outside money in its month."""
        world, e = self.world, self.world.e
        if world.packages:
            world.ledger.pay(0.0, ONE_OFF, "partnership agreement", self.own.agreement * e("governance.agreement_cost"))
        funding = world.current(MoneyLevers)
        if funding.outside_funding_gbp_m and world.packages and funding.funding_month < world.given.horizon:
            world.env.process(self.receive(funding.outside_funding_gbp_m, funding.funding_month))
        world.at_pulse(self.refresh)

    def receive(self, gbp_m: float, month: int) -> Process:
        """Outside money comes in its month, if there is still a partnership to pay it to."""
        yield self.world.env.timeout(month)
        if self.world.progress.status != "dissolved":
            self.world.ledger.pay(self.world.env.now, ONE_OFF, "outside funding", -gbp_m * POUNDS_PER_MILLION)

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """The burden now, and how unfair each council finds what it gets and loses."""
        world, people = self.world, self.world.people
        status = world.progress.status
        posts = self.posts if status == "running" and world.packages else 0.0
        if posts != self.posts_paid:
            self.pay_for_posts(now, posts)
        if not world.progress.finished or status == "dissolved":
            people.coordination = 0.0
            if self.coordination_paid:
                self.coordination_paid = 0.0
            return
        inside = sum(world.inside)
        pairs = inside * (inside - 1) / 2.0 + self.extra_pairs
        joined = world.progress.joined_share
        if self.burden_on:
            streamlined = self.streamlined
            if "one_employer" in world.progress.enablers:
                streamlined += world.e("governance.employer_streamlines")
            people.coordination = coordination_burden(self.per_pair, pairs, self.entangles * joined, streamlined)
            if "merger" in world.progress.enablers:
                people.coordination = 0.0
        self.pay_for_coordination(now, pairs)
        if self.fair_on:
            self.weigh(joined, levels, aims)

    def weigh(self, joined: float, levels: list[float], aims: list[float]) -> None:
        """Each council weighs its benefit and its job losses against what it thinks its part."""
        people, sizes, missing = self.world.people, self.sizes, self.missing
        lost, shown = people.lost_for_good, self.shown
        total = sum(lost)
        if total:
            by_losses = self.by_losses / (total if total > self.noticed else self.noticed)
            above = [by_losses * (gone - total * size) for gone, size in zip(lost, sizes)]
            aims[self.all] = [felt_unfairness(m * joined, a if a > 0.0 else 0.0, shown) for m, a in zip(missing, above)]
        else:
            aims[self.all] = [felt_unfairness(m * joined, 0.0, shown) for m in missing]
        people.unfair = levels[self.all]

    def pay_for_coordination(self, now: float, pairs: float) -> None:
        """Serving several councils costs something every year, from the first shared post on."""
        world = self.world
        if "merger" in world.progress.enablers:
            pairs = 0.0
        if pairs != self.coordination_paid:
            yearly = world.e("money.coordination_per_pair") * (self.coordination_paid - pairs)
            world.ledger.stream(RUNNING_COST, "coordination").ramp(now, 0.0, yearly)
            self.coordination_paid = pairs

    def pay_for_posts(self, now: float, posts: float) -> None:
        """Dedicated programme posts are paid while the programme runs (D-PMO)."""
        yearly = (self.posts_paid - posts) * self.world.e("governance.programme_post")
        self.world.ledger.stream(PROGRAMME_COST, "programme posts").ramp(now, 0.0, yearly)
        self.posts_paid = posts

    def finish(self) -> None:
        """Nothing to close at the horizon."""
