"""Marks that figures share: text placed in inches, dots on their intervals, axes of rows, number scales, legends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.pictures.figures.palette import FAINT, GREY, INK, Look, look
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, beside, fitted, text_width, wrapped
from sim.words.summary.study_view import View

Corner = tuple[float, float]
LOWER_LEFT, UPPER_LEFT, LOWER_RIGHT = (0.0, 0.0), (0.0, 1.0), (1.0, 0.0)
PLAIN: dict[str, Any] = {"fontsize": TEXT, "color": GREY, "labelpad": 3}
"""Drawing of an axis title."""


def write(axes: Axes, text: str, right: float, up: float, corner: Corner = LOWER_LEFT, **kind: Any) -> None:
    """Text placed `right` and `up` inches from a corner of axes, which may lie outside them."""
    axes.text(*corner, text, transform=beside(axes, right, up), **{"fontsize": TEXT, "linespacing": 1.1, **kind})


def name_row(axes: Axes, text: str, margin: float, up: float, most: int = 2, **kind: Any) -> None:
    """The name of a row, in at most so many lines, in the margin left of axes."""
    lines = wrapped(text, margin - MARGIN - 0.15, most=most)
    write(axes, "\n".join(lines), MARGIN - margin, up, va="center", **kind)


def dot(
    axes: Axes,
    value: float,
    ends: Sequence[float],
    at: float,
    colour: str,
    marker: str = "o",
    hollow: bool = False,
    size: float = 6.0,
) -> None:
    """A value as a marker on the line of its interval, at a height."""
    axes.plot(ends, [at, at], color=colour, linewidth=size / 3, solid_capstyle="butt", zorder=3)
    spot(axes, value, at, colour, marker, hollow, size)


def spot(
    axes: Axes, x: float, y: float, colour: str, marker: str = "o", hollow: bool = False, size: float = 6.0, **kind: Any
) -> None:
    """A single marker, filled or hollow."""
    face = "white" if hollow else colour
    kind = {"markeredgewidth": 1.4, "linestyle": "", "clip_on": False, "zorder": 4, **kind}
    axes.plot([x], [y], marker=marker, markersize=size, color=colour, markerfacecolor=face, **kind)


def bar(axes: Axes, left: float, low: float, width: float, height: float, **kind: Any) -> None:
    """A filled rectangle."""
    axes.add_patch(Rectangle((left, low), width, height, **{"linewidth": 0, **kind}))


def as_rows(axes: Axes, height: float, ruled: bool = True) -> None:
    """Make axes hold rows, `height` in their own unit: nothing on the side, and if `ruled` a faint grid behind."""
    axes.set_ylim(0, height)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if ruled:
        grid(axes, "x")


def grid(axes: Axes, axis: Any = "both") -> None:
    """Faint lines behind everything else."""
    axes.grid(axis=axis, color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)


def numbered(axis: Axis, most: int, times: float = 1.0, after: str = "", plus: bool = False, **ticks: Any) -> None:
    """At most so many plain numbers as ticks of an axis."""

    def shown(value: float, _: int | None) -> str:
        return f"{'+' if plus and value > 0 else ''}{times * value:.6g}{after}".replace("-", "−")

    axis.set_major_locator(MaxNLocator(most, **ticks))
    axis.set_major_formatter(FuncFormatter(shown))


def strip(page: Sheet, height: float, top: float, left: float = MARGIN, right: float = MARGIN) -> Axes:
    """Axes without a frame across the sheet, measured in inches from their lower left corner."""
    axes = page.axes(left, top - height, WIDTH - left - right, height)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - left - right)
    axes.set_ylim(0, height)
    return axes


@dataclass(frozen=True)
class LegendEntry:
    """One entry of a legend: its mark, drawn in inches from a left end at a height, `wide` inches, and its words."""

    text: str
    mark: Callable[[Axes, float, float], None]
    wide: float
    ink: str = INK
    weight: str = "normal"


@dataclass(frozen=True)
class Legend:
    """Entries in as few lines as fit, each with its distance from the left; lengths in inches."""

    rows: Sequence[Sequence[tuple[LegendEntry, float]]]
    line: float

    @property
    def height(self) -> float:
        """Height of the legend with a gap below it; 0 without entries."""
        return self.line * len(self.rows) + 0.06 if self.rows else 0.0

    def draw(self, page: Sheet, top: float | None = None) -> None:
        """Draw it downwards from `top`, or from the top of the sheet's body."""
        if not self.rows:
            return
        axes = strip(page, self.height, page.top if top is None else top)
        for number, row in enumerate(self.rows):
            middle = self.height - self.line * (number + 0.5)
            for entry, at in row:
                entry.mark(axes, at, middle)
                kind: dict[str, Any] = {"weight": entry.weight, "color": entry.ink, "va": "center_baseline"}
                write(axes, entry.text, at + entry.wide, middle, **kind)


def legend(entries: Iterable[LegendEntry], line: float = 0.22, gap: float = 0.22) -> Legend:
    """A legend of entries, wrapped into lines; words that are too long end with an ellipsis."""
    rows: list[list[tuple[LegendEntry, float]]] = []
    at, room = 0.0, WIDTH - 2 * MARGIN
    for entry in entries:
        text = fitted(entry.text, room - entry.wide - 0.1, TEXT, entry.weight)
        wide = entry.wide + text_width(text, TEXT, entry.weight)
        if not rows or at + wide > room:
            rows.append([])
            at = 0.0
        rows[-1].append((LegendEntry(text, entry.mark, entry.wide, entry.ink, entry.weight), at))
        at += wide + gap
    return Legend(rows, line)


def plan_legend(view: View, lines: bool) -> Legend:
    """Legend of the plans, by their dashes if `lines`, else by their markers; empty for a single plan."""
    plans = view.plans if len(view.plans) > 1 else []
    return legend([named(plan.name, look(view, plan), lines) for plan in plans])


def named(name: str, drawn: Look, lines: bool = False, hollow: bool = False) -> LegendEntry:
    """Legend entry of a plan."""

    def mark(axes: Axes, at: float, up: float) -> None:
        if lines:
            axes.plot([at, at + 0.34], [up, up], color=drawn.colour, linestyle=drawn.dash, linewidth=2)
        else:
            spot(axes, at + 0.09, up, drawn.colour, drawn.marker, hollow)

    return LegendEntry(name, mark, 0.42 if lines else 0.22, drawn.ink, "bold")
