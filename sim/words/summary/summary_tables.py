"""Small tables of a summary: money and dates, then risks and people, one row per plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isinf, isnan

import numpy as np

from sim.analysis.estimates import Estimate
from sim.core import words
from sim.engine.outcomes import DECIDING
from sim.words.summary.difference_words import lead, race
from sim.words.summary.findings import payback_range
from sim.words.summary.study_view import Plan, View, saving_in
from sim.words.verdict_words import percent

_YEARS = (1, 3, 5, 10)
_SHOWN_YEARS = 2
"""Most years shown, counted from the latest."""
SETUP = "setup_cost_gbp_m"
_NARROWEST = 14


@dataclass(frozen=True)
class Table:
    """Table of text under headings; the first column is the plan."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self, width: int) -> list[str]:
        """Table lines in aligned columns within the width; long names are cut, or put above if ambiguous."""
        figures = [max(map(len, column)) for column in list(zip(self.headings, *self.rows, strict=True))[1:]]
        longest = max(len(row[0]) for row in (self.headings, *self.rows))
        first = max(_NARROWEST, min(longest, width - sum(figures) - 2 * len(figures)))
        widths = [first, *figures]
        rows = [(shortened(row[0], first), *row[1:]) for row in (self.headings, *self.rows)]
        names = [row[0] for row in rows[1:]]
        if len(set(names)) == len(names):
            return [_line(row, widths) for row in rows]
        below = [[shortened(row[0], width), _line(("", *row[1:]), widths)] for row in self.rows]
        return [_line(rows[0], widths), *(line for pair in below for line in pair)]

    def markdown(self) -> list[str]:
        """Lines of a Markdown table."""
        rows = [self.headings, tuple("---" for _ in self.headings), *self.rows]
        return [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(map(str.ljust, row, widths)).rstrip()


def shortened(text: str, width: int) -> str:
    """The text cut to a width, with an ellipsis if it was longer."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def escaped(text: str) -> str:
    """The text with Markdown and HTML special characters escaped."""
    harmless = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{letter}" if letter in "\\|*_`[]#" else letter for letter in harmless)


def tables(view: View) -> dict[str, Table]:
    """Tables of worth, cost, savings and payback, and of dissolution, stalling, peak fatigue and lowest buy-in."""
    told = [year for year in _YEARS if view.has(saving_in(year))][-_SHOWN_YEARS:]
    places = decimals(view)
    money = Table(
        ("Money, £m", "Worth", "Set-up cost", *(f"Saved year {year}" for year in told), "Pays for itself"),
        tuple(
            (
                p.name,
                _worth(view, p, places),
                _sum(view, p, SETUP),
                *(_sum(view, p, saving_in(year)) for year in told),
                _payback(view, p),
            )
            for p in view.plans
        ),
    )
    people = Table(
        ("Risk and people", "Breaks down", "Stalls", "Peak fatigue", "Lowest back-bench buy-in"),
        tuple(
            (
                p.name,
                _chance(view, p, "dissolved"),
                _chance(view, p, "stalled"),
                _score(view, p, "peak_fatigue"),
                _score(view, p, "min_buy_in_backbench"),
            )
            for p in view.plans
        ),
    )
    return {"money": money, "people": people}


def _worth(view: View, plan: Plan, places: int) -> str:
    """Mean of the deciding outcome with its range, to as many decimals as separate clearly different plans."""
    if DECIDING not in view.study.runs.columns:
        return "not told"
    found = view.range(plan, DECIDING)
    return _bracketed(replace(found, value=float(np.nanmean(view.values(plan, DECIDING)))), places)


def decimals(view: View) -> int:
    """Fewest decimals of £m at which no two plans that clearly differ print alike."""
    if len(view.plans) == 1 or not view.has(DECIDING):
        return 1
    found = race(view)
    return max(lead(view, found.best, other).places for other in found.others)


def _sum(view: View, plan: Plan, outcome: str) -> str:
    if outcome not in view.study.runs.columns:
        return "not told"
    found = view.range(plan, outcome)
    return "past the end" if isnan(found.value) else _bracketed(found, 1)


def _bracketed(found: Estimate, places: int) -> str:
    low, high = words.decimal(found.low, places), words.decimal(found.high, places)
    joint = " to " if "−" in low + high else "–"
    return words.bracketed(words.decimal(found.value, places), low, high, joint)


def _payback(view: View, plan: Plan) -> str:
    found = payback_range(view, plan)
    if isinf(found.low):
        return "never"
    first, middle, last = (_year(month) for month in (found.low, found.value, found.high))
    return words.bracketed(f"{'year ' if middle != 'never' else ''}{middle}", first, last, "–")


def _year(month: float) -> str:
    return "never" if isinf(month) else str(words.year_in_force(month))


def _chance(view: View, plan: Plan, outcome: str) -> str:
    if outcome not in view.study.runs.columns:
        return "not told"
    values = view.values(plan, outcome)
    return percent(Estimate.of_count(int((values > 0).sum()), len(values)), "–")


def _score(view: View, plan: Plan, outcome: str) -> str:
    if outcome not in view.study.runs.columns:
        return "not told"
    found = view.range(plan, outcome)
    return "past the end" if isnan(found.value) else _bracketed(found.times(100), 0)
