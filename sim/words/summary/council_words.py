"""Money by council: costs, savings and their dates, as a section 151 officer needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

from sim.analysis.compare.council_money import IN_CREDIT, in_credit_from
from sim.analysis.estimates import NINE_IN_TEN, Estimate
from sim.core import words
from sim.words.summary.study_view import Plan, View, at_month
from sim.words.verdict_words import ranged

SAVING, NET = "recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m"


@dataclass(frozen=True)
class CouncilShare:
    """Money that one plan means for one council, over histories.

    `deepest` is the lowest net balance of the middle history in £m and `deepest_month` its month; `paid` the month
    from which the balance stays positive (infinity for never); `saving` is £m a year and `net` £m in all, at the end.
    """

    plan: Plan
    council: str
    deepest: Estimate
    deepest_month: int
    paid: Estimate
    saving: Estimate
    net: Estimate


def shares(view: View) -> list[CouncilShare]:
    """Shares of every plan and council; empty if the study kept no monthly figures by council."""
    found = [_share(view, plan, council.name) for plan in view.plans for council in view.partnership.councils]
    return [share for share in found if share is not None]


def _share(view: View, plan: Plan, council: str) -> CouncilShare | None:
    saving, net = (view.trajectory(plan, f"{series}: {council}") for series in (SAVING, NET))
    if saving is None or net is None:
        return None
    bottom = int(net.index[int(net["p50"].to_numpy(dtype=float).argmin())])
    months = net.index.to_numpy()
    first, half, late = (in_credit_from(net[column].to_numpy(dtype=float), months) for column in ("p95", "p50", "p05"))
    paid = Estimate(half, first, late, kind=NINE_IN_TEN)
    last = int(net.index[-1])
    return CouncilShare(plan, council, at_month(net, bottom), bottom, paid, at_month(saving, last), at_month(net, last))


def in_words(view: View, told: Sequence[CouncilShare]) -> str:
    """Sentence naming the council deepest in debt and the one gaining most, under the first share's plan."""
    mine = [share for share in told if share.plan == told[0].plan]
    if len(mine) < 2:
        return ""
    first, last = min(mine, key=lambda share: share.deepest.value), max(mine, key=lambda share: share.net.value)
    low = first.deepest
    paying = (
        f"{first.council} is deepest in debt, by {ranged(words.money(-low.value), low.turned)}"
        if first.deepest.value < -IN_CREDIT * 10
        else "no council falls into debt worth naming in the middle history"
    )
    gaining = f"{last.council} gains most in all, {ranged(words.money(last.net.value), last.net)}"
    return f"under {told[0].plan.mid}, {paying}; {gaining}"


def paid_in_words(found: Estimate) -> str:
    """Year from which a balance stays in credit, with its range: "year 3 (2 to never)"."""
    first, middle, last = (
        "never" if isinf(month) else str(words.year_in_force(month)) for month in (found.low, found.value, found.high)
    )
    if first == middle == last == "never":
        return "never (in nine histories of ten)"
    return words.bracketed(f"{'' if middle == 'never' else 'year '}{middle}", first, last)
