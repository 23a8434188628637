"""Manifest of a study about to run: settings, plans, cells and origin."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sim.plans.study_settings import StudySettings
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
