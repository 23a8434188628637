"""Figures of plans side by side: each one's mean, its difference from the reference, and the best against all."""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Numbers, Values
from sim.analysis.compare.compared_plans import over_points
from sim.analysis.compare.compared_sides import Side, Sides
from sim.analysis.compare.concerns import unit_of
from sim.analysis.compare.history_values import LEAST, flags, mean_interval
from sim.analysis.compare.paired_differences import MANY, better_interval, judge, paired, signed
from sim.analysis.compare.unpaired import unpaired
from sim.analysis.estimates import CLEAR, MEDIAN, Estimate, Race
from sim.analysis.two_way import level, share_of
from sim.core.statistics.intervals import wilson
from sim.engine.outcomes import DECIDING, OUTCOMES

Places = tuple[Numbers, Numbers] | None
_COLUMNS = """
reference_cell reference cell label study outcome unit better mean_difference half_width confidence half_width_alone
p_better p_better_low p_better_high variance_ratio p p_corrected paired n pairs verdict beside
"""
COLUMNS = tuple(_COLUMNS.split())
REFERENCE, BEST = "the reference", "the best"
_Z = 1.959964
"""Normal quantile at 97.5%, for the ranks that bracket a median."""


def share_luck(one: Side, other: Side) -> bool:
    """True if two plans can be paired: the same seed, and replication numbers in common."""
    return one.seed == other.seed and len(one.rows.index.intersection(other.rows.index)) > 0


def level_of(side: Side, outcome: str, in_shares: bool) -> Estimate:
    """A plan's value on an outcome: the mean, or the median where it may be never, over histories or points."""
    values = side.values(outcome, in_shares)
    if side.sampled:
        return level(side.rows[outcome].unstack("replication").to_numpy(float), outcome)
    known = values[~np.isnan(values)]
    if not np.isfinite(known).all():
        return _median(known)
    found = mean_interval(known)
    if found.n and flags(known) and OUTCOMES[outcome].unit == "flag":
        return Estimate(found.value, *wilson(int(known.sum()), found.n), found.n)
    return found if in_shares else found.within(OUTCOMES[outcome].low, OUTCOMES[outcome].high)


def _median(known: Values) -> Estimate:
    """Median with the ranks that bracket it at 95% confidence; never counts as beyond every month."""
    ordered, n = np.sort(known), len(known)
    reach = _Z * math.sqrt(n) / 2
    low, high = max(0, math.floor(n / 2 - reach) - 1), min(n - 1, math.ceil(n / 2 + reach))
    middle = float(np.quantile(ordered, 0.5, method="closest_observation"))
    return Estimate(middle, float(ordered[low]), float(ordered[high]), n, MEDIAN)


def every_line(
    sides: Sides, outcomes: Sequence[str], told: Sequence[str], best: dict[str, Side], in_shares: bool
) -> pd.DataFrame:
    """Comparison of each plan with the reference on every outcome, and of the best with the rest on named ones.

    Verdicts are those of `judge`, as if every pair of plans had been compared: which is best was found by looking
    at them all. Intervals, of the chance of being better too, are at the confidence of the verdict.
    """
    reference = [(side, sides.reference, name) for side in sides.others for name in outcomes]
    pairs = _against_best(sides, told, best)
    lines = [*_lines(reference, REFERENCE, in_shares), *_lines(pairs, BEST, in_shares)]
    rest = [name for name in told if name != DECIDING]
    made = sum(name != DECIDING for _, _, name in pairs)
    family = _family(sides, in_shares) if DECIDING in outcomes else []
    judge(lines, len(sides.every), family, max(0, pairs_of_others(sides) * len(rest) - made))
    for line in lines:
        line["p_better_low"], line["p_better_high"] = line["better_ends"](line["confidence"])
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _family(sides: Sides, in_shares: bool) -> list[float]:
    """P-values of deciding outcomes over all pairs of plans; empty for very many plans."""
    if len(sides.every) > MANY:
        return []
    pairs = combinations(sides.every, 2)
    found = (_line(one, other, DECIDING, in_shares, _places(one, other)) for one, other in pairs)
    return [line["p"] for line in found if line["pairs"]]


