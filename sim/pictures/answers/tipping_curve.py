"""Tipping point: a measure along one lever with bounds, target, and the bracket between safe and unsafe values."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.seeking.tipping import Point, Tipping
from sim.core import words
from sim.pictures.figures.style import (
    COLOURS,
    FAINT,
    GREY,
    INK,
    MARGIN,
    TEXT,
    WIDTH,
    Look,
    beside,
    fitted,
    sheet,
    styled,
    wrapped,
)
from sim.plans import key_words
from sim.words.answers.tipping_words import headline

_LEFT, _RIGHT, _BELOW, _ABOVE, _BODY = 0.85, 1.35, 0.55, 0.5, 3.1
_KEY = 0.34
"""Inches from the top of the axes to the middle of the legend."""

_LOOKS = {"kept": Look(COLOURS[0], "-", "o"), "lost": Look(COLOURS[1], "-", "s"), "open": Look(GREY, "-", "D")}
_NAMES = {"kept": "target kept", "lost": "target lost", "open": "cannot be told"}


def tipping(found: Tipping, plan: str) -> Figure:
    """Figure of the measure at each tried lever value of one plan, with the bounds behind its verdict."""
    with styled():
        least, most = min(point.measured.n for point in found.points), max(point.measured.n for point in found.points)
        histories = f"{least:,} histories" if least == most else f"{least:,} to {most:,} histories"
        shaded = "; shaded: between safe and unsafe" if found.crossings else ""
        subtitle = (
            f"{words.start_of(found.target.measure.subject)}, by {found.scale.name}; {plan}, {histories} a value; "
            f"lines: bounds right at all values together with 95% confidence{shaded}"
        )
        page = sheet(headline(found).rstrip("."), subtitle, _BODY)
        width, height = WIDTH - _LEFT - _RIGHT, _BODY - _BELOW - _ABOVE
        axes = page.axes(_LEFT, page.bottom + _BELOW, width, height)
        _scales(axes, found)
        _brackets(axes, found)
        for point in found.points:
            _draw(axes, point)
        _key(axes, found)
        return page.figure


def _scales(axes: Axes, found: Tipping) -> None:
    low, high = found.scale.low, found.scale.high
    axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    ends = [*(end for point in found.points for end in point.measured.ends), found.target.number]
    bottom, top = min(ends), max(ends)
    if found.target.measure.is_chance:
        bottom, top = 0.0, min(1.0, top)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))
    pad = 0.06 * (top - bottom)
    axes.set_ylim(bottom - (0.0 if found.target.measure.is_chance else pad), top + pad)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=found.scale.whole))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
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
    axes.text(
        1.01,
        found.target.number,
        "\n".join(right),
        transform=axes.get_yaxis_transform(),
        fontsize=TEXT,
        color=INK,
        va="center",
        ha="left",
        label="direct label",
    )
    for crossing in found.crossings:
        axes.axvspan(*sorted((crossing.safe, crossing.unsafe)), color=FAINT, alpha=0.8, linewidth=0, zorder=0)
    if found.scale.now is not None and found.scale.low <= found.scale.now <= found.scale.high:
        axes.axvline(found.scale.now, color=GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1)
        text = f"the plan: {key_words.rounded(found.scale.now)}"
        axes.text(
            found.scale.now,
            1.0,
            text,
            transform=axes.get_xaxis_transform(),
            fontsize=TEXT,
            color=GREY,
            va="bottom",
            ha="center",
            label="direct label",
        )


def _draw(axes: Axes, point: Point) -> None:
    drawn = _LOOKS[point.verdict]
    axes.plot([point.value] * 2, point.measured.ends, color=drawn.colour, linewidth=1.6, zorder=3)
    axes.plot(
        [point.value],
        [point.measured.value],
        marker=drawn.marker,
        markersize=6,
        color=drawn.colour,
        linestyle="",
        markeredgewidth=1.4,
        markerfacecolor=drawn.colour if point.verdict == "kept" else "white",
        zorder=4,
    )


def _key(axes: Axes, found: Tipping) -> None:
    """Draw a legend of the verdicts that occur, above the axes."""
    place = 0.0
    for verdict, drawn in _LOOKS.items():
        if not found.at(verdict):  # type: ignore[arg-type]
            continue
        at = beside(axes, place, _KEY)
        axes.plot(
            [0.0],
            [1.0],
            marker=drawn.marker,
            markersize=6,
            color=drawn.colour,
            linestyle="",
            transform=at,
            markeredgewidth=1.4,
            markerfacecolor=drawn.colour if verdict == "kept" else "white",
            clip_on=False,
        )
        axes.text(
            0.0,
            1.0,
            _NAMES[verdict],
            transform=beside(axes, place + 0.1, _KEY),
            fontsize=TEXT,
            color=drawn.ink,
            va="center",
            weight="bold",
            label="direct label",
        )
        place += 0.1 + 1.25
