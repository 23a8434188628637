"""Decisions of the councils' members on a step: delegated, or sounded out, amended and put to the vote."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.agents.governance import GovernanceLevers
from sim.agents.politics.votes import JOINING, against, called_in_at
from sim.agents.programme_office import PaceLevers
from sim.core.inputs.packages import CHANGES, ENABLER, JOINT, TERMS, Package
from sim.core.mechanisms import product
from sim.core.world import World

Decision = Generator[simpy.Event, Any, bool]
DELEGATED = (JOINT, ENABLER, TERMS, *CHANGES)
"""Kinds that a joint committee or a company's board may decide in the councils' place (D-GOVERN)."""


def decide(world: World, package: Package, depth: float) -> Decision:
    """Have a step decided. True when all agree, false when it is given up.

    The more pairs of councils, the longer they take to align before it (D-PARTNERS). What has been delegated is
    decided by the joint body, other steps at each council's next meeting (M-MB7).
    """
    e = world.e
    burden = product(e("governance.burden_delays"), world.fact("coordination"))
    if burden:
        yield world.env.timeout(burden)
    form = world.current(GovernanceLevers).form
    if form in ("joint_committee", "company_board") and package.kind in DELEGATED:
        yield world.env.timeout(e("governance.delegated_months"))
        return True
    if aligning := product(e("governance.aligning_months"), world.further_pairs()):
        yield world.env.timeout(aligning)
    agreed = yield from put_to_vote(world, package, depth)
    if not agreed and world.status == "running":
        world.tell("given_up")
    return agreed


def put_to_vote(world: World, package: Package, depth: float) -> Decision:
    """Sound members out, amend what looks lost, longer each time, and put the rest to the vote, or give it up."""
    e, held, lost = world.e, 0, 0
    cycle, everyone = e("time.committee_cycle"), package.name.startswith(JOINING)
    while lost < e("members.attempts"):
        while world.current(PaceLevers).votes_held or world.under_notice:
            yield world.env.timeout(cycle)
        if world.status == "dissolved":
            return False
        doubtful = against(world, package, depth, held + lost, held + lost)
        if doubtful is not None and held >= e("members.held_back_most"):
            return False
        if doubtful is not None:
            held += 1
            world.tell("held_back", package, doubtful)
            yield world.env.timeout(cycle * held)
        elif not (yield world.propose(package, lost + 1, depth, amended=held + lost, everyone=everyone)):
            lost += 1
        elif not (yield from called_in(world, package, held)):
            return world.status != "dissolved"
        else:
            held += 1
    return False


def called_in(world: World, package: Package, time: int) -> Decision:
    """Scrutiny may call the decision in, which costs a meeting; True where the report goes back to be amended."""
    c = called_in_at(world, package, time)
    if c is None:
        return False
    world.record(world.names[c], "called in", package.name)
    yield world.env.timeout(world.e("time.committee_cycle"))
    return world.happens(world.e("members.call_in_upheld"), "call-in upheld", package.name, time)
