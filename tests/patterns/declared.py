"""The patterns that the sources lead one to expect, each declared before it is run.

A pattern compares arms (sets of overrides) on the same luck. `effect` turns the outcomes of one replication in
every arm into a number whose mean must exceed `material`, so that its lower 95% bound does too. Marks: claimed,
warned, hypothesis, outside (docs/evidence.md). `mechanism` is the switch that must shrink the effect.
"""

from collections.abc import Callable
from dataclasses import dataclass

Row = dict[str, float]
Effect = Callable[..., float]

STRUCTURE = ("scenario=structure_first",)
TRANSFORM = ("scenario=transform_first",)
THIN_HR = ("evidence.hr.free_for_change.value=0.15", "evidence.od.posts_in_place.value=0")
MORE_HR = ("levers.hr.hr_posts=3", "levers.hr.od_posts=2")
FAST = ("levers.pace.packages_at_once=16", "levers.pace.months_between_waves=0")
SLOW = ("levers.pace.packages_at_once=1", "levers.pace.months_between_waves=9")
SMALL = (*STRUCTURE, "levers.sequence.extent=corporate_services")
IN_SEQUENCE = (*SMALL, "levers.pace.packages_at_once=1", "levers.pace.months_between_waves=0")
ALL_AT_ONCE = (*SMALL, *FAST)


@dataclass(frozen=True)
class Pattern:
    """One pattern: what is compared, the material size in the unit of the effect, and the mechanism it hangs on."""

    id: str
    mark: str
    says: str
    arms: tuple[tuple[str, ...], ...]
    effect: Effect
    material: float
    mechanism: str | None = None
    within: bool = False

    @property
    def name(self) -> str:
        """Id and sentence, for a test's name."""
        return f"{self.id} {self.says}"


def first_minus_second(outcome: str, sign: float = 1.0) -> Effect:
    """Difference of one outcome between the first and the second arm."""

    def effect(first: Row, second: Row) -> float:
        return sign * (first[outcome] - second[outcome])

    return effect


def held_in_each(test: Callable[[Row], bool]) -> Effect:
    """One where the test holds in a history, nought where it does not."""
    return lambda row: float(test(row))


def rework_falls(row: Row) -> float:
    """Mean share found wrong in the first third of packages less that in the last third."""
    return row["rework_first_third"] - row["rework_last_third"]


