"""Small programmes without randomness, whose every date and pound can be worked out by hand."""

from itertools import combinations
from typing import Any

from sim.core.history import History
from sim.core.inputs.partnership import Partnership, Service
from sim.core.inputs.quantity import Quantity
from sim.engine import run
from sim.engine.settings import Settings
from sim.plans.compose import compose, mechanism_defaults

EVERYTHING_OFF = [f"mechanisms.{name}=off" for name in mechanism_defaults()]
CORE_ALONE = [
    "levers.enablers.joint_ict=never",
    "levers.enablers.hr_payroll=never",
    "levers.enablers.accommodation=never",
    "levers.terms.approach=never",
    "levers.governance.agreement=0",
]
"""So that the plan holds tiers, teams and redesigns only, and nothing is paid before it begins."""
ROUND_NUMBERS = [
    "evidence.od.capability_start.value=0.5",
    "evidence.hr.months_per_review.value=3",
    "evidence.time.implementation.value=5",
    "evidence.time.bedding_in.value=6",
    "evidence.money.joint_teams_saving.value=0.03",
    "evidence.money.corporate_multiple.value=2.5",
    "evidence.money.transformation_saving.value=0.04",
    "evidence.od.capability_per_redesign.value=0",
    "evidence.od.starved_by_overload.value=0",
    "evidence.od.taught_by_joining.value=0",
    "evidence.hr.months_per_matching.value=0.5",
    "evidence.time.principle.value=1.5",
    "evidence.time.consultation_few.value=1",
    "levers.staff.involvement=0",
    "evidence.staffing.redundancy_years.value=0.5",
    "evidence.staffing.strain_years.value=1",
    "evidence.staffing.older.value=0.2",
    "evidence.staffing.older_managers.value=0.4",
    "levers.structure.management_posts_cut=0.5",
]
"""So that HR and OD officers work at full speed, and half of all management posts go."""


SIZES = {
    "Eastham": (200, 20.0),
    "Westley": (200, 30.0),
    "Norbury": (590, 41.7),
    "Sedgeby": (410, 27.3),
    "Southam": (257, 20.0),
    "Middleton": (200, 50.0),
}
"""Staff, and £m spent on services a year."""


def councils(*names: str) -> Partnership:
    """The given councils, each two a pair."""
    common: dict[str, Any] = {
        "control": "labour",
        "setting": "urban",
        "elections": "whole",
        "next_election_year": 2099,
        "budget_gap_share": 0.1,
    }
    told = [
        {
            "name": name,
            "full_name": f"{name} Council",
            "headcount": SIZES[name][0],
            "service_expenditure_gbp_m": SIZES[name][1],
            **common,
        }
        for name in names
    ]
    between = {"distance_miles": 5, "prior_joint_working": 0.0, "culture_gap": 0.2}
    pairs = [{"between": [a, b], **between} for a, b in combinations(names, 2)]
    content = {"name": "Test", "start_year": 2010, "start_month": 1, "councils": told, "pairs": pairs}
    return Partnership.model_validate(content)


def partnership() -> Partnership:
    """Two councils of 200 staff each, £20m and £30m of services.

    Each has 2 directors and 4 heads of service; HR is 4 officers, of whom 1 is free for change.
    """
    return councils("Eastham", "Westley")


def services(*names: str) -> dict[str, Service]:
    """Customer-facing services of equal size."""
    return {name: Service(title=name.title(), kind="customer", staff_weight=1.0, spend_weight=1.0) for name in names}


def programme(*overrides: str, names: tuple[str, ...] = ("planning",), luck: bool = False) -> Settings:
    """Settings of a small programme with all feedback off, and all randomness too unless luck is asked for."""
    off = [each for each in EVERYTHING_OFF if not (luck and each == "mechanisms.luck=off")]
    composed = compose([*off, *CORE_ALONE, *ROUND_NUMBERS, *overrides]).settings
    return composed.replaced(partnership=partnership(), services=services(*names))


def finish_months(history: History) -> dict[str, float]:
    """Month in which each package finished."""
    return {event.entity: event.month for event in history.events if event.kind == "package finished"}


def net_pence(history: History) -> int:
    """Everything saved less everything spent, in pence."""
    return sum(sum(by_month.values()) for by_month in history.money.values())


def pence_by_cause(history: History) -> dict[str, int]:
    """What each cause saved or cost over the history, in pence; causes that did neither are left out."""
    found: dict[str, int] = {}
    for line in history.ledger():
        found[line.cause] = found.get(line.cause, 0) + sum(line.pence)
    return {cause: pence for cause, pence in found.items() if pence}


def played(settings: Settings) -> History:
    """The one history such a programme has."""
    return run(settings, 0)


def with_evidence(settings: Settings, values: dict[str, float], **parts: Any) -> Settings:
    """Settings with other values of evidence ('topic.quantity'), also beyond the range explored, and other parts."""
    topics = {topic: dict(group) for topic, group in settings.evidence.items()}
    for key, value in values.items():
        topic, name = key.split(".")
        told = topics[topic][name].model_dump() | {"value": value}
        told |= {"low": min(told["low"], value), "high": max(told["high"], value)}
        topics[topic][name] = Quantity(**told)
    return settings.replaced(evidence=topics, **parts)
