"""Annexes of a brief: tables behind figures, logs, similar councils, STRESS-DES, assurance and manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isnan
from typing import Any

from markupsafe import Markup, escape

from sim.analysis import similar
from sim.analysis.compare import describe
from sim.analysis.estimates import Estimate
from sim.assurance import standing
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.study.files.store import ASSURANCE
from sim.surfaces.brief import kept
from sim.surfaces.brief.blocks import Block, BriefTable, Items, Section, Text
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.stress import checklist
from sim.words.answers.similar_words import said
from sim.words.documents.limits import USES, grades
from sim.words.documents.logs import decisions_log
from sim.words.summary.review_dates import review_by
from sim.words.verdict_words import percent

LONGEST = 600
"""Most characters in a log's table cell; longer texts of the user's are cut."""
NEAREST = 3
"""Number of similar partnerships reported: enough to show agreement, few enough for a page."""
GRADES = {
    "A": "the source counted it or put a price on it",
    "B": "several cases, or the source's own conclusion: which way it points, not how strongly",
    "C": "a single case or a single voice",
    "assumption": "no source gives it; the reason stands beside it",
}


_QUANTITY = {
    "name": ("Quantity", 28),
    "value": ("Value", 8),
    "low": ("Low", 8),
    "high": ("High", 8),
    "unit": ("Unit", 9),
    "grade": ("Grade", 11),
    "source": ("Source or reason", 28),
}
_DECISION = {
    "name": ("What", 24),
    "usual": ("Usual", 15),
    "chosen": ("Chosen", 15),
    "by": ("By", 11),
    "reason": ("Why", 35),
}
_FACT = {
    "whose": ("Whose", 18),
    "fact": ("Fact", 22),
    "value": ("Value", 14),
    "status": ("Standing", 14),
    "source": ("Source", 32),
}
"""Columns of the logs: heading, and share of the width in hundredths."""


@dataclass(frozen=True)
class Annex:
    """One annex with its letter; `exact` is true if none of its figures is an estimate, and is stated."""

    letter: str
    section: Section
    exact: bool


def annexes(source: BriefSource) -> list[Annex]:
    """The annexes for this audience, lettered in order."""
    made = list(_made(source))
    return [Annex(chr(ord("A") + number), part, exact) for number, (part, exact) in enumerate(made)]


def _made(source: BriefSource) -> Iterator[tuple[Section, bool]]:
    if source.audience == "technical" and source.view is not None:
        yield Section("outcomes", "Every outcome, and how plans differ", tuple(_outcomes(source))), False
    if source.audience != "members":
        figure = kept.waterfall(source)
        if figure:
            yield Section("why", "Why the plans differ", tuple(figure)), False
        yield Section("assumptions", "Assumptions log", tuple(_assumptions(source))), True
        yield Section("decisions", "Decisions log", tuple(_decisions(source))), True
        yield Section("data", "Data log", tuple(_data(source))), True
        alike = _alike(source)
        if alike:
            yield Section("alike", "Councils like yours", tuple(alike)), True
        yield Section("stress", "STRESS-DES: what is reported of the simulation", (_stress(source),)), True
    yield Section("assurance", "Assurance statement", tuple(_assurance(source))), True
    yield Section("manifest", "Manifest", (_manifest(source),)), True


def _cell(value: object) -> Markup:
    return escape(words.one_line(str(value), LONGEST))


def _table(caption: str, columns: Mapping[str, tuple[str, int]], rows: Sequence[Mapping[str, Any]]) -> BriefTable:
    """A log as a table; `columns` gives each key's heading and share of the width in hundredths."""
    cells = tuple(tuple(_cell(_plain(row[key])) for key in columns) for row in rows)
    headings, widths = zip(*columns.values(), strict=True)
    return BriefTable(escape(caption), headings, cells, widths=widths)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, ",.10g") if isinstance(value, int | float) else value


