"""Plans found by a search: two objectives as a plane, other numbers as columns of dots, with intervals."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.seeking.pareto import Objective, Pareto, Sought
from sim.core import words
from sim.pictures.figures.style import (
    COLOURS,
    FAINT,
    GREY,
    INK,
    MARGIN,
    TEXT,
    WIDTH,
    Sheet,
    beside,
    fitted,
    sheet,
    styled,
    wrapped,
)
from sim.words.answers.pareto_words import headline

_BODY, _LEFT, _BELOW = 3.9, 0.85, 0.6
_ROW, _NAMES, _GAP, _LINE = 0.42, 2.35, 0.25, 0.16
_FOUND, _START = COLOURS[0], GREY


def pareto(found: Pareto) -> Drawing:
    """Figure of every plan found, on fresh luck with 95% intervals, beside the search's own estimates."""
    with styled():
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
    return 0.4 + _LINE * (3 if len(found.objectives) < 4 else 6)


def _every(found: Pareto) -> list[Sought]:
    return [*found.plans, *([found.start] if found.start else [])]


def _plane(page: Sheet, found: Pareto) -> None:
    axes = page.axes(_LEFT, page.bottom + _BELOW, WIDTH - _LEFT - 4 * MARGIN, _BODY - _BELOW - 0.1)
    across, up = found.objectives
    _percent(axes.xaxis, across)
    _percent(axes.yaxis, up)
    axes.set_xlabel(_said(across, WIDTH - _LEFT - MARGIN), color=INK, fontsize=TEXT)
    axes.set_ylabel("\n".join(wrapped(_said(up, 99.0), _BODY - _BELOW, most=2)), color=INK, fontsize=TEXT)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    for plan in _every(found):
        x, y = plan.figures
        colour = _FOUND if plan.number else _START
        axes.plot(
            [x.searched, x.fresh.value], [y.searched, y.fresh.value], color=colour, linewidth=0.6, alpha=0.6, zorder=2
        )
        axes.plot([x.searched], [y.searched], **_hollow(colour))
        axes.plot(x.fresh.ends, [y.fresh.value, y.fresh.value], color=colour, linewidth=1.1, alpha=0.7, zorder=3)
        axes.plot([x.fresh.value, x.fresh.value], y.fresh.ends, color=colour, linewidth=1.1, alpha=0.7, zorder=3)
        axes.plot([x.fresh.value], [y.fresh.value], **_filled(plan, colour))
        axes.annotate(
            str(plan.number) if plan.number else "start",
            (x.fresh.value, y.fresh.value),
            (5, 5),
            textcoords="offset points",
            fontsize=TEXT,
            color=INK if plan.number else GREY,
            weight="bold",
            label="direct label",
            zorder=5,
        )


def _columns(page: Sheet, found: Pareto, rows: int) -> None:
    count = len(found.objectives)
    width = (WIDTH - _NAMES - 2 * MARGIN - _GAP * (count - 1)) / count
    height = _ROW * rows
    for column, objective in enumerate(found.objectives):
        left = _NAMES + column * (width + _GAP)
        axes = page.axes(left, page.bottom + _under(found), width, height)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(max(2, round(width / 0.7)), min_n_ticks=2))
        _percent(axes.xaxis, objective)
        axes.grid(axis="x", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel("\n".join(wrapped(_said(objective, 99.0), width + _GAP / 2, most=6)), color=INK, fontsize=TEXT)
        for row, plan in enumerate(_every(found)):
            figure, colour = plan.figures[column], _FOUND if plan.number else _START
            axes.plot(figure.fresh.ends, [row, row], color=colour, linewidth=1.8, zorder=3)
            axes.plot([figure.searched], [row], **_hollow(colour))
            axes.plot([figure.fresh.value], [row], **_filled(plan, colour))
            if not column:
                _name(axes, plan, (rows - row - 0.5) * _ROW)


def _name(axes: Axes, plan: Sought, up: float) -> None:
    text = f"{plan.number}: {plan.words or 'as it began'}" if plan.number else "The plan it began with"
    lines = wrapped(text, _NAMES - MARGIN - 0.15, most=2)
    axes.text(
        0,
        0,
        "\n".join(lines),
        transform=beside(axes, MARGIN - _NAMES, up),
        fontsize=TEXT,
        va="center",
        color=INK if plan.number else GREY,
        label="direct label",
    )


def _filled(plan: Sought, colour: str) -> dict[str, Any]:
    marker = "X" if plan.beaten else "o" if plan.number else "s"
    return {"marker": marker, "markersize": 6.5, "color": colour, "linestyle": "", "zorder": 4}


def _hollow(colour: str) -> dict[str, Any]:
    return {
        "marker": "o",
        "markersize": 4.5,
        "color": colour,
        "markerfacecolor": "white",
        "linestyle": "",
        "zorder": 2.5,
    }


def _percent(axis: Any, objective: Objective) -> None:
    if objective.measure.unit == "share":
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))


def _said(objective: Objective, width: float) -> str:
    measured = objective.measure
    unit = "" if measured.unit in ("share", "number") else f", {measured.unit}"
    way = "higher" if objective.direction == "higher" else "lower"
    return fitted(f"{words.start_of(measured.words)}{unit} ({way} is sought)", width)
