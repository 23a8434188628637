"""Draws of evidence within its ranges: a Latin hypercube on addressed luck, the same for every case."""

from collections.abc import Mapping, Sequence

from sim.core.inputs.quantity import Quantity
from sim.core.luck import Luck

OF_PLACES, STANDINGS = "places", ("pace", "saving")
"""The topic and its quantities that differ from partnership to partnership within one draw."""


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
            drawn_for = f"{key} of {partnership}" if topic == OF_PLACES and name in STANDINGS else key
            for values, u in zip(sets, slices(drawn_for, number, seed), strict=True):
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
