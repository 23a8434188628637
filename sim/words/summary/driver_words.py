"""Intermediate measures that go with a result, between plans and among one plan's histories.

Both come from the study's own tables and show association, not cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.compare import mean_interval
from sim.analysis.estimates import Estimate
from sim.core import words
from sim.engine.outcomes import DECIDING
from sim.words.summary.difference_words import difference
from sim.words.summary.study_view import Plan, Values, View

FEWEST = 40
"""Fewest histories for which a plan's best and worst fifths are compared."""


@dataclass(frozen=True)
class Driver:
    """An intermediate measure: its outcome, theme and wording.

    `more` and `less` are the phrases for one plan's difference from another, `noun` names the measure. `scale` and
    `places` format its figure, which stands between `mark` and `unit`.
    """

    outcome: str
    theme: str
    more: str
    less: str
    noun: str
    unit: str = ""
    places: int = 0
    scale: float = 1.0
    mark: str = ""


_UNITS: dict[str, dict[str, Any]] = {
    "score": {"unit": " points of 100", "scale": 100.0},
    "months": {"unit": " months", "places": 1},
    "number": {"places": 1},
    "£m": {"mark": "£", "unit": "m", "places": 1},
}
_ROWS = """\
hr_mean_wait_months | HR | months | waits longer for HR | waits less for HR | the usual wait for HR
hr_utilisation | HR | score | keeps HR busier | leaves HR freer | the share of HR's time in use
votes_lost | votes | number | loses more votes | loses fewer votes | the number of votes lost
min_buy_in_backbench | members | score | keeps back benchers closer at the lowest point \
| loses more of the back benchers at the lowest point | back benchers' lowest buy-in
min_buy_in_leaders | members | score | keeps leaders closer at the lowest point \
| loses more of the leaders' support at the lowest point | leaders' lowest buy-in
min_trust | trust | score | keeps more trust | wears trust down further | the lowest level of trust
peak_fatigue | people | score | tires people more at the peak | tires people less at the peak | the peak of fatigue
engagement_end | people | score | ends with people more engaged | ends with people less engaged | engagement at the end
services_integrated | delivery | number | joins more services | joins fewer services | the number of services joined
services_transformed | delivery | number | transforms more services | transforms fewer services \
| the number of services transformed
setup_cost_gbp_m | cost | £m | costs more to set up | costs less to set up | the cost of setting up
duration_ratio | pace | score | overruns its timetable more | overruns its timetable less \
| the time taken, of 100 planned,
"""


def _driver(outcome: str, theme: str, unit: str, more: str, less: str, noun: str) -> Driver:
    return Driver(outcome, theme, more, less, noun, **_UNITS[unit])


MEASURES = tuple(_driver(*row.split(" | ")) for row in _ROWS.splitlines())


def between(view: View, plan: Plan, other: Plan, most: int = 3) -> list[str]:
    """Phrases for the strongest clear differences between two plans, one per theme: "waits longer for HR"."""
    found = []
    for measure in (measure for measure in MEASURES if view.has(measure.outcome)):
        verdict = difference(view, plan, other, measure.outcome)
        gap = verdict.difference
        if (
            verdict.clear
            and not np.isnan(gap.half_width)
            and abs(gap.value) * measure.scale >= 0.5 * 10.0**-measure.places
        ):
            found.append((_strength(view, plan, other, measure), measure, gap))
    strongest = sorted(found, key=lambda item: -item[0])
    one_a_theme = {measure.theme: (measure, gap) for _, measure, gap in reversed(strongest)}
    return [_told(*pair) for pair in reversed(one_a_theme.values())][:most]


def _strength(view: View, plan: Plan, other: Plan, measure: Driver) -> float:
    """The mean difference in units of the usual spread between histories of one plan."""
    ours, theirs = view.values(plan, measure.outcome), view.values(other, measure.outcome)
    spread = float(np.sqrt((np.nanvar(ours) + np.nanvar(theirs)) / 2))
    gap = abs(float(np.nanmean(ours) - np.nanmean(theirs)))
    return gap / spread if spread > 0 else float("inf")


