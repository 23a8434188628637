"""Regret of each plan beside the share of histories in which it meets the condition."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.regions.robustness import Robust, Robustness
from sim.pictures.figures.drawing import UPPER_LEFT, as_rows, dot, name_row, write
from sim.pictures.figures.palette import COLOURS, GREY, MARKERS
from sim.pictures.figures.style import TEXT, WIDTH, sheet, styled
from sim.plans import key_words
from sim.words.answers.robustness_words import headline, measured
from sim.words.verdict_words import percent

_NAMES, _GAP, _EDGE = 1.6, 0.35, 0.3
_ROW, _ABOVE, _BELOW = 0.46, 0.3, 0.5
_SHARES = 2.1


@styled()
def robustness(found: Robustness, scope: str = "") -> Figure:
    """Figure of regret (mean, nine rows in ten, worst) and the share of histories meeting the condition, by plan."""
    asked = measured(found)
    subtitle = (
        f"Left: shortfall of {asked} against the best plan, row by row of {found.rows:,} (filled: average; hollow: "
        f"nine rows in ten stay below; tick: worst seen). Right: histories in which {found.condition.words}. "
        f"Lines: 95% intervals{f'. {scope}' if scope else ''}"
    )
    page = sheet(headline(found), subtitle, _ABOVE + _ROW * len(found.plans) + _BELOW)
    height = _ROW * len(found.plans)
    wide = WIDTH - _NAMES - _SHARES - _GAP - _EDGE
    left = page.axes(_NAMES, page.bottom + _BELOW, wide, height)
    right = page.axes(_NAMES + wide + _GAP, page.bottom + _BELOW, _SHARES, height)
    _scales(left, right, found)
    for axes, title in ((left, "What could be regretted"), (right, "How often it is met")):
        write(axes, title, 0, 0.1, UPPER_LEFT, weight="bold")
    for place, plan in enumerate(found.plans):
        middle = len(found.plans) - place - 0.5
        name_row(left, plan.plan, _NAMES, _ROW * middle)
        _regret(left, plan, middle)
        _met(right, plan, middle)
    return page.figure


def _scales(left: Axes, right: Axes, found: Robustness) -> None:
    most = max(max(figure.high, figure.value) for plan in found.plans for figure in plan.regret.figures)
    left.set_xlim(0, 1.05 * most if most > 0 else 1.0)
    right.set_xlim(0, 1)
    left.xaxis.set_major_locator(MaxNLocator(4))
    left.xaxis.set_major_formatter(FuncFormatter(lambda value, _: key_words.amount(value, found.unit.split(" ")[0])))
    right.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    left.set_xlabel(f"Regret, {found.unit}" if found.unit != "share" else "Regret, percentage points", color=GREY)
    right.set_xlabel("Share of histories", color=GREY)
    for axes in (left, right):
        as_rows(axes, len(found.plans))


def _regret(axes: Axes, plan: Robust, middle: float) -> None:
    colour, marker = _look(plan)
    for figure, shift, hollow in ((plan.regret.mean, 0.12, False), (plan.regret.high, -0.12, True)):
        dot(axes, figure.value, figure.ends, middle + shift, colour, marker, hollow)
    worst = plan.regret.worst.value
    axes.plot([worst, worst], [middle - 0.3, middle + 0.06], color=colour, linewidth=2, zorder=3, clip_on=False)


def _met(axes: Axes, plan: Robust, middle: float) -> None:
    found = plan.meets
    dot(axes, found.value, found.ends, middle - 0.12, *_look(plan))
    side = "left" if found.value < 0.5 else "right"
    place = max(0.0, found.low - 0.02) if side == "left" else min(1.0, found.high + 0.02)
    axes.text(place, middle + 0.22, percent(found), fontsize=TEXT, ha=side, va="center", color=GREY)


def _look(plan: Robust) -> tuple[str, str]:
    return COLOURS[plan.number % len(COLOURS)], MARKERS[plan.number % len(MARKERS)]
