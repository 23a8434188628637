"""Fan charts of monthly figures: median, middle half and nine-in-ten band, labelled at the line ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from sim.core import words
from sim.core.errors import InputError
from sim.pictures.figures.drawing import UPPER_LEFT, write
from sim.pictures.figures.palette import GREY, INK, Look, look
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, fitted, inches, spread, wrapped
from sim.pictures.figures.time_axis import caption, time_axis
from sim.words.summary.study_view import Plan, View

OVERLAID = 2
"""Most fans on one pair of axes; larger numbers are drawn side by side."""

BANDS = "line: the middle history; dark band: half of the histories; light band: nine in ten"
LEFT, RIGHT, BELOW = 0.62, 1.78, 0.55
ROW = 1.75
"""Inches: margins around one pair of axes, and the height of a row of small ones."""

LINE = 0.155
_GAP, _EDGE, _HEAD = 0.5, 0.2, 0.6


@dataclass(frozen=True)
class PlanFan:
    """One plan's monthly quantiles, its style, and the figures at the end of its line."""

    plan: Plan
    look: Look
    table: pd.DataFrame
    words: tuple[str, ...]


def fans(view: View, series: str, unit: str) -> list[PlanFan]:
    """The fans of one series; `unit` follows the last figure; InputError without monthly figures."""
    found = [(plan, view.trajectory(plan, series)) for plan in view.plans]
    kept = [PlanFan(plan, look(view, plan), table, _end(table, unit)) for plan, table in found if table is not None]
    if not kept:
        raise InputError("this study kept no monthly figures: run it with study.trajectories=all")
    return kept


def _end(table: pd.DataFrame, unit: str) -> tuple[str, ...]:
    last = table.iloc[-1]
    said = words.bracketed("", words.decimal(last["p05"]), words.decimal(last["p95"]))
    return f"{words.money(last['p50'])}{unit}", said.strip()


