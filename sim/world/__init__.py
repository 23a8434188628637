"""What agents share: resources, inboxes, milestones and soft states. Agents meet here and nowhere else."""

from sim.world.facts import People, Progress
from sim.world.given import Given, Promise
from sim.world.meeting import Process, World
from sim.world.states import SoftStates

__all__ = ["Given", "People", "Process", "Progress", "Promise", "SoftStates", "World"]
