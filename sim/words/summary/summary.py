"""The summary of a study: answer, risks, other differences, sensitivities, a table, and next steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from sim.core import words
from sim.words.documents import logs
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
class Summary:
    """The summary of a study for a terminal (`text`), for summary.md (`markdown`) and for a brief."""

    headline: str
    text: str
    markdown: str
    tables: tuple[Table, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Parts:
    """Contents of a summary before layout."""

    headline: str
    paragraphs: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    note: str
    folder: str
    commands: tuple[tuple[str, str], ...]
    drawn: bool = True
    """True if the study has figures."""


def summary(study: Study) -> Summary:
    """Summary of a study; InputError if it has no finished history."""
    view = View(study)
    parts = Parts(
        headline=headline(view),
        paragraphs=tuple((title, words.sentence(text)) for title, text in _paragraphs(view) if text),
        tables=tables(view),
        note=_note(view),
        folder=folder_from_here(study.folder),
        commands=_commands(view),
    )
    return laid_out(parts)


def headline(view: View) -> str:
    """The answer in one sentence, the same wherever it is shown."""
    return words.sentence(findings.answer(view))


def laid_out(parts: Parts) -> Summary:
    """The parts laid out as text for a terminal and as Markdown."""
    return Summary(parts.headline, _text(parts), _markdown(parts), parts.tables, parts.note)


def _paragraphs(view: View) -> list[tuple[str, str]]:
    rows = risk_words.risk_rows(view)
    return [
        ("The risk", risk_words.in_words(view, rows)),
        (ALSO, also_differs(view)),
        ("What could change it", change(view)),
        ("Stopped early", _partial(view)),
        ("Failed", "; ".join(view.study.failed)),
    ]


def also_differs(view: View) -> str:
    """Clause on the best plan's and its rival's other differences, not necessarily causes; "" for a single plan."""
    if len(view.plans) == 1:
        return ""
    plan, other = contrast(view)
    told = driver_words.between(view, plan, other)
    if not told:
        return cannot_be_told_apart(f"along the way {plan.mid} and {other.mid}", "either")
    return f"beside {other.mid}, {plan.mid} {words.listed(told)}; this need not be what makes the result"


def contrast(view: View) -> tuple[Plan, Plan]:
    """The plan with the best result and the reference; if they are the same, the best and the next best."""
    if driver_words.result_outcome(view) is None:
        return view.others[0], view.reference
    found = race(view)
    return found.best, view.reference if not found.best.is_reference else found.others[0]


def change(view: View) -> str:
    """Sentence on what goes with poor results under the best plan, and what the ranges leave out."""
    plan = contrast(view)[0] if len(view.plans) > 1 else view.reference
    found = [text for text in (driver_words.within(view, plan), driver_words.cost_of_breaking_down(view, plan)) if text]
    return f"under {plan.mid}, {'; '.join(found)}. {_LUCK}" if found else _LUCK


def _partial(view: View) -> str:
    return (
        "the study was stopped before its end; these are the histories that were finished" if view.study.partial else ""
    )


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
    if len(parted):
        return (
            scenario,
            int(parted["replication"].iloc[0]),
            "a history in which it breaks down, month by month",
        )
    return scenario, int(rows["replication"].iloc[0]), "one history, month by month"


def _text(parts: Parts) -> str:
    lines = [*wrap(parts.headline, WIDTH), ""]
    for title, paragraph in parts.paragraphs:
        lines += wrap(f"{title}. {paragraph}", WIDTH)
    for table in parts.tables:
        lines += ["", *table.text(WIDTH)]
    lines += [
        "",
        *wrap(parts.note, WIDTH),
        "",
        f"Results: {parts.folder}{' (figures in figures/)' if parts.drawn else ''}",
    ]
    lines += ["Next:", *_aligned(parts.commands)]
    return "\n".join([*lines, ILLUSTRATIVE])


def _aligned(commands: tuple[tuple[str, str], ...]) -> list[str]:
    """One line per command, with its description beside it if that fits."""
    width = min(_COMMAND, max(len(command) for command, _ in commands))
    lines = [f"  {command.ljust(width)}  {what}" for command, what in commands]
    return [line if len(line) <= WIDTH else f"  {command}" for line, (command, _) in zip(lines, commands, strict=True)]


def _markdown(parts: Parts) -> str:
    lines = [escaped(parts.headline), ""]
    for title, paragraph in parts.paragraphs:
        lines += [f"**{title}.** {escaped(paragraph)}", ""]
    for table in parts.tables:
        lines += [*table.markdown(), ""]
    lines += [
        escaped(parts.note),
        "",
        f"Results: `{Path(parts.folder).name}`{' (figures in `figures/`)' if parts.drawn else ''}",
        "",
    ]
    lines += [f"- `{command}`: {what}" for command, what in parts.commands]
    return "\n".join([*lines, "", ILLUSTRATIVE, ""])
