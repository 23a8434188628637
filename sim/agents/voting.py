"""How a step is put to every council, and put again: the shared form of a decision."""

from collections.abc import Generator
from typing import Any

import simpy

from sim.packages import Package
from sim.world import World


def decide(world: World, package: Package, depth: float) -> Generator[simpy.Event, Any, bool]:
    """Put a step to each council at its next meeting; True when all agree, False when it is given up.

    A lost vote delays by at least one committee cycle; repeated losses drop the step (M-MB7).
    """
    for attempt in range(1, int(world.e("members.attempts")) + 1):
        agreed = yield world.propose(package, attempt, depth)
        if agreed:
            return True
        if world.progress.status == "dissolved":
            return False
    return False
