"""Headline sentence on the plan worth most (or a tie), and the plans' annual savings."""

from __future__ import annotations

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.engine.outcomes import DECIDING
from sim.words.summary import ranking_words
from sim.words.summary.difference_words import lead, race
from sim.words.summary.findings.paying import never_pays_back, payback_of, paying, years
from sim.words.summary.study_view import View, saving_in
from sim.words.verdict_words import chance_of, ranged

_MIDDLE_YEARS = (5, 3, 1)
MOSTLY = 0.5
"""Share of histories above which a grave event becomes part of the answer and not only a risk."""


UNTOLD = "No history reaches the end of its first year, so no yearly saving can be told"
LONG_ENOUGH = 60
"""Horizon in months above which plans are judged on payback, as business cases promise it."""


def answer(view: View) -> str:
    """The headline: the plan worth more and by how much, or that the plans cannot be told apart.

    For a single plan it is the annual saving and its year. If most histories of a plan break down, or no plan pays
    back in most, the headline says so.
    """
    if view.last_year is None:
        return UNTOLD
    if len(view.plans) > 1 and not view.has(DECIDING):
        return "No history tells its present value, so plans cannot be ranked"
    return "; ".join(part for part in (_race(view) if len(view.plans) > 1 else saving(view), _but(view)) if part)


def saving(view: View) -> str:
    """Sentence on annual savings: of one plan in the middle and last year, of several in the last year only."""
    usual = [year for year in _MIDDLE_YEARS if view.has(saving_in(year))]
    if not usual or view.last_year is None:
        return UNTOLD
    if len(view.plans) == 1:
        return _alone(view, usual[0], view.last_year)
    by, rates = words.year(view.last_year), [view.range(plan, saving_in(view.last_year)) for plan in view.plans]
    if len(view.plans) == 2:
        told = (
            f"{ranged(words.money(rate.value), rate)} under {plan.mid}"
            for plan, rate in zip(view.plans, rates, strict=True)
        )
        return f"By {by} the saving a year is {words.listed(told)}"
    return f"By {by} the saving a year is {_all_rates(rates)} under the {words.number(len(view.plans))} plans"


def _but(view: View) -> str:
    parting = [plan for plan in view.plans if view.parted(plan).mean() >= MOSTLY]
    if parting:
        counts = [(plan, int(view.parted(plan).sum()), view.histories(plan)) for plan in parting[:2]]
        told = [f"{plan.mid} breaks down in {chance_of(count, total)}" for plan, count, total in counts]
        more = "" if len(parting) < 3 else f", and {words.number(len(parting) - 2)} more plans break down in most"
        return f"but {words.listed(told)}{more}"
    best = min(view.plans, key=lambda plan: never_pays_back(view, plan) / view.histories(plan))
    never, total = never_pays_back(view, best), view.histories(best)
    if (
        len(view.plans) == 1
        or view.horizon < LONG_ENOUGH
        or "payback_month" not in view.study.runs.columns
        or never <= MOSTLY * total
    ):
        return ""
    return f"but even {best.mid} {paying(view, best)}"


def _race(view: View) -> str:
    found = race(view)
    tied = words.listed(plan.mid for plan in view.plans if plan == found.best or plan in found.level)
    leads = [lead(view, found.best, plan) for plan in found.others if plan in (found.level or found.others[:1])]
    names = found.best.mid, found.rival.mid
    return ranking_words.ranked(len(view.plans), names, tied if found.level else "", leads, f"over {years(view)}")


def _alone(view: View, middle: int, last: int) -> str:
    plan = view.reference
    first, later = view.range(plan, saving_in(middle)), view.range(plan, saving_in(last))
    text = f"{plan.name} {_saves(first, middle)}"
    if last != middle:
        text += f" and {_rate(later.turned, last) if _costs(first) and _costs(later) else _rate(later, last)}"
    return f"{text}; it {payback_of(view, plan)}"


def _all_rates(rates: list[Estimate]) -> str:
    """Median savings of several plans, with the nine-in-ten range of each."""
    low, high = min(rate.value for rate in rates), max(rate.value for rate in rates)
    ends = words.span(min(rate.low for rate in rates), max(rate.high for rate in rates))
    return f"from {words.money(low)} to {words.money(high)} ({ends})"


def _rate(found: Estimate, year: int) -> str:
    return ranged(f"{words.money(found.value)} a year by {words.year(year)}", found)


def _saves(found: Estimate, year: int) -> str:
    if round(found.value, 1) == 0:
        return f"saves next to nothing, {_rate(found, year)}"
    if _costs(found):
        return f"costs more than it saves, about {_rate(found.turned, year)}"
    return f"saves about {_rate(found, year)}"


def _costs(found: Estimate) -> bool:
    return round(found.value, 1) < 0
