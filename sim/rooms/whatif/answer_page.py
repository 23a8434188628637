"""One answer prepared for the page: sentences, and the numbers and table text behind every chart."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.analysis.compare import compare
from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.pictures.people_series import series_panels
from sim.plans import key_words
from sim.rooms.whatif.form import FormPart
from sim.rooms.whatif.progressive_answers import InterimAnswer
from sim.words.summary import findings
from sim.words.summary import risk_words as risks
from sim.words.summary.study_view import Plan, View
from sim.words.summary.summary import StudyAnswer
from sim.words.verdict_words import cannot_be_told_apart, chance

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = ("p05", "p25", "p50", "p75", "p95")
PLACES = 3
"""Decimals of the £m figures drawn: a thousand pounds."""
SMALL = 0.1
"""Differences smaller than this, in £m, print as zero at one decimal."""
_FANS = {
    "saving": ("recurrent_saving_gbp_m", "Saving net of running costs, £m a year", " a year"),
    "net": ("cumulative_net_saving_gbp_m", "All that is saved less all that is spent, £m", ""),
}
DELTAS = (
    "recurrent_saving_y5_gbp_m",
    "recurrent_saving_y10_gbp_m",
    "npv_gbp_m",
    "setup_cost_gbp_m",
    "dissolved",
    "stalled",
    "peak_fatigue",
    "min_buy_in_backbench",
    "engagement_end",
    "redundancies",
)
"""Outcomes on which plans are compared, money first."""


class ShownPlan(FormPart):
    """One plan in the answer: its name, whether it is the reference, and its cell.

    `payback` is the payback month: low, median and high of nine histories in ten, null for never.
    """

    cell: str
    name: str
    reference: bool
    histories: int
    payback: list[float | None]


class Band(FormPart):
    """Monthly figures of one plan: median, middle half and nine-in-ten band; the last month also in words."""

    p05: list[float]
    p25: list[float]
    p50: list[float]
    p75: list[float]
    p95: list[float]
    end: str


class Fan(FormPart):
    """One chart over time, with a band for each plan."""

    name: str
    title: str
    about: str
    bands: list[Band]


class Panel(FormPart):
    """One small chart of a score out of 100; `line` is the fatigue level that counts as too much."""

    title: str
    bands: list[Band]
    line: float | None = None


class RiskChance(FormPart):
    """Frequency of a risk under one plan, in per cent with its 95% interval, and in words."""

    percent: float
    low: float
    high: float
    words: str


class RiskLine(FormPart):
    """One risk with its chance under each plan; `verdict` names the plans that differ clearly from the reference."""

    title: str
    chances: list[RiskChance]
    verdict: str


class Delta(FormPart):
    """Paired difference of one outcome, plan minus reference, with the interval behind its verdict."""

    plan: int
    outcome: str
    title: str
    unit: str
    mean: float
    low: float | None
    high: float | None
    said: str
    verdict: str


class ChartTable(FormPart):
    """A table behind a chart, as text."""

    headings: list[str]
    rows: list[list[str]]


class Picture(FormPart):
    """The contents of one answer."""

    state: Literal["first look", "refining", "settled"]
    histories: int
    asked: int
    provisional: str
    headline: str
    risk: str
    also_differs: str
    change: str
    scope: str
    plans: list[ShownPlan]
    partnership: str
    start_year: int
    start_month: int
    horizon: int
    elections: list[int]
    fans: list[Fan]
    risks: list[RiskLine]
    risk_title: str
    panels: list[Panel]
    people_title: str
    payback: str
    deltas: list[Delta]
    sheets: list[ChartTable]


def picture(look: InterimAnswer) -> Picture:
    """The page's contents for the results so far, in the words of the command line."""
    view = View(look.study)
    answer = StudyAnswer(view)
    place, first = view.partnership, look.histories < FIRST and not look.settled
    return Picture(
        state="settled" if look.settled else "first look" if first else "refining",
        histories=look.histories,
        asked=look.asked,
        provisional=_provisional(look),
        headline=answer.headline,
        risk=answer.risk,
        also_differs="" if first else answer.also_differs,
        change="" if first else answer.change,
        scope=view.scope,
        plans=[_shown(view, plan) for plan in view.plans],
        partnership=place.name,
        start_year=place.start_year,
        start_month=place.start_month,
        horizon=view.horizon,
        elections=list(view.elections),
        fans=_fans(view),
        risks=_risks(view, answer.risk_rows),
        risk_title=words.sentence(risks.finding(view, answer.risk_rows)),
        panels=_panels(view),
        people_title=words.sentence(findings.people(view)),
        payback=words.sentence(findings.payback(view)),
        deltas=_deltas(view),
        sheets=[
            ChartTable(headings=list(table.headings), rows=[list(row) for row in table.rows])
            for table in answer.tables.values()
        ],
    )


def _shown(view: View, plan: Plan) -> ShownPlan:
    found = findings.payback_range(view, plan)
    months = [month if isfinite(month) else None for month in (found.low, found.value, found.high)]
    return ShownPlan(
        cell=plan.cell, name=plan.name, reference=plan.is_reference, histories=view.histories(plan), payback=months
    )


