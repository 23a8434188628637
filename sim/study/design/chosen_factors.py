"""Factors of a sampled study: evidence and levers by name, by topic, or all evidence at once."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import InputError, shown, suggestion
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.study.design.designs import Design, Factor, units, values

GROUPED = ("sobol", "morris")
SINGLE = 60
"""Maximum number of factors moved singly in a Sobol or Morris design; more move by topic (assumption: with 60
factors and a base sample of 64 such a design has some 4,000 points, about what a laptop does in an hour)."""
WAYS = ("auto", "topics", "none")


def over(names: Sequence[str]) -> tuple[Factor, ...]:
    """Factors for the given names: `evidence`, `evidence.<topic>`, a quantity or lever, or the last part of one.

    A quantity is drawn in its range about its value, a lever evenly over what is allowed. InputError for a
    name that means nothing or several things, and for one that cannot vary.
    """
    found: dict[str, Factor] = {}
    for name in names:
        for factor in _meant(name):
            found.setdefault(factor.key, factor)
    return tuple(found.values())


def grouped(factors: Sequence[Factor], kind: str, way: str = "auto") -> tuple[Factor, ...]:
    """Factors with their groups: by topic on request, or where there are too many to move singly."""
    if way not in WAYS:
        raise InputError(f"design.groups={shown(way)}: one of {', '.join(WAYS)} is wanted{suggestion(way, WAYS)}")
    by_topic = way == "topics" or (way == "auto" and kind in GROUPED and len(factors) > SINGLE)
    if not by_topic:
        return tuple(factors)
    return tuple(replace(factor, group=_topic(factor.key)) for factor in factors)


def _topic(key: str) -> str:
    return ".".join(key.split(".")[:2])


def within_bounds(key: str, low: float, high: float) -> Factor:
    """Factor over an interval as typed. Raises InputError if it exceeds the key's bounds."""
    usual = _one(key)
    if usual.values:
        raise InputError(f"{key}: an interval has no meaning for {', '.join(map(str, usual.values))}; name the choices")
    if low < usual.low or high > usual.high:
        raise InputError(
            f"{key}=interval({low:g},{high:g}): lies outside what is allowed, {usual.low:g} to {usual.high:g}"
        )
    return Factor(usual.key, low, high, whole=usual.whole)


def _one(key: str) -> Factor:
    found = _meant(key)
    if len(found) != 1:
        raise InputError(f"{key}: an interval is for one quantity or lever, not for {len(found)}")
    return found[0]


def _meant(name: str) -> list[Factor]:
    known = _factors()
    if name == "evidence":
        return [factor for key, factor in known.items() if key.startswith("evidence.") and factor.low < factor.high]
    topic = [factor for key, factor in known.items() if key.startswith(f"{name}.") and name.count(".") == 1]
    if topic:
        return [factor for factor in topic if factor.values or factor.low < factor.high]
    for whole in (name, f"{name}.value", f"evidence.{name}.value", f"levers.{name}"):
        if whole in known:
            return [_able(known[whole])]
    ends = [key for key in known if key.removesuffix(".value").rpartition(".")[2] == name]
    if len(ends) == 1:
        return [_able(known[ends[0]])]
    if ends:
        raise InputError(f"'{name}' may be any of {', '.join(ends)}: write one of them")
    topics = dict.fromkeys(map(_topic, known))
    raise InputError(f"design.over: there is no '{name}'{suggestion(name, ['evidence', *topics, *known])}")


def _able(factor: Factor) -> Factor:
    if not factor.values and factor.low == factor.high:
        raise InputError(f"{factor.key} is known exactly ({factor.low:g}), so it cannot vary")
    return factor


def _factors() -> dict[str, Factor]:
    found = {}
    for entry in evidence_entries():
        key = f"{entry['name']}.value"
        found[key] = Factor(key, entry["low"], entry["high"], entry["value"])
    for entry in lever_entries():
        made = _of_lever(entry)
        if made is not None:
            found[made.key] = made
    return found


def _of_lever(entry: Mapping[str, Any]) -> Factor | None:
    """Factor for a lever; None for one that holds text or a list."""
    name = entry["name"]
    if entry["type"] == "true or false":
        return Factor(name, values=(False, True))
    if entry.get("choices"):
        return Factor(name, values=tuple(entry["choices"]))
    if "low" not in entry or "high" not in entry:
        return None
    return Factor(name, entry["low"], entry["high"], whole=entry["type"] == "whole number")


@dataclass(frozen=True)
class Drawn(Sequence[Mapping[str, Any]]):
    """Rows of a design as values by full key, each computed at first use and kept."""

    design: Design
    _kept: dict[int, Sequence[Any]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """Points as shares between 0 and 1, a row each."""
        return units(self.design)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Full keys of the values."""
        return self.design.keys

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, row: Any) -> Any:
        if row not in self._kept:
            self._kept[row] = _packed(list(values(self.design, self.points[row]).values()))
        return dict(zip(self.keys, self._kept[row], strict=True))


def _packed(values: list[Any]) -> Sequence[Any]:
    """Values packed into a quarter of the space where all are floats, since samples have many."""
    return array("d", values) if set(map(type, values)) == {float} else values
