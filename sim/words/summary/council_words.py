"""Who pays, who saves and when, council by council: what a section 151 officer asks of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

from sim.analysis.compare.council_money import IN_CREDIT, in_credit_from
from sim.core import words
from sim.words.summary.study_view import Plan, Range, View, at_month

SAVING, NET = "recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m"


@dataclass(frozen=True)
class Share:
    """What one plan means for one council, over histories.

    `deepest` is the lowest net balance of the middle history in £m and `deepest_month` its month; `paid` the month
    from which the balance stays positive (infinity for never); `saving` is £m a year and `net` £m in all, at the end.
    """

    plan: Plan
    council: str
    deepest: Range
    deepest_month: int
    paid: Range
    saving: Range
    net: Range


def shares(view: View) -> list[Share]:
    """Every plan's meaning for every council; empty where the study kept no monthly figures by council."""
    found = [_share(view, plan, council.name) for plan in view.plans for council in view.partnership.councils]
    return [share for share in found if share is not None]


def _share(view: View, plan: Plan, council: str) -> Share | None:
    saving, net = (view.trajectory(plan, f"{series}: {council}") for series in (SAVING, NET))
    if saving is None or net is None:
        return None
    bottom = int(net.index[int(net["p50"].to_numpy(dtype=float).argmin())])
    months = net.index.to_numpy()
    paid = Range(*(in_credit_from(net[column].to_numpy(dtype=float), months) for column in ("p95", "p50", "p05")))
    last = int(net.index[-1])
    return Share(plan, council, at_month(net, bottom), bottom, paid, at_month(saving, last), at_month(net, last))


def in_words(view: View, told: Sequence[Share]) -> str:
    """Who pays most before anything comes back, and who gains most, under the plan of the first share."""
    mine = [share for share in told if share.plan == told[0].plan]
    if len(mine) < 2:
        return ""
    first, last = min(mine, key=lambda share: share.deepest.middle), max(mine, key=lambda share: share.net.middle)
    low = first.deepest
    paying = (
        f"{first.council} is deepest in debt, by {_ranged(-low.middle, -low.high, -low.low)}"
        if first.deepest.middle < -IN_CREDIT * 10
        else "no council falls into debt worth naming in the middle history"
    )
    gaining = f"{last.council} gains most in all, {_ranged(last.net.middle, last.net.low, last.net.high)}"
    return f"under {told[0].plan.mid}, {paying}; {gaining}"


def _ranged(middle: float, low: float, high: float) -> str:
    return words.bracketed(words.money(middle), words.decimal(low), words.decimal(high), alike=words.NEARLY_ALL)


def paid_in_words(found: Range) -> str:
    """When a balance stays in credit: "year 3 (2 to never)"."""
    first, middle, last = (
        "never" if isinf(month) else str(words.year_in_force(month)) for month in (found.low, found.middle, found.high)
    )
    if first == middle == last == "never":
        return "never (in nine histories of ten)"
    return words.bracketed(f"{'' if middle == 'never' else 'year '}{middle}", first, last)
