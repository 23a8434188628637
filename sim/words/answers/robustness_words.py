"""Words for the robustness of each plan: regret and how often it meets the condition."""

from __future__ import annotations

import math

from sim.analysis.estimates import Estimate
from sim.analysis.regions.robustness import FEW, Robust, Robustness
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.plans import key_words
from sim.words.finding import StudyFinding, records
from sim.words.verdict_words import cannot_be_told_apart, percent


def headline(found: Robustness) -> str:
    """Sentence naming the plan with the least regret, or the plans that cannot be told apart."""
    best = found.plans[0]
    level = best.level_with["regret"]
    if level:
        near = next(plan for plan in found.plans[1:] if plan.plan in level)
        names = words.start_of(words.listed([best.plan, *map(words.mid, level)]))
        return f"{cannot_be_told_apart(names, 'on regret')}: {words.mid(near.plan)} has {_behind(found, near)} more"
    next_best = found.plans[1]
    ahead = f"{_behind(found, next_best)} less than {words.mid(next_best.plan)}"
    return f"{best.plan} has the least regret, {_amount(found, best.regret.mean.value)} on average: {ahead}"


def _behind(found: Robustness, plan: Robust) -> str:
    """A plan's regret in excess of the best plan's, with the interval on which the verdict rests."""
    gap = plan.behind
    if gap is None:
        return "nothing"
    return f"{_amount(found, gap.value)} ({_amount(found, gap.low)} to {_amount(found, gap.high)})"


def measured(found: Robustness) -> str:
    """The outcome behind regret: "net present value over the horizon", "chance that the partnership dissolved"."""
    meaning = key_words.meaning(OUTCOMES[found.outcome].meaning)
    return f"chance that {meaning}" if OUTCOMES[found.outcome].unit == "flag" else meaning


def with_range(found: Robustness, figure: Estimate) -> str:
    """A regret with its 95% interval: "£0.21m (£0.1m to £0.3m)"."""
    low, middle, high = (_amount(found, value) for value in (figure.low, figure.value, figure.high))
    return words.bracketed(middle, low, high, alike="(no range)")


def _amount(found: Robustness, value: float) -> str:
    return key_words.amount(float(f"{value:.2g}"), found.unit)


def said(found: Robustness) -> str:
    """All robustness results, one per line: regret, how often each plan meets the condition, share of luck."""
    asked = measured(found)
    histories = words.counted(found.replications, "history", "histories")
    lines = [
        f"Regret: how far a plan's expected {asked} falls short of the best plan's, in each of {found.rows:,} rows "
        f"drawn from the ranges; {histories} of each plan a row, under the same luck in all."
    ]
    lines += [_plan(found, plan) for plan in found.plans]
    lines += [f"Met means: {found.condition.words}.", *(_meets(plan) for plan in found.plans), _ranking(found)]
    lines.append("In brackets: 95% intervals, which count the rows drawn and luck.")
    lines += [text for text in (_luck(found), _left_out(found)) if text]
    return "\n".join(lines)


def _plan(found: Robustness, plan: Robust) -> str:
    mean, high, worst = (with_range(found, figure) for figure in plan.regret.figures)
    return (
        f"{plan.plan}: regret {mean} on average; nine rows in ten stay below {high}; worst {worst}. "
        f"Best in {words.percent(plan.best_in)} of the rows as simulated. {_expected(found, plan)}"
    )


def _expected(found: Robustness, plan: Robust) -> str:
    ends = plan.expected.low, plan.expected.value, plan.expected.high
    low, middle, high = (key_words.amount(float(f"{end:.3g}"), found.unit) for end in ends)
    return f"Expected over the rows: {middle} ({low} to {high}{_parts(found, plan)})."


def _parts(found: Robustness, plan: Robust) -> str:
    """The standard error split into its two sources, drawn rows and luck (Q-S4)."""
    if math.isnan(plan.outcome.luck_error):
        return "; luck not counted"
    rows, luck = (_amount(found, error) for error in (plan.outcome.rows_error, plan.outcome.luck_error))
    return f"; one standard error is {rows} for the rows drawn, {luck} for luck"


def _meets(plan: Robust) -> str:
    return (
        f"{plan.plan} meets it in {percent(plan.meets)} of histories, "
        f"and in most histories of {percent(plan.meets_rows)} of the rows."
    )


def _ranking(found: Robustness) -> str:
    best = found.plans[0]
    parts = []
    names = {
        "regret": "average regret",
        "high regret": "the regret that nine rows in ten stay below",
        "meets": "how often it is met",
    }
    for criterion, name in names.items():
        level = best.level_with[criterion]
        others = [plan.plan for plan in found.plans[1:] if plan.plan not in level]
        if level:
            parts.append(f"on {name} {cannot_be_told_apart('it', f'from {words.listed(map(words.mid, level))}')}")
        elif others:
            parts.append(f"on {name} it can be told apart from every other plan")
    return words.sentence(f"{best.plan} has the best expected outcome: {'; '.join(parts)}")


def _luck(found: Robustness) -> str:
    if math.isnan(found.luck):
        return (
            "Each row met one history, the same luck in all: regret counts luck as if it were evidence, and is too "
            "high; the ranges leave luck out. Make the sample again with study.replications=20 or more."
        )
    part = f"{words.percent(found.luck)} of how the plans' differences vary from row to row is luck"
    simulated = found.plans[0].regret.simulated[0]
    said_of = f"corrected for that; uncorrected {words.mid(found.plans[0].plan)} would have {_amount(found, simulated)}"
    if found.replications < FEW or found.luck > 0.5:
        few = f"Warning: with {found.replications} histories a row luck is hard to tell from what was drawn"
        return f"{few}: {part}. Regret is {said_of}."
    return f"{words.start_of(part)}; regret is {said_of}."


def _left_out(found: Robustness) -> str:
    unknown = sum(plan.unknown for plan in found.plans)
    parts = [f"{words.counted(found.dropped, 'row')} without every history"] if found.dropped else []
    parts += (
        [f"{words.counted(unknown, 'history', 'histories')} of which the condition cannot be said"] if unknown else []
    )
    return f"Left out: {words.listed(parts)}." if parts else ""


def finding(found: Robustness) -> StudyFinding[Robustness]:
    """Answer of robustness: regret of each plan, and how often it meets a condition."""
    first = f"{headline(found)}."
    content = {
        "outcome": found.outcome,
        "meets": found.condition.text,
        "rows": found.rows,
        "luck_share": None if math.isnan(found.luck) else found.luck,
        "plans": records(found.table),
    }
    lines = [first, *said(found).splitlines()]
    return StudyFinding(found, first, lines, content, {"robust": found.table}, "robust", "How robust the plans are")
