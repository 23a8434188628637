"""Lines of the assurance table, as declared in configs/assurance/checks.yaml."""

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
    """One line: id, heading, claim, target, and reason that it may fall short."""

    id: str
    topic: str
    shows: str
    asked: str
    why: str = ""


@cache
def lines() -> tuple[CheckLine, ...]:
    """All lines, in table order."""
    declared = yaml.safe_load((SHIPPED[0] / "assurance" / "checks.yaml").read_text(encoding="utf-8"))
    return tuple(
        CheckLine(name, topic, about["shows"], about.get("asked", _OF_A_PATTERN), about.get("why", ""))
        for topic, group in declared.items()
        for name, about in group.items()
    )
