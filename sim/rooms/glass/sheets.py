"""One sheet per mechanism, from configs/glass/mechanisms/: claim, equations, evidence, switch, and its agent."""

from __future__ import annotations

from typing import Any

from sim.pictures.causal.parts import DECLARED, Equation, MechanismSheet
from sim.plans.strict import read_document


def _sheet(key: str, equations: dict[str, str], **written: Any) -> MechanismSheet:
    lines = [Equation(*_gives(name, call)) for name, call in equations.items()]
    return MechanismSheet(key=key, equations=tuple(lines), **written)


def _gives(name: str, call: str) -> tuple[str, str, str]:
    """The parts of an equation; one of a rival form is written `speed [queueing]`."""
    gives, _, form = name.removesuffix("]").partition(" [")
    return gives, call, form or "on"


SHEETS: dict[str, MechanismSheet] = {
    key: _sheet(key, **written)
    for file in ("change", "staff", "deciders", "ends")
    for key, written in read_document(DECLARED / "mechanisms" / f"{file}.yaml").items()
}
"""All sheets by key, in reading order."""
