"""Workers' results kept by task: a small Parquet file each, written whole or not at all (Q-C2)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.core.errors import InputError
from sim.study.files.store import replacing
from sim.study.running.worker import Rows

FOLDER = "parts"
MOST_PIECES = 10_000
"""Maximum rows of a part: one for each piece of a task, some hundred."""


def write_part(folder: Path, task: int, results: Sequence[Rows], origin: int) -> None:
    """Write the results of a task; `origin` is the number of the program version that made them."""
    columns = {name: [getattr(rows, name) for rows in results] for name in Rows._fields}
    table = pa.table({name: pa.array(values, _type(name)) for name, values in columns.items()})
    table = table.replace_schema_metadata({"origin": str(origin)})
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    with replacing(place / f"{task:07d}.parquet") as draft:
        pq.write_table(table, draft)


def _type(name: str) -> object:
    if name in ("values", "levels"):
        return pa.large_binary()
    if name in ("ended", "series"):
        return pa.list_(pa.string())
    return pa.string() if name == "error" else pa.int64()


def numbers(folder: Path) -> list[int]:
    """Numbers of tasks kept, ascending."""
    return sorted(int(file.stem) for file in (folder / FOLDER).glob("[0-9]*.parquet"))


def read_part(folder: Path, task: int) -> tuple[list[Rows], int]:
    """Results of a task, and the number of the program version that made them. Raises InputError if altered."""
    file = folder / FOLDER / f"{task:07d}.parquet"
    try:
        if pq.read_metadata(file).num_rows > MOST_PIECES:
            raise ValueError("more rows than a task has")
        table = pq.read_table(file)
        results = [
            Rows(**{**line, "ended": tuple(line["ended"]), "series": tuple(line["series"])})
            for line in table.to_pylist()
        ]
        return results, int(table.schema.metadata[b"origin"])
    except (ValueError, TypeError, LookupError, OSError) as error:
        raise InputError(
            f"{FOLDER}/{file.name} of the study '{folder.name}' was cut or altered: remove it, and its histories are "
            "simulated again"
        ) from error


def by_cell(folder: Path) -> Iterator[tuple[int, list[tuple[Rows, int]]]]:
    """All results by cell: cell number, and rows with origin. Tasks are in order of cells."""
    number, held = -1, list[tuple[Rows, int]]()
    for task in numbers(folder):
        results, origin = read_part(folder, task)
        for rows in results:
            if rows.cell != number and held:
                yield number, held
                held = []
            number = rows.cell
            held.append((rows, origin))
    if held:
        yield number, held


def forget(folder: Path, task: int) -> None:
    """Delete the results of a task."""
    (folder / FOLDER / f"{task:07d}.parquet").unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Delete all parts, once the tables hold their results."""
    for task in numbers(folder):
        forget(folder, task)
    if (folder / FOLDER).is_dir():
        for draft in (folder / FOLDER).iterdir():
            draft.unlink()
        (folder / FOLDER).rmdir()
