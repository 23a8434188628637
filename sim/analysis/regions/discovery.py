"""Scenario discovery: regions of varied inputs in which histories meet a condition far more often.

Regions are looked for in one half of the rows and scored on the other half, which took no part in finding them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from sim.analysis.arrays import Mask, Numbers, Values
from sim.analysis.condition import Condition
from sim.analysis.estimates import Estimate
from sim.analysis.regions.boxes import MOST_FACTORS, Limit, find_box, inside, screened, worth
from sim.analysis.regions.map_axes import NAMED, blocks, by_row, plan_names, points_of, sample
from sim.analysis.two_way import TwoWayMean, gap_of, mean_of, share_of
from sim.core.errors import InputError
from sim.core.statistics.intervals import wilson
from sim.study.study import Study

FEWEST_CASES, FEWEST_ROWS = 20, 80
"""Minimum failing histories, other histories, and rows, for a region to be found and checked."""
MOST_REGIONS = 2
ALL = "All plans"
SPLIT_SEED = 1
"""Seed of the split into finding and scoring halves, the same in every run."""
_COLUMNS = """
plan overall overall_low overall_high region key over under values quasi_p density density_low density_high coverage
coverage_low coverage_high n rows density_where_found coverage_where_found more more_low more_high holds_up
"""
COLUMNS = tuple(_COLUMNS.split())


@dataclass(frozen=True)
class Region:
    """A box with its scores: `density` and `coverage` on the scoring half, `found` on the finding half.

    Density is the share of its histories that fail, coverage the share of all failing histories that it holds;
    `more` is how much the share inside is above that elsewhere, in which luck that both share cancels out.
    """

    limits: tuple[Limit, ...]
    density: Estimate
    coverage: Estimate
    found: tuple[float, float]
    rows: int
    more: Estimate

    @property
    def holds_up(self) -> bool:
        """True if failure is significantly more frequent inside than elsewhere, under the same luck."""
        return bool(self.more.low > 0)


@dataclass(frozen=True)
class Failing:
    """One plan: its overall failure rate, its regions, and in `note` the reason if none was sought."""

    plan: str
    overall: Estimate
    parts: TwoWayMean
    rows: int
    unknown: int
    regions: tuple[Region, ...]
    note: str = ""


@dataclass(frozen=True)
class Discovery:
    """Full result by plan; the last of several entries is all plans together."""

    condition: Condition
    plans: tuple[Failing, ...]
    factors: int
    table: pd.DataFrame


def discover(study: Study, condition: Condition) -> Discovery:
    """Regions in which histories meet a condition, by plan and in total. Raises InputError if nothing varied."""
    points, varied = _rows(study)
    truth = condition.holds(study.runs).astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
    names = plan_names(study, points)
    tables = {}
    for scenario, name in names.items():
        cells = points[points["scenario"] == scenario]
        tables[name] = _Cases(cells.drop_duplicates("row").set_index("row")[varied], *by_row(study.runs, cells, truth))
    if len(tables) > 1:
        tables[ALL] = _together(list(tables.values()))
    halves = _halves(study, points)
    found = tuple(_failing(name, table, halves) for name, table in tables.items())
    return Discovery(condition, found, len(varied), pd.DataFrame(list(_lines(found)), columns=list(COLUMNS)))


def _rows(study: Study) -> tuple[pd.DataFrame, list[str]]:
    """Row number and varied values of every cell, from the sample or the points of a grid."""
    points = points_of(study)
    varied = [key for key in points.columns if key not in NAMED and not key.startswith("partnership.")]
    kind = (study.manifest.get("design") or {}).get("kind")
    if not varied or kind == "one_at_a_time":
        why = "moves one thing at a time" if varied else "varied nothing within a plan"
        advice = "tandem sweep design=lhs design.over=evidence design.n=1000"
        raise InputError(f"this study {why}, so that no region can be found: make a sample with {advice}")
    if sample(study) is None:
        points = points.assign(row=points.groupby(varied, dropna=False, sort=False).ngroup())
    rows = points["row"].nunique()
    if rows < FEWEST_ROWS:
        raise InputError(
            f"this study has {rows} different points, and finding a region and checking it takes {FEWEST_ROWS} or "
            "more: make a larger sample with design.n=…"
        )
    return points.assign(**{key: _column(points[key]) for key in varied}), varied


def _column(values: pd.Series) -> pd.Series:
    """Column as numbers if possible, else as text."""
    plain = is_numeric_dtype(values) and not is_bool_dtype(values) and not values.isna().any()
    return values.astype(float) if plain else values.map(_word)


def _word(value: Any) -> str:
    return "yes" if value is True else "no" if value is False else str(value)


class _Cases(NamedTuple):
    """Histories by row and replication: failure, or share of plans failing; NaN if unknown."""

    factors: pd.DataFrame
    rows: Numbers
    truth: Values
    plans: int = 1

    def of(self, kept: Any) -> _Cases:
        """Selected rows."""
        return self._replace(rows=self.rows[kept], truth=self.truth[kept])

    @property
    def histories(self) -> int:
        """Number of histories in a row."""
        return int(self.truth.shape[1]) * self.plans

    def share(self, kept: Any = slice(None)) -> Estimate:
        """Share of failures in selected rows, with interval and number of histories."""
        found = share_of(self.truth[kept])
        return replace(found, n=found.n * self.plans)


def _together(tables: list[_Cases]) -> _Cases:
    """All plans combined, over the histories known for each."""
    rows = tables[0].rows
    for table in tables[1:]:
        rows = np.intersect1d(rows, table.rows)
    lucks = min(table.truth.shape[1] for table in tables)
    parts = [table.truth[np.searchsorted(table.rows, rows), :lucks] for table in tables]
    return _Cases(tables[0].factors, rows, np.mean(parts, axis=0), len(tables))


def _halves(study: Study, points: pd.DataFrame) -> Mask:
    """True by row number for the finding half; rows with a common base point stay together."""
    kept = blocks(study) if sample(study) is not None else np.arange(int(points["row"].max()) + 1)
    order = np.random.default_rng(SPLIT_SEED).permutation(kept.max() + 1)
    finds: Mask = order[kept] % 2 == 0
    return finds


def _failing(plan: str, cases: _Cases, halves: Mask) -> Failing:
    unknown = int(np.isnan(cases.truth).sum()) * cases.plans
    cases = cases.of(~np.isnan(cases.truth).all(axis=1))
    overall, parts = cases.share(), mean_of(cases.truth)
    failing = float(np.nansum(cases.truth)) * cases.plans
    if min(failing, overall.n - failing) < FEWEST_CASES:
        return Failing(plan, overall, parts, len(cases.rows), unknown, (), _too_few(failing, overall.n))
    cases = cases._replace(factors=cases.factors.loc[cases.rows])
    regions: list[Region] = []
    earlier = np.zeros(len(cases.rows), dtype=bool)
    while len(regions) < MOST_REGIONS and (not regions or regions[-1].holds_up):
        region = _region(cases, halves[cases.rows], earlier)
        if region is None:
            break
        regions.append(region)
        earlier |= inside(region.limits, cases.factors)
    return Failing(plan, overall, parts, len(cases.rows), unknown, tuple(regions))


def _too_few(cases: float, n: int) -> str:
    if cases in (0, n):
        return f"{'all' if cases else 'none'} of its histories fail, so that no region differs from another"
    which, count = ("fail", cases) if cases < n - cases else ("do not fail", n - cases)
    return f"only {count:,.0f} of its histories {which}, and it takes {FEWEST_CASES} to find a region"


def _region(cases: _Cases, finds: Mask, earlier: Mask) -> Region | None:
    """Next region outside those already found; None if no limit is significant."""
    truth, share = cases.truth, np.nanmean(cases.truth, axis=1)
    seen = finds & ~earlier
    if seen.sum() < FEWEST_ROWS / 2 or np.ptp(share[seen]) == 0:
        return None
    chosen = screened(cases.factors[seen], share[seen], MOST_FACTORS)
    limits = find_box(cases.factors.loc[seen, chosen], share[seen])
    if not limits:
        return None
    box = inside(limits, cases.factors) & ~earlier
    mine = box & ~finds
    density, more = cases.share(mine), gap_of(truth[mine], truth[~finds & ~box & ~earlier])
    found = float(np.nanmean(truth[box & finds])), float(np.nansum(truth[box & finds]) / np.nansum(truth[finds]))
    return Region(limits, density, _coverage(cases, share, mine, ~finds), found, int(mine.sum()), more)


def _coverage(cases: _Cases, share: Values, mine: Mask, others: Mask) -> Estimate:
    """Share of failing histories inside the region, weighting a row's histories by their worth."""
    inside_it, all_of_them = float(np.nansum(cases.truth[mine])), float(np.nansum(cases.truth[others]))
    part = inside_it / all_of_them if all_of_them else 0.0
    failing = all_of_them * cases.plans
    independent = failing * min(1.0, worth(share[others]) / cases.histories)
    return Estimate(part, *wilson(part * independent, independent), round(failing))


def _lines(plans: tuple[Failing, ...]) -> Iterator[dict[str, Any]]:
    for plan in plans:
        head = {"plan": plan.plan, **_ends("overall", plan.overall)}
        if not plan.regions:
            yield {**head, "region": 0, "n": plan.overall.n, "rows": plan.rows}
        for number, region in enumerate(plan.regions, start=1):
            found = dict(zip(("density_where_found", "coverage_where_found"), region.found, strict=True))
            score = {**_ends("density", region.density), **_ends("coverage", region.coverage), **found}
            score |= {**_ends("more", region.more), "n": region.density.n, "rows": region.rows}
            score["holds_up"] = region.holds_up
            for limit in region.limits:
                own = {"key": limit.key, "over": limit.over, "under": limit.under, "values": "; ".join(limit.values)}
                yield {**head, "region": number, **own, "quasi_p": limit.quasi_p, **score}


def _ends(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
