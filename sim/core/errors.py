"""Errors in a user's input or on the disk, and refusals in one sentence: key, value, what is allowed, place."""

from __future__ import annotations

import difflib
import errno
import os
import re
from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

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


_WANTED = {
    "int_type": "a whole number is wanted",
    "int_from_float": "a whole number is wanted",
    "float_type": "a number is wanted",
    "finite_number": "a finite number is wanted",
    "string_type": "a text is wanted",
    "bool_type": "true or false is wanted",
    "tuple_type": "a list is wanted",
    "list_type": "a list is wanted",
    "dict_type": "keys with values are wanted",
    "model_type": "keys with values are wanted",
    "too_short": "may not be empty",
    "string_too_short": "may not be empty",
    "missing": "is missing",
}

_PATTERNS = {
    r"^[a-z0-9_-]{1,64}$": "1 to 64 of a-z, 0-9, _ and - are wanted",
    r"^[a-z][a-z0-9_]{0,39}$": "1 to 40 of a-z, 0-9 and _ are wanted, a letter first",
    r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$": "a month is wanted, such as 2018-07",
}
_SAID_PLACE = re.compile(r"[a-z_]+(?:\.(?:[a-z_]+|[0-9]+))*(?=[:=])")
Place = tuple[str | int, ...]
Allowed = Callable[[Place], dict[str, Any] | None]


def place_of(found: Any) -> Place:
    """Place of a validation error in the file; for an error about the whole, the place that its sentence names."""
    said = _SAID_PLACE.match(str(found["ctx"]["error"])) if found["type"] == "value_error" else None
    if found["loc"] or said is None:
        return tuple(found["loc"])
    return tuple(int(part) - 1 if part.isdigit() else part for part in said[0].split("."))


def refusal(
    error: ValidationError,
    allowed: Allowed,
    siblings: Callable[[Place], Iterable[str]],
    prefix: str = "",
    where: Callable[[Place], str] | None = None,
) -> InputError:
    """First validation error as a sentence for users; `where` may return no place."""
    found = error.errors()[0]
    place = place_of(found)
    key = prefix + ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    stands = f"{where(place)}: " if where and where(place) else ""
    kind = found["type"]
    if kind == "value_error":
        said = str(found["ctx"]["error"])
        whole = not found["loc"] or said.startswith(("levers.", "decisions.", "shocks.", "scenario."))
        return InputError(f"{stands}{said if whole else f'{key}: {said}'}")
    if kind == "extra_forbidden":
        return InputError(f"{stands}{key}: unknown key{suggestion(str(place[-1]), siblings(place))}")
    if kind == "missing":
        return InputError(f"{stands}{key} is missing")
    return InputError(f"{stands}{key}={shown(found['input'])}: {_rule(found, allowed(place))}")


def _rule(found: Any, entry: dict[str, Any] | None) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "literal_error":
        choices = [choice.strip("' ") for choice in context["expected"].replace(" or ", ", ").split(",")]
        near = suggestion(str(found["input"]), choices)
        return f"is not one of the choices{near}" if near.startswith(";") else f"allowed: {', '.join(choices)}"
    wanted = _WANTED.get(kind) or _PATTERNS.get(context.get("pattern", ""))
    if entry and "low" in entry and "high" in entry:
        span = f"{_plain(entry['low'])} to {_plain(entry['high'])}"
        return f"{wanted}, {span}" if wanted else f"allowed is {span}"
    return wanted or _bounds(kind, context) or found["msg"]


def _plain(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _bounds(kind: str, context: dict[str, Any]) -> str | None:
    words = {
        "greater_than_equal": ("ge", "must be at least {}"),
        "greater_than": ("gt", "must be more than {}"),
        "less_than_equal": ("le", "must be at most {}"),
        "less_than": ("lt", "must be less than {}"),
        "string_too_long": ("max_length", "at most {} characters are allowed"),
        "too_long": ("max_length", "at most {} entries are allowed"),
    }
    if kind not in words:
        return None
    name, sentence = words[kind]
    return sentence.format(f"{context[name]:g}")


def bounds(place: Place, root: type[BaseModel]) -> dict[str, Any] | None:
    """Lowest and highest value of a numeric key in a settings class; None unless both are declared."""
    about = root.model_json_schema()["properties"].get(str(place[0]), {})
    ends = {"low": about.get("minimum"), "high": about.get("maximum")}
    return None if None in ends.values() else ends


def siblings(place: Place, root: type[BaseModel]) -> list[str]:
    """Keys allowed at the place where an unknown key was found."""
    model: type[BaseModel] | None = root
    for part in place[:-1]:
        if isinstance(part, str) and model is not None:
            field = model.model_fields.get(part)
            model = _model_in(field.annotation) if field else None
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Settings class held by a field, singly or in a collection."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
