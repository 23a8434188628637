"""Map of winning plans: two keys as axes, and at each place every plan's chance of being best.

Plans are compared under the same luck, history by history. A plan wins a place if its lead over every other one
is significant at 5% over the whole map (Holm's rule); elsewhere plans cannot be told apart.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare import NEVER, mean_interval
from sim.analysis.estimates import NOT_APART, Estimate
from sim.analysis.regions.map_axes import (
    FACTS,
    MOST_PLACES,
    NAMED,
    MapAxis,
    axis,
    crossed_table,
    places,
    plan_names,
    points_of,
    sample,
    varied_keys,
)
from sim.analysis.two_way import mean_of, p_above_zero, share_of
from sim.core.errors import InputError, suggestion
from sim.core.statistics.intervals import LEVEL, holm, sign_test
from sim.engine.outcomes import DECIDING, OUTCOMES
from sim.plans import key_words
from sim.study.study import Study

OUTCOME = DECIDING
MOST_PLANS = 6
NO_RESULT = "no result"
NONE = Estimate.around(math.nan, math.nan)
"""The lead where it has no mean."""
PLACES = ("x", "y", "x_value", "y_value", "leader", "verdict", "chance_best", "low", "high", "n")
COLUMNS = (*PLACES[2:4], "plan", *PLACES[6:], "verdict", "p_corrected", "mean_lead", "half_width")


@dataclass(frozen=True)
class WinnerMap:
    """Full result: `table` has one row for each place and plan, `places` one for each place; plans by label."""

    x: MapAxis
    y: MapAxis
    outcome: str
    plans: tuple[str, ...]
    table: pd.DataFrame
    places: pd.DataFrame
    over: tuple[str, ...]

    def won(self, plan: str) -> int:
        """Number of places that a plan wins."""
        return int((self.places["verdict"] == plan).sum())


def winner_map(study: Study, x: str, y: str, outcome: str = OUTCOME) -> WinnerMap:
    """Map of the winning plan on an outcome over two varied keys. Raises InputError if it cannot be drawn.

    What else varied is averaged over. In a sampled study the sides are cut into ranges of the same number of rows.
    """
    if outcome not in OUTCOMES or OUTCOMES[outcome].better == "neutral":
        known = [name for name, each in OUTCOMES.items() if each.better != "neutral"]
        why = "has no better direction" if outcome in OUTCOMES else "is not an outcome"
        raise InputError(f"'{outcome}' {why}{suggestion(outcome, known)}")
    points = points_of(study)
    keys = [key for key in points.columns if key not in NAMED]
    across, up = (key_words.meant(text, keys, "keys that varied in this study") for text in (x, y))
    if across == up:
        raise InputError(f"the map needs two different keys, and both are {across}")
    plans = plan_names(study, points)
    if not 2 <= len(plans) <= MOST_PLANS:
        raise InputError(f"a map compares two to six plans, and this study has {len(plans)}")
    sampled = sample(study) is not None
    sides = axis(points, across, sampled), axis(points, up, sampled)
    rest = ["row"] if sampled else [key for key in keys if key not in (across, up) and key not in FACTS]
    group = points.groupby(rest, dropna=False, sort=False).ngroup() if rest else 0
    where = points.assign(x=places(points, sides[0]), y=places(points, sides[1]), rest=group)
    lines = list(_lines(_found(_wide(study, where, outcome), sides, list(plans)), sides, plans))
    shown = [{name: line[name] for name in PLACES} for line in lines if line["plan"] == line["leader"]]
    table = pd.DataFrame([line for line in lines if line["plan"]], columns=list(COLUMNS))
    over = [key for key in rest if where.groupby(["x", "y"])[key].nunique(dropna=False).max() > 1]
    return WinnerMap(*sides, outcome, tuple(plans.values()), table, pd.DataFrame(shown), tuple(over))


def _wide(study: Study, points: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Outcome, with more as better, by place, row and replication, plans as columns; never is minus infinity."""
    runs, never = study.runs, NEVER.get(outcome)
    values = runs[outcome].astype(float)
    if never is not None:
        values = values.mask(values.isna() & (runs[never] == 1 if never in runs else True), math.inf)
    sign = -1.0 if OUTCOMES[outcome].better == "lower" else 1.0
    own = pd.DataFrame({"cell": runs["cell"], "replication": runs["replication"], "value": sign * values})
    joined = points[["cell", "scenario", "x", "y", "rest"]].merge(own, on="cell")
    history = ["x", "y", "rest", "replication"]
    return joined.pivot_table(index=history, columns="scenario", values="value", aggfunc="first")


