"""The crash-safe study folder: places of results and the writing of files.

Every file is written beside its place under another name, flushed to the disk and renamed, so that a reader
at any moment sees the old file or the new one (Q-C2). Nothing written names a user, a machine or an absolute
path. Tables arrive here as bytes or rows: this module knows only the standard library.
"""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from sim.core.errors import DiskError, InputError, of_disk, reason

SCHEMA = 2
MANIFEST = "manifest.json"
MOST_MANIFEST = 200_000_000
"""Maximum size of a manifest in bytes: three times that of the largest sweep, of 100,000 cells."""
_MOST_LEVELS = 40
_TOO_DEEP = "it is nested too deeply, so it was altered"
SEAL = "seal"
"""Manifest key for the fingerprint of the rest of it."""
LOCK = ".lock"
ASSURANCE = (
    "Illustrative, not a forecast. Checked by this project's own tests; not independently reviewed. "
    "Most quantities are assumptions with wide ranges: read the ranges, not the middle."
)


def new_folder(root: Path, name: str, now: datetime | None = None) -> Path:
    """Create `root/<date>_<time>_<name>/`, always a new folder. Raises InputError if that fails."""
    stamp = (now or datetime.now()).strftime("%Y-%m-%d_%H%M%S")
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:64].strip("-") or "study"
    made_folder(root, "results ")
    try:
        return _first_free(root, f"{stamp}_{safe}")
    except OSError as error:
        raise unwritable(f"cannot write results to the folder '{root}'", error) from error


def made_folder(folder: Path, what: str = "") -> Path:
    """The folder, created with its parents if missing. Raises InputError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        lost = next((place for place in (folder, *folder.parents) if place.is_symlink() and not place.exists()), None)
        what_it_is = "a file" if lost is None else "a link to a place that is not there"
        which = "it" if lost in (None, folder) else f"'{lost}'"
        raise InputError(f"cannot write {what}to the folder '{folder}': {which} is {what_it_is}") from error
    except OSError as error:
        raise unwritable(f"cannot write {what}to the folder '{folder}'", error) from error
    return folder


def _first_free(root: Path, name: str) -> Path:
    for number in range(1, 10_000):
        folder = root / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            continue
    raise OSError(f"too many folders called {name}")


def unwritable(sentence: str, error: OSError) -> InputError:
    """Error for a failed write: DiskError if the disk is full or broken, else InputError."""
    kind = DiskError if of_disk(error) else InputError
    return kind(f"{sentence}: {reason(error)}")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Context manager for a path to write: on success it replaces `path` in one step, on failure it is removed.

    Raises InputError naming the file when it cannot be written, DiskError when the disk is full or broken.
    """
    draft = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield draft
        _flush(draft)
        draft.replace(path)
        _flush(path.parent)
    except OSError as error:
        raise unwritable(f"cannot write '{path.parent.name}/{path.name}'", error) from error
    finally:
        draft.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step, so that a reader sees old or new content but never a part."""
    with replacing(path) as draft:
        draft.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write text in one step, in UTF-8 with plain line ends."""
    write_bytes(path, content.encode())


def as_json(content: Any) -> str:
    """Content as readable JSON; NaN is refused."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, content: Any) -> None:
    """Write content as JSON in one step."""
    write_text(path, as_json(content))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table in one step; nulls are empty, and text that a spreadsheet would run is neutralised."""
    write_text(path, csv_text([columns, *rows]))


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_csv_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _csv_cell(value: object) -> object:
    """Value as CSV text, with a bare carriage return, which some readers take for a row's end, as a line break."""
    if isinstance(value, str):
        safe = f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
        return safe.replace("\r\n", "\n").replace("\r", "\n")
    return "" if value is None or value != value else value


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Lock a study folder for one writer. Raises InputError if another process holds it; a killed one releases it."""
    handle = os.open(folder, os.O_RDONLY) if os.name == "posix" else os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        _lock(handle)
        yield
    except BlockingIOError as error:
        raise InputError(
            f"the study '{folder.name}' is being written by another run: wait for it, or stop it"
        ) from error
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    import msvcrt

    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError as error:
        raise BlockingIOError(*error.args) from error


def canonical(value: Any) -> str:
    """Canonical JSON of content, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(value: Any) -> str:
    """SHA-256 of content made of plain values."""
    return hash_bytes(canonical(value).encode())


