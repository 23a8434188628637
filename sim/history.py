"""What one replication leaves behind: facts with their time, and nothing computed from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul
from typing import NamedTuple

GAUGES = ("recurrent_saving_gbp_m", "hr_queue", "od_queue", "load")
HEADLINES = (
    "recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m", "fatigue", "engagement", "uncertainty",
    "buy_in_leaders", "buy_in_backbench", "trust", "hr_queue", "od_queue", "load",
)  # fmt: skip
PENCE_PER_GBP_M = 1e8
_SHOWN = ("fatigue", "engagement", "uncertainty", "buy_in", "trust")


class Event(NamedTuple):
    """Something that happened: when, to whom, what, why, and how much where that has a meaning."""

    month: float
    entity: str
    kind: str
    cause: str = ""
    value: float | None = None


class LedgerLine(NamedTuple):
    """Money of one month for one cause: integer pence by council, in the councils' order; costs are negative."""

    month: int
    kind: str
    cause: str
    pence: tuple[int, ...]


@dataclass(slots=True)
class PoolUse:
    """What a pool was asked for and gave: time-weighted totals over the history, in officer months."""

    busy: float = 0.0
    capacity: float = 0.0
    waited: float = 0.0
    claims: int = 0
    longest_queue: int = 0
    peak_busy: int = 0


@dataclass(slots=True)
class HeadcountAccount:
    """People of one council over the history: it balances as start + hired − leavers − redundancies."""

    start: int
    hired: int = 0
    leavers: int = 0
    redundancies: int = 0
    in_post: int = 0


@dataclass(slots=True)
class History:
    """One simulated history of one scenario.

    `states` holds the levels of all soft states, one row a month from 0 to the horizon, named by
    `state_names`; `gauges` the other monthly levels, named by GAUGES. `money` is pence by kind and month.
    """

    replication: int
    horizon: int
    councils: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    state_names: tuple[str, ...] = ()
    states: list[list[float]] = field(default_factory=list)
    gauges: list[tuple[float, ...]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    money: dict[str, dict[int, int]] = field(default_factory=dict)
    ledger: Callable[[], list[LedgerLine]] = list
    pools: dict[str, PoolUse] = field(default_factory=dict)
    headcounts: list[HeadcountAccount] = field(default_factory=list)
    planned_months: float = 0.0
    planned_packages: int = 0
    target_saving_gbp_m: float = 0.0
    ended_by: str = "horizon"
    _columns: list[tuple[float, ...]] = field(default_factory=list)

    @property
    def series(self) -> tuple[str, ...]:
        """Names of all monthly series: headlines first, then those of each council and relationship."""
        return HEADLINES + tuple(name for name in self.state_names if name.startswith(_SHOWN))

    @property
    def levels(self) -> list[tuple[float, ...]]:
        """One row a month, in the order of `series`."""
        return list(zip(*[self.column(name) for name in self.series], strict=True))

    def column(self, name: str) -> Sequence[float]:
        """One series by month; a headline without council is the mean over councils by headcount."""
        if name == "cumulative_net_saving_gbp_m":
            return self._cumulative()
        if name in GAUGES:
            return [row[GAUGES.index(name)] for row in self.gauges]
        if name in self.state_names:
            return self._transposed()[self.state_names.index(name)]
        if name == "trust":
            trusts = [self.column(state) for state in self.state_names if state.startswith("trust ")]
            return [sum(row) / len(trusts) for row in zip(*trusts, strict=True)]
        by_council = [self.column(f"{name}: {council}") for council in self.councils]
        if len(by_council) == 2:
            a, b = self.weights
            return [a * x + b * y for x, y in zip(*by_council, strict=True)]
        return [sum(map(mul, self.weights, row)) for row in zip(*by_council, strict=True)]

    def _cumulative(self) -> list[float]:
        """Net of all money before each month, from month 0 to the horizon."""
        by_month = [0] * (self.horizon + 1)
        for amounts in self.money.values():
            for month, pence in amounts.items():
                by_month[min(month + 1, self.horizon)] += pence
        return [pence / PENCE_PER_GBP_M for pence in accumulate(by_month)]

    def _transposed(self) -> list[tuple[float, ...]]:
        if len(self._columns) != len(self.state_names) or len(self._columns[0]) != len(self.states):
            self._columns = list(zip(*self.states, strict=True))
        return self._columns
