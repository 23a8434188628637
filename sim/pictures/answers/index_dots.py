"""Sensitivity indices: strength of each factor by outcome, as dots with intervals, one panel per outcome."""

from __future__ import annotations

from math import nan

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.sensitivity.indices import Sensitivity
from sim.analysis.sensitivity.sampled_points import CONSTANT
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.pictures.figures.style import (
    COLOURS,
    FAINT,
    GREY,
    INK,
    MARGIN,
    TEXT,
    WIDTH,
    Sheet,
    beside,
    sheet,
    styled,
    wrapped,
)
from sim.pictures.figures.style import text_width as wide
from sim.words.answers.sensitivity_words import finding_said, head_of, label, title

SHOWN = 10
_PANELS = 6
_LEFT, _RIGHT, _GAP, _BELOW, _ROW, _KEY = 2.3, 0.15, 0.2, 0.5, 0.4, 0.3
_DRAWN = {
    "sobol": (("total", "all its effects, with other factors too"), ("first", "its effect alone")),
    "morris": (("size", "mean size of its effect"), ("spread", "spread of its effect")),
    "lhs": (("rank_coefficient", "rank regression coefficient"),),
}
_WHAT = {
    "sobol": "Share of the outcome's variance between points, %",
    "morris": "Effect of the whole range in the outcome's unit",
    "lhs": "Standardised rank regression coefficients",
}
_FILL, _HOLLOW = COLOURS[0], COLOURS[1]


def indices(finding: Sensitivity, plan: str, scope: str = "") -> Figure:
    """Figure of one plan's strongest factors by outcome, with 95% intervals; `scope` ends the subtitle."""
    with styled():
        outcomes = finding.outcomes[:_PANELS]
        shown = _strongest(finding, plan, outcomes)
        histories = words.counted(finding.replications, "history", "histories")
        more = _more(finding, len(shown))
        subtitle = f"{_WHAT[finding.design.kind]}; line: 95% interval; {head_of(plan)}, {histories} a point{more}"
        heads = {name: wrapped(title(name), _panel(len(outcomes)), TEXT, most=4) for name in outcomes}
        above = _KEY + 0.17 * max(len(lines) for lines in heads.values()) + 0.1
        body = above + _ROW * len(shown) + _BELOW
        page = sheet(
            finding_said(
                plan,
                outcomes[0],
                finding.drivers(plan, outcomes[0]),
                finding.design,
                finding.steady.get((plan, outcomes[0]), ""),
            ),
            f"{subtitle}; {scope}" if scope else subtitle,
            body,
        )
        for number, name in enumerate(outcomes):
            left = _LEFT + number * (_panel(len(outcomes)) + _GAP)
            axes = page.axes(left, page.bottom + _BELOW, _panel(len(outcomes)), _ROW * len(shown))
            _draw(axes, finding, plan, name, shown)
            axes.text(
                0,
                1,
                "\n".join(heads[name]),
                transform=beside(axes, 0, 0.06),
                fontsize=TEXT,
                va="bottom",
                linespacing=1.15,
                label="direct label",
            )
            if not number:
                _labels(axes, finding, shown)
        _key(page, finding)
        return page.figure


def _panel(count: int) -> float:
    return (WIDTH - _LEFT - _RIGHT - _GAP * (count - 1)) / count


def _strongest(finding: Sensitivity, plan: str, outcomes: tuple[str, ...]) -> list[str]:
    """The factors shown, sorted by their best rank in any outcome, then by mean rank."""
    found = {name: finding.of(plan, name, finding.strength).set_index("factor") for name in outcomes}
    telling = {name: rows["rank"] for name, rows in found.items() if rows["value"].fillna(0).any()}
    ranks = pd.DataFrame(telling or {name: rows["rank"] for name, rows in found.items()})
    order = pd.DataFrame({"best": ranks.min(axis=1), "mean": ranks.mean(axis=1)}).sort_values(["best", "mean"])
    return [str(factor) for factor in order.index[:SHOWN]]


def _more(finding: Sensitivity, shown: int) -> str:
    every = finding.table["factor"].nunique()
    noun = "groups" if len(finding.design.groups) < len(finding.design.factors) else "factors"
    return f"; the strongest {shown} of {every} {noun}" if every > shown else ""


