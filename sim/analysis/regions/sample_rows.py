"""A study as a table of rows by luck: its sample, plans, and outcomes in that layout."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.arrays import Numbers, Values
from sim.core import words
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
