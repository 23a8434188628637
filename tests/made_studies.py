"""Study folders whose right answer is known because it was put there: real files, made-up histories."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import synthetic

from sim.analysis import compare
from sim.engine.settings import ScenarioNote, Settings
from sim.plans.compose import cell_id, compose
from sim.plans.study_settings import StudySettings
from sim.plans.variants import variant
from sim.study.design.cells import Cell, StudyPlan
from sim.study.files import noting
from sim.study.files.newest import STAMP
from sim.study.study import Study
from sim.study.tables import READINGS, TRAJECTORIES

HISTORIES = 100
PACE = "levers.pace.months_between_waves"
READ = (1, 3, 5, 10)


@dataclass(frozen=True)
class Truth:
    """A plan as it truly is: middle saving at years 1, 3, 5, 10 and net in all, £m; half its even spread.

    `parted` and `never` are the histories, of HISTORIES, in which it breaks down and never pays for itself;
    `wobble` moves every second history up and the others down, so that it changes no mean.
    """

    title: str
    saving: tuple[float, float, float, float]
    net: float
    half: float = 0.3
    parted: int = 0
    never: int = 0
    stalled: int = 0
    wobble: float = 0.0
    meaning: str = "A plan made for a test."


def study_of(
    root: Path, truths: Sequence[Truth], horizon: int = 120, partnership: str = "bromsgrove_redditch", done: bool = True
) -> Study:
    """A study folder of these plans, the first the reference; without any history unless `done`."""
    plan = _plan(truths, horizon, partnership)
    folder = root / "2026-05-04_101112_made"
    folder.mkdir(parents=True)
    rows = [_runs(cell, truth, horizon) for cell, truth in zip(plan.cells, truths, strict=True)]
    runs = pd.concat(rows, ignore_index=True) if done else rows[0].iloc[:0]
    made = Study.made(plan, {"runs": runs, **_tables(plan, truths, horizon if done else 0)}, folder)
    made.manifest |= {"created": "2026-05-04T10:11:12", STAMP: "2026-05-04T09:11:12+00:00"}
    for entry in made.manifest["cells"]:
        entry["sampled"] = {}
        if not done:
            entry |= {"status": "failed", "message": "replication 3: headcount of Redditch does not balance in month 3"}
    made.save()
    study = Study.load(folder)
    if done:
        compare.write(study)
        noting.rest(folder, study.manifest, [])
    return Study.load(folder)


def _plan(truths: Sequence[Truth], horizon: int, partnership: str) -> StudyPlan:
    base = compose(["scenario=structure_first", f"partnership={partnership}"]).settings
    cells = [_cell(base, number, truth, horizon) for number, truth in enumerate(truths)]
    study = StudySettings(name="made", replications=HISTORIES, horizon_months=horizon)
    return StudyPlan(cells, study, cells[0].id)


def _cell(base: Settings, number: int, truth: Truth, horizon: int) -> Cell:
    moved = variant(base, {PACE: float(number + 1)} if isinstance(_pace(base), float) else {PACE: number + 1})
    settings = moved.replaced(
        scenario=ScenarioNote(name="structure_first", title=truth.title, meaning=truth.meaning), horizon_months=horizon
    )
    return Cell(cell_id(settings), truth.title, "structure_first", settings)


def _pace(settings: Settings) -> float | int:
    return settings.levers.pace.months_between_waves


def _runs(cell: Cell, truth: Truth, horizon: int) -> pd.DataFrame:
    """One row a history; the same even pattern of luck for every plan."""
    count = HISTORIES
    luck = np.linspace(-1, 1, count)
    wobble = truth.wobble * np.where(np.arange(count) // 2 % 2, 1.0, -1.0)
    empty = synthetic.study(synthetic.STRUCTURE, replications=count).runs
    table = empty.assign(cell=cell.id, label=cell.label, scenario=cell.scenario)
    for year, middle in zip(READ, truth.saving, strict=True):
        table[f"recurrent_saving_y{year}_gbp_m"] = (
            middle + truth.half * luck + wobble if 12 * year <= horizon else np.nan
        )
    net = truth.net + 3 * truth.half * luck + 3 * wobble
    table["cumulative_net_saving_y10_gbp_m"] = net if horizon >= 120 else np.nan
    table["npv_gbp_m"] = 0.8 * net
    table["dissolved"] = (np.arange(count) < truth.parted).astype(float)
    table["stalled"] = (np.arange(count) >= count - truth.stalled).astype(float)
    table["payback_month"] = np.where(np.arange(count) < truth.never, np.nan, 40.0 + np.arange(count) // 10)
    table["ended_by"] = np.where(table["dissolved"] > 0, "dissolved", "horizon")
    return table


def _tables(plan: StudyPlan, truths: Sequence[Truth], horizon: int) -> dict[str, pd.DataFrame]:
    """The other tables; monthly figures rise evenly to what the truths say."""
    tables = [_months(cell, truth, horizon) for cell, truth in zip(plan.cells, truths, strict=True) if horizon]
    months = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(TRAJECTORIES))
    return {"trajectories": months, "readings": pd.DataFrame(columns=list(READINGS))}


def _months(cell: Cell, truth: Truth, horizon: int) -> pd.DataFrame:
    months = np.arange(horizon + 1)
    rise = np.interp(months, [0, 12, 36, 60, 120], [0, *truth.saving])
    net = np.cumsum(rise) / 12 - np.minimum(months / 30, 1.0)
    councils = [council.name for council in cell.base.partnership.councils]
    levels: dict[str, Any] = {"recurrent_saving_gbp_m": rise, "cumulative_net_saving_gbp_m": net}
    levels |= {f"recurrent_saving_gbp_m: {name}": rise / len(councils) for name in councils}
    levels |= {f"cumulative_net_saving_gbp_m: {name}": net / len(councils) for name in councils}
    levels |= {name: 0.5 + 0.1 * np.sin(months / 20) for name in ("fatigue", "engagement", "buy_in_backbench")}
    head = {"cell": cell.id, "label": cell.label, "scenario": cell.scenario}
    steps = {"p05": -1.0, "p25": -0.4, "p50": 0.0, "p75": 0.4, "p95": 1.0}
    tables = []
    for series, middle in levels.items():
        half = truth.half * months / horizon if "gbp" in series else 0.05
        cuts = {name: middle + step * half for name, step in steps.items()}
        tables.append(pd.DataFrame({**head, "month": months, "series": series, "mean": middle, **cuts, "n": HISTORIES}))
    return pd.concat(tables, ignore_index=True)
