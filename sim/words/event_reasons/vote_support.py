"""Support for a package at a council when it was voted on, and the support needed for an even chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.agents.delivery.tiers import VOTE_DEPTH
from sim.core.inputs.packages import COMMISSION, JOINT, ORGANISATIONS, REDESIGN

if TYPE_CHECKING:
    from sim.engine.settings import Settings

Level = Callable[[str, float], float]
"""Function giving the level of a series at the start of the month of a given time."""

_DEPTHS = {
    JOINT: "members.depth_joint",
    REDESIGN: "members.depth_redesign",
    COMMISSION: "members.depth_commission",
    "terms": "members.depth_joint",
    "joining": "members.depth_joint",
    **{name: f"members.depth_{name}" for name in ORGANISATIONS},
}


@dataclass(frozen=True)
class Support:
    """Leaders' and back benchers' buy-in, their combined support for a package, and the even-chance level; 0 to 1."""

    leaders: float
    bench: float
    support: float
    line: float


def depth(package: str, settings: Settings) -> float:
    """Depth of change of a package, 0 to 1; deeper ones give more weight to back benchers and identity."""
    kind = package.partition(":")[0]
    if kind in VOTE_DEPTH:
        return VOTE_DEPTH[kind]
    if kind not in _DEPTHS:
        return 0.0
    values, found = settings.evidence_values, settings.evidence_values[_DEPTHS[kind]]
    further = kind == REDESIGN and settings.levers.sequence.ambition == "second_order"
    return found + (values["members.depth_second_order"] if further else 0.0)


def support(
    settings: Settings, level: Level, threats: Sequence[float], council: str, package: str, month: float, lost: int
) -> Support:
    """Support at the start of the month, less the effect of `lost` votes of that council earlier in it.

    `threats` is the perceived threat to identity at each council (0 to 1), in council order.
    """
    values, cut = settings.evidence_values, depth(package, settings)
    hurt = lost * values["members.lost_vote_hurts"]
    leaders = max(level(f"buy_in_leaders: {council}", month) - hurt, 0.0)
    bench = max(level(f"buy_in_backbench: {council}", month) - hurt, 0.0)
    alone = settings.levers.governance.form == "joint_cabinet"
    weight = 1.0 if alone else values["members.leaders_carry"] * (1.0 - cut)
    names = [each.name for each in settings.partnership.councils]
    threat = cut * values["members.identity_threat"] * threats[names.index(council)]
    return Support(leaders, bench, weight * leaders + (1.0 - weight) * bench - threat, values["members.vote_line"])