def hash_bytes(content: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def digest(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Fingerprint of results (Q-D1): SHA-256 over rows that begin with cell id and replication.

    Rows are sorted by those two, floats are written as hexadecimal, None and NaN as null; nothing that
    depends on time, place, worker or job takes part.
    """
    by_cell = groupby(sorted(rows, key=lambda row: (row[0], row[1])), key=lambda row: row[0])
    return digest_of_cells(columns, {str(cell): cell_digest(own) for cell, own in by_cell})


def cell_digest(rows: Iterable[Sequence[object]]) -> str:
    """Fingerprint of one cell's rows, in order of replications."""
    columns = [_digest_texts(column) for column in zip(*rows, strict=True)]
    return hash_bytes("".join(["\t".join(line) + "\n" for line in zip(*columns, strict=True)]).encode())


def digest_of_cells(columns: Sequence[str], by_cell: Mapping[str, str]) -> str:
    """Fingerprint of results from the fingerprints of their cells."""
    lines = ["\t".join(columns), *(f"{cell}\t{by_cell[cell]}" for cell in sorted(by_cell))]
    return hash_bytes("\n".join(lines).encode())


def _digest_texts(column: Sequence[object]) -> list[str]:
    """One column as text for a fingerprint; most columns hold only floats."""
    if set(map(type, column)) == {float}:
        return ["null" if text == "nan" else text for text in map(float.hex, cast("Sequence[float]", column))]
    return [_digest_text(value) for value in column]


def _digest_text(value: object) -> str:
    if isinstance(value, float):
        return value.hex() if value == value else "null"
    return json.dumps(value)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal_of(manifest: Mapping[str, Any]) -> str:
    """Fingerprint of a manifest without its seal."""
    return hash_of({key: value for key, value in manifest.items() if key != SEAL})


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a folder's manifest: schema version first, then content, then the seal over all of it."""
    content = {"schema": SCHEMA, **{key: value for key, value in manifest.items() if key != SEAL}}
    write_text(folder / MANIFEST, as_json({**content, SEAL: seal_of(content)}))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a study folder. Raises InputError if it is missing or this version cannot read it."""
    file = folder / MANIFEST
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= MOST_MANIFEST else b""
    except OSError as error:
        raise InputError(f"'{folder}' is not a study folder: it has no {MANIFEST}") from error
    if size > MOST_MANIFEST:
        raise InputError(f"the manifest of '{folder}' is larger than {MOST_MANIFEST // 1_000_000} MB, as no study's is")
    try:
        manifest = _parsed(content)
    except ValueError as error:
        raise InputError(f"the manifest of '{folder}' cannot be read: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise InputError(f"the manifest of '{folder}' is not of schema {SCHEMA}, the one this version reads")
    return manifest


def _parsed(content: bytes) -> Any:
    """Manifest parsed from JSON. Raises ValueError with a plain reason."""
    if not content.strip():
        raise ValueError("the file is empty")
    try:
        found = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is no text, so it was cut or altered or is no manifest") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is not what was written, so it was cut or altered") from None
    except ValueError:
        raise ValueError("it holds a number with too many digits, so it was altered") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if _levels(found) > _MOST_LEVELS:
        raise ValueError(_TOO_DEEP)
    return found


def _levels(content: Any) -> int:
    """Nesting depth of lists and mappings, counted up to the allowed maximum."""
    count, level = 0, [content] if isinstance(content, dict | list) else []
    while level and count <= _MOST_LEVELS:
        inner = [value for each in level for value in (each.values() if isinstance(each, dict) else each)]
        level = [value for value in inner if isinstance(value, dict | list)]
        count += 1
    return count
