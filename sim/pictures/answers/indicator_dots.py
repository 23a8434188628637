"""Early indicators of an ending: the best few at each month, as dots with intervals on one scale."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.estimates import NOT_APART
from sim.analysis.indicators import ENDINGS, Foretold, Indicators, Score
from sim.core import words
from sim.pictures.figures.style import COLOURS, FAINT, GREY, INK, MARGIN, TEXT, WIDTH, beside, fitted, sheet, styled
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


def indicators(found: Indicators, scope: str = "") -> Figure:
    """Figure of the measures that rank most pairs of histories correctly out of sample, by ending and month."""
    with styled():
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
    axes.set_xlim(_LOW, _HIGH)
    axes.set_ylim(0, height)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xticks(range(_LOW, _HIGH + 1, 20))
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    axes.axvline(50, color=GREY, linewidth=1, linestyle=(0, (1, 1.5)), zorder=1)
    axes.set_xlabel("Pairs ranked rightly, of 100", fontsize=TEXT, color=GREY, labelpad=3)


def _draw(axes: Axes, line: _Line, at: float) -> None:
    weight, indent = ("bold", 0.0) if line.head else ("normal", _WHEN)
    text = fitted(line.text, _LEFT - MARGIN - indent - 0.1, TEXT, weight)
    colour = INK if line.head or line.best else GREY
    for words_of, shift in ((line.when, 0.1), (text, indent)):
        where = beside(axes, MARGIN + shift - _LEFT, at)
        axes.text(
            0,
            0,
            words_of,
            transform=where,
            fontsize=TEXT,
            weight=weight,
            color=colour,
            va="center",
            label="direct label",
        )
    if line.score is None:
        return
    score, drawn = line.score, COLOURS[1] if line.surveyed else COLOURS[0]
    low, high = max(100 * score.share.low, _LOW), 100 * score.share.high
    axes.plot([low, high], [at, at], color=drawn, linewidth=2, solid_capstyle="butt", zorder=3)
    axes.plot(
        [100 * score.share.value],
        [at],
        marker="D" if line.surveyed else "o",
        markersize=5.5,
        color=drawn,
        markerfacecolor="white" if score.level else drawn,
        markeredgewidth=1.3,
        linestyle="",
        zorder=4,
        clip_on=False,
    )
    figures = f"{round(100 * score.share.value)} ({ends_of_100(score.share, '–')})"
    axes.text(
        1, 0, figures, transform=beside(axes, 0.14, at), fontsize=TEXT, color=GREY, va="center", label="direct label"
    )
