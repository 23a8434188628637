"""Tipping point: a measure along one lever with bounds, target, and the bracket between safe and unsafe values."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.seeking.tipping import Keeping, Point, Tipping
from sim.core import words
from sim.pictures.figures.drawing import grid, legend, named, numbered, spot, write
from sim.pictures.figures.palette import COLOURS, FAINT, GREY, INK, Look
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, fitted, sheet, styled, wrapped
from sim.plans import key_words
from sim.words.answers.tipping_words import headline

_LEFT, _RIGHT, _BELOW, _ABOVE, _BODY = 0.85, 1.35, 0.55, 0.5, 3.1

_LOOKS: dict[Keeping, Look] = {
    "kept": Look(COLOURS[0], "-", "o"),
    "lost": Look(COLOURS[1], "-", "s"),
    "open": Look(GREY, "-", "D"),
}
_NAMES = {"kept": "target kept", "lost": "target lost", "open": "cannot be told"}


@styled()
def tipping(found: Tipping, plan: str) -> Figure:
    """Figure of the measure at each tried lever value of one plan, with the bounds behind its verdict."""
    least, most = min(point.measured.n for point in found.points), max(point.measured.n for point in found.points)
    histories = f"{least:,} histories" if least == most else f"{least:,} to {most:,} histories"
    shaded = "; shaded: between safe and unsafe" if found.crossings else ""
    subtitle = (
        f"{words.start_of(found.target.measure.subject)}, by {found.scale.name}; {plan}, {histories} a value; "
        f"lines: bounds right at all values together with 95% confidence{shaded}"
    )
    key = legend(
        [
            named(_NAMES[verdict], drawn, hollow=verdict != "kept")
            for verdict, drawn in _LOOKS.items()
            if found.at(verdict)
        ]
    )
    page = sheet(headline(found).rstrip("."), subtitle, _BODY)
    key.draw(page)
    width, height = WIDTH - _LEFT - _RIGHT, _BODY - _BELOW - _ABOVE
    axes = page.axes(_LEFT, page.bottom + _BELOW, width, height)
    _scales(axes, found)
    _brackets(axes, found)
    for point in found.points:
        _draw(axes, point)
    return page.figure


def _scales(axes: Axes, found: Tipping) -> None:
    low, high = found.scale.low, found.scale.high
    axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    ends = [*(end for point in found.points for end in point.measured.ends), found.target.number]
    bottom, top = min(ends), max(ends)
    if found.target.measure.is_chance:
        bottom, top = 0.0, min(1.0, top)
    pad = 0.06 * (top - bottom)
    axes.set_ylim(bottom - (0.0 if found.target.measure.is_chance else pad), top + pad)
    numbered(axes.xaxis, 8, integer=found.scale.whole)
    numbered(axes.yaxis, 6, 100 if found.target.measure.is_chance else 1, "%" * found.target.measure.is_chance)
    grid(axes, "y")
    unit = key_words.unit(found.scale.key)
    label = words.start_of(key_words.name(found.scale.key)) + (f", {unit}" if unit else "")
    axes.set_xlabel(fitted(label, WIDTH - _LEFT - MARGIN), color=INK, fontsize=TEXT)
    measured = found.target.measure
    axes.set_ylabel(
        "Chance, % of histories" if measured.is_chance else "Mean, " + measured.unit, color=INK, fontsize=TEXT
    )


def _brackets(axes: Axes, found: Tipping) -> None:
    axes.axhline(found.target.number, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=2)
    right = wrapped(f"target: {found.target.limit}", _RIGHT - MARGIN - 0.1, most=3)
    height = (found.target.number - axes.get_ylim()[0]) / (axes.get_ylim()[1] - axes.get_ylim()[0])
    write(axes, "\n".join(right), 0, 0, (1.01, height), va="center")
    for crossing in found.crossings:
        axes.axvspan(*sorted((crossing.safe, crossing.unsafe)), color=FAINT, alpha=0.8, linewidth=0, zorder=0)
    if found.scale.now is not None and found.scale.low <= found.scale.now <= found.scale.high:
        axes.axvline(found.scale.now, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        text = f"the plan: {key_words.rounded(found.scale.now)}"
        across = axes.transData + axes.transAxes.inverted()
        write(axes, text, 0, 0, (across.transform((found.scale.now, 0))[0], 1), color=GREY, va="bottom", ha="center")


def _draw(axes: Axes, point: Point) -> None:
    drawn, found = _LOOKS[point.verdict], point.measured
    axes.plot([point.value] * 2, found.ends, color=drawn.colour, linewidth=1.6, zorder=3)
    spot(axes, point.value, found.value, drawn.colour, drawn.marker, point.verdict != "kept")
