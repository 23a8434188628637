"""The study of a question that is still being simulated, in memory: the first histories of each of its plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from sim.study.design.cells import StudyPlan
from sim.study.running.gathering import CellResults, runs_table
from sim.study.running.worker import Rows
from sim.study.study import Study
from sim.study.tables import spread

NAMED = "this page"
SERIES = {
    "recurrent_saving_gbp_m",
    "cumulative_net_saving_gbp_m",
    "engagement",
    "fatigue",
    "uncertainty",
    "trust",
    "buy_in_leaders",
    "buy_in_backbench",
}
"""Monthly series that a page draws; of buy-in also each council's."""


def study_so_far(plan: StudyPlan, rows: Mapping[str, Sequence[Rows]]) -> Study:
    """The study of these rows, by cell; nothing is read or written."""
    results = [CellResults(parts=list(rows[cell.id])) for cell in plan.cells]
    known = plan.study.model_copy(update={"replications": min(result.done for result in results)})
    tables = {"runs": runs_table(plan.cells, results), "trajectories": _trajectories(plan, results)}
    return Study.made(plan._replace(study=known), tables, Path(NAMED))


def _trajectories(plan: StudyPlan, results: Sequence[CellResults]) -> pd.DataFrame:
    """Monthly mean and quantiles of the drawn series."""
    tables = []
    for cell, result in zip(plan.cells, results, strict=True):
        series, levels = result.levels()
        kept = [place for place, name in enumerate(series) if name in SERIES or name.startswith("buy_in_")]
        tables.append(spread(cell, [series[place] for place in kept], levels[:, kept, :]))
    return pd.concat(tables, ignore_index=True)
