"""Cumulative net saving by month, with the payback month of each plan."""

from __future__ import annotations

from math import isinf

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.pictures.figures import fan
from sim.pictures.figures.drawing import UPPER_LEFT, as_rows, spot, write
from sim.pictures.figures.palette import GREY, Look, look
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, fitted, inches, sheet
from sim.pictures.figures.time_axis import time_axis
from sim.words.summary import findings
from sim.words.summary.study_view import Plan, View
from sim.words.verdict_words import percent

SERIES = "cumulative_net_saving_gbp_m"
_ROW = 0.56
_GAP = 0.34


def cumulative_net(view: View) -> Figure:
    """Fans of net saving since the start by plan, with each payback point and its range."""
    shown = fan.fans(view, SERIES, " in all")
    small = len(shown) > fan.OVERLAID
    thin = f"; thin blue line: {shown[0].plan.mid}" if small else ""
    subtitle = (
        f"Savings less all costs since the start, £m ({fan.BANDS}{thin}; bar: when it has paid for itself, "
        f"in nine histories of ten); {view.scope}"
    )
    strip = 0.0 if small else _GAP + _ROW * len(shown)
    page = sheet(findings.payback(view), subtitle, fan.body(shown, 3.3 + strip))
    if small:
        for axes, drawn in zip(fan.side_by_side(page, view, shown, page.bottom + fan.BELOW), shown, strict=True):
            _mark(axes, view, findings.payback_range(view, drawn.plan), drawn.look, 0.0)
    else:
        axes = fan.overlaid(page, view, shown, "£m in all", page.bottom + fan.BELOW + strip, labelled=False)
        for drawn in shown:
            _point(axes, view, findings.payback_range(view, drawn.plan), drawn.look)
        _strip(page, view, [drawn.plan for drawn in shown])
    return page.figure


def _strip(page: Sheet, view: View, plans: list[Plan]) -> None:
    """Draw one row per plan under the fans, on the same time axis: the payback month with its range."""
    axes = page.axes(fan.LEFT, page.bottom + fan.BELOW, WIDTH - fan.LEFT - fan.RIGHT, _ROW * len(plans))
    time_axis(axes, view, marked=False)
    as_rows(axes, len(plans), ruled=False)
    axes.set_ylim(len(plans) - 0.5, -0.5)
    write(axes, "Pays for itself in", MARGIN - fan.LEFT, 0.08, UPPER_LEFT, color=GREY)
    for row, plan in enumerate(plans):
        found, drawn = findings.payback_range(view, plan), look(view, plan)
        _mark(axes, view, found, drawn, row)
        middle = inches(axes)[1] - (row + 0.5) * _ROW
        name = fitted(plan.name, fan.RIGHT - 0.3, TEXT, "bold")
        fan.end_label(axes, [name, *_told(view, plan, found)], 1, middle, middle, drawn.ink)


def _told(view: View, plan: Plan, found: Estimate) -> list[str]:
    never, total = findings.never_pays_back(view, plan), view.histories(plan)
    chance = f"never: {percent(Estimate.of_count(never, total), '–')}"
    if isinf(found.low):
        return [chance]
    first, middle, last = (_year(month) for month in (found.low, found.value, found.high))
    when = f"year {middle} ({first} to {last})" if middle != "never" else f"year {first} to never"
    return [when, chance] if never else [when]


def _year(month: float) -> str:
    return "never" if isinf(month) else str(words.year_in_force(month))


def _mark(axes: Axes, view: View, found: Estimate, drawn: Look, height: float) -> None:
    """Draw the payback month as a marker on its range; an arrow at the edge stands for never."""
    if isinf(found.low):
        spot(axes, view.horizon, height, drawn.colour, ">", zorder=6)
        return
    end = min(found.high, view.horizon)
    axes.plot([found.low, end], [height, height], color=drawn.ink, linewidth=3, solid_capstyle="butt", zorder=5)
    if isinf(found.high):
        spot(axes, end, height, drawn.ink, ">", zorder=6)
    _point(axes, view, found, drawn, height)


def _point(axes: Axes, view: View, found: Estimate, drawn: Look, height: float = 0.0) -> None:
    if not isinf(found.value):
        marker = {"markeredgecolor": "white", "markeredgewidth": 1.0, "zorder": 7}
        spot(axes, found.value, height, drawn.colour, drawn.marker, False, 7, **marker)
