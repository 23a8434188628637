"""Records of one replication: dated facts, with no figures computed from them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from math import fsum
from operator import mul
from typing import Any, NamedTuple, cast

from sim.core.inputs.going_alone import Alone, Attributed, attributed

GAUGES = ("recurrent_saving_gbp_m", "hr_queue", "od_queue", "load", "coordination")
HEADLINES = (
    "recurrent_saving_gbp_m",
    "cumulative_net_saving_gbp_m",
    "fatigue",
    "engagement",
    "uncertainty",
    "buy_in_leaders",
    "buy_in_backbench",
    "trust",
    "hr_queue",
    "od_queue",
    "load",
)
PENCE_PER_GBP_M = 1e8
BY_COUNCIL = ("recurrent_saving_gbp_m", "cumulative_net_saving_gbp_m")
"""Money of each council, beside that of all together."""
ATTRIBUTED = ("net_of_going_alone_gbp_m", "cuts_avoided_gbp_m")
"""What each council has gained so far beyond what it would have done alone: net saving, and cuts avoided."""
ABSORBED = "merged with the councils"
"""Cause recorded when a joint team is dropped because a merger of the councils made it needless."""
_SHOWN = ("fatigue", "engagement", "uncertainty", "buy_in", "trust")


Fact = tuple[float, str, str, str, float | None]
"""One recorded event as a plain tuple, for speed: the fields of `Event`."""


class Event(NamedTuple):
    """One event of a history: time, kind, entity, cause, and a value where that has a meaning."""

    month: float
    entity: str
    kind: str
    cause: str = ""
    value: float | None = None


class LedgerLine(NamedTuple):
    """Money of one month for one cause: whole pence by council, in the councils' order. Costs are negative."""

    month: int
    kind: str
    cause: str
    pence: tuple[int, ...]


@dataclass(slots=True)
class PoolUse:
    """Demand on a pool and its use, as time-weighted totals over the history in officer months."""

    busy: float = 0.0
    capacity: float = 0.0
    waited: float = 0.0
    claims: int = 0
    longest_queue: int = 0

    @property
    def in_use(self) -> float:
        """Share of the capacity that was in use; nought where there was none."""
        return self.busy / self.capacity if self.capacity else 0.0

    @property
    def mean_wait(self) -> float | None:
        """Mean wait for an officer in months; None if nobody asked for one."""
        return self.waited / self.claims if self.claims else None

    peak_busy: int = 0


@dataclass(slots=True)
class HeadcountAccount:
    """People of one council over the history; it balances as in `expected`.

    `redundancies` are all paid exits as planned, `beyond_plan` those that an open offer drew besides, whose
    posts are filled again; `transferred` went to contractors; `redeployed` found another post inside.
    """

    start: int
    hired: int = 0
    leavers: int = 0
    redundancies: int = 0
    beyond_plan: int = 0
    transferred: int = 0
    redeployed: int = 0
    in_post: int = 0

    @property
    def expected(self) -> int:
        """Expected number of people in post: the start and all movements."""
        return self.start + self.hired - self.leavers - self.redundancies - self.beyond_plan - self.transferred


