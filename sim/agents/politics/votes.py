"""Votes: who decides a step, what support it has, and what officers hear when they sound members out."""

from sim.agents.governance import GovernanceLevers
from sim.core import mechanisms
from sim.core.inputs.packages import ORGANISATION, PRINCIPLE, TIERS, WHOLE, Package, joint
from sim.core.world import World

JOINING = "joining: "
"""Name of the step by which a late partner comes in: it votes too."""


def at_full_council(package: Package) -> bool:
    """True for steps of full councils: principle, chief executive, single restructure, partner, employer, merger."""
    return package.kind in (ORGANISATION, PRINCIPLE) or package.name in (TIERS[0], joint(WHOLE))


def support(world: World, c: int, package: Package, depth: float, amended: int) -> float:
    """Support for a step at a council, as it stands now and as often as it has been amended."""
    e, states, governance = world.e, world.states, world.current(GovernanceLevers)
    leaders, bench = world.felt(states.index("buy_in_leaders", c)), world.felt(states.index("buy_in_backbench", c))
    by_cabinet, together = not at_full_council(package), governance.form == "joint_cabinet"
    weight = mechanisms.leaders_weight(
        *(e("members.leaders_carry"), e("members.leaders_yield"), depth),
        *(e("members.cabinet_carries"), by_cabinet, together),
    )
    found = mechanisms.support_of(weight, leaders, bench, depth, e("members.identity_threat"), world.threat[c])
    rival = package.name == TIERS[0] and not governance.other_stands_aside and c != world.given.largest
    return found + amended * e("members.amending_wins") - rival * e("governance.rival_opposes")


def chance(world: World, found: float) -> float:
    """Chance that a step with this support is carried at one council."""
    return mechanisms.vote_chance(found, world.e("members.vote_line"), world.e("members.vote_spread"))


def against(world: World, package: Package, depth: float, amended: int, time: int) -> int | None:
    """The council at which officers, sounding members out, hear that a step would be lost; None where at none."""
    e, everyone = world.e, package.name.startswith(JOINING)
    heard = e("members.sounding_error") * world.luck.normal("soundings", package.name, time)
    asked = world.councils if everyone else world.voters(package)
    doubts = {c: chance(world, support(world, c, package, depth, amended) + heard) for c in asked}
    least = min(asked, key=doubts.__getitem__)
    return least if doubts[least] < e("members.sounded_chance") else None


def called_in_at(world: World, package: Package, time: int) -> int | None:
    """The council whose scrutiny calls in the decision of its cabinet; None where none does."""
    if at_full_council(package):
        return None
    bench = {c: world.fact("buy_in_backbench", c) for c in world.voters(package)}
    c = min(bench, key=bench.__getitem__)
    likely = mechanisms.called_in(world.e("members.called_in"), bench[c])
    return c if world.happens(likely, "call-in", package.name, time) else None
