"""Sensitivity indices: strength of each factor by outcome, as dots with intervals, one panel per outcome."""

from __future__ import annotations

from functools import partial
from math import nan

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.sensitivity.indices import Sensitivity
from sim.analysis.sensitivity.sampled_points import CONSTANT
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.pictures.figures.drawing import PLAIN, UPPER_LEFT, LegendEntry, as_rows, dot, legend, name_row, numbered, write
from sim.pictures.figures.palette import COLOURS, FAINT, GREY
from sim.pictures.figures.style import TEXT, WIDTH, sheet, styled, wrapped
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


@styled()
def indices(finding: Sensitivity, plan: str, scope: str = "") -> Figure:
    """Figure of one plan's strongest factors by outcome, with 95% intervals; `scope` ends the subtitle."""
    outcomes, drawn = finding.outcomes[:_PANELS], _DRAWN[finding.design.kind]
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
        write(axes, "\n".join(heads[name]), 0, 0.06, UPPER_LEFT, va="bottom")
        for row, factor in enumerate(shown if not number else ()):
            name_row(axes, label(factor, finding.design), _LEFT, (len(shown) - row - 0.5) * _ROW)
    entries = [LegendEntry(said, partial(_in_key, filled=not at), 0.27) for at, (_, said) in enumerate(drawn)]
    legend(entries).draw(page)
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
        write(axes, "\n".join(lines), 0, 0, (0.5, 0.5), color=GREY, ha="center")
    as_rows(axes, len(shown))
    _scale(axes, finding, outcome, ends)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    for number in range(1, len(shown)):
        axes.axhline(number, color=FAINT, linewidth=0.6, zorder=0)


def _scale(axes: Axes, finding: Sensitivity, outcome: str, ends: list[float]) -> None:
    kind, unit = finding.design.kind, OUTCOMES[outcome].unit
    hundred = kind == "sobol" or (kind == "morris" and unit in ("share", "flag"))
    numbered(axes.xaxis, 2 if len(finding.outcomes) > 3 else 4, 100 if hundred else 1)
    if kind == "sobol":
        axes.set_xlim(-0.06, max(1.06, 0.06 + max(ends[1::3], default=1.0)))
        axes.set_xticks([0, 0.5, 1])
    elif kind == "lhs":
        axes.set_xlim(-1.1, 1.1)
        axes.set_xticks([-1, 0, 1])
    else:
        room = 0.08 * ((max(ends) - min(ends)) or 1.0)
        axes.set_xlim(min(ends) - room, max(ends) + room)
    if kind != "lhs":
        axes.set_xlabel("%" if kind == "sobol" else "% points" if hundred else unit, **PLAIN)


def _dot(axes: Axes, value: float, ends: tuple[float, float], at: float, filled: bool) -> None:
    colour, marker = (COLOURS[0], "o") if filled else (COLOURS[1], "s")
    dot(axes, value, ends, at, colour, marker, not filled, 4.5)


def _in_key(axes: Axes, at: float, up: float, filled: bool) -> None:
    _dot(axes, at + 0.1, (at + 0.01, at + 0.19), up, filled)
