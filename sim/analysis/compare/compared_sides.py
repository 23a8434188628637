"""Plans for a comparison: study and name of each, and checks that they are comparable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare.compared_plans import MOST, by_point, pooled
from sim.analysis.compare.concerns import MONEY
from sim.analysis.compare.history_values import values_of
from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.partnership import Partnership
from sim.engine.outcomes import OUTCOMES
from sim.engine.settings import Settings
from sim.study.study import Study

LONGEST = 200
"""Maximum characters of a label."""


@dataclass(frozen=True, eq=False)
class Side:
    """One plan of one study. `key` is unique among all sides, `of` names its study if that is needed.

    `rows` holds the outcomes by replication, in a sample by row and replication.
    """

    key: str
    cell: str
    label: str
    scenario: str
    study: Study
    rows: pd.DataFrame
    of: str = ""

    @property
    def seed(self) -> int:
        """Seed of the luck in its study."""
        return int(self.study.manifest["seed"])

    @property
    def sampled(self) -> bool:
        """True if its histories are over the points of a sample."""
        return self.study.sampled

    @cached_property
    def settings(self) -> Settings:
        """Its settings, or in a sample those of the study's reference."""
        return self.study.settings(self.study.reference if self.sampled else self.cell)

    @property
    def partnership(self) -> Partnership:
        """Partnership of the plan."""
        return self.settings.partnership

    def values(self, outcome: str, in_shares: bool = False) -> Values:
        """Outcome by history: infinity for never, NaN for no value, money as a share on request."""
        if outcome not in self._columns:
            self._columns[outcome] = values_of(self.rows, outcome)
        found = self._columns[outcome]
        scaled = in_shares and OUTCOMES[outcome].unit in MONEY
        return found / self.partnership.expenditure_gbp_m if scaled else found

    @cached_property
    def _columns(self) -> dict[str, Values]:
        return {}

    def over(self, replications: pd.Index) -> Side:
        """The plan with only these histories."""
        return replace(self, rows=self.rows.loc[replications])

    def has(self, outcome: str) -> bool:
        """True if some history has a value of the outcome; never counts as a value."""
        return outcome in self.rows and not bool(np.isnan(self.values(outcome)).all())


@dataclass(frozen=True)
class Sides:
    """Plans to compare, reference first, with notes on their selection."""

    every: tuple[Side, ...]
    notes: tuple[str, ...]

    @property
    def reference(self) -> Side:
        """Plan that the others are compared with."""
        return self.every[0]

    @property
    def others(self) -> tuple[Side, ...]:
        """All plans except the reference."""
        return self.every[1:]


def gathered(studies: Sequence[Study], plans: Sequence[str], reference: str | None, in_shares: bool) -> Sides:
    """Plans of the studies named by the user, or all of them.

    Raises InputError if a name fits none, nothing has finished, only one plan is left, a sample is combined
    with another study, or partnerships differ and shares were not requested.
    """
    if len(studies) > 1 and any(study.sampled for study in studies):
        name = next(study.folder.name for study in studies if study.sampled)
        raise InputError(
            f"the study '{name}' is a sample, whose plans stand over ranges of evidence: compare it alone, or by "
            "'tandem robust'"
        )
    every, notes = _without_twins(_named_apart([side for study in studies for side in _of(study)]))
    notes += _left_out(studies)
    if not every:
        which = " and ".join(f"the study '{study.folder.name}'" for study in studies)
        raise InputError(f"no history has finished in {which}: there is nothing to compare")
    chosen = list(dict.fromkeys(side for text in plans for side in _meant(every, text))) if plans else every
    first = _first(every, every if len(chosen) == 1 else chosen, reference, studies)
    ordered = [first, *(side for side in chosen if side is not first)]
    if len(ordered) < 2:
        raise InputError(f"only one plan, {shown(first.label)}, has results: name another plan or study beside it")
    if len(ordered) > MOST:
        notes.append(f"the first {MOST} of {len(ordered):,} plans are compared")
    _same_councils(ordered[:MOST], in_shares)
    return Sides(tuple(ordered[:MOST]), tuple(notes))


def _of(study: Study) -> list[Side]:
    """All plans of a study with results, in the study's order."""
    if study.sampled:
        return _of_sample(study)
    scenarios = {entry["cell"]: str(entry["scenario"]) for entry in study.manifest["cells"]}
    tables = {str(cell): rows for cell, rows in study.runs.groupby("cell", sort=False)}
    found = []
    for cell, label in study.labels.items():
        if cell in tables:
            rows = tables[cell].set_index("replication").sort_index()
            found.append(Side(cell, cell, one_line(label), scenarios[cell], study, rows))
    return found


