"""Manifest of a study about to run: settings, plans, cells and origin; one of another shape is refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.plans.study_settings import MOST_REPLICATIONS, StudySettings
from sim.study.design.cells import Cell, StudyPlan
from sim.study.files import newest, pointers
from sim.study.files.store import ASSURANCE, hash_of
from sim.study.provenance import origin
from sim.study.running.tasks import chunk, processes

NEEDED = ("study", "settings", "bases", "cells", "reference", "seed", "status", "digest", "settings_hash", "code")
"""Keys of every manifest from its first writing on."""


def manifest_of(plan: StudyPlan) -> dict[str, Any]:
    """Manifest of a plan before any history, marked partial."""
    bases = list({id(cell.base): cell.base for cell in plan.cells}.values())
    dumps = [base.model_dump(mode="json") for base in bases]
    place = {id(base): number for number, base in enumerate(bases)}
    study = plan.study
    return {
        "status": "partial",
        "created": datetime.now().isoformat(timespec="seconds"),
        newest.STAMP: newest.now(),
        "assurance": ASSURANCE,
        "digest": None,
        "seed": study.seed,
        "study": study.model_dump(mode="json"),
        "settings_hash": settings_hash(study, plan.cells),
        **origin(),
        "origins": [origin()],
        "chunk": chunk(len(plan.cells), study.at_most, processes(study)),
        "reference": plan.reference,
        "design": plan.design,
        "settings": dumps[0] if dumps else {},
        "bases": [pointers.changes(dumps[0], dump) for dump in dumps],
        "cells": [_entry(cell, place[id(cell.base)], plan.design is None) for cell in plan.cells],
    }


def settings_hash(study: StudySettings, cells: Sequence[Cell]) -> str:
    """Hash of everything that determines a study's results."""
    automatic = [study.auto_outcome, study.auto_half_width, study.auto_most] if study.automatic else []
    return hash_of([study.seed, study.replications, sorted(cell.id for cell in cells), *automatic])


def _entry(cell: Cell, base: int, with_values: bool) -> dict[str, Any]:
    """Manifest entry of a cell; values of a sample are in cells.parquet only."""
    values = {"varied": cell.varied, "changes": dict(cell.values())} if with_values else {"plan": cell.plan}
    return {
        "cell": cell.id,
        "label": cell.label,
        "scenario": cell.scenario,
        "status": "partial",
        "replications": 0,
        "message": None,
        "base": base,
        **values,
        "sources": dict(cell.sources),
    }


Count = Annotated[int, Field(ge=0)]
Histories = Annotated[int, Field(ge=0, le=MOST_REPLICATIONS)]
Words = dict[str, str | None]


class _Part(BaseModel):
    """Part of a manifest with the keys that readers need; more keys are allowed."""

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
    """Deviation of a manifest from the expected shape, as the start of a sentence, or None."""
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
