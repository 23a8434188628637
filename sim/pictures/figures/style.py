"""Shared style of all figures: colours, type, layout in inches, and deterministic export to SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import ScaledTranslation, Transform

from sim.pictures.figures.palette import GREY, INK, PAPER

WIDTH = 7.1
"""Width in inches: the text width of a portrait A4 page, so that type prints at its stated size."""

MARGIN = 0.12
TEXT, SUBTITLE, TITLE = 9.0, 9.0, 12.0
ILLUSTRATIVE = "Illustrative, not a forecast"
_EDGE, _FOOT = 0.16, 0.08
"""Inches above and below the body of a figure without a head, for labels at its edges."""
_HINTED = 1.02
"""Ratio by which type set on a pixel grid may be wider than its outline."""
_RC: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "svg.fonttype": "none",
    "svg.hashsalt": "tandem",
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "hatch.linewidth": 0.6,
    "path.simplify": True,
}


@contextmanager
def styled() -> Iterator[None]:
    """Context that applies Tandem's matplotlib style while a figure is made or written."""
    with mpl.rc_context(_RC):
        yield


@dataclass
class Sheet:
    """A figure with title, subtitle and foot in place, and the remaining room in inches."""

    figure: Figure
    bottom: float
    top: float

    def axes(self, left: float, bottom: float, width: float, height: float, **options: Any) -> Axes:
        """Axes placed in inches from the lower left corner of the sheet."""
        whole_width, whole_height = self.figure.get_size_inches()
        place = (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height)
        return self.figure.add_axes(place, **options)


def sheet(title: str, subtitle: str, body: float, headed: bool = True) -> Sheet:
    """A new figure with a body of this height; title and subtitle are also its alternative text.

    If it is not `headed`, they are only that: the page that holds the figure prints them.
    """
    if not headed:
        figure = Figure(figsize=(WIDTH, _FOOT + body + _EDGE), facecolor=PAPER)
        FigureCanvasAgg(figure)
        figure.set_label(f"{title}\n{subtitle}")
        return Sheet(figure, _FOOT, _FOOT + body)
    title_lines = wrapped(title, WIDTH - 3 * MARGIN, TITLE, "bold")
    subtitle_lines = wrapped(subtitle, WIDTH - 3 * MARGIN, SUBTITLE)
    head = 0.12 + _height(title_lines, TITLE) + 0.08 + _height(subtitle_lines, SUBTITLE) + 0.12
    foot = 0.3
    figure = Figure(figsize=(WIDTH, head + body + foot), facecolor=PAPER)
    FigureCanvasAgg(figure)
    whole = head + body + foot
    left = MARGIN / WIDTH
    below_title = whole - 0.12 - _height(title_lines, TITLE) - 0.08
    figure.text(left, 1 - 0.12 / whole, "\n".join(title_lines), fontsize=TITLE, weight="bold", va="top")
    figure.text(left, below_title / whole, "\n".join(subtitle_lines), fontsize=SUBTITLE, color=GREY, va="top")
    figure.text(1 - left, 0.08 / whole, ILLUSTRATIVE, fontsize=TEXT, color=GREY, ha="right", va="bottom")
    figure.set_label(f"{title}\n{subtitle}")
    return Sheet(figure, foot, foot + body)


def _height(lines: list[str], size: float) -> float:
    return len(lines) * size * 1.2 / 72


def wrapped(text: str, width: float, size: float = TEXT, weight: str = "normal", most: int = 0) -> list[str]:
    """The text in lines no wider than `width` inches; at most `most` lines, the last with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    lines = lines or [""]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [fitted(line, width, size, weight) for line in lines]


def fitted(text: str, width: float, size: float = TEXT, weight: str = "normal") -> str:
    """The text, cut with an ellipsis if wider than `width` inches."""
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(text + "…", size, weight) > width:
        text = text[:-1].rstrip()
    return text + "…"


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT, weight: str = "normal") -> float:
    """Width of one line of text in inches."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    return _HINTED * float(width) / 72


def inches(axes: Axes) -> tuple[float, float]:
    """Width and height of axes in inches."""
    box = axes.get_position()
    width, height = root(axes).get_size_inches()
    return float(box.width * width), float(box.height * height)


def root(axes: Axes) -> Figure:
    """The figure that contains the axes."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes belong to no figure")
    return figure


def beside(axes: Axes, right: float, up: float) -> Transform:
    """Axes fractions shifted by a number of inches."""
    return axes.transAxes + ScaledTranslation(right, up, root(axes).dpi_scale_trans)


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions nearest to those wanted, in the same order, `gap` apart, between `low` and `high` if they fit."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    places = [min(max(wanted[index], low), high) for index in order]
    for _ in range(200):
        moved = False
        for lower in range(len(places) - 1):
            short = gap - (places[lower + 1] - places[lower])
            if short > 1e-9:
                places[lower] -= short / 2
                places[lower + 1] += short / 2
                moved = True
        shift = max(low - places[0], 0.0) if places else 0.0
        shift = min(high - places[-1], 0.0) if places and not shift and places[-1] > high else shift
        places = [place + shift for place in places]
        if not moved and not shift:
            break
    result = [0.0] * len(wanted)
    for index, place in zip(order, places, strict=True):
        result[index] = place
    return result


def svg(figure: Figure) -> bytes:
    """The figure as SVG, byte-identical for the same content, with its finding as title and description."""
    out = BytesIO()
    with styled():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "Tandem"})
    title, _, rest = str(figure.get_label()).partition("\n")
    about = f"{title}. {rest}"
    name = sha256(about.encode()).hexdigest()[:10]
    words = f'<title id="finding-{name}">{escape(title)}</title>\n <desc id="about-{name}">{escape(about)}</desc>'
    role = f'role="img" aria-labelledby="finding-{name} about-{name}"'
    text = out.getvalue().decode()
    return re.sub(r"<svg\b([^>]*)>", lambda head: f"<svg{head.group(1)} {role}>\n {words}", text, count=1).encode()
