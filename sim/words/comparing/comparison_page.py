"""Layout of a comparison: short or full text for a terminal, and Markdown."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.compare.concerns import BETTER, WORSE
from sim.analysis.estimates import CLEAR, IDENTICAL
from sim.core import words
from sim.words.comparing import comparison_answer, comparison_evidence, comparison_money
from sim.words.comparing.naming import Called, place, signed_gap, title, with_unit
from sim.words.summary.summary_tables import Table, escaped, shortened

if TYPE_CHECKING:
    from sim.analysis.compare.compared_sides import Side
    from sim.analysis.compare.concerns import Concern
    from sim.analysis.compare.side_by_side import Comparison

WIDTH, WIDE = 100, 124
"""Line widths in characters: of running text, and of the full tables."""
_ILLUSTRATIVE = "Illustrative, not a forecast."


def headline(found: Comparison) -> str:
    """The answer of the comparison in full sentences."""
    return words.sentence(comparison_answer.headline(found, Called(found.sides.every)))


def said(found: Comparison, full: bool = False) -> str:
    """The comparison as text for a terminal."""
    called = Called(found.sides.every)
    lines = [*_wrapped([f"Take care: {text}" for text in found.complaints]), *wrap(headline(found), WIDTH), ""]
    lines += [*_aligned(trade_off(found, called)), ""]
    lines += _wrapped([*paragraphs(found, called, full), *notes(found, full)])
    if full:
        for table in (*differences(found, called), comparison_money.table_of(found, called)):
            lines += ["", *_aligned(table, WIDE)] if table.rows else []
    return "\n".join([*lines, _ILLUSTRATIVE])


def markdown(found: Comparison) -> str:
    """The full comparison as Markdown."""
    called = Called(found.sides.every)
    lines = ["# Plans side by side", *(f"**Take care.** {escaped(text)}" for text in found.complaints)]
    lines += [escaped(headline(found)), "\n".join(trade_off(found, called).markdown())]
    lines += [escaped(text) for text in (*paragraphs(found, called, True), *notes(found, True))]
    for table in (*differences(found, called), comparison_money.table_of(found, called)):
        lines += ["\n".join(table.markdown())] if table.rows else []
    return "\n\n".join([*lines, _ILLUSTRATIVE]) + "\n"


def _wrapped(texts: list[str]) -> list[str]:
    return [line for text in texts for line in wrap(text, WIDTH)]


def trade_off(found: Comparison, called: Called) -> Table:
    """Trade-off table: a row of figures for each plan, and below it the verdict against the reference by concern."""
    heads = tuple(comparison_evidence.heading(found, concern.outcomes[0], concern.name) for concern in found.concerns)
    places = {concern.outcomes[0]: 1 for concern in found.concerns} | {found.lead: comparison_answer.decimals(found)}
    rows: list[tuple[str, ...]] = []
    for side in found.shown:
        names = (concern.outcomes[0] for concern in found.concerns)
        rows.append((called.name(side.key), *(_stands(found, side, name, places[name]) for name in names)))
        if side is not found.reference:
            rows.append(("  beside the first", *(found.mark(side, concern) for concern in found.concerns)))
            causes = [_cause(found, side, concern) for concern in found.concerns]
            rows += [("", *causes)] if any(causes) else []
    return Table(("Plan", *heads), tuple(rows))


def _stands(found: Comparison, side: Side, outcome: str, places: int) -> str:
    """A plan's value of an outcome; adds "in n of N" histories if some have no value."""
    level, every = found.levels[side.key, outcome], found.histories(side)
    lacking = f", in {level.n} of {every}" if level.n < every and not side.sampled else ""
    return f"{place(level, outcome, found.in_shares, places)}{lacking}"


def _cause(found: Comparison, side: Side, concern: Concern) -> str:
    """The outcome that decided a concern's verdict, in brackets, if it is the concern's second one."""
    word = found.mark(side, concern)
    if word not in (BETTER, WORSE) or found.verdict(side, concern.outcomes[0]) in CLEAR:
        return ""
    return f"({title(concern.outcomes[1])})"


def paragraphs(found: Comparison, called: Called, full: bool) -> list[str]:
    """Paragraphs on dominance, regret and the councils' money, each with its heading."""
    many = len(found.dominance) if full else 3
    titled = [
        ("Dominance", comparison_evidence.dominance(found, called, many)),
        ("Regret", comparison_evidence.regret(found, called, full)),
    ]
    lines = [f"{name}. {words.sentence(text)}" for name, text in titled if text]
    councils = [words.sentence(line) for line in comparison_money.in_words(found, called)]
    return [*lines, *(["Who pays, who saves, when."] if councils else []), *councils]


