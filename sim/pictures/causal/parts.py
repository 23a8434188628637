"""Records of the causal diagram: things, influences between them, and equations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from sim.pictures.causal.formulas import file_of, text_of

Kind = Literal["lever", "given", "state", "result"]
Sign = Literal["+", "-", "±"]

SIGNS: dict[str, str] = {"+": "more", "-": "less", "±": "more or less"}
"""Word for the effect of more of the source, by sign."""
ALWAYS = "always on"
"""Text shown in place of a switch for parts of the model that cannot be switched off."""


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Influence:
    """One arrow: more of `source` makes more (+), less (-) or either (±) of `target`.

    `sheet` names the mechanism that carries it, `ids` the lines of the evidence page behind it (none: our
    assumption), `quantities` the evidence quantities that set its strength.
    """

    source: str
    target: str
    sign: Sign
    sheet: str
    ids: tuple[str, ...]
    quantities: tuple[str, ...]
    because: str

    @property
    def key(self) -> str:
        """Its identifier in URLs: load--fatigue."""
        return f"{self.source}--{self.target}"


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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
    rivals: tuple[tuple[str, str], ...] = ()


def records(text: str) -> Iterator[tuple[list[str], str]]:
    """Rows of a table in text: fields with bars between them, and the sentence that follows a `=`.

    A row may go on over several lines, which are then indented.
    """
    for row in re.split(r"\n(?! )", text.strip()):
        fields, _, sentence = " ".join(row.split()).partition(" = ")
        yield [field.strip() for field in fields.split("|")], sentence


def influences(text: str) -> tuple[Influence, ...]:
    """Arrows from rows of `source sign target | sheet | ids | quantities = reason in words`."""
    made = []
    for (arrow, sheet, ids, quantities), because in records(text):
        source, sign, target = arrow.split()
        made.append(
            Influence(source, target, cast(Sign, sign), sheet, tuple(ids.split()), tuple(quantities.split()), because)
        )
    return tuple(made)
