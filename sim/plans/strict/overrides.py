"""Command-line settings `key=value`, read as Hydra reads its simple values, without Hydra's cost.

Whatever is accepted here means the same to Hydra; functions, `${` and the prefixes + and ~ are refused.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

from sim.core.errors import InputError, shown
from sim.plans.strict.reader import MAX_DEPTH, MAX_TEXT, check_text

_KEY = re.compile(r"[A-Za-z_][\w-]*(?:[./][\w-]+)*", re.ASCII)
_INT = re.compile(r"[+-]?(?:0|[1-9](?:_?[0-9])*)")
_UNSIGNED = r"(?:0|[1-9](?:_?[0-9])*)"
_POINT = rf"(?:{_UNSIGNED}?\.[0-9](?:_?[0-9])*|{_UNSIGNED}\.)"
_FLOAT = re.compile(rf"[+-]?(?:(?:{_POINT}|{_UNSIGNED})[eE][+-]?[0-9](?:_?[0-9])*|{_POINT})")
_NON_NUMBER = re.compile(r"[+-]?(?:inf|nan)", re.IGNORECASE)
_PATH = re.compile(r"[^'\",\[{][^,]*\.ya?ml", re.IGNORECASE)
_ODD = re.compile(r"[^A-Za-z0-9_\-/\\+.$%*@?|: \t]")
_ESCAPE = re.compile(r"\\([\\()\[\]{}:=, \t])")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def parse_override(text: str) -> tuple[str, Any]:
    """`"levers.pace.months_between_waves=2"` as `("levers.pace.months_between_waves", 2)`.

    Takes integers, decimals, true and false, null, quoted and bare words, lists and simple mappings.
    InputError if the text is not `key=value`, holds several alternatives, or uses Hydra's other forms.
    """
    key, raw = split_override(text)
    if key == "partnership" and _PATH.fullmatch(raw.rstrip()):
        return key, raw.rstrip()
    return key, _ValueReader(key, raw).whole()


def by_key(overrides: Iterable[str]) -> dict[str, str]:
    """Each of the overrides under its key, as typed; InputError where a key is given twice, as in files."""
    found: dict[str, str] = {}
    for text in overrides:
        key = split_override(text)[0]
        if key in found:
            raise given_twice(key, found[key], text)
        found[key] = text
    return found


def given_twice(key: str, first: str, second: str) -> InputError:
    """Refusal of a key that is given twice."""
    return InputError(
        f"{key} is given twice ({shown(first)} and {shown(second)}): give it once; a sweep takes several values of a "
        "key with commas between"
    )


def alternatives(text: str) -> tuple[str, list[str]]:
    """`"scenario=a,b"` as `("scenario", ["a", "b"])`: the values between top-level commas, still as typed."""
    key, raw = split_override(text)
    pieces, start, depth, at = [], 0, 0, 0
    while at < len(raw):
        char = raw[at]
        if char in "'\"":
            at = _closing(raw, at)
        elif char == "\\":
            at += 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            pieces.append(raw[start:at].strip(" \t"))
            start = at + 1
        at += 1
    return key, [*pieces, raw[start:].strip(" \t")]


def split_override(text: str) -> tuple[str, str]:
    """The key and the raw value of `key=value`; InputError if it has another form."""
    if text[:1] in ("+", "~"):
        raise InputError(f"{shown(text)}: '+' and '~' are not used here, write key=value")
    key, equals, raw = text.partition("=")
    if not equals:
        raise InputError(f"{shown(text)} is not of the form key=value")
    if "@" in key or not _KEY.fullmatch(key):
        raise InputError(f"{shown(text)}: {shown(key)} is not a key; write group.name=value without spaces")
    reason = check_text(raw)
    if reason:
        raise InputError(f"{key}={shown(raw)}: {reason}")
    return key, raw.lstrip(" \t")


def _closing(text: str, opening: int) -> int:
    """Position of the quote that closes the one at `opening`: the same sign after an even number of backslashes."""
    quote, at = text[opening], opening + 1
    while at < len(text):
        at = text.find(quote, at)
        if at < 0:
            break
        body = text[opening + 1 : at]
        if (len(body) - len(body.rstrip("\\"))) % 2 == 0:
            return at
        at += 1
    return len(text)


class _ValueReader:
    """A cursor over one value."""

    def __init__(self, key: str, text: str) -> None:
        self.key = key
        self.text = text
        self.at = 0

    def whole(self) -> Any:
        if len(self.text) > MAX_TEXT:
            self._refuse(f"longer than {MAX_TEXT} characters")
        if not self.text:
            return ""
        value = self._element(0, "")
        if self.at < len(self.text) and self.text[self.at] == ",":
            self._refuse("several values need a sweep (tandem sweep …), and a comma inside a text needs quotes")
        if self.at < len(self.text):
            self._refuse(f"{shown(self.text[self.at :])} is left over")
        return value

    def _element(self, depth: int, ends: str) -> Any:
        if depth > MAX_DEPTH:
            self._refuse(f"nested more than {MAX_DEPTH} levels deep")
        self._skip()
        char = self.text[self.at : self.at + 1]
        if char == "[":
            return self._list(depth)
        if char == "{":
            return self._mapping(depth)
        if char and char in "'\"":
            return self._quoted(ends)
        return self._plain(self._until("," + ends))

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        self.at += 1
        while not self._closed("]", bool(items)):
            items.append(self._element(depth + 1, "]"))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        self.at += 1
        while not self._closed("}", bool(items)):
            self._skip()
            key = self._plain(self._until(":,}"))
            if not isinstance(key, str) or self.text[self.at : self.at + 1] != ":":
                self._refuse("a mapping is written {name: value, …}")
            if key in items:
                self._refuse(f"key {shown(key)} stands twice")
            self.at += 1
            items[key] = self._element(depth + 1, "}")
        return items

    def _closed(self, bracket: str, began: bool) -> bool:
        self._skip()
        char = self.text[self.at : self.at + 1]
        if char == bracket:
            self.at += 1
            self._skip()
            return True
        if not char or (began and char != ","):
            self._refuse(f"the closing '{bracket}' is missing")
        if began:
            self.at += 1
        return False

    def _quoted(self, ends: str) -> str:
        quote, end = self.text[self.at], _closing(self.text, self.at)
        if end >= len(self.text):
            self._refuse("the closing quote is missing")
        body = self.text[self.at + 1 : end]
        self.at = end + 1
        self._skip()
        if self.at < len(self.text) and self.text[self.at] not in "," + ends:
            self._refuse("a quoted text must stand alone")
        return re.sub(rf"(\\+)({quote}|$)", lambda m: m[1][: len(m[1]) // 2] + m[2], body)

    def _until(self, ends: str) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ends:
            self.at += 2 if _ESCAPE.match(self.text, self.at) else 1
        self.at = min(self.at, len(self.text))
        return self.text[start : self.at]

    def _plain(self, raw: str) -> Any:
        text = raw.strip(" \t")
        if raw.endswith((" ", "\t")) and text.endswith(":"):
            self._refuse("a text that ends with a colon and a space must stand in quotes")
        if raw.endswith((" ", "\t")) and text.endswith("\\") and _ESCAPE.sub("", text).endswith("\\"):
            text = raw[: len(raw) - len(raw.lstrip(" \t")) + len(text) + 1].lstrip(" \t")
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INT.fullmatch(text):
            return self._number(text, int)
        if _NON_NUMBER.fullmatch(text):
            self._refuse("infinities and non-numbers are not allowed")
        if _FLOAT.fullmatch(text):
            return self._number(text, float)
        return self._word(text)

    def _number(self, text: str, kind: type[int] | type[float]) -> int | float:
        value = kind(text) if kind is float or len(text) <= 18 else math.inf
        if not math.isfinite(value):
            self._refuse("the number is too large")
        return value

    def _word(self, text: str) -> str:
        odd = _ODD.search(_ESCAPE.sub("", text))
        if not text:
            self._refuse("a value is missing")
        if odd and odd[0] in "([" and re.match(r"[A-Za-z_]\w*\s*\(", text):
            self._refuse("functions such as range(…) belong in a sweep (tandem sweep …)")
        if odd:
            self._refuse(f"the character {odd[0]!r} must stand in quotes, as in {self.key}='\"…\"'")
        return _ESCAPE.sub(r"\1", text)

    def _skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def _refuse(self, reason: str) -> None:
        raise InputError(f"{self.key}={shown(self.text)}: {reason}")
