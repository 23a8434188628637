"""A strict reader for the small part of YAML that Tandem's files need (quality.md, Q-B2).

Everything that makes YAML surprising or dangerous is refused with file and line: anchors and aliases,
tags, `${`, duplicate keys, non-numbers, anything large or deep. Only `true` and `false` are booleans;
`yes`, `no`, `on` and `off` stay words.
"""

import math
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sim.core.errors import InputError, shown

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000
MAX_TEXT = 10_000
MAX_KEY = 200

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(?:0|[1-9](?:_?[0-9])*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_NON_NUMBER = re.compile(r"[-+]?\.?(?:inf|nan)", re.IGNORECASE)
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Control characters, and characters that change the direction of text so that it misleads the reader."""
_DIRECTIVE = re.compile(r"#\s*@")
_HEADER = re.compile(r"#\s*@package\s+_global_\s*")
_RESERVED = re.compile(r"_\w+_")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}

Where = tuple[str | int, ...]


class Document(NamedTuple):
    """A checked file: its content, and the line number of each key or list item."""

    content: dict[str, Any]
    lines: dict[Where, int]

    def where(self, path: Path, key: Iterable[str | int]) -> str:
        """Place of a key, or of its parent, in the file, as "my/file.yaml, line 7"."""
        place = tuple(key)
        while place and place not in self.lines:
            place = place[:-1]
        return f"{path}, line {self.lines[place]}" if place else str(path)


def read_document(path: Path, *, package_header: bool = False) -> dict[str, Any]:
    """The content of a YAML file, read strictly; InputError names file, line and key.

    With `package_header` (scenario files) it must begin with `# @package _global_`; without, it must not.
    """
    return read_located(path, package_header=package_header).content


def read_located(path: Path, *, package_header: bool = False) -> Document:
    """Content as from `read_document`, with the line of every key for later refusals."""
    return located(_text(path), path, package_header=package_header)


def located(text: str, path: Path, *, package_header: bool = False) -> Document:
    """Content as from `read_located`, for text in memory; refusals name it `path`, which need not exist."""
    _check_header(path, text, package_header)
    builder = _Builder(str(path))
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        reason = error.problem or error.context
        raise InputError(f"{path}, line {_line(error.problem_mark)}: not readable as YAML ({reason})") from None
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", None) or "it cannot be read"
        odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, odd.start() if odd else 0) + 1
        raise InputError(f"{path}, line {line}: not readable as YAML ({reason})") from None
    return builder.document()


def check_text(text: str) -> str | None:
    """Reason for refusing a text (`${`, control characters, …), or None if it is allowed."""
    if "${" in text:
        return "'${' is not allowed: write the value itself"
    if text == "???":
        return "'???' is not a value"
    if len(text) > MAX_TEXT:
        return f"longer than {MAX_TEXT} characters"
    if _UNPRINTABLE.search(text):
        return "it holds an unprintable character"
    return None


def scalar(text: str) -> Any:
    """An unquoted YAML word as a value: null, true or false, an integer, a finite decimal, or else the text.

    Raises ValueError with the reason for infinities, non-numbers and integers beyond 18 digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        if len(text) > 18:
            raise ValueError("the number is too large")
        return int(text)
    if _NON_NUMBER.fullmatch(text):
        raise ValueError("infinities and non-numbers are not allowed")
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise ValueError("the number is too large")
        return value
    return text


def read_bytes(path: Path, most: int, too_large: str) -> bytes:
    """Bytes of a user's file. Raises InputError if it is missing, unreadable or larger than `most`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path}: not a file")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(data) > most:
        raise InputError(f"{path}: larger than {too_large}")
    return data


def _text(path: Path) -> str:
    data = read_bytes(path, MAX_BYTES, f"{MAX_BYTES // 1024} kB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: not UTF-8 text; save the file as UTF-8") from None


def _check_header(path: Path, text: str, wanted: bool) -> None:
    found = False
    for number, line in enumerate(_leading_comments(text), start=1):
        if not _DIRECTIVE.match(line):
            continue
        if not (wanted and _HEADER.fullmatch(line)):
            allowed = "only '# @package _global_'" if wanted else "no '# @…' header"
            raise InputError(f"{path}, line {number}: {shown(line)}: {allowed} is allowed here")
        found = True
    if wanted and not found:
        raise InputError(f"{path}, line 1: a scenario file must begin with the line '# @package _global_'")


def _leading_comments(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return
        yield line.strip()


def _line(mark: Any) -> int:
    return mark.line + 1 if mark is not None else 1


class _Level:
    """A mapping or list under construction."""

    def __init__(self, where: Where, holder: dict[str, Any] | list[Any]) -> None:
        self.where = where
        self.holder = holder
        self.key: str | None = None


class _Builder:
    """Builder of plain data from parser events that refuses what Tandem does not accept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.levels: list[_Level] = []
        self.lines: dict[Where, int] = {}
        self.root: Any = None
        self.documents = 0
        self.nodes = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._refuse(event, "anchors and aliases (& and *) are not allowed: put the value in quotes")
        if isinstance(event, yaml.NodeEvent):
            self._count(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.levels.pop()

    def document(self) -> Document:
        if self.root is None:
            raise InputError(f"{self.name}: the file is empty")
        if not isinstance(self.root, dict):
            raise InputError(f"{self.name}: must hold 'key: value' lines")
        for key in ("hydra", "defaults"):
            if key in self.root:
                line = self.lines[(key,)]
                raise InputError(f"{self.name}, line {line}: key '{key}' is not allowed in a settings file")
        return Document(self.root, self.lines)

    def _count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._refuse(event, f"more than {MAX_NODES} values in one file")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, "tags (!) are not allowed: put the value in quotes")

    def _start_document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1 or event.tags or event.version:
            self._refuse(event, "only one plain YAML document is allowed in a file")

    def _open(self, event: Any) -> None:
        level = self.levels[-1] if self.levels else None
        if level is not None and isinstance(level.holder, dict) and level.key is None:
            self._refuse(event, "a key must be a word")
        if len(self.levels) >= MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} levels deep")
        holder: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.levels.append(_Level(self._put(event, holder), holder))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        level = self.levels[-1] if self.levels else None
        if level is not None and isinstance(level.holder, dict) and level.key is None:
            self._key(event, level, level.holder)
        else:
            self._put(event, self._value(event))

    def _key(self, event: yaml.ScalarEvent, level: _Level, holder: dict[str, Any]) -> None:
        key = self._value(event)
        if not isinstance(key, str) or not key or key == "<<" or len(key) > MAX_KEY or "\n" in key:
            self._refuse(event, f"key {shown(event.value)} is not a word; put it in quotes if it is a name")
        if _RESERVED.fullmatch(key):
            self._refuse(event, f"key {shown(key)} is not allowed in a settings file")
        if key in holder:
            first = self.lines[(*level.where, key)]
            self._refuse(event, f"key {shown(key)} stands twice, first on line {first}")
        level.key = key
        self.lines[(*level.where, key)] = _line(event.start_mark)

    def _value(self, event: yaml.ScalarEvent) -> Any:
        reason = check_text(event.value)
        if reason:
            self._refuse(event, f"{shown(event.value)}: {reason}")
        if not event.implicit[0]:
            return event.value
        try:
            return scalar(event.value)
        except ValueError as error:
            return self._refuse(event, f"{shown(event.value)}: {error}")

    def _put(self, event: Any, value: Any) -> Where:
        if not self.levels:
            self.root = value
            return ()
        level = self.levels[-1]
        if isinstance(level.holder, list):
            where = (*level.where, len(level.holder))
            level.holder.append(value)
            self.lines[where] = _line(event.start_mark)
            return where
        assert level.key is not None
        where = (*level.where, level.key)
        level.holder[level.key] = value
        level.key = None
        return where

    def _refuse(self, event: Any, reason: str) -> Any:
        raise InputError(f"{self.name}, line {_line(event.start_mark)}: {self._place()}{reason}")

    def _place(self) -> str:
        level = self.levels[-1] if self.levels else None
        key = level.key if level is not None and level.key is not None else None
        parts = [str(part) for part in (level.where if level else ())] + ([key] if key else [])
        return f"{'.'.join(parts)[:MAX_KEY]}: " if parts else ""
