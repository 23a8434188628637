"""What a study finds, as sentences with ranges: who saves more, when it pays back, what goes wrong."""

from __future__ import annotations

from math import isinf

import numpy as np

from sim.explain import words
from sim.explain.differences import Race, ahead, chance_with_range, difference, race
from sim.explain.view import Plan, Range, View, saving_in

_MIDDLE_YEARS = (5, 3, 1)


def saving(view: View) -> str:
    """The headline: who saves how much a year by when, or that the plans cannot be told apart."""
    years = [year for year in _MIDDLE_YEARS if view.has(saving_in(year))]
    if not years or view.last_year is None:
        return "No history reaches the end of its first year, so no yearly saving can be told"
    middle, last = years[0], view.last_year
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
    text = f"{plan.name} {_saves(view.range(plan, saving_in(middle)), middle)}"
    if last != middle:
        text += f" and {_rate(view.range(plan, saving_in(last)), last)}"
    return f"{text}; it {_payback(view, plan)}"


def _tie(view: View, early: Race, late: Race, middle: int, last: int) -> str:
    both = [plan for plan in view.plans if plan in (early.best, *early.level) and plan in (late.best, *late.level)]
    contenders, year = (both, last) if len(both) > 1 else (_level(view, early), middle)
    rates = [view.range(plan, saving_in(year)) for plan in contenders]
    if len(contenders) == 2:
        values = f"about {_rate(rates[0], year)} and {_short(rates[1])}"
    else:
        low, high = min(rate.middle for rate in rates), max(rate.middle for rate in rates)
        values = f"from {words.money(low)} to {words.money(high)} a year by {words.year(year)}"
    rest = "" if len(contenders) == len(view.plans) else ", and no other plan saves more"
    return f"{_who(view, contenders)} cannot be told apart in what they save: {values}{rest}"


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
        text += f", {other.mid} {_short(view.range(other, early.outcome))}"
    else:
        text += f", the most of {words.number(len(view.plans))} plans"
    return text if last == middle else f"{text}; {_later(view, best, late, last)}"


def _later(view: View, best: Plan, late: Race, last: int) -> str:
    """What becomes of the early leader by the last year."""
    if late.best != best and best not in late.level:
        count, total = ahead(view, late.best, best, late.outcome)
        return f"{late.best.mid} overtakes it by {words.year(last)} in {chance_with_range(count, total)}"
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
    return f"{words.money(found.middle)} a year by {words.year(year)} ({words.span(found.low, found.high)})"


def _short(found: Range) -> str:
    return f"{words.money(found.middle)} ({words.span(found.low, found.high)})"


def _saves(found: Range, year: int) -> str:
    if round(found.middle, 1) == 0:
        return f"saves next to nothing, {_rate(found, year)}"
    if found.middle < 0:
        extra = Range(-found.high, -found.middle, -found.low)
        return f"costs more than it saves, about {_rate(extra, year)}"
    return f"saves about {_rate(found, year)}"


def payback(view: View) -> str:
    """When the plans have paid for themselves, with the range over histories and the chance of never."""
    order = sorted(view.plans, key=lambda plan: payback_range(view, plan).middle)
    if len(view.plans) > 1 and all(never_pays_back(view, plan) == view.histories(plan) for plan in order):
        return f"No plan pays for itself within {years(view)} in any history"
    if len(view.plans) <= 3:
        return "; ".join(_named_payback(view, plan, index) for index, plan in enumerate(order))
    return f"{_named_payback(view, order[0], 0)}; at the other end, {_named_payback(view, order[-1], 1)}"


def _named_payback(view: View, plan: Plan, index: int) -> str:
    text = _payback(view, plan)
    return f"{plan.name} {text}" if index == 0 else f"{plan.mid} {text.removeprefix('pays for itself ')}"


def _payback(view: View, plan: Plan) -> str:
    found = payback_range(view, plan)
    never = never_pays_back(view, plan)
    total = view.histories(plan)
    if never == total:
        return f"never pays for itself within {years(view)}, in {words.frequency(never, total)}"
    if isinf(found.middle):
        return f"never pays for itself within {years(view)} in {chance_with_range(never, total)}"
    text = f"pays for itself in {words.payback_year(found.middle)} ({payback_span(found)})"
    return f"{text}, never in {chance_with_range(never, total)}" if isinf(found.high) else text


def payback_span(found: Range) -> str:
    """A range of payback years: "year three to year six", "year three to never"."""
    first, last = words.payback_year(found.low), words.payback_year(found.high)
    return f"{first} to {last}" if first != last else f"{first} in nearly all"


