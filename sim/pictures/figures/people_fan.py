"""Staff and members over time: engagement, fatigue, uncertainty, trust, and buy-in by council."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.core.errors import InputError
from sim.core.events import KINDS
from sim.pictures.figures.drawing import UPPER_LEFT, plan_legend, write
from sim.pictures.figures.fan import OVERLAID, lines
from sim.pictures.figures.palette import look
from sim.pictures.figures.style import TEXT, WIDTH, Sheet, fitted, inches, sheet
from sim.pictures.figures.time_axis import caption, time_axis
from sim.pictures.people_series import SeriesPanel, series_panels
from sim.words.summary import findings
from sim.words.summary.study_view import Plan, View

_LEFT, _EDGE, _GAP, _BELOW = 0.42, 0.2, 0.42, 0.55
_ROW, _HEAD = 1.42, 0.4
_WIDE = 2
_VOTES = {kind.name: kind.mark for kind in KINDS.values() if kind.vote}


def people_and_members(view: View) -> Figure:
    """Small multiples on one time axis, scores out of 100, with the typical history's votes as ticks."""
    rows = _rows(view)
    if not rows:
        raise InputError("this study kept no monthly figures: run it with study.trajectories=all")
    key = plan_legend(view, lines=True)
    banded = (
        "nine histories in ten" if len(view.plans) <= OVERLAID else f"nine histories in ten of {view.reference.mid}"
    )
    history = "the typical history of " + ("each plan" if len(view.plans) == OVERLAID else view.reference.mid)
    votes = f"; | vote won, × vote lost in {history}" if _votes_known(view) else ""
    subtitle = f"Scores out of 100 (line: the middle history; band: {banded}{votes}); {view.scope}"
    page = sheet(findings.people(view), subtitle, key.height + _ROW * len(rows) + _BELOW)
    key.draw(page)
    for number, row in enumerate(rows):
        _draw_row(page, view, row, page.top - key.height - number * _ROW, rows)
    caption(page, view)
    return page.figure


def _rows(view: View) -> list[list[SeriesPanel]]:
    """Panels by row: four of the whole partnership, then leaders and back benchers by council."""
    councils = [council.name for council in view.partnership.councils]
    whole, leaders, bench = series_panels(councils)
    groups = [whole, leaders + bench] if len(councils) == 1 else [whole, leaders, bench]
    rows = []
    for group in groups:
        known = [panel for panel in group if view.trajectory(view.reference, panel.series) is not None]
        rows += [known[start : start + _WIDE] for start in range(0, len(known), _WIDE)]
    return rows


def _draw_row(page: Sheet, view: View, row: list[SeriesPanel], top: float, rows: list[list[SeriesPanel]]) -> None:
    across = (WIDTH - _LEFT - _EDGE - _GAP * (_WIDE - 1)) / _WIDE
    for column, panel in enumerate(row):
        axes = page.axes(_LEFT + column * (across + _GAP), top - _ROW, across, _ROW - _HEAD)
        below = rows[rows.index(row) + 1 :]
        lowest = not any(len(other) > column for other in below)
        time_axis(axes, view, labelled=lowest, titled=False, council=panel.council)
        _draw(axes, view, panel)


def _draw(axes: Axes, view: View, panel: SeriesPanel) -> None:
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    lines(axes, view, panel.series, times=100)
    if panel.series == "fatigue" and view.fatigue_line is not None:
        _line(axes, view, view.fatigue_line)
    voting = view.plans if len(view.plans) <= OVERLAID else view.plans[:1]
    for place, plan in enumerate(voting):
        _votes(axes, view, plan, panel.council, place)
    name = fitted(panel.title, inches(axes)[0] + 0.1, TEXT, "bold")
    write(axes, name, 0, 0.1, UPPER_LEFT, weight="bold")


def _line(axes: Axes, view: View, line: float) -> None:
    axes.axhline(100 * line, color="black", linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)
    end = 0 if _free_at_the_start(view, line) else 1
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.5}
    side, up = "right" if end else "left", line * inches(axes)[1] + 0.03
    write(axes, "its line", 0.04 - 0.08 * end, up, (end, 0), ha=side, zorder=5, bbox=paper)


def _free_at_the_start(view: View, line: float) -> bool:
    """True if fatigue stays below its limit in the first quarter of the horizon."""
    tables = [view.trajectory(plan, "fatigue") for plan in view.plans]
    return all(float(table["p50"].iloc[: view.horizon // 4].max()) < line for table in tables if table is not None)


def _votes_known(view: View) -> bool:
    events = view.study.events
    return bool(events["kind"].isin(_VOTES).any())


def _votes(axes: Axes, view: View, plan: Plan, council: str, place: int) -> None:
    """Draw the council's votes in the plan's typical history, one row of ticks per plan at the foot."""
    history = view.typical(plan)
    if not council or history is None:
        return
    for kind, mark in _VOTES.items():
        months = history.loc[(history["kind"] == kind) & (history["entity"] == council), "month"]
        ticks: dict[str, Any] = {"marker": mark, "markersize": 4, "markeredgewidth": 1.1, "color": look(view, plan).ink}
        foot = [0.04 + 0.08 * place] * len(months)
        axes.plot(months, foot, transform=axes.get_xaxis_transform(), linestyle="", zorder=4, **ticks)
