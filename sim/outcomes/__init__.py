"""Outcomes: numbers computed from a finished history, each with unit, better-direction and meaning."""

from sim.outcomes import delivery, members, money, people, rounds
from sim.outcomes.declared import (
    DECIDING,
    OUTCOMES,
    Better,
    Finished,
    Outcome,
    Value,
    outcome_entries,
    read_by_outcomes,
    row,
)

__all__ = [
    "DECIDING", "OUTCOMES", "Better", "Finished", "Outcome", "Value", "delivery", "members", "money", "outcome_entries",
    "people", "read_by_outcomes", "rounds", "row",
]  # fmt: skip
