"""The decision map: questions to settle before two authorities share, and the settings each answer changes.

Declared in configs/whatif/questions.yaml; an unanswered question stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, computed_field

from sim.plans import key_words
from sim.plans.strict import SHIPPED, read_document

AGREEMENT = "levers.governance.agreement"
AGREED = 0.5
"""Value of an open part of the agreement: half, the lever's own default."""


class MapAnswer(BaseModel):
    """One answer: its text, the values it sets by key, and whether it settles a part of the agreement."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    text: str
    sets: dict[str, bool | int | float | str] = Field(default_factory=dict)
    agreed: bool | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def words(self) -> tuple[str, ...]:
        """The settings it makes, in words."""
        told = tuple(f"{key_words.name(key)}: {key_words.said(key, value)}" for key, value in self.sets.items())
        if self.agreed is None:
            return told
        return (*told, f"one part of the agreement is {'settled' if self.agreed else 'left open'}")


class MapQuestion(BaseModel):
    """One question of the map: its number in docs/evidence.md, its importance, the evidence, and its answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    number: int
    text: str
    reason: str
    source: str
    answers: tuple[MapAnswer, ...]


def _question(name: str, answers: Mapping[str, Mapping[str, Any]], **written: Any) -> MapQuestion:
    return MapQuestion(
        name=name, answers=tuple(MapAnswer(name=each, **own) for each, own in answers.items()), **written
    )


QUESTIONS = tuple(
    _question(name, **written) for name, written in read_document(SHIPPED[0] / "whatif" / "questions.yaml").items()
)
"""The questions in order."""

BY_NAME = {question.name: question for question in QUESTIONS}


def changes(answers: Mapping[str, str]) -> dict[str, Any]:
    """Values that the answers set, by full key; KeyError for an unknown question or answer."""
    unknown = set(answers) - set(BY_NAME)
    if unknown:
        raise KeyError(min(unknown))
    given = [
        {answer.name: answer for answer in question.answers}[answers[question.name]]
        for question in QUESTIONS
        if question.name in answers
    ]
    found: dict[str, Any] = {key: value for answer in given for key, value in answer.sets.items()}
    parts = [answer.agreed for answer in given if answer.agreed is not None]
    if parts:
        count = sum(any(answer.agreed is not None for answer in question.answers) for question in QUESTIONS)
        found[AGREEMENT] = (sum(parts) + AGREED * (count - len(parts))) / count
    return found


def open_questions(answers: Mapping[str, str]) -> tuple[MapQuestion, ...]:
    """The questions without an answer."""
    return tuple(question for question in QUESTIONS if question.name not in answers)
