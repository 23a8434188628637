"""Money by council: cost, savings and timing of its own share, as its section 151 officer sees it."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from sim.analysis.compare.compared_figures import share_luck
from sim.analysis.compare.compared_sides import Side, Sides
from sim.analysis.compare.history_values import mean_interval
from sim.analysis.compare.paired_differences import better_interval, judge, paired
from sim.analysis.compare.unpaired import unpaired
from sim.core.errors import InputError
from sim.core.history import BY_COUNCIL

SAVING, NET = BY_COUNCIL
YEARS = (1, 3, 5, 10)
"""Years whose ends are reported; the horizon is added where it differs from the last."""
DEEPEST, BLACK = "deepest", "in the black"
IN_CREDIT = 0.005
"""£m, half a unit of the last printed digit: a smaller balance is not yet a credit."""
RANGE, INTERVAL = "nine histories in ten", "95% interval of the mean"
_COLUMNS = """
cell label study council measure month middle low high range n unit reference_cell mean_difference half_width
confidence half_width_alone p_better p_better_low p_better_high paired verdict
"""
COLUMNS = tuple(_COLUMNS.split())
ALL = "all councils"


class Councils(NamedTuple):
    """Councils' money, a line for each plan, council, measure and month, or the reason for its absence.

    For `deepest`, the middle is the lowest point of the path that half of the histories stay above, in the
    given month. For `in the black`, figures are months, infinity for never.
    """

    table: pd.DataFrame
    why_not: str = ""


def councils(sides: Sides, shown: Sequence[Side], in_shares: bool) -> Councils:
    """Money of each council under the shown plans, and its difference from the reference."""
    empty = pd.DataFrame(columns=list(COLUMNS))
    if sides.reference.sampled:
        return Councils(empty, "a sample keeps no monthly figures of single councils")
    try:
        own = {side.key: _readings(side) for side in shown}
    except InputError as error:
        return Councils(empty, str(error))
    lacking = [side.label for side in shown if own[side.key].empty]
    if lacking:
        return Councils(empty, f"no monthly figures of single councils were kept for {lacking[0][:80]}")
    lines: list[dict[str, Any]] = []
    for side in shown:
        expenditure = {each.name: each.service_expenditure_gbp_m for each in side.partnership.councils}
        for council, whole in expenditure.items():
            scale = whole if in_shares else 1.0
            head = _head(side, council, in_shares)
            lines += [{**head, **line} for line in _path(side, council, scale)]
            lines += [{**head, **line} for line in _means(sides, own, side, council, scale)]
    _judge(lines)
    return Councils(pd.DataFrame(lines, columns=list(COLUMNS)))


def _head(side: Side, council: str, in_shares: bool) -> dict[str, Any]:
    unit = "share of its expenditure" if in_shares else "£m"
    return {"cell": side.key, "label": side.label, "study": side.study.folder.name, "council": council, "unit": unit}


def _readings(side: Side) -> pd.DataFrame:
    """Councils' money, histories as rows and series with month as columns."""
    table = side.study.readings
    mine = table[
        (table["cell"] == side.cell) & table["series"].str.startswith(tuple(f"{name}: " for name in BY_COUNCIL))
    ]
    try:
        return mine.pivot(index="replication", columns=["series", "month"], values="value").sort_index()
    except ValueError as error:
        raise InputError(f"readings.parquet of the study '{side.study.folder.name}' was altered") from error


def _path(side: Side, council: str, scale: float) -> list[dict[str, Any]]:
    """Lowest point and months from which the council stays in the black, by share of histories."""
    table = side.study.trajectories
    mine = table[(table["cell"] == side.cell) & (table["series"] == f"{NET}: {council}")].sort_values("month")
    if mine.empty:
        return []
    paths = {name: mine[name].to_numpy(float) / scale for name in ("p05", "p50", "p95")}
    at = int(paths["p50"].argmin())
    months, n = mine["month"].to_numpy(), int(mine["n"].iloc[0])
    ends = {"range": RANGE, "n": n}
    low, middle, high = (float(paths[name][at]) for name in ("p05", "p50", "p95"))
    first, half, last = (in_credit_from(paths[name], months) for name in ("p95", "p50", "p05"))
    return [
        {"measure": DEEPEST, "month": int(months[at]), "middle": middle, "low": low, "high": high, **ends},
        {"measure": BLACK, "middle": half, "low": first, "high": last, **ends, "unit": "months"},
    ]


def in_credit_from(path: Any, months: Any) -> float:
    """Month from which a path stays in credit; infinity if never."""
    owing = (path <= IN_CREDIT).nonzero()[0]
    if not len(owing):
        return float(months[0])
    return math.inf if owing[-1] == len(path) - 1 else float(months[owing[-1] + 1])


def _means(sides: Sides, own: dict[str, pd.DataFrame], side: Side, council: str, scale: float) -> list[dict[str, Any]]:
    """Net saving to date and saving in force at milestones, with differences from the reference."""
    lines = []
    for name in (NET, SAVING):
        series = f"{name}: {council}"
        for month in _milestones(own[side.key], series):
            ours = own[side.key][series, month] / scale
            mean = mean_interval(ours.to_numpy(float))
            ends = {"low": mean.low, "high": mean.high, "range": INTERVAL, "n": mean.n}
            line = {"measure": name, "month": month, "middle": mean.value, **ends}
            theirs = own[sides.reference.key]
            if side is not sides.reference and (series, month) in theirs:
                line |= _beside(side, sides.reference, ours, theirs[series, month] / scale)
            lines.append(line)
    return lines


def _milestones(table: pd.DataFrame, series: str) -> list[int]:
    columns: list[Any] = list(table.columns)
    months = sorted(int(month) for name, month in columns if name == series)
    return [month for month in months if month in {12 * year for year in YEARS} or month == months[-1]]


def _beside(side: Side, reference: Side, ours: pd.Series, theirs: pd.Series) -> dict[str, Any]:
    """Difference from the reference, paired if both share luck."""
    if share_luck(side, reference):
        both, other = ours.align(theirs, join="inner")
        found = paired(both.to_numpy(float), other.to_numpy(float), "higher")
        found |= {"better_ends": partial(better_interval, found), "paired": True}
    else:
        found = {**unpaired(ours.to_numpy(float), theirs.to_numpy(float), "higher"), "paired": False}
    found.pop("n")
    return {**found, "reference_cell": reference.key}


def _judge(lines: list[dict[str, Any]]) -> None:
    """Verdicts over all council lines by Holm's rule, with matching intervals."""
    compared = [line for line in lines if "p" in line]
    judge(compared, 0)
    for line in compared:
        line["p_better_low"], line["p_better_high"] = line["better_ends"](line["confidence"])
