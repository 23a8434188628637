"""Trade-offs: a small panel for each outcome of each concern, with one line per plan."""

from __future__ import annotations

from math import isfinite
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.compare.compared_sides import Side
from sim.analysis.compare.concerns import unit_of
from sim.analysis.compare.side_by_side import Comparison
from sim.analysis.estimates import CLEAR, MEDIAN, NOT_APART
from sim.core import words
from sim.pictures.figures.style import (
    COLOURS,
    FAINT,
    GREY,
    INK,
    MARGIN,
    MARKERS,
    TEXT,
    WIDTH,
    Look,
    Sheet,
    beside,
    fitted,
    sheet,
    styled,
    text_width,
    wrapped,
)
from sim.words.comparing.comparison_page import headline
from sim.words.comparing.naming import Called, place, with_unit

_NAME, _GAP, _VALUES = 0.8, 0.2, 1.62
"""Inches: width of a concern's name, gap between panels, and width of the figures beside a panel."""
_STEP, _ABOVE, _BELOW = 0.2, 0.3, 0.3
_WORDS = {
    "better": "better",
    "worse": "worse",
    "higher": "higher",
    "lower": "lower",
    "identical": "same",
    NOT_APART: "tied",
    "": "",
}
_TITLE = 150
"""Most characters of the title, three lines."""


def trade_off(found: Comparison) -> Figure:
    """Figure of the plans' outcomes with 95% intervals, marking clear differences from the reference."""
    with styled():
        called = Called(found.sides.every)
        key = _key(found, called)
        row = _ABOVE + _STEP * len(found.shown) + _BELOW
        page = sheet(_title(found), _subtitle(found, called), 0.22 * len(key) + 0.06 + row * len(found.concerns))
        _draw_key(page, key)
        top = page.top - 0.22 * len(key) - 0.06
        for number, concern in enumerate(found.concerns):
            floor = top - (number + 1) * row
            _concern(page, concern.name, floor, row, number > 0)
            for at, outcome in enumerate(concern.outcomes):
                _panel(page, found, outcome, at, floor + _BELOW)
        return page.figure


def _title(found: Comparison) -> str:
    """The first sentence of the answer, cut at its first pause if long."""
    first = headline(found).partition(". ")[0].removesuffix(".")
    for pause in ("; the best", ": it is ahead"):
        first = first.partition(pause)[0] if len(first) > _TITLE else first
    return first if len(first) <= _TITLE else first[: _TITLE - 1].rstrip() + "…"


def _subtitle(found: Comparison, called: Called) -> str:
    counts = sorted({found.histories(side) for side in found.shown})
    each = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    left_out = len(found.sides.every) - len(found.shown)
    more = (
        f"; the reference and the {len(found.shown) - 1} that lead of {len(found.sides.every)} plans"
        if left_out
        else ""
    )
    place_name = words.listed(dict.fromkeys(side.partnership.name for side in found.shown))
    tied = f"hollow: {NOT_APART} from {called.mid(found.reference.key)}; words: beside it"
    noun = "history" if counts == [1] else "histories"
    medians = any(level.kind == MEDIAN for level in found.levels.values())
    which = "Mean, or median where it may be never," if medians else "Mean"
    return f"{which} over {each} {noun} of each plan, with its 95% interval; {tied}{more}. {place_name}"


def _look(number: int) -> Look:
    return Look(COLOURS[number], "-", MARKERS[number])


def _key(found: Comparison, called: Called) -> list[list[tuple[int, str, float]]]:
    """Legend of the plans in as few lines as fit: line number, name, inches from the left."""
    rows: list[list[tuple[int, str, float]]] = [[]]
    at = 0.0
    for number, side in enumerate(found.shown):
        name = fitted(called.name(side.key), WIDTH - 2 * MARGIN - 0.5, TEXT, "bold")
        wide = 0.25 + text_width(name, TEXT, "bold") + 0.25
        if at + wide > WIDTH - 2 * MARGIN and rows[-1]:
            rows.append([])
            at = 0.0
        rows[-1].append((number, name, at))
        at += wide
    return rows


