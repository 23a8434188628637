"""Risks of each plan: share of histories, gravest first, with the plans that can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.estimates import Estimate, Verdict
from sim.core import words
from sim.core.statistics.intervals import wilson
from sim.words.summary.difference_words import difference, of_measures
from sim.words.summary.findings import years
from sim.words.summary.study_view import Plan, Values, View
from sim.words.verdict_words import cannot_be_told_apart, chance


@dataclass(frozen=True)
class Risk:
    """A risk: its table heading, verb and noun for sentences, and the outcome that shows it.

    `happened` turns the outcome of each history into true or false; NaN if it is undefined.
    """

    title: str
    verb: str
    noun: str
    outcome: str
    happened: Callable[[Values], Values]


def _flag(values: Values) -> Values:
    return np.where(np.isnan(values), np.nan, values > 0)


def _null(values: Values) -> Values:
    return np.isnan(values).astype(float)


RISKS = (
    Risk("Breaks down: the councils part", "breaks down", "chances of breaking down", "dissolved", _flag),
    Risk("Stalls: nothing new is begun", "stalls", "chances of stalling", "stalled", _flag),
    Risk("Members turn against it", "meets a backlash of members", "chances of a backlash", "backlash", _flag),
    Risk("Never pays for itself", "never pays for itself", "chances of never paying", "payback_month", _null),
    Risk("Misses its savings target", "misses its savings target", "chances of a miss", "target_missed", _flag),
    Risk(
        "Fatigue passes its line", "has fatigue over its line", "chances of fatigue", "months_fatigue_over_line", _flag
    ),
    Risk("Loses a vote", "loses a vote", "chances of a lost vote", "votes_lost", _flag),
)
"""All risks, gravest first: the partnership or programme ends, money is lost, staff are worn out, a vote is lost."""

_FLAGS = frozenset({"dissolved", "stalled", "backlash", "target_missed"})


@dataclass(frozen=True)
class RiskRow:
    """One risk, its chance under every plan shown, and the plans told apart from the reference."""

    risk: Risk
    title: str
    chances: dict[Plan, Estimate]
    differs: tuple[Plan, ...]


def risk_rows(view: View) -> list[RiskRow]:
    """Rows of the risks for which the study has outcomes, gravest first."""
    known = [risk for risk in RISKS if risk.outcome in view.study.runs.columns and _told(view, risk)]
    differs = {plan: _differences(view, plan, known) for plan in view.others}
    rows = []
    for risk in known:
        chances = {plan: _chance(view, plan, risk) for plan in view.plans if _runs(view, plan, risk)}
        apart = tuple(plan for plan in view.others if differs[plan][risk.title].clear and _runs(view, plan, risk))
        rows.append(RiskRow(risk, risk.title + _within(view, risk), chances, apart))
    return [row for row in rows if view.reference in row.chances]


def _runs(view: View, plan: Plan, risk: Risk) -> bool:
    """True if the risk applies to the plan; one that does nothing has no target to miss and no cost to pay back."""
    if risk.happened is _null:
        return view.acts(plan)
    return view.ever(plan, risk.outcome)


def _told(view: View, risk: Risk) -> bool:
    return risk.happened is _null or view.has(risk.outcome)


def _within(view: View, risk: Risk) -> str:
    return f" within {years(view)}" if risk.happened is _null else ""


def _chance(view: View, plan: Plan, risk: Risk) -> Estimate:
    happened = risk.happened(view.values(plan, risk.outcome))
    return Estimate.of_count(int(np.nansum(happened)), int((~np.isnan(happened)).sum()))


def _differences(view: View, plan: Plan, known: list[Risk]) -> dict[str, Verdict]:
    """Differences from the reference by risk; those of yes/no outcomes equal comparison.csv."""
    flags = [risk for risk in known if risk.outcome in _FLAGS]
    measures = {
        risk.title: (
            risk.happened(view.values(plan, risk.outcome)),
            risk.happened(view.values(view.reference, risk.outcome)),
        )
        for risk in known
        if risk not in flags
    }
    found = of_measures(view, plan, view.reference, measures) if measures else {}
    return found | {risk.title: difference(view, plan, view.reference, risk.outcome) for risk in flags}


def finding(view: View, rows: list[RiskRow]) -> str:
    """Sentence on the gravest risk that occurs, the plan most exposed, and whether plans clearly differ."""
    telling = _told_of_those_who_act(view, rows)
    if not telling:
        return _nothing(view)
    first = telling[0]
    if len(first.chances) == 1:
        ((plan, only),) = first.chances.items()
        return f"{plan.name} {_one(first.risk.verb, only)}"
    apart = next((row for row in telling if row.differs), None)
    if apart is None:
        which = "the two" if len(first.chances) == 2 else "the plans"
        return f"{_contrast(first, list(first.chances)[1:])}: {cannot_be_told_apart(which, 'in any risk')}"
    told = _contrast(apart, apart.differs)
    return told if apart is first else f"{told}; {cannot_be_told_apart(first.risk.noun)}"


def _nothing(view: View) -> str:
    """Sentence saying that no risk occurred, with the upper limit of its chance."""
    _, high = wilson(0, min(view.histories(plan) for plan in view.plans))
    return f"Nothing of what can go wrong came true in any of the {view.each} (0%, 0 to {round(100 * high)})"


def _told_of_those_who_act(view: View, rows: list[RiskRow]) -> list[RiskRow]:
    """Rows of risks that occurred, without plans that do nothing."""
    kept = []
    for row in rows:
        chances = {plan: found for plan, found in row.chances.items() if plan in view.acting}
        differs = tuple(plan for plan in row.differs if plan in view.acting and view.reference in view.acting)
        if any(found.value for found in chances.values()):
            kept.append(replace(row, chances=chances, differs=differs))
    return kept


def _contrast(row: RiskRow, others: Sequence[Plan]) -> str:
    """Clause contrasting the reference with the plan farthest from it."""
    found, reference = row.chances, next(iter(row.chances))
    other = max(others, key=lambda plan: abs(found[plan].value - found[reference].value))
    high, low = (other, reference) if found[other].value >= found[reference].value else (reference, other)
    return f"{high.name} {_one(row.risk.verb, found[high])}, {low.mid} in {chance(found[low])}"


def in_words(view: View, rows: list[RiskRow]) -> str:
    """Risks in a sentence or two: dissolution and stalling, then those on which plans differ, or the likeliest."""
    telling = _told_of_those_who_act(view, rows)
    gravest = [row for row in telling if row.risk.outcome in ("dissolved", "stalled")]
    others = sorted((row for row in telling if row not in gravest), key=lambda row: -_usual(row))
    told = gravest + ([row for row in others if row.differs][:2] or others[:1])
    if not told:
        return _nothing(view)
    if len(told[0].chances) == 1:
        return f"{view.reference.name} {words.listed(_one(row.risk.verb, row.chances[view.reference]) for row in told)}"
    alike = [row for row in told if not row.differs]
    if len(alike) == len(told):
        sentences = [
            *(words.start_of(_several(row)) for row in told),
            "In none of this can the plans be told apart",
        ]
        return ". ".join(sentences)
    return ". ".join(
        words.start_of(_several(row)) + (f": {cannot_be_told_apart()}" if row in alike else "") for row in told
    )


def _usual(row: RiskRow) -> float:
    return float(np.mean([found.value for found in row.chances.values()]))


def _one(verb: str, found: Estimate) -> str:
    return f"{verb} in {chance(found)}"


def _several(row: RiskRow) -> str:
    order = sorted(row.chances, key=lambda plan: -row.chances[plan].value)
    first, *others = order if len(order) <= 2 else [order[0], order[-1]]
    text = f"{first.mid} {_one(row.risk.verb, row.chances[first])}"
    text += "".join(f", {plan.mid} in {chance(row.chances[plan])}" for plan in others)
    return text + (", the other plans between" if len(order) > 2 else "")
