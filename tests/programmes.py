"""Small programmes without randomness, whose every date and pound can be worked out by hand."""

from typing import Any

from sim.engine import run
from sim.history import History
from sim.partnership import Partnership, Service
from sim.settings import Settings, compose, mechanism_defaults

EVERYTHING_OFF = [f"mechanisms.{name}=off" for name in mechanism_defaults()]
ROUND_NUMBERS = [
    "evidence.od.capability_start.value=0.5",
    "evidence.od.capability_per_redesign.value=0",
    "evidence.od.starved_by_overload.value=0",
    "levers.staff.involvement=0",
    "levers.structure.management_posts_cut=0.5",
]
"""So that HR and OD officers work at full speed, and half of all management posts go."""


def partnership() -> Partnership:
    """Two councils of 200 staff each, £20m and £30m of services, no election within a lifetime.

    Each has 2 directors and 4 heads of service; HR is 4 officers, of whom 1 is free for change.
    """
    common: dict[str, Any] = {
        "headcount": 200,
        "control": "labour",
        "setting": "urban",
        "elections": "whole",
        "next_election_year": 2099,
        "budget_gap_share": 0.1,
    }
    councils = [
        {"name": "Eastham", "full_name": "Eastham Borough Council", "service_expenditure_gbp_m": 20.0, **common},
        {"name": "Westley", "full_name": "Westley District Council", "service_expenditure_gbp_m": 30.0, **common},
    ]
    pair = {"between": ["Eastham", "Westley"], "distance_miles": 5, "prior_joint_working": 0.0, "culture_gap": 0.2}
    content = {"name": "Test", "start_year": 2010, "start_month": 1, "councils": councils, "pairs": [pair]}
    return Partnership.model_validate(content)


def services(*names: str) -> dict[str, Service]:
    """Customer-facing services of equal size."""
    return {name: Service(title=name.title(), kind="customer", staff_weight=1.0, spend_weight=1.0) for name in names}


def programme(*overrides: str, names: tuple[str, ...] = ("planning",)) -> Settings:
    """Settings of a small programme with all randomness and feedback off."""
    composed = compose([*EVERYTHING_OFF, *ROUND_NUMBERS, *overrides]).settings
    return composed.replaced(partnership=partnership(), services=services(*names))


def finish_months(history: History) -> dict[str, float]:
    """Month in which each package finished."""
    return {event.entity: event.month for event in history.events if event.kind == "package finished"}


def net_pence(history: History) -> int:
    """Everything saved less everything spent, in pence."""
    return sum(sum(by_month.values()) for by_month in history.money.values())


def played(settings: Settings) -> History:
    """The one history such a programme has."""
    return run(settings, 0)
