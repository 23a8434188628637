"""The shared time axis: years since the decision to share, calendar years below, elections marked."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.core import words
from sim.pictures.figures.palette import FAINT, GREY
from sim.pictures.figures.style import TEXT, Sheet, inches
from sim.words.summary.study_view import View

_NARROW = 0.42
"""Inches a year needs for its number and the calendar year below it."""


def time_axis(
    axes: Axes, view: View, labelled: bool = True, titled: bool = True, marked: bool = True, council: str = ""
) -> None:
    """Label months as years and draw elections as faint lines, of one council if it is named.

    `labelled` writes the years, `titled` the axis title, `marked` a mark at the top of each election.
    """
    axes.set_xlim(0, view.horizon)
    whole = view.horizon // 12
    step = next(step for step in (1, 2, 5, 10, 20) if inches(axes)[0] / max(whole, 1) * step >= _NARROW or step == 20)
    years = list(range(0, whole + 1, step))
    axes.set_xticks([12 * year for year in years])
    if not labelled:
        axes.tick_params(axis="x", labelbottom=False)
    else:
        axes.set_xticklabels([f"{year}\n{view.clock.calendar(12 * year)[0]}" for year in years])
    if labelled and titled:
        axes.set_xlabel(title(view), fontsize=TEXT, color=GREY, labelpad=3)
    _elections(axes, view.elections_of[council] if council else view.elections, marked)


def title(view: View) -> str:
    """Title of the time axis."""
    marks = "; ▾ elections" if view.elections else ""
    return f"Years from the decision to share, {words.month_name(0, view.clock)}{marks}"


def caption(page: Sheet, view: View) -> None:
    """Write the time axis's title once at the foot of the sheet."""
    height = float(page.figure.get_size_inches()[1])
    page.figure.text(0.5, (page.bottom + 0.02) / height, title(view), ha="center", fontsize=TEXT, color=GREY)


def _elections(axes: Axes, months: tuple[int, ...], marked: bool) -> None:
    across = axes.get_xaxis_transform()
    axes.vlines(months, 0, 1, transform=across, color=FAINT, linewidth=0.7, linestyle=(0, (1, 2)), zorder=0)
    if marked:
        axes.plot(
            months,
            [1.0] * len(months),
            linestyle="",
            marker="v",
            markersize=4,
            color=GREY,
            transform=across,
            clip_on=False,
            zorder=5,
        )
