"""Advice from a result: the plan favoured by the figures, the confidence in it, and its limits."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.estimates import Race
from sim.core import words
from sim.words.summary.difference_words import difference, lead, race
from sim.words.summary.driver_words import result_outcome
from sim.words.summary.findings import LONG_ENOUGH, never_pays_back, paying, years
from sim.words.summary.risk_words import RiskRow, risk_rows
from sim.words.summary.study_view import Plan, View
from sim.words.verdict_words import cannot_be_told_apart, chance_of

GRAVE = ("dissolved", "stalled")
"""Outcomes grave enough to weigh against a plan that saves more: the partnership or its programme ends."""
EVEN = 0.5
"""Share of histories above which something counts as the rule and not the exception."""


@dataclass(frozen=True)
class Advice:
    """Advice in a sentence or two, and its confidence; `plan` is the plan favoured, None if the choice is open."""

    plan: Plan | None
    do: str
    sure: str


def advice(view: View) -> Advice:
    """The advice that follows from the figures by a fixed rule.

    Favours the plan with the highest worth, unless others cannot be told apart from it, it saves nothing, or it
    clearly dissolves or stalls more often than another; the choice is then open, with the reason.
    """
    if result_outcome(view) is None:
        return Advice(None, "Too short a time was simulated to speak for or against any plan", "")
    if len(view.plans) == 1:
        return _single(view, view.reference)
    found = race(view)
    best, rival = found.best, found.rival
    if not any(_stands(view, plan) for plan in view.plans):
        which = "neither plan" if len(view.plans) == 2 else f"none of the {words.number(len(view.plans))} plans"
        text = f"take {which} as it stands: {_none_stands(view)}"
        return Advice(None, words.sentence(text), words.sentence(_lead(view, best, rival)))
    if found.level:
        return _open(view, found)
    worse = [row for row in risk_rows(view) if row.risk.outcome in GRAVE and _riskier(view, best, row)]
    if worse:
        does = words.listed(row.risk.verb for row in worse)
        others = words.listed(dict.fromkeys(plan.mid for row in worse for plan in _riskier(view, best, row)))
        text = f"weigh money against risk: {best.mid} brings most, but {does} more often than {others}"
        return Advice(None, words.sentence(text), words.sentence(_lead(view, best, rival)))
    rest = "it brings most, and breaks down or stalls no more often than the rest as far as can be told"
    return Advice(
        best,
        words.sentence(f"on these figures choose {best.mid}: {rest}"),
        words.sentence(_lead(view, best, rival)),
    )


def _single(view: View, plan: Plan) -> Advice:
    if _stands(view, plan):
        text = "compare it with another plan before you choose: one plan alone says what may come, not what is best"
    else:
        text = f"do not take {plan.mid} as it stands: {_none_stands(view)}"
    total = view.histories(plan)
    paid = chance_of(total - never_pays_back(view, plan), total)
    return Advice(None, words.sentence(text), words.sentence(f"it pays for itself within {years(view)} in {paid}"))


def _earns(view: View, plan: Plan) -> bool:
    """True if the plan pays back in at least half of its histories, or the horizon is too short to judge."""
    return view.horizon < LONG_ENOUGH or never_pays_back(view, plan) <= EVEN * view.histories(plan)


def _stands(view: View, plan: Plan) -> bool:
    """True if the plan pays back in at least half of its histories and dissolves in under half."""
    return _earns(view, plan) and view.parted(plan).mean() < EVEN


def _none_stands(view: View) -> str:
    earning = [plan for plan in view.plans if _earns(view, plan)]
    if earning:
        best = min(earning, key=lambda plan: float(view.parted(plan).mean()))
        often = chance_of(int(view.parted(best).sum()), view.histories(best))
        return f"{_even(view, best)} breaks down in {often}"
    best = min(view.plans, key=lambda plan: never_pays_back(view, plan) / view.histories(plan))
    return f"{_even(view, best)} {paying(view, best)}"


def _even(view: View, plan: Plan) -> str:
    return f"even {plan.mid}" if len(view.plans) > 1 else "it"


def _riskier(view: View, best: Plan, row: RiskRow) -> list[Plan]:
    """The plans under which the risk is clearly smaller than under `best`."""
    gaps = {plan: difference(view, best, plan, row.risk.outcome) for plan in view.acting if plan != best}
    return [plan for plan, gap in gaps.items() if gap.clear and gap.difference.value > 0]


def _open(view: View, found: Race[Plan]) -> Advice:
    best, rival = found.best, found.rival
    names = words.listed(plan.mid for plan in view.plans if plan == best or plan in found.level)
    others = [row for row in risk_rows(view) if row.risk.outcome in GRAVE and _riskier(view, best, row)]
    text = f"money gives no reason to choose between {names}"
    if others:
        safer = words.listed(dict.fromkeys(plan.mid for row in others for plan in _riskier(view, best, row)))
        text += f"; {safer} {words.listed(row.risk.verb for row in others)} less often than {best.mid}"
    else:
        text += "; choose on people, members and service"
    return Advice(None, words.sentence(text), words.sentence(_lead(view, best, rival)))


def _lead(view: View, best: Plan, rival: Plan) -> str:
    """Sentence on the best plan's lead over the next: mean difference and share of histories."""
    gap = lead(view, best, rival)
    of = f"net present value over {years(view)}"
    if gap.verdict.same:
        return f"in {of} {best.mid} and {rival.mid} are the same in every history"
    if not gap.ahead:
        tied = cannot_be_told_apart(f"{best.mid} and {rival.mid}")
        return f"not sure at all: in {of} {tied}: the difference is {gap.by}; {best.mid} is worth more in {gap.often}"
    return f"in {of} {best.mid} is {gap.by} ahead of {rival.mid} on average, and in {gap.often}"
