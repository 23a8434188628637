"""Effect of a mechanism: a plan simulated with and without it, paired history by history under the same luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.compare import paired_interval
from sim.core import words
from sim.core.errors import InputError, shown, suggestion
from sim.core.statistics.intervals import LEVEL, judged, stretch, t_quantile, t_two_sided
from sim.core.words import listed
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.strict import Library
from sim.rooms.glass.facts import switches
from sim.study.running.worker import Piece, Rows
from sim.words.verdict_words import cannot_be_told_apart

HISTORIES = 96
"""Histories per form: enough to show half a standard deviation, a few seconds on one laptop core."""
AT_ONCE = 12
"""Histories per worker task, small so that other requests get a turn."""
SEED = 1
LUCK = "luck"
ASKED = {
    "recurrent_saving_y5_gbp_m": "money",
    "recurrent_saving_y10_gbp_m": "money",
    "cumulative_net_saving_y10_gbp_m": "money",
    "services_integrated": "number",
    "services_transformed": "number",
    "stalled": "chance",
    "dissolved": "chance",
    "peak_fatigue": "level",
    "engagement_end": "level",
    "min_buy_in_backbench": "level",
    "min_trust": "level",
    "hr_mean_wait_months": "months",
    "service_quality_end": "level",
}
"""The outcomes shown, with their number format."""


@dataclass(frozen=True)
class Shift:
    """One outcome under both forms of a mechanism, and the paired difference with its half-width.

    `told_apart` is true if the two differ after Holm's correction for the number of outcomes; the half-width
    is then that of the corrected interval.
    """

    outcome: str
    kind: str
    usual: float
    other: float
    difference: float
    half_width: float
    n: int
    told_apart: bool = False


@dataclass(frozen=True)
class Switched:
    """Result of a plan simulated with a mechanism in two forms."""

    mechanism: str
    form: str
    plan: str
    partnership: str
    histories: int
    shifts: tuple[Shift, ...]


def plans(
    mechanism: str, form: str, scenario: str = "structure_first", partnership: str = "bromsgrove_redditch"
) -> tuple[Settings, Settings]:
    """The plan as it is and with the mechanism in another form; InputError for an unknown name."""
    if mechanism not in switches() or mechanism == LUCK:
        known = [name for name in switches() if name != LUCK]
        raise InputError(f"{shown(mechanism)} is no mechanism that can be switched here{suggestion(mechanism, known)}")
    forms = [each for each in switches()[mechanism]["choices"] if each != "on"]
    if form not in forms:
        raise InputError(f"{mechanism} can be {' or '.join(forms)} besides on, not {shown(form)}")
    library = Library()
    for group, name in (("scenario", scenario), ("partnership", partnership)):
        if name not in library.names(group):
            raise InputError(f"there is no {group} {shown(name)}{suggestion(name, library.names(group))}")
    usual = compose([f"scenario={scenario}", f"partnership={partnership}"]).settings
    other = usual.replaced(mechanisms={**usual.mechanisms.model_dump(), mechanism: form})
    return usual, other


def pieces(histories: int = HISTORIES) -> list[Piece]:
    """The work of both plans in parts, with the same replications for each."""
    return [
        Piece(cell, cell, {}, first, min(AT_ONCE, histories - first), False)
        for first in range(0, histories, AT_ONCE)
        for cell in (0, 1)
    ]


def bases(settings: Sequence[Settings]) -> tuple[str, ...]:
    """The plans in the form that workers take."""
    return tuple(each.model_dump_json() for each in settings)


def found(mechanism: str, form: str, scenario: str, partnership: str, rows: Sequence[Rows]) -> Switched:
    """Result computed from the workers' rows; InputError if a history failed."""
    usual, other = (_outcomes([one for one in rows if one.cell == cell]) for cell in (0, 1))
    shifts = _judged([_shift(name, kind, usual[name], other[name]) for name, kind in ASKED.items()])
    return Switched(mechanism, form, scenario, partnership, len(usual["stalled"]), shifts)


