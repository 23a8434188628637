"""Plans found by a search: two objectives as a plane, other numbers as columns of dots, with intervals."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.seeking.pareto import Objective, Pareto, Sought
from sim.core import words
from sim.pictures.figures.drawing import as_rows, dot, grid, name_row, spot
from sim.pictures.figures.palette import COLOURS, GREY, INK
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, fitted, sheet, styled, wrapped
from sim.words.answers.pareto_words import headline

_BODY, _LEFT, _BELOW = 3.9, 0.85, 0.6
_ROW, _NAMES, _GAP, _LINE = 0.42, 2.35, 0.25, 0.16


@styled()
def pareto(found: Pareto) -> Drawing:
    """Figure of every plan found, on fresh luck with 95% intervals, beside the search's own estimates."""
    subtitle = (
        f"Filled: {found.histories:,} histories under fresh luck, with 95% intervals; hollow: what the "
        f"search believed from {found.searched_with:,} under other luck; grey: the plan it began with; "
        "crossed: surely beaten"
    )
    plane = len(found.objectives) == 2
    rows = len(found.plans) + bool(found.start)
    page = sheet(headline(found).rstrip("."), subtitle, _BODY if plane else _ROW * rows + _under(found))
    if plane:
        _plane(page, found)
    else:
        _columns(page, found, rows)
    return page.figure


def _under(found: Pareto) -> float:
    """Inches below the columns for their names; more columns need more lines."""
    return 0.4 + _LINE * (3 if len(found.objectives) < 3 else 6)


def _every(found: Pareto) -> list[Sought]:
    return [*found.plans, *([found.start] if found.start else [])]


def _plane(page: Sheet, found: Pareto) -> None:
    axes = page.axes(_LEFT, page.bottom + _BELOW, WIDTH - _LEFT - 4 * MARGIN, _BODY - _BELOW - 0.1)
    across, up = found.objectives
    _percent(axes.xaxis, across)
    _percent(axes.yaxis, up)
    axes.set_xlabel(_said(across, WIDTH - _LEFT - MARGIN), color=INK, fontsize=TEXT)
    axes.set_ylabel("\n".join(wrapped(_said(up, 99.0), _BODY - _BELOW, most=2)), color=INK, fontsize=TEXT)
    grid(axes)
    for plan in _every(found):
        (x, y), (colour, marker) = plan.figures, _look(plan)
        thin: dict[str, Any] = {"color": colour, "linewidth": 1.1, "alpha": 0.7}
        axes.plot([x.searched, x.fresh.value], [y.searched, y.fresh.value], color=colour, linewidth=0.6, alpha=0.6)
        axes.plot(x.fresh.ends, [y.fresh.value] * 2, **thin)
        axes.plot([x.fresh.value] * 2, y.fresh.ends, **thin)
        spot(axes, x.searched, y.searched, colour, hollow=True, size=4.5, zorder=2.5)
        spot(axes, x.fresh.value, y.fresh.value, colour, marker)
        axes.annotate(
            str(plan.number) if plan.number else "start",
            (x.fresh.value, y.fresh.value),
            (5, 5),
            textcoords="offset points",
            fontsize=TEXT,
            color=INK if plan.number else GREY,
            weight="bold",
            zorder=5,
        )


def _columns(page: Sheet, found: Pareto, rows: int) -> None:
    count = len(found.objectives)
    width = (WIDTH - _NAMES - 2 * MARGIN - _GAP * (count - 1)) / count
    for column, objective in enumerate(found.objectives):
        axes = page.axes(_NAMES + column * (width + _GAP), page.bottom + _under(found), width, _ROW * rows)
        as_rows(axes, rows)
        axes.xaxis.set_major_locator(MaxNLocator(max(2, round(width / 0.7)), min_n_ticks=2))
        _percent(axes.xaxis, objective)
        axes.set_xlabel("\n".join(wrapped(_said(objective, 99.0), width + _GAP / 2, most=6)), color=INK, fontsize=TEXT)
        for row, plan in enumerate(_every(found)):
            figure, at, (colour, marker) = plan.figures[column], rows - row - 0.5, _look(plan)
            dot(axes, figure.fresh.value, figure.fresh.ends, at, colour, marker)
            spot(axes, figure.searched, at, colour, hollow=True, size=4.5, zorder=3.5)
            if not column:
                text = f"{plan.number}: {plan.words or 'as it began'}" if plan.number else "The plan it began with"
                name_row(axes, text, _NAMES, at * _ROW, color=INK if plan.number else GREY)


def _look(plan: Sought) -> tuple[str, str]:
    """Colour and marker of a plan: crossed if surely beaten, grey and square if the search began with it."""
    return COLOURS[0] if plan.number else GREY, "X" if plan.beaten else "o" if plan.number else "s"


def _percent(axis: Any, objective: Objective) -> None:
    if objective.measure.unit == "share":
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))


def _said(objective: Objective, width: float) -> str:
    measured = objective.measure
    unit = "" if measured.unit in ("share", "number") else f", {measured.unit}"
    way = "higher" if objective.direction == "higher" else "lower"
    return fitted(f"{words.start_of(measured.words)}{unit} ({way} is sought)", width)
