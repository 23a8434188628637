"""Draws of the evidence inside its ranges: a Latin hypercube on addressed luck, the same for every case."""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt

from sim.luck import Luck
from sim.quantity import Quantity

WIDE = 3.0
"""From this ratio of high to low on, a quantity is drawn on the scale of its logarithm."""


def draws(register: Mapping[str, Mapping[str, Quantity]], number: int, seed: int) -> list[dict[str, float]]:
    """`number` sets of values by 'topic.quantity'; each quantity meets each of `number` equal slices once."""
    sets: list[dict[str, float]] = [{} for _ in range(number)]
    for topic, group in register.items():
        for name, quantity in group.items():
            key = f"{topic}.{name}"
            for values, u in zip(sets, _slices(key, number, seed), strict=True):
                values[key] = inverse(quantity, u)
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


def inverse(quantity: Quantity, u: float) -> float:
    """The value below which a share `u` of the quantity's draws lies."""
    low, peak, high = quantity.low, quantity.value, quantity.high
    if low == high:
        return peak
    if low > 0.0 and high / low > WIDE:
        drawn = exp(_triangle(log(low), log(peak), log(high), u))
    else:
        drawn = _triangle(low, peak, high, u)
    return min(max(drawn, low), high)


def _triangle(low: float, peak: float, high: float, u: float) -> float:
    split = (peak - low) / (high - low)
    if u < split:
        return low + sqrt(u * (high - low) * (peak - low))
    return high - sqrt((1.0 - u) * (high - low) * (high - peak))