PATTERNS = (
    Pattern(
        "P-1", "claimed", "structure-first shows its first savings earlier",
        (STRUCTURE, TRANSFORM), first_minus_second("recurrent_saving_y3_gbp_m"), 0.1,
    ),
    Pattern(
        "P-2", "hypothesis", "structure-first wins somewhere in the plausible range",
        (STRUCTURE, TRANSFORM), first_minus_second("npv_gbp_m"), 0.5,
    ),
    Pattern(
        "P-2", "hypothesis", "transform-first wins somewhere else in the plausible range",
        (
            (*TRANSFORM, "evidence.money.transformation_saving.value=0.07", "levers.hr.od_posts=2"),
            (*STRUCTURE, "evidence.money.transformation_saving.value=0.07", "levers.hr.od_posts=2"),
        ),
        first_minus_second("npv_gbp_m"), 0.5,
    ),
    Pattern(
        "P-3", "warned", "structure-first with thin HR passes the fatigue line before most services are transformed",
        ((*STRUCTURE, *THIN_HR),), held_in_each(lambda r: r["fatigue_over_before_transformed"] == 1.0), 0.25, "fatigue",
        within=True,
    ),
    Pattern(
        "P-3", "warned", "thin HR keeps fatigue over its line for longer than ample HR",
        ((*STRUCTURE, *THIN_HR), (*STRUCTURE, *MORE_HR)), first_minus_second("months_fatigue_over_line"), 2.0,
        "fatigue",
    ),
    Pattern(
        "P-4", "warned", "cutting managers harder raises early savings",
        (
            (*STRUCTURE, "levers.structure.management_posts_cut=0.6"),
            (*STRUCTURE, "levers.structure.management_posts_cut=0.2"),
        ),
        first_minus_second("recurrent_saving_y3_gbp_m"), 0.2,
    ),
    Pattern(
        "P-4", "warned", "cutting managers harder lowers the number of services transformed",
        (
            (*STRUCTURE, "levers.structure.management_posts_cut=0.2"),
            (*STRUCTURE, "levers.structure.management_posts_cut=0.6"),
        ),
        first_minus_second("services_transformed"), 1.0, "load",
    ),
    Pattern(
        "P-5", "warned", "a pace that is too fast costs money",
        (STRUCTURE, (*STRUCTURE, *FAST)), first_minus_second("npv_gbp_m"), 0.5, "load",
    ),
    Pattern(
        "P-5", "warned", "a pace that is too fast means more rework",
        ((*STRUCTURE, *FAST), STRUCTURE), first_minus_second("rework_share"), 0.1, "load",
    ),
    Pattern(
        "P-5", "warned", "a pace that is too fast brings backlash",
        ((*STRUCTURE, *FAST), STRUCTURE), first_minus_second("backlash"), 0.05,
    ),
    Pattern(
        "P-5", "warned", "a pace that is too slow costs money",
        (STRUCTURE, (*STRUCTURE, *SLOW)), first_minus_second("npv_gbp_m"), 0.5,
    ),
    Pattern(
        "P-5", "warned", "a pace that is too slow prolongs uncertainty",
        ((*STRUCTURE, *SLOW), STRUCTURE), first_minus_second("uncertainty_exposure"), 1000.0, "uncertainty",
    ),
    Pattern(
        "P-5", "warned", "more HR capacity moves the fast edge outward",
        ((*STRUCTURE, *FAST, "levers.hr.hr_posts=6"), (*STRUCTURE, *FAST)),
        first_minus_second("services_integrated"), 0.5,
    ),
    Pattern(
        "P-10", "claimed", "involving leaders only loses later votes",
        (
            (*STRUCTURE, "levers.members.leader_engagement=0.9", "levers.members.backbench_engagement=0.0"),
            (*STRUCTURE, "levers.members.leader_engagement=0.9", "levers.members.backbench_engagement=0.6"),
        ),
        first_minus_second("votes_lost_later"), 2.0, "buy_in",
    ),
    Pattern(
        "P-10", "claimed", "involving leaders only keeps early votes",
        ((*STRUCTURE, "levers.members.leader_engagement=0.9", "levers.members.backbench_engagement=0.0"),),
        lambda row: row["early_votes_won"], 0.9,
    ),
    Pattern(
        "P-16", "claimed", "sharing only a chief executive saves little",
        (STRUCTURE, (*STRUCTURE, "levers.sequence.extent=chief_executive")),
        lambda full, alone: 0.25 * full["recurrent_saving_y10_gbp_m"] - alone["recurrent_saving_y10_gbp_m"], 0.1,
    ),
    Pattern(
        "P-22", "claimed", "reviews in sequence use less peak capacity than all at once",
        (ALL_AT_ONCE, IN_SEQUENCE), first_minus_second("peak_load"), 0.3,
    ),
    Pattern(
        "P-22", "claimed", "rework falls when reviews go in sequence",
        ((*STRUCTURE, "levers.pace.packages_at_once=2"),), rework_falls, 0.01, "learning",
    ),
    Pattern(
        "P-22", "claimed", "all at once means more rework than in sequence",
        (ALL_AT_ONCE, IN_SEQUENCE), first_minus_second("rework_share"), 0.03,
    ),
    Pattern(
        "P-23", "claimed", "engagement at year three is above its start in more than half of histories",
        (STRUCTURE,), held_in_each(lambda r: r["engagement_change_y3"] > 0.0), 0.5, "engagement", within=True,
    ),
    Pattern(
        "P-23", "claimed", "union relations improve in more than half of histories",
        (STRUCTURE,), held_in_each(lambda r: r["union_relations_change_y3"] > 0.0), 0.5, "trust", within=True,
    ),
)  # fmt: skip
"""All patterns due so far."""

ELECTIONS_WIDEN = (
    (*STRUCTURE, "levers.members.leader_engagement=0.9", "levers.members.backbench_engagement=0.0"),
    (*STRUCTURE, "levers.members.leader_engagement=0.9", "levers.members.backbench_engagement=0.6"),
)
"""P-10's arms, run with and without elections."""

PLATEAU = tuple((*STRUCTURE, f"levers.pace.packages_at_once={n}") for n in (3, 4, 5))
"""Paces between too fast and too slow: a broad plateau, not a sharp best pace (P-5)."""