FIRST = 60
"""Fewer histories than this count as a first look."""


def _provisional(look: InterimAnswer) -> str:
    if look.settled:
        return f"From {look.histories:,} histories of each plan."
    if look.histories < FIRST:
        return f"First look, from {look.histories} histories of each plan; it refines while you read."
    return f"From {look.histories:,} of {look.asked:,} histories of each plan so far."


def _fans(view: View) -> list[Fan]:
    found = []
    for name, (series, title, unit) in _FANS.items():
        bands = [_band(view, plan, series, unit) for plan in view.plans]
        about = findings.saving(view) if name == "saving" else findings.payback(view)
        found.append(Fan(name=name, title=title, about=words.sentence(about), bands=bands))
    return found


def _band(view: View, plan: Plan, series: str, unit: str) -> Band:
    table = view.trajectory(plan, series)
    assert table is not None
    last = table.iloc[-1]
    ends = words.decimal(last["p05"]), words.decimal(last["p95"])
    said = words.bracketed(f"{words.money(last['p50'])}{unit}", *ends)
    return _rounded(table, 1.0, said)


def _rounded(table: pd.DataFrame, scale: float, said: str) -> Band:
    columns = {name: np.round(scale * table[name].to_numpy(), PLACES).tolist() for name in QUANTILES}
    return Band(**columns, end=said)


def _panels(view: View) -> list[Panel]:
    councils = [council.name for council in view.partnership.councils]
    found = []
    for panel in chain.from_iterable(series_panels(councils)):
        bands = [_score(view, plan, panel.series) for plan in view.plans]
        line = 100 * view.fatigue_line if panel.series == "fatigue" and view.fatigue_line else None
        found.append(Panel(title=panel.title, bands=[band for band in bands if band is not None], line=line))
    return [panel for panel in found if len(panel.bands) == len(view.plans)]


def _score(view: View, plan: Plan, series: str) -> Band | None:
    table = view.trajectory(plan, series)
    if table is None:
        return None
    last = table.iloc[-1]
    low, high = words.out_of_100(last["p05"]), words.out_of_100(last["p95"])
    return _rounded(table, 100.0, words.bracketed(words.out_of_100(last["p50"]), low, high))


def _risks(view: View, rows: list[risks.RiskRow]) -> list[RiskLine]:
    found = []
    for row in rows:
        if len(row.chances) < len(view.plans):
            continue
        chances = [
            RiskChance(
                percent=round(100 * found_chance.value, 1),
                low=round(100 * found_chance.low, 1),
                high=round(100 * found_chance.high, 1),
                words=chance(found_chance),
            )
            for found_chance in row.chances.values()
        ]
        apart = words.listed(plan.name for plan in row.differs)
        verdict = "" if len(view.plans) == 1 else f"told apart: {apart}" if apart else cannot_be_told_apart()
        found.append(RiskLine(title=row.title, chances=chances, verdict=verdict))
    return found


def _deltas(view: View) -> list[Delta]:
    """Differences of every shown plan from the reference, with the verdicts of comparison.csv."""
    if len(view.plans) == 1:
        return []
    cell = view.reference.cell
    made = view.comparisons.get(cell)
    lines = (compare(view.runs, cell, family=view.family) if made is None else made).to_dict(orient="records")
    by_place = {(line["cell"], line["outcome"]): line for line in lines}
    found = []
    for place, plan in enumerate(view.plans):
        told = [by_place[plan.cell, name] for name in DELTAS if (plan.cell, name) in by_place]
        found += [_delta(place, line) for line in told if line["mean_difference"] == line["mean_difference"]]
    return found


def _delta(place: int, line: Mapping[Any, Any]) -> Delta:
    about = OUTCOMES[line["outcome"]]
    scale = 100.0 if about.unit in ("flag", "share") else 1.0
    mean, half = scale * line["mean_difference"], scale * line["half_width"]
    unit = "points of 100" if scale == 100.0 else about.unit
    return Delta(
        plan=place,
        outcome=line["outcome"],
        title=words.start_of(key_words.meaning(about.meaning)),
        unit=unit,
        mean=round(mean, PLACES),
        low=round(mean - half, PLACES) if half == half else None,
        high=round(mean + half, PLACES) if half == half else None,
        said="no difference in any history" if line["verdict"] == "identical" else _said(mean, half, unit),
        verdict=line["verdict"],
    )


def _said(mean: float, half: float, unit: str) -> str:
    """A difference with its range; a sum that rounds to nothing is called small, not absent."""
    if half != half:
        return f"{_signed(mean, unit)} (no range)"
    if unit.startswith("£m") and 0 < abs(mean) + half < SMALL:
        return f"{'less' if mean < 0 else 'more'} by under {words.money(SMALL)}"
    places = words.telling(1, mean - half, mean + half) if half else 1
    return (
        f"{_signed(mean, unit, places)} ({_signed(mean - half, unit, places)} to {_signed(mean + half, unit, places)})"
    )


def _signed(value: float, unit: str, places: int = 1) -> str:
    plus = "+" if round(value, places) > 0 else ""
    if unit.startswith("£m"):
        return plus + words.money(value, places)
    return plus + words.decimal(value, places if abs(value) < 10 else 0)
