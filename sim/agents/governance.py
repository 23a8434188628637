"""Governance: who decides for the partnership, what serving several councils costs, and what each thinks fair."""

from typing import Any, Literal

import simpy

from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice, lever, share, yes_or_no
from sim.core.lanes import each, lane, stacked, where
from sim.core.ledger import ONE_OFF, POUNDS_PER_MILLION, PROGRAMME_COST, RUNNING_COST
from sim.core.world import Agent, Meeting, Process, World


class GovernanceLevers(LeverGroup):
    """Levers of governance: decision-making body, leadership, programme management."""

    form: Literal["separate_votes", "joint_cabinet", "joint_committee", "company_board"] = choice(
        "separate_votes",
        "Who decides each step: every council by its own vote, the leaders together, a joint committee with "
        "delegated powers, or the board of an owned company",
        "D-GOVERN",
        "at the start",
    )
    chief_executive: Literal["from_one_council", "independent", "known_to_both"] = choice(
        "from_one_council", "Who becomes chief executive", "D-CE", "at the start"
    )
    other_stands_aside: bool = yes_or_no(
        True, "Whether the other chief executives agree to stand aside", "D-CE", "at the start"
    )
    programme_posts: float = lever(
        0.0, "Dedicated programme posts, besides managers' spare time", "posts", "D-PMO", ge=0.0, le=20.0
    )
    agreement: float = share(
        0.5,
        "How much is agreed beforehand: employer, contracts, assets, default and exit, service levels",
        "D-LEGAL",
        "at the start",
    )
    talks_months: int = lever(
        0,
        "Months of talks before month 0, in which a deal can fail or be rushed (0: the decision has been taken)",
        "months",
        "D-LEGAL",
        "at the start",
        ge=0,
        le=36,
    )
    with_county: bool = yes_or_no(
        False, "Whether a county or another public body shares too", "D-PARTNERS", "at the start"
    )
    joiner: str = lever(
        "",
        "Name of a council that joins later (none: all share from the start)",
        "name",
        "D-PARTNERS",
        "at the start",
        max_length=80,
    )
    joins_month: int = lever(
        36, "Month in which that council asks to join", "months", "D-PARTNERS", "at the start", ge=1, le=120
    )


class IdentityLevers(LeverGroup):
    """Levers of identity: assurances on council identity and on merger."""

    assurance: float = share(
        0.5, "How explicitly each council's identity, brand and sovereignty are protected", "D-IDENTITY"
    )
    merger: Literal["open", "ruled_out", "intended"] = choice(
        "open", "Whether merger is left open, ruled out or declared as the aim", "D-IDENTITY"
    )


class MoneyLevers(LeverGroup):
    """Levers of money: sharing rule, openness, aims, and outside funding."""

    sharing_rule: Literal["equal", "by_size", "by_need"] = choice(
        "by_size", "How costs and savings are shared between the councils", "D-FAIR", "at the start"
    )
    openness: float = share(0.5, "How openly decisions, costs and savings are shown to all members", "D-FAIR")
    aims: Literal["savings_only", "better_services", "revenue_too"] = choice(
        "savings_only",
        "What is sought: savings only, better services too, or revenue and innovation as well",
        "D-EXTENT",
    )
    outside_funding_gbp_m: float = lever(
        0.0, "Outside money for transformation", "£m", "D-FUNDING", "at the start", ge=0.0, le=20.0
    )
    funding_month: int = lever(
        6, "Month in which outside money comes", "months", "D-FUNDING", "at the start", ge=0, le=119
    )
    optimism_uplift: float = share(
        0.0, "Optimism bias: share added to every one-off cost (0: none)", "D-FUNDING", "at the start", le=2.0
    )


STREAMLINES = {"joint_cabinet": "cabinet", "joint_committee": "committee", "company_board": "board"}


