"""One history of a plan for the page: its work as bars, shocks and other events, and its diary by month."""

from __future__ import annotations

from typing import Literal

from sim.core import events, words
from sim.core.errors import InputError, suggestion
from sim.core.inputs.packages import REDESIGN
from sim.engine import Simulation
from sim.pictures.work_rows import ProgrammeRow, waits, work_rows
from sim.rooms.whatif.form import FormPart
from sim.study.study import Study
from sim.words.diary.chosen_history import pick
from sim.words.diary.diary import Diary, diary_of
from sim.words.diary.programme import Span, Work, finding, notes, programme, to_share

Way = Literal["typical", "luckiest", "unluckiest"]
STAGES = {stage.name: stage.chart for stage in events.STAGES.values()}
"""Labels of the stages in the chart's legend."""


class Bar(FormPart):
    """A period of work or waiting: kind, start and end month; `lane` 0 is the joint team, 1 the redesign."""

    what: str
    start: float
    end: float
    lane: int


class WorkRow(FormPart):
    """One service or tier: its bars, the months of lost votes, and the month in which work was given up."""

    title: str
    group: str
    bars: list[Bar]
    lost_votes: list[float]
    dropped: list[float]


class Mark(FormPart):
    """An event that affected the whole partnership, in few words."""

    month: float
    text: str
    ends: bool
    lesser: bool


class DiaryLine(FormPart):
    """One line of the diary."""

    month: int
    date: str
    text: str
    turning: bool


class Told(FormPart):
    """One history: its number and why it was chosen, its result, its chart and its diary."""

    replication: int
    way: str
    said: str
    finding: str
    horizon: int
    rows: list[WorkRow]
    marks: list[Mark]
    lines: list[DiaryLine]


def told(study: Study, name: str, way: Way) -> Told:
    """The history of a plan chosen by a rule; InputError for an unknown plan."""
    known = {label: cell for cell, label in study.labels.items()}
    cell = name if name in study.labels else known.get(name)
    if cell is None:
        raise InputError(f"there is no plan of that name{suggestion(name, known)}")
    picked = pick(study, cell, way)
    settings = study.settings(cell)
    history = study.rerun(cell, picked.replication)
    threats = list(Simulation(settings, picked.replication, study.manifest["seed"]).world.threat)
    diary = diary_of(history, settings, threats, picked.said)
    works, happened = programme(history.events, settings.horizon_months), notes(history.events)
    return Told(
        replication=picked.replication,
        way=way,
        said=words.sentence(picked.said),
        finding=words.sentence(finding(works, happened, to_share(settings))),
        horizon=settings.horizon_months,
        rows=[_row(row) for row in work_rows(works, settings)],
        marks=[Mark(month=note.month, text=note.text, ends=note.ends, lesser=note.lesser) for note in happened],
        lines=_lines(diary),
    )


def _lines(diary: Diary) -> list[DiaryLine]:
    entries = [(entry.month, entry.text, entry.turning) for entry in diary.entries]
    levels = [(step.month, step.text, False) for step in diary.milestones]
    return [
        DiaryLine(month=month, date=words.start_of(words.date(month, diary.clock)), text=text, turning=turning)
        for month, text, turning in sorted([*levels, *entries], key=lambda each: each[0])
    ]


def _row(row: ProgrammeRow) -> WorkRow:
    bars = [
        Bar(what=what, start=round(span.start, 2), end=round(span.end, 2), lane=int(work.name.startswith(REDESIGN)))
        for work in row.works
        for span, what in _spans(work)
    ]
    return WorkRow(
        title=row.title,
        group=row.group,
        bars=bars,
        lost_votes=[round(month, 2) for work in row.works for month in work.lost_votes],
        dropped=[round(work.end, 2) for work in row.works if work.ended == "dropped" and work.end is not None],
    )


def _spans(work: Work) -> list[tuple[Span, str]]:
    stages = [(span, STAGES.get(span.what, "consultation or redesign")) for span in work.stages]
    return [*stages, *((span, f"waiting for {span.what}") for span in waits(work))]
