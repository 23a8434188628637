"""Limits of the model for its users, and how the model was assured."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.words.documents.logs import assumptions_log

if TYPE_CHECKING:
    from sim.engine.settings import Settings

LIMITS = (
    "It forecasts no council's budget. It compares plans under stated assumptions: read differences and ranges.",
    "All ranges show luck alone. What is not known of the evidence would widen every one of them.",
    "It knows councils by size, spending, politics and distance, not the people who lead them.",
    "It is silent on what residents notice, what the law requires and what national reorganisation would undo.",
    "What goes with a result does not prove its cause, and the model itself may be wrong.",
)
"""Limits that apply to every study."""

USES = (
    "Right use: comparing the order, the pace and the capacity of plans; finding what could go wrong; preparing "
    "questions for officers and members.",
    "Wrong use: setting a budget, promising a saving, judging a person, or standing in for a business case.",
)
"""Permitted uses of a result, stated as the Aqua Book requires."""


def grades(settings: Settings) -> Counter[str]:
    """Number of evidence quantities of these settings, by grade of evidence."""
    return Counter(str(row["grade"]) for row in assumptions_log(settings))


def rests_on(settings: Settings) -> str:
    """Clause on the evidence behind the figures: "of 392 quantities 195 are assumptions …"."""
    found = grades(settings)
    total, assumed, counted = sum(found.values()), found["assumption"], found["A"]
    return (
        f"of {total:,} quantities behind it, {assumed:,} are assumptions for which no source "
        f"gives a value, and for {counted:,} a source counted the size"
    )