def _draw_key(page: Sheet, key: list[list[tuple[int, str, float]]]) -> None:
    height = 0.22 * len(key)
    axes = page.axes(MARGIN, page.top - height, WIDTH - 2 * MARGIN, height)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - 2 * MARGIN)
    axes.set_ylim(0, height)
    for number, row in enumerate(key):
        up = height - 0.11 - 0.22 * number
        for plan, name, at in row:
            drawn = _look(plan)
            axes.plot([at + 0.09], [up], color=drawn.colour, marker=drawn.marker, linestyle="")
            axes.text(at + 0.25, up, name, fontsize=TEXT, weight="bold", color=drawn.ink, va="center_baseline")


def _concern(page: Sheet, name: str, floor: float, height: float, ruled: bool) -> None:
    axes = page.axes(MARGIN, floor, WIDTH - 2 * MARGIN, height)
    axes.set_axis_off()
    axes.set_ylim(0, height)
    axes.text(0, height - 0.12, name, fontsize=TEXT, weight="bold", va="top", transform=beside(axes, 0, 0))
    axes.texts[-1].set_position((0, 1 - 0.1 / height))
    if ruled:
        axes.axhline(height, color=FAINT, linewidth=0.8)


def _panel(page: Sheet, found: Comparison, outcome: str, at: int, floor: float) -> None:
    """Draw dots with intervals, with figures and verdicts beside them."""
    each = (WIDTH - 2 * MARGIN - _NAME - _GAP) / 2
    left = MARGIN + _NAME + at * (each + _GAP)
    height = _STEP * len(found.shown)
    axes = page.axes(left, floor, each - _VALUES, height)
    _scale(axes, found, outcome, height)
    title = wrapped(with_unit(outcome, found.in_shares), each, TEXT, most=1)[0]
    axes.text(0, 1, title, transform=beside(axes, 0, 0.07), fontsize=TEXT, color=INK)
    for number, side in enumerate(found.shown):
        _dot(axes, found, outcome, side, number, height - _STEP * (number + 0.5))


def _scale(axes: Axes, found: Comparison, outcome: str, height: float) -> None:
    levels = [found.levels[side.key, outcome] for side in found.shown]
    ends = [end for level in levels for end in (level.low, level.value, level.high) if isfinite(end)] or [0.0, 1.0]
    low, high = min(ends), max(ends)
    pad = 0.08 * (high - low) or 0.5 * max(abs(high), 0.1)
    floor, roof = low - pad, high + pad
    if unit_of(outcome, found.in_shares) in ("flag", "share"):
        floor, roof = max(floor, 0.0 if low >= 0 else floor), min(roof, 1.0 if high <= 1 else roof)
    axes.set_xlim(floor, roof)
    axes.set_ylim(0, height)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    scale = 100 if unit_of(outcome, found.in_shares) in ("flag", "share", "share of expenditure") else 1
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{scale * value:.3g}".replace("-", "−")))
    axes.tick_params(labelsize=TEXT, pad=2)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)


def _dot(axes: Axes, found: Comparison, outcome: str, side: Side, number: int, at: float) -> None:
    drawn, level = _look(number), found.levels[side.key, outcome]
    verdict = found.verdict(side, outcome)
    hollow = side is not found.reference and verdict not in CLEAR
    if isfinite(level.value):
        roof = axes.get_xlim()[1]
        ends = [end if isfinite(end) else roof for end in (level.low, level.high)]
        axes.plot(ends, [at, at], color=drawn.colour, linewidth=2, solid_capstyle="butt", zorder=3)
        axes.plot(
            [level.value],
            [at],
            marker=drawn.marker,
            markersize=6,
            color=drawn.colour,
            markeredgewidth=1.4,
            markerfacecolor="white" if hollow else drawn.colour,
            linestyle="",
            clip_on=False,
            zorder=4,
        )
    where = axes.get_position().width * WIDTH
    usual: dict[str, Any] = {"fontsize": TEXT, "va": "center_baseline", "label": "direct label"}
    value, right = beside(axes, where + 0.1, at), beside(axes, where + _VALUES - 0.02, at)
    axes.text(0, 0, place(level, outcome, found.in_shares), transform=value, color=drawn.ink, **usual)
    axes.text(0, 0, _WORDS.get(verdict, verdict), transform=right, color=GREY, ha="right", **usual)
