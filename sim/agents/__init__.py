"""Everyone who acts. Their order has no say: each reads what held at the last pulse, and writes what it owns."""

from sim.agents.adaptation import Adaptation
from sim.agents.budgets import Budgets
from sim.agents.delivery.commissioning import Commissioning
from sim.agents.delivery.constitution import Constitution
from sim.agents.delivery.employment import Employment
from sim.agents.delivery.enablers import Enablers
from sim.agents.delivery.failures import Failures
from sim.agents.delivery.service_levels import ServiceLevels
from sim.agents.delivery.services import Services
from sim.agents.delivery.tiers import Tiers
from sim.agents.development import Development
from sim.agents.governance import Governance
from sim.agents.hr import HrFunction
from sim.agents.managers import Managers
from sim.agents.politics.members import Members
from sim.agents.politics.partings import Partings
from sim.agents.programme_office import ProgrammeOffice
from sim.agents.progress import Progress
from sim.agents.relationships import Relationships
from sim.agents.risks import Risks
from sim.agents.shocks import Shocks
from sim.agents.staff import Staff
from sim.agents.staffing import Staffing
from sim.agents.surplus import Surplus

AGENTS = (
    *(ProgrammeOffice, Progress, Adaptation, Staffing, Surplus, Staff, Development, Governance, HrFunction, Managers),
    *(Tiers, Services, Enablers, Employment, Commissioning, Constitution),
    *(Members, Relationships, ServiceLevels, Failures, Shocks, Risks, Partings, Budgets),
)
"""All agents, in one list."""
