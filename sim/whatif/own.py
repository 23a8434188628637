"""Partnerships of one's own, from a table pasted or chosen in the browser; kept under a name of ours."""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from sim import formation
from sim.store import write_text
from sim.strict import InputError, Library
from sim.whatif.form import Part
from sim.whatif.plans import OWN_FOLDER, Wrong

MOST_KEPT = 200
TABLE = "table.csv"
_BESIDE = re.compile(r"^.*?table\.csv(, )?")


class Kept(Part):
    """A partnership that was kept: its name in lists, its title, what was assumed, and notes on the reading."""

    name: str
    title: str
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]


class Own:
    """The partnerships of one's own in a working folder, and the library that knows them beside the shipped ones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / OWN_FOLDER
        self.notes: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._library = self._read()

    @property
    def library(self) -> Library:
        """Every partnership and scenario that can be chosen."""
        return self._library

    def keep(self, table: str, name: str | None = None, start_year: int | None = None) -> Kept:
        """Make a partnership of a CSV table and keep it; Wrong names line and column of what cannot be taken."""
        made = _formed(table, name, start_year)
        digest = hashlib.sha256(made.text.encode()).hexdigest()[:8]
        stem = re.sub(r"[^a-z0-9]+", "_", made.partnership.name.lower()).strip("_")[:40] or "own"
        own = f"{stem}-{digest}"
        with self._lock:
            place = self.folder / "partnership"
            if own not in self._library.names("partnership"):
                if place.is_dir() and sum(1 for _ in place.iterdir()) >= MOST_KEPT:
                    raise Wrong("table", f"{MOST_KEPT} partnerships of your own are kept already; remove some first.")
                place.mkdir(parents=True, exist_ok=True)
                write_text(place / f"{own}.yaml", made.text)
                self._library = self._read()
        return Kept(
            name=own, title=made.partnership.name, assumptions=made.assumptions, notes=tuple(map(_here, made.notes))
        )

    def _read(self) -> Library:
        if not self.folder.is_dir():
            return Library()
        try:
            found = Library([self.folder])
        except InputError as error:
            self.notes = (f"Partnerships of your own cannot be read: {error}",)
            return Library()
        self.notes = ()
        return found


def _formed(table: str, name: str | None, start_year: int | None) -> formation.Formed:
    """The partnership in a table; its refusals name line and column, never a place on this machine."""
    with TemporaryDirectory(prefix="tandem-") as place:
        file = Path(place) / TABLE
        file.write_text(table, encoding="utf-8", newline="")
        try:
            return formation.formed(file, name or None, start_year)
        except InputError as error:
            raise _refusal(str(error)) from None


def _refusal(sentence: str) -> Wrong:
    if sentence.startswith("--name"):
        return Wrong("name", sentence.removeprefix("--").capitalize())
    if sentence.startswith("--start"):
        return Wrong("start_year", sentence.removeprefix("--").replace("-", " ").capitalize())
    return Wrong("table", _here(sentence).partition("; tandem ")[0])


def _here(sentence: str) -> str:
    """A sentence about the table without the place where it lay for a moment."""
    said = _BESIDE.sub("", sentence).lstrip(": ")
    return said[:1].upper() + said[1:]
