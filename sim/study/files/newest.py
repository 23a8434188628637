"""Study folders by name and age; age is the moment in the manifest, which time zones do not change."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sim.core.errors import InputError, suggestion
from sim.study.files.store import MANIFEST

STAMP = "created_utc"
"""Manifest key for the study's start, in universal time."""
_HEAD = 4_096
"""Bytes at the start of a manifest that include its times."""
_LOCAL = "%Y-%m-%d_%H%M%S"


def now() -> str:
    """Current time in the form that manifests use."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def by_age(folders: Iterable[Path]) -> list[Path]:
    """Study folders from oldest to newest; ties by the time when results were written."""
    return sorted(folders, key=lambda folder: (begun(folder), _written(folder), folder.name))


def begun(folder: Path) -> datetime:
    """Start time of a study.

    Older manifests hold only local time, which is taken as this machine's. Without any, the time comes from the
    folder's name, or else from when its files were written.
    """
    with (folder / MANIFEST).open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", errors="replace")
    told = dict(re.findall(rf'"({STAMP}|created)": "([^"]*)"', head))
    for text in (told.get(STAMP), told.get("created")):
        with suppress(ValueError, OverflowError, OSError, TypeError):
            return datetime.fromisoformat(text or "").astimezone(UTC)
    with suppress(ValueError, OverflowError, OSError):
        return datetime.strptime(folder.name[:17], _LOCAL).astimezone(UTC)
    return datetime.fromtimestamp(_written(folder) / 1e9, UTC)


def _written(folder: Path) -> int:
    runs = folder / "runs.parquet"
    return (runs if runs.is_file() else folder / MANIFEST).stat().st_mtime_ns


def find_study(name: str, root: Path = Path("outputs")) -> Path:
    """Folder of a study: a path, a folder's name under `root`, or LATEST for the newest with results.

    Raises InputError where there is none.
    """
    root = Path(root)
    if name == "LATEST":
        return _latest(root)
    for folder in (Path(name), root / name):
        if (folder / MANIFEST).is_file():
            return folder
    known = [folder.name for folder in by_age(file.parent for file in root.glob(f"*/{MANIFEST}"))]
    latest = f"; the latest are {', '.join(known[-3:])}" if known else ""
    raise InputError(f"there is no study '{name}'{suggestion(name, ['LATEST', *known]) or latest}")


def _latest(root: Path) -> Path:
    folders = [file.parent for file in root.glob("*/runs.parquet") if (file.parent / MANIFEST).is_file()]
    if not folders:
        raise InputError(f"there is no study in '{root}' yet: run one first, with 'tandem run'")
    return by_age(folders)[-1]
