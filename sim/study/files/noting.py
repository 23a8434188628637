"""What a manifest notes of the files beside it: the fingerprint of every table, text and figure of a study.

What answers later questions (`answers/` and the figures and reports made with it) comes and goes, can be made again
from the tables, and is not noted.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.study.files.store import hash_file, write_manifest

NOTED = "files"
"""Where a manifest keeps the fingerprints of the files."""
TABLES = tuple(f"{name}.parquet" for name in ("runs", "trajectories", "readings", "events", "cells", "design"))
"""The tables of a study folder; not every study has all."""
TEXTS = ("comparison.csv", "summary.md")
"""What is made from the tables at the end of a study, figures apart."""


def begin(folder: Path, manifest: dict[str, Any]) -> None:
    """Take back what is noted, before the tables are written: a stopped study must not look like an altered one."""
    if manifest.pop(NOTED, None) is not None:
        write_manifest(folder, manifest)


def tables(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest with the fingerprint of every table that was just written, and of nothing else."""
    manifest[NOTED] = {}
    _note(folder, manifest, TABLES)


def rest(folder: Path, manifest: dict[str, Any], figures: Iterable[str]) -> None:
    """Write the manifest with those of the texts and these figures too; tables keep theirs, whatever became of them.

    Nothing is noted in a study of a version that noted nothing of its tables.
    """
    if NOTED in manifest:
        _note(folder, manifest, [*TEXTS, *(f"figures/{name}.svg" for name in figures)])


def _note(folder: Path, manifest: dict[str, Any], names: Iterable[str]) -> None:
    manifest[NOTED] |= {name: hash_file(folder / name) for name in names if (folder / name).is_file()}
    write_manifest(folder, manifest)
