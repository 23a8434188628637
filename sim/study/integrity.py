"""Integrity of a study's files: missing files and files altered after writing.

This detects damage and careless edits, but not deliberate ones with new fingerprints and a new seal.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from sim.core.errors import InputError
from sim.study.files.noting import NOTED, TABLES
from sim.study.files.store import MANIFEST, SEAL, as_json, cell_digest, digest_of_cells, hash_file, seal_of
from sim.study.files.stored_tables import overgrown
from sim.study.running.resuming import plan_of
from sim.study.study import Study
from sim.study.tables import digest_columns, digested

RESULTS = "runs.parquet"
RECOUNTED = 5_000
"""Maximum rows for which the results' digest is always recomputed, about a second; above, only where the
manifest or the file is not as it was written, because both together vouch for the rest."""
OLDER = "the study was made by a version that noted no digests of its files: of these only the results could be checked"
NOT_THE_SETTINGS = (
    f"the settings in {MANIFEST} (of a sample, in cells.parquet) are not those the results were made with"
)
UNFINISHED = (
    "the study was stopped while its tables were written, so nothing notes what they should be: go on with tandem "
    "sweep --resume"
)
STOPPED = "the study was stopped before its end: it has no results to check"


def complaints(study: Study) -> list[str]:
    """One sentence for each file of a study that is missing or altered; empty if there is none."""
    manifest = study.manifest
    sealed = list(_of_manifest(study))
    sure = not sealed and SEAL in manifest
    noted = manifest.get(NOTED)
    if manifest["digest"] is None:
        return [*sealed, STOPPED]
    unnoted = [] if noted is not None else [UNFINISHED if SEAL in manifest else OLDER]
    grown = _overgrown(study)
    said = [*sealed, *unnoted, *grown, *_of_files(study.folder, noted or {}, {line.split(" ")[0] for line in grown})]
    return said if any(line.startswith(RESULTS) for line in grown) else [*said, *_of_results(study, noted or {}, sure)]


def _overgrown(study: Study) -> list[str]:
    """Tables that would unpack to more than the study can hold; unreadable ones are reported elsewhere."""
    found = []
    for name in TABLES:
        if (study.folder / name).is_file():
            with suppress(ValueError, OSError):
                found.append(overgrown(study.folder / name, study.manifest))
    return [said for said in found if said]


def _of_manifest(study: Study) -> Iterator[str]:
    """Complaints about the manifest: a broken seal, or in one without a seal, settings that do not match ids."""
    text = (study.folder / MANIFEST).read_text(encoding="utf-8")
    content = json.loads(text)
    try:
        sealed = content.get(SEAL) == seal_of(content)
        as_sealed = sealed and text == as_json(content)
    except ValueError:
        sealed = as_sealed = False
    if (SEAL in content or NOTED in content) and not as_sealed:
        yield f"{MANIFEST} was altered since it was written: what it says of plans, seed and versions is not sure"
    try:
        if not sealed:
            plan_of(study)
    except (InputError, LookupError, ValueError, TypeError, AttributeError):
        yield NOT_THE_SETTINGS


def _of_files(folder: Path, noted: dict[str, str], told: Collection[str]) -> Iterator[str]:
    """Complaints about the noted files that are missing or altered, except for those in `told`."""
    for name, fingerprint in noted.items():
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts:
            yield f"{MANIFEST} was altered: it names a file outside the study's folder"
        elif not (folder / name).is_file():
            yield f"{name} is missing"
        elif name != RESULTS and name not in told and hash_file(folder / name) != fingerprint:
            yield f"{name} was altered since it was written"


def _of_results(study: Study, noted: dict[str, str], sure: bool) -> Iterator[str]:
    """Complaints about results; `sure` is true if the manifest is as written."""
    file = study.folder / RESULTS
    if not file.is_file():
        if RESULTS not in noted:
            yield f"{RESULTS} is missing"
        return
    as_noted = noted.get(RESULTS) == hash_file(file)
    try:
        if sure and as_noted and pq.read_metadata(file).num_rows > RECOUNTED:
            return
        found = fingerprint_of(file)
    except (ValueError, OSError, LookupError):
        yield f"{RESULTS} was altered: it cannot be read"
        return
    if found != study.manifest["digest"]:
        yield f"{RESULTS} was altered: its digest is not the one in the manifest"
    elif RESULTS in noted and not as_noted:
        yield f"{RESULTS} was altered since it was written, though every result in it is the same"


def fingerprint_of(file: Path) -> str:
    """Digest of results in a file of runs (Q-D1), read in chunks; a cell's rows stand together."""
    source = pq.ParquetFile(file)
    none = pd.DataFrame(columns=source.schema_arrow.names)
    by_cell: dict[str, str] = {}
    held = none
    for number in range(source.num_row_groups):
        rows = source.read_row_group(number).to_pandas()
        rows = pd.concat([held, rows], ignore_index=True) if len(held) else rows
        last = rows["cell"].iloc[-1] if len(rows) else None
        held = rows[rows["cell"] == last]
        by_cell |= _by_cell(rows[rows["cell"] != last])
    return digest_of_cells(digest_columns(none), by_cell | _by_cell(held))


def _by_cell(rows: Any) -> dict[str, str]:
    ordered = rows.sort_values("replication", kind="stable") if len(rows) else rows
    return {str(cell): cell_digest(digested(own)) for cell, own in ordered.groupby("cell", sort=False)}
