"""Words and a table for the money by council: costs, savings and their dates."""

from __future__ import annotations

from math import isinf, isnan
from typing import TYPE_CHECKING, Any

from sim.analysis.compare.council_money import BLACK, DEEPEST, NET, SAVING
from sim.analysis.estimates import IDENTICAL, NOT_APART
from sim.core import words
from sim.words.summary.summary_tables import Table
from sim.words.verdict_words import cannot_be_told_apart

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare.side_by_side import Comparison
    from sim.words.comparing.naming import Called

_LITTLE = 0.05
"""Sums below this many £m round to nothing and are described as next to nothing."""
_MARKS = {"better": "more", "worse": "less", NOT_APART: "tied", IDENTICAL: "same"}
_APART = ("better", "worse")


def in_words(found: Comparison, called: Called) -> list[str]:
    """One line per council and plan: deepest cumulative cost, month it turns positive, and net sum."""
    table = found.councils.table
    if table.empty:
        return [f"No council's own money can be told: {found.councils.why_not}"] if found.councils.why_not else []
    lines = []
    for council in dict.fromkeys(table["council"]):
        mine = table[table["council"] == council]
        told = _two(found, list(dict.fromkeys(mine["cell"])))
        mine = mine[mine["cell"].isin(told) & ~((mine["measure"] == NET) & (mine["month"] != _last(mine, told)))]
        parts = [_plan(found, mine[mine["cell"] == key], called.mid(key)) for key in told]
        lines.append(f"{council}: {'; '.join(parts)}{_apart(found, mine, told)}")
    return lines


def _last(mine: pd.DataFrame, told: list[str]) -> int:
    """The last month for which the net sum of every named plan is known."""
    nets = mine[mine["measure"] == NET]
    known = [set(nets.loc[nets["cell"] == key, "month"]) for key in told]
    return int(max(set.intersection(*known)))


def _two(found: Comparison, known: list[str]) -> list[str]:
    """The two plans reported for a council: the reference (or first plan), and the leading plan (or next)."""
    best = found.races[found.lead].best
    others = sorted(known[1:], key=lambda key: key != best)
    return [known[0], *others[:1]]


def _plan(found: Comparison, mine: pd.DataFrame, name: str) -> str:
    """One plan for one council: "structure first nets £3.4m (3.0 to 3.8) after ten years, in the black from …"."""
    rows = {measure: mine[mine["measure"] == measure] for measure in (DEEPEST, BLACK, NET)}
    net = rows[NET].iloc[-1]
    ends = _ends(found, net["low"], net["high"])
    text = f"{name} nets {_sum(found, net['middle'])} ({ends}) after {_time(net['month'])}"
    text += f", {_black(rows[BLACK].iloc[0])}" if len(rows[BLACK]) else ""
    return text + (_deepest(found, rows[DEEPEST].iloc[0]) if len(rows[DEEPEST]) else "")


def _deepest(found: Comparison, row: Any) -> str:
    """The council's largest cumulative net cost and its year; "" if that rounds to nothing."""
    paid, low, high = (-min(0.0, float(row[name])) for name in ("middle", "high", "low"))
    if high < (_LITTLE / 100 if found.in_shares else _LITTLE):
        return ""
    when = words.year(words.year_in_force(max(0, int(row["month"]) - 1)))
    return f", at most {_sum(found, paid)} ({_ends(found, low, high)}) out of pocket, in {when}"


def _black(row: Any) -> str:
    first, middle, last = (float(row[name]) for name in ("low", "middle", "high"))
    if isinf(middle):
        return "not in the black in half of the histories"
    spread = f"{_year(first)} to {_year(last)}" if _year(first) != _year(last) else f"{_year(first)} in nearly all"
    return f"in the black from {words.payback_year(middle)} ({spread})"


def _year(month: float) -> str:
    return "never" if isinf(month) else str(words.year_in_force(month))


def _time(month: float) -> str:
    return words.counted(int(month) // 12, "year") if month % 12 == 0 else f"{int(month)} months"


def _sum(found: Comparison, value: float) -> str:
    if found.in_shares:
        return f"{words.decimal(100 * value)}%"
    return words.money(value)


def _ends(found: Comparison, low: float, high: float) -> str:
    if isnan(low):
        return "no range"
    scale = 100 if found.in_shares else 1
    return words.span(scale * low, scale * high)


def _apart(found: Comparison, mine: pd.DataFrame, told: list[str]) -> str:
    """Difference of the two reported plans in the last net sum, with its 95% interval."""
    if len(told) < 2:
        return ""
    rows = mine[(mine["cell"] == told[1]) & (mine["measure"] == NET) & mine["mean_difference"].notna()]
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    gap, half = float(row["mean_difference"]), float(row["half_width"])
    if row["verdict"] not in _APART:
        return f": {cannot_be_told_apart()}" if row["verdict"] != IDENTICAL else ": the same in every history"
    ends = _ends(found, abs(gap) - half, abs(gap) + half)
    return f": {_sum(found, abs(gap))} {'more' if gap > 0 else 'less'} ({ends})"


def table_of(found: Comparison, called: Called) -> Table:
    """Full table of the councils' money: one row per plan and council."""
    rows = []
    table = found.councils.table
    months = sorted({int(month) for month in table.loc[table["measure"] == NET, "month"]})
    for (key, council), mine in table.groupby(["cell", "council"], sort=False):
        nets = mine[mine["measure"] == NET].set_index("month")
        cells = [_net(found, nets.loc[month]) if month in nets.index else "–" for month in months]
        saving = mine[mine["measure"] == SAVING]
        rows.append((f"{council}, {called.mid(str(key))}", *cells, _net(found, saving.iloc[-1])))
    unit = "% of its spending" if found.in_shares else "£m"
    heads = (f"After {_time(month)}" for month in months)
    return Table((f"Net, {unit}", *heads, "A year, at the end"), tuple(rows))


def _net(found: Comparison, row: Any) -> str:
    mark = _MARKS.get(str(row["verdict"]), "")
    scale = 100 if found.in_shares else 1
    if isnan(row["low"]):
        return f"{words.decimal(scale * row['middle'])} (no range)"
    low, high = (words.decimal(scale * row[name]) for name in ("low", "high"))
    joint = " to " if "−" in low + high else "–"
    return f"{words.decimal(scale * row['middle'])} ({low}{joint}{high}){' ' + mark if mark else ''}"