def _told(measure: Driver, gap: Estimate) -> str:
    size, half = abs(gap.value) * measure.scale, gap.half_width * measure.scale
    places = words.telling(measure.places, size - half)
    figure = f"{measure.mark}{words.decimal(size, places)}{measure.unit}"
    bounds = words.span(max(size - half, 0.0), size + half, places)
    return f"{measure.more if gap.value > 0 else measure.less} (by {figure}, {bounds})"


def result_outcome(view: View) -> str | None:
    """The deciding outcome, or None if the histories are too short to have it."""
    return DECIDING if view.has(DECIDING) and view.last_year else None


def within(view: View, plan: Plan) -> str | None:
    """Clause on the measure most associated with poor results (worst against best fifth), or None.

    Histories in which the partnership dissolves are left out; their cost is reported separately.
    """
    outcome = result_outcome(view)
    if outcome is None:
        return None
    told = ~np.isnan(view.values(plan, outcome)) & ~view.parted(plan)
    result = view.values(plan, outcome)[told]
    if len(result) < FEWEST:
        return None
    found = {m: view.values(plan, m.outcome)[told] for m in MEASURES if _usable(view, m)}
    linked = {m: abs(_link(result, values)) for m, values in found.items() if not np.isnan(values).any()}
    best = max(linked, key=lambda measure: linked[measure], default=None)
    if best is None or linked[best] < _noise(len(result)):
        return None
    return _fifths(result, found[best], best)


def _usable(view: View, measure: Driver) -> bool:
    led_there = measure.theme in ("votes", "members", "trust", "people", "HR") and measure.outcome != "hr_utilisation"
    return led_there and view.has(measure.outcome)


def _noise(count: int) -> float:
    """Rank correlation that the strongest of a dozen measures rarely reaches by luck: three standard errors."""
    return 3.0 / float(np.sqrt(count - 1))


def _link(result: Values, values: Values) -> float:
    """Spearman's rank correlation."""
    if np.ptp(result) == 0 or np.ptp(values) == 0:
        return 0.0
    return float(np.corrcoef(_ranks(result), _ranks(values))[0, 1])


def _ranks(values: Values) -> Values:
    """Ranks from 0, equal values sharing their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    upper = np.cumsum(counts)
    middle: Values = upper - (counts + 1) / 2
    shared: Values = middle[place]
    return shared


def _fifths(result: Values, values: Values, measure: Driver) -> str:
    order = np.argsort(result, kind="stable")
    fifth = len(order) // 5
    worst, best = values[order[:fifth]], values[order[-fifth:]]
    return (
        f"{measure.noun} goes with the result: {_mean(worst, measure)} in the fifth of its histories that are worth "
        f"least, {_mean(best, measure)} in the fifth worth most"
    )


def _mean(values: Values, measure: Driver) -> str:
    found = mean_interval(values * measure.scale)
    return f"{words.decimal(found.value, measure.places)} ({words.span(*found.ends, measure.places)})"


def cost_of_breaking_down(view: View, plan: Plan) -> str | None:
    """Sentence on the ten-year saving lost when the partnership dissolves; None if too few histories do."""
    outcome = view.net_outcome
    if outcome is None or not view.has("dissolved"):
        return None
    parted = view.parted(plan)
    net = view.values(plan, outcome)
    few, many = sorted((int(parted.sum()), int((~parted).sum())))
    if few < 5 or many < 5:
        return None
    broken, whole = mean_interval(net[parted]), mean_interval(net[~parted])
    return (
        f"where the councils part, its net saving over ten years is {words.money(broken.value)} "
        f"({words.span(*broken.ends)}), against {words.money(whole.value)} ({words.span(*whole.ends)})"
    )
