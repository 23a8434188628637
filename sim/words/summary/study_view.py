"""A study prepared for readers: named plans, partnership, dates and number of histories."""

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
from sim.words.names import proper_names

if TYPE_CHECKING:
    from sim.study.study import Study

SHOWN = 6
"""Most plans shown in one figure or table."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """One plan of the study: its cell, displayed name, and whether it is the reference.

    `mid` is the name inside a sentence.
    """

    cell: str
    name: str
    mid: str
    is_reference: bool = False


class View:
    """The plans of a study, with access to their results.

    `plans` are those shown: the reference and at most five more, in the order of the study; if there are
    more, the five that are worth most. `all` holds every plan with results, by cell.
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
        proper = proper_names(self.partnership)
        names = _apart([words.plan_name(self._label(cell)) for cell in cells])
        self.all = {
            cell: Plan(cell, name, words.mid(name, proper), cell == reference)
            for cell, name in zip(cells, names, strict=True)
        }
        self.plans = self._shown(self.all[reference])
        self.race: Race[Plan] | None = None
        """Cached ranking of the plans by worth, None until first used."""

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
        """The plan that the others are compared with."""
        return self.plans[0]

    @property
    def others(self) -> tuple[Plan, ...]:
        """The plans shown beside the reference."""
        return self.plans[1:]

    @cached_property
    def acting(self) -> tuple[Plan, ...]:
        """The shown plans that save or spend anything; all of them if fewer than two do."""
        acting = tuple(plan for plan in self.plans if self.acts(plan))
        return acting if len(acting) > 1 else self.plans

    def parted(self, plan: Plan) -> NDArray[np.bool_]:
        """True for each history of the plan in which the partnership is dissolved."""
        known = "dissolved" in self._runs
        return np.asarray(self.values(plan, "dissolved") > 0) if known else np.zeros(self.histories(plan), dtype=bool)

    def ever(self, plan: Plan, outcome: str) -> bool:
        """True if the outcome has a value in any history of the plan."""
        return not bool(np.isnan(self.values(plan, outcome)).all())

    def acts(self, plan: Plan) -> bool:
        """True if the plan saves or spends anything in any history."""
        told = [name for name in ("setup_cost_gbp_m", saving_in(self.last_year or 1)) if name in self._runs]
        return any(bool((np.nan_to_num(self.values(plan, name)) != 0).any()) for name in told)

    @property
    def partnership(self) -> Partnership:
        """The partnership simulated."""
        return self.settings.partnership

    @cached_property
    def clock(self) -> Clock:
        """Calendar of the simulated months."""
        return Clock(self.partnership.start_year, self.partnership.start_month)

    @property
    def horizon(self) -> int:
        """Number of months simulated."""
        return self.settings.horizon_months

    @cached_property
    def elections(self) -> tuple[int, ...]:
        """Months in which at least one council holds elections."""
        return tuple(sorted({month for months in self.elections_of.values() for month in months}))

    @cached_property
    def elections_of(self) -> dict[str, tuple[int, ...]]:
        """Months of each council's elections, by its name."""
        councils = self.partnership.councils
        return {council.name: self.clock.elections(council, self.horizon) for council in councils}

    @cached_property
    def fatigue_line(self) -> float | None:
        """The level of fatigue (0 to 1) above which a council counts as over its limit."""
        line = self.settings.evidence.get("fatigue", {}).get("line")
        return line.value if line else None

    def histories(self, plan: Plan) -> int:
        """Number of histories simulated for the plan."""
        return len(self._places[plan.cell])

    @cached_property
    def each(self) -> str:
        """Phrase for a subtitle: "200 histories of each plan"."""
        counts = sorted({self.histories(plan) for plan in self.plans})
        most = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
        noun = "history" if counts == [1] else "histories"
        return f"{most} {noun}" + (" of each plan" if len(self.plans) > 1 else "")

    @cached_property
    def scope(self) -> str:
        """End of a subtitle: number of histories, partnership and, if some plans are left out, how many."""
        left_out = len(self.all) - len(self.plans)
        more = (
            f"; the reference and the {words.number(len(self.others))} that are worth most of {len(self.all)} plans"
            if left_out
            else ""
        )
        return f"{self.each}, {self.partnership.name}{more}"

    def has(self, outcome: str) -> bool:
        """True if the outcome has a value in at least one history of the reference."""
        return outcome in self.study.runs.columns and not np.isnan(self.values(self.reference, outcome)).all()

    def values(self, plan: Plan, outcome: str) -> Values:
        """Values of one outcome by replication; NaN for null."""
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
        """Outcome table of the shown plans."""
        return self._runs[self._runs["cell"].isin([plan.cell for plan in self.plans])]

    @cached_property
    def comparisons(self) -> dict[str, pd.DataFrame]:
        """Cache of paired comparisons of the shown plans, by the cell they are compared with."""
        return {}

    @cached_property
    def family(self) -> list[float]:
        """P-values of the deciding outcome over all pairs of the study's plans."""
        return family_of(self._runs)

    @cached_property
    def differences(self) -> dict[tuple[str, str, str], Verdict]:
        """Cache of differences between two cells in an outcome."""
        return {}

    def range(self, plan: Plan, outcome: str, never: float = np.nan) -> Estimate:
        """Median and nine-in-ten range of an outcome; null counts as `never`, or is dropped by default."""
        return range_of(self.values(plan, outcome), never)

    @cached_property
    def last_year(self) -> int | None:
        """The latest of years 1, 3, 5 and 10 that ends inside the horizon, or None."""
        return next((year for year in (10, 5, 3, 1) if self.has(saving_in(year))), None)

    @cached_property
    def net_outcome(self) -> str | None:
        """Name of the outcome for net saving over ten years, or None if the horizon is shorter."""
        name = "cumulative_net_saving_y10_gbp_m"
        present = name in self.study.runs.columns and self.study.runs[name].notna().any()
        return name if present else None

    def trajectory(self, plan: Plan, series: str) -> pd.DataFrame | None:
        """Monthly mean and quantiles of one series, by month; None if the study did not keep them."""
        return self._trajectories.get((plan.cell, series))

    def typical(self, plan: Plan) -> pd.DataFrame | None:
        """Events of the plan's typical history (its first sampled one), or None."""
        told = self.history(plan)
        return None if told is None else told[1]

    def history(self, plan: Plan, replication: int | None = None) -> tuple[int, pd.DataFrame] | None:
        """Number and time-ordered events of a sampled history of the plan; the typical one by default."""
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
    """Median and nine-in-ten range of a series at one month."""
    place = int(np.searchsorted(table.index.to_numpy(), month))
    low, middle, high = (float(table[name].to_numpy(dtype=float)[place]) for name in ("p05", "p50", "p95"))
    return Estimate(middle, low, high, kind=NINE_IN_TEN)


