"""Employment: terms and conditions, working with the unions, and disputes over terms."""

from collections.abc import Generator
from typing import Any, Literal

import simpy

from sim.agents.delivery.work import Carrier
from sim.core import mechanisms
from sim.core.inputs.levers import LeverGroup, choice, share, yes_or_no
from sim.core.inputs.packages import TERMS, Package, Timing
from sim.core.lanes import each, greater, where
from sim.core.ledger import ONE_OFF, RUNNING_COST, SAVING
from sim.core.world import Meeting, Process, World

STRAIN_FADES_MONTHS = 9.0
"""Months in which strain fades after the talks, equal to the recovery from fatigue (fatigue.recovery_months)."""


class TermsLevers(LeverGroup):
    """Levers of employment: harmonising of terms and conditions (timing and form), and work with the unions."""

    approach: Literal[
        "later",
        "never",
        "harmonise_up",
        "cost_neutral",
        "new_scheme",
        "negotiated_down",
        "protected_transfer",
        "dismiss_reengage",
    ] = choice(
        "later",
        "Terms: later (cost-neutral, when half of all teams are joined), never, or, once the management team is "
        "shared: harmonised up, cost-neutral, a new reward scheme, negotiated down, carried over protected, or by "
        "dismissal and re-engagement",
        "D-TERMS",
        "at the start",
    )
    union_partnership: float = share(0.5, "How closely the unions are worked with", "D-TERMS")
    seconded_officer: bool = yes_or_no(
        False, "Whether a full-time union officer is seconded to the programme", "D-TERMS"
    )

    @property
    def timing(self) -> Timing:
        """Time at which harmonising of terms begins, in the form that the plan uses."""
        if self.approach == "never":
            return "never"
        return "late" if self.approach == "later" else "early"

    def partnership(self, officer_adds: float) -> float:
        """Closeness of work with the unions, including a seconded officer (M-ST6)."""
        return min(1.0, self.union_partnership + self.seconded_officer * officer_adds)


