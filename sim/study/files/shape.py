"""Expected shape of a manifest; one of another shape is refused."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.plans.study_settings import MOST_REPLICATIONS

Count = Annotated[int, Field(ge=0)]
Histories = Annotated[int, Field(ge=0, le=MOST_REPLICATIONS)]
Words = dict[str, str | None]


class _Part(BaseModel):
    """Part of a manifest with the keys that readers need; more keys are allowed."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Origin(_Part):
    versions: Words
    platform: str
    commit: str | None = None
    dirty: bool | None = None
    code: str


class _Run(_Part):
    name: str
    reason: str = ""
    replications: Histories | Literal["auto"]
    horizon_months: Count = 120
    auto_outcome: str = ""
    auto_half_width: float = 0.5
    auto_most: Histories = 0
    events: Count = 1000


class _Factor(_Part):
    key: str


class _Design(_Part):
    factors: Annotated[list[_Factor], Field(min_length=1)]


class _Cell(_Part):
    cell: str
    label: str
    scenario: str
    status: Literal["partial", "complete", "failed"]
    replications: Count = 0
    message: str | None = None
    base: Count
    varied: dict[str, Any] = Field(default_factory=dict)
    changes: dict[str, Any] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict)
    sampled: dict[str, Count] | None = None
    precision: str | None = None


class _Manifest(_Part):
    status: str
    created: str = ""
    assurance: str = ""
    digest: str | None
    seed: Count
    study: _Run
    settings_hash: str
    versions: Words = Field(default_factory=dict)
    platform: str = ""
    commit: str | None = None
    code: str
    origins: Annotated[list[_Origin], Field(min_length=1)] = Field(default_factory=list)
    chunk: Annotated[int, Field(ge=1)] = 1
    reference: str
    design: _Design | None = None
    settings: dict[str, Any]
    bases: list[dict[str, Any]]
    cells: Annotated[list[_Cell], Field(min_length=1)]
    files: dict[str, str] | None = None
    warnings: list[Any] = Field(default_factory=list)


def oddity(manifest: Mapping[str, Any]) -> str | None:
    """Deviation of a manifest from the expected shape, as the start of a sentence, or None."""
    try:
        found = _Manifest.model_validate(manifest)
    except ValidationError as error:
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in error.errors()[0]["loc"])
        return f"{place} is not what it was"
    ids = [cell.cell for cell in found.cells]
    if len(set(ids)) < len(ids):
        return "a cell stands there twice"
    if found.reference not in ids:
        return "its reference is none of its cells"
    if any(cell.base >= len(found.bases) for cell in found.cells):
        return "a cell has no base plan"
    if found.design is None and not all("changes" in entry for entry in manifest["cells"]):
        return "a cell no longer says what it changes"
    return None