def saving_in(year: int) -> str:
    """Name of the outcome for the annual saving in force at the end of a year."""
    return f"recurrent_saving_y{year}_gbp_m"


def range_of(values: Values, never: float = np.nan) -> Estimate:
    """Median and nine-in-ten range; NaN is replaced by `never`, or dropped if `never` is NaN."""
    known = values[~np.isnan(values)] if np.isnan(never) else np.where(np.isnan(values), never, values)
    if not len(known):
        return Estimate(np.nan, np.nan, np.nan, kind=NINE_IN_TEN)
    low, middle, high = (_quantile(np.sort(known), share) for share in (0.05, 0.5, 0.95))
    return Estimate(middle, low, high, len(known), NINE_IN_TEN)


def _quantile(ordered: Values, share: float) -> float:
    """Quantile by linear interpolation; infinite only if a neighbour with non-zero weight is infinite."""
    at = share * (len(ordered) - 1)
    below, part = int(at), at - int(at)
    if part == 0 or ordered[below] == ordered[min(below + 1, len(ordered) - 1)]:
        return float(ordered[below])
    return float(ordered[below] * (1 - part) + ordered[below + 1] * part)


def _apart(names: list[str]) -> list[str]:
    """The names, numbered if several are the same after cutting."""
    told: dict[str, int] = {}
    found = []
    for name in names:
        told[name] = told.get(name, 0) + 1
        found.append(name if told[name] == 1 else f"{name} ({told[name]})")
    return found
