"""Declaration of levers: each once, in its agent's settings class, with all that help and checks need."""

from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

Changes = Literal["any time", "at the start"]


class LeverGroup(BaseModel):
    """A frozen group of levers, owned by one agent; `key` is its name in `levers.<key>.<lever>`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @classmethod
    def key(cls) -> str:
        """The group's name in settings: SequenceLevers is `sequence`."""
        return cls.__name__.removesuffix("Levers").lower()


def lever(default: Any, meaning: str, unit: str, source: str, changes: Changes = "any time", **bounds: Any) -> Any:
    """Declare a lever: its default, meaning, unit, bounds (ge, le), `D-` id and when it may change."""
    extra: dict[str, Any] = {"unit": unit, "source": source, "changes": changes}
    return Field(default=default, description=meaning, json_schema_extra=extra, **bounds)


def share(default: float, meaning: str, source: str, changes: Changes = "any time", le: float = 1.0) -> Any:
    """Declare a lever that is a share, with 0 as its lowest value."""
    return lever(default, meaning, unit="share", source=source, changes=changes, ge=0.0, le=le)


def choice(default: str, meaning: str, source: str, changes: Changes = "any time") -> Any:
    """Declare a lever that is one of several choices."""
    return lever(default, meaning, unit="choice", source=source, changes=changes)


def yes_or_no(default: bool, meaning: str, source: str, changes: Changes = "any time") -> Any:
    """Declare a lever that is true or false."""
    return lever(default, meaning, unit="true or false", source=source, changes=changes)


def entries(group: type[LeverGroup]) -> list[dict[str, Any]]:
    """One plain dictionary per lever of the group, for help, sliders and checks."""
    return [dict(entry) for entry in _entries(group)]


@cache
def _entries(group: type[LeverGroup]) -> list[dict[str, Any]]:
    """Cached `entries`: every decision in every history looks its levers up here."""
    schema = group.model_json_schema()["properties"]
    found = []
    for name, declared in group.model_fields.items():
        about = schema[name]
        entry = {
            "name": f"levers.{group.key()}.{name}",
            "type": _type_name(declared.annotation),
            "default": declared.get_default(call_default_factory=True),
            "meaning": declared.description,
            **(declared.json_schema_extra if isinstance(declared.json_schema_extra, dict) else {}),
        }
        if get_origin(declared.annotation) is Literal:
            entry["choices"] = list(get_args(declared.annotation))
        entry |= {name: about[bound] for name, bound in (("low", "minimum"), ("high", "maximum")) if bound in about}
        found.append(entry)
    return found


def _type_name(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return "choice"
    names = {int: "whole number", float: "number", bool: "true or false", str: "text"}
    return names.get(annotation, "list")
