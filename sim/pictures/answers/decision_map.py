"""Decision map: winning plan over two keys as axes; colour for the winner, strength for certainty."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.estimates import NOT_APART
from sim.analysis.regions.map_axes import MapAxis
from sim.analysis.regions.winners import NO_RESULT, WinnerMap
from sim.core import words
from sim.pictures.figures.style import (
    COLOURS,
    FAINT,
    GREY,
    INK,
    MARGIN,
    MARKERS,
    PAPER,
    TEXT,
    WIDTH,
    Sheet,
    fitted,
    sheet,
    styled,
    text_width,
    wrapped,
)
from sim.words.answers.map_words import headline, histories, measured

_EDGE, _ROW, _TALLEST, _LOWEST = 0.2, 0.36, 4.6, 1.8
_LABEL = 1.9
"""Inches reserved for the labels along a side."""
_STEPS = 5
_PALEST = 0.25
"""Opacity (0 to 1) of a plan's colour where its chance of being best is no more than even."""


def decision_map(found: WinnerMap, scope: str = "") -> Figure:
    """The decision map; `scope` ends the subtitle (histories, partnership)."""
    with styled():
        return _map(found, scope)


def _map(found: WinnerMap, scope: str) -> Figure:
    left = 0.68 + min(_LABEL, max(text_width(label) for label in _ticks(found.y, _LABEL)))
    width = WIDTH - left - _EDGE
    across = _ticks(found.x, _LABEL)
    turned = max(text_width(label) for label in across) > 0.92 * width / len(across)
    below = 0.3 + (min(_LABEL, max(text_width(label) for label in across)) if turned else 0.16)
    key = _key_rows(found)
    height = min(_TALLEST, max(_LOWEST, _ROW * len(found.y.labels)))
    what = f"Plan that does best on {measured(found)}, and in how many histories it is best, %; {histories(found)}"
    page = sheet(headline(found), f"{what}{f'; {scope}' if scope else ''}", 0.24 * len(key) + 0.1 + height + below)
    _key(page, found, key)
    axes = page.axes(left, page.bottom + below, width, height)
    _places(axes, found, width / len(found.x.labels), height / len(found.y.labels))
    _sides(axes, found, across, turned)
    axes.text(
        (MARGIN - left) / width,
        0.5,
        "\n".join(wrapped(_titled(found.y), height, most=2)),
        transform=axes.transAxes,
        fontsize=TEXT,
        color=GREY,
        rotation=90,
        ha="left",
        va="center",
        multialignment="center",
    )
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
    axes.set_xticks([place + 0.5 for place in range(0, columns, step)])
    axes.set_xticklabels(across[::step], rotation=90 if turned else 0)
    axes.set_yticks([place + 0.5 for place in range(rows)])
    axes.set_yticklabels(_ticks(found.y, _LABEL))
    axes.tick_params(length=0)
    axes.set_xlabel(fitted(_titled(found.x), WIDTH - 2 * MARGIN - 1), fontsize=TEXT, color=GREY, labelpad=3)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _places(axes: Axes, found: WinnerMap, width: float, height: float) -> None:
    lettered = width >= 0.42 and height >= 0.2
    for place in found.places.to_dict("records"):
        at = (place["x"], place["y"])
        if place["verdict"] == NO_RESULT:
            axes.add_patch(Rectangle(at, 1, 1, facecolor=PAPER, edgecolor=FAINT, linewidth=0.5))
        elif place["verdict"] == NOT_APART:
            axes.add_patch(Rectangle(at, 1, 1, facecolor=PAPER, edgecolor=GREY, hatch="////", linewidth=0.0))
            axes.add_patch(Rectangle(at, 1, 1, fill=False, edgecolor=PAPER, linewidth=1))
        else:
            number = found.plans.index(place["verdict"])
            colour = _shade(number, _strength(place["chance_best"], len(found.plans)))
            axes.add_patch(Rectangle(at, 1, 1, facecolor=colour, edgecolor=PAPER, linewidth=1))
            ink = INK if _light(colour) else PAPER
            text = words.percent(place["chance_best"]).replace("over ", ">") if lettered else ""
            _mark(axes, (at[0] + 0.5, at[1] + 0.5), MARKERS[number], text, ink, width)


