"""A study as a table of rows by luck, and the axes of a map: varied keys, and the places along each in order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Numbers, Values
from sim.core import words
from sim.core.errors import InputError
from sim.plans import key_words
from sim.study.study import Study


def sample(study: Study) -> pd.DataFrame | None:
    """Rows of a sampled study by plan, with factor values; None for a plain run or grid."""
    drawn = study.manifest.get("design") or {}
    return None if drawn.get("kind", "grid") == "grid" else study.design


def plan_names(study: Study, points: pd.DataFrame) -> dict[str, str]:
    """Names of plans by scenario, reference first, from the words common to their cells' labels."""
    labels: dict[str, list[list[str]]] = {}
    first = ""
    for cell, scenario in zip(points["cell"], points["scenario"], strict=True):
        labels.setdefault(str(scenario), []).append(study.labels.get(str(cell), str(scenario)).split(", "))
        first = str(scenario) if str(cell) == study.reference else first
    order = sorted(labels, key=lambda scenario: scenario != first)
    if "row" in points:
        return {scenario: words.start_of(words.plan(scenario)) for scenario in order}
    return {scenario: _shared(labels[scenario], scenario) for scenario in order}


def _shared(labels: Sequence[Sequence[str]], scenario: str) -> str:
    """Common leading parts of labels, since labels of one plan differ only in varied values."""
    shared = []
    for parts in zip(*labels):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return words.start_of(words.plan(", ".join(shared))) or words.start_of(words.plain(scenario))


def crossed_table(rows: Any, lucks: Any, values: Any) -> Values:
    """Values of histories as a table of rows by replications, NaN for missing ones."""
    rows, row = np.unique(rows, return_inverse=True)
    lucks, luck = np.unique(lucks, return_inverse=True)
    table: Values = np.full((len(rows), len(lucks)), np.nan)
    table[row, luck] = values
    return table


def by_row(runs: pd.DataFrame, cells: pd.DataFrame, values: Any) -> tuple[Numbers, Values]:
    """Values of one plan's cells as a table of rows by replications, from one value for each history of `runs`.

    Returns the row numbers and the table; histories of other cells are left out.
    """
    own = pd.DataFrame({"cell": runs["cell"], "replication": runs["replication"], "value": np.asarray(values, float)})
    joined = cells[["row", "cell"]].merge(own, on="cell").sort_values(["row", "replication"], kind="stable")
    return joined["row"].unique(), crossed_table(joined["row"], joined["replication"], joined["value"])


def blocks(study: Study) -> Numbers:
    """Base point of each row number; rows made from one base point are one independent draw."""
    design = study.manifest.get("design") or {}
    count = int(study.design["row"].max()) + 1
    shared = design.get("kind") in ("sobol", "morris")
    size = max(1, count // max(1, int(design["n"]))) if shared else 1
    numbers: Numbers = np.arange(count) // size
    return numbers


MOST_PLACES = 30
"""Maximum values on an axis before it is cut into ranges."""
ROWS_A_PLACE, MOST_RANGES = 20, 8
"""Average rows of a sample in a place, and maximum ranges on an axis."""
NAMED = ("cell", "label", "scenario", "status", "row")
"""Columns that identify a point; other columns are keys."""
FACTS = {
    "partnership.headcount": ("staff of the councils together", "staff"),
    "partnership.expenditure_gbp_m": ("service expenditure of the councils together", "£m a year"),
    "partnership.distance_miles": ("distance between the councils furthest apart", "miles"),
}
"""Facts usable as an axis when the partnership varied: name and unit."""


@dataclass(frozen=True)
class MapAxis:
    """An axis of the map: its key and meaning, and ordered labels of its places."""

    key: str
    name: str
    unit: str
    labels: tuple[str, ...]
    ordered: bool
    cuts: tuple[float, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def ranges(self) -> bool:
        """True if its places are ranges of values."""
        return bool(self.cuts)


def varied_keys(study: Study) -> list[str]:
    """Keys with several values within one plan, which can be map axes."""
    design = sample(study)
    table = study.cells if design is None else design
    known = [name for name in table.columns if name not in NAMED]
    plans = [plan for _, plan in table.groupby("scenario")]
    return [key for key in known if any(_moves(plan[key]) for plan in plans)]


def _moves(values: pd.Series) -> bool:
    first = values.iloc[0]
    same = values.isna() if first is None or first != first else values == first
    return not bool(same.all())


def points_of(study: Study) -> pd.DataFrame:
    """Rows of points: cell, plan and varied keys, plus facts of the partnership if that varied."""
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
    """Axis for a key: its values in order, or for a sample ranges with equally many rows."""
    values = points[key].dropna().unique().tolist()
    name, unit = FACTS.get(key, (key_words.name(key), key_words.unit(key)))
    if sampled and key_words.numeric(values) and len(values) > MOST_RANGES:
        count = min(MOST_RANGES, max(2, round(math.sqrt(points["row"].nunique() / ROWS_A_PLACE))))
        cuts = tuple(np.unique(np.quantile(points[key], np.linspace(0, 1, count + 1))).tolist())
        texts = [key_words.amount(cut, unit) for cut in cuts]
        starts = [text.removesuffix(f" {unit}") for text in texts]
        labels = tuple(f"{low} to {high}" for low, high in zip(starts, texts[1:], strict=False))
        return MapAxis(key, name, unit, labels, True, cuts)
    if len(values) > MOST_PLACES:
        raise InputError(f"{key} took {len(values)} values, more than the {MOST_PLACES} a map can show")
    ordered = _ordered(values)
    labels = tuple(key_words.amount(value, unit) if key in FACTS else key_words.said(key, value) for value in ordered)
    return MapAxis(key, name, unit, labels, key_words.numeric(values), marks=_marks(points, key, ordered))


def _ordered(values: Sequence[Any]) -> list[Any]:
    return sorted(values) if key_words.numeric(values) else sorted(values, key=str)


def _marks(points: pd.DataFrame, key: str, values: Sequence[Any]) -> tuple[str, ...]:
    """Partnerships at each value, if the axis is a fact of partnerships."""
    if key not in FACTS:
        return ()
    return tuple(words.listed(sorted(points.loc[points[key] == value, "partnership"].unique())) for value in values)


def places(points: pd.DataFrame, along: MapAxis) -> Any:
    """Place number along an axis for each point; -1 for a missing value."""
    values = points[along.key]
    if along.ranges:
        cuts = along.cuts
        return np.clip(np.searchsorted(cuts, values, side="right") - 1, 0, len(along.labels) - 1)
    order = {value: number for number, value in enumerate(_ordered(values.dropna().unique().tolist()))}
    return [order.get(value, -1) for value in values]
