"""When to look again: months at which a plan can be held against what was foreseen, and what should be seen."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.words.summary.study_view import Plan, View, at_month

MONTHS = (6, 12, 18)
"""Early enough to act: two half-yearly reports and the one after."""
WATCHED = {
    "recurrent_saving_gbp_m": "saving in force, £m a year",
    "fatigue": "fatigue, out of 100",
    "buy_in_backbench": "back benchers' buy-in, out of 100",
    "engagement": "engagement, out of 100",
}
"""What a partnership can measure itself, by the series that foretells it."""
REVIEW_MONTHS = 12
"""A brief is out of date a year after its study: budgets, controls and the evidence have moved by then."""


@dataclass(frozen=True)
class Sign:
    """What should be seen of one measure at one month under a plan: the middle and nine histories in ten."""

    month: int
    what: str
    range: Estimate


def signs(view: View, plan: Plan) -> list[Sign]:
    """What to measure at each of MONTHS, with the range foreseen; empty without monthly figures."""
    found = []
    for series, what in WATCHED.items():
        table = view.trajectory(plan, series)
        if table is None:
            continue
        scale = 1.0 if series.endswith("gbp_m") else 100.0
        for month in (month for month in MONTHS if month <= view.horizon and month in table.index):
            level = at_month(table, month)
            found.append(Sign(month, what, level.times(scale)))
    return sorted(found, key=lambda sign: sign.month)


def review_by(created: str) -> str:
    """The date by which a study made then should be looked at again: "November 2027"; empty where it is not known."""
    year, _, rest = created.partition("-")
    month = rest.partition("-")[0]
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return ""
    later = int(year) * 12 + int(month) - 1 + REVIEW_MONTHS
    return f"{words.month_of_year(later % 12 + 1)} {later // 12}"


def occasions(view: View) -> str:
    """When the world itself may change the answer: the elections of the first years."""
    first = [month for month in view.elections if month <= 60][:3]
    if not first:
        return ""
    named = words.listed(words.month_name(month, view.clock) for month in first)
    return f"look again after the elections of {named}, which may change who leads"
