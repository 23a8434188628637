"""A study as its readers meet it: plans with names, whose partnership, which dates, how many histories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.compare import family_of
from sim.analysis.estimates import NINE_IN_TEN, Estimate, Race, Verdict
from sim.core import words
from sim.core.clock import Clock
from sim.core.errors import InputError
from sim.core.inputs.partnership import Partnership
from sim.engine.outcomes import DECIDING

if TYPE_CHECKING:
    from sim.study.study import Study

SHOWN = 6
"""As many plans as one figure or table shows."""
LONGEST_NAME = 90
"""Letters of a plan's name that people are shown: a full line of a page; a longer title ends in an ellipsis."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """One plan of the study: its cell, the name people read, and whether the others are measured against it.

    `mid` is the name inside a sentence.
    """

    cell: str
    name: str
    mid: str
    is_reference: bool = False


class View:
    """The plans of a study and what the tables say of them.

    `plans` are those shown: the reference and at most five more, in the order of the study; where there are
    more, the five that are worth most. `all` holds every one with results, by cell.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._runs = study.runs.sort_values("replication", kind="stable")
        self._places = self._runs.groupby("cell").indices
        cells = [str(cell) for cell in study.runs["cell"].unique()]
        if not cells:
            raise InputError(f"the study '{study.folder.name}' has no finished history to tell of")
        reference = study.reference if study.reference in cells else cells[0]
        self.settings = study.settings(reference)
        proper = _proper_names(self.partnership)
        names = _apart([plan_name(self._label(cell)) for cell in cells])
        self.all = {
            cell: Plan(cell, name, words.mid(name, proper), cell == reference)
            for cell, name in zip(cells, names, strict=True)
        }
        self.plans = self._shown(self.all[reference])
        self.race: Race[Plan] | None = None
        """Who is worth most, once asked."""

    def _label(self, cell: str) -> str:
        return str(self._runs["label"].iloc[self._places[cell][0]])

    def _shown(self, reference: Plan) -> tuple[Plan, ...]:
        others = [plan for plan in self.all.values() if plan != reference]
        if len(others) >= SHOWN:
            best = sorted(others, key=lambda plan: -self._worth(plan))[: SHOWN - 1]
            others = [plan for plan in others if plan in best]
        return (reference, *others)

    def _worth(self, plan: Plan) -> float:
        worth = self.values(plan, DECIDING) if DECIDING in self._runs else np.zeros(1)
        return float(np.nan_to_num(worth, nan=-np.inf).mean())

    @property
    def reference(self) -> Plan:
        """The plan the others are measured against."""
        return self.plans[0]

    @property
    def others(self) -> tuple[Plan, ...]:
        """The plans shown beside the reference."""
        return self.plans[1:]

    @cached_property
    def acting(self) -> tuple[Plan, ...]:
        """The plans shown that save or spend anything; all of them where fewer than two do."""
        acting = tuple(plan for plan in self.plans if self.acts(plan))
        return acting if len(acting) > 1 else self.plans

    def ever(self, plan: Plan, outcome: str) -> bool:
        """Whether an outcome has a value in any history of a plan: one that does nothing waits for nobody."""
        return not bool(np.isnan(self.values(plan, outcome)).all())

    def acts(self, plan: Plan) -> bool:
        """Whether a plan saves or spends anything in any history."""
        told = [name for name in ("setup_cost_gbp_m", saving_in(self.last_year or 1)) if name in self._runs]
        return any(bool((np.nan_to_num(self.values(plan, name)) != 0).any()) for name in told)

    @property
    def partnership(self) -> Partnership:
        """Who shares."""
        return self.settings.partnership

    @cached_property
    def clock(self) -> Clock:
        """Months and the calendar."""
        return Clock(self.partnership.start_year, self.partnership.start_month)

    @property
    def horizon(self) -> int:
        """Months simulated."""
        return self.settings.horizon_months

    @cached_property
    def elections(self) -> tuple[int, ...]:
        """Months in which at least one council votes."""
        return tuple(sorted({month for months in self.elections_of.values() for month in months}))

    @cached_property
    def elections_of(self) -> dict[str, tuple[int, ...]]:
        """Months of each council's elections, by its name."""
        councils = self.partnership.councils
        return {council.name: self.clock.elections(council, self.horizon) for council in councils}

    @cached_property
    def fatigue_line(self) -> float | None:
        """The level of fatigue above which a council counts as over its line."""
        line = self.settings.evidence.get("fatigue", {}).get("line")
        return line.value if line else None

    def histories(self, plan: Plan) -> int:
        """How many histories of the plan were simulated."""
        return len(self._places[plan.cell])

    @cached_property
    def each(self) -> str:
        """ "200 histories of each plan"."""
        counts = sorted({self.histories(plan) for plan in self.plans})
        most = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
        noun = "history" if counts == [1] else "histories"
        return f"{most} {noun}" + (" of each plan" if len(self.plans) > 1 else "")

    @cached_property
    def scope(self) -> str:
        """What a subtitle ends with: histories, partnership and, if some plans are left out, how many."""
        left_out = len(self.all) - len(self.plans)
        more = (
            f"; the reference and the {words.number(len(self.others))} that are worth most of {len(self.all)} plans"
            if left_out
            else ""
        )
        return f"{self.each}, {self.partnership.name}{more}"

    def has(self, outcome: str) -> bool:
        """Whether the study holds the outcome for at least one history of the reference."""
        return outcome in self.study.runs.columns and not np.isnan(self.values(self.reference, outcome)).all()

    def values(self, plan: Plan, outcome: str) -> Values:
        """One outcome by replication; NaN for null."""
        column = self._columns.get(outcome)
        if column is None:
            column = self._columns[outcome] = self._runs[outcome].to_numpy(dtype=float, na_value=np.nan)
        return column[self._places[plan.cell]]

    @cached_property
    def _columns(self) -> dict[str, Values]:
        return {}

    def replications(self, plan: Plan) -> NDArray[np.int64]:
        """Replication numbers, in the order of `values`."""
        numbers: NDArray[np.int64] = self._runs["replication"].to_numpy(dtype=np.int64)
        return numbers[self._places[plan.cell]]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Outcomes of the plans shown."""
        return self._runs[self._runs["cell"].isin([plan.cell for plan in self.plans])]

    @cached_property
    def comparisons(self) -> dict[str, pd.DataFrame]:
        """Paired comparisons of the plans shown, by the cell they are measured against, as far as made."""
        return {}

    @cached_property
    def family(self) -> list[float]:
        """P-values of what decides, over all pairs of the study's plans."""
        return family_of(self._runs)

    @cached_property
    def differences(self) -> dict[tuple[str, str, str], Verdict]:
        """Differences of two cells in an outcome, as far as asked for."""
        return {}

    def range(self, plan: Plan, outcome: str, never: float = np.nan) -> Estimate:
        """Median and nine-in-ten range of an outcome; null counts as `never`, or is left out by default."""
        return range_of(self.values(plan, outcome), never)

    @cached_property
    def last_year(self) -> int | None:
        """The latest of years 1, 3, 5, 10 whose saving lies inside the horizon."""
        return next((year for year in (10, 5, 3, 1) if self.has(saving_in(year))), None)

    @cached_property
    def net_outcome(self) -> str | None:
        """Net saving over ten years, where the horizon reaches that far."""
        name = "cumulative_net_saving_y10_gbp_m"
        present = name in self.study.runs.columns and self.study.runs[name].notna().any()
        return name if present else None

    def trajectory(self, plan: Plan, series: str) -> pd.DataFrame | None:
        """Monthly mean and quantiles of one series, by month; None where the study did not keep it."""
        return self._trajectories.get((plan.cell, series))

    def typical(self, plan: Plan) -> pd.DataFrame | None:
        """The facts of the plan's first sampled history, which is the typical one; None without any."""
        told = self.history(plan)
        return None if told is None else told[1]

    def history(self, plan: Plan, replication: int | None = None) -> tuple[int, pd.DataFrame] | None:
        """Number and facts, in time order, of a sampled history of the plan; by default the typical one."""
        table = self.study.events
        mine = table[table["cell"] == plan.cell]
        if replication is not None:
            mine = mine[mine["replication"] == replication]
        if mine.empty:
            return None
        number = int(mine["replication"].iloc[0])
        return number, mine[mine["replication"] == number].sort_values("month", kind="stable")

    @cached_property
    def _trajectories(self) -> dict[tuple[str, str], pd.DataFrame]:
        table = self.study.trajectories
        shown = table[table["cell"].isin([plan.cell for plan in self.plans])].set_index("month").sort_index()
        grouped = shown.groupby(["cell", "series"], sort=False)
        return {(str(cell), str(series)): part for (cell, series), part in grouped}


