"""Gantt chart of one history: services as rows, stages as shades, waits, rework, lost votes and shocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import ScaledTranslation

from sim.core import words
from sim.core.errors import InputError
from sim.core.events import KINDS, STAGES
from sim.core.history import Event
from sim.core.inputs.packages import PRINCIPLE, REDESIGN, TIERS
from sim.pictures.figures.style import (
    FAINT,
    GREY,
    INK,
    MARGIN,
    TEXT,
    WIDTH,
    Sheet,
    beside,
    fitted,
    look,
    root,
    sheet,
    text_width,
)
from sim.pictures.figures.time_axis import time_axis
from sim.words.diary.programme import Note, Span, Work, finding, notes, programme, to_share
from sim.words.names import Names
from sim.words.summary.study_view import Plan, View

_LEFT, _EDGE, _BELOW = 2.1, 0.25, 0.55
_ROW, _HEADING, _NOTE, _KEY = 0.235, 0.25, 0.17, 0.2
_SHADES = {stage.name: stage.shade for stage in STAGES.values() if stage.shade}
_GROUPS = {
    "tier": "Management",
    "corporate": "Corporate services",
    "customer": "Customer-facing services",
    "across": "Across services",
    "common": "Systems and terms",
}
_TITLES = {
    "principle": "Agreement in principle",
    "chief_executive": "Chief executive",
    "management_team": "Management team",
    "heads_of_service": "Heads of service",
    "service_managers": "Service managers",
    "joint_ict": "Joint ICT",
    "hr_payroll": "HR and payroll system",
    "accommodation": "Shared buildings",
    "terms": "Terms and conditions",
    "one_employer": "One employer",
    "company": "Owned company",
    "merger": "Merger",
}
_LOST, _DROPPED = KINDS["vote lost"].mark, KINDS["package dropped"].mark
_HATCHES = {"HR": "//////", "OD": "||||||"}
_MOST_NOTES = 16
_SHORTEST = 0.1
"""Shortest wait drawn, in months."""


@dataclass(frozen=True)
class ChartRow:
    """One row of the chart: a heading, or a service (or management tier) with its packages."""

    title: str
    works: tuple[Work, ...] = ()

    @property
    def height(self) -> float:
        """Height in inches."""
        return _ROW if self.works else _HEADING


def gantt(view: View, plan: Plan | None = None, replication: int | None = None) -> Figure:
    """Gantt chart of one history of a plan; the reference's typical one by default."""
    plan = plan or view.reference
    number, events = _facts(view, plan, replication)
    settings = view.study.settings(plan.cell)
    names = Names.of(settings)
    works = programme(events, view.horizon)
    happened, more = _fewer(notes(events))
    rows = _rows(works, names, {key: service.kind for key, service in settings.services.items()})
    lanes = _lanes(happened, view.horizon)
    above, key = _NOTE * (max(lanes, default=-1) + 1) + 0.12, _key_lines()
    height = above + max(sum(row.height for row in rows), _ROW) + _BELOW + _KEY * len(key) + 0.1
    page = sheet(finding(works, happened, to_share(settings)), _subtitle(view, plan, number, more), height)
    axes = _draw(page, view, rows, above, _KEY * len(key) + 0.1, look(view, plan).colour)
    _draw_notes(axes, happened, lanes)
    _draw_key(page, key, look(view, plan).colour)
    return page.figure


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


def _rows(works: dict[str, Work], names: Names, kinds: dict[str, str]) -> list[ChartRow]:
    by_service: dict[str, list[Work]] = {}
    for work in works.values():
        by_service.setdefault(work.service, []).append(work)
    rows = []
    for group, heading in _GROUPS.items():
        members = [key for key in by_service if _group(key, kinds) == group]
        members.sort(key=lambda key: min(work.start for work in by_service[key]))
        if members:
            rows.append(ChartRow(heading))
            rows += [
                ChartRow(
                    _TITLES.get(key) or names.services.get(key) or words.start_of(words.plain(key)),
                    tuple(by_service[key]),
                )
                for key in members
            ]
    return rows


def _group(key: str, kinds: dict[str, str]) -> str:
    if key in (PRINCIPLE, *TIERS):
        return "tier"
    return kinds.get(key) or ("common" if key in _TITLES else "across")


def _draw(page: Sheet, view: View, rows: Sequence[ChartRow], above: float, key: float, colour: str) -> Axes:
    bottom = page.bottom + key + _BELOW
    height = page.top - above - bottom
    axes = page.axes(_LEFT, bottom, WIDTH - _LEFT - _EDGE, height)
    time_axis(axes, view)
    axes.set_ylim(0, height)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    top = height
    for row in rows:
        top -= row.height
        title = fitted(row.title, _LEFT - MARGIN - 0.1, TEXT, "normal" if row.works else "bold")
        axes.text(
            0,
            0,
            title,
            transform=beside(axes, MARGIN - _LEFT, top + row.height / 2 - 0.01),
            fontsize=TEXT,
            va="center",
            weight="normal" if row.works else "bold",
            label="direct label",
        )
        if row.works:
            axes.axhline(top, color=FAINT, linewidth=0.5, zorder=0)
        for work in row.works:
            _draw_work(axes, work, top, colour)
    return axes


