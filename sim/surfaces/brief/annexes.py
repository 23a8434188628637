"""Annexes of a brief: which ones an audience gets, and the tables that are computed for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import isnan
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from sim.analysis import similar
from sim.analysis.compare import describe
from sim.analysis.estimates import Estimate
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.surfaces.brief.blocks import BriefTable
from sim.surfaces.brief.brief_source import BriefSource
from sim.words.answers.similar_words import said
from sim.words.verdict_words import percent

LONGEST = 600
"""Most characters in a log's table cell; longer texts of the user's are cut."""
NEAREST = 3
"""Number of similar partnerships reported: enough to show agreement, few enough for a page."""
_ALL, _LOGS, _TECHNICAL = ("members", "officers", "technical"), ("officers", "technical"), ("technical",)
_TITLES = {
    "outcomes": ("Every outcome, and how plans differ", _TECHNICAL),
    "why": ("Why the plans differ", _LOGS),
    "assumptions": ("Assumptions log", _LOGS),
    "decisions": ("Decisions log", _LOGS),
    "data": ("Data log", _LOGS),
    "alike": ("Councils like yours", _LOGS),
    "stress": ("STRESS-DES: what is reported of the simulation", _LOGS),
    "assurance": ("Assurance statement", _ALL),
    "manifest": ("Manifest", _ALL),
}
"""Title of each annex and the audiences that get it, in order."""


class Annex(NamedTuple):
    """One annex with its letter; `exact` is true if none of its figures is an estimate, and is stated."""

    letter: str
    key: str
    title: str
    exact: bool


def annexes(audience: str, empty: Sequence[str]) -> list[Annex]:
    """The annexes for this audience without those that would be empty, lettered in order."""
    told = [key for key, (_, audiences) in _TITLES.items() if audience in audiences and key not in empty]
    return [Annex(chr(65 + at), key, _TITLES[key][0], key not in ("outcomes", "why")) for at, key in enumerate(told)]


def cells_of(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[list[str]]:
    """The rows of a log as cells: numbers written out, and texts of the user's cut."""
    return [[words.one_line(str(_plain(row[key])), LONGEST) for key in keys] for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, ",.10g") if isinstance(value, int | float) else value


def alike_lines(source: BriefSource) -> list[tuple[bool, list[str]]]:
    """The nearest real partnerships and their published results: lines, and whether they stand under the one before."""
    lines = said(similar.nearest(source.settings.partnership, NEAREST)).splitlines()
    return [(deep, list(group)) for deep, group in groupby(lines, key=lambda line: line.startswith("  "))]


def manifest_facts(source: BriefSource) -> list[tuple[str, str]]:
    """Where the results come from: each fact with its value."""
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
    return [(name, words.one_line(str(value), LONGEST)) for name, value in facts.items()]


def _histories(source: BriefSource, cell: str) -> str:
    entry = next(entry for entry in source.study.manifest["cells"] if entry["cell"] == cell)
    return f"{entry.get('replications') or 0}, {entry['status']}"


def outcomes(source: BriefSource) -> Iterator[BriefTable]:
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
