"""Made-up sampled studies: a design, and outcomes that a function of its values and luck gives."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.study.design.designs import Design, Factor, as_manifest, units, values

Answer = Callable[[Mapping[str, Any], int], float]
PI = float(np.pi)


def sampled(
    design: Design, plans: Mapping[str, Mapping[str, Answer]], replications: int = 1, scenario: str = "structure_first"
) -> Any:
    """A study-like object: `plans` gives for each base plan its outcomes as functions of values and replication."""
    points = [values(design, row) for row in units(design)]
    runs, rows, cells = [], [], []
    for place, (plan, outcomes) in enumerate(plans.items()):
        for row, point in enumerate(points):
            cell = f"{place}-{row}"
            name = scenario if not place else f"other_{place}"
            rows.append({"row": row, "cell": cell, "scenario": plan, **point})
            cells.append({"cell": cell, "label": f"{plan}, row {row}", "scenario": name, "status": "complete"})
            head = {"cell": cell, "label": f"{plan}, row {row}", "scenario": name}
            runs += [
                {**head, "replication": j, **{key: answer(point, j) for key, answer in outcomes.items()}}
                for j in range(replications)
            ]
    return SimpleNamespace(
        folder=Path("outputs/2024-05-01_120000_made"),
        runs=pd.DataFrame(runs),
        design=pd.DataFrame(rows),
        cells=pd.DataFrame(cells),
        manifest={"design": as_manifest(design)},
        reference="0-0",
    )


def ishigami_factors(dummy: bool = False) -> tuple[Factor, ...]:
    """The inputs of Ishigami's function, and one that it does not heed."""
    return tuple(Factor(f"x{i}", -PI, PI) for i in range(1, 5 if dummy else 4))


def ishigami(point: Mapping[str, Any], a: float = 7.0, b: float = 0.1) -> float:
    """Ishigami's function, with a = 7 and b = 0.1."""
    x1, x2, x3 = point["x1"], point["x2"], point["x3"]
    return float(np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1))
