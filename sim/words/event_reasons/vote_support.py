"""Support for a package at a council when it was voted on, and the support needed for an even chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.agents.delivery.tiers import VOTE_DEPTH
from sim.core.inputs.packages import COMMISSION, JOINT, ORGANISATIONS, REDESIGN, TIERS
from sim.core.mechanisms import leaders_weight, support_of

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
    settings: Settings,
    level: Level,
    threats: Sequence[float],
    council: str,
    package: str,
    month: float,
    hurt: float,
    amended: int,
) -> Support:
    """Support for a report as often amended, at the start of the month less what that council lost earlier in it.

    `threats` is the perceived threat to identity at each council (0 to 1), in council order.
    """
    values, cut, governance = settings.evidence_values, depth(package, settings), settings.levers.governance
    leaders = max(level(f"buy_in_leaders: {council}", month) - hurt, 0.0)
    bench = max(level(f"buy_in_backbench: {council}", month) - hurt, 0.0)
    full = package == TIERS[0] or package in ORGANISATIONS or package.startswith("joining")
    weight = leaders_weight(
        *(values["members.leaders_carry"], values["members.leaders_yield"], cut),
        *(values["members.cabinet_carries"], not full, governance.form == "joint_cabinet"),
    )
    councils = settings.partnership.councils
    c, largest = [each.name for each in councils].index(council), max(councils, key=lambda c: (c.headcount, c.name))
    found = support_of(weight, leaders, bench, cut, values["members.identity_threat"], threats[c])
    rival = package == TIERS[0] and not governance.other_stands_aside and council != largest.name
    found += amended * values["members.amending_wins"] - rival * values["governance.rival_opposes"]
    return Support(leaders, bench, found, values["members.vote_line"])