def _found(
    wide: pd.DataFrame, sides: tuple[MapAxis, MapAxis], scenarios: Sequence[str]
) -> dict[tuple[int, int], _Place]:
    """Result at each place, with p-values corrected for the number of places."""
    here = dict(iter(wide.reindex(columns=list(scenarios)).dropna().groupby(level=["x", "y"])))
    places = list(itertools.product(range(len(sides[0].labels)), range(len(sides[1].labels))))
    found = {place: _at(here[place], scenarios) for place in places if place in here}
    corrected = holm([each.p for each in found.values()])
    return {place: replace(each, p=p) for (place, each), p in zip(found.items(), corrected, strict=True)}


def _lines(
    found: dict[tuple[int, int], _Place], sides: tuple[MapAxis, MapAxis], plans: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Table with one line for each place and plan; a place without results has one line and no plan."""
    for x, y in itertools.product(range(len(sides[0].labels)), range(len(sides[1].labels))):
        head = {"x": x, "y": y, "x_value": sides[0].labels[x], "y_value": sides[1].labels[y]}
        here = found.get((x, y))
        if here is None:
            nothing = dict.fromkeys(("chance_best", "low", "high"), math.nan)
            yield {**head, **nothing, "plan": "", "leader": "", "verdict": NO_RESULT, "n": 0}
            continue
        leader = plans[here.best]
        verdict = leader if here.p < 1 - LEVEL else NOT_APART
        head |= {"leader": leader, "verdict": verdict, "p_corrected": here.p, "n": here.n}
        for scenario, share in here.shares.items():
            chance = {"chance_best": share.value, "low": share.low, "high": share.high}
            lead = here.lead if scenario == here.best else NONE
            yield {**head, "plan": plans[scenario], **chance, "mean_lead": lead.value, "half_width": lead.half_width}


@dataclass(frozen=True)
class _Place:
    """One place: chances of being best by scenario, which leads, how surely, and its mean lead."""

    shares: dict[str, Estimate]
    best: str
    p: float
    lead: Estimate
    n: int


def _at(here: pd.DataFrame, scenarios: Sequence[str]) -> _Place:
    """Chances of being best (ties shared), the leader, and the p-value of its lead.

    The lead must hold over each rival, and counts for as many rivals as there are: the leader was picked.
    """
    values = here.to_numpy(dtype=float)
    best = values == values.max(axis=1, keepdims=True)
    scores = best / best.sum(axis=1, keepdims=True)
    shares = {name: share_of(_table(here, scores[:, at])) for at, name in enumerate(scenarios)}
    first = int(np.argmax([share.value for share in shares.values()]))
    rivals = [at for at in range(len(scenarios)) if at != first]
    p = max(_p_lead(here, scores[:, first] - scores[:, at]) for at in rivals)
    second = max(rivals, key=lambda at: shares[scenarios[at]].value)
    lead = _lead(values[:, first] - values[:, second], here)
    return _Place(shares, scenarios[first], min(1.0, p * len(rivals)), lead, len(here))


def _table(here: pd.DataFrame, values: Values) -> Values:
    index = here.index
    return crossed_table(index.get_level_values("rest"), index.get_level_values("replication"), values)


def _p_lead(known: pd.DataFrame, ahead: Values) -> float:
    """Two-sided p-value of a lead among equals; exact if each history has its own luck."""
    table = _table(known, ahead)
    if 1 in table.shape:
        return sign_test(int((ahead > 0).sum()), int((ahead < 0).sum()))
    return p_above_zero(mean_of(table))


def _lead(ahead: Values, known: pd.DataFrame) -> Estimate:
    """Mean lead over the next best plan with half-width; NaN if never occurs."""
    if not np.isfinite(ahead).all():
        return NONE
    table = _table(known, ahead)
    if 1 in table.shape:
        return mean_interval(ahead)
    crossed = mean_of(table)
    return Estimate.around(crossed.mean, crossed.half_width, crossed.n)


def obvious_sides(study: Study) -> tuple[str, str] | None:
    """Two keys of a grid with numbers and several plans; None if more or other things varied."""
    if sample(study) is not None or not 2 <= study.cells["scenario"].nunique() <= MOST_PLANS:
        return None
    keys = varied_keys(study)
    fit = len(keys) == 2 and all(
        key_words.numeric(values := study.cells[key].dropna().unique().tolist()) and len(values) <= MOST_PLACES
        for key in keys
    )
    return (keys[0], keys[1]) if fit else None