def _assumptions(source: BriefSource) -> Iterator[Block]:
    counts = grades(source.settings)
    yield BriefTable(
        Markup("How many quantities have which grade of evidence"),
        ("Grade", "Quantities", "Means"),
        tuple((_cell(grade), _cell(counts[grade]), _cell(means)) for grade, means in GRADES.items()),
        widths=(15, 15, 70),
    )
    yield Text(
        Markup("Only grade A speaks for a size. For B and C the source gives the direction and the size is our source.")
    )
    overridden = [row for row in source.assumptions if row["overridden"]]
    if overridden:
        yield _table("Replaced by the user; each has lost its citation", _QUANTITY, overridden)
    yield _table("Every quantity of the world behind this study", _QUANTITY, source.assumptions)


def _decisions(source: BriefSource) -> Iterator[Block]:
    yield Text(Markup("What differs from the defaults in each plan, who chose it, and why where a reason was given."))
    for cell, plan in source.plans.items():
        rows = decisions_log(source.study, cell)
        if not rows:
            yield Text(Markup("{}: nothing differs from the defaults.").format(plan))
            continue
        yield _table(plan, _DECISION, rows)


def _data(source: BriefSource) -> Iterator[Block]:
    yield _table(f"The given facts of {source.settings.partnership.name}", _FACT, source.data)


def _alike(source: BriefSource) -> list[Block]:
    """The nearest real partnerships and their published results; empty if none can be compared."""
    lines = said(similar.nearest(source.settings.partnership, NEAREST)).splitlines()
    blocks: list[Block] = []
    for deep, group in groupby(lines, key=lambda line: line.startswith("  ")):
        told = [escape(line.strip()) for line in group]
        blocks += [Items(tuple((Markup(""), line) for line in told))] if deep else [Text(line) for line in told]
    return blocks


def _stress(source: BriefSource) -> BriefTable:
    rows = tuple((_cell(number), _cell(item), escape(answer)) for number, item, answer in checklist(source))
    caption = Markup("Every item of the checklist, answered for this study")
    return BriefTable(caption, ("No.", "Item", "Answer"), rows, widths=(7, 20, 73))


def _assurance(source: BriefSource) -> Iterator[Block]:
    """Assurance statement required by the Aqua Book: level of assurance, limits of use, and review."""
    manifest = source.study.manifest
    by = review_by(str(manifest.get("created", "")))
    changed = "the program has changed since" if source.study.code_differs else "the program is still the same"
    said = [
        ("Level of assurance", str(manifest.get("assurance", ASSURANCE))),
        ("Limits of use", " ".join(USES)),
        (
            "Uncertainty",
            "Shown: luck, as ranges over histories and intervals of chances and means. Not in the ranges: "
            "what is not known of the quantities, and what the model leaves out.",
        ),
        (
            "Checks",
            "Conservation of money and people, precedence and capacity are checked inside every history; known "
            "answers, published figures and reproduction are checked by the project's tests. "
            + standing()
            + " They stand in docs/assurance.md, the published figures in docs/validation.md.",
        ),
        ("Integrity", _integrity(source)),
        ("Program", f"When this brief was made, {changed}."),
        ("Review by", f"{by}." if by else "The date of the study is not known: review it before any use."),
    ]
    yield Items(tuple((escape(lead), escape(text)) for lead, text in said))


def _integrity(source: BriefSource) -> str:
    if source.complaints:
        count = words.counted(len(source.complaints), "complaint")
        return f"{count} about the files of this study, listed at the top of this brief."
    return "The files of the study are those it wrote, as far as their digests in the manifest tell."


