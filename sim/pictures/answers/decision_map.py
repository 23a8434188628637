"""Decision map: winning plan over two keys as axes; colour for the winner, strength for certainty."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import NOT_APART
from sim.analysis.regions.map_axes import MapAxis
from sim.analysis.regions.winners import NO_RESULT, WinnerMap
from sim.core import words
from sim.pictures.figures.drawing import PLAIN, Legend, LegendEntry, bar, legend, spot, write
from sim.pictures.figures.palette import COLOURS, FAINT, GREY, INK, MARKERS, PAPER, luminance, tint
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, fitted, sheet, styled, text_width, wrapped
from sim.words.answers.map_words import headline, histories, measured

_EDGE, _ROW, _TALLEST, _LOWEST = 0.2, 0.36, 4.6, 1.8
_LABEL = 1.9
"""Inches reserved for the labels along a side."""
_STEPS = 5
_HATCHED: dict[str, Any] = {"facecolor": PAPER, "edgecolor": GREY, "hatch": "////"}
_PALEST = 0.25
"""Opacity (0 to 1) of a plan's colour where its chance of being best is no more than even."""


@styled()
def decision_map(found: WinnerMap, scope: str = "") -> Figure:
    """The decision map; `scope` ends the subtitle (histories, partnership)."""
    left = 0.68 + min(_LABEL, max(text_width(label) for label in _ticks(found.y, _LABEL)))
    width = WIDTH - left - _EDGE
    across = _ticks(found.x, _LABEL)
    turned = max(text_width(label) for label in across) > 0.92 * width / len(across)
    below = 0.3 + (min(_LABEL, max(text_width(label) for label in across)) if turned else 0.16)
    key = _key(found)
    height = min(_TALLEST, max(_LOWEST, _ROW * len(found.y.labels)))
    what = f"Plan that does best on {measured(found)}, and in how many histories it is best, %; {histories(found)}"
    page = sheet(headline(found), f"{what}{f'; {scope}' if scope else ''}", key.height + 0.06 + height + below)
    key.draw(page)
    axes = page.axes(left, page.bottom + below, width, height)
    _places(axes, found, width / len(found.x.labels), height / len(found.y.labels))
    _sides(axes, found, across, turned)
    side = "\n".join(wrapped(_titled(found.y), height, most=2))
    turn = {"rotation": 90, "va": "center", "multialignment": "center"}
    write(axes, side, MARGIN - left, 0, (0, 0.5), color=GREY, **turn)
    return page.figure


def _titled(side: MapAxis) -> str:
    return words.start_of(side.name)


def _ticks(side: MapAxis, width: float) -> list[str]:
    labels = [mark or label for mark, label in zip(side.marks, side.labels, strict=True)] if side.marks else side.labels
    return [fitted(label, width) for label in labels]


def _sides(axes: Axes, found: WinnerMap, across: list[str], turned: bool) -> None:
    columns, rows = len(found.x.labels), len(found.y.labels)
    axes.set_xlim(0, columns)
    axes.set_ylim(0, rows)
    step = max(1, math.ceil(columns / 24))
    places = [place + 0.5 for place in range(0, columns, step)]
    axes.set_xticks(places, across[::step], rotation=90 if turned else 0)
    axes.set_yticks([place + 0.5 for place in range(rows)], _ticks(found.y, _LABEL))
    axes.tick_params(length=0)
    axes.set_xlabel(fitted(_titled(found.x), WIDTH - 2 * MARGIN - 1), **PLAIN)
    axes.spines[:].set_visible(False)


def _places(axes: Axes, found: WinnerMap, width: float, height: float) -> None:
    lettered = width >= 0.42 and height >= 0.2
    for place in found.places.to_dict("records"):
        at = (place["x"], place["y"])
        if place["verdict"] == NO_RESULT:
            bar(axes, *at, 1, 1, facecolor=PAPER, edgecolor=FAINT, linewidth=0.5)
        elif place["verdict"] == NOT_APART:
            bar(axes, *at, 1, 1, **_HATCHED)
            bar(axes, *at, 1, 1, fill=False, edgecolor=PAPER, linewidth=1)
        else:
            number = found.plans.index(place["verdict"])
            colour = tint(COLOURS[number], _strength(place["chance_best"], len(found.plans)))
            bar(axes, *at, 1, 1, facecolor=colour, edgecolor=PAPER, linewidth=1)
            ink = INK if luminance(*colour) > 0.18 else PAPER
            text = words.percent(place["chance_best"]).replace("over ", ">") if lettered else ""
            _mark(axes, (at[0] + 0.5, at[1] + 0.5), MARKERS[number], text, ink, width)


def _mark(axes: Axes, middle: tuple[float, float], marker: str, text: str, ink: str, width: float) -> None:
    """Draw the plan's marker, with the chance beside it if there is room."""
    shift = (0.5 * text_width(text) + 0.02) / width if text else 0.0
    spot(axes, middle[0] - shift, middle[1], ink, marker, size=4)
    if text:
        place = middle[0] + 0.07 / width
        axes.text(place, middle[1], text, fontsize=TEXT, color=ink, ha="center", va="center_baseline")


def _strength(chance: float, plans: int) -> float:
    """Opacity of a colour (0 to 1), rising from an even chance of being best to certainty."""
    even = 1 / plans
    return _PALEST + (1 - _PALEST) * min(1.0, max(0.0, (chance - even) / (1 - even)))


def _key(found: WinnerMap) -> Legend:
    """Legend of the plans that win somewhere, then of the hatched zone."""
    low = f"{round(100 / len(found.plans))}%"
    wide = 0.9 + text_width(low) + text_width("100%")
    entries = [
        LegendEntry(f"{plan} wins", partial(_ramp, plan=number, low=low), wide)
        for number, plan in enumerate(found.plans)
        if found.won(plan)
    ]
    if (found.places["verdict"] == NOT_APART).any():
        entries.append(LegendEntry(words.start_of(NOT_APART), _hatched, 0.4))
    return legend(entries, line=0.24, gap=0.3)


def _hatched(axes: Axes, at: float, up: float) -> None:
    bar(axes, at, up - 0.07, 0.32, 0.14, **_HATCHED)


def _ramp(axes: Axes, at: float, up: float, plan: int, low: str) -> None:
    spot(axes, at + 0.06, up, COLOURS[plan], MARKERS[plan], size=5)
    write(axes, low, at + 0.15, up, color=GREY, va="center_baseline")
    start, wide = at + 0.19 + text_width(low), 0.5 / _STEPS
    for step in range(_STEPS):
        colour = tint(COLOURS[plan], _PALEST + (1 - _PALEST) * step / (_STEPS - 1))
        bar(axes, start + step * wide, up - 0.07, wide, 0.14, facecolor=colour)
    write(axes, "100%", start + 0.54, up, color=GREY, va="center_baseline")
