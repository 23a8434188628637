"""The summary of a study: answer, risks, other differences, sensitivities, a table, and next steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import compared, describe
from sim.core import words
from sim.words.documents import logs
from sim.words.finding import records
from sim.words.summary import driver_words, findings, risk_words
from sim.words.summary.difference_words import race
from sim.words.summary.study_view import Plan, View
from sim.words.summary.summary_tables import Table, escaped, tables
from sim.words.verdict_words import cannot_be_told_apart

if TYPE_CHECKING:
    from sim.study.study import Study

WIDTH = 100
_COMMAND = 48
ALSO = "What also differs"
_LUCK = "All ranges show luck alone: evidence stands at one value, and its ranges would widen them"
LEGEND = (
    "in brackets: of a chance or a mean its 95% interval, of differences wider where many are judged together; of "
    "worth and all else nine histories in ten (alike: written the same)"
)
"""Explanation of the brackets in a summary and a brief."""
MOST_SET = 4
"""Most user settings that are listed one by one."""
SLOWER = ("tandem run levers.pace.months_between_waves=6", "the same plans with waves six months apart")
ILLUSTRATIVE = "Illustrative, not a forecast: most quantities behind it are assumptions with wide ranges."


@dataclass(frozen=True)
class StudyAnswer:
    """The answer of a study's plans, a finding that terminal, page and brief lay out each in its way."""

    view: View

    @cached_property
    def headline(self) -> str:
        """The answer in one sentence."""
        return words.sentence(findings.answer(self.view))

    @cached_property
    def risk_rows(self) -> list[risk_words.RiskRow]:
        """The risks, gravest first, with their chances under each plan."""
        return risk_words.risk_rows(self.view)

    @cached_property
    def risk(self) -> str:
        """Sentence on the risks."""
        return words.sentence(risk_words.in_words(self.view, self.risk_rows))

    @cached_property
    def also_differs(self) -> str:
        """Sentence on the best plan's and its rival's other differences, not necessarily causes; "" for one plan."""
        if len(self.view.plans) == 1:
            return ""
        plan, other = contrast(self.view)
        told = driver_words.between(self.view, plan, other)
        if not told:
            return words.sentence(cannot_be_told_apart(f"along the way {plan.mid} and {other.mid}", "either"))
        also = f"beside {other.mid}, {plan.mid} {words.listed(told)}; this need not be what makes the result"
        return words.sentence(also)

    @cached_property
    def change(self) -> str:
        """Sentence on what goes with poor results under the best plan, and what the ranges leave out."""
        view = self.view
        plan = contrast(view)[0] if len(view.plans) > 1 else view.reference
        found = [driver_words.within(view, plan), driver_words.cost_of_breaking_down(view, plan)]
        known = "; ".join(text for text in found if text)
        return words.sentence(f"under {plan.mid}, {known}. {_LUCK}" if known else _LUCK)

    @property
    def paragraphs(self) -> list[tuple[str, str]]:
        """What follows the headline, each paragraph with its title."""
        study = self.view.study
        partial = "The study was stopped before its end; these are the histories that were finished."
        told = [
            ("The risk", self.risk),
            (ALSO, self.also_differs),
            ("What could change it", self.change),
            ("Stopped early", partial if study.partial else ""),
            ("Failed", words.sentence("; ".join(study.failed))),
        ]
        return [(title, text) for title, text in told if text]

    @property
    def lines(self) -> list[str]:
        """The headline, then each paragraph behind its title."""
        return [self.headline, *(f"{title}. {text}" for title, text in self.paragraphs)]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Money and dates, then risks and people, a row a plan."""
        return tables(self.view)

    def as_json(self) -> dict[str, Any]:
        """The study's results."""
        return as_json(self.view.study)


def as_json(study: Study) -> dict[str, Any]:
    """A study's results for JSON: every outcome of every cell with its interval, and the comparison."""
    return {
        "folder": str(study.folder),
        "status": study.manifest["status"],
        "reference": study.reference,
        "cells": [{"cell": cell, "label": label} for cell, label in study.labels.items()],
        "outcomes": records(describe(compared(study)[0])),
        "comparison": records(study.comparison),
    }


@dataclass(frozen=True)
class Summary:
    """The summary of a study, a finding: its answer, tables, the note on how to read them, and what to do next."""

    study: Study
    headline: str
    paragraphs: Sequence[tuple[str, str]]
    tables: Mapping[str, Table]
    note: str
    commands: Sequence[tuple[str, str]]
    drawn: bool = True
    """True if the study has figures."""

    def as_json(self) -> dict[str, Any]:
        """The study's results."""
        return as_json(self.study)

    @property
    def lines(self) -> list[str]:
        """The summary as lines for a terminal."""
        lines = [*wrap(self.headline, WIDTH), ""]
        for title, paragraph in self.paragraphs:
            lines += wrap(f"{title}. {paragraph}", WIDTH)
        for table in self.tables.values():
            lines += ["", *table.text(WIDTH)]
        figures = " (figures in figures/)" if self.drawn else ""
        lines += ["", *wrap(self.note, WIDTH), "", f"Results: {folder_from_here(self.study.folder)}{figures}"]
        return [*lines, "Next:", *_aligned(self.commands), ILLUSTRATIVE]

    @property
    def text(self) -> str:
        """The lines as people read them in a terminal."""
        return "\n".join(self.lines)

    @property
    def markdown(self) -> str:
        """The page summary.md."""
        parts = [escaped(self.headline)]
        parts += [f"**{title}.** {escaped(paragraph)}" for title, paragraph in self.paragraphs]
        parts += ["\n".join(table.markdown()) for table in self.tables.values()]
        figures = " (figures in `figures/`)" if self.drawn else ""
        parts += [escaped(self.note), f"Results: `{Path(folder_from_here(self.study.folder)).name}`{figures}"]
        return "\n\n".join([*parts, "\n".join(f"- `{do}`: {what}" for do, what in self.commands), ILLUSTRATIVE]) + "\n"


