"""Trade-offs: a small panel for each outcome of each concern, with one line per plan."""

from __future__ import annotations

from math import isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.compare.compared_sides import Side
from sim.analysis.compare.concerns import unit_of
from sim.analysis.compare.side_by_side import Comparison
from sim.analysis.estimates import CLEAR, MEDIAN, NOT_APART
from sim.core import words
from sim.pictures.figures.drawing import UPPER_LEFT, as_rows, dot, legend, named, numbered, strip, write
from sim.pictures.figures.palette import COLOURS, FAINT, GREY, MARKERS, Look
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, sheet, styled, wrapped
from sim.words.comparing.comparison_page import headline
from sim.words.comparing.naming import Called, place, with_unit

_NAME, _GAP, _VALUES = 0.8, 0.2, 1.62
"""Inches: width of a concern's name, gap between panels, and width of the figures beside a panel."""
_STEP, _ABOVE, _BELOW = 0.2, 0.3, 0.3
_WORDS = {"identical": "same", NOT_APART: "tied"}
"""Short forms of verdicts."""
_TITLE = 150
"""Most characters of the title, three lines."""


@styled()
def trade_off(found: Comparison) -> Figure:
    """Figure of the plans' outcomes with 95% intervals, marking clear differences from the reference."""
    called = Called(found.sides.every)
    key = legend([named(called.name(side.key), _look(number)) for number, side in enumerate(found.shown)])
    row = _ABOVE + _STEP * len(found.shown) + _BELOW
    page = sheet(_title(found), _subtitle(found, called), key.height + row * len(found.concerns))
    key.draw(page)
    top = page.top - key.height
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


def _concern(page: Sheet, name: str, floor: float, height: float, ruled: bool) -> None:
    axes = strip(page, height, floor + height)
    write(axes, name, 0, height - 0.1, weight="bold", va="top")
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
    write(axes, title, 0, 0.07, UPPER_LEFT)
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
    as_rows(axes, height)
    hundred = unit_of(outcome, found.in_shares) in ("flag", "share", "share of expenditure")
    numbered(axes.xaxis, 3, 100 if hundred else 1, steps=[1, 2, 5, 10])
    axes.tick_params(labelsize=TEXT, pad=2)


def _dot(axes: Axes, found: Comparison, outcome: str, side: Side, number: int, at: float) -> None:
    drawn, level = _look(number), found.levels[side.key, outcome]
    verdict = found.verdict(side, outcome)
    hollow = side is not found.reference and verdict not in CLEAR
    if isfinite(level.value):
        roof = axes.get_xlim()[1]
        ends = [end if isfinite(end) else roof for end in (level.low, level.high)]
        dot(axes, level.value, ends, at, drawn.colour, drawn.marker, hollow)
    where = axes.get_position().width * WIDTH
    said, told = place(level, outcome, found.in_shares), _WORDS.get(verdict, verdict)
    write(axes, said, where + 0.1, at, color=drawn.ink, va="center_baseline")
    write(axes, told, where + _VALUES - 0.02, at, color=GREY, ha="right", va="center_baseline")
