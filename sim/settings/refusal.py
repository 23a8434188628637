"""Turns what validation found into one sentence: key, value, what is allowed, where it stands."""

from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.strict import InputError, shown, suggestion

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

Allowed = Callable[[tuple[str | int, ...]], dict[str, Any] | None]


def refusal(
    error: ValidationError, allowed: Allowed, siblings: Callable[[tuple[str | int, ...]], Iterable[str]],
    prefix: str = "", where: Callable[[tuple[str | int, ...]], str] | None = None,
) -> InputError:  # fmt: skip
    """The first thing that validation found, as a sentence for people."""
    found = error.errors()[0]
    place = tuple(part for part in found["loc"])
    key = prefix + ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    stands = f"{where(place)}: " if where else ""
    kind = found["type"]
    if kind == "value_error":
        said = str(found["ctx"]["error"])
        whole = said.startswith(("levers.", "decisions.", "shocks.", "scenario."))
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
    wanted = _WANTED.get(kind)
    if entry and "low" in entry and "high" in entry:
        span = f"{entry['low']:g} to {entry['high']:g}"
        return f"{wanted}, {span}" if wanted else f"allowed is {span}"
    return wanted or _bounds(kind, context) or found["msg"]


def _bounds(kind: str, context: dict[str, Any]) -> str | None:
    words = {
        "greater_than_equal": ("ge", "must be at least {}"),
        "greater_than": ("gt", "must be more than {}"),
        "less_than_equal": ("le", "must be at most {}"),
        "less_than": ("lt", "must be less than {}"),
    }
    if kind not in words:
        return None
    name, sentence = words[kind]
    return sentence.format(f"{context[name]:g}")


def siblings(place: tuple[str | int, ...], root: type[BaseModel]) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    model: type[BaseModel] | None = root
    for part in place[:-1]:
        if isinstance(part, str) and model is not None:
            field = model.model_fields.get(part)
            model = _model_in(field.annotation) if field else None
    return list(model.model_fields) if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The settings class that a field holds, one or many of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
