"""The user's own partnerships: pasted as a table, chosen as a file in the browser, or carried by a link.

Those from a link are held in memory; a file is written only if the user asks to keep one.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.core.errors import InputError
from sim.plans import partnership_csv
from sim.plans.strict import Library
from sim.rooms.whatif.asked_plans import OWN_FOLDER, Wrong
from sim.rooms.whatif.form import FormPart
from sim.study.files.store import write_text

MOST_KEPT = 200
MOST_HELD = 50
"""Most partnerships from links held at once; the oldest are dropped, and their links load them again."""
TABLE = "table.csv"
_BESIDE = re.compile(r"^.*?table\.csv(, )?")


class Kept(FormPart):
    """A partnership made from a table: its name in lists, title, assumptions, and notes on the reading.

    `kept` is true if it is saved in a file; otherwise it stays in memory until the server ends.
    """

    name: str
    title: str
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    kept: bool


class Own:
    """The user's own partnerships in a working folder, and the library that includes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / OWN_FOLDER
        self.notes: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._held: OrderedDict[str, str] = OrderedDict()
        self._library = self._read()

    @property
    def library(self) -> Library:
        """Library of every partnership and scenario that can be chosen."""
        return self._library

    @property
    def held(self) -> dict[str, str]:
        """Texts of the partnerships held only in memory, by name."""
        return dict(self._held)

    def keep(self, table: str, name: str | None = None, start_year: int | None = None) -> Kept:
        """Make a partnership from a CSV table and save it; Wrong gives the line and column of an error."""
        made = _formed(table, name, start_year)
        own = _name_of(made)
        with self._lock:
            self._write(own, made.text)
            self._held.pop(own, None)
            self._library = self._read()
        return _kept(own, made, kept=True)

    def hold(self, table: str, name: str | None = None, start_year: int | None = None) -> Kept:
        """Same as `keep`, but held in memory only."""
        made = _formed(table, name, start_year)
        own = _name_of(made)
        with self._lock:
            known = own in self._library.names("partnership")
            if not known:
                self._held[own] = made.text
                while len(self._held) > MOST_HELD:
                    self._held.popitem(last=False)
                self._library = self._read()
            return _kept(own, made, kept=not self._library.is_held(own))

    def _write(self, own: str, text: str) -> None:
        """Write the partnership's file unless one exists; a file changed by the user is left alone."""
        place = self.folder / "partnership"
        file = place / f"{own}.yaml"
        if file.exists():
            if file.read_bytes() != text.encode():
                said = f"{OWN_FOLDER}/partnership/{file.name} has been changed by hand since it was made of this table"
                raise Wrong("table", f"{said}; rename or remove it first, or choose it from the list.")
            return
        if place.is_dir() and sum(1 for _ in place.iterdir()) >= MOST_KEPT:
            raise Wrong("table", f"{MOST_KEPT} partnerships of your own are kept already; remove some first.")
        place.mkdir(parents=True, exist_ok=True)
        write_text(file, text)

    def _read(self) -> Library:
        try:
            found = library(self.folder, self._held)
        except InputError as error:
            self.notes = (f"Partnerships of your own cannot be read: {error}",)
            return Library(held=self._held)
        self.notes = ()
        return found


def library(folder: Path, held: Mapping[str, str]) -> Library:
    """Library of shipped files, saved partnerships in the user's folder if it exists, and those in memory."""
    return Library([folder] if folder.is_dir() else [], held)


def _name_of(made: partnership_csv.Formed) -> str:
    digest = hashlib.sha256(made.text.encode()).hexdigest()[:8]
    stem = re.sub(r"[^a-z0-9]+", "_", made.partnership.name.lower()).strip("_")[:40] or "own"
    return f"{stem}-{digest}"


def _kept(own: str, made: partnership_csv.Formed, kept: bool) -> Kept:
    notes = tuple(map(_here, made.notes))
    return Kept(name=own, title=made.partnership.name, assumptions=made.assumptions, notes=notes, kept=kept)


def _formed(table: str, name: str | None, start_year: int | None) -> partnership_csv.Formed:
    """The partnership in a table; errors give line and column, never a path on this machine."""
    with TemporaryDirectory(prefix="tandem-") as place:
        file = Path(place) / TABLE
        file.write_text(table, encoding="utf-8", newline="")
        try:
            return partnership_csv.formed(file, name or None, start_year)
        except InputError as error:
            raise _refusal(str(error)) from None


def _refusal(sentence: str) -> Wrong:
    if sentence.startswith("--name"):
        return Wrong("name", sentence.removeprefix("--").capitalize())
    if sentence.startswith("--start"):
        return Wrong("start_year", sentence.removeprefix("--").replace("-", " ").capitalize())
    return Wrong("table", _here(sentence).partition("; tandem ")[0])


def _here(sentence: str) -> str:
    """An error message about the table without the temporary path of its file."""
    said = _BESIDE.sub("", sentence).lstrip(": ")
    return said[:1].upper() + said[1:]