def summary(study: Study) -> Summary:
    """Summary of a study; InputError if it has no finished history."""
    found = StudyAnswer(View(study))
    return Summary(study, found.headline, found.paragraphs, found.tables, _note(found.view), _commands(found.view))


def contrast(view: View) -> tuple[Plan, Plan]:
    """The plan with the best result and the reference; if they are the same, the best and the next best."""
    if driver_words.result_outcome(view) is None:
        return view.others[0], view.reference
    found = race(view)
    return found.best, view.reference if not found.best.is_reference else found.others[0]


def _note(view: View) -> str:
    return f"From {view.scope}.{_set_by_user(view)} {words.sentence(LEGEND)} Worth: mean present value. Scores: of 100."


def _set_by_user(view: View) -> str:
    """Settings changed by the user and not visible in plan names: those of every plan, then of single plans."""
    asked = {plan: _asked(view, plan) for plan in view.plans}
    every = list(asked.values())
    alike = {key: row for key, row in every[0].items() if all(rows.get(key) == row for rows in every)}
    said = [_told(f"in {'every plan' if len(every) > 1 else 'this plan'}", list(alike.values()))]
    for plan, rows in asked.items():
        if plan.name == view.study.settings(plan.cell).scenario.title:
            said.append(_told(f"for {plan.mid} alone", [row for key, row in rows.items() if key not in alike]))
    return "".join(said)


def _asked(view: View, plan: Plan) -> dict[str, logs.Row]:
    rows = logs.decided(view.study.settings(plan.cell), {})
    told = ("partnership", "study.horizon_months")
    return {row["key"]: row for row in rows if row["by"] == logs.BY_USER and row["key"] not in told}


def _told(where: str, rows: list[logs.Row]) -> str:
    if not rows:
        return ""
    said = [f"{row['name']} {row['chosen']} instead of {row['usual']}" for row in rows[:MOST_SET]]
    more = [f"{words.number(len(rows) - MOST_SET)} more, which the manifest lists"] if len(rows) > MOST_SET else []
    return f" Set {where}: {words.listed([*said, *more])}."


def folder_from_here(folder: Path) -> str:
    """The folder as a path relative to the current one, never absolute."""
    here = Path.cwd()
    full = folder.resolve()
    return full.relative_to(here).as_posix() if full.is_relative_to(here) else f"{full.parent.name}/{full.name}"


def _commands(view: View) -> tuple[tuple[str, str], ...]:
    scenario, replication, what = _history_to_read(view)
    pair = _typed(view, view.plans[:2])
    why = (f"tandem why LATEST {' '.join(pair)}", "what makes the difference between them")
    return (
        *([why] if len(pair) == 2 else []),
        (f"tandem diary LATEST {scenario} {replication}", what),
        ("tandem report LATEST", "a brief to send on"),
        ("tandem list levers", "what the plan can change"),
        *([SLOWER] if _as_shipped(view) else []),
    )


def _as_shipped(view: View) -> bool:
    """True if the study runs the shipped plans with no setting changed except the number of histories."""
    run = view.study.manifest["study"]
    told = run.get("scenarios")
    if {str(name) for name in view.study.runs["scenario"]} != set(map(str, told if isinstance(told, list) else ())):
        return False
    rows = (row for plan in view.plans for row in logs.decided(view.study.settings(plan.cell), run))
    return all(row["by"] != logs.BY_USER or row["key"] == "study.replications" for row in rows)


def _typed(view: View, plans: Sequence[Plan]) -> list[str]:
    """Plan names for the command line: scenario, or cell if several share it."""
    firsts = view.study.runs.drop_duplicates("cell")
    scenarios = dict(zip(map(str, firsts["cell"]), map(str, firsts["scenario"])))
    several = Counter(scenarios[plan.cell] for plan in plans)
    return [scenarios[plan.cell] if several[scenarios[plan.cell]] == 1 else plan.cell for plan in plans]


def _history_to_read(view: View) -> tuple[str, int, str]:
    plan = view.reference
    rows = view.study.runs[view.study.runs["cell"] == plan.cell]
    scenario = str(rows["scenario"].iloc[0])
    parted = rows[rows["dissolved"] > 0] if "dissolved" in rows else rows.iloc[:0]
    told = parted if len(parted) else rows
    what = "a history in which it breaks down" if len(parted) else "one history"
    return scenario, int(told["replication"].iloc[0]), f"{what}, month by month"


def _aligned(commands: Sequence[tuple[str, str]]) -> list[str]:
    """One line per command, with its description beside it if that fits."""
    width = min(_COMMAND, max(len(command) for command, _ in commands))
    lines = [f"  {command.ljust(width)}  {what}" for command, what in commands]
    return [line if len(line) <= WIDTH else f"  {command}" for line, (command, _) in zip(lines, commands, strict=True)]
