"""Risks by plan: share of histories, as dots with intervals on one scale."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import NOT_APART, Estimate
from sim.pictures.figures.drawing import LOWER_RIGHT, PLAIN, as_rows, dot, name_row, plan_legend, write
from sim.pictures.figures.palette import COLOURS, FAINT, look
from sim.pictures.figures.style import WIDTH, Sheet, sheet
from sim.words.summary import risk_words as told
from sim.words.summary.risk_words import RiskRow
from sim.words.summary.study_view import Plan, View
from sim.words.verdict_words import percent

_LEFT, _RIGHT, _BELOW = 2.15, 1.25, 0.5
_STEP, _PAD = 0.185, 0.2
_CLOSE_STEP, _CLOSE_PAD = 0.16, 0.05
"""Inches between the dots of one row, and between rows, when page space is short."""


def risks(view: View, headed: bool = True, most: float = math.inf) -> Figure:
    """Chance of each risk by plan, gravest first, with 95% intervals.

    Without a head, rows are closer together and only the gravest that fit `most` inches are drawn.
    """
    rows = told.risk_rows(view)
    key = plan_legend(view, lines=False)
    step, height = _rows(view, headed)
    finding, whole = told.finding(view, rows), len(rows)
    rows = rows[: max(1, int(min(most / height, whole)))]
    left = "" if len(rows) == whole else "; the table behind it has the rest"
    hollow = f"; hollow: {NOT_APART} from {view.reference.mid}; pale bar: {view.reference.mid}"
    subtitle = (
        "Share of histories in which it happens, % (line: 95% interval"
        f"{hollow if view.others else ''}), gravest first{left}; {view.scope}"
    )
    page = sheet(finding, subtitle, key.height + height * len(rows) + _BELOW, headed)
    key.draw(page)
    _draw(page, view, rows, key.height, height, step)
    return page.figure


def _rows(view: View, headed: bool) -> tuple[float, float]:
    """Inches from dot to dot, and from row to row."""
    step, pad = (_STEP, _PAD) if headed else (_CLOSE_STEP, _CLOSE_PAD)
    return step, step * max(len(view.plans), 2) + pad


def _draw(page: Sheet, view: View, rows: list[RiskRow], above: float, height: float, step: float) -> None:
    axes = page.axes(_LEFT, page.bottom + _BELOW, WIDTH - _LEFT - _RIGHT, page.top - above - page.bottom - _BELOW)
    _scale(axes, len(rows) * height)
    for number, row in enumerate(rows):
        middle = (len(rows) - number - 0.5) * height
        if number:
            axes.axhline(middle + height / 2, color=FAINT, linewidth=0.6, zorder=0)
        name_row(axes, row.title, _LEFT, middle, most=3)
        if view.others:
            share = 100 * row.chances[view.reference].value
            tall = [middle - height * 0.42, middle + height * 0.42]
            axes.plot([share] * 2, tall, color=COLOURS[0], alpha=0.25, linewidth=3)
        for place, (plan, chance) in enumerate(row.chances.items()):
            at = middle + step * ((len(row.chances) - 1) / 2 - place)
            hollow = not plan.is_reference and plan not in row.differs
            _dot(axes, view, plan, chance, at, hollow)


def _scale(axes: Axes, height: float) -> None:
    as_rows(axes, height)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20), [f"{share}%" for share in range(0, 101, 20)])
    axes.set_xlabel("Share of histories", **PLAIN)


def _dot(axes: Axes, view: View, plan: Plan, chance: Estimate, at: float, hollow: bool) -> None:
    drawn = look(view, plan)
    ends = [100 * end for end in chance.ends]
    dot(axes, 100 * chance.value, ends, at, drawn.colour, drawn.marker, hollow)
    write(axes, percent(chance, "–"), 0.14, at, LOWER_RIGHT, color=drawn.ink, va="center_baseline")
