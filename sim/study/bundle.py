"""A study packed into one reproducible file (byte for byte the same), and the opening of such a file.

Entries are in the order given, dated 1980 (a zip file has no earlier date), compressed alike and without an owner.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from sim.core.errors import InputError, of_disk
from sim.plans.strict.reader import read_bytes
from sim.study.files.noting import TABLES, TEXTS
from sim.study.files.store import MANIFEST, MOST_MANIFEST, csv_text, replacing, unwritable
from sim.study.files.stored_tables import WORDS
from sim.study.study import Study
from sim.study.tables import parquet

DATED = (1980, 1, 1, 0, 0, 0)
NEEDED = (MANIFEST, "cells.parquet", "design.parquet", "runs.parquet")
"""Files extracted from a bundle to reproduce its results."""
PACKED = 100
"""Maximum compression ratio of an entry above a megabyte; a manifest compresses about sixteenfold."""
LARGEST = 2_000_000_000
"""Maximum unpacked bytes of one entry of a bundle, to refuse decompression bombs."""
ROWS = 20_000
"""Number of table rows converted to text at once, some megabytes."""
ANSWERS = "answers"
FIGURES = "figures"
REPORT = "report.html"


class Entry(NamedTuple):
    """One file of a bundle: its name and its content, piece by piece."""

    name: str
    pieces: Iterable[bytes]


def pack(path: Path, entries: Iterable[Entry]) -> None:
    """Write a bundle, replacing the file in one step. Raises InputError if the disk refuses."""
    with replacing(path) as draft, zipfile.ZipFile(draft, "w") as bundle:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, DATED)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            with bundle.open(info, "w", force_zip64=True) as target:
                for piece in entry.pieces:
                    target.write(piece)


def files_of(study: Study) -> list[str]:
    """Files of a study folder that belong to the study, in a fixed order; other files are left out."""
    folder = study.folder
    names = [MANIFEST, *TABLES, *TEXTS, REPORT]
    figures = sorted(f"{FIGURES}/{file.name}" for file in (folder / FIGURES).glob("*.svg"))
    answers = sorted(
        f"{ANSWERS}/{file.name}" for kind in ("csv", "md") for file in (folder / ANSWERS).glob(f"*.{kind}")
    )
    own = [folder / name for name in (*names, *figures, *answers)]
    return [file.relative_to(folder).as_posix() for file in own if file.is_file() and not file.is_symlink()]


def content(file: Path) -> Iterator[bytes]:
    """A file's content, piece by piece."""
    with file.open("rb") as source:
        while piece := source.read(1 << 20):
            yield piece


def as_csv(file: Path) -> Iterator[bytes]:
    """A Parquet table as CSV, formula-safe as store.write_csv makes it, numbers in full, piece by piece.

    Raises InputError where it cannot be read.
    """
    try:
        source = pq.ParquetFile(file)
        yield csv_text([source.schema_arrow.names]).encode()
        for batch in source.iter_batches(ROWS):
            yield csv_text(zip(*(column.to_pylist() for column in batch.columns), strict=True)).encode()
    except (ValueError, OSError) as error:
        raise InputError(f"{file.name} cannot be read: it was cut or altered") from error


def as_parquet(text: str) -> bytes:
    """A CSV table as Parquet, columns of numbers as numbers."""
    return parquet(pd.read_csv(io.StringIO(text), low_memory=False, dtype=WORDS))


@contextmanager
def opened(source: Path) -> Iterator[Study]:
    """The study in a folder, manifest or bundle; from a bundle only files needed to reproduce results.

    Raises InputError where it is none of these.
    """
    if source.is_dir():
        yield Study.load(source)
    elif zipfile.is_zipfile(source):
        with TemporaryDirectory(prefix="tandem-") as place:
            _unpack(source, Path(place))
            yield _study(Path(place), source)
    elif source.name == MANIFEST:
        yield Study.load(source.parent)
    elif source.is_file():
        with TemporaryDirectory(prefix="tandem-") as place:
            (Path(place) / MANIFEST).write_bytes(_manifest(source))
            yield _study(Path(place), source)
    else:
        raise InputError(f"there is no '{source}': name a {MANIFEST}, a study's folder or a bundle")


def _study(place: Path, source: Path) -> Study:
    """Study in a temporary folder, named after its origin if it is refused."""
    try:
        return Study.load(place)
    except InputError as error:
        raise InputError(str(error).replace(str(place), source.name)) from error


def _manifest(source: Path) -> bytes:
    """Manifest in a file that is not a bundle. Raises InputError for a truncated bundle or too large a file."""
    data = read_bytes(source, MOST_MANIFEST, f"{MOST_MANIFEST // 1_000_000} MB, as no manifest is")
    if data.startswith(b"PK"):
        raise InputError(f"'{source.name}' cannot be opened: it is the beginning of a bundle whose end is missing")
    return data


def _unpack(source: Path, place: Path) -> None:
    """Extract the needed files from a bundle, and no others."""
    try:
        with zipfile.ZipFile(source) as bundle:
            for info in _needed(bundle, source):
                with bundle.open(info) as packed, (place / info.filename).open("wb") as target:
                    copyfileobj(packed, target, 1 << 20)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, OSError) and of_disk(error):
            raise unwritable(f"'{source.name}' cannot be unpacked", error) from error
        raise InputError(f"'{source.name}' cannot be opened: it was cut or altered") from error
    if not (place / MANIFEST).is_file():
        raise InputError(f"'{source.name}' is no bundle of a study: it holds no {MANIFEST}")


def _needed(bundle: zipfile.ZipFile, source: Path) -> list[zipfile.ZipInfo]:
    """Entries to extract. Raises InputError if one would unpack to more than a study's file may hold."""
    found = [info for info in bundle.infolist() if info.filename in NEEDED]
    for info in found:
        packed = min(info.compress_size, source.stat().st_size)
        most = MOST_MANIFEST if info.filename == MANIFEST else LARGEST
        if info.file_size > most or info.file_size > max(1_000_000, PACKED * packed):
            size = f"{info.file_size / 1_000_000:,.1f} MB"
            raise InputError(
                f"'{source.name}' is no bundle of a study: {info.filename} would be too large, {size} unpacked"
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputError(f"'{source.name}' is no bundle of a study: its {info.filename} is packed in another way")
    names = [info.filename for info in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(f"'{source.name}' was altered: it holds {twice} twice")
    return found
