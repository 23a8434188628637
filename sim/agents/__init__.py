"""Everyone who acts, in the order in which their targets are refreshed."""

from sim.agents.hr import HrFunction
from sim.agents.managers import Managers
from sim.agents.members import Members
from sim.agents.programme_office import ProgrammeOffice
from sim.agents.relationships import Relationships
from sim.agents.services import Services
from sim.agents.shocks import Shocks
from sim.agents.staff import Staff

AGENTS = (ProgrammeOffice, Staff, Managers, HrFunction, Services, Members, Relationships, Shocks)
"""The one list of agents."""
