"""Shapley values: what each of several factors adds, averaged over all orders in which they may be added.

Plans between two others are numbered by the factors taken over from the second: bit `i` of the number stands
for factor `i`. `worth` gives for each such plan one value a history, so that every share is known history by
history and the shares of a history add up to the difference of its two ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Order = Sequence[int]


def exact(count: int, worth: Mapping[int, Values]) -> Values:
    """Shares by factor and history, from the worth of all 2^count plans."""
    shares = np.zeros((count, len(worth[0])))
    for plan in range(2**count):
        size = plan.bit_count()
        for factor in range(count):
            if not plan >> factor & 1:
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                shares[factor] += weight * (worth[plan | 1 << factor] - worth[plan])
    return shares


def sampled(pairs: Sequence[tuple[Order, Order]], worth: Mapping[int, Values]) -> Values:
    """Shares by pair of orders, factor and history; the mean over pairs estimates `exact` without bias."""
    count = len(pairs[0][0])
    shares = np.zeros((len(pairs), count, len(worth[0])))
    for number, pair in enumerate(pairs):
        for order in pair:
            for factor, (before, after) in zip(order, pairwise(along(order)), strict=True):
                shares[number, factor] += (worth[after] - worth[before]) / len(pair)
    return shares


def pairs_of_orders(count: int, pairs: int, seed: int) -> list[tuple[Order, Order]]:
    """Orders drawn at random, each with its reverse: what comes early in one comes late in the other."""
    luck = np.random.default_rng([seed, count, pairs])
    drawn = [tuple(int(factor) for factor in luck.permutation(count)) for _ in range(pairs)]
    return [(order, order[::-1]) for order in drawn]


def along(order: Order) -> list[int]:
    """The plans met when factors are added in this order, from none to all."""
    plans = [0]
    for factor in order:
        plans.append(plans[-1] | 1 << factor)
    return plans


def plans_along(pairs: Sequence[tuple[Order, Order]]) -> list[int]:
    """Every plan met along these orders, once, in a fixed order."""
    return sorted({plan for pair in pairs for order in pair for plan in along(order)})