def payback_range(view: View, plan: Plan) -> Range:
    """Payback month over histories; infinity for never."""
    return view.range(plan, "payback_month", never=float("inf"))


def never_pays_back(view: View, plan: Plan) -> int:
    """In how many histories the plan has not paid for itself within the horizon."""
    values = view.values(plan, "payback_month")
    return int((values != values).sum())


def years(view: View) -> str:
    """The horizon in words: "ten years"."""
    if view.horizon % 12:
        return f"{view.horizon} months"
    return words.counted(view.horizon // 12, "year")


def people(view: View) -> str:
    """Whom the plans tire most, and how low back benchers' buy-in falls."""
    parts = [text for text in (_tiring(view), _back_benchers(view)) if text]
    return "; ".join(parts) or "How people and members fare, plan by plan"


def _tiring(view: View) -> str:
    if not view.has("peak_fatigue"):
        return ""
    order = sorted(view.acting, key=lambda plan: -view.range(plan, "peak_fatigue").middle)
    most, least = order[0], order[-1]
    if len(order) == 1:
        return f"Fatigue peaks at {_score(view, most, 'peak_fatigue')} out of 100"
    if not difference(view, most, least, "peak_fatigue").clear:
        return (
            f"The plans cannot be told apart in how much they tire people: fatigue peaks at "
            f"{_score(view, most, 'peak_fatigue')} out of 100"
        )
    return (
        f"{most.name} tires people most: fatigue peaks at {_score(view, most, 'peak_fatigue')} out of 100, "
        f"against {_score(view, least, 'peak_fatigue')} under {least.mid}"
    )


def _back_benchers(view: View) -> str:
    outcome = "min_buy_in_backbench"
    if not view.has(outcome):
        return ""
    order = sorted(view.acting, key=lambda plan: view.range(plan, outcome).middle)
    lowest, highest = order[0], order[-1]
    text = f"back benchers' buy-in falls to {_score(view, lowest, outcome)}"
    if len(order) == 1:
        return text
    if not difference(view, lowest, highest, outcome).clear:
        return f"{text} under every plan, none told apart"
    return f"{text} under {lowest.mid}, {_score(view, highest, outcome)} under {highest.mid}"


def _score(view: View, plan: Plan, outcome: str) -> str:
    found = view.range(plan, outcome)
    return f"{words.out_of_100(found.middle)} ({words.out_of_100(found.low)} to {words.out_of_100(found.high)})"


def queues(view: View) -> str:
    """How long work waits for HR and OD under the plans, and when the longest queue stands."""
    known = [who for who in ("HR", "OD") if view.has(_wait_for(who))]
    if not known:
        return "How much work waits for HR and OD"
    if len(view.plans) == 1:
        plan = view.reference
        return f"A piece of work waits {words.listed(f'{_wait(view, plan, who)} for {who}' for who in known)}"
    told = {who: _waits_differ(view, who) for who in known}
    apart = [text for text in told.values() if text]
    level = [f"{who}, {_wait(view, view.reference, who)}," for who, text in told.items() if not text]
    if not apart:
        return f"The plans cannot be told apart in how long work waits for {words.listed(level).rstrip(',')}"
    text = f"A piece of work waits {'; it waits '.join(apart)}"
    return (
        f"{text}; waits for {' and '.join(who for who in known if not told[who])} cannot be told apart"
        if level
        else text
    )


def _wait_for(who: str) -> str:
    return f"{who.lower()}_mean_wait_months"


def _waits_differ(view: View, who: str) -> str:
    """Longest and shortest waits of the plans, where they can be told apart."""
    order = sorted(view.acting, key=lambda plan: -view.range(plan, _wait_for(who)).middle)
    most, least = order[0], order[-1]
    if not difference(view, most, least, _wait_for(who)).clear:
        return ""
    when = _busiest(view, most, f"{who.lower()}_queue")
    return f"{_wait(view, most, who)} for {who} under {most.mid}{when}, {_wait(view, least, who)} under {least.mid}"


def _wait(view: View, plan: Plan, who: str) -> str:
    found = view.range(plan, _wait_for(who))
    return f"{words.decimal(found.middle)} months ({words.span(found.low, found.high)})"


def _busiest(view: View, plan: Plan, queue: str) -> str:
    table = view.trajectory(plan, queue)
    if table is None or not float(table["mean"].max()) > 0:
        return ""
    return f", most of all in {words.year(words.year_in_force(table.index[int(table['mean'].argmax())]))}"
