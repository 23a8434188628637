"""Lists of all declared levers, evidence quantities and mechanisms as plain dictionaries."""

from typing import Any, get_args

from sim.core.inputs.levers import entries
from sim.engine.settings import Levers, Mechanisms, Settings
from sim.plans.compose import shipped_evidence


def lever_entries() -> list[dict[str, Any]]:
    """Every lever with name, type, default, bounds or choices, unit, meaning, source and when it may change."""
    return [entry for group in Levers().by_class() for entry in entries(group)]


def evidence_entries(settings: Settings | None = None) -> list[dict[str, Any]]:
    """Every evidence quantity with value, unit, range, grade, source and meaning."""
    evidence = settings.evidence if settings else shipped_evidence()
    return [
        {"name": f"evidence.{topic}.{name}", **quantity.model_dump()}
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
