"""Draws for cases: evidence in its ranges by a Latin hypercube on addressed luck, and levers no source tells."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum
from typing import Any

from sim.core.errors import InputError, suggestion
from sim.core.inputs.candidates import address
from sim.core.inputs.quantity import Quantity
from sim.core.luck import Luck
from sim.plans.declared_lists import lever_entries
from sim.plans.strict import SHIPPED, read_document


def draws(
    register: Mapping[str, Mapping[str, Quantity]], number: int, seed: int, partnership: str
) -> list[dict[str, float]]:
    """`number` sets of values by 'topic.quantity'; each quantity meets each of `number` equal slices once.

    All partnerships meet the same sets, but for where each stands among others, which is drawn for it alone.
    """
    sets: list[dict[str, float]] = [{} for _ in range(number)]
    for topic, group in register.items():
        for name, quantity in group.items():
            key = f"{topic}.{name}"
            for values, u in zip(sets, slices(address(key, partnership), number, seed), strict=True):
                values[key] = quantity.at(u)
    return sets


def slices(key: str, number: int, seed: int) -> list[float]:
    """One share in each of `number` equal slices, in an order of luck; the same for the same key and seed."""
    luck = Luck(seed, 0)
    order = sorted(range(number), key=lambda draw: luck.uniform("slice", key, draw))
    return [(rank + luck.uniform("within slice", key, draw)) / number for draw, rank in enumerate(_ranks(order))]


def _ranks(order: Sequence[int]) -> list[int]:
    ranks = [0] * len(order)
    for rank, draw in enumerate(order):
        ranks[draw] = rank
    return ranks


EVERY = "all"
"""The word by which a case holds every lever at the value its plan gives."""


@dataclass(frozen=True)
class Prior:
    """What is chosen of a lever with which weight, where nothing is known of a partnership; and why."""

    lever: str
    values: tuple[Any, ...]
    weights: tuple[float, ...]
    reason: str

    def at(self, u: float) -> Any:
        """The choice below which a share `u` of the weight lies."""
        left = u * fsum(self.weights)
        for value, weight in zip(self.values, self.weights, strict=True):
            left -= weight
            if left < 0.0:
                return value
        return self.values[-1]


@cache
def priors() -> tuple[Prior, ...]:
    """The priors as shipped; InputError where one names no lever or a choice that is not the lever's."""
    path = SHIPPED[0] / "priors" / "levers.yaml"
    known = {entry["name"].removeprefix("levers."): entry for entry in lever_entries()}
    found = []
    for lever, given in read_document(path).items():
        if lever not in known:
            raise InputError(f"{path}: {lever}: unknown lever{suggestion(lever, known)}")
        values = tuple(_read(known[lever], text) for text in given["choices"])
        found.append(Prior(lever, values, tuple(map(float, given["choices"].values())), given["reason"]))
    return tuple(found)


def _read(entry: Mapping[str, Any], text: str) -> Any:
    """A choice as the lever's own type."""
    if entry["type"] == "true or false":
        return text == "true"
    if entry["type"] == "choice":
        if text not in entry["choices"]:
            raise InputError(f"priors: {entry['name']}: '{text}' is none of its choices")
        return text
    return int(text) if entry["type"] == "whole number" else float(text)


def drawn_levers(held: Collection[str], number: int, seed: int, partnership: str) -> Sequence[dict[str, Any]]:
    """`number` sets of choices by 'group.lever' for one partnership, without those that are held."""
    sets: list[dict[str, Any]] = [{} for _ in range(number)]
    for prior in priors():
        if prior.lever in held or EVERY in held:
            continue
        for choices, u in zip(sets, slices(f"{prior.lever} of {partnership}", number, seed), strict=True):
            choices[prior.lever] = prior.at(u)
    return sets
