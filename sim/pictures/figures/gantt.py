"""Gantt chart of one history: services as rows, stages as shades, waits, rework, lost votes and shocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.core import words
from sim.core.errors import InputError
from sim.core.events import KINDS, STAGES
from sim.core.history import Event
from sim.core.inputs.packages import REDESIGN, TIERS
from sim.pictures.figures.drawing import Legend, LegendEntry, as_rows, bar, legend, spot, write
from sim.pictures.figures.palette import FAINT, GREY, INK, look, tint
from sim.pictures.figures.style import MARGIN, TEXT, WIDTH, Sheet, fitted, sheet, text_width
from sim.pictures.figures.time_axis import time_axis
from sim.pictures.work_rows import ProgrammeRow, waits, work_rows
from sim.words.diary.programme import Note, Work, finding, notes, programme, to_share
from sim.words.summary.study_view import Plan, View

_LEFT, _EDGE, _BELOW = 2.3, 0.25, 0.55
_ROW, _HEADING, _NOTE = 0.235, 0.25, 0.17
_SHADES = {stage.name: stage.shade for stage in STAGES.values() if stage.shade}
_LOST, _DROPPED = KINDS["vote lost"].mark, KINDS["package dropped"].mark
_HATCHES = {"HR": "//////", "OD": "||||||"}
_MOST_NOTES = 16

Row = str | ProgrammeRow
"""A row of the chart: the heading of a group, or a service (or management tier) with its packages."""


def gantt(view: View, plan: Plan | None = None, replication: int | None = None) -> Figure:
    """Gantt chart of one history of a plan; the reference's typical one by default."""
    plan = plan or view.reference
    number, events = _facts(view, plan, replication)
    settings, colour = view.study.settings(plan.cell), look(view, plan).colour
    works = programme(events, view.horizon)
    happened, more = _fewer(notes(events))
    rows: list[Row] = []
    for group, members in groupby(work_rows(works, settings), key=lambda row: row.group):
        rows += [group, *members]
    lanes = _lanes(happened, view.horizon)
    above, key = _NOTE * (max(lanes, default=-1) + 1) + 0.12, _key(colour)
    height = above + max(sum(map(_height, rows)), _ROW) + _BELOW + key.height
    page = sheet(finding(works, happened, to_share(settings)), _subtitle(view, plan, number, more), height)
    axes = _draw(page, view, rows, above, key.height, colour)
    _draw_notes(axes, happened, lanes)
    key.draw(page, page.bottom + key.height - 0.06)
    return page.figure


def _height(row: Row) -> float:
    return _HEADING if isinstance(row, str) else _ROW


def _subtitle(view: View, plan: Plan, number: int, more: int) -> str:
    rest = f"; {words.counted(more, 'event')} more in the diary" if more else ""
    return (
        f"{plan.name}, {view.partnership.name}: one history told exactly, number {number} "
        f"of 0 to {view.histories(plan) - 1:,}. Upper bar: joint team; lower bar: redesign{rest}"
    )


def _fewer(happened: list[Note]) -> tuple[list[Note], int]:
    """As many notes as stay readable, with minor ones dropped first, and the number dropped."""
    kept = happened if len(happened) <= _MOST_NOTES else [note for note in happened if not note.lesser]
    shown = kept[: _MOST_NOTES - 1] + kept[-1:] if len(kept) > _MOST_NOTES else kept
    return shown, len(happened) - len(shown)


def _facts(view: View, plan: Plan, replication: int | None) -> tuple[int, Sequence[Event]]:
    told = view.history(plan, replication)
    if told is None and replication is not None:
        return replication, view.study.rerun(plan.cell, replication).events
    if told is None:
        raise InputError(f"this study kept no history of '{plan.name}': run it with study.events=1 or more")
    number, table = told
    columns = (table[name].tolist() for name in ("month", "entity", "kind", "cause", "value"))
    return number, [Event(*fact) for fact in zip(*columns, strict=True)]


def _draw(page: Sheet, view: View, rows: Sequence[Row], above: float, key: float, colour: str) -> Axes:
    bottom = page.bottom + key + _BELOW
    top = page.top - above - bottom
    axes = page.axes(_LEFT, bottom, WIDTH - _LEFT - _EDGE, top)
    as_rows(axes, top, ruled=False)
    time_axis(axes, view)
    for row in rows:
        top -= _height(row)
        title, works, weight = (row, (), "bold") if isinstance(row, str) else (row.title, row.works, "normal")
        text = fitted(title, _LEFT - MARGIN - 0.1, TEXT, weight)
        write(axes, text, MARGIN - _LEFT, top + _height(row) / 2 - 0.01, va="center", weight=weight)
        if works:
            axes.axhline(top, color=FAINT, linewidth=0.5, zorder=0)
        for work in works:
            _draw_work(axes, work, top, colour)
    return axes


