"""Requests and responses of the glass box API, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]


class Answer(BaseModel):
    """Base of API responses: frozen, made of the model's own parts, with no undeclared fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class ThingOut(Answer):
    """One box of the causal diagram."""

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
    mechanism: str = Field(validation_alias="sheet")
    evidence: tuple[str, ...] = Field(validation_alias="ids")
    quantities: tuple[str, ...]
    because: str


class Causes(Answer):
    """The causal diagram as data."""

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
    """One equation as a line of text, and the function that computes it, from which the text is derived."""

    gives: str
    text: str
    form: str
    function: str


class MechanismOut(Answer):
    """One mechanism; `switch` is empty if it cannot be switched off."""

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
    """Request to switch a mechanism to a form, in a plan and partnership."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mechanism: Name
    form: Name = "off"
    scenario: Name = "structure_first"
    partnership: Name = "bromsgrove_redditch"


class ShiftOut(Answer):
    """One outcome with and without the mechanism, in words, with the range behind its verdict."""

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
    """Effects of switching a mechanism to another form."""

    said: str
    histories: int = Field(ge=0)
    shifts: tuple[ShiftOut, ...]