@dataclass(slots=True)
class History:
    """One simulated history of one scenario.

    `money` is pence by kind and month.
    `shares` are those in force in each month, by council; `borne` what a council paid or saved outside what all
    share, in pence by month; `rate_among` what flows to it so, in pence a year by month.
    """

    replication: int
    horizon: int
    councils: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    state_names: tuple[str, ...] = ()
    grid: Any = field(default_factory=list)
    """Levels of soft states by month (a row each): a list of rows, or a table converted when first read."""
    gauge_grid: Any = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    money: dict[str, dict[int, int]] = field(default_factory=dict)
    ledger: Callable[[], list[LedgerLine]] = list
    saving_by_cause: dict[str, float] = field(default_factory=dict)
    """Recurrent saving at the horizon by cause, £m a year."""
    shares: list[tuple[float, ...]] = field(default_factory=list)
    borne: dict[int, dict[int, int]] = field(default_factory=dict)
    rate_among: dict[int, list[float]] = field(default_factory=dict)
    pools: dict[str, PoolUse] = field(default_factory=dict)
    headcounts: list[HeadcountAccount] = field(default_factory=list)
    planned_months: float = 0.0
    planned_packages: int = 0
    target_saving_gbp_m: float = 0.0
    ended_by: str = "horizon"
    alone: list[Alone] = field(default_factory=list)
    """What each council would have done alone."""
    _columns: dict[str, Sequence[float]] = field(default_factory=dict, init=False)
    _attributed: list[Attributed] = field(default_factory=list, init=False)
    _months: int = field(default=0, init=False)
    _events: list[Event] = field(default_factory=list, init=False)
    _by_kind: dict[str, list[Fact]] = field(default_factory=dict, init=False)
    _grouped: int = field(default=0, init=False)

    @property
    def states(self) -> list[Sequence[float]]:
        """Levels of all soft states, one row a month from 0 to the horizon, in the order of `state_names`."""
        self.grid = _as_rows(self.grid)
        return cast("list[Sequence[float]]", self.grid)

    @property
    def gauges(self) -> list[Sequence[float]]:
        """Monthly levels other than soft states, one row a month, in the order of GAUGES."""
        self.gauge_grid = _as_rows(self.gauge_grid)
        return cast("list[Sequence[float]]", self.gauge_grid)

    @property
    def events(self) -> Sequence[Event]:
        """All events of the history in time order."""
        known = len(self._events)
        if known != len(self.facts):
            self._events += map(Event._make, self.facts[known:])
        return self._events

    @property
    def series(self) -> tuple[str, ...]:
        """Names of all monthly series: headlines first, then those of each council and relationship."""
        states = (name for name in self.state_names if name.startswith(_SHOWN))
        known = (*BY_COUNCIL, *ATTRIBUTED) if self.alone else BY_COUNCIL
        money = (f"{name}: {council}" for name in known for council in self.councils)
        return (*HEADLINES, *states, *money)

    @property
    def levels(self) -> list[tuple[float, ...]]:
        """One row a month, in the order of `series`."""
        return list(zip(*[self.column(name) for name in self.series], strict=True))

    def column(self, name: str) -> Sequence[float]:
        """One series by month; a headline without council is the mean over councils by headcount."""
        if self._months != len(self.grid):
            self._months, self._columns = len(self.grid), {}
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = self._read(name)
        return column

    def of_kind(self, kind: str) -> Sequence[Event]:
        """The events of one kind, in order."""
        if self._grouped != len(self.facts):
            groups: defaultdict[str, list[Fact]] = defaultdict(list)
            for fact in self.facts:
                groups[fact[2]].append(fact)
            self._by_kind, self._grouped = dict(groups), len(self.facts)
        return [Event._make(fact) for fact in self._by_kind.get(kind, ())]

    def net_by_month(self) -> list[int]:
        """Net pence by month up to the horizon: income less expenditure."""
        months, nothing = range(self.horizon), repeat(0)
        kinds = [map(amounts.get, months, nothing) for amounts in self.money.values()]
        return list(map(sum, zip(repeat(0, self.horizon), *kinds)))

    def _read(self, name: str) -> Sequence[float]:
        """A monthly series as recorded, or computed from recorded series."""
        if name in self.state_names:
            return _column(self.grid, self.state_names.index(name))
        return _column(self.gauge_grid, GAUGES.index(name)) if name in GAUGES else self._derived(name)

    def council_net_by_month(self, council: int) -> list[float]:
        """Net pence of one council by month: its share of shared money, less payments of its own."""
        own = [self.borne.get(council, {}).get(month, 0) for month in range(self.horizon)]
        alone = [sum(paid.get(month, 0) for paid in self.borne.values()) for month in range(self.horizon)]
        months = zip(self.net_by_month(), alone, own, self.shares)
        return [(net - others) * shares[council] + paid for net, others, paid, shares in months]

    def _of_council(self, name: str, council: int) -> Sequence[float]:
        if name == "cumulative_net_saving_gbp_m":
            return [pence / PENCE_PER_GBP_M for pence in accumulate(self.council_net_by_month(council), initial=0.0)]
        shares, own = [*self.shares, *self.shares[-1:]], self.rate_among
        if not own:
            return [value * share[council] for value, share in zip(self.column(name), shares)]
        apart = [0.0, *(fsum(rates) / PENCE_PER_GBP_M for rates in zip(*own.values(), strict=True))]
        mine = [0.0, *(rate / PENCE_PER_GBP_M for rate in own.get(council, [0.0] * len(apart)))]
        found = zip(self.column(name), shares, apart, mine)
        return [(value - others) * share[council] + added for value, share, others, added in found]

    @property
    def attributed(self) -> list[Attributed]:
        """What sharing has brought each council beyond going alone, by month."""
        if not self._attributed:
            rate, net = BY_COUNCIL
            self._attributed = [
                attributed(own, self.column(f"{rate}: {council}"), self.column(f"{net}: {council}"))
                for council, own in zip(self.councils, self.alone)
            ]
        return self._attributed

    def _derived(self, name: str) -> Sequence[float]:
        whole, _, council = name.partition(": ")
        if whole in BY_COUNCIL and council:
            return self._of_council(whole, self.councils.index(council))
        if whole in ATTRIBUTED and council:
            return self.attributed[self.councils.index(council)][ATTRIBUTED.index(whole)]
        if name == "cumulative_net_saving_gbp_m":
            return [pence / PENCE_PER_GBP_M for pence in accumulate(self.net_by_month(), initial=0)]
        if name == "trust":
            trusts = [self.column(state) for state in self.state_names if state.startswith("trust ")]
            return [fsum(row) / len(trusts) for row in zip(*trusts, strict=True)]
        if f"{name}: {self.councils[0]}" not in self.state_names:
            raise KeyError(f"there is no series '{name}'; there are {', '.join(self.series)}")
        by_council = [self.column(f"{name}: {council}") for council in self.councils]
        if len(by_council) == 2:
            a, b = self.weights
            return [a * x + b * y for x, y in zip(*by_council, strict=True)]
        return [fsum(map(mul, self.weights, row)) for row in zip(*by_council, strict=True)]


def _as_rows(grid: Any) -> Any:
    """A table as a list of rows of plain numbers."""
    return grid if isinstance(grid, list) else [tuple(row) for row in grid.tolist()]


def _column(grid: Any, place: int) -> Sequence[float]:
    """One column of a table as a list, month by month."""
    if isinstance(grid, list):
        return tuple([row[place] for row in grid])
    column: list[float] = grid[:, place].tolist()
    return tuple(column)
