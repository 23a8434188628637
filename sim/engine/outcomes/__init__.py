"""Outcomes: numbers computed from a finished history, each with unit, better-direction and meaning."""

from sim.engine.outcomes import alone_outcomes, delivery_outcomes, member_outcomes, money_outcomes, people_outcomes
from sim.engine.outcomes.declared import DECIDING, OUTCOMES, Finished, outcome_entries, read_by_outcomes, row

__all__ = [
    "DECIDING",
    "OUTCOMES",
    "Finished",
    "alone_outcomes",
    "delivery_outcomes",
    "member_outcomes",
    "money_outcomes",
    "outcome_entries",
    "people_outcomes",
    "read_by_outcomes",
    "row",
]
