"""Tables made from results, and the digest of a table of runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.core.history import Event
from sim.engine.outcomes import OUTCOMES
from sim.study.design.cells import Cell
from sim.study.files.store import digest

RUNS = ("cell", "label", "scenario", "replication", *OUTCOMES, "ended_by")
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
TRAJECTORIES = ("cell", "label", "scenario", "month", "series", "mean", *QUANTILES, "n")
READINGS = ("cell", "label", "scenario", "replication", "month", "series", "value")
READ_MONTHS = (6, 12, 18, 24, 36, 60, 120)
"""Months, besides the horizon, at which every history's levels are kept: early ones for prediction, milestones."""
SAMPLED_BY = ("cumulative_net_saving_y10_gbp_m", "npv_gbp_m")
"""Outcomes that rank histories to choose those recorded in full: the first with values counts."""
EVENTS = ("cell", "label", "replication", "month", "entity", "kind", "cause", "value")


def digest_of(runs: pd.DataFrame) -> str:
    """Fingerprint of a table of runs (Q-D1); labels, order and origin are left out."""
    return digest(digest_columns(runs), digested(runs))


def digest_columns(runs: pd.DataFrame) -> list[str]:
    """Columns covered by a fingerprint, in its order."""
    return ["cell", "replication", *(name for name in runs.columns if name not in (*RUNS[:4], "origin"))]


def digested(runs: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Rows covered by a fingerprint."""
    return zip(*[runs[name].tolist() for name in digest_columns(runs)], strict=True)


def spread(cell: Cell, series: Sequence[str], levels: NDArray[np.float64]) -> pd.DataFrame:
    """Mean and quantiles over replications by month and series, from `levels` by replication, series, month."""
    months = levels.shape[2]
    return pd.DataFrame(
        {
            "cell": cell.id,
            "label": cell.label,
            "scenario": cell.scenario,
            "month": np.tile(np.arange(months), len(series)),
            "series": np.repeat(list(series), months),
            **moments(levels.reshape(len(levels), -1)),
        }
    )


class Readings(NamedTuple):
    """Levels of one cell's histories at selected months: `levels` by replication, series, month."""

    replications: Sequence[int]
    series: Sequence[str]
    months: Sequence[int]
    levels: NDArray[np.float64]


def readings_of(replications: Sequence[int], series: Sequence[str], levels: NDArray[np.float64]) -> Readings:
    """Levels of every history at READ_MONTHS and the horizon."""
    last = levels.shape[2] - 1
    months = [month for month in sorted({*READ_MONTHS, last}) if month <= last]
    return Readings(replications, series, months, levels[:, :, months])


def readings_table(cell: Cell, read: Readings) -> pd.DataFrame:
    """Levels with one row for each history, month and series."""
    histories, series, months = len(read.replications), len(read.series), len(read.months)
    return pd.DataFrame(
        {
            "cell": cell.id,
            "label": cell.label,
            "scenario": cell.scenario,
            "replication": np.repeat(np.asarray(read.replications, dtype=np.int64), series * months),
            "month": np.tile(np.asarray(read.months, dtype=np.int64), histories * series),
            "series": np.tile(np.repeat(list(read.series), months), histories),
            "value": read.levels.reshape(-1),
        }
    )


def moments(values: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """Mean, linear quantiles and count of each column without NaN; one sort gives all quantiles."""
    ordered = np.sort(values, axis=0)
    n = np.count_nonzero(~np.isnan(values), axis=0)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(values, axis=0) / np.where(n, n, np.nan)
    return {"mean": mean, **{name: _quantile(ordered, n, q) for name, q in QUANTILES.items()}, "n": n}


def _quantile(ordered: NDArray[np.float64], n: NDArray[np.int64], q: float) -> NDArray[np.float64]:
    place = q * np.maximum(n - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(n - 1, 0))
    low = np.take_along_axis(ordered, below[None, :], axis=0)[0]
    high = np.take_along_axis(ordered, above[None, :], axis=0)[0]
    mixed: NDArray[np.float64] = low + (high - low) * (place - below)
    return mixed


def events_table(samples: Iterable[tuple[Cell, int, Sequence[Event]]]) -> pd.DataFrame:
    """Events of the sampled histories, in the order given."""
    rows = [(cell.id, cell.label, n, *event[:5]) for cell, n, events in samples for event in events]
    table = pd.DataFrame(rows, columns=list(EVENTS))
    types = {"replication": "int64", "month": "float64", "value": "float64"}
    return table.astype({name: types.get(name, "str") for name in EVENTS})


def cells_table(cells: Sequence[Cell], statuses: Sequence[str]) -> pd.DataFrame:
    """One row for each cell: id, label, scenario, status, then varied values by full key."""
    keys = list(cells[0].varied) if cells else []
    columns = zip(*[map(cell.varied.get, keys) for cell in cells], strict=True)
    return pd.DataFrame(
        {
            "cell": [cell.id for cell in cells],
            "label": [cell.label for cell in cells],
            "scenario": [cell.scenario for cell in cells],
            "status": list(statuses),
            **{key: _plain(values) for key, values in zip(keys, columns, strict=True)},
        }
    )


def rows_table(rows: Sequence[tuple[int, str, str]]) -> pd.DataFrame:
    """Rows of a sample with the cell of each, for each base plan."""
    return pd.DataFrame(rows, columns=["row", "cell", "scenario"])


def _plain(values: Sequence[Any]) -> Sequence[Any]:
    """Values unchanged if one column can hold them, else as text."""
    kinds = {_kind(kind) for kind in set(map(type, values)) - {NoneType}}
    return list(values) if len(kinds) <= 1 else [None if value is None else str(value) for value in values]


def _kind(kind: type) -> type:
    """Type of a column for the given values."""
    if kind is bool:
        return bool
    return float if issubclass(kind, int | float) else str


def sample(values: Mapping[int, float | None], count: int) -> dict[int, str]:
    """Histories to record in full: replication and reason.

    The one whose value is the median ('typical'), then the 5th percentile ('unlucky') and the 95th
    ('lucky'), then others in their order. Null counts as the lowest; equal values are taken by number.
    """
    ranked = sorted(values, key=lambda n: (_or_lowest(values[n]), n))
    chosen: dict[int, str] = {}
    for reason, q in (("typical", 0.5), ("unlucky", 0.05), ("lucky", 0.95)):
        place = round(q * (len(ranked) - 1))
        free = [rank for rank in range(len(ranked)) if ranked[rank] not in chosen]
        if free and len(chosen) < count:
            chosen[ranked[min(free, key=lambda rank: (abs(rank - place), rank))]] = reason
    for n in sorted(values):
        if len(chosen) < count:
            chosen.setdefault(n, "another")
    return chosen


def _or_lowest(value: float | None) -> float:
    return float("-inf") if value is None or value != value else value


def parquet(table: pd.DataFrame) -> bytes:
    """The table as the content of a Parquet file; NaN becomes null."""
    buffer = BytesIO()
    table.to_parquet(buffer, engine="pyarrow", index=False)
    return buffer.getvalue()
