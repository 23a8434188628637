"""Words and a table for the plans that a multi-objective search found."""

from __future__ import annotations

from collections.abc import Sequence

from sim.analysis.seeking.pareto import Objective, Pareto, Sought
from sim.core import words
from sim.words.finding import StudyFinding


def headline(found: Pareto) -> str:
    """The answer in one sentence."""
    lasting = found.lasting
    counts = [objective.measure.words for objective in found.objectives]
    asked = words.listed(counts) if len(counts) < 3 else f"{words.number(len(counts))} counts"
    if len(found.plans) == 1:
        return words.sentence(f"one plan was best on {asked} among the {found.tried:,} tried")
    if len(lasting) == 1:
        return words.sentence(f"of {words.counted(len(found.plans), 'plan')} one is left: it beats the rest on {asked}")
    apart = [plan for plan in lasting if not set(plan.alike) & {other.number for other in lasting}]
    if not apart:
        told = "no two of them can be told apart" if _all_alike(lasting) else "not all of them can be told apart"
    else:
        told = "none of them beats another on all"
    return words.sentence(f"{words.counted(len(lasting), 'plan')} are worth weighing on {asked}: {told}")


def _all_alike(plans: Sequence[Sought]) -> bool:
    numbers = {plan.number for plan in plans}
    return all(numbers - {plan.number} <= set(plan.alike) for plan in plans)


def said(found: Pareto) -> str:
    """The search results in plain words, one statement per line; the first is the answer."""
    lines = [headline(found)]
    lines += [
        f"Plan {plan.number} did not last: {_numbers(plan.beaten)} surely beat it."
        for plan in found.plans
        if plan.beaten
    ]
    gaps = [
        f"{objective.measure.subject} {_gap(objective, promised)} (fresh luck: {_gap(objective, kept)})"
        for objective, (promised, kept) in zip(found.objectives, found.gains, strict=False)
    ]
    if gaps:
        lines += [f"Beside the plan it began with, the search promised on average {words.listed(gaps)}."]
    scope = "every plan there is" if found.complete else f"{found.tried:,} plans, not every one there is"
    refused = f" ({found.refused:,} more are not possible)" if found.refused else ""
    lines += [
        f"Tried: {scope}{refused}, each in {found.searched_with:,} histories under the same luck. Ranges: 95% "
        f"intervals from {found.histories:,} histories under fresh luck. They show luck alone."
    ]
    return "\n".join(lines)


def table(found: Pareto) -> list[list[str]]:
    """Printed table of the plans found: number, objectives with 95% intervals, equal or better plans, changes."""
    head = [
        "Plan",
        *(words.start_of(each.measure.words) for each in found.objectives),
        "Beside others",
        "What it changes",
    ]
    every = [*([found.start] if found.start else []), *found.plans]
    return [head, *(_row(found, plan) for plan in every)]


def _row(found: Pareto, plan: Sought) -> list[str]:
    pairs = zip(found.objectives, plan.figures, strict=True)
    figures = [f"{o.measure.said(f.fresh.value)} ({o.measure.span(*f.fresh.ends)})" for o, f in pairs]
    notes = [f"beaten by {_numbers(plan.beaten)}"] if plan.beaten else []
    notes += [f"like {_numbers(plan.alike)}"] if plan.alike else []
    name = str(plan.number) if plan.number else "start"
    return [name, *figures, "; ".join(notes) or "–", plan.words or "nothing"]


def _numbers(numbers: Sequence[int]) -> str:
    return words.listed(map(str, numbers))


def _gap(objective: Objective, gap: float) -> str:
    """A gain with its direction: "£0.2m higher", "3 points of 100 lower"."""
    measured, way = objective.measure, "higher" if gap >= 0 else "lower"
    if measured.unit == "share":
        size = words.decimal(100 * abs(gap), 1).removesuffix(".0")
        return f"{size} {'point' if size == '1' else 'points'} of 100 {way}"
    return f"{measured.said(abs(gap))} {way}"


def finding(found: Pareto, folder: str) -> StudyFinding[Pareto]:
    """The plans a search found, as an answer; `folder` is that of their study under fresh luck."""
    rows = found.table.astype(object).where(found.table.notna(), None).to_dict(orient="records")
    content = {"folder": folder, "tried": found.tried, "plans": rows}
    lines = said(found).splitlines()
    page = _page(found, lines)
    return StudyFinding(found, lines[0], lines, content, {"search": found.table}, "search", "Plans found", page)


def _page(found: Pareto, lines: Sequence[str]) -> str:
    head, *rows = (f"| {' | '.join(row)} |" for row in table(found))
    laid_out = "\n".join([head, "|" + " --- |" * head.count(" | ") + " --- |", *rows])
    text = "\n\n".join([*lines, laid_out])
    commands = "\n".join(f"    {plan.command}" for plan in found.plans)
    return f"# Plans found\n\n{text}\n\nTo run them:\n\n{commands}\n"
