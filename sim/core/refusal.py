"""Refusal sentences made from validation errors: key, value, allowed range and place in the file."""

import re
from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.core.errors import InputError, shown, suggestion

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
