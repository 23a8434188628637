"""What people weigh when they choose between plans: five concerns, and the outcomes that stand for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sim.analysis.estimates import DOWN, IDENTICAL, UP
from sim.engine.outcomes import DECIDING, OUTCOMES

BETTER, WORSE, MIXED, TIED, SAME = "better", "worse", "mixed", "tied", "same"
MONEY = ("£m", "£m a year")
"""Units of money, which partnerships of other sizes can only share as a part of what they spend."""
SCALE_FREE = (*MONEY, "flag", "share")
"""Units that still compare between partnerships of other sizes, money as shares of service expenditure."""


class Concern(NamedTuple):
    """One concern, and the outcomes that stand for it, the leading one first."""

    name: str
    outcomes: tuple[str, ...]


CONCERNS = (
    Concern(
        "Savings",
        (
            DECIDING,
            "recurrent_saving_y5_gbp_m",
            "recurrent_saving_y3_gbp_m",
            "recurrent_saving_y1_gbp_m",
            "setup_cost_gbp_m",
        ),
    ),
    Concern("People", ("peak_fatigue", "redundancies", "job_losses_highest", "engagement_lowest")),
    Concern("Members", ("min_buy_in_backbench", "votes_lost", "min_buy_in_leaders")),
    Concern("Service", ("service_quality_end", "service_quality_lowest")),
    Concern("Survival", ("dissolved", "stalled")),
)
"""The trade-off view: of each concern the first two outcomes that every plan has."""
BEHIND = 2
"""Outcomes that stand behind one concern."""


def weighed(known: Collection[str], asked: Sequence[str] = ()) -> tuple[Concern, ...]:
    """The concerns that these outcomes can tell of; outcomes that were asked for are each a concern of their own."""
    if asked:
        return tuple(Concern("", (name,)) for name in asked if name in known)
    found = (Concern(each.name, tuple(n for n in each.outcomes if n in known)[:BEHIND]) for each in CONCERNS)
    return tuple(concern for concern in found if concern.outcomes)


def mark(verdicts: Sequence[str]) -> str:
    """One word for a concern: better or worse on some outcome and on none the other way, else mixed or tied."""
    up, down = bool(UP & set(verdicts)), bool(DOWN & set(verdicts))
    if up and down:
        return MIXED
    if up or down:
        return BETTER if up else WORSE
    return SAME if verdicts and all(word == IDENTICAL for word in verdicts) else TIED


def unit_of(outcome: str, in_shares: bool) -> str:
    """The unit of an outcome, money as a share of a year's service expenditure where that is asked for."""
    unit = OUTCOMES[outcome].unit
    return "share of expenditure" if in_shares and unit in MONEY else unit