def body(shown: Sequence[PlanFan], single: float = 3.7, row: float = ROW) -> float:
    """Height in inches of the fans, on one pair of axes or side by side in rows."""
    return single if len(shown) <= OVERLAID else row * -(-len(shown) // 2) + BELOW


def draw(axes: Axes, fan: PlanFan) -> None:
    """Draw two bands of one hue without outlines, and the median in the plan's own dash."""
    table, colour = fan.table, fan.look.colour
    months = table.index.to_numpy()
    axes.fill_between(months, table["p05"], table["p95"], color=colour, alpha=0.16, linewidth=0, zorder=1)
    axes.fill_between(months, table["p25"], table["p75"], color=colour, alpha=0.28, linewidth=0, zorder=2)
    axes.plot(months, table["p50"], color=colour, linewidth=2.0, linestyle=fan.look.dash, zorder=4)


def lines(axes: Axes, view: View, series: str, middle: str = "p50", times: float = 1.0) -> float:
    """Draw each plan's line of a series, with the nine-in-ten band of one or two; the highest figure drawn."""
    highest = 0.0
    for plan in view.plans:
        table = view.trajectory(plan, series)
        if table is None:
            continue
        drawn, high = look(view, plan), times * table[middle]
        axes.plot(table.index, high, color=drawn.colour, linestyle=drawn.dash, linewidth=1.6, zorder=3)
        if plan.is_reference or len(view.plans) <= OVERLAID:
            low, high = times * table["p05"], times * table["p95"]
            axes.fill_between(table.index, low, high, color=drawn.colour, alpha=0.16, linewidth=0)
        highest = max(highest, float(high.max()))
    return highest


def overlaid(
    page: Sheet, view: View, shown: Sequence[PlanFan], unit: str, bottom: float, labelled: bool = True
) -> Axes:
    """Draw all fans on one pair of axes from `bottom` inches up, labelled at the line ends."""
    axes = page.axes(LEFT, bottom, WIDTH - LEFT - RIGHT, page.top - bottom - 0.28)
    time_axis(axes, view, labelled)
    for fan in shown:
        draw(axes, fan)
    money_axis(axes, shown)
    write(axes, unit, MARGIN - LEFT, 0.12, UPPER_LEFT, color=GREY)
    end_labels(axes, shown)
    return axes


def money_axis(axes: Axes, shown: Sequence[PlanFan]) -> None:
    """Set the zero line, limits and ticks of the money axis."""
    low = min(0.0, *(float(fan.table["p05"].min()) for fan in shown))
    high = max(0.5, *(float(fan.table["p95"].max()) for fan in shown))
    axes.set_ylim(low - 0.06 * (high - low), high + 0.05 * (high - low))
    axes.axhline(0, color=INK, linewidth=0.9, zorder=3)
    axes.locator_params(axis="y", nbins=6 if inches(axes)[1] > 2 else 4)


def end_labels(axes: Axes, shown: Sequence[PlanFan]) -> None:
    """Write each plan's name and last figure beside its line's end, moved apart if they would overlap."""
    height = inches(axes)[1]
    low, high = axes.get_ylim()
    names = [wrapped(fan.plan.name, RIGHT - 0.3, TEXT, "bold", most=3) for fan in shown]
    labels = [[*name, *fan.words] for fan, name in zip(shown, names, strict=True)]
    half = max(len(label) for label in labels) * LINE / 2
    ends = [(float(fan.table["p50"].iloc[-1]) - low) / (high - low) * height for fan in shown]
    places = spread(ends, 2 * half + 0.08, half - 0.25, height - half + 0.2)
    for fan, name, label, end, place in zip(shown, names, labels, ends, places, strict=True):
        end_label(axes, label, len(name), end, place, fan.look.ink)


def end_label(axes: Axes, lines: Sequence[str], bold: int, end: float, place: float, ink: str) -> None:
    """Text lines right of the axes, centred `place` inches up, with a leader from `end`; the first `bold` are bold."""
    height = inches(axes)[1]
    leader = [end / height, place / height]
    axes.plot([1.005, 1.03], leader, transform=axes.transAxes, color=ink, linewidth=0.8, clip_on=False)
    top = place + LINE * len(lines) / 2
    for number, text in enumerate(lines):
        up = top - (number + 0.5) * LINE
        weight = "bold" if number < bold else "normal"
        write(axes, text, 0, up, (1.04, 0), va="center_baseline", color=ink, weight=weight)


def side_by_side(page: Sheet, view: View, shown: Sequence[PlanFan], bottom: float) -> list[Axes]:
    """Draw one small pair of axes per plan on shared scales in two columns, each with the reference's median."""
    up = (page.top - bottom) / -(-len(shown) // 2)
    across = (WIDTH - LEFT - _GAP - _EDGE) / 2
    made: list[Axes] = []
    for number, fan in enumerate(shown):
        row, column = divmod(number, 2)
        axes = page.axes(LEFT + column * (across + _GAP), page.top - (row + 1) * up, across, up - _HEAD)
        time_axis(axes, view, labelled=number + 2 >= len(shown), titled=False)
        if fan is not shown[0]:
            usual = shown[0].table
            axes.plot(usual.index, usual["p50"], color=shown[0].look.colour, linewidth=1.0, zorder=3)
        draw(axes, fan)
        money_axis(axes, shown)
        heading(axes, fan)
        made.append(axes)
    caption(page, view)
    return made


def heading(axes: Axes, fan: PlanFan) -> None:
    """Write a plan's name and last figure above its small axes."""
    across = inches(axes)[0] + _GAP - 0.15
    name, figure = fitted(fan.plan.name, across, TEXT, "bold"), fitted(" ".join(fan.words), across)
    write(axes, name, 0, 0.28, UPPER_LEFT, color=fan.look.ink, weight="bold")
    write(axes, figure, 0, 0.12, UPPER_LEFT, color=fan.look.ink)