def _manifest(source: BriefSource) -> BriefTable:
    manifest = source.study.manifest
    dirty = {True: "with changes", False: "without changes", None: "not known"}
    facts = {
        "Study": source.study.folder.name,
        "Made": str(manifest.get("created", "not known")),
        "Status": manifest.get("status", "not known"),
        "Result digest (SHA-256)": manifest.get("digest", "none"),
        "Settings hash (SHA-256)": manifest.get("settings_hash", "none"),
        "Program hash (SHA-256)": manifest.get("code", "none"),
        "Lock hash (SHA-256)": manifest.get("lock") or "none",
        "Commit": f"{manifest.get('commit') or 'none'} ({dirty[manifest.get('dirty')]})",
        "Root seed": manifest.get("seed", "not known"),
        "Schema": manifest.get("schema", "not known"),
        "Platform": manifest.get("platform", "not known"),
        **{f"Version of {name}": version for name, version in manifest.get("versions", {}).items()},
    }
    facts |= {f"Histories of {plan}": _histories(source, cell) for cell, plan in source.plans.items()}
    rows = tuple((_cell(name), _cell(value)) for name, value in facts.items())
    return BriefTable(Markup("Where these results come from"), ("What", "Value"), rows, widths=(30, 70))


def _histories(source: BriefSource, cell: str) -> str:
    entry = next(entry for entry in source.study.manifest["cells"] if entry["cell"] == cell)
    return f"{entry.get('replications') or 0}, {entry['status']}"


def _outcomes(source: BriefSource) -> Iterator[Block]:
    """Every outcome of every shown plan with mean, interval and spread, and the paired differences."""
    assert source.view is not None
    found = describe(source.view.runs)
    names = {plan.cell: plan.name for plan in source.view.plans}
    mark = source.mark
    for cell, plan in names.items():
        mine = found[found["cell"] == cell]
        every = int(mine["n"].max())
        rows = tuple(_outcome_row(source, line, every) for line in mine.itertuples() if line.n)
        headings = ("Outcome", "Unit", "Mean (95% interval)", "Middle (nine histories in ten)", "Never")
        caption = mark(f"{plan}: means with their interval, then the spread over histories")
        yield BriefTable(caption, headings, rows, widths=(40, 12, 18, 18, 12))
    table = _comparison(source)
    if table:
        caption = mark(
            "Paired differences from the reference under the same luck, with the intervals that the verdicts rest on"
        )
        yield BriefTable(caption, ("Plan", "Outcome", "Difference", "Verdict"), tuple(table), widths=(18, 44, 20, 18))


def _outcome_row(source: BriefSource, line: Any, every: int) -> tuple[Markup, ...]:
    outcome, mark = OUTCOMES[line.outcome], source.mark
    flag = outcome.unit in ("flag", "true or false", "chance")
    mean = "–" if isnan(line.mean) else _with_ends(line.mean, line.low, line.high)
    mean += f", in {line.n} of {every} histories" if line.n < every else ""
    ends = (line.p50, line.p05, line.p95)
    middle = "–" if flag or any(isnan(end) for end in ends) else _with_ends(*ends)
    never = percent(Estimate.of_count(int(line.never), int(line.n)), "–") if line.never else "–"
    return mark(outcome.meaning), escape(outcome.unit), mark(mean), mark(middle), mark(never)


def _with_ends(middle: float, low: float, high: float) -> str:
    places = 2 if max(abs(low), abs(high)) < 10 else 1
    places = words.telling(places, low, high) if low < high else places
    return words.bracketed(*(words.decimal(value, places) for value in (middle, low, high)))


def _comparison(source: BriefSource) -> list[tuple[Markup, ...]]:
    assert source.view is not None
    names, mark = {plan.cell: plan.name for plan in source.view.others}, source.mark
    table = source.view.study.comparison
    rows: list[tuple[Markup, ...]] = []
    for line in table[table["cell"].isin(list(names))].to_dict(orient="records"):
        mean, half = float(line["mean_difference"]), float(line["half_width"])
        gap = "–" if isnan(mean) or isnan(half) else _with_ends(mean, mean - half, mean + half)
        gap = "none in any history" if line["verdict"] == "identical" else gap
        meaning, verdict = OUTCOMES[line["outcome"]].meaning, line["verdict"]
        rows.append((mark(names[line["cell"]]), mark(meaning), mark(gap), escape(verdict)))
    return rows
