"""Readable names of the plans and outcomes of a comparison, and the format of their figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import isinf, isnan
from typing import TYPE_CHECKING

from sim.analysis.compare.concerns import unit_of
from sim.core import words
from sim.engine.outcomes import DECIDING, OUTCOMES
from sim.words.names import proper_names
from sim.words.summary.summary_tables import shortened

if TYPE_CHECKING:
    from sim.analysis.compare.compared_sides import Side
    from sim.analysis.estimates import Estimate

LONGEST = 60
"""Most characters of a plan's name that are shown."""
_PROPER = {"HR", "OD", "ICT"}
_TITLES = {
    DECIDING: "present value",
    "payback_month": "the month of payback",
    "duration_ratio": "time taken over time planned",
    "cumulative_net_saving_y10_gbp_m": "net saving over ten years",
    "setup_cost_gbp_m": "set-up cost",
    "peak_fatigue": "peak fatigue",
    "redundancies": "redundancies",
    "job_losses_highest": "largest job loss at one council",
    "engagement_lowest": "lowest engagement",
    "min_buy_in_backbench": "lowest back-bench buy-in",
    "min_buy_in_leaders": "lowest leaders' buy-in",
    "votes_lost": "votes lost",
    "service_quality_end": "service quality at the end",
    "service_quality_lowest": "lowest service quality",
    "dissolved": "breaking down",
    "stalled": "stalling",
    **{f"recurrent_saving_y{year}_gbp_m": f"saving in year {year}" for year in (1, 3, 5, 10)},
}
"""Short names of outcomes inside a sentence; other outcomes use their declared meaning."""


class Called:
    """Readable names of the compared plans: `name` at the start of a line, `mid` inside a sentence."""

    def __init__(self, sides: Iterable[Side]) -> None:
        every = list(sides)
        names = [_name(side) for side in every]
        twice = Counter(names)
        seen: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        for side, name in zip(every, names, strict=True):
            seen[name] += 1
            self._names[side.key] = f"{name} ({seen[name]})" if twice[name] > 1 else name
        self._proper = _PROPER | proper_names(every[0].partnership)

    def name(self, key: str) -> str:
        """The plan's name."""
        return self._names[key]

    def mid(self, key: str) -> str:
        """The plan's name as it stands inside a sentence."""
        return words.mid(self._names[key], self._proper)

    def several(self, keys: Iterable[str], most: int = 3) -> str:
        """Several plans listed inside a sentence; a long list names the first few and counts the rest."""
        names = [self.mid(key) for key in keys]
        if len(names) > most + 1:
            names = [*names[:most], f"{words.number(len(names) - most)} others"]
        if any("," in name for name in names) and len(names) > 1:
            return f"{'; '.join(names[:-1])}; and {names[-1]}"
        return words.listed(names)


def _name(side: Side) -> str:
    name = words.start_of(shortened(words.plan(side.label), LONGEST)) or "A plan without a name"
    return f"{name} in {shortened(side.of, LONGEST)}" if side.of else name


def title(outcome: str) -> str:
    """An outcome's name inside a sentence."""
    if outcome in _TITLES:
        return _TITLES[outcome]
    return words.mid(re.split(r"[:;,(]", OUTCOMES[outcome].meaning, maxsplit=1)[0].strip(), _PROPER)


def with_unit(outcome: str, in_shares: bool) -> str:
    """An outcome's name with the unit of its figures: "present value, £m"."""
    unit = unit_of(outcome, in_shares)
    tail = {
        "share of expenditure": ", % of a year's spending",
        "flag": ", % of histories",
        "share": ", of 100",
        "number": "",
        "people": "",
        "votes": "",
    }.get(unit, f", {unit}")
    return f"{words.start_of(title(outcome))}{tail}"


def figure(value: float, outcome: str, in_shares: bool, places: int = 1) -> str:
    """A figure of an outcome without unit: "4.5", "17%", "52"; infinity is "never"."""
    unit = unit_of(outcome, in_shares)
    if isnan(value):
        return "–"
    if isinf(value):
        return "never"
    if unit == "flag":
        return words.percent(min(1.0, max(0.0, value)))
    if unit in ("share", "share of expenditure"):
        return words.decimal(100 * value, 0 if unit == "share" else places)
    return words.decimal(value, places)


def bare(value: float, outcome: str, in_shares: bool, places: int = 1) -> str:
    """Same as `figure` but without a per cent sign."""
    return figure(value, outcome, in_shares, places).removesuffix("%").removeprefix("under ").removeprefix("over ")


def place(level: Estimate, outcome: str, in_shares: bool, places: int = 1) -> str:
    """A plan's value of an outcome with its 95% interval, for a table: "4.5 (3.9–5.1)"."""
    middle = figure(level.value, outcome, in_shares, places)
    if isnan(level.low) or isnan(level.value):
        return f"{middle} (no range)"
    low, high = (bare(end, outcome, in_shares, places) for end in (level.low, level.high))
    joint = " to " if "−" in low + high or "never" in high else "–"
    return words.bracketed(middle, low, high, joint, alike="(no range)")


def standing(level: Estimate, outcome: str, in_shares: bool) -> str:
    """A plan's value of an outcome with its 95% interval, for a sentence: "£4.5m (3.9 to 5.1)"."""
    if unit_of(outcome, in_shares) == "flag" or isinf(level.value) or isnan(level.value):
        return place(level, outcome, in_shares)
    minus = "−" if level.value < 0 else ""
    low, high = (bare(end, outcome, in_shares) for end in (level.low, level.high))
    ends = "no range" if isnan(level.low) or low == high else f"{low} to {high}"
    return f"{minus}{size(level.value, outcome, in_shares)} ({ends})"


def size(value: float, outcome: str, in_shares: bool) -> str:
    """Absolute size of a difference with its unit: "£4.2m", "7 points of 100", "3.1 months"."""
    unit, amount = unit_of(outcome, in_shares), abs(value)
    if unit.startswith("£m"):
        return f"{words.money(amount)}{unit[2:]}"
    if unit == "share of expenditure":
        return f"{words.decimal(100 * amount)}% of a year's spending"
    if unit in ("flag", "share"):
        return f"{words.decimal(100 * amount, 0)} points of 100"
    return words.decimal(amount) if unit == "number" else f"{words.decimal(amount)} {unit}"


def span_of(mean: float, half: float, outcome: str, in_shares: bool) -> str:
    """The 95% interval of a difference, with signs turned so that the difference is positive: "3.9 to 4.5"."""
    if isnan(half):
        return "no range"
    scale = 100 if unit_of(outcome, in_shares) in ("flag", "share", "share of expenditure") else 1
    places = 0 if unit_of(outcome, in_shares) in ("flag", "share") else 1
    return words.span(scale * (abs(mean) - half), scale * (abs(mean) + half), places)


def signed_gap(mean: float, half: float, outcome: str, in_shares: bool) -> str:
    """A signed difference with its interval: "−0.7 (−0.8 to −0.6)"; small ones get more decimals."""
    if isnan(mean):
        return "–"
    unit = unit_of(outcome, in_shares)
    scale = 100 if unit in ("flag", "share", "share of expenditure") else 1
    places = 0 if unit in ("flag", "share") and abs(mean) * scale >= 1 else 1
    places = words.telling(places, scale * (mean - half), scale * (mean + half)) if half > 0 else places
    ends = "no range" if isnan(half) else words.span(scale * (mean - half), scale * (mean + half), places)
    return f"{words.decimal(scale * mean, places)} ({ends})"
