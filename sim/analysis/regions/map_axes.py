"""The sides of a map: keys that varied, and the places along them in order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.regions.sample_rows import sample
from sim.core import words
from sim.core.errors import InputError
from sim.plans import key_words

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

MOST_PLACES = 30
"""Values a side may have without being cut into ranges."""
ROWS_A_PLACE, MOST_RANGES = 20, 8
"""Rows of a sample that a place should hold on average, and the most ranges a side is cut into."""
NAMED = ("cell", "label", "scenario", "status", "row")
"""Columns that name a point; the others are keys."""
FACTS = {
    "partnership.headcount": ("staff of the councils together", "staff"),
    "partnership.expenditure_gbp_m": ("service expenditure of the councils together", "£m a year"),
    "partnership.distance_miles": ("distance between the councils furthest apart", "miles"),
}
"""Facts of partnerships that can be a side where the partnership varied: name and unit."""


@dataclass(frozen=True)
class MapAxis:
    """One side of the map: the key, what it means, and a label for each place along it, in order."""

    key: str
    name: str
    unit: str
    labels: tuple[str, ...]
    ordered: bool
    cuts: tuple[float, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def ranges(self) -> bool:
        """Whether its places are ranges of values."""
        return bool(self.cuts)


def varied_keys(study: Study) -> list[str]:
    """The keys that took several values within one plan: those a map can be drawn over."""
    design = sample(study)
    table = study.cells if design is None else design
    known = [name for name in table.columns if name not in NAMED]
    plans = [plan for _, plan in table.groupby("scenario")]
    return [key for key in known if any(_moves(plan[key]) for plan in plans)]


def _moves(values: pd.Series[Any]) -> bool:
    first = values.iloc[0]
    same = values.isna() if first is None or first != first else values == first
    return not bool(same.all())


def points_of(study: Study) -> pd.DataFrame:
    """One row a point: its cell, its plan and the keys that varied, with facts of the partnership where that varied."""
    design = sample(study)
    table = study.cells if design is None else design
    points = table[[name for name in ("cell", "scenario", "row", *varied_keys(study)) if name in table]]
    if "partnership" in points:
        facts = {name: _facts(study, cells.iloc[0]) for name, cells in points.groupby("partnership")["cell"]}
        for key in FACTS:
            values = points["partnership"].map({name: found[key] for name, found in facts.items()})
            points = points.assign(**{key: values})
    return points


def _facts(study: Study, cell: str) -> dict[str, float]:
    place = study.settings(str(cell)).partnership
    return {
        "partnership.headcount": place.headcount,
        "partnership.expenditure_gbp_m": round(place.expenditure_gbp_m, 1),
        "partnership.distance_miles": max((pair.distance_miles for pair in place.pairs), default=0.0),
    }


def axis(points: pd.DataFrame, key: str, sampled: bool) -> MapAxis:
    """A key as a side: its values in order, or in a sample ranges that hold equally many rows."""
    values = points[key].dropna().unique().tolist()
    name, unit = FACTS.get(key, (key_words.name(key), key_words.unit(key)))
    if sampled and key_words.numeric(values) and len(values) > MOST_RANGES:
        count = min(MOST_RANGES, max(2, round(math.sqrt(points["row"].nunique() / ROWS_A_PLACE))))
        cuts = _cuts(points[key], count)
        texts = [key_words.amount(cut, unit) for cut in cuts]
        starts = [text.removesuffix(f" {unit}") for text in texts]
        labels = tuple(f"{low} to {high}" for low, high in zip(starts, texts[1:], strict=False))
        return MapAxis(key, name, unit, labels, True, cuts)
    if len(values) > MOST_PLACES:
        raise InputError(f"{key} took {len(values)} values, more than the {MOST_PLACES} a map can show")
    ordered = _ordered(values)
    labels = tuple(key_words.amount(value, unit) if key in FACTS else key_words.said(key, value) for value in ordered)
    return MapAxis(key, name, unit, labels, key_words.numeric(values), marks=_marks(points, key, ordered))


def _cuts(values: pd.Series[float], count: int) -> tuple[float, ...]:
    """Ends of as many ranges with equally many rows; fewer where many rows share a value."""
    return tuple(np.unique(np.quantile(values, np.linspace(0, 1, count + 1))).tolist())


def _ordered(values: Sequence[Any]) -> list[Any]:
    return sorted(values) if key_words.numeric(values) else sorted(values, key=str)


def _marks(points: pd.DataFrame, key: str, values: Sequence[Any]) -> tuple[str, ...]:
    """The partnerships that stand at each value, where the side is a fact of partnerships."""
    if key not in FACTS:
        return ()
    return tuple(words.listed(sorted(points.loc[points[key] == value, "partnership"].unique())) for value in values)


def places(points: pd.DataFrame, along: MapAxis) -> Any:
    """The number of the place along a side, for each point; -1 for a missing value."""
    values = points[along.key]
    if along.ranges:
        cuts = along.cuts
        return np.clip(np.searchsorted(cuts, values, side="right") - 1, 0, len(along.labels) - 1)
    order = {value: number for number, value in enumerate(_ordered(values.dropna().unique().tolist()))}
    return [order.get(value, -1) for value in values]