def _draw(axes: Axes, finding: Sensitivity, plan: str, outcome: str, shown: list[str]) -> None:
    ends = [0.0]
    drawn = _DRAWN[finding.design.kind]
    for place, (measure, _) in enumerate(drawn):
        rows = finding.of(plan, outcome, measure)
        dots = {str(factor): dot for factor, *dot in zip(*(rows[n] for n in ("factor", "value", "low", "high")))}
        for number, factor in enumerate(shown):
            value, low, high = dots.get(factor, [nan] * 3)
            if value == value:
                shift = 0.0 if len(drawn) == 1 else 0.14 - 0.28 * place
                _dot(axes, value, (low, high), len(shown) - number - 0.5 + shift, place == 0)
                ends += [value, low, high]
    if len(ends) == 1:
        none = "nothing varied" if finding.steady.get((plan, outcome)) == CONSTANT else "nothing but luck"
        lines = wrapped(none, _panel(len(finding.outcomes[:_PANELS])) - 0.2, TEXT)
        axes.text(0.5, 0.5, "\n".join(lines), transform=axes.transAxes, fontsize=TEXT, color=GREY, ha="center")
    _scale(axes, finding, outcome, ends)
    axes.set_ylim(0, len(shown))
    axes.set_yticks([])
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    axes.grid(axis="both", color=FAINT, linewidth=0.6, zorder=0)
    axes.spines["left"].set_visible(False)
    for number in range(1, len(shown)):
        axes.axhline(number, color=FAINT, linewidth=0.6, zorder=0)


def _scale(axes: Axes, finding: Sensitivity, outcome: str, ends: list[float]) -> None:
    low, high = min(ends), max(ends)
    kind, unit = finding.design.kind, OUTCOMES[outcome].unit
    hundred = kind == "sobol" or (kind == "morris" and unit in ("share", "flag"))
    if kind == "sobol":
        axes.set_xlim(-0.06, max(1.06, 0.06 + max(ends[1::3], default=1.0)))
        axes.set_xticks([0, 0.5, 1])
    elif kind == "lhs":
        axes.set_xlim(-1.1, 1.1)
        axes.set_xticks([-1, 0, 1])
    else:
        room = 0.08 * ((high - low) or 1.0)
        axes.set_xlim(low - room, high + room)
        axes.xaxis.set_major_locator(MaxNLocator(2 if len(finding.outcomes) > 3 else 4))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{100 * value if hundred else value:.3g}".replace("-", "−"))
    )
    if kind != "lhs":
        said = "%" if kind == "sobol" else "% points" if hundred else unit
        axes.set_xlabel(said, fontsize=TEXT, color=GREY, labelpad=2)


def _dot(axes: Axes, value: float, ends: tuple[float, float], at: float, filled: bool) -> None:
    colour = _FILL if filled else _HOLLOW
    axes.plot(ends, [at, at], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=2)
    axes.plot(
        [value],
        [at],
        marker="o" if filled else "s",
        markersize=4.5,
        color=colour,
        linestyle="",
        zorder=3,
        markerfacecolor=colour if filled else "white",
    )


def _labels(axes: Axes, finding: Sensitivity, shown: list[str]) -> None:
    for number, factor in enumerate(shown):
        lines = wrapped(label(factor, finding.design), _LEFT - MARGIN - 0.15, TEXT, most=2)
        axes.text(
            0,
            0,
            "\n".join(lines),
            transform=beside(axes, MARGIN - _LEFT, (len(shown) - number - 0.5) * _ROW),
            fontsize=TEXT,
            va="center",
            linespacing=1.1,
            color=INK,
            label="direct label",
        )


def _key(page: Sheet, finding: Sensitivity) -> None:
    axes = page.axes(MARGIN, page.top - _KEY, WIDTH - 2 * MARGIN, _KEY)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - 2 * MARGIN)
    axes.set_ylim(0, _KEY)
    at = 0.1
    for place, (_, text) in enumerate(_DRAWN[finding.design.kind]):
        _dot(axes, at, (at - 0.09, at + 0.09), 0.19, place == 0)
        axes.text(at + 0.17, 0.18, text, fontsize=TEXT, va="center_baseline")
        at += 0.17 + wide(text) + 0.4
