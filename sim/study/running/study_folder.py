"""Writing of the study folder from kept results: tables, one cell at a time, and the manifest last."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim import engine
from sim.core.history import Event
from sim.study.design.cells import Cell
from sim.study.files import noting
from sim.study.files.store import cell_digest, digest_of_cells, replacing, write_bytes
from sim.study.running import kept_parts
from sim.study.running.gathering import CellResults, StudyResults, cut, runs_table
from sim.study.running.journal import Journal
from sim.study.running.worker import Rows
from sim.study.study import Study
from sim.study.tables import (
    READINGS,
    SAMPLED_BY,
    TRAJECTORIES,
    digest_columns,
    digested,
    events_table,
    parquet,
    readings_table,
    sample,
)

TOLD = 6
"""Cells with some histories recorded in full: as many as figures show; in a sample only the reference."""
BATCH = 500
"""Cells whose runs are written at once, some megabytes."""


def finish(journal: Journal) -> Study:
    """Write every table, then the manifest with the digest and each cell's end.

    When every cell has come to its end, the parts are no longer needed and go.
    """
    folder, manifest, gathered = journal.folder, journal.manifest, journal.gathered
    gathered.close()
    noting.begin(folder, manifest)
    endings = [gathered.ending(number) for number in range(len(gathered.cells))]
    statuses = [ending["status"] for ending in endings]
    fingerprint, sampled = _write_runs(journal)
    samples = _samples(gathered, sampled)
    _write_readings(folder, gathered)
    write_bytes(folder / "cells.parquet", _ended(folder / "cells.parquet", statuses))
    for number, entry in enumerate(manifest["cells"]):
        entry |= endings[number]
        entry["sampled"] = {reason: n for n, reason in samples.get(number, {}).items() if reason != "another"}
    whole = all(status == "complete" for status in statuses)
    manifest |= {"status": "complete" if whole else "partial", "digest": fingerprint}
    kept = [result.trajectories for result in gathered.results if result.trajectories is not None]
    levels = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=list(TRAJECTORIES))
    rest = {"trajectories": levels, "events": events_table(_told(gathered, samples))}
    Study(folder, manifest, rest).save()
    if whole:
        kept_parts.clear(folder)
    return Study.load(folder)


def _ended(file: Path, statuses: Sequence[str]) -> bytes:
    """Table of cells with each cell's end added, as the content of its file."""
    table = pq.read_table(file)
    place = table.schema.get_field_index("status")
    kind = table.schema.field(place)
    buffer = BytesIO()
    pq.write_table(table.set_column(place, kind, pa.array(statuses, kind.type)), buffer)
    return buffer.getvalue()


def _write_runs(journal: Journal) -> tuple[str, pd.DataFrame]:
    """Write runs.parquet in batches. Returns the digest, and the rows used to pick histories to record."""
    digests: dict[str, str] = {}
    chosen = []
    none = runs_table(journal.plan.cells[:1], [CellResults()])
    told = {journal.plan.reference, *(cell.id for cell in journal.plan.cells[: 1 if journal.plan.design else TOLD])}
    with replacing(journal.folder / "runs.parquet") as draft:
        writer: Any = None
        for frame in _batches(journal):
            table = pa.Table.from_pandas(frame, preserve_index=False)
            writer = writer or pq.ParquetWriter(draft, table.schema)
            writer.write_table(table.cast(writer.schema))
            digests |= {str(cell): cell_digest(rows) for cell, rows in groupby(digested(frame), key=itemgetter(0))}
            chosen.append(frame.loc[frame["cell"].isin(told), ["cell", "replication", *SAMPLED_BY]])
        if writer is None:
            draft.write_bytes(parquet(none))
        else:
            writer.close()
    rows = pd.concat(chosen) if chosen else none[["cell", "replication", *SAMPLED_BY]]
    return digest_of_cells(digest_columns(none), digests), rows


def _batches(journal: Journal) -> Iterator[pd.DataFrame]:
    """Runs of cells that did not fail, some hundred cells at a time, in order."""
    held: list[tuple[Cell, list[tuple[Rows, int]]]] = []
    for number, found in kept_parts.by_cell(journal.folder):
        kept = _counted(found, journal.gathered.limit(number))
        if kept and journal.gathered.results[number].error is None:
            held.append((journal.plan.cells[number], kept))
        if len(held) == BATCH:
            yield _frame(held, len(journal.manifest["origins"]) > 1)
            held = []
    if held:
        yield _frame(held, len(journal.manifest["origins"]) > 1)


def _counted(found: list[tuple[Rows, int]], limit: int | None) -> list[tuple[Rows, int]]:
    """Results of a cell within its number of replications."""
    if limit is None:
        return found
    return [(kept, origin) for rows, origin in found if (kept := cut(rows, limit)) is not None]


def _frame(held: Sequence[tuple[Cell, list[tuple[Rows, int]]]], mixed: bool) -> pd.DataFrame:
    results = [CellResults(parts=[rows for rows, _ in kept]) for _, kept in held]
    frame = runs_table([cell for cell, _ in held], results)
    if mixed:
        ordered = [sorted(kept, key=lambda one: one[0].first) for _, kept in held]
        frame["origin"] = [origin for kept in ordered for rows, origin in kept for _ in range(rows.done)]
    return frame


def _write_readings(folder: Path, gathered: StudyResults) -> None:
    """Write readings.parquet, the largest table, one cell at a time."""
    kept = ((cell, result.readings) for cell, result in zip(gathered.cells, gathered.results, strict=True))
    tables = (readings_table(cell, read) for cell, read in kept if read is not None)
    first = next(tables, pd.DataFrame(columns=list(READINGS)))
    schema = pa.Schema.from_pandas(first, preserve_index=False)
    with replacing(folder / "readings.parquet") as draft, pq.ParquetWriter(draft, schema) as writer:
        for table in chain([first], tables):
            writer.write_table(pa.Table.from_pandas(table, schema, preserve_index=False))


def _samples(gathered: StudyResults, runs: pd.DataFrame) -> dict[int, dict[int, str]]:
    """Replications to record in full by cell number, with reasons (`tables.sample`), for a few cells."""
    by = next((name for name in SAMPLED_BY if runs[name].notna().any()), "replication")
    by_cell = {cell: dict(zip(rows["replication"], rows[by], strict=True)) for cell, rows in runs.groupby("cell")}
    numbered = {n: by_cell[cell.id] for n, cell in enumerate(gathered.cells) if cell.id in by_cell}
    return {n: sample(own, gathered.study.events) for n, own in numbered.items()}


def _told(gathered: StudyResults, samples: dict[int, dict[int, str]]) -> Iterator[tuple[Cell, int, list[Event]]]:
    """Sampled histories, replayed: same settings, seed and replication give the same history."""
    seed = gathered.study.seed
    for number, chosen in samples.items():
        cell = gathered.cells[number]
        for replication, history in zip(chosen, engine.run_all(cell.settings, map(int, chosen), seed)):
            yield cell, int(replication), list(history.events)
