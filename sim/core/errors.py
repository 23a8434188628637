"""Errors in a user's input or on the disk, and the wording of refusals."""

from __future__ import annotations

import difflib
import errno
import os
import re
from collections.abc import Iterable
from typing import Any

_LISTED = 12
_LONGEST = 1_500
"""Maximum length of a refusal, in characters: room for a path, a place, a shortened value and a dozen names."""
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_DISK = {getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EIO", "EFBIG") if hasattr(errno, name)}


class InputError(ValueError):
    """Refused user input, typed or from a file; `str(error)` is one sentence for the user.

    It stays on one line, of bounded length, whatever of theirs it quotes: control characters and signs that turn the
    direction of writing are shown by their codes.
    """

    def __init__(self, sentence: str) -> None:
        said = _ODD.sub(lambda found: repr(found[0])[1:-1], sentence)
        super().__init__(said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…")


class DiskError(InputError):
    """A full or broken disk. The input was valid, so the command ends with exit code 1 instead of 2."""


def of_disk(error: OSError) -> bool:
    """True if an error means a full or broken disk and not a wrong place."""
    return error.errno in _DISK


def reason(error: OSError) -> str:
    """Operating system's message for an error, in its plain words."""
    known = error.errno in errno.errorcode
    return (os.strerror(error.errno or 0) if known else error.strerror or str(error)).lower()


def shown(value: Any, limit: int = 60) -> str:
    """The value as printable text on one line, shortened if long, for use inside a sentence."""
    text = repr(str(value) if isinstance(value, str) else value)
    return text if len(text) <= limit else text[: limit - 2] + "…" + text[-1]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word in `words` that a mistyped word most likely stands for, or None.

    Dotted keys count by their last part first, so a lever is found under a wrong group too.
    """
    scored = [(_likeness(word[:100].casefold(), known.casefold()), known) for known in words]
    best = max(scored, default=(0.0, None))
    return best[1] if best[0] >= 0.6 else None


_SPLIT = {"route": ("voluntary", "retirement", "relocation", "redeployment", "recruitment_held")}
"""Levers of earlier versions that chose one of what now stand side by side."""
RENAMED = {
    "time.notice": "time.consultation_few",
    "money.exit": "staffing.redundancy_years",
    "money.management_exit": "staffing.redundancy_years",
    "members.engagement_time": "managers.time_for_people",
    "endings.dissolution": "endings.motions",
    "endings.partner_leaves": "endings.motions",
    "endings.stall": "endings.stall_months",
    "endings.by_fatigue": "endings.by_exhaustion",
    "endings.by_lost_buy_in": "endings.by_lost_support",
}
"""Evidence quantities of earlier versions, and those that stand in their place."""


def suggestion(word: str, words: Iterable[str]) -> str:
    """Ending of a refusal: "; did you mean 'x'?", or ", allowed: a, b, c" where the list is short, or ""."""
    known = sorted(set(words))
    last = word.rsplit(".", 1)[-1]
    now = [name for name in known if name.rsplit(".", 1)[-1] in _SPLIT.get(last, ())]
    if now:
        return f"; it is now a share for each of them: {', '.join(now)}"
    stem = word.removeprefix("evidence.").removesuffix(".value")
    instead = [name for name in known if f".{RENAMED.get(stem, '?')}." in f".{name}."]
    if instead:
        return f"; in its place stands {instead[0]}"
    found = nearest(word, known)
    if found is not None:
        return f"; did you mean '{found}'?"
    return f", allowed: {', '.join(known)}" if 0 < len(known) <= _LISTED else ""


def _likeness(word: str, known: str) -> float:
    if word == known:
        return 1.0
    if len(word) >= 3 and known.startswith(word) and "." not in known[len(word) :]:
        return 0.9
    whole = _ratio(word, known)
    if "." not in known:
        return whole
    first, second = word.rsplit(".", 1)[-1], known.rsplit(".", 1)[-1]
    if second == "value" and "." in word:
        first, second = word.removesuffix(".value").rsplit(".", 1)[-1], known.split(".")[-2]
    last = _ratio(first, second)
    return (2 * last + whole) / 3 if last >= 0.6 else min(whole, 0.5)


def _ratio(word: str, known: str) -> float:
    matcher = difflib.SequenceMatcher(None, word, known, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= 0.5 else 0.0
