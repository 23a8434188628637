"""Differences between scenarios in words, for labels and summaries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.engine.settings import Settings


def values(settings: Settings) -> dict[str, Any]:
    """Every value a user can set, by its full key: levers, evidence, mechanisms, partnership, horizon."""
    content = settings.model_dump(mode="json")
    facts = content["partnership"]
    found: dict[str, Any] = {"partnership": facts["name"]}
    found |= {f"partnership.{name}": facts[name] for name in ("start_year", "start_month")}
    for part in ("levers", "evidence", "mechanisms"):
        found.update(_leaves(part, content[part]))
    found["study.horizon_months"] = content["horizon_months"]
    return found


def differing(settings: Sequence[Settings]) -> list[dict[str, Any]]:
    """Values in which several plans differ, by full key, for each plan."""
    every = [values(each) for each in settings]
    keys = list(dict.fromkeys(key for found in every for key in found))
    moving = [key for key in keys if any(found.get(key) != every[0].get(key) for found in every)]
    if "partnership" in moving:
        moving = [key for key in moving if not key.startswith("partnership.")]
    return [{key: found.get(key) for key in moving} for found in every]


def in_words(settings: Settings, reference: Settings) -> str:
    """Difference from a reference in words: "months between waves 2, hr posts 3"; empty if there is none."""
    own, _ = differing([settings, reference])
    return words(own)


def words(varied: Mapping[str, Any]) -> str:
    """Values by key in plain words."""
    return ", ".join(_said(key, value) for key, value in varied.items())


def _leaves(key: str, content: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(content, dict):
        yield key, json.dumps(content) if isinstance(content, list) else content
    elif "value" in content and "unit" in content:
        yield f"{key}.value", content["value"]
    else:
        for name, inner in content.items():
            yield from _leaves(f"{key}.{name}", inner)


def _said(key: str, value: Any) -> str:
    if key == "partnership":
        return str(value)
    name = key.removesuffix(".value").rpartition(".")[2].replace("_", " ")
    shape = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return f"{name} {shape.replace('_', ' ')}"
