"""Review dates: months at which actual results can be compared with the forecast ranges."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.words.summary.study_view import Plan, View, at_month

MONTHS = (6, 12, 18)
"""Review months, early enough to act: the first two half-yearly reports and the one after."""
WATCHED = {
    "recurrent_saving_gbp_m": "saving in force, £m a year",
    "fatigue": "fatigue, out of 100",
    "buy_in_backbench": "back benchers' buy-in, out of 100",
    "engagement": "engagement, out of 100",
}
"""Leading indicators that a partnership can measure itself, by their series in the model."""
REVIEW_MONTHS = 12
"""Months after which a brief is out of date, since budgets, controls and evidence will have changed."""


@dataclass(frozen=True)
class Sign:
    """Expected value of one measure at one month under a plan: median and nine-in-ten range."""

    month: int
    what: str
    range: Estimate


def signs(view: View, plan: Plan) -> list[Sign]:
    """Measures to check at each of MONTHS, with their forecast ranges; empty without monthly figures."""
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
    """Date by which a study made on the given date should be reviewed: "November 2027"; "" if unknown."""
    year, _, rest = created.partition("-")
    month = rest.partition("-")[0]
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return ""
    later = int(year) * 12 + int(month) - 1 + REVIEW_MONTHS
    return f"{words.month_of_year(later % 12 + 1)} {later // 12}"


def occasions(view: View) -> str:
    """Clause naming the elections of the first five years as further occasions for review."""
    first = [month for month in view.elections if month <= 60][:3]
    if not first:
        return ""
    named = words.listed(words.month_name(month, view.clock) for month in first)
    return f"look again after the elections of {named}, which may change who leads"
