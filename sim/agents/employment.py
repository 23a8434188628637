"""Employment: terms and conditions, working with the unions, and disputes over terms."""

from math import exp
from typing import Literal

from sim.agents.work import Carrier
from sim.ledger import ONE_OFF, RUNNING_COST, SAVING
from sim.levers import LeverGroup, lever
from sim.packages import TERMS, Package, Timing
from sim.world import Process, World

STRAIN_FADES_MONTHS = 9.0
"""Months in which the strain of a settled negotiation fades: as long as fatigue takes (fatigue.recovery_months)."""


class TermsLevers(LeverGroup):
    """Whether, when and how terms and conditions are harmonised, and how closely the unions are worked with."""

    approach: Literal[
        "later", "never", "harmonise_up", "cost_neutral", "new_scheme", "negotiated_down", "protected_transfer",
        "dismiss_reengage",
    ] = lever(
        "later",
        "Terms: later (cost-neutral, when half of all teams are joined), never, or, once the management team is "
        "shared: harmonised up, cost-neutral, a new reward scheme, negotiated down, carried over protected, or by "
        "dismissal and re-engagement",
        unit="choice", source="D-TERMS", changes="at the start",
    )  # fmt: skip
    union_partnership: float = lever(
        0.5, "How closely the unions are worked with", unit="share", source="D-TERMS", ge=0.0, le=1.0
    )
    seconded_officer: bool = lever(
        False, "Whether a full-time union officer is seconded to the programme",
        unit="true or false", source="D-TERMS",
    )  # fmt: skip

    @property
    def timing(self) -> Timing:
        """When the terms are taken up, as the plan needs to know."""
        if self.approach == "never":
            return "never"
        return "late" if self.approach == "later" else "early"

    def partnership(self, officer_adds: float) -> float:
        """How closely the unions are worked with, a seconded officer included (M-ST6)."""
        return min(1.0, self.union_partnership + self.seconded_officer * officer_adds)


class Employment(Carrier):
    """Negotiates terms; strain builds and may end in a dispute."""

    levers = (TermsLevers,)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.negotiating = 0.0
        self.accumulated, self.occasion = 0.0, 1
        self.threshold = world.luck.threshold("dispute", "partnership", 1)
        self.fades = exp(-world.given.pulse / STRAIN_FADES_MONTHS)
        self.strain_on = world.on("terms")
        self.rate = world.e("terms.dispute") * world.given.pulse / 12.0
        self.seconded_paid = False
        world.at_decision(self.read_levers)

    def read_levers(self) -> None:
        """A seconded officer is paid for."""
        world, seconded = self.world, self.world.current(TermsLevers).seconded_officer and bool(self.world.packages)
        if seconded is not self.seconded_paid and world.progress.status != "dissolved":
            self.seconded_paid = seconded
            yearly = world.e("terms.seconded_officer") * (-1.0 if seconded else 1.0)
            world.ledger.stream(RUNNING_COST, "seconded union officer").ramp(world.env.now, 0.0, yearly)

    def start(self) -> None:
        """The terms are a process, from their release on; strain is looked at month by month."""
        self.unions = self.world.index("trust HR–unions")
        self.carry({TERMS: self.settle_terms})
        if self.strain_on:
            self.world.at_pulse(self.refresh)

    def settle_terms(self, package: Package) -> Process:
        """Negotiate with HR's help, decide, and move everyone over; the strain lasts as long as the talks."""
        world, e = self.world, self.world.e
        approach = world.current(TermsLevers).approach
        content = "cost_neutral" if approach == "later" else approach
        strain = e(f"terms.{content}_strain") if self.strain_on else 0.0
        close = world.current(TermsLevers).partnership(e("terms.officer_adds"))
        self.negotiating = strain * (1.0 - e("terms.union_absorbs") * close)
        try:
            months = e("time.terms") * self.luck_of("negotiation", package)
            months *= 0.2 if content == "protected_transfer" else 1.0 + e("terms.strain_slows") * self.negotiating
            yield from self.with_hr(package, "job evaluation", e("terms.hr_months"), 0.0, e("terms.weight"))
            yield from self.stage("negotiation", package, world.managers_work, months, e("terms.weight"))
            yield from self.decision(package, e("members.depth_joint"))
        finally:
            self.negotiating = 0.0
        self.move_over(content)

    def move_over(self, content: str) -> None:
        """New terms for all: what they cost or save each year, and once."""
        world, e = self.world, self.world.e
        now, bill = world.env.now, world.headcount() * e("money.officer_post")
        if content in ("harmonise_up", "cost_neutral"):
            world.ledger.stream(RUNNING_COST, "terms").ramp(now, 6.0, -bill * e(f"terms.{content}_cost"))
        elif content != "protected_transfer":
            world.ledger.stream(SAVING, "terms").ramp(now, 6.0, bill * e(f"terms.{content}_saves"))
        if content != "protected_transfer":
            world.ledger.pay(now, ONE_OFF, "terms: set-up", bill * e("terms.one_off"))
            world.progress.enablers.add("terms")

    def refresh(self, now: float, levels: list[float], aims: list[float]) -> None:
        """Strain rises at once with the talks and fades slowly; with little trust it may end in a dispute."""
        people, called = self.world.people, self.world.disputes
        if people.in_dispute:
            return
        if called.items:
            self.world.env.process(self.dispute(called.take()[0]))
            return
        strain = people.strain * self.fades
        people.strain = strain = self.negotiating if self.negotiating > strain else strain if strain > 0.001 else 0.0
        if strain:
            self.accumulated += self.rate * strain * (1.0 - levels[self.unions])
            if self.accumulated >= self.threshold:
                self.world.env.process(self.dispute("terms"))

    def dispute(self, cause: str) -> Process:
        """Work to rule until it is settled."""
        world = self.world
        world.people.in_dispute, world.people.strain = True, 1.0
        world.record("partnership", "dispute begins", cause)
        spread = world.luck.lognormal(self.spread, "dispute lasts", "partnership", self.occasion)
        yield world.env.timeout(world.e("terms.dispute_months") * spread)
        world.people.in_dispute, self.accumulated = False, 0.0
        self.occasion += 1
        self.threshold = world.luck.threshold("dispute", "partnership", self.occasion)
        world.record("partnership", "dispute ends", "settled")
