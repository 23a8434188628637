"""Export of a study: as one bundle or CSV tables; and its reproduction from a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import UndefinedError

from sim.core.errors import InputError, suggestion
from sim.study.bundle import Entry, as_csv, as_parquet, content, files_of, opened, pack
from sim.study.files.store import as_json, made_folder, replacing
from sim.study.integrity import complaints
from sim.study.reproducing import reproduce as made_again
from sim.study.study import Study
from sim.surfaces.api.studies import conclude
from sim.words.documents import export_readme

if TYPE_CHECKING:
    from sim.study.reproducing import Reproduction
    from sim.study.study import Study

FORMATS = ("csv", "parquet")
"""File formats in which tables can be exported."""

Progress = Callable[[int, int], None]


def export(study: Study, path: Path, tables: Sequence[str] = FORMATS, force: bool = False) -> list[str]:
    """Pack a study into a byte-identical bundle and return complaints about missing or altered files.

    Holds full settings, manifest, results, logs, every table in the requested formats, and a README that explains
    the files and begins with the complaints. Raises InputError for a path that exists (unless `force`), is a folder or
    does not end in .zip, and for an unknown format.
    """
    _check(tables)
    place = Path(path)
    if place.suffix.lower() != ".zip":
        raise InputError(f"'{place.name}' is no bundle's name: it should end in .zip")
    _free(place, force)
    found = complaints(study)
    try:
        pack(place, _entries(study, found, tables))
    except InputError:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, UndefinedError) as error:
        raise InputError(f"the manifest of '{study.folder}' was altered: it says too little to export") from error
    return found


def export_csv(study: Study, folder: Path, force: bool = False) -> list[str]:
    """Write every table and log of a study as CSV to a folder; returns the file names.

    Altered tables are left out.
    """
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise InputError(f"'{place}' is a file, and a folder is wanted")
    if place.is_dir() and any(place.iterdir()) and not force:
        raise InputError(f"the folder '{place}' is not empty: name another, or add --force to write into it")
    if place.resolve().is_relative_to(study.folder.resolve()):
        raise InputError(f"'{place}' lies in the study's own folder: name another")
    written = []
    for entry in _csv(study, complaints(study)):
        file = place / Path(entry.name).name
        made_folder(file.parent)
        with replacing(file) as draft, draft.open("wb") as target:
            for piece in entry.pieces:
                target.write(piece)
        written.append(file.name)
    return written


def reproduce(source: Path | str, root: Path | None = None, progress: Progress | None = None) -> Reproduction:
    """Reproduce a study from a manifest, a study folder or a bundle, and compare the results.

    With `root`, the complete new study is saved there.
    """
    with opened(Path(source)) as study:
        found = made_again(study, root, progress)
    if found.folder is not None:
        conclude(Study.load(found.folder))
    return found


def _check(tables: Sequence[str]) -> None:
    for name in tables:
        if name not in FORMATS:
            raise InputError(f"tables cannot be exported as '{name}'{suggestion(name, FORMATS)}")
    if not tables:
        raise InputError(f"say what tables are exported as: {', '.join(FORMATS)}")


def _free(place: Path, force: bool) -> None:
    if place.is_dir():
        raise InputError(f"'{place}' is a folder: name a file that ends in .zip")
    if place.exists() and not force:
        raise InputError(f"'{place}' exists: name another file, or add --force to write over it")
    made_folder(place.parent)


def _entries(study: Study, complaints: Sequence[str], tables: Sequence[str]) -> Iterator[Entry]:
    body = list(_body(study, complaints, tables))
    names = [entry.name for entry in body]
    yield Entry("README.txt", [export_readme.readme(study, complaints, names).encode()])
    yield from body


def _body(study: Study, complaints: Sequence[str], tables: Sequence[str]) -> Iterator[Entry]:
    """All files of a bundle except the README: the study's own, settings, logs, tables in other formats."""
    needed = ["cells.parquet", "design.parquet"] if study.sampled else []
    own = [name for name in files_of(study) if _wanted(name, tables) or name in needed]
    for name in own:
        yield Entry(name, content(study.folder / name))
    for number, base in enumerate(study.bases, 1):
        yield Entry(f"settings/{number}_{base.scenario.name}.json", [as_json(base.model_dump(mode="json")).encode()])
    for name, log in export_readme.logs(study).items():
        text = export_readme.log_csv(log)
        yield Entry(f"logs/{name}.csv", [text])
        if "parquet" in tables:
            yield Entry(f"parquet/logs_{name}.parquet", [as_parquet(text.decode())])
    if "csv" in tables:
        yield from _csv(study, complaints, logs=False)
    if "parquet" in tables:
        yield from _other_parquet(study, complaints)


def _wanted(name: str, tables: Sequence[str]) -> bool:
    """True if a file of the study is exported: tables only in the requested formats, other files always."""
    form = name.rpartition(".")[2]
    return form not in FORMATS or form in tables


def _sound(study: Study, complaints: Sequence[str], form: str) -> list[str]:
    """A study's unaltered tables in one format; altered ones are not converted."""
    altered = {complaint.partition(" ")[0] for complaint in complaints}
    return [name for name in files_of(study) if name.endswith(f".{form}") and name not in altered]


def _csv(study: Study, complaints: Sequence[str], logs: bool = True) -> Iterator[Entry]:
    """Every Parquet table as CSV; with `logs`, also the logs and the study's own CSV tables."""
    for name in _sound(study, complaints, "parquet"):
        yield Entry(f"csv/{name.removesuffix('.parquet')}.csv", as_csv(study.folder / name))
    for name in _sound(study, complaints, "csv") if logs else ():
        yield Entry(f"csv/{name.replace('/', '_')}", content(study.folder / name))
    if logs:
        yield from (
            Entry(f"csv/log_{name}.csv", [export_readme.log_csv(log)])
            for name, log in export_readme.logs(study).items()
        )


def _other_parquet(study: Study, complaints: Sequence[str]) -> Iterator[Entry]:
    """The study's CSV tables as Parquet."""
    for name in _sound(study, complaints, "csv"):
        text = (study.folder / name).read_text(encoding="utf-8")
        yield Entry(f"parquet/{name.removesuffix('.csv').replace('/', '_')}.parquet", [as_parquet(text)])