def pairs_of_others(sides: Sides) -> int:
    """Number of pairs among plans other than the reference."""
    return len(sides.others) * (len(sides.others) - 1) // 2


def _against_best(sides: Sides, outcomes: Sequence[str], best: dict[str, Side]) -> list[tuple[Side, Side, str]]:
    """Comparison of the best plan on each outcome with all others but the reference, unless it is the reference."""
    return [
        (side, best[name], name)
        for name in outcomes
        if best[name] is not sides.reference
        for side in sides.others
        if side is not best[name]
    ]


def best_on(sides: Sides, outcomes: Iterable[str], levels: dict[tuple[str, str], Estimate]) -> dict[str, Side]:
    """Plan with the best middle value on each outcome; highest where no direction is declared."""

    def gain(side: Side, name: str) -> float:
        middle = levels[side.key, name].value
        found: float = signed(middle, OUTCOMES[name].better)
        return -math.inf if math.isnan(found) else found

    return {name: max(sides.every, key=lambda side: gain(side, name)) for name in outcomes}


def race(
    name: str, best: Side, sides: Sides, table: pd.DataFrame, levels: dict[tuple[str, str], Estimate]
) -> Race[str]:
    """Leader on an outcome, and plans that cannot be told apart from it, by verdicts of the table."""
    mine = table[table["outcome"] == name]
    mine = mine[~(mine["mean_difference"].abs() < LEAST)] if name == DECIDING else mine
    told = {
        frozenset((str(line.cell), str(line.reference_cell))): str(line.verdict)
        for line in mine[["cell", "reference_cell", "verdict"]].itertuples(index=False)
    }
    others = [side.key for side in sides.every if side is not best]
    level = tuple(key for key in others if told.get(frozenset((key, best.key))) not in CLEAR)
    sign = 1.0 if OUTCOMES[name].better == "lower" else -1.0
    others.sort(key=lambda key: sign * levels[key, name].value)
    return Race(name, best.key, tuple(others), level)


def _lines(pairs: Sequence[tuple[Side, Side, str]], beside: str, in_shares: bool) -> list[dict[str, Any]]:
    """Comparison lines for each pair and outcome, before verdicts."""
    lines = []
    places: dict[tuple[str, str], Places] = {}
    for side, other, name in pairs:
        both = side.key, other.key
        if both not in places:
            places[both] = _places(side, other)
        found = _line(side, other, name, in_shares, places[both])
        if found["pairs"]:
            head = {"reference_cell": other.key, "reference": other.label, "cell": side.key, "label": side.label}
            about = {"study": side.study.folder.name, "outcome": name, "unit": unit_of(name, in_shares)}
            lines.append({**head, **about, "better": OUTCOMES[name].better, "beside": beside, **found})
    return lines


def _places(side: Side, other: Side) -> Places:
    """Row positions in each plan of histories that both have; None if they do not share luck."""
    if not share_luck(side, other):
        return None
    common = side.rows.index.intersection(other.rows.index).sort_values()
    return side.rows.index.get_indexer(common), other.rows.index.get_indexer(common)


def _line(side: Side, other: Side, name: str, in_shares: bool, places: Places) -> dict[str, Any]:
    direction = OUTCOMES[name].better
    if side.sampled:
        return _over_points(side, other, name)
    ours, theirs = side.values(name, in_shares), other.values(name, in_shares)
    if places is None:
        return {**unpaired(ours, theirs, direction), "paired": False}
    found = paired(ours[places[0]], theirs[places[1]], direction)
    return {**found, "better_ends": lambda level: better_interval(found, level), "paired": True}


def _over_points(side: Side, other: Side, name: str) -> dict[str, Any]:
    """Comparison of two plans of a sample, with the chance of being better over points that share luck."""
    found = over_points(side.rows[name], other.rows[name], name)
    ours, theirs = side.rows[name].align(other.rows[name], join="inner")
    gaps = signed((ours - theirs).unstack("replication").to_numpy(float), OUTCOMES[name].better)
    better = np.where(np.isnan(gaps), np.nan, (np.sign(gaps) + 1) / 2)
    return {**found, "better_ends": lambda level: share_of(better, level).ends, "paired": True}