def _mark(axes: Axes, middle: tuple[float, float], marker: str, text: str, ink: str, width: float) -> None:
    """Draw the plan's marker, with the chance beside it if there is room."""
    shift = (0.5 * text_width(text) + 0.02) / width if text else 0.0
    axes.plot([middle[0] - shift], [middle[1]], marker=marker, markersize=4, color=ink, linestyle="")
    if text:
        place = middle[0] + 0.07 / width
        axes.text(place, middle[1], text, fontsize=TEXT, color=ink, ha="center", va="center_baseline")


def _strength(chance: float, plans: int) -> float:
    """Opacity of a colour (0 to 1), rising from an even chance of being best to certainty."""
    even = 1 / plans
    return _PALEST + (1 - _PALEST) * min(1.0, max(0.0, (chance - even) / (1 - even)))


def _shade(plan: int, strength: float) -> tuple[float, float, float]:
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(COLOURS[plan]))
    return red, green, blue


def _light(colour: tuple[float, float, float]) -> bool:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18


def _key_rows(found: WinnerMap) -> list[list[tuple[str, float]]]:
    """Legend entries in as few lines as fit: plans that win somewhere, then the hatched zone."""
    names = [plan for plan in found.plans if found.won(plan)]
    names += [NOT_APART] if (found.places["verdict"] == NOT_APART).any() else []
    rows: list[list[tuple[str, float]]] = [[]]
    at = 0.0
    for name in names:
        wide = _block(name, len(found.plans)) + text_width(fitted(_entry(name), 3.2)) + 0.3
        if rows[-1] and at + wide > WIDTH - 2 * MARGIN:
            rows.append([])
            at = 0.0
        rows[-1].append((name, at))
        at += wide
    return [row for row in rows if row]


def _entry(name: str) -> str:
    return words.start_of(name) if name == NOT_APART else f"{name} wins"


def _block(name: str, plans: int) -> float:
    """Width in inches of a legend patch with the chances at its ends."""
    return 0.4 if name == NOT_APART else 0.9 + text_width(f"{round(100 / plans)}%") + text_width("100%")


def _key(page: Sheet, found: WinnerMap, rows: list[list[tuple[str, float]]]) -> None:
    height = 0.24 * len(rows)
    if not rows:
        return
    axes = page.axes(MARGIN, page.top - height, WIDTH - 2 * MARGIN, height)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - 2 * MARGIN)
    axes.set_ylim(0, height)
    for number, row in enumerate(rows):
        middle = height - 0.12 - 0.24 * number
        for name, at in row:
            if name == NOT_APART:
                patch = Rectangle((at, middle - 0.07), 0.32, 0.14, facecolor=PAPER, edgecolor=GREY, hatch="////", lw=0)
                axes.add_patch(patch)
            else:
                _ramp(axes, found.plans.index(name), len(found.plans), at, middle)
            start = at + _block(name, len(found.plans))
            axes.text(start, middle, fitted(_entry(name), 3.2), fontsize=TEXT, va="center_baseline")


def _ramp(axes: Axes, plan: int, plans: int, at: float, middle: float) -> None:
    low = f"{round(100 / plans)}%"
    axes.plot([at + 0.06], [middle], marker=MARKERS[plan], markersize=5, color=COLOURS[plan], linestyle="")
    axes.text(at + 0.15, middle, low, fontsize=TEXT, color=GREY, va="center_baseline")
    start, wide = at + 0.19 + text_width(low), 0.5 / _STEPS
    for step in range(_STEPS):
        colour = _shade(plan, _PALEST + (1 - _PALEST) * step / (_STEPS - 1))
        axes.add_patch(Rectangle((start + step * wide, middle - 0.07), wide, 0.14, facecolor=colour, linewidth=0))
    axes.text(start + 0.54, middle, "100%", fontsize=TEXT, color=GREY, va="center_baseline")
