"""Payback of plans: month, range over histories and chance of never."""

from __future__ import annotations

from math import isinf

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.words.summary.study_view import Plan, View
from sim.words.verdict_words import chance_of


def payback(view: View) -> str:
    """Sentence on the payback of all plans, with the range over histories and the chance of never."""
    order = sorted(view.plans, key=lambda plan: payback_range(view, plan).value)
    if len(view.plans) > 1 and all(never_pays_back(view, plan) == view.histories(plan) for plan in order):
        return f"No plan pays for itself within {years(view)} in any history"
    if len(view.plans) <= 3:
        return "; ".join(_named_payback(view, plan, index) for index, plan in enumerate(order))
    return f"{_named_payback(view, order[0], 0)}; at the other end, {_named_payback(view, order[-1], 1)}"


def _named_payback(view: View, plan: Plan, index: int) -> str:
    text = payback_of(view, plan)
    return f"{plan.name} {text}" if index == 0 else f"{plan.mid} {text.removeprefix('pays for itself ')}"


def payback_of(view: View, plan: Plan) -> str:
    """Clause on one plan's payback: "pays for itself in year three (year two to never), never in …"."""
    found = payback_range(view, plan)
    never = never_pays_back(view, plan)
    total = view.histories(plan)
    if isinf(found.value):
        return f"never pays for itself within {years(view)} in {chance_of(never, total)}"
    text = f"pays for itself in {words.payback_year(found.value)} ({payback_span(found)})"
    return f"{text}, never in {chance_of(never, total)}" if isinf(found.high) else text


def payback_span(found: Estimate) -> str:
    """A range of payback years: "year three to year six", "year three to never"."""
    first, last = words.payback_year(found.low), words.payback_year(found.high)
    return f"{first} to {last}" if first != last else f"{first} in nearly all"


def payback_range(view: View, plan: Plan) -> Estimate:
    """Payback month over histories; infinity for never."""
    return view.range(plan, "payback_month", never=float("inf"))


def never_pays_back(view: View, plan: Plan) -> int:
    """Number of histories in which the plan has not paid back within the horizon."""
    values = view.values(plan, "payback_month")
    return int((values != values).sum())


def years(view: View) -> str:
    """The horizon in words: "ten years"."""
    return words.length(view.horizon)


def paying(view: View, plan: Plan) -> str:
    """Share of histories in which a plan that mostly never pays back does so: "… in only one history in five"."""
    total = view.histories(plan)
    paid = total - never_pays_back(view, plan)
    only = "only " if paid else ""
    return f"pays for itself within {years(view)} in {only}{chance_of(paid, total)}"
