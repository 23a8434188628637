"""Records of the causal diagram: things, influences between them, and equations."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from sim.pictures.causal.formulas import file_of, text_of
from sim.plans.strict import SHIPPED

Kind = Literal["lever", "given", "state", "result"]
Sign = Literal["+", "-", "±"]

SIGNS: dict[str, str] = {"+": "more", "-": "less", "±": "more or less"}
"""Word for the effect of more of the source, by sign."""
DECLARED = SHIPPED[0] / "glass"
"""Folder in which boxes, arrows, loops and mechanisms are declared."""
_CHECKED = ConfigDict(extra="forbid")
ALWAYS = "always on"
"""Text shown in place of a switch for parts of the model that cannot be switched off."""


@dataclass(frozen=True, config=_CHECKED)
class Thing:
    """One box of the diagram: a group of levers, a given fact, a state or a result.

    `column` is its place from left (chosen or given) to right (results), `files` hold the code that computes it,
    `outcomes` are the study outcomes that measure it.
    """

    key: str
    title: str
    kind: Kind
    column: int
    meaning: str
    files: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, config=_CHECKED)
class Influence:
    """One arrow: more of `source` makes more (+), less (-) or either (±) of `target`.

    `sheet` names the mechanism that carries it, `ids` the lines of the evidence page behind it (none: our
    assumption), `quantities` the evidence quantities that set its strength.
    """

    source: str
    target: str
    sign: Sign
    sheet: str
    because: str
    ids: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its identifier in URLs: load--fatigue."""
        return f"{self.source}--{self.target}"


@dataclass(frozen=True, config=_CHECKED)
class Equation:
    """One line of arithmetic: `gives` = `text`, where dotted names are evidence quantities.

    `call` names the formula of the model that computes it, with its arguments by name; `text` is
    derived from the formula itself.
    """

    gives: str
    call: str
    form: str = "on"

    @property
    def text(self) -> str:
        """The formula's computation as plain arithmetic."""
        return text_of(self.call)

    @property
    def function(self) -> str:
        """The name of the formula that computes it."""
        return self.call.partition("(")[0]

    @property
    def file(self) -> str:
        """Path in the repository of the file that defines the formula."""
        return file_of(self.function)


@dataclass(frozen=True, config=_CHECKED)
class MechanismSheet:
    """One mechanism: its claim about the world, equations, evidence, switch, rival form and the agent that holds it.

    `switch` is its name under `mechanisms.`, empty if it cannot be switched off. `quantities` are evidence
    quantities beyond those in the equations; `topic.*` means all of a topic. `where` explains the plain names
    of the equations. `off` describes the model without it, `rivals` its alternative forms.
    """

    key: str
    title: str
    says: str
    equations: tuple[Equation, ...]
    where: dict[str, str]
    ids: tuple[str, ...]
    files: tuple[str, ...]
    quantities: tuple[str, ...] = ()
    switch: str = ""
    off: str = ""
    rivals: dict[str, str] = field(default_factory=dict)
