"""Strict reader of workshop files (cards, roles, news, packs), with file and line in every error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sim.core.refusal import Place, refusal, siblings
from sim.plans.strict import SHIPPED, Document, read_located

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Source = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}-?[A-Z0-9]{1,12}$")]
Sources = Annotated[tuple[Source, ...], Field(strict=False, min_length=1, max_length=8)]
COMMON = SHIPPED[0] / "workshop"
PACKS = SHIPPED[1] / "workshop"
Model = TypeVar("Model", bound="PackPart")


class PackPart(BaseModel):
    """Base of the records in workshop files: immutable, unknown keys rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def several(model: type[Model], path: Path) -> dict[str, Model]:
    """Read a file of named entries of one kind, in file order; each entry is given its own name."""
    document = read_located(path)
    return {name: _one(model, {"name": name, **content}, path, document, (name,)) for name, content in _named(document)}


def single(model: type[Model], path: Path) -> Model:
    """Read a file with one entry, named after the file."""
    document = read_located(path)
    return _one(model, {"name": path.stem, **document.content}, path, document, ())


def _named(document: Document) -> list[tuple[str, dict[str, Any]]]:
    return [(name, content if isinstance(content, dict) else {}) for name, content in document.content.items()]


def _one(model: type[Model], content: Mapping[str, Any], path: Path, document: Document, at: tuple[str, ...]) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:

        def where(key: Place) -> str:
            return document.where(path, (*at, *key))

        inside = "".join(f"{part}." for part in at)
        raise refusal(error, lambda _: None, lambda key: siblings(key, model), inside, where) from None
