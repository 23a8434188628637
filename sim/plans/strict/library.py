"""Library of settings files: shipped ones and the user's own."""

import functools
import hashlib
import json
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.shipped import SHIPPED
from sim.plans.strict.reader import Document, located, read_located, scalar

GROUPS = ("scenario", "partnership", "services", "study")
PACKS = "workshop"
"""Folder of workshop packs in a user's folder; the workshop reads them itself."""
SCENARIO_KEYS = ("scenario", "levers", "decisions", "shocks", "mechanisms")
_SUFFIXES = (".yaml", ".yml")
_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_MAX_FILES = 2_000


@functools.cache
def _shipped_files(group: str) -> dict[str, Path]:
    return {path.stem: path for root in SHIPPED for path in sorted((root / group).glob("*.yaml"))}


@functools.cache
def _shipped_document(group: str, name: str) -> Document:
    return read_located(_shipped_files(group)[name], package_header=group == "scenario")


class Library:
    """Settings files available to one command: shipped ones and those in the user's own folders.

    A folder holds `scenario/`, `partnership/`, `services/` and `study/`, each with `.yaml` files. Every file
    is checked when the library is made: InputError names file, line and key. The result of `read` is shared
    and must not be changed. `held` maps names of partnerships that are in no folder to their files' texts.
    """

    def __init__(self, folders: Sequence[Path | str] = (), held: Mapping[str, str] | None = None) -> None:
        self.folders = tuple(Path(folder) for folder in folders)
        self._own: dict[str, dict[str, Path]] = {group: {} for group in GROUPS}
        self._documents: dict[tuple[str, str], Document] = {}
        for folder in self.folders:
            self._add_folder(folder)
        self._held = {name: text for name, text in (held or {}).items() if name not in self._own["partnership"]}
        for name, text in self._held.items():
            path = self._own["partnership"][name] = Path(f"{name}.yaml")
            self._documents["partnership", name] = located(text, path)

    def names(self, group: str) -> list[str]:
        """Names that may be typed for a group, in alphabetical order."""
        return sorted({*_shipped_files(group), *self._own.get(group, {})})

    def path(self, group: str, name: str) -> Path:
        """The file behind a name, for a partnership also behind a path; InputError if there is none."""
        if not isinstance(name, str):
            raise InputError(f"{group}={shown(name)}: one name is wanted{suggestion('', self.names(group))}")
        if group == "partnership" and is_path(name):
            return _from_home(name)
        found = self._own.get(group, {}).get(name) or _shipped_files(group).get(name)
        if found is None:
            listed = f"; tandem list {group}s names all" if group in ("scenario", "partnership") else ""
            raise InputError(f"{group}={shown(name)}: unknown {group}{suggestion(name, self.names(group)) or listed}")
        return found

    def read(self, group: str, name: str) -> dict[str, Any]:
        """The checked content of a settings file; InputError with the nearest name if there is none."""
        return self._document(group, name).content

    def bytes_of(self, group: str, name: str) -> bytes:
        """Bytes of a settings file, or of the file that a partnership held in memory would give."""
        if group == "partnership" and self.is_held(name):
            return self._held[name].encode()
        return self.path(group, name).read_bytes()

    def where(self, group: str, name: str, key: Sequence[str | int]) -> str:
        """Place of a key, as "my/file.yaml, line 7", for refusals made after reading."""
        return self._document(group, name).where(self.path(group, name), key)

    def is_own(self, group: str, name: str) -> bool:
        """True if the file is the user's own, not a shipped one."""
        return name not in _shipped_files(group)

    def is_held(self, name: str) -> bool:
        """True for a partnership held in memory only, which is lost when the program ends."""
        return name in self._held

    def safe_name(self, name: str) -> str:
        """Name under which a file is passed on: its own, or one made from its path and content."""
        if not is_path(name):
            return name
        digest = hashlib.sha256(_plain_yaml(self.read("partnership", name)).encode()).hexdigest()[:8]
        stem = re.sub(r"[^a-z0-9_-]+", "_", Path(name).stem.lower()).strip("_-")[:40]
        return f"{stem or 'own'}-{digest}"

    def handed_on(self) -> list[Path]:
        """Folder for Hydra with each of the user's own files that was read, rewritten as plain YAML.

        Empty if there is none. The folder is removed with the library, or at the end of the process.
        """
        if not self._documents:
            return []
        folder = Path(tempfile.mkdtemp(prefix="tandem-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        for (group, name), document in self._documents.items():
            target = folder / group / f"{self.safe_name(name)}.yaml"
            target.parent.mkdir(exist_ok=True)
            header = "# @package _global_\n" if group == "scenario" else ""
            target.write_text(header + _plain_yaml(document.content) + "\n", encoding="utf-8")
        return [folder]

    def _document(self, group: str, name: str) -> Document:
        path = self.path(group, name)
        own = self._documents.get((group, name))
        if own is not None:
            return own
        if not (group == "partnership" and is_path(name)):
            return _shipped_document(group, name)
        return self._documents.setdefault((group, name), read_located(path))

    def _add_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError(f"--config-dir {shown(str(folder))}: no such folder")
        for entry in _visible(folder):
            if entry.is_dir():
                self._add_group(entry)
            elif entry.suffix in _SUFFIXES:
                places = ", ".join(f"{group}/" for group in GROUPS)
                raise InputError(f"{entry}: settings files stand in a folder of their kind: {places}")

    def _add_group(self, folder: Path) -> None:
        if folder.name == PACKS:
            return
        files = [path for path in _visible(folder) if path.suffix in _SUFFIXES or path.is_dir()]
        if folder.name not in GROUPS:
            if files:
                raise InputError(f"{folder}: unknown kind of settings{suggestion(folder.name, GROUPS)}")
            return
        if len(files) > _MAX_FILES:
            raise InputError(f"{folder}: more than {_MAX_FILES} files")
        for path in files:
            self._add_file(folder.name, path)

    def _add_file(self, group: str, path: Path) -> None:
        name = path.stem
        if path.is_dir():
            raise InputError(f"{path}: files stand directly in {group}/, not in folders below it")
        if not _NAME.fullmatch(name) or not isinstance(scalar(name), str):
            raise InputError(f"{path}: a name is 1 to 64 of a-z, 0-9, _ and -, not a number; rename the file")
        if name in _shipped_files(group):
            raise InputError(f"{path}: '{name}' is the name of a shipped {group}; choose another name")
        if name in self._own[group]:
            raise InputError(f"{path}: '{name}' is also in {self._own[group][name]}; choose another name")
        document = read_located(path, package_header=group == "scenario")
        if group == "scenario":
            _check_scenario(path, document)
        self._documents[group, name] = document
        self._own[group][name] = path


def is_path(name: str) -> bool:
    """True if a partnership is given by a path and not by name."""
    return name.lower().endswith(_SUFFIXES) or "/" in name or "\\" in name


def _from_home(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise InputError(f"partnership={shown(name)}: nobody knows the home folder that '~' stands for") from None


def _check_scenario(path: Path, document: Document) -> None:
    """Refuse a scenario with keys beyond a partnership's decisions and outside events."""
    for key in document.content:
        if key not in SCENARIO_KEYS:
            place = f"{path}, line {document.lines[(key,)]}"
            raise InputError(f"{place}: {shown(key)} may not stand in a scenario{suggestion(key, SCENARIO_KEYS)}")


def _visible(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from None


def _plain_yaml(content: dict[str, Any]) -> str:
    """Content as YAML limited to its JSON part, with every text quoted so that no word reads as a boolean."""
    return json.dumps(content, ensure_ascii=False)
