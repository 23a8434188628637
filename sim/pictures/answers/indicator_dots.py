"""Early indicators of an ending: the best few at each month, as dots with intervals on one scale."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import NOT_APART
from sim.analysis.indicators import ENDINGS, Foretold, Indicators, Score
from sim.core import words
from sim.pictures.figures.drawing import LOWER_RIGHT, PLAIN, as_rows, dot, write
from sim.pictures.figures.palette import COLOURS, GREY, INK
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, fitted, sheet, styled
from sim.words.answers.indicators_words import headline
from sim.words.verdict_words import ends_of_100

SHOWN = 3
"""Most measures shown for each ending and month, so that they fit a page."""
_LEFT, _RIGHT, _BELOW = 4.35, 1.15, 0.5
_WHEN = 0.8
_ROW, _HEAD = 0.19, 0.3
_LOW, _HIGH = 20, 100


@dataclass(frozen=True)
class _Line:
    """One line of the figure: a score, or text if nothing is scored; `when` is its month, `head` an ending."""

    text: str
    when: str = ""
    score: Score | None = None
    surveyed: bool = False
    best: bool = False
    head: bool = False


@styled()
def indicators(found: Indicators, scope: str = "") -> Figure:
    """Figure of the measures that rank most pairs of histories correctly out of sample, by ending and month."""
    lines = _lines(found)
    place = f"; {scope}" if scope else ""
    subtitle = (
        "Pairs of histories ranked rightly, of 100 (line: 95% interval; dotted: chance). Round: the true level, "
        f"the {words.number(SHOWN)} best measures (hollow: {NOT_APART} from the best). Diamond: the best "
        "of what councils would see. In brackets: the side that foretells, which is not to say causes. "
        f"{_histories(found)}{place}"
    )
    page = sheet(headline(found), subtitle, _BELOW + sum(_height(line) for line in lines))
    axes = page.axes(_LEFT, page.bottom + _BELOW, WIDTH - _LEFT - _RIGHT, page.top - page.bottom - _BELOW)
    _scale(axes, page.top - page.bottom - _BELOW)
    at = page.top - page.bottom - _BELOW
    for line in lines:
        _draw(axes, line, at - _height(line) / 2)
        at -= _height(line)
    return page.figure


def _height(line: _Line) -> float:
    return _HEAD if line.head else _ROW


def _histories(found: Indicators) -> str:
    most = max(part.histories + part.left_out for part in found.parts)
    plans = "" if len(found.plans) == 1 else f" of {words.counted(len(found.plans), 'plan')}"
    return f"{words.counted(most, 'history', 'histories')}{plans}, less those that had ended by then"


def _lines(found: Indicators) -> list[_Line]:
    lines = []
    for ending in found.endings:
        lines.append(_Line(words.start_of(ENDINGS[ending]), head=True))
        for month in found.months:
            parts = [part for part in found.parts if (part.ending, part.month) == (ending, month)]
            lines += _month(month, parts)
    return lines


def _month(month: int, parts: list[Foretold]) -> list[_Line]:
    lines = []
    for part in parts:
        surveyed = part.source == "survey"
        when = "Surveyed" if surveyed else f"Month {month}"
        if not part.scored:
            few = f"too few to score: {part.happens} of {part.histories} come to it"
            lines += [] if surveyed else [_Line(few, when)]
            continue
        for place, score in enumerate(part.scores[: 1 if surveyed else SHOWN]):
            text = f"{score.measure} ({score.when})"
            lines.append(_Line(text, when if place == 0 else "", score, surveyed, best=place == 0))
    return lines


def _scale(axes: Axes, height: float) -> None:
    as_rows(axes, height)
    axes.set_xlim(_LOW, _HIGH)
    axes.set_xticks(range(_LOW, _HIGH + 1, 20))
    axes.axvline(50, color=GREY, linewidth=1, linestyle=(0, (1, 1.5)), zorder=1)
    axes.set_xlabel("Pairs ranked rightly, of 100", **PLAIN)


def _draw(axes: Axes, line: _Line, at: float) -> None:
    weight, indent = ("bold", 0.0) if line.head else ("normal", _WHEN)
    text = fitted(line.text, _LEFT - MARGIN - indent - 0.1, TEXT, weight)
    for said, shift in ((line.when, 0.1), (text, indent)):
        colour = INK if line.head or line.best else GREY
        write(axes, said, MARGIN + shift - _LEFT, at, weight=weight, color=colour, va="center")
    if line.score is None:
        return
    share, (colour, marker) = line.score.share, (COLOURS[1], "D") if line.surveyed else (COLOURS[0], "o")
    ends = max(100 * share.low, _LOW), 100 * share.high
    dot(axes, 100 * share.value, ends, at, colour, marker, bool(line.score.level), 5.5)
    figures = f"{round(100 * share.value)} ({ends_of_100(share, '–')})"
    write(axes, figures, 0.14, at, LOWER_RIGHT, color=GREY, va="center")
