"""Published findings about each built-in partnership: statements with source ids."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sim.core.inputs.partnership import Partnership
from sim.plans.strict import SHIPPED, Library, read_document

Kind = Literal["formed", "cost", "saving", "expected", "happened"]


class Statement(BaseModel):
    """One thing the sources say; the id leads to docs/evidence.md."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Kind
    text: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    source: Annotated[str, StringConstraints(pattern=r"^([CX]-\d+|S\d+ .+)$")]


class Record(BaseModel):
    """All statements about one partnership."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    statements: Annotated[tuple[Statement, ...], Field(strict=False, min_length=1)]

    @property
    def thin(self) -> bool:
        """True if only dates of formation were published."""
        return all(statement.kind == "formed" for statement in self.statements)


@lru_cache(maxsize=1)
def built_in() -> dict[str, Partnership]:
    """Built-in partnerships by the name that users type."""
    library = Library()
    return {name: Partnership(**library.read("partnership", name)) for name in library.names("partnership")}


@lru_cache(maxsize=64)
def record_of(name: str) -> Record:
    """Published findings about a built-in partnership, read from its file."""
    return Record.model_validate(read_document(SHIPPED[0] / "published" / f"{name}.yaml"))
