"""Strict reading of a study folder's tables: missing, oversized or altered ones are refused."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from pandas.api.types import is_numeric_dtype

from sim.core.errors import InputError
from sim.engine.outcomes import OUTCOMES
from sim.study.tables import READ_MONTHS

SERIES = 500
"""Maximum number of monthly series of a history; the largest partnerships have some forty."""
FACTS = 20_000
"""Maximum number of events of a history; ten years of four councils have about a thousand."""
TOLD = 10
"""Maximum number of cells with histories recorded in full."""
DESIGN = 1_000_000
"""Maximum number of rows of a sample: ten times a sweep's cells."""
UNPACKED = 1_000_000_000
"""Bytes of values above which a table's file must have a matching size."""
PACKED = 1_000
"""Maximum ratio of values to file size for such a table."""
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
WORDS = dict.fromkeys(("cell", "reference_cell", "label", "scenario"), "str")
"""Columns of a CSV table that are text even where it looks like a number, as an id of digits alone does."""
_COMPARED = {"mean_difference", "half_width", "p_better", "variance_ratio", "n"}
"""Numeric columns of comparison.csv."""


_NO_READINGS = "kept no readings of single histories: run it again"
_NO_SAMPLE = "has no sample: make one with tandem sweep design=sobol, lhs, morris or one_at_a_time"


def stored_table(folder: Path, manifest: Mapping[str, Any], name: str) -> pd.DataFrame:
    """A table of a study folder. Raises InputError if it is missing or not as written."""
    study = f"the study '{folder.name}'"
    if name == "comparison":
        return _comparison(folder, manifest)
    file = folder / f"{name}.parquet"
    if not file.is_file():
        lacks = {"readings": f" {_NO_READINGS}", "design": f" {_NO_SAMPLE}"}
        raise InputError(study + lacks.get(name, f" was stopped before its end: no {file.name}"))
    altered = f"{file.name} of {study} was altered"
    try:
        grown = overgrown(file, manifest)
        if grown:
            raise InputError(f"{study} cannot be read: {grown}")
        table = pd.read_parquet(file)
    except InputError:
        raise
    except (ValueError, OSError) as error:
        raise InputError(f"{altered}: it cannot be read") from error
    if not _as_written(name, table, {entry["cell"] for entry in manifest["cells"]}):
        raise InputError(f"{altered}: it is no longer the table that was written")
    if name == "readings" and table.empty:
        raise InputError(f"{study} kept no monthly figures: run it with study.trajectories=all")
    return table


def _comparison(folder: Path, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Table of comparison.csv, with labels as in the manifest."""
    file, labels = folder / "comparison.csv", {entry["cell"]: entry["label"] for entry in manifest["cells"]}
    if not file.is_file():
        raise InputError(f"the study '{folder.name}' has no comparison.csv")
    try:
        table = pd.read_csv(file, dtype=WORDS)
        for name in _COMPARED & {*table.columns}:
            table[name] = pd.to_numeric(table[name])
        return table.assign(label=table["cell"].map(labels).fillna(table["label"]))
    except (ValueError, LookupError, OSError) as error:
        raise InputError(f"comparison.csv of the study '{folder.name}' was altered: it cannot be read") from error


def overgrown(file: Path, manifest: Mapping[str, Any]) -> str | None:
    """Reason why a table exceeds its study's limits when unpacked, or None.

    Reads only the number of rows in the table's metadata. Raises ValueError or OSError if there is none.
    """
    told = pq.read_metadata(file)
    rows, most = int(told.num_rows), most_rows(file.stem, manifest)
    if rows > most:
        return f"{file.name} was altered: it holds {rows:,} rows, and the study can have {most:,} at most"
    values = 8 * rows * int(told.num_columns)
    if values > max(UNPACKED, PACKED * file.stat().st_size):
        return f"{file.name} was altered: it would unpack to more than {values // 1_000_000_000:,} GB"
    return None


def most_rows(name: str, manifest: Mapping[str, Any]) -> int:
    """Maximum number of rows of a table."""
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


def _as_written(name: str, table: pd.DataFrame, cells: Collection[str]) -> bool:
    """True if a table has the expected columns and types, and only the study's cells."""
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
