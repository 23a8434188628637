"""Declared levers, evidence quantities, mechanisms and lines of the assurance table, as plain lists."""

from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from sim.core.inputs.levers import entries
from sim.core.inputs.shipped import shipped
from sim.engine.settings import Levers, Mechanisms, Settings
from sim.plans.compose import shipped_evidence


def lever_entries() -> list[dict[str, Any]]:
    """Every lever with name, type, default, bounds or choices, unit, meaning, source and when it may change."""
    return [entry for group in Levers().by_class() for entry in entries(group)]


def evidence_entries(settings: Settings | None = None) -> list[dict[str, Any]]:
    """Every evidence quantity with value, unit, range, grade, source and meaning."""
    evidence = settings.evidence if settings else shipped_evidence()
    return [
        {"name": f"evidence.{topic}.{name}", **quantity.model_dump(exclude={"zero_without"})}
        for topic, group in evidence.items()
        for name, quantity in group.items()
    ]


def mechanism_entries() -> list[dict[str, Any]]:
    """Every mechanism with its switch and meaning."""
    return [
        {
            "name": f"mechanisms.{name}",
            "choices": list(get_args(field.annotation)),
            "default": "on",
            "meaning": field.description,
        }
        for name, field in Mechanisms.model_fields.items()
    ]


_OF_A_PATTERN = (
    "larger than its stated size with 95% confidence; a claimed one keeps its sign on three partnerships and in 70 of "
    "100 draws of the evidence; its mechanism switched off shrinks it"
)


@dataclass(frozen=True)
class CheckLine:
    """One line: id, heading, claim, target, and reason that it may fall short."""

    id: str
    topic: str
    shows: str
    asked: str
    why: str = ""


@cache
def lines() -> tuple[CheckLine, ...]:
    """All lines, in table order."""
    declared = shipped("assurance", "checks.yaml")
    return tuple(
        CheckLine(name, topic, about["shows"], about.get("asked", _OF_A_PATTERN), about.get("why", ""))
        for topic, group in declared.items()
        for name, about in group.items()
    )
