"""Failing regions: the part of each factor's range that a region covers, with failure rates inside and overall."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.regions.boxes import Limit
from sim.analysis.regions.discovery import ALL, Discovery, Failing, Region
from sim.core import words
from sim.pictures.figures.drawing import bar, dot, strip
from sim.pictures.figures.palette import COLOURS, FAINT, GREY, INK
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, fitted, sheet, styled, wrapped
from sim.plans import key_words
from sim.words.answers.discovery_words import headline
from sim.words.verdict_words import percent

_NAMES, _RIGHT = 2.9, 0.35
_HEAD, _BAR, _GAP, _SCALE = 0.62, 0.42, 0.16, 0.36
_THICK = 0.13


@styled()
def discovery(found: Discovery, scope: str = "") -> Figure:
    """Figure of the validated regions, plan by plan; `scope` ends the subtitle."""
    shown = [(plan, _standing(plan)) for plan in found.plans]
    height = sum(_height(regions) for _, regions in shown) + _SCALE
    what = f"Failing: {found.condition.words}. Dot: histories that fail inside, with 95% interval, on the half of the"
    subtitle = f"{what} rows that did not find the region; line: overall{f'. {scope}' if scope else ''}"
    page = sheet(headline(found), subtitle, height)
    top = page.top
    for number, (plan, regions) in enumerate(shown):
        top = _plan(page, plan, regions, top, _colour(plan, number))
    _scale(page)
    return page.figure


def _colour(plan: Failing, number: int) -> str:
    return GREY if plan.plan == ALL else COLOURS[number % len(COLOURS)]


def _standing(plan: Failing) -> list[Region]:
    return [region for region in plan.regions if region.holds_up]


def _height(regions: list[Region]) -> float:
    bars = sum(_HEAD - 0.3 + _BAR * len(_by_key(region)) for region in regions) if regions else 0.22
    return _HEAD - 0.3 + bars + _GAP


def _by_key(region: Region) -> dict[str, list[Limit]]:
    keys: dict[str, list[Limit]] = {}
    for limit in region.limits:
        keys.setdefault(limit.key, []).append(limit)
    return keys


def _plan(page: Sheet, plan: Failing, regions: list[Region], top: float, colour: str) -> float:
    """Draw one plan downwards from `top` (inches) and return the top of the next."""
    _text(page, MARGIN, top - 0.12, f"{plan.plan}: {percent(plan.overall)} fail overall", weight="bold")
    top -= _HEAD - 0.3
    if not regions:
        text = words.start_of(plan.note) if plan.note else "No region stands out"
        _text(page, MARGIN, top - 0.1, fitted(text, WIDTH - 2 * MARGIN), color=GREY)
        top -= 0.22
    for region in regions:
        _density(page, plan, region, top, colour)
        top -= _HEAD - 0.3
        for key, limits in _by_key(region).items():
            _bar(page, key, limits, top, colour)
            top -= _BAR
    return top - _GAP


def _axes(page: Sheet, bottom: float, height: float) -> Axes:
    axes = strip(page, height, bottom + height, _NAMES, _RIGHT)
    axes.set_xlim(0, 1)
    return axes


def _density(page: Sheet, plan: Failing, region: Region, top: float, colour: str) -> None:
    """Draw the failure rate inside the region as a dot with its interval, and overall as a line."""
    held = f"{percent(region.density)} fail inside"
    _text(page, MARGIN, top - 0.12, held)
    axes = _axes(page, top - 0.26, 0.26)
    axes.plot([0, 1], [0.13, 0.13], color=FAINT, linewidth=0.6, zorder=0)
    axes.plot([plan.overall.value] * 2, [0.02, 0.24], color=INK, linewidth=1.2)
    dot(axes, region.density.value, region.density.ends, 0.13, colour)


def _bar(page: Sheet, key: str, limits: list[Limit], top: float, colour: str) -> None:
    """Draw a factor's range with the part that the region covers."""
    lines = wrapped(words.start_of(key_words.name(key)), _NAMES - MARGIN - 0.15, most=2)
    _text(page, MARGIN + 0.12, top - 0.17, "\n".join(lines), color=GREY)
    axes = _axes(page, top - _BAR, _BAR)
    at = _BAR - 0.14
    if limits[0].values:
        _choices(axes, limits[0], at, colour)
        return
    unit, (low, high) = key_words.unit(key), limits[0].within
    start = next((limit.over for limit in limits if limit.over is not None), low)
    end = next((limit.under for limit in limits if limit.under is not None), high)
    left, right = (start - low) / (high - low), (end - low) / (high - low)
    bar(axes, 0, at - _THICK / 2, 1, _THICK, facecolor=FAINT)
    bar(axes, left, at - _THICK / 2, right - left, _THICK, facecolor=colour)
    _ends(axes, [(0, low, start == low), (left, start, True), (right, end, True), (1, high, end == high)], unit, at)


def _ends(axes: Axes, ends: list[tuple[float, float, bool]], unit: str, at: float) -> None:
    """Draw the values at the ends of range and region; the region's take priority where they would overlap."""
    taken: list[tuple[float, float]] = []
    width = WIDTH - _NAMES - _RIGHT
    for place, value, matters in sorted(ends, key=lambda end: (end[0] in (0, 1), not end[2])):
        text = key_words.amount(value, unit)
        half = 0.5 * (len(text) * 0.075 + 0.12) / width
        middle = min(max(place, half - 0.02), 1 - half + 0.02)
        if any(middle - half < high and middle + half > low for low, high in taken):
            continue
        taken.append((middle - half, middle + half))
        ink = INK if matters else GREY
        axes.text(middle, at - 0.1, text, fontsize=TEXT, color=ink, ha="center", va="top")


def _choices(axes: Axes, limit: Limit, at: float, colour: str) -> None:
    wide = 1 / len(limit.within)
    for number, value in enumerate(limit.within):
        kept = value in limit.values
        bar(axes, number * wide + 0.004, at - _THICK / 2, wide - 0.008, _THICK, facecolor=colour if kept else FAINT)
        text = fitted(words.plain(str(value)), wide * (WIDTH - _NAMES - _RIGHT) - 0.05)
        ink = INK if kept else GREY
        axes.text((number + 0.5) * wide, at - 0.1, text, fontsize=TEXT, color=ink, ha="center", va="top")


def _scale(page: Sheet) -> None:
    axes = _axes(page, page.bottom, _SCALE)
    for share in (0, 0.25, 0.5, 0.75, 1):
        axes.text(share, 0.26, f"{round(100 * share)}%", fontsize=TEXT, color=GREY, ha="center", va="center_baseline")
    axes.text(0.5, 0.06, "Share of histories that fail (dots and lines)", fontsize=TEXT, color=GREY, ha="center")


def _text(page: Sheet, left: float, up: float, text: str, **options: Any) -> None:
    height = float(page.figure.get_size_inches()[1])
    kind: dict[str, Any] = {"fontsize": TEXT, "va": "center", "color": INK, **options}
    page.figure.text(left / WIDTH, up / height, text, linespacing=1.1, **kind)
