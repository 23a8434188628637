"""Concerns in the choice between plans: five of them, with the outcomes for each."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sim.analysis.estimates import DOWN, IDENTICAL, UP
from sim.engine.outcomes import DECIDING, OUTCOMES

BETTER, WORSE, MIXED, TIED, SAME = "better", "worse", "mixed", "tied", "same"
MONEY = ("£m", "£m a year")
"""Money units, comparable across partnerships of different size only as shares of spending."""
SCALE_FREE = (*MONEY, "flag", "share")
"""Units comparable across partnerships of different size; money as shares of service expenditure."""


class Concern(NamedTuple):
    """One concern and its outcomes, the leading one first."""

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
"""Concerns of the trade-off view; each shows its first two outcomes that every plan has."""
BEHIND = 2
"""Maximum number of outcomes behind one concern."""


def weighed(known: Collection[str], asked: Sequence[str] = ()) -> tuple[Concern, ...]:
    """Concerns covered by the given outcomes; outcomes asked for by name are a concern each."""
    if asked:
        return tuple(Concern("", (name,)) for name in asked if name in known)
    found = (Concern(each.name, tuple(n for n in each.outcomes if n in known)[:BEHIND]) for each in CONCERNS)
    return tuple(concern for concern in found if concern.outcomes)


def mark(verdicts: Sequence[str]) -> str:
    """Word for a concern: better or worse on some outcome and never the reverse, else mixed or tied."""
    up, down = bool(UP & set(verdicts)), bool(DOWN & set(verdicts))
    if up and down:
        return MIXED
    if up or down:
        return BETTER if up else WORSE
    return SAME if verdicts and all(word == IDENTICAL for word in verdicts) else TIED


def unit_of(outcome: str, in_shares: bool) -> str:
    """Unit of an outcome, or for money a share of annual service expenditure on request."""
    unit = OUTCOMES[outcome].unit
    return "share of expenditure" if in_shares and unit in MONEY else unit