def at_month(table: pd.DataFrame, month: int) -> Estimate:
    """Middle and nine-in-ten range of a series at one month."""
    place = int(np.searchsorted(table.index.to_numpy(), month))
    low, middle, high = (float(table[name].to_numpy(dtype=float)[place]) for name in ("p05", "p50", "p95"))
    return Estimate(middle, low, high, kind=NINE_IN_TEN)


def saving_in(year: int) -> str:
    """Name of the outcome: the annual saving in force at the end of a year."""
    return f"recurrent_saving_y{year}_gbp_m"


def range_of(values: Values, never: float = np.nan) -> Estimate:
    """Median and nine-in-ten range; NaN is replaced by `never`, or left out where that is NaN itself."""
    known = values[~np.isnan(values)] if np.isnan(never) else np.where(np.isnan(values), never, values)
    if not len(known):
        return Estimate(np.nan, np.nan, np.nan, kind=NINE_IN_TEN)
    low, middle, high = (_quantile(np.sort(known), share) for share in (0.05, 0.5, 0.95))
    return Estimate(middle, low, high, len(known), NINE_IN_TEN)


def _quantile(ordered: Values, share: float) -> float:
    """Linear between neighbours, and infinity only where a neighbour that counts is infinite."""
    at = share * (len(ordered) - 1)
    below, part = int(at), at - int(at)
    if part == 0 or ordered[below] == ordered[min(below + 1, len(ordered) - 1)]:
        return float(ordered[below])
    return float(ordered[below] * (1 - part) + ordered[below + 1] * part)


def plan_name(label: str) -> str:
    """A plan's label as people read it: on one line, of letters that can be seen, cut where it is too long."""
    seen = "".join(letter if letter.isprintable() else " " for letter in label)
    name = words.start_of(" ".join(words.plan(seen).split())) or "Plan without a name"
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _apart(names: list[str]) -> list[str]:
    """The names, with a number behind those that are the same once cut."""
    told: dict[str, int] = {}
    found = []
    for name in names:
        told[name] = told.get(name, 0) + 1
        found.append(name if told[name] == 1 else f"{name} ({told[name]})")
    return found


def _proper_names(partnership: Partnership) -> frozenset[str]:
    names = [partnership.name, *(council.name for council in partnership.councils)]
    return frozenset(word for name in names for word in name.split())
