"""All fixed inputs of a world under one scenario, and the promised business case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import fsum
from typing import Any

from sim.core.clock import Clock
from sim.core.inputs.levers import LeverGroup
from sim.core.inputs.packages import Package
from sim.core.inputs.partnership import Partnership, Service
from sim.core.mechanisms import prize_left

PRIZE_SPENT_BY = 0.4
"""Share of expenditure cut earlier that leaves nothing to save (assumption: about ten lean years of cuts)."""


@dataclass(frozen=True)
class Promise:
    """The business case: results of the programme in a world without friction.

    By month from 0: annual saving in pence, and the share of packages finished.
    """

    months: float = 0.0
    saving: tuple[float, ...] = ()
    finished: tuple[float, ...] = ()
    target: float = 0.0

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """Promised annual saving by month, as a share of the target."""
        return tuple(saving / self.target for saving in self.saving)

    def share_by(self, now: float) -> float:
        """Promised annual saving at a month, as a share of the target; beyond the last month, its value there."""
        if not self.saving:
            return 0.0
        return self.shares[int(now)] if now < len(self.shares) else self.shares[-1]

    def finished_by(self, now: float) -> float:
        """Share of packages that should be finished by a month."""
        if not self.finished:
            return 0.0
        at = int(now)
        return self.finished[at] if at < len(self.finished) else self.finished[-1]


@dataclass(frozen=True)
class Given:
    """All inputs of a world, fixed for one scenario; derived values are computed once."""

    partnership: Partnership
    services: Mapping[str, Service]
    evidence: Mapping[str, float]
    """Values by 'topic.name', neutral where a mechanism is switched off (`sim.core.switches`)."""
    switches: Mapping[str, str]
    levers: Mapping[type[LeverGroup], LeverGroup]
    """Levers in force at the start, neutral where a mechanism is switched off."""
    horizon: int
    pulse: float
    promise: Promise
    plan: Callable[[Mapping[str, float]], tuple[Package, ...]]
    sharing: tuple[float, ...]
    """Each council's share of costs and savings, by the rule agreed."""
    talks: int = 0
    """Months of talks before month 0."""
    uplift: float = 0.0
    """Optimism bias added to one-off costs."""
    shocks: tuple[tuple[int, str, str | None], ...] = ()
    decisions: tuple[tuple[float, Mapping[str, Any]], ...] = ()
    """Dated changes of levers, by month."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The councils' names, in order."""
        return tuple(council.name for council in self.partnership.councils)

    @cached_property
    def prize_left(self) -> float:
        """Share of the saving potential that remains after each council's earlier cuts (M-PT5)."""
        cuts = [c.earlier_cuts_share * c.service_expenditure_gbp_m for c in self.partnership.councils]
        return prize_left(fsum(cuts) / self.partnership.expenditure_gbp_m, PRIZE_SPENT_BY)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs of councils in alphabetical order, so that the file's order has no effect."""
        return tuple(combinations(sorted(self.names), 2))

    @cached_property
    def largest(self) -> int:
        """Position of the council with most staff, which provides a single lead chief executive; ties by name."""
        councils = self.partnership.councils
        return max(range(len(councils)), key=lambda c: (councils[c].headcount, councils[c].name))

    @cached_property
    def headcount_shares(self) -> tuple[float, ...]:
        """Each council's share of total headcount."""
        return self.partnership.headcount_shares

    @cached_property
    def expenditure_shares(self) -> tuple[float, ...]:
        """Each council's share of total service expenditure."""
        return self.partnership.expenditure_shares

    @cached_property
    def elections(self) -> tuple[tuple[int, ...], ...]:
        """Months of each council's elections."""
        clock = Clock(self.partnership.start_year, self.partnership.start_month)
        return tuple(clock.elections(council, self.horizon) for council in self.partnership.councils)

    @cached_property
    def staff_sizes(self) -> dict[str, float]:
        """Each service's share of staff, before luck."""
        weights = {name: service.staff_weight for name, service in self.services.items()}
        total = fsum(weights.values())
        return {name: weight / total for name, weight in weights.items()}
