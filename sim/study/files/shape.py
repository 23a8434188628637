"""What a study's files look like as they are written: a manifest or table of another shape is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.engine.outcomes import OUTCOMES
from sim.plans.study_settings import MOST_REPLICATIONS

if TYPE_CHECKING:
    import pandas as pd

Count = Annotated[int, Field(ge=0)]
Histories = Annotated[int, Field(ge=0, le=MOST_REPLICATIONS)]
Words = dict[str, str | None]


class _Part(BaseModel):
    """A part of a manifest: what readers rely on; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Origin(_Part):
    versions: Words
    platform: str
    commit: str | None = None
    dirty: bool | None = None
    code: str


class _Run(_Part):
    name: str
    reason: str = ""
    replications: Histories | Literal["auto"]
    horizon_months: Count = 120
    auto_outcome: str = ""
    auto_half_width: float = 0.5
    auto_most: Histories = 0
    events: Count = 1000


class _Factor(_Part):
    key: str


class _Design(_Part):
    factors: Annotated[list[_Factor], Field(min_length=1)]


class _Cell(_Part):
    cell: str
    label: str
    scenario: str
    status: Literal["partial", "complete", "failed"]
    replications: Count = 0
    message: str | None = None
    base: Count
    varied: dict[str, Any] = Field(default_factory=dict)
    changes: dict[str, Any] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict)
    sampled: dict[str, Count] | None = None
    precision: str | None = None


class _Manifest(_Part):
    status: str
    created: str = ""
    assurance: str = ""
    digest: str | None
    seed: Count
    study: _Run
    settings_hash: str
    versions: Words = Field(default_factory=dict)
    platform: str = ""
    commit: str | None = None
    code: str
    origins: Annotated[list[_Origin], Field(min_length=1)] = Field(default_factory=list)
    chunk: Annotated[int, Field(ge=1)] = 1
    reference: str
    design: _Design | None = None
    settings: dict[str, Any]
    bases: list[dict[str, Any]]
    cells: Annotated[list[_Cell], Field(min_length=1)]
    files: dict[str, str] | None = None
    warnings: list[Any] = Field(default_factory=list)


def oddity(manifest: Mapping[str, Any]) -> str | None:
    """What in a manifest is not as Tandem writes it, as the beginning of a sentence; None where nothing is."""
    try:
        found = _Manifest.model_validate(manifest)
    except ValidationError as error:
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in error.errors()[0]["loc"])
        return f"{place} is not what it was"
    ids = [cell.cell for cell in found.cells]
    if len(set(ids)) < len(ids):
        return "a cell stands there twice"
    if found.reference not in ids:
        return "its reference is none of its cells"
    if any(cell.base >= len(found.bases) for cell in found.cells):
        return "a cell has no base plan"
    if found.design is None and not all("changes" in entry for entry in manifest["cells"]):
        return "a cell no longer says what it changes"
    return None


_TEXTS = {
    "runs": ("cell", "label", "scenario"),
    "trajectories": ("cell", "label", "scenario", "series"),
    "readings": ("cell", "label", "scenario", "series"),
    "events": ("cell", "label", "entity", "kind"),
    "cells": ("cell", "label", "scenario", "status"),
    "design": ("cell", "scenario"),
}
_NUMBERS = {
    "runs": ("replication",),
    "trajectories": ("month", "mean", "p05", "p25", "p50", "p75", "p95", "n"),
    "readings": ("replication", "month", "value"),
    "events": ("replication", "month", "value"),
    "cells": (),
    "design": ("row",),
}

COMPARED = {"mean_difference", "half_width", "p_better", "variance_ratio", "n"}
"""Columns of comparison.csv that hold numbers."""


def as_written(name: str, table: pd.DataFrame, cells: Collection[str]) -> bool:
    """Whether a table has the columns it is written with, of their kinds, and speaks of the study's cells alone."""
    from pandas.api.types import is_numeric_dtype

    texts, numbers = _TEXTS[name], _NUMBERS[name]
    if not {*texts, *numbers} <= set(table.columns):
        return False
    if table.empty:
        return True
    counted = [*numbers, *(column for column in table.columns if name == "runs" and column in OUTCOMES)]
    if not all(is_numeric_dtype(table[column]) for column in counted):
        return False
    if any(is_numeric_dtype(table[column]) or bool(table[column].isna().any()) for column in texts):
        return False
    if not set(table["cell"].unique()) <= set(cells):
        return False
    return name != "runs" or not bool(table.duplicated(["cell", "replication"]).any())
