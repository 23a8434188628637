"""Defaults for facts a table leaves out, each with a reason that goes into the partnership's file."""

from collections.abc import Callable
from typing import Any

MAY = 5
_CYCLES: dict[str, tuple[Callable[[int], bool], str]] = {
    "whole": (lambda year: year % 4 == 3, "the next of the usual whole-council elections (…, 2023, 2027)"),
    "halves": (lambda year: year % 2 == 0, "the next May in an even year, as is usual where halves are elected"),
    "thirds": (lambda year: year % 4 != 1, "the next May without county elections (…, 2021, 2025)"),
}

FIXED: dict[str, tuple[Any, str]] = {
    "control": ("no_overall_control", "no party is named"),
    "setting": ("rural", "16 of the 23 councils of the built-in partnerships are"),
    "elections": ("whole", "the whole council every four years is the commonest pattern of districts"),
    "budget_gap_share": (0.1, "a tenth of service expenditure over four years, as in the built-in partnerships"),
    "earlier_cuts_share": (0, "nothing cut alone before, as in the built-in partnerships"),
    "distance_miles": (16, "the middle of the distances in the built-in partnerships"),
    "prior_joint_working": (0.2, "as between neighbours in the built-in partnerships"),
}
"""Defaults that depend on nothing else: value and reason."""

CULTURE_GAP = "0.2 for any two councils, 0.1 more where control differs and 0.1 more where one is urban and one rural"


def election_year(elections: str, year: int, month: int) -> tuple[int, str]:
    """Default year of the first ordinary election after a start, with its reason."""
    due, reason = _CYCLES[elections]
    first = year if month < MAY else year + 1
    return next(candidate for candidate in range(first, first + 5) if due(candidate)), reason


def culture_gap(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Default culture gap between two councils, by the rule of the built-in partnerships."""
    unlike = [field for field in ("control", "setting") if one[field] != other[field]]
    return round(0.2 + 0.1 * len(unlike), 1)
