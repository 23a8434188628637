"""Studies made in memory from small tables, for tests of whatever reads a study."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell, StudyPlan
from sim.study.design.designs import Design, Factor, as_manifest, units, values
from sim.study.study import Study

Answer = Callable[[Mapping[str, Any], int], float]
PI = float(np.pi)


@lru_cache(maxsize=8)
def real_settings(*overrides: str) -> Settings:
    return compose(list(overrides)).settings


def study(
    runs: pd.DataFrame,
    cells: pd.DataFrame | None = None,
    settings: Callable[[str], Settings] = lambda label: real_settings(),
    name: str = "made",
    seed: int = 1,
    folder: Path | None = None,
    design: Mapping[str, Any] | None = None,
    rows: pd.DataFrame | None = None,
    **tables: pd.DataFrame,
) -> Study:
    """A whole study of these runs, its first cell the reference; `settings` gives those of a plan by its label.

    `cells` holds a row a cell, by default those of the runs; of a sample `rows` says which cell is in which row.
    """
    told = (runs if cells is None else cells).drop_duplicates("cell")
    names = [told[key if key in told else "cell"].tolist() for key in ("cell", "label", "scenario")]
    own = [Cell(cell, label, scenario, settings(label)) for cell, label, scenario in zip(*names, strict=True)]
    run = StudySettings(name=name, seed=seed, replications=max(1, int(runs["replication"].nunique())))
    listed = [] if rows is None else list(rows[["row", "cell", "scenario"]].itertuples(index=False, name=None))
    plan = StudyPlan(own, run, own[0].id, listed, None if design is None else dict(design))
    given = tables if cells is None else {"cells": cells, **tables}
    place = folder or Path(f"outputs/2027-01-01_000000_{name}")
    made = Study.made(plan, {"runs": runs, **given}, place)
    for entry in made.manifest["cells"]:
        entry |= {"status": "complete", "changes": {}}
    return made


def of_plans(
    plans: Mapping[str, Mapping[str, Any]],
    name: str = "made",
    seed: int = 1,
    overrides: Sequence[str] = (),
    **more: Any,
) -> Study:
    """A study of these plans: label → outcome → values by history."""
    tables: list[pd.DataFrame] = []
    for label, outcomes in plans.items():
        cell = "".join(letter if letter.isalnum() else "_" for letter in label.lower())[:40]
        cell += str(len(tables)) if any(cell == table["cell"].iloc[0] for table in tables) else ""
        table = pd.DataFrame({key: np.asarray(given, dtype=float) for key, given in outcomes.items()})
        tables.append(table.rename_axis("replication").reset_index().assign(cell=cell, label=label, scenario=cell))
    runs = pd.concat(tables, ignore_index=True)
    return study(runs, settings=lambda label: real_settings(*overrides), name=name, seed=seed, **more)


def money(worth: Any, **others: Any) -> dict[str, Any]:
    """Outcomes of a plan worth these values and otherwise without news."""
    n = len(worth)
    flat = {"peak_fatigue": 0.5, "min_buy_in_backbench": 0.5, "service_quality_end": 0.5, "dissolved": 0.0}
    return {"npv_gbp_m": worth, **{name: np.full(n, value) for name, value in {**flat, **others}.items()}}


def of_rows(rows: pd.DataFrame, runs: pd.DataFrame, design: Mapping[str, Any], **more: Any) -> Study:
    """A sampled study: `rows` with row, cell, scenario and each factor's value, `design` what the manifest says."""
    keys = [key for key in rows if key not in ("row", "cell", "label", "scenario", "status")]
    cells = rows.drop(columns="row").assign(status="complete")
    return study(runs, cells, design={"factors": [{"key": key} for key in keys], **design}, rows=rows, **more)


def sampled(
    design: Design, plans: Mapping[str, Mapping[str, Answer]], replications: int = 1, scenario: str = "structure_first"
) -> Study:
    """A sampled study: `plans` gives for each base plan its outcomes as functions of values and replication."""
    points = [values(design, row) for row in units(design)]
    runs, rows, cells = [], [], []
    for place, (plan, outcomes) in enumerate(plans.items()):
        for row, point in enumerate(points):
            cell, name = f"{place}-{row}", f"other_{place}" if place else scenario
            head = {"cell": cell, "label": f"{plan}, row {row}", "scenario": name}
            rows.append({"row": row, "cell": cell, "scenario": plan})
            cells.append({**head, "status": "complete", **point})
            runs += [
                {**head, "replication": j, **{key: answer(point, j) for key, answer in outcomes.items()}}
                for j in range(replications)
            ]
    return study(pd.DataFrame(runs), pd.DataFrame(cells), design=as_manifest(design), rows=pd.DataFrame(rows))


def ishigami_factors(dummy: bool = False) -> tuple[Factor, ...]:
    """The inputs of Ishigami's function, and one that it does not heed."""
    return tuple(Factor(f"x{i}", -PI, PI) for i in range(1, 5 if dummy else 4))


def ishigami(point: Mapping[str, Any], a: float = 7.0, b: float = 0.1) -> float:
    """Ishigami's function, with a = 7 and b = 0.1."""
    x1, x2, x3 = point["x1"], point["x2"], point["x3"]
    return float(np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1))
