"""Draws of evidence within its ranges: a Latin hypercube on addressed luck, the same for every case."""

from collections.abc import Mapping, Sequence

from sim.core.inputs.quantity import Quantity
from sim.core.luck import Luck


def draws(register: Mapping[str, Mapping[str, Quantity]], number: int, seed: int) -> list[dict[str, float]]:
    """Latin hypercube of `number` value sets by 'topic.quantity': one value from each of `number` equal slices."""
    sets: list[dict[str, float]] = [{} for _ in range(number)]
    for topic, group in register.items():
        for name, quantity in group.items():
            key = f"{topic}.{name}"
            for values, u in zip(sets, _slices(key, number, seed), strict=True):
                values[key] = quantity.at(u)
    return sets


def _slices(key: str, number: int, seed: int) -> list[float]:
    luck = Luck(seed, 0)
    order = sorted(range(number), key=lambda draw: luck.uniform("slice", key, draw))
    return [(rank + luck.uniform("within slice", key, draw)) / number for draw, rank in enumerate(_ranks(order))]


def _ranks(order: Sequence[int]) -> list[int]:
    ranks = [0] * len(order)
    for rank, draw in enumerate(order):
        ranks[draw] = rank
    return ranks