def one_line(label: str) -> str:
    """A label on one line, with at most LONGEST characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in label).split())[:LONGEST]


def _of_sample(study: Study) -> list[Side]:
    points = by_point(study)
    reference = pooled(study)[1]
    plans = [reference, *(plan for plan in dict.fromkeys(study.design["scenario"]) if plan != reference)]
    tables = {plan: points[points["scenario"] == plan].set_index(["row", "replication"]).sort_index() for plan in plans}
    return [Side(plan, plan, one_line(plan), plan, study, rows) for plan, rows in tables.items() if len(rows)]


def _without_twins(sides: list[Side]) -> tuple[list[Side], list[str]]:
    """Results without duplicates: of same cell, luck and shared results, the one with most histories."""
    kept: list[Side] = []
    twice = set()
    for side in sorted(sides, key=lambda each: -len(each.rows)):
        twin = next((each for each in kept if _same(each, side)), None)
        if twin is None:
            kept.append(side)
        else:
            twice.add(twin.key)
    notes = [
        f"{len(twice)} {'plan stands' if len(twice) == 1 else 'plans stand'} in more than one study, and once here"
    ]
    return _named_apart([side for side in sides if side in kept]), notes if twice else []


def _same(one: Side, other: Side) -> bool:
    """True if two sides are one plan under one luck, with equal results as far as both go."""
    if one.cell != other.cell or one.seed != other.seed:
        return False
    common = one.rows.index.intersection(other.rows.index)
    names = [name for name in OUTCOMES if name in one.rows and name in other.rows]
    return len(common) > 0 and one.rows.loc[common, names].equals(other.rows.loc[common, names])


def _named_apart(sides: list[Side]) -> list[Side]:
    """Sides with unique keys, and the study's name where a label occurs twice."""
    labels = Counter(side.label for side in sides)
    cells = Counter(side.cell for side in sides)
    titles: dict[str, set[str]] = {}
    for side in sides:
        titles.setdefault(side.study.name, set()).add(side.study.folder.name)
    named = []
    for side in sides:
        own = side.study.name if len(titles[side.study.name]) == 1 else side.study.folder.name
        key = side.cell if cells[side.cell] == 1 else f"{side.cell} in {side.study.folder.name}"
        named.append(replace(side, key=key, of=own if labels[side.label] > 1 else ""))
    return named


def _meant(every: Sequence[Side], text: str) -> list[Side]:
    """Sides meant by a text: a label, a scenario or the start of an id, or several with commas.

    A label may hold commas itself: the longest part that fits is taken first.
    """
    parts, found = text.split(","), []
    while parts:
        size = next((n for n in range(len(parts), 0, -1) if _matching(every, ",".join(parts[:n]))), 0)
        if not size:
            known = dict.fromkeys(name for side in every for name in (side.scenario, side.label))
            wanted = one_line(parts[0])
            raise InputError(f"no plan {shown(wanted)} has results here{suggestion(wanted, known)}")
        found += _matching(every, ",".join(parts[:size]))
        parts = parts[size:]
    return found


def _matching(every: Sequence[Side], text: str) -> list[Side]:
    wanted = one_line(text).lower()
    ways: tuple[Callable[[Side], bool], ...] = (
        lambda side: f"{side.label} in {side.of}".lower() == wanted,
        lambda side: side.label.lower() == wanted,
        lambda side: side.scenario.lower() == wanted,
        lambda side: bool(wanted) and side.cell.startswith(wanted),
    )
    return next((found for way in ways if (found := [side for side in every if way(side)])), [])


def _first(every: Sequence[Side], chosen: Sequence[Side], name: str | None, studies: Sequence[Study]) -> Side:
    """The reference: as named, else the first study's own if included, else the first side."""
    if name is not None:
        found = _meant(every, name)
        if len(found) > 1:
            own = [side for side in found if side.cell == side.study.reference]
            return own[0] if own else found[0]
        return found[0]
    usual = pooled(studies[0])[1] if studies[0].sampled else studies[0].reference
    return next((side for side in chosen if side.cell == usual), chosen[0])


def _left_out(studies: Sequence[Study]) -> list[str]:
    """Plans with no finished history or with some missing."""
    notes = []
    for study in studies:
        lacking = set() if study.sampled else set(study.labels) - set(study.runs["cell"].unique())
        name = f" of the study '{study.folder.name}'" if len(studies) > 1 else ""
        if lacking:
            notes.append(f"{len(lacking)} of {len(study.labels)} plans{name} have no finished history and are left out")
        if study.partial:
            notes.append(f"the study '{study.folder.name}' was stopped before its end: what had finished is compared")
    return notes


def _same_councils(sides: Sequence[Side], in_shares: bool) -> None:
    """Raise InputError if money of different councils would be compared."""
    first = sides[0].partnership
    councils = {council.name for council in first.councils}
    for side in sides[1:]:
        if not in_shares and {council.name for council in side.partnership.councils} != councils:
            raise InputError(
                f"{shown(side.partnership.name)} ({side.study.folder.name}) and {shown(first.name)} are different "
                "partnerships, whose pounds and posts do not compare: with --in-shares they are compared in shares of "
                "service expenditure, chances and scores"
            )
