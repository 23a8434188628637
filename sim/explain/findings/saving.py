"""The answer in a sentence: who saves how much a year by when, or that the plans cannot be told apart."""

from __future__ import annotations

import numpy as np

from sim.explain import words
from sim.explain.differences import Race, ahead, chance_with_range, race
from sim.explain.findings.paying import never_pays_back, payback_of, paying
from sim.explain.view import Plan, Range, View, saving_in

_MIDDLE_YEARS = (5, 3, 1)
MOSTLY = 0.5
"""Share of histories from which on a grave thing is part of the answer and not only a risk."""


LONG_ENOUGH = 60
"""Months after which a plan may be held to account for not having paid for itself: business cases promise it."""


def saving(view: View) -> str:
    """The headline: who saves how much a year by when, or that the plans cannot be told apart.

    Where most histories of a plan break down, or no plan pays for itself in most, that is part of it.
    """
    usual = [year for year in _MIDDLE_YEARS if view.has(saving_in(year))]
    if not usual or view.last_year is None:
        return "No history reaches the end of its first year, so no yearly saving can be told"
    return "; ".join(part for part in (_race(view, usual[0], view.last_year), _but(view)) if part)


def _but(view: View) -> str:
    parting = [plan for plan in view.plans if _parted(view, plan) >= MOSTLY * view.histories(plan)]
    if parting:
        told = [f"{plan.mid} breaks down in {_parted_in(view, plan)}" for plan in parting[:2]]
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


def _parted(view: View, plan: Plan) -> int:
    return int((view.values(plan, "dissolved") > 0).sum()) if view.has("dissolved") else 0


def _parted_in(view: View, plan: Plan) -> str:
    return chance_with_range(_parted(view, plan), view.histories(plan))


def _race(view: View, middle: int, last: int) -> str:
    if len(view.plans) == 1:
        return _alone(view, middle, last)
    early = race(view, saving_in(middle))
    late = race(view, saving_in(last))
    if early.level and late.level:
        return _tie(view, early, late, middle, last)
    if early.level:
        return _late_only(view, early, late, middle, last)
    return _early(view, early, late, middle, last)


def _alone(view: View, middle: int, last: int) -> str:
    plan = view.reference
    first, later = view.range(plan, saving_in(middle)), view.range(plan, saving_in(last))
    text = f"{plan.name} {_saves(first, middle)}"
    if last != middle:
        text += f" and {_rate(_cost(later), last) if _costs(first) and _costs(later) else _rate(later, last)}"
    return f"{text}; it {payback_of(view, plan)}"


def _tie(view: View, early: Race, late: Race, middle: int, last: int) -> str:
    both = [plan for plan in view.plans if plan in (early.best, *early.level) and plan in (late.best, *late.level)]
    contenders, year = (both, last) if len(both) > 1 else (_level(view, early), middle)
    rates = [view.range(plan, saving_in(year)) for plan in contenders]
    if len(contenders) == 2:
        values = f"about {_rate(rates[0], year)} and {_short(rates[1])}"
    else:
        values = _all_rates(rates, year)
    rest = "" if len(contenders) == len(view.plans) else ", and no other plan saves more"
    return f"{_who(view, contenders)} cannot be told apart in what they save: {values}{rest}"


def _all_rates(rates: list[Range], year: int) -> str:
    """Several middles, with the range that holds nine histories in ten of each."""
    low, high = min(rate.middle for rate in rates), max(rate.middle for rate in rates)
    ends = words.span(min(rate.low for rate in rates), max(rate.high for rate in rates))
    return f"from {words.money(low)} to {words.money(high)} a year by {words.year(year)} ({ends})"


def _level(view: View, found: Race) -> list[Plan]:
    """The plans at the front, in the order of the study."""
    return [plan for plan in view.plans if plan == found.best or plan in found.level]


def _who(view: View, plans: list[Plan]) -> str:
    everyone = len(plans) == len(view.plans) > 2
    return f"The {words.number(len(plans))} plans" if everyone else _names(plans)


def _late_only(view: View, early: Race, late: Race, middle: int, last: int) -> str:
    level = _level(view, early)
    rival = next((plan for plan in level if plan != late.best), early.best)
    at_the_front = f"{_who(view, level)} save most by {words.year(middle)} and cannot be told apart"
    alone = f"{_who(view, level)} cannot be told apart in what they save by {words.year(middle)}"
    first = alone if len(level) == len(view.plans) else at_the_front
    count, total = ahead(view, late.best, rival, late.outcome)
    then = f"{late.best.mid} saves most, about {_rate(view.range(late.best, late.outcome), last)}"
    return f"{first}; {then}, more than {rival.mid} in {chance_with_range(count, total)}"


def _early(view: View, early: Race, late: Race, middle: int, last: int) -> str:
    best = early.best
    text = f"{best.name} {_saves(view.range(best, early.outcome), middle)}"
    if len(view.plans) == 2:
        other = _runner_up(view, best, early.outcome)
        theirs = view.range(other, early.outcome)
        text += f", {other.mid} {_short(_cost(theirs) if _costs(view.range(best, early.outcome)) else theirs)}"
    else:
        text += f", the most of {words.number(len(view.plans))} plans"
    return text if last == middle else f"{text}; {_later(view, best, late, last)}"


def _later(view: View, best: Plan, late: Race, last: int) -> str:
    """What becomes of the early leader by the last year."""
    if late.best != best and best not in late.level:
        count, total = ahead(view, late.best, best, late.outcome)
        chance = chance_with_range(count, total)
        if count <= total / 2:
            return f"{late.best.mid} overtakes it by {words.year(last)} on average, though in only {chance}"
        return f"{late.best.mid} overtakes it by {words.year(last)} in {chance}"
    rivals = [plan for plan in (late.best, *late.level) if plan != best]
    if rivals:
        return f"by {words.year(last)} it cannot be told apart from {_names(rivals, start=False)}"
    rival = _runner_up(view, best, late.outcome)
    count, total = ahead(view, best, rival, late.outcome)
    of = f" of {rival.mid}" if len(view.plans) > 2 else ""
    return f"it is still ahead{of} by {words.year(last)} in {chance_with_range(count, total)}"


def _runner_up(view: View, plan: Plan, outcome: str) -> Plan:
    others = (other for other in view.plans if other != plan)
    return max(others, key=lambda other: float(np.nanmean(view.values(other, outcome))))


def _names(plans: list[Plan], start: bool = True) -> str:
    text = words.listed(plan.mid for plan in plans)
    return words.start_of(text) if start else text


def _rate(found: Range, year: int) -> str:
    return _ranged(f"{words.money(found.middle)} a year by {words.year(year)}", found)


def _short(found: Range) -> str:
    return _ranged(words.money(found.middle), found)


def _ranged(middle: str, found: Range) -> str:
    return words.bracketed(middle, words.decimal(found.low), words.decimal(found.high), alike=words.NEARLY_ALL)


def _saves(found: Range, year: int) -> str:
    if round(found.middle, 1) == 0:
        return f"saves next to nothing, {_rate(found, year)}"
    if _costs(found):
        return f"costs more than it saves, about {_rate(_cost(found), year)}"
    return f"saves about {_rate(found, year)}"


def _costs(found: Range) -> bool:
    return round(found.middle, 1) < 0


def _cost(found: Range) -> Range:
    return Range(-found.high, -found.middle, -found.low)
