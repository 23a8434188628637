"""Fingerprints in a manifest: one for every table, text and figure of the study.

What answers later questions (`answers/` and the figures and reports made with it) comes and goes, can be made again
from the tables, and is not noted.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.study.files.store import hash_file, write_manifest

NOTED = "files"
"""Manifest key for the files' fingerprints."""
TABLES = tuple(f"{name}.parquet" for name in ("runs", "trajectories", "readings", "events", "cells", "design"))
"""Names of the tables of a study folder; some studies lack some."""
TEXTS = ("comparison.csv", "summary.md")
"""Files made from the tables at the end of a study, except figures."""


def begin(folder: Path, manifest: dict[str, Any]) -> None:
    """Clear the fingerprints before tables are written, so that a stopped study does not look altered."""
    if manifest.pop(NOTED, None) is not None:
        write_manifest(folder, manifest)


def tables(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest with the fingerprints of tables just written, and of nothing else."""
    manifest[NOTED] = {}
    _note(folder, manifest, TABLES)


def rest(folder: Path, manifest: dict[str, Any], figures: Iterable[str]) -> None:
    """Write the manifest with fingerprints of texts and these figures; tables keep theirs.

    Adds nothing to a study by a version that stored no fingerprints of tables.
    """
    if NOTED in manifest:
        _note(folder, manifest, [*TEXTS, *(f"figures/{name}.svg" for name in figures)])


def _note(folder: Path, manifest: dict[str, Any], names: Iterable[str]) -> None:
    manifest[NOTED] |= {name: hash_file(folder / name) for name in names if (folder / name).is_file()}
    write_manifest(folder, manifest)
