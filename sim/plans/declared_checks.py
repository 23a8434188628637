"""The lines of the assurance table as configs/assurance/checks.yaml declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from sim.plans.strict import SHIPPED

_OF_A_PATTERN = (
    "larger than its stated size with 95% confidence; a claimed one keeps its sign on three partnerships and in 70 of "
    "100 draws of the evidence; its mechanism switched off shrinks it"
)


@dataclass(frozen=True)
class CheckLine:
    """One line: its id, the heading it stands under, what it shows, what is asked of it, and why it may fall short."""

    id: str
    topic: str
    shows: str
    asked: str
    why: str = ""


@cache
def lines() -> tuple[CheckLine, ...]:
    """Every line, in the order of the table."""
    declared = yaml.safe_load((SHIPPED[0] / "assurance" / "checks.yaml").read_text(encoding="utf-8"))
    return tuple(
        CheckLine(name, topic, about["shows"], about.get("asked", _OF_A_PATTERN), about.get("why", ""))
        for topic, group in declared.items()
        for name, about in group.items()
    )
