"""What a table of a study may hold at most, by what its manifest says: known before the table is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.study.tables import READ_MONTHS

SERIES = 500
"""Monthly series of a history at most: the largest partnerships have some forty."""
FACTS = 20_000
"""Facts of a history at most: ten years of four councils have about a thousand."""
TOLD = 10
"""Cells of which histories are told in full, at most."""
DESIGN = 1_000_000
"""Rows of a sample at most: ten times the cells that a sweep may have."""
UNPACKED = 1_000_000_000
"""Bytes of values from which on a table must have a size that goes with them."""
PACKED = 1_000
"""How many times larger than their file the values of such a table may be."""


def overgrown(file: Path, manifest: Mapping[str, Any]) -> str | None:
    """What is wrong with a table that would unpack to more than its study can hold; None where nothing is.

    Only the table's own account of its rows is read. Raises ValueError or OSError where there is none.
    """
    import pyarrow.parquet as pq

    told = pq.read_metadata(file)
    rows, most = int(told.num_rows), most_rows(file.stem, manifest)
    if rows > most:
        return f"{file.name} was altered: it holds {rows:,} rows, and the study can have {most:,} at most"
    values = 8 * rows * int(told.num_columns)
    if values > max(UNPACKED, PACKED * file.stat().st_size):
        return f"{file.name} was altered: it would unpack to more than {values // 1_000_000_000:,} GB"
    return None


def most_rows(name: str, manifest: Mapping[str, Any]) -> int:
    """Rows of a table at most."""
    run, cells = manifest["study"], len(manifest["cells"])
    each = run.get("auto_most", 0) if run["replications"] == "auto" else run["replications"]
    most = {
        "runs": cells * each,
        "trajectories": cells * SERIES * (run.get("horizon_months", 120) + 1),
        "readings": cells * each * SERIES * (len(READ_MONTHS) + 1),
        "events": TOLD * FACTS * run.get("events", 1000),
        "cells": cells,
        "design": DESIGN,
    }
    return int(most[name])