class Employment(Carrier):
    """Agent that negotiates terms; the strain may lead to a dispute."""

    levers = (TermsLevers,)

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(meeting)
        self.states.fact(self, strain=0.0, in_dispute=0.0, negotiating=0.0, dispute_grows=0.0)
        self.occasion = [1] * len(meeting.worlds)
        self.states.fact(self, dispute_at=meeting.draw(_threshold, 1))
        meeting.listeners["disputes"] = self.asked
        self.carry({TERMS: self.settle_terms})

    def prepare(self, lever: Any, e: Any) -> None:
        """Compute the fading of strain and its rate of disputes."""
        pulse = self.states.pulse
        self.fades = mechanisms.share_kept(pulse, STRAIN_FADES_MONTHS)
        self.rate = each(mechanisms.rate_of_pulse, e.terms.dispute, pulse)

    def begin(self, world: World) -> None:
        """Start the process for terms, which waits for its release."""
        super().begin(world)
        self.decided(world)

    def decided(self, world: World) -> None:
        """Pay for a seconded union officer."""
        seconded = world.current(TermsLevers).seconded_officer and bool(world.packages)
        if world.status != "dissolved":
            yearly = world.e("terms.seconded_officer") * seconded
            world.ledger.keep_paying(world.env.now, RUNNING_COST, "seconded union officer", yearly)

    def refresh(self, now: float, old: Any, lever: Any, e: Any, new: Any) -> None:
        """Strain rises at once with the talks and fades slowly. With little trust it may cause a dispute."""
        settled = self.formula.terms_strain(old.strain, self.fades, old.negotiating)
        new.strain = strain = each(greater, settled, old.in_dispute)
        added = self.formula.dispute_hazard(self.rate, strain, old.trust_unions)
        new.dispute_grows = grown = self.formula.hazard_so_far(old.dispute_grows, added, 1.0 - old.in_dispute)
        self.asked.update(where(grown >= old.dispute_at))

    def act(self, world: World, now: float) -> None:
        """Start a dispute, because strain reached its threshold or another event called one."""
        if world.fact("in_dispute"):
            if world.disputes.items:
                self.asked.add(world.place)
            return
        called = world.disputes.take()
        world.env.process(self.dispute(world, called[0] if called else "terms"))

    def settle_terms(self, world: World, package: Package) -> Process:
        """Negotiate with HR's help, decide and move all staff to new terms. Strain lasts as long as the talks."""
        e, levers = world.e, world.current(TermsLevers)
        content = "cost_neutral" if levers.approach == "later" else levers.approach
        forced = content == "dismiss_reengage"
        if forced and not (yield from self.members_carry(world, package)):
            content, forced = "cost_neutral", False
        close = 0.0 if forced else levers.partnership(e("terms.officer_adds"))
        strain = mechanisms.talks_strain(e(f"terms.{content}_strain"), e("terms.union_absorbs"), close)
        self.put(world, "negotiating", strain)
        try:
            months = e("time.terms") * self.luck_of(world, "negotiation", package)
            months *= 0.2 if content == "protected_transfer" else 1.0 + e("terms.strain_slows") * strain
            yield from self.with_hr(world, package, "job evaluation", e("terms.hr_months"), 0.0, e("terms.weight"))
            yield from self.stage(world, "negotiation", package, world.managers_work, months, e("terms.weight"))
            yield from self.decision(world, package, e("members.depth_joint"))
        finally:
            self.put(world, "negotiating", 0.0)
        self.move_over(world, content)
        if forced:
            for c in world.councils:
                world.tell("losses", c, e("terms.dismiss_reengage_hurts"))

    def members_carry(self, world: World, package: Package) -> Generator[simpy.Event, Any, bool]:
        """Every council's members must carry dismissal; refused on principle in most, it was asked for all the same."""
        e = world.e
        self.put(world, "negotiating", e("terms.dismiss_reengage_strain") / 2.0)
        yield world.env.timeout(e("time.committee_cycle"))
        chances = [
            mechanisms.vote_chance(
                mechanisms.support_for_dismissal(
                    *(world.fact("buy_in_leaders", c), world.fact("buy_in_backbench", c)),
                    e("terms.dismiss_reengage_refused"),
                ),
                *(e("members.vote_line"), e("members.vote_spread")),
            )
            for c in world.councils
            if world.inside[c]
        ]
        carried = all(
            world.happens(chance, "dismissal and re-engagement", name)
            for chance, name in zip(chances, world.names, strict=False)
        )
        world.record(package.name, "dismissal carried" if carried else "dismissal refused", "members")
        return carried

    def move_over(self, world: World, content: str) -> None:
        """New terms for all staff, with their yearly cost or saving and one-off cost."""
        e, now = world.e, world.env.now
        bill = world.headcount() * e("money.officer_post")
        if content in ("harmonise_up", "cost_neutral"):
            world.ledger.stream(RUNNING_COST, "terms").ramp(now, 6.0, -bill * e(f"terms.{content}_cost"))
        elif content != "protected_transfer":
            world.ledger.stream(SAVING, "terms").ramp(now, 6.0, bill * e(f"terms.{content}_saves"))
        if content != "protected_transfer":
            world.ledger.pay(now, ONE_OFF, "terms: set-up", bill * e("terms.one_off"))
            world.tell("in_place", "terms")

    def dispute(self, world: World, cause: str) -> Process:
        """Work to rule until the dispute is settled."""
        self.put(world, "in_dispute", 1.0)
        self.put(world, "strain", 1.0)
        self.put(world, "dispute_grows", 0.0)
        world.record("partnership", "dispute begins", cause)
        occasion = self.occasion[world.place]
        spread = world.luck.lognormal(world.e("time.spread"), "dispute lasts", "partnership", occasion)
        yield world.env.timeout(world.e("terms.dispute_months") * spread)
        self.put(world, "in_dispute", 0.0)
        self.occasion[world.place] = occasion + 1
        self.put(world, "dispute_at", _threshold(world, occasion + 1))
        world.record("partnership", "dispute ends", "settled")


def _threshold(world: World, occasion: int) -> float:
    """Threshold that the accumulated hazard must reach for the next dispute."""
    return world.luck.threshold("dispute", "partnership", occasion)
