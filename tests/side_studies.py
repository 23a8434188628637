"""Made-up studies to set side by side: any values of any outcomes, with the manifest of a real one."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.core.errors import InputError
from sim.engine.settings import Settings
from sim.plans.compose import compose

Plans = Mapping[str, Mapping[str, Sequence[float]]]


@lru_cache(maxsize=8)
def real_settings(*overrides: str) -> Settings:
    return compose(list(overrides)).settings


class Made(SimpleNamespace):
    """A study, without monthly figures unless it is given `months`."""

    @property
    def readings(self) -> pd.DataFrame:
        months: pd.DataFrame | None = self.__dict__.get("months")
        if months is None:
            raise InputError(f"the study '{self.folder.name}' kept no readings of single histories: run it again")
        return months


def study(plans: Plans, name: str = "made", seed: int = 1, overrides: Sequence[str] = (), **more: Any) -> Any:
    """A study of these plans: label → outcome → values by history; the first is the reference."""
    tables, cells = [], []
    for label, outcomes in plans.items():
        cell = "".join(letter if letter.isalnum() else "_" for letter in label.lower())[:40]
        cell += str(len(cells)) if cell in [each["cell"] for each in cells] else ""
        cells.append({"cell": cell, "label": label, "scenario": cell})
        table = pd.DataFrame({key: np.asarray(values, dtype=float) for key, values in outcomes.items()})
        tables.append(table.rename_axis("replication").reset_index().assign(cell=cell, label=label, scenario=cell))
    parts = {
        "folder": Path(f"outputs/2027-01-01_000000_{name}"), "name": name, "sampled": False, "partial": False,
        "runs": pd.concat(tables, ignore_index=True), "labels": {each["cell"]: each["label"] for each in cells},
        "reference": cells[0]["cell"], "code_differs": False,
        "manifest": {"seed": seed, "code": "same", "cells": cells, "design": None},
        "settings": lambda cell: real_settings(*overrides),
    }  # fmt: skip
    return Made(**{**parts, **more})


def money(values: Any, **others: Any) -> dict[str, Any]:
    """Outcomes of a plan worth these values and otherwise without news."""
    n = len(values)
    flat = {"peak_fatigue": 0.5, "min_buy_in_backbench": 0.5, "service_quality_end": 0.5, "dissolved": 0.0}
    return {"npv_gbp_m": values, **{name: np.full(n, value) for name, value in {**flat, **others}.items()}}