def _judged(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """Shifts with verdicts corrected for the number of outcomes (Holm), and the intervals behind those."""
    found = []
    for shift, (chance, confidence) in zip(shifts, judged([_chance(shift) for shift in shifts]), strict=True):
        half = shift.half_width * stretch(shift.n - 1, confidence) if shift.n > 1 else shift.half_width
        found.append(replace(shift, told_apart=chance < 1 - LEVEL, half_width=half))
    return tuple(found)


def _chance(shift: Shift) -> float:
    """P-value of the difference, from its half-width."""
    if shift.n < 2 or shift.difference == 0.0:
        return 1.0
    if shift.half_width == 0.0:
        return 0.0
    t = abs(shift.difference) / shift.half_width * t_quantile((1 + LEVEL) / 2, shift.n - 1)
    return t_two_sided(t, shift.n - 1)


def _outcomes(rows: Sequence[Rows]) -> dict[str, list[float]]:
    """Values of each outcome in replication order."""
    values: list[float] = []
    for part in sorted(rows, key=lambda one: one.first):
        if part.error:
            raise InputError(f"a history could not be simulated: {part.error}")
        if part.done < part.asked:
            raise InputError("the server is stopping; please ask again when it runs")
        values.extend(memoryview(part.values).cast("d"))
    width = len(OUTCOMES)
    return {name: values[i::width] for i, name in enumerate(OUTCOMES)}


def _shift(name: str, kind: str, usual: Sequence[float], other: Sequence[float]) -> Shift:
    pairs = [(a, b) for a, b in zip(usual, other, strict=True) if not (math.isnan(a) or math.isnan(b))]
    if not pairs:
        return Shift(name, kind, math.nan, math.nan, math.nan, math.nan, 0)
    ours, theirs = np.array([b for _, b in pairs]), np.array([a for a, _ in pairs])
    interval = paired_interval(ours, theirs)
    half = 0.0 if (ours == theirs).all() or math.isnan(interval.half_width) else interval.half_width
    return Shift(name, kind, float(theirs.mean()), float(ours.mean()), interval.value, half, interval.n)


def said(finding: Switched) -> str:
    """Sentence or two naming the outcomes that clearly change, and those that do not."""
    apart = [shift for shift in finding.shifts if shift.told_apart]
    if not apart:
        tied = cannot_be_told_apart("the two", f"in {finding.histories} histories each")
        return f"Nothing shown here changes surely: {tied}."
    more = [_outcome(shift) for shift in apart if shift.difference > 0]
    less = [_outcome(shift) for shift in apart if shift.difference < 0]
    parts = [f"higher: {listed(more)}"] * bool(more) + [f"lower: {listed(less)}"] * bool(less)
    rest = len(finding.shifts) - len(apart)
    tail = f" {cannot_be_told_apart(f'The other {rest}')}." if rest else ""
    return f"Surely {'; '.join(parts)}, in {finding.histories} histories each under the same luck.{tail}"


def _outcome(shift: Shift) -> str:
    name = NAMES[shift.outcome]
    return name[:1].lower() + name[1:]


NAMES = {
    "recurrent_saving_y5_gbp_m": "Yearly saving in year five",
    "recurrent_saving_y10_gbp_m": "Yearly saving in year ten",
    "cumulative_net_saving_y10_gbp_m": "Net saving over ten years",
    "services_integrated": "Joint teams at the end",
    "services_transformed": "Services transformed",
    "stalled": "Chance of stalling",
    "dissolved": "Chance of parting",
    "peak_fatigue": "Highest fatigue",
    "engagement_end": "Engagement at the end",
    "min_buy_in_backbench": "Lowest back-bench buy-in",
    "min_trust": "Lowest trust",
    "hr_mean_wait_months": "Mean wait for HR",
    "service_quality_end": "Service quality at the end",
}
"""Names of the outcomes on the page."""


def written(kind: str, value: float, change: bool = False) -> str:
    """A figure in words; a `change` has its sign, its unit and one decimal."""
    if math.isnan(value):
        return "–"
    if not change:
        ways: dict[str, Callable[[float], str]]
        ways = {"money": words.money, "chance": words.percent, "level": words.out_of_100}
        return ways.get(kind, words.decimal)(value)
    size = 100 * value if kind in ("chance", "level") else value
    shown = words.money(size) if kind == "money" else words.decimal(size)
    return f"+{shown}" if round(size, 1) > 0 else shown


UNITS = {
    "money": "£m",
    "chance": "percentage points",
    "level": "points of 100",
    "number": "services",
    "months": "months",
}
"""Units of the difference, by number format of the outcome."""