def _draw_work(axes: Axes, work: Work, low: float, colour: str) -> None:
    whole = work.name in TIERS
    height = _ROW - 0.06 if whole else (_ROW - 0.05) / 2
    base = low + 0.03 if whole or work.name.startswith(REDESIGN) else low + 0.03 + height
    for span in (*work.stages, *waits(work)):
        bar(axes, span.start, base, span.end - span.start, height, **_filling(span.what, colour))
    for month in work.lost_votes:
        spot(axes, month, base + height / 2, INK, _LOST, size=5, zorder=6)
    if work.ended == "dropped" and work.end is not None:
        spot(axes, work.end, base + height / 2, INK, _DROPPED, size=4, zorder=6)


def _filling(what: str, colour: str) -> dict[str, Any]:
    """How the bar of a stage, or of a wait for officers, is drawn."""
    if what in _HATCHES:
        return {"facecolor": "white", "edgecolor": GREY, "hatch": _HATCHES[what], "linewidth": 0.5, "zorder": 3}
    if what == "rework":
        return {"facecolor": "white", "edgecolor": INK, "linewidth": 1.1, "zorder": 4}
    return {"facecolor": tint(colour, _SHADES.get(what, 0.3)), "edgecolor": "none", "zorder": 2}


def _draw_notes(axes: Axes, happened: Sequence[Note], lanes: Sequence[int]) -> None:
    _, high = axes.get_ylim()
    horizon = axes.get_xlim()[1]
    for note, lane in zip(happened, lanes, strict=True):
        up = 0.1 + lane * _NOTE
        leftward = _extent(note, horizon)[0] < note.month
        axes.plot([note.month] * 2, [0, high + up + 0.07], color=GREY, linewidth=0.8, clip_on=False, zorder=1)
        side, shift = ("right", -0.05) if leftward else ("left", 0.05)
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        write(axes, note.text, shift, high + up, (note.month / horizon, 0), ha=side, zorder=7, bbox=paper)
        if note.ends:
            axes.axvspan(note.month, horizon, color=FAINT, alpha=0.6, zorder=0, linewidth=0)


def _lanes(happened: Sequence[Note], horizon: float) -> list[int]:
    """The lowest lane for each note in which its text overlaps no other and crosses few lines."""
    lanes = [0] * len(happened)
    extents = [_extent(note, horizon) for note in happened]
    for index in reversed(range(len(happened))):
        start, end = extents[index]
        met = [
            lanes[other]
            for other in range(index + 1, len(happened))
            if extents[other][0] < end and extents[other][1] > start
        ]
        lanes[index] = next(
            lane for lane in range(len(happened) + 1) if lane not in met and lane >= max(met, default=-1)
        )
    return lanes


def _extent(note: Note, horizon: float) -> tuple[float, float]:
    """Months that a note's text covers, right of its month, or left near the edge."""
    per_month = (WIDTH - _LEFT - _EDGE) / horizon
    wide = (text_width(note.text) + 0.15) / per_month
    if note.month + wide <= horizon + (_EDGE - 0.05) / per_month:
        return note.month, note.month + wide
    return note.month - wide, note.month


_IN_KEY = ("review", "decision", "consultation", "appointment", "implementation", "bedding_in")
"""Stages listed in the legend; each stands for all stages with the same chart label."""


def _key(colour: str) -> Legend:
    bars = [*((name, STAGES[name].chart) for name in _IN_KEY)]
    bars += [(kind.officer, name) for name, kind in KINDS.items() if kind.officer and kind.step == "begins"]
    bars.append(("rework", STAGES["rework"].chart))
    entries = [LegendEntry(told, partial(_key_bar, what=what, colour=colour), 0.36) for what, told in bars]
    marks = ((_LOST, "vote lost"), (_DROPPED, "given up"))
    entries += [LegendEntry(told, partial(_key_mark, what=what), 0.36) for what, told in marks]
    return legend(entries, line=0.2, gap=0.18)


def _key_bar(axes: Axes, at: float, up: float, what: str, colour: str) -> None:
    bar(axes, at, up - 0.055, 0.3, 0.11, **_filling(what, colour))


def _key_mark(axes: Axes, at: float, up: float, what: str) -> None:
    spot(axes, at + 0.2, up, INK, what, size=5)