def _draw_work(axes: Axes, work: Work, low: float, colour: str) -> None:
    whole = work.name in TIERS
    height = _ROW - 0.06 if whole else (_ROW - 0.05) / 2
    base = low + 0.03 if whole or work.name.startswith(REDESIGN) else low + 0.03 + height
    for span in work.stages:
        _bar(axes, span, base, height, **_stage_look(span.what, colour))
    for span in (span for span in work.waits if span.end - span.start >= _SHORTEST):
        _bar(axes, span, base, height, **_wait_look(span.what))
    middle = [base + height / 2] * len(work.lost_votes)
    axes.plot(
        work.lost_votes,
        middle,
        marker=_LOST,
        markersize=5,
        markeredgewidth=1.5,
        color=INK,
        linestyle="",
        zorder=6,
    )
    if work.ended == "dropped" and work.end is not None:
        axes.plot([work.end], [base + height / 2], marker=_DROPPED, markersize=4, color=INK, linestyle="", zorder=6)


def _stage_look(stage: str, colour: str) -> dict[str, object]:
    if stage == "rework":
        return {"facecolor": "white", "edgecolor": INK, "linewidth": 1.1, "zorder": 4}
    return {"facecolor": _shade(colour, _SHADES.get(stage, 0.3)), "edgecolor": "none", "zorder": 2}


def _bar(axes: Axes, span: Span, base: float, height: float, **drawn: object) -> None:
    axes.add_patch(Rectangle((span.start, base), span.end - span.start, height, **drawn))  # type: ignore[arg-type]


def _shade(colour: str, strength: float) -> str:
    red, green, blue = (1 - strength * (1 - part) for part in to_rgb(colour))
    return str(to_hex((red, green, blue)))


def _draw_notes(axes: Axes, happened: Sequence[Note], lanes: Sequence[int]) -> None:
    _, high = axes.get_ylim()
    horizon = axes.get_xlim()[1]
    for note, lane in zip(happened, lanes, strict=True):
        up = 0.1 + lane * _NOTE
        leftward = _extent(note, horizon)[0] < note.month
        axes.plot([note.month] * 2, [0, high + up + 0.07], color=GREY, linewidth=0.8, clip_on=False, zorder=1)
        axes.text(
            note.month,
            0,
            note.text,
            fontsize=TEXT,
            ha="right" if leftward else "left",
            zorder=7,
            transform=axes.get_xaxis_transform() + _moved(axes, -0.05 if leftward else 0.05, high + up),
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            label="direct label",
        )
        if note.ends:
            axes.axvspan(note.month, horizon, color=FAINT, alpha=0.6, zorder=0, linewidth=0)


def _moved(axes: Axes, right: float, up: float) -> ScaledTranslation:
    return ScaledTranslation(right, up, root(axes).dpi_scale_trans)


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
_KEY_ENTRIES: tuple[tuple[str, str], ...] = (
    *((name, STAGES[name].chart) for name in _IN_KEY),
    *((kind.officer, name) for name, kind in KINDS.items() if kind.officer and kind.step == "begins"),
    ("rework", STAGES["rework"].chart),
    (_LOST, "vote lost"),
    (_DROPPED, "given up"),
)


def _key_lines() -> list[list[tuple[str, str, float]]]:
    lines: list[list[tuple[str, str, float]]] = [[]]
    at = 0.0
    for what, words_for_it in _KEY_ENTRIES:
        wide = 0.36 + text_width(words_for_it) + 0.18
        if at + wide > WIDTH - 2 * MARGIN:
            lines.append([])
            at = 0.0
        lines[-1].append((what, words_for_it, at))
        at += wide
    return lines


def _draw_key(page: Sheet, lines: list[list[tuple[str, str, float]]], colour: str) -> None:
    height = _KEY * len(lines)
    axes = page.axes(MARGIN, page.bottom, WIDTH - 2 * MARGIN, height)
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH - 2 * MARGIN)
    axes.set_ylim(0, height)
    for number, line in enumerate(lines):
        middle = height - _KEY * (number + 0.5)
        for what, told, at in line:
            if what in (_LOST, _DROPPED):
                axes.plot(
                    [at + 0.2],
                    [middle],
                    marker=what,
                    markersize=5,
                    markeredgewidth=1.4,
                    color=INK,
                    linestyle="",
                )
            else:
                _bar(axes, Span(what, at, at + 0.3), middle - 0.055, 0.11, **_key_look(what, colour))
            axes.text(at + 0.36, middle, told, fontsize=TEXT, va="center_baseline", label="direct label")


def _key_look(what: str, colour: str) -> dict[str, object]:
    return _wait_look(what) if what in _HATCHES else _stage_look(what, colour)


def _wait_look(who: str) -> dict[str, object]:
    return {"facecolor": "white", "edgecolor": GREY, "hatch": _HATCHES[who], "linewidth": 0.5, "zorder": 3}
