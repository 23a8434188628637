"""From gathered results to the files of the study folder, the manifest first and last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import engine
from sim.settings import StudySettings
from sim.store import ASSURANCE, hash_of, origin, write_bytes, write_manifest
from sim.study import pointers
from sim.study.cells import Cell
from sim.study.folder import Study
from sim.study.gathering import DETAILED_CELLS, Gathered
from sim.study.tables import TRAJECTORIES, cells_table, digest_of, events_table, parquet, runs_table, sample

if TYPE_CHECKING:
    import pandas as pd

    from sim.history import Event

SAMPLED_BY = ("cumulative_net_saving_y10_gbp_m", "npv_gbp_m")


def begin(folder: Path, cells: Sequence[Cell], study: StudySettings, reference: str) -> dict[str, Any]:
    """Write the manifest of a study that is about to run, marked partial, and return it."""
    dumps = [cell.settings.model_dump(mode="json") for cell in cells]
    manifest = {
        "status": "partial",
        "created": datetime.now().isoformat(timespec="seconds"),
        "assurance": ASSURANCE,
        "digest": None,
        "seed": study.seed,
        "study": study.model_dump(mode="json"),
        "settings_hash": hash_of([study.seed, study.replications, sorted(cell.id for cell in cells)]),
        **origin(),
        "reference": reference,
        "settings": dumps[0] if dumps else {},
        "cells": [_entry(cell, dumps[0], dump) for cell, dump in zip(cells, dumps, strict=True)],
    }
    write_manifest(folder, manifest)
    return manifest


def _entry(cell: Cell, base: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell": cell.id,
        "label": cell.label,
        "scenario": cell.scenario,
        "status": "partial",
        "replications": 0,
        "message": None,
        "varied": cell.varied,
        "sources": cell.sources,
        "changes": pointers.changes(base, content),
    }


def finish(folder: Path, manifest: dict[str, Any], gathered: Gathered) -> Study:
    """Write every table, then the manifest with the digest and how each cell ended."""
    gathered.close()
    statuses = [outturn.status(gathered.study.replications) for outturn in gathered.outturns]
    runs = runs_table(gathered.cells, gathered.outturns)
    samples = _samples(gathered, runs)
    write_bytes(folder / "runs.parquet", parquet(runs))
    write_bytes(folder / "trajectories.parquet", parquet(_trajectories(gathered)))
    write_bytes(folder / "events.parquet", parquet(events_table(_told(gathered, samples))))
    write_bytes(folder / "cells.parquet", parquet(cells_table(gathered.cells, statuses)))
    for number, entry in enumerate(manifest["cells"]):
        outturn = gathered.outturns[number]
        entry |= {"status": statuses[number], "replications": outturn.done, "message": outturn.error}
        entry["sampled"] = {reason: n for n, reason in samples.get(number, {}).items() if reason != "another"}
    whole = all(status == "complete" for status in statuses)
    manifest |= {"status": "complete" if whole else "partial", "digest": digest_of(runs)}
    write_manifest(folder, manifest)
    return Study(folder)


def _trajectories(gathered: Gathered) -> pd.DataFrame:
    import pandas as pd

    tables = [outturn.trajectories for outturn in gathered.outturns if outturn.trajectories is not None]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(TRAJECTORIES))


def _samples(gathered: Gathered, runs: pd.DataFrame) -> dict[int, dict[int, str]]:
    """By cell number, the replications to tell in full and why (`tables.sample`), for at most 50 cells."""
    by = next((name for name in SAMPLED_BY if name in runs and runs[name].notna().any()), "replication")
    by_cell = {cell: dict(zip(rows["replication"], rows[by], strict=True)) for cell, rows in runs.groupby("cell")}
    numbered = list(enumerate(gathered.cells))[:DETAILED_CELLS]
    return {n: sample(by_cell[cell.id], gathered.study.events) for n, cell in numbered if cell.id in by_cell}


def _told(gathered: Gathered, samples: dict[int, dict[int, str]]) -> Iterator[tuple[Cell, int, list[Event]]]:
    """The sampled histories, lived again: the same settings, seed and replication give the same history."""
    for number, chosen in samples.items():
        cell = gathered.cells[number]
        for replication in chosen:
            history = engine.run(cell.settings, int(replication), gathered.study.seed, record=True)
            yield cell, int(replication), list(history.events)
