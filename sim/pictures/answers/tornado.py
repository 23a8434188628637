"""Tornado chart: an outcome's change over the range of each single factor, strongest first."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.sensitivity.indices import Sensitivity
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.pictures.figures.drawing import (
    LOWER_RIGHT,
    PLAIN,
    Legend,
    LegendEntry,
    as_rows,
    bar,
    legend,
    name_row,
    numbered,
    write,
)
from sim.pictures.figures.palette import COLOURS, FAINT, GREY, INK, PAPER
from sim.pictures.figures.style import MARGIN, WIDTH, fitted, sheet, styled
from sim.plans import key_words
from sim.study.design.designs import Factor
from sim.words.answers.sensitivity_words import GRADE_WORDS, finding_said, head_of, label, title

SHOWN = 12
_LEFT, _RIGHT, _BELOW, _ROW, _KEY = 2.6, 1.65, 0.5, 0.4, 0.3
_LOW, _HIGH = COLOURS[0], COLOURS[4]
_SHORT = {"assumption": "assumed"}


@styled()
def tornado(finding: Sensitivity, plan: str, outcome: str, scope: str = "") -> Figure:
    """Figure of one plan's outcome at both ends of the strongest factors' ranges; `scope` ends the subtitle."""
    every = strongest(finding, plan, outcome)
    rows = every.head(SHOWN)
    what = f"{words.start_of(_what(finding))} of {title(outcome).lower()}; line: 95% interval {_reach(finding)}"
    more = f"; the strongest {len(rows)} of {len(every)} factors" if len(every) > len(rows) else ""
    place = f"; {scope}" if scope else ""
    subtitle = f"{what}; {head_of(plan)}, {_histories(finding)}{more}{place}"
    page = sheet(
        finding_said(plan, outcome, every[every["clear"]], finding.design, finding.steady.get((plan, outcome), "")),
        subtitle,
        _KEY + _ROW * len(rows) + _BELOW,
    )
    height = _ROW * len(rows)
    axes = page.axes(_LEFT, page.bottom + _BELOW, WIDTH - _LEFT - _RIGHT, height)
    _scale(axes, rows, outcome)
    for number, row in enumerate(_lines(rows)):
        _bar(axes, row, finding, len(rows) - number - 0.5)
    _key(rows).draw(page)
    return page.figure


def strongest(finding: Sensitivity, plan: str, outcome: str) -> pd.DataFrame:
    """The tornado's rows for one outcome of a plan, widest first."""
    table = finding.tornado
    own = table[(table["plan"] == plan) & (table["outcome"] == outcome)]
    order = own.assign(unclear=~own["clear"].astype(bool), size=-own["swing"].abs())
    return own.loc[order.sort_values(["unclear", "size"], kind="stable").index]


def _lines(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict(orient="records")]


def _what(finding: Sensitivity) -> str:
    if finding.design.kind == "one_at_a_time":
        return "change, one factor moved alone from its usual value,"
    return "change beside the middle of each factor's range, all others varying too,"


def _reach(finding: Sensitivity) -> str:
    return "of luck alone" if finding.design.kind == "one_at_a_time" else "of luck and the choice of points"


def _histories(finding: Sensitivity) -> str:
    count = finding.replications
    return f"{words.counted(count, 'history', 'histories')} a point"


def _scale(axes: Axes, rows: pd.DataFrame, outcome: str) -> None:
    ends = [0.0]
    for side in ("at_low", "at_high"):
        half = rows[f"{side}_half_width"].fillna(0)
        known = rows[side].fillna(0)
        ends += [float((known - half).min()), float((known + half).max())]
    low, high = min(ends), max(ends)
    room = 0.04 * ((high - low) or 1.0)
    axes.set_xlim(low - room, high + room)
    as_rows(axes, len(rows))
    unit = OUTCOMES[outcome].unit
    hundred = unit in ("share", "flag")
    numbered(axes.xaxis, 5, 100 if hundred else 1, plus=True)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=4)
    axes.set_xlabel(f"Change, {'percentage points' if hundred else unit}", **PLAIN)


def _bar(axes: Axes, row: dict[str, Any], finding: Sensitivity, middle: float) -> None:
    for side, colour, shift in (("at_low", _LOW, 0.16), ("at_high", _HIGH, -0.16)):
        value, half = row[side], row[f"{side}_half_width"]
        if value != value:
            continue
        hatch = "////" if row["grade"] == "assumption" else None
        kind: dict[str, Any] = {"facecolor": colour, "edgecolor": PAPER, "hatch": hatch, "zorder": 2}
        bar(axes, min(value, 0.0), middle + shift - 0.15, abs(value), 0.3, **kind)
        if half == half:
            at = [middle + shift] * 2
            axes.plot([value - half, value + half], at, color=INK, linewidth=1.1, zorder=3, solid_capstyle="butt")
    _words(axes, row, finding, middle)


def _words(axes: Axes, row: dict[str, Any], finding: Sensitivity, middle: float) -> None:
    """Write the factor's name on the left, and its grade and range on the right."""
    factor = next(factor for factor in finding.design.factors if factor.key == row["factor"])
    rests, ink = _SHORT.get(row["grade"], GRADE_WORDS[row["grade"]]), INK if row["clear"] else GREY
    about = f"{rests}\n{fitted(_ends(factor), _RIGHT - 0.1 - MARGIN / 2)}"
    name_row(axes, label(factor.key, finding.design), _LEFT, middle * _ROW, color=ink)
    write(axes, about, 0.1, middle * _ROW, LOWER_RIGHT, va="center", color=ink)


def _ends(factor: Factor) -> str:
    """The ends of a range, with the unit once: "1 to 2 months"."""
    if factor.values:
        return ""
    low, high = (key_words.said(factor.key, end).replace(",000", "k") for end in (factor.low, factor.high))
    first, _, unit = low.partition(" ")
    return f"{first} to {high}" if unit.rstrip("s") == high.partition(" ")[2].rstrip("s") else f"{low} to {high}"


def _key(rows: pd.DataFrame) -> Legend:
    marks: list[tuple[str, str | None, str]] = [(_LOW, None, "at its low end"), (_HIGH, None, "at its high end")]
    if (rows["grade"] == "assumption").any():
        marks.append((FAINT, "////", "an assumption"))
    entries = [
        LegendEntry(text, partial(_in_key, facecolor=colour, hatch=hatch), 0.34) for colour, hatch, text in marks
    ]
    if not rows["clear"].all():
        entries.append(LegendEntry("grey words: cannot be told from none", lambda *_: None, 0.0, GREY))
    return legend(entries)


def _in_key(axes: Axes, at: float, up: float, **kind: Any) -> None:
    bar(axes, at, up - 0.065, 0.26, 0.13, edgecolor=PAPER, **kind)
