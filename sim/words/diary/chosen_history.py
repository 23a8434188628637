"""The history chosen for display, the rule that chose it, and its rank among the plan's others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.core import words
from sim.core.errors import InputError, shown, suggestion
from sim.study.tables import SAMPLED_BY, sample

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.study import Study

WAYS = ("typical", "luckiest", "unluckiest")
LUCKY = 0.8
"""Share of other histories that a history must be better (worse) than to be called lucky (unlucky)."""
_OVER_LINE = "months_fatigue_over_line"
_ENDS = {"luckiest": "highest", "unluckiest": "lowest"}
_TIES = {"luckiest": "fewest", "unluckiest": "most"}
_MEASURES = {SAMPLED_BY[0]: "net saving over ten years", SAMPLED_BY[1]: "present value of what is saved net"}


@dataclass(frozen=True)
class Picked:
    """A chosen history of a plan: its number, the rule that chose it, and how many others it is better or worse than.

    `way` is one of WAYS, or "number" if the user gave the number; `measure` is the outcome used for ranking.
    """

    replication: int
    way: str
    measure: str
    value: float
    better_than: int
    worse_than: int
    total: int

    @property
    def others(self) -> int:
        """Number of the plan's other histories."""
        return self.better_than + self.worse_than + self.level_with

    @property
    def level_with(self) -> int:
        """Number of other histories with the same result."""
        return self.total - 1 - self.better_than - self.worse_than

    @property
    def said(self) -> str:
        """Sentence naming the history, the rule that chose it, and its rank among those simulated."""
        return f"history {self.replication}, {self._rule}. {self._standing}"

    @property
    def _rule(self) -> str:
        of = f"of {'all ' if self.total > 1 else ''}{words.counted(self.total, 'history', 'histories')}"
        what = _MEASURES.get(self.measure, self.measure)
        if self.way == "typical":
            return f"the typical one: in the middle when {of.removeprefix('of ')} are put in order of {what}"
        if self.way in _ENDS:
            tie = f"; of equals, the one with the {_TIES[self.way]} months over the fatigue line"
            return f"the {self.way} one: the {_ENDS[self.way]} {what} {of}{tie}"
        return "as asked for"

    @property
    def _standing(self) -> str:
        if self.value != self.value or self.total < 2:
            return "It has no others to be set beside."
        what = f"Its {_MEASURES.get(self.measure, self.measure)} is {words.money(self.value)}"
        better, worse = self.better_than / self.others, self.worse_than / self.others
        if better >= LUCKY:
            return f"{what}: you were lucky, better than {self._part(self.better_than)}."
        if worse >= LUCKY:
            return f"{what}: you were unlucky, worse than {self._part(self.worse_than)}."
        if self._part(self.better_than) == self._part(self.worse_than):
            return f"{what}: neither lucky nor unlucky, as many others do better as do worse."
        return (
            f"{what}: neither lucky nor unlucky, better than {self._part(self.better_than)} "
            f"and worse than {self._part(self.worse_than)}."
        )

    def _part(self, count: int) -> str:
        if count == self.others:
            return f"all {count} others"
        return words.frequency(count, self.others) if count else "none"


def pick(study: Study, cell: str, which: int | str = "typical") -> Picked:
    """The history given by number or by one of WAYS; InputError if the plan has no such history."""
    runs = study.runs[study.runs["cell"] == cell].sort_values("replication", kind="stable")
    if runs.empty:
        raise InputError(f"the plan '{study.labels[cell]}' has no finished history to tell of")
    measure = next((name for name in SAMPLED_BY if runs[name].notna().any()), SAMPLED_BY[-1])
    way = which.strip().lower() if isinstance(which, str) else "number"
    if way in WAYS:
        return _placed(runs, measure, _chosen(study, cell, runs, measure, way), way)
    return _placed(runs, measure, _number(which, runs), "number")


def _chosen(study: Study, cell: str, runs: pd.DataFrame, measure: str, way: str) -> int:
    if way == "typical":
        told = study.events[study.events["cell"] == cell]
        if not told.empty:
            return int(told["replication"].iloc[0])
        return next(iter(sample(dict(zip(runs["replication"].tolist(), runs[measure].tolist(), strict=True)), 1)))
    sign = -1.0 if way == "luckiest" else 1.0
    order = runs.assign(_by=sign * runs[measure], _tie=-sign * runs[_OVER_LINE])
    return int(order.sort_values(["_by", "_tie", "replication"], kind="stable")["replication"].iloc[0])


def _number(which: int | str, runs: pd.DataFrame) -> int:
    text = str(which).strip()
    known = set(runs["replication"].tolist())
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise InputError(
            f"there is no history {shown(text)}: give its number, {min(known)} to {max(known)}, or a rule"
            f"{suggestion(text, WAYS)}"
        )
    if int(text) not in known:
        raise InputError(f"history {int(text)} is not in this study: it has {min(known)} to {max(known)}")
    return int(text)


def _placed(runs: pd.DataFrame, measure: str, number: int, way: str) -> Picked:
    values = runs[measure].to_numpy(dtype=float)
    own = float(values[(runs["replication"] == number).to_numpy()][0])
    return Picked(number, way, measure, own, int((values < own).sum()), int((values > own).sum()), len(values))
