"""What the interface of the glass box sends and takes, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]


class Answer(BaseModel):
    """What the API sends: frozen, nothing beside what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ThingOut(Answer):
    """One box of the causal picture."""

    key: str
    title: str
    kind: Literal["lever", "given", "state", "result"]
    meaning: str
    files: tuple[str, ...]
    outcomes: tuple[str, ...]


class InfluenceOut(Answer):
    """One arrow: its sign, the mechanism that carries it, and the evidence it rests on."""

    source: str
    target: str
    sign: Literal["+", "-", "±"]
    mechanism: str
    evidence: tuple[str, ...]
    quantities: tuple[str, ...]
    because: str


class Causes(Answer):
    """The causal picture as data."""

    things: tuple[ThingOut, ...]
    influences: tuple[InfluenceOut, ...]


class QuantityOut(Answer):
    """One evidence quantity with its range, grade and source."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    grade: str
    source: str
    meaning: str


class EquationOut(Answer):
    """One equation in a line of text, and the function that computes it: the text is read off that function."""

    gives: str
    text: str
    form: str
    function: str


class MechanismOut(Answer):
    """One mechanism; `switch` is empty where it cannot be switched off."""

    key: str
    title: str
    says: str
    switch: str
    forms: tuple[str, ...]
    off: str
    files: tuple[str, ...]
    evidence: tuple[str, ...]
    equations: tuple[EquationOut, ...]
    quantities: tuple[QuantityOut, ...]


class LineOut(Answer):
    """A row of the evidence page."""

    id: str
    says: str
    source: str
    grade: str


class Switch(BaseModel):
    """Which mechanism is to be switched, to which form, in which plan and partnership."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mechanism: Name
    form: Name = "off"
    scenario: Name = "structure_first"
    partnership: Name = "bromsgrove_redditch"


class ShiftOut(Answer):
    """One outcome with the mechanism and without it, in words; the range is that of the verdict."""

    outcome: str
    title: str
    unit: str
    usual: str
    other: str
    difference: str
    range: str
    told_apart: bool
    histories: int


class SwitchedOut(Answer):
    """What changes with the mechanism in another form."""

    said: str
    histories: int = Field(ge=0)
    shifts: tuple[ShiftOut, ...]
