"""Variants of base settings with other levers and evidence values: composed once, merged for each cell."""

from collections.abc import Mapping
from functools import lru_cache
from json import dumps
from typing import Any

from sim.core.inputs.quantity import Quantity
from sim.engine.settings import Levers, Settings
from sim.plans.compose import OVERRIDDEN, content_of, hash_of_json

_BEFORE, _AFTER = len("evidence."), -len(".value")


def variant(base: Settings, changes: Mapping[str, Any]) -> Settings:
    """`base` with some `levers.<group>.<lever>` and `evidence.<topic>.<quantity>.value` replaced and checked.

    Costs a small part of composing the same from files. Raises ValueError (pydantic's among them) where a
    value or the whole is not allowed, KeyError where there is no such key.
    """
    if not changes:
        return base
    levers, evidence = _sorted_out(changes)
    topics = {**base.evidence, **{topic: _topic(base, topic, own) for topic, own in evidence.items()}}
    made = _with(base, levers, topics)
    if levers:
        made.check()
    return made


def to_run(base: Settings, changes: Mapping[str, Any]) -> Settings:
    """Settings that give the same histories as `variant`, cheaply, for changes checked before.

    Only `evidence_values` has the new values; the quantities themselves keep their old ones.
    """
    made = _with(base, _sorted_out(_of_levers(changes))[0], base.evidence)
    moved = {key[_BEFORE:_AFTER]: float(value) for key, value in changes.items() if key.endswith(".value")}
    made.set_evidence_values(base.evidence_values | moved)
    return made


def _of_levers(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if key.startswith("levers.")}


def _with(
    base: Settings, levers: Mapping[str, Mapping[str, Any]], evidence: Mapping[str, Mapping[str, Quantity]]
) -> Settings:
    """Settings with these levers and this evidence replaced."""
    parts = {name: getattr(base, name) for name in Settings.model_fields} | {"evidence": evidence}
    if levers:
        parts["levers"] = _levers(base.levers, levers)
    made = Settings.model_construct(**parts)
    made.share_plan(base)
    return made


def _sorted_out(changes: Mapping[str, Any]) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Changes split into levers by group and evidence by topic."""
    found: dict[str, dict[str, dict[str, Any]]] = {"levers": {}, "evidence": {}}
    for key, value in changes.items():
        part, group, name = _place(key)
        found[part].setdefault(group, {})[name] = value
    return found["levers"], found["evidence"]


@lru_cache(maxsize=4096)
def _place(key: str) -> tuple[str, str, str]:
    """Part, group and name of a key. Raises KeyError if no lever or quantity has it."""
    part, group, name, *rest = key.split(".") + [""] * (2 - key.count("."))
    if part not in ("levers", "evidence") or rest != ([] if part == "levers" else ["value"]):
        raise KeyError(key)
    return part, group, name


def _levers(base: Levers, changes: Mapping[str, Mapping[str, Any]]) -> Levers:
    groups = {name: getattr(base, name) for name in Levers.model_fields}
    for name, own in changes.items():
        groups[name] = type(groups[name]).model_validate(groups[name].model_dump() | dict(own))
    return Levers.model_construct(**groups)


def _topic(base: Settings, topic: str, changes: Mapping[str, Any]) -> dict[str, Quantity]:
    quantities = dict(base.evidence[topic])
    for name, value in changes.items():
        quantities[name] = quantities[name].overridden(value, OVERRIDDEN)
    return quantities


class Ids:
    """Ids of the variants of one base, equal to `cell_id` but cheaper."""

    def __init__(self, base: Settings) -> None:
        self.base = base
        content = content_of(base)
        self.levers = content["levers"]
        self.json = {name: dumps(part, sort_keys=True) for name, part in content.items()}
        self.evidence = {name: f"{dumps(name)}: {value!r}" for name, value in sorted(content["evidence"].items())}
        self.quantities = {
            f"evidence.{topic}.{name}.value": (f"{topic}.{name}", quantity.low, quantity.high)
            for topic, group in base.evidence.items()
            for name, quantity in group.items()
        }

    def of(self, changes: Mapping[str, Any]) -> str:
        """Id of the variant with these changes, which are checked as in `variant`."""
        levers = _of_levers(changes)
        parts = dict(self.json)
        if levers:
            made = variant(self.base, levers).levers
            own = {name: getattr(made, name).model_dump(mode="json") for name in _sorted_out(levers)[0]}
            parts["levers"] = dumps({**self.levers, **own}, sort_keys=True)
        if len(levers) < len(changes):
            parts["evidence"] = self._evidence(
                {k: changes[k] for k in changes if k not in levers} if levers else changes
            )
        return hash_of_json(parts)

    def _evidence(self, changes: Mapping[str, Any]) -> str:
        """All evidence as JSON, quantities in the order of their names."""
        lines = dict(self.evidence)
        for key, value in changes.items():
            name, low, high = self.quantities[key]
            allowed = type(value) is float and low <= value <= high
            lines[name] = f'"{name}": {value if allowed else self._checked(name, value)!r}'
        return "{" + ", ".join(lines.values()) + "}"

    def _checked(self, name: str, value: Any) -> float:
        topic, _, quantity = name.partition(".")
        return self.base.evidence[topic][quantity].overridden(value, OVERRIDDEN).value
