"""All fixed inputs of a world under one scenario, and the promised business case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import fsum
from typing import Any

from sim.core.clock import Clock
from sim.core.inputs.arrangements import Arrangement
from sim.core.inputs.levers import LeverGroup
from sim.core.inputs.packages import Package, shared_already
from sim.core.inputs.partnership import Partnership, Service
from sim.core.mechanisms import place_effect, prize_left, product

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
    arrangements: Mapping[str, Arrangement] = field(default_factory=dict)
    """What is agreed of single services, where not all councils share them alike."""
    talks: int = 0
    """Months of talks before month 0."""
    stands_aside: bool = True
    """True if the other chief executives agree to stand aside."""
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
    def prize(self) -> float:
        """Saving potential against the usual: what cuts made alone have left (M-PT5), at a place that differs."""
        cuts = [c.earlier_cuts_share * c.service_expenditure_gbp_m for c in self.partnership.councils]
        left = prize_left(fsum(cuts) / self.partnership.expenditure_gbp_m, PRIZE_SPENT_BY)
        e = self.evidence.__getitem__
        return product(place_effect(e("places.saving_spread"), e("places.saving")), left)

    @cached_property
    def pace(self) -> float:
        """Pace of stages at this place against the usual."""
        e = self.evidence.__getitem__
        return place_effect(e("places.pace_spread"), e("places.pace"))

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
    def sharers(self) -> dict[str, tuple[int, ...]]:
        """Places of the councils that share a service, for each service that not all of them share."""
        chosen = {name: own.shared_by for name, own in self.arrangements.items() if own.shared_by}
        return {name: tuple(map(self.names.index, sharing)) for name, sharing in chosen.items()}

    def parts(self, shares: Sequence[float]) -> tuple[float, ...]:
        """Each council's part of all that is shared, where each service goes to its own sharers in these proportions.

        Services weigh by their usual cost.
        """
        if not self.sharers:
            return tuple(shares)
        found, whole = [0.0] * len(shares), 0.0
        for name, service in self.services.items():
            among = self.sharers.get(name, range(len(shares)))
            total = fsum(shares[c] for c in among)
            if name in self.kept_apart or not total:
                continue
            whole += service.spend_weight
            for c in among:
                found[c] += service.spend_weight * shares[c] / total
        return tuple(part / whole for part in found) if whole else tuple(shares)

    @cached_property
    def kept_apart(self) -> frozenset[str]:
        """Services that are not shared."""
        return frozenset(name for name, own in self.arrangements.items() if own.apart)

    def touched(self, services: Iterable[str]) -> float:
        """Share of all staff who work in these services, at the councils that share them."""
        sizes, heads = self.staff_sizes, self.headcount_shares
        return fsum(
            [
                sizes[name] * fsum([heads[c] for c in self.sharers[name]]) if name in self.sharers else sizes[name]
                for name in services
            ]
        )

    def with_outsider(self, services: Iterable[str]) -> float:
        """Share of these services, by their usual cost, in which an outsider takes part."""
        costs = {name: self.services[name].spend_weight for name in services}
        theirs = {name for name, own in self.arrangements.items() if own.outsider}
        return fsum([cost for name, cost in costs.items() if name in theirs]) / fsum(costs.values())

    @cached_property
    def reached_at_start(self) -> frozenset[str]:
        """Milestones of what is shared at the start."""
        done = shared_already(self.partnership.start_state)
        return frozenset(f"{step} {name}" for name in done for step in ("formed", "finished"))

    @cached_property
    def elections(self) -> tuple[tuple[int, ...], ...]:
        """Months of each council's elections; where they are switched off there are none to keep clear of either."""
        if self.switches["elections"] == "off":
            return tuple(() for _ in self.names)
        clock = Clock(self.partnership.start_year, self.partnership.start_month)
        return tuple(clock.elections(council, self.horizon) for council in self.partnership.councils)

    @cached_property
    def old_law_until(self) -> int:
        """Month in which 45 days replaced 90 as the consultation on a hundred redundancies or more: April 2013."""
        return Clock(self.partnership.start_year, self.partnership.start_month).month_of(2013, 4)

    @cached_property
    def staff_sizes(self) -> dict[str, float]:
        """Each service's share of staff, before luck."""
        weights = {name: service.staff_weight for name, service in self.services.items()}
        total = fsum(weights.values())
        return {name: weight / total for name, weight in weights.items()}
