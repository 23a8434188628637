"""What the body of a brief says of its study: the question, the plans, the councils' money and the review signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.plans.key_words import name, said
from sim.plans.scenario import differing
from sim.surfaces.brief.blocks import BriefTable
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.marks import exact
from sim.words.summary import council_words, review_dates
from sim.words.summary.study_view import Plan, View

MOST_CHANGES = 4
"""Most setting differences of a plan that the brief names; the rest are in the decisions log."""
LONGEST_MEANING = 300
"""Most characters of a plan's own description: three lines."""
ONE_LINE = 34
"""Most characters of a row's label that fits on one line beside its figures."""
MANY = 4
"""Number of plans from which figures take more room, so that the council table shows only two plans."""


def cut(text: str) -> str:
    """A text of the user's on one line, of at most three printed ones."""
    return words.one_line(text, LONGEST_MEANING)


def asked(source: BriefSource) -> str:
    """The question that the brief answers."""
    names, place, months = list(source.plans.values()), source.settings.partnership.name, source.settings.horizon_months
    if len(names) == 1:
        horizon = words.counted(months, "month") if months % 12 else words.counted(months // 12, "year")
        return f"What would the plan “{names[0]}” bring {place} within {horizon}?"
    if len(names) == 2:
        return f"“{names[0]}” or “{names[1]}”: which should {place} follow?"
    return f"Which of these {words.number(len(names))} plans should {place} follow?"


def plans(source: BriefSource) -> Iterator[dict[str, Any]]:
    """Name and meaning of each plan: its own description, and its differences from the reference."""
    for cell, plan in source.plans.items():
        changes, meaning = list(_changes(source, cell)), source.study.settings(cell).scenario.meaning
        if len(changes) > MOST_CHANGES:
            changes[MOST_CHANGES:] = [Markup("and {} more").format(exact(len(changes) - MOST_CHANGES))]
        is_reference = cell == source.study.reference
        yield {"name": plan, "meaning": meaning, "is_reference": is_reference, "changes": changes}


def _changes(source: BriefSource, cell: str) -> Iterator[Markup]:
    own, usual = differing([source.study.settings(cell), source.settings])
    for key, value in own.items():
        yield Markup('<span class="given">{}: {} instead of {}</span>').format(
            name(key), words.one_line(said(key, value), 80), words.one_line(said(key, usual[key]), 80)
        )
    mine, theirs = source.study.settings(cell), source.settings
    if mine.decisions != theirs.decisions:
        yield Markup("{} dated decisions of its own").format(exact(len(mine.decisions)))
    if mine.shocks != theirs.shocks:
        yield Markup("{} events set beforehand").format(exact(len(mine.shocks)))


def councils(source: BriefSource, view: View) -> dict[str, Any] | None:
    """Each council's costs and savings over time: a sentence, the last year and rows; None without monthly figures."""
    found = council_words.shares(view) if source.has_months else []
    if not found:
        return None
    shown = view.plans if len(view.plans) < MANY else (view.reference, view.others[0])
    rows = [
        [_whole(source.mark(f"{share.council}, {share.plan.mid}")), *map(source.mark, _figures(share))]
        for share in found
        if share.plan in shown
    ]
    end = words.counted(view.horizon, "month") if view.horizon % 12 else words.year(view.horizon // 12)
    return {"said": council_words.in_words(view, found), "end": end, "rows": rows}


def _whole(label: Markup) -> Markup:
    """A label kept on one line if it is short enough."""
    return Markup(f'<span class="whole">{label}</span>') if len(label.striptags()) <= ONE_LINE else label


def _figures(share: council_words.CouncilShare) -> tuple[str, ...]:
    when = f", {words.year(words.year_in_force(share.deepest_month))}"
    deepest = ranged(share.deepest) + (when if words.decimal(share.deepest.value) != "0.0" else "")
    return deepest, council_words.paid_in_words(share.paid), ranged(share.saving), ranged(share.net)


def ranged(found: Estimate, places: int = 1) -> str:
    """A figure with its ends, without unit: "3.4 (3.0 to 3.8)"."""
    return words.bracketed(*(words.decimal(value, places) for value in (found.value, found.low, found.high)))


def signs(source: BriefSource, view: View, plan: Plan) -> BriefTable | None:
    """Table of the measures expected at the review months if the plan goes as forecast."""
    found = review_dates.signs(view, plan) if source.has_months else []
    if not found:
        return None
    months = list(dict.fromkeys(sign.month for sign in found))
    rows = []
    for what in dict.fromkeys(sign.what for sign in found):
        mine = {sign.month: sign.range for sign in found if sign.what == what}
        places = 1 if what.endswith("£m a year") else 0
        rows.append(
            [source.mark(words.start_of(what)), *(source.mark(ranged(mine[month], places)) for month in months)]
        )
    caption = source.mark(
        f"Under {plan.mid} nine histories in ten lie in these ranges; what falls outside them is a reason to ask again"
    )
    return BriefTable(caption, ("Measure", *(f"Month {month}" for month in months)), rows)
