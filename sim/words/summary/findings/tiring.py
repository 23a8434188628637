"""Findings on staff fatigue, members' buy-in, and waits for HR and OD."""

from __future__ import annotations

import numpy as np

from sim.core import words
from sim.words.summary.difference_words import difference
from sim.words.summary.study_view import Plan, View
from sim.words.verdict_words import cannot_be_told_apart, ranged

_HUNDRED = " out of 100"


def people(view: View) -> str:
    """Sentence on the councils whose staff tire most and on the lowest back-bench buy-in."""
    parts = [text for text in (_tiring(view), _back_benchers(view)) if text]
    return "; ".join(parts) or "How people and members fare, plan by plan"


def _tiring(view: View) -> str:
    if not view.has("peak_fatigue"):
        return ""
    order = sorted(view.acting, key=lambda plan: -view.range(plan, "peak_fatigue").value)
    most, least = order[0], order[-1]
    if len(order) == 1:
        return f"Fatigue peaks at {_score(view, most, 'peak_fatigue', _HUNDRED)}"
    if not difference(view, most, least, "peak_fatigue").clear:
        return (
            f"{cannot_be_told_apart('The plans', 'in how much they tire people')}: fatigue peaks at "
            f"{_score(view, most, 'peak_fatigue', _HUNDRED)}"
        )
    return (
        f"{most.name} tires people most: fatigue peaks at {_score(view, most, 'peak_fatigue', _HUNDRED)}, "
        f"against {_score(view, least, 'peak_fatigue')} under {least.mid}"
    )


def _back_benchers(view: View) -> str:
    outcome = "min_buy_in_backbench"
    if not view.has(outcome):
        return ""
    order = sorted(view.acting, key=lambda plan: view.range(plan, outcome).value)
    lowest, highest = order[0], order[-1]
    text = f"back benchers' buy-in falls to {_score(view, lowest, outcome)}"
    if len(order) == 1:
        return text
    if not difference(view, lowest, highest, outcome).clear:
        return f"{text} under every plan, none told apart"
    return f"{text} under {lowest.mid}, {_score(view, highest, outcome)} under {highest.mid}"


def _score(view: View, plan: Plan, outcome: str, unit: str = "") -> str:
    found = view.range(plan, outcome)
    low, middle, high = map(words.out_of_100, (found.low, found.value, found.high))
    return f"{middle}{unit} {words.NEARLY_ALL}" if low == high else f"{middle} ({low} to {high}){unit}"


def queues(view: View) -> str:
    """Sentence on waits for HR and OD under the plans, and the date of the longest queue."""
    known = [who for who in ("HR", "OD") if view.has(_wait_for(who))]
    if not known:
        return "How much work waits for HR and OD"
    waiting = [plan for plan in view.plans if any(view.ever(plan, _wait_for(who)) for who in known)]
    if len(waiting) == 1:
        plan = waiting[0]
        under = f" under {plan.mid}" if len(view.plans) > 1 else ""
        return f"A piece of work waits {words.listed(f'{_wait(view, plan, who)} for {who}' for who in known)}{under}"
    told = {who: _waits_differ(view, who) for who in known}
    apart = [text for text in told.values() if text]
    level = [f"{who}, {_wait(view, view.reference, who)}," for who, text in told.items() if not text]
    if not apart:
        waits = f"in how long work waits for {words.listed(level).rstrip(',')}"
        return cannot_be_told_apart("The plans", waits)
    text = f"A piece of work waits {'; it waits '.join(apart)}"
    waits = f"waits for {' and '.join(who for who in known if not told[who])}"
    return f"{text}; {cannot_be_told_apart(waits)}" if level else text


def _wait_for(who: str) -> str:
    return f"{who.lower()}_mean_wait_months"


def _waits_differ(view: View, who: str) -> str:
    """Clause on the plans with the longest and shortest waits, if they clearly differ."""
    plans = [plan for plan in view.acting if view.ever(plan, _wait_for(who))]
    order = sorted(plans, key=lambda plan: -view.range(plan, _wait_for(who)).value)
    most, least = order[0], order[-1]
    if not difference(view, most, least, _wait_for(who)).clear:
        return ""
    when = _busiest(view, most, f"{who.lower()}_queue")
    return f"{_wait(view, most, who)} for {who} under {most.mid}{when}, {_wait(view, least, who)} under {least.mid}"


def _wait(view: View, plan: Plan, who: str) -> str:
    found = view.range(plan, _wait_for(who))
    known, every = int((~np.isnan(view.values(plan, _wait_for(who)))).sum()), view.histories(plan)
    lacking = f", in {known} of {every} histories," if known < every else ""
    return ranged(f"{words.decimal(found.value)} months", found) + lacking


def _busiest(view: View, plan: Plan, queue: str) -> str:
    table = view.trajectory(plan, queue)
    if table is None or not float(table["mean"].max()) > 0:
        return ""
    return f", most of all in {words.year(words.year_in_force(table.index[int(table['mean'].argmax())]))}"