def notes(found: Comparison, full: bool) -> list[str]:
    """Notes on how the comparison was made; `full` adds the outcomes behind each concern."""
    left_out = len(found.sides.every) - len(found.shown)
    told = comparison_evidence.method(found)
    if left_out:
        told.append(
            f"Shown are the reference and the {words.number(len(found.shown) - 1)} that lead, of "
            f"{len(found.sides.every)} plans; the table holds all."
        )
    if found.in_shares:
        told.append(
            "Money is a share of a year's service expenditure, the partnership's or the council's; counts are left out."
        )
    behind = comparison_evidence.behind(found)
    return [*told, words.sentence(behind)] if behind and full else told


def differences(found: Comparison, called: Called) -> list[Table]:
    """Tables of all paired differences, one per pair of plans: size, how often better, verdict."""
    made = []
    for (ours, theirs), lines in found.table.groupby(["cell", "reference_cell"], sort=False):
        rows = tuple(_difference(found, line) for line in lines.to_dict(orient="records"))
        first = f"{called.name(str(ours))} beside {called.mid(str(theirs))}"
        made.append(Table((first, "Difference", "Better", "Verdict"), rows))
    return made


def _difference(found: Comparison, line: dict[Hashable, Any]) -> tuple[str, ...]:
    name = str(line["outcome"])
    share, low, high = (100 * float(line[key]) for key in ("p_better", "p_better_low", "p_better_high"))
    often = "–" if share != share else f"{round(share)}% ({round(low)}–{round(high)})"
    gap = signed_gap(float(line["mean_difference"]), float(line["half_width"]), name, found.in_shares)
    told, known, every, neither = _counted(found, line)
    if line["verdict"] == IDENTICAL:
        none = f"none in any history{f', in {known} of {every}' if known < every else ''}"
        return with_unit(name, found.in_shares), none, "–", "identical"
    gap += f", in {told} of {every}" if told < every else ""
    often += f", in {known} of {every}" if known < every else ""
    often += f", never in both in {neither}" if neither else ""
    return with_unit(name, found.in_shares), gap, often, str(line["verdict"])


def _counted(found: Comparison, line: dict[Hashable, Any]) -> tuple[int, int, int, int]:
    """Counts of histories: with a known difference, with a known winner, met by both plans, and never in both."""
    sides = {side.key: side for side in found.sides.every}
    ours, theirs = (sides[str(line[key])] for key in ("cell", "reference_cell"))
    values = [side.values(str(line["outcome"]), found.in_shares) for side in (ours, theirs)]
    if ours.sampled or not line["paired"]:
        every = min(len(each) for each in values)
        known = min(int((~np.isnan(each)).sum()) for each in values)
        return min(int(np.isfinite(each).sum()) for each in values), known, every, 0
    common = ours.rows.index.intersection(theirs.rows.index)
    a, b = (each[side.rows.index.get_indexer(common)] for each, side in zip(values, (ours, theirs), strict=True))
    counts = (np.isfinite(a) & np.isfinite(b), ~np.isnan(a) & ~np.isnan(b), np.isinf(a) & np.isinf(b))
    told, known, neither = (int(each.sum()) for each in counts)
    return told, known, len(common), neither


def _aligned(table: Table, width: int = WIDTH) -> list[str]:
    """Rows aligned under their headings; headings are wrapped, and the first column is cut to the remaining width."""
    figures = [max(8, *(len(row[at]) for row in table.rows)) for at in range(1, len(table.headings))]
    longest = max(len(row[0]) for row in table.rows)
    widths = [max(12, min(longest, width - sum(figures) - 2 * len(figures))), *figures]
    heads = [wrap(head, wide) or [""] for head, wide in zip(table.headings, widths, strict=True)]
    tall = max(len(lines) for lines in heads)
    above = [[([""] * (tall - len(lines)) + lines)[at] for lines in heads] for at in range(tall)]
    names = [shortened(row[0], widths[0]) for row in table.rows if row[0].strip() and not row[0].startswith(" ")]
    rows = table.rows if len(set(names)) == len(names) else _names_above(table.rows)
    return [_line(row, widths) for row in [*map(tuple, above), *rows]]


def _names_above(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Plan names on lines of their own, used where names cut to the column width would look the same."""
    return [part for row in rows for part in ((row[:1], ("", *row[1:])) if row[0][:1].strip() else (row,))]


def _line(row: Sequence[str], widths: list[int]) -> str:
    if len(row) == 1:
        return shortened(row[0], WIDTH)
    return "  ".join(shortened(cell, wide).ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip()
