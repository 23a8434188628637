"""Waterfall from one plan to another: amount added by each lever, and the part that rests on mechanisms."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.attribution.attributed_effects import Effect
from sim.analysis.attribution.attribution_finding import Rest, Why
from sim.analysis.estimates import Estimate
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.pictures.figures.drawing import LOWER_RIGHT, PLAIN, as_rows, bar, numbered, strip, write
from sim.pictures.figures.palette import COLOURS, FAINT, GREY, INK, PAPER
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, fitted, sheet, styled, wrapped
from sim.words.why.amounts import Amounts
from sim.words.why.why_answer import headline, meaning, name, pair_of, ranked, values

STEPS, SHOWN = 12, 8
"""Most levers and most mechanisms drawn; the tables have them all."""
_LEFT, _RIGHT, _BELOW, _ROW, _HEAD = 2.55, 1.6, 0.5, 0.42, 0.5
_FIRST, _SECOND, _MORE, _LESS = COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3]
_HATCH = "////"


@dataclass(frozen=True)
class _Bar:
    """A row: its words, where its bar begins, how far it goes with the interval of that, and how it is drawn."""

    label: str
    start: float
    found: Estimate
    said: str
    colour: str
    hatch: str | None = None
    clear: bool = True

    @property
    def end(self) -> float:
        """End of the bar."""
        return self.start + self.found.value

    @property
    def low(self) -> float:
        """The low end of the interval around that."""
        return self.start + self.found.low

    @property
    def high(self) -> float:
        """The high end of it."""
        return self.start + self.found.high


@styled()
def waterfall(why: Why, scope: str = "") -> Figure:
    """Figure of the first plan's outcome, the amount each lever adds, and the second plan's; mechanisms below."""
    bars, rests = _bars(why), why.rests[:SHOWN]
    place = f"; {scope}" if scope else ""
    subject = words.start_of(Amounts.of(why.outcome).subject.removeprefix("the "))
    subtitle = (
        f"{subject}, mean of {words.counted(why.n, 'history', 'histories')} of each plan under the same luck; "
        f"lines: 95% intervals; grey words: cannot be told from none{place}"
    )
    lower = _HEAD + _ROW * len(rests) + _BELOW if rests else 0.0
    page = sheet(words.start_of(headline(why)), subtitle, _ROW * len(bars) + _BELOW + lower)
    upper = page.axes(_LEFT, page.bottom + lower + _BELOW, WIDTH - _LEFT - _RIGHT, _ROW * len(bars))
    _draw(upper, bars, why.outcome, "")
    if rests:
        _mechanisms(page, why, rests)
    return page.figure


def _bars(why: Why) -> list[_Bar]:
    amounts, pair = Amounts.of(why.outcome), pair_of(why)
    bars = [_plan_bar(pair.first, why.first.level, amounts, _FIRST)]
    order = ranked(why)
    for share in order[:STEPS]:
        label = f"{words.start_of(name(share.factor))}\n{values(share.factor)}"
        bars.append(_effect_bar(label, bars[-1].end, share.effect, amounts))
    left = order[STEPS:]
    if left:
        rest = sum(share.effect.value for share in left)
        label = f"{words.start_of(words.counted(len(left), 'other'))}, see the table"
        nothing = Estimate(rest, rest, rest)
        bars.append(_Bar(label, bars[-1].end, nothing, amounts.signed(rest), FAINT))
    return [*bars, _plan_bar(pair.second, why.second.level, amounts, _SECOND)]


def _plan_bar(plan: str, level: Estimate, amounts: Amounts, colour: str) -> _Bar:
    said = _ends(amounts.level(level.value), amounts.span(*level.ends))
    return _Bar(words.start_of(plan), 0.0, level, said, colour)


def _effect_bar(label: str, start: float, found: Effect, amounts: Amounts) -> _Bar:
    colour, hatch = (_MORE, None) if found.value >= 0 else (_LESS, _HATCH)
    return _Bar(label, start, found, _said(found, amounts), colour, hatch, found.clear)


def _said(found: Effect, amounts: Amounts) -> str:
    if found.none:
        return "none (exact)"
    return _ends(amounts.signed(found.value), amounts.span(*found.ends))


def _ends(value: str, span: str) -> str:
    return f"{value}\n({span})"


def _mechanisms(page: Sheet, why: Why, rests: tuple[Rest, ...]) -> None:
    """Draw the part of the difference that rests on each mechanism, as bars from zero."""
    amounts = Amounts.of(why.outcome)
    bars = [_effect_bar(words.start_of(meaning(rest.mechanism)), 0.0, rest.effect, amounts) for rest in rests]
    axes = page.axes(_LEFT, page.bottom + _BELOW, WIDTH - _LEFT - _RIGHT, _ROW * len(bars))
    _draw(axes, bars, why.outcome, "Part of the difference, ")
    head = strip(page, _HEAD, page.bottom + _BELOW + _ROW * len(bars) + _HEAD)
    count = f"the strongest {len(bars)} of {len(why.rests)}" if len(bars) < len(why.rests) else f"all {len(bars)}"
    n = words.counted(why.rests_n, "history", "histories")
    said = "Part of the difference that goes when a mechanism is off in both plans"
    write(head, said, 0, 0.72 * _HEAD, weight="bold", va="center")
    few = f"{words.start_of(count)}, {n} each; the parts do not add up"
    write(head, few, 0, 0.36 * _HEAD, color=GREY, va="center")


def _draw(axes: Axes, bars: list[_Bar], outcome: str, before: str) -> None:
    as_rows(axes, len(bars))
    ends = [0.0, *(value for bar in bars for value in (bar.start, bar.end, bar.low, bar.high) if value == value)]
    room = 0.04 * ((max(ends) - min(ends)) or 1.0)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    _scale(axes, outcome, before)
    for number, drawn in enumerate(bars):
        _draw_bar(axes, drawn, len(bars) - number - 0.5)
        if not before and number + 1 < len(bars):
            joint = [len(bars) - number - 0.78, len(bars) - number - 1.22]
            axes.plot([drawn.end] * 2, joint, color=GREY, linewidth=0.7, zorder=1)


def _scale(axes: Axes, outcome: str, before: str) -> None:
    unit = OUTCOMES[outcome].unit
    hundred = unit in ("share", "flag")
    numbered(axes.xaxis, 6, 100 if hundred else 1)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=4)
    said = ("percentage points" if before else "%") if hundred else unit
    axes.set_xlabel(words.start_of(f"{before}{said}"), **PLAIN)


def _draw_bar(axes: Axes, drawn: _Bar, middle: float) -> None:
    low, high = sorted((drawn.start, drawn.end))
    kind = {"facecolor": drawn.colour, "edgecolor": PAPER, "hatch": drawn.hatch, "alpha": 1.0 if drawn.clear else 0.45}
    bar(axes, low, middle - 0.28, high - low, 0.56, zorder=2, **kind)
    axes.plot([drawn.low, drawn.high], [middle] * 2, color=INK, linewidth=1.3, zorder=3, solid_capstyle="butt")
    for end in (drawn.low, drawn.high):
        axes.plot([end] * 2, [middle - 0.12, middle + 0.12], color=INK, linewidth=1.3, zorder=3)
    ink = INK if drawn.clear else GREY
    write(axes, "\n".join(_lines(drawn.label)), MARGIN - _LEFT, middle * _ROW, va="center", color=ink)
    write(axes, drawn.said, 0.1, middle * _ROW, LOWER_RIGHT, va="center", color=ink)


def _lines(label: str) -> list[str]:
    """A label in two lines: a name above its values, or a text broken once."""
    wide = _LEFT - MARGIN - 0.15
    head, _, rest = label.partition("\n")
    return [fitted(head, wide), fitted(rest, wide)] if rest else wrapped(head, wide, TEXT, most=2)