class Governance(Agent):
    """Agent for coordination burden, fairness and threat to identity."""

    levers = (GovernanceLevers, IdentityLevers, MoneyLevers)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.soft(self, "unfairness", meeting.labels("unfairness"), 0.0, meeting.e.fairness.months)
        self.states.fact(self, coordination=0.0, paid_pairs=0.0, paid_running=0.0)
        self.states.fact(self, funded_posts=0.0, funded_boldness=0.0)
        self.county = meeting.draw(_county_pairs)
        self.noticed = each(mechanisms.product, meeting.e.fairness.losses_noticed, meeting.partnership.headcount)
        self.fair_on = len(meeting.names) > 1

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute effects of the governance and openness in force."""
        self.streamlined = self.meeting.draw(_streamlined)
        self.shown = each(mechanisms.product, e.fairness.openness_faces, lever.money.openness)
        missing = self.meeting.gathered(_missing_benefit)
        self.missing = stacked([lane(each_council) for each_council in zip(*missing)], len(missing))
        self.sizes = self.meeting.per_council(self.meeting.headcount_shares)
        for world in self.meeting.worlds:
            world.threat = threats(world)
        threat = zip(*[world.threat for world in self.meeting.worlds])
        self.meeting.threats = stacked([lane(felt) for felt in threat], len(missing))

    def begin(self, world: World) -> None:
        """Pay costs due at the start, and receive outside money in its month."""
        governance, money = world.current(GovernanceLevers), world.current(MoneyLevers)
        if world.packages:
            cost = governance.agreement * world.e("governance.agreement_cost")
            world.ledger.pay(0.0, ONE_OFF, "partnership agreement", cost)
        if money.outside_funding_gbp_m and world.packages and money.funding_month < world.given.horizon:
            world.env.process(self.receive(world, money.outside_funding_gbp_m, money.funding_month))

    def receive(self, world: World, gbp_m: float, month: int) -> Process:
        """Outside money comes in its month, if there is a partnership to pay it to; part pays for people at work."""
        yield world.env.timeout(month)
        if world.status == "dissolved":
            return
        e, pounds = world.e, gbp_m * POUNDS_PER_MILLION
        world.ledger.pay(world.env.now, ONE_OFF, "outside funding", -pounds)
        months, post = e("funding.months"), e("money.added_post")
        posts = mechanisms.funded_posts(e("funding.on_people"), pounds, months, post)
        bolder = mechanisms.funded_boldness(e("funding.boldness"), pounds, world.expenditure(), e("funding.usual"))
        self.put(world, "funded_boldness", bolder)
        yield simpy.AnyOf(world.env, [world.milestone(f"released {p.name}") for p in world.packages if p.covers])
        if world.status == "dissolved":
            return
        self.put(world, "funded_posts", posts)
        cause = "posts paid from outside funding"
        world.ledger.keep_paying(world.env.now, PROGRAMME_COST, cause, posts * post)
        yield world.env.timeout(months)
        self.put(world, "funded_posts", 0.0)
        world.ledger.keep_paying(world.env.now, PROGRAMME_COST, cause, 0.0)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Set the coordination burden and each council's unfairness."""
        governance = e.governance
        pairs = self.formula.pairs_of(old.inside, self.county)
        streamlined = self.formula.streamlined_by(self.streamlined, governance.employer_streamlines, old.one_employer)
        apart = self.formula.share_something(old.begun, old.merged)
        new.coordination = self.formula.coordination_burden(
            *(governance.burden_per_pair, pairs, governance.by_entanglement, old.joined, streamlined, apart),
        )
        due = self.formula.product(pairs, apart)
        new.paid_pairs, new.paid_running = due, old.running
        self.asked.update(where(due != old.paid_pairs), where(old.running != old.paid_running))
        if self.fair_on:
            new.unfairness = self.by_row.felt_unfairness(
                *(self.missing, old.joined, e.fairness.by_losses, old.lost, old.all_lost),
                *(self.sizes, self.noticed, self.shown),
            )

    def decided(self, world: World) -> None:
        """Pay for newly chosen programme posts from this pulse on."""
        self.asked.add(world.place)

    def act(self, world: World, now: float) -> None:
        """Pay for dedicated posts while the programme runs (D-PMO), and for serving several councils."""
        e, keep_paying = world.e, world.ledger.keep_paying
        posts = world.current(GovernanceLevers).programme_posts * world.fact("paid_running")
        keep_paying(now, PROGRAMME_COST, "programme posts", posts * e("governance.programme_post"))
        if world.status != "dissolved":
            pairs = world.fact("paid_pairs")
            keep_paying(now, RUNNING_COST, "coordination", pairs * e("money.coordination_per_pair"))


def threats(world: World) -> tuple[float, ...]:
    """Threat to identity by council, relative to two equal councils with merger ruled out."""
    e, governance, identity = world.e, world.current(GovernanceLevers), world.current(IdentityLevers)
    merger = 1.0 if identity.merger == "ruled_out" else e(f"identity.merger_{identity.merger}")
    delegated = e("governance.delegated_threat") if governance.form in ("joint_committee", "company_board") else 0.0
    insider = e("identity.insider") if governance.chief_executive == "from_one_council" else 0.0
    sizes, largest = world.given.headcount_shares, world.given.largest
    even, unequal = 1.0 / len(sizes), e("identity.unequal_sizes")
    return tuple(
        mechanisms.identity_threat(
            *(e("identity.assurance_calms"), identity.assurance, merger, delegated),
            *(unequal, even, size, insider if c != largest else 0.0),
        )
        for c, size in enumerate(sizes)
    )


def _missing_benefit(world: World) -> list[float]:
    """Unfairness from expected benefit that a council does not get, by council."""
    e, given = world.e, world.partnership
    weight, parts = e("fairness.expected_by_need"), world.given.parts
    got = parts(given.sharing_shares(world.current(MoneyLevers).sharing_rule))
    return [
        mechanisms.benefit_missing(e("fairness.by_benefit"), mechanisms.expected_part(weight, size, need), get)
        for size, need, get in zip(parts(given.expenditure_shares), parts(given.need_shares), got, strict=True)
    ]


def _streamlined(world: World) -> float:
    """Share of the burden removed by the form of governance."""
    form = STREAMLINES.get(world.current(GovernanceLevers).form)
    return world.e(f"governance.{form}_streamlines") if form else 0.0


def _county_pairs(world: World) -> float:
    """Pairs that sharing with a county adds, or with outsiders in some services."""
    part = 1.0 if world.current(GovernanceLevers).with_county else world.given.with_outsider(world.given.services)
    return world.e("governance.county_pairs") * part
