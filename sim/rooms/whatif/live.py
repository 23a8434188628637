"""A study that lives in memory while it is being simulated, with everything that the words and figures read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim import engine
from sim.core.errors import InputError
from sim.core.history import History
from sim.engine.settings import Settings
from sim.study import Study, StudyPlan
from sim.study.provenance import origin
from sim.study.running.gathering import CellResults
from sim.study.running.worker import Rows
from sim.study.tables import EVENTS, cells_table, events_table, runs_table, spread

NAMED = "this page"
SERIES = (
    "recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m", "engagement", "fatigue", "uncertainty", "trust",
    "buy_in_leaders", "buy_in_backbench",
)  # fmt: skip
"""What a page draws of the monthly series; of buy-in also each council's."""


class Live(Study):
    """The first `n` histories of each cell of a plan, as a study; nothing is read or written."""

    def __init__(self, plan: StudyPlan, rows: Mapping[str, Sequence[Rows]]) -> None:
        self.plan = plan
        self.folder = Path(NAMED)
        self._outturns = [CellResults(parts=list(rows[cell.id])) for cell in plan.cells]
        done = [outturn.done for outturn in self._outturns]
        self.manifest: dict[str, Any] = {
            "study": plan.study.model_dump(mode="json") | {"replications": min(done)},
            "reference": plan.reference,
            "seed": plan.study.seed,
            "status": "complete",
            "code": origin()["code"],
            "cells": [
                {"cell": cell.id, "label": cell.label, "scenario": cell.scenario, "status": "complete",
                 "message": None, "replications": count}
                for cell, count in zip(plan.cells, done, strict=True)
            ],
        }  # fmt: skip
        self._fill()

    def _fill(self) -> None:
        """Put the tables where they are otherwise read from files."""
        self.__dict__["runs"] = runs_table(self.plan.cells, self._outturns)
        self.__dict__["trajectories"] = _trajectories(self.plan, self._outturns)
        self.__dict__["events"] = events_table([])[list(EVENTS)]
        self.__dict__["cells"] = cells_table(self.plan.cells, ["complete"] * len(self.plan.cells))

    @property
    def comparison(self) -> pd.DataFrame:
        """Refused: whoever asks compares the runs themselves."""
        raise InputError("this study is still being simulated")

    def settings(self, cell: str) -> Settings:
        """The settings of a cell."""
        return next(each for each in self.plan.cells if each.id == cell).settings

    def rerun(self, cell: str, replication: int) -> History:
        """One history lived again, with everything recorded."""
        return engine.run(self.settings(cell), replication, self.plan.study.seed, record=True)


def _trajectories(plan: StudyPlan, outturns: Sequence[CellResults]) -> pd.DataFrame:
    """Mean and quantiles of the series that are drawn."""
    tables = []
    for cell, outturn in zip(plan.cells, outturns, strict=True):
        series, levels = outturn.levels()
        kept = [place for place, name in enumerate(series) if name in SERIES or name.startswith("buy_in_")]
        tables.append(spread(cell, [series[place] for place in kept], levels[:, kept, :]))
    return pd.concat(tables, ignore_index=True)
