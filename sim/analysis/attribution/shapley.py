"""Shapley values: each factor's contribution averaged over all orders of adding the factors.

A hybrid plan's number shows the factors it takes from the second plan: bit `i` is factor `i`. `worth` gives each
such plan one value for each history, so that shares are known by history and add up to the history's difference
between the two plans.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import factorial

import numpy as np

from sim.analysis.arrays import Values

Order = Sequence[int]


def exact(count: int, worth: Mapping[int, Values]) -> Values:
    """Shares by factor and history, from the values of all 2^count plans."""
    shares = np.zeros((count, len(worth[0])))
    for plan in range(2**count):
        size = plan.bit_count()
        for factor in range(count):
            if not plan >> factor & 1:
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                shares[factor] += weight * (worth[plan | 1 << factor] - worth[plan])
    return shares


def sampled(pairs: Sequence[tuple[Order, Order]], worth: Mapping[int, Values]) -> Values:
    """Shares by pair of orders, factor and history; their mean over pairs is an unbiased estimate of `exact`."""
    count = len(pairs[0][0])
    shares = np.zeros((len(pairs), count, len(worth[0])))
    for number, pair in enumerate(pairs):
        for order in pair:
            for factor, (before, after) in zip(order, pairwise(along(order)), strict=True):
                shares[number, factor] += (worth[after] - worth[before]) / len(pair)
    return shares


def pairs_of_orders(count: int, pairs: int, seed: int) -> list[tuple[Order, Order]]:
    """Random orders, each with its reverse to balance early and late positions."""
    luck = np.random.default_rng([seed, count, pairs])
    drawn = [tuple(int(factor) for factor in luck.permutation(count)) for _ in range(pairs)]
    return [(order, order[::-1]) for order in drawn]


def along(order: Order) -> list[int]:
    """Hybrid plans met when factors are added in this order, from none to all."""
    plans = [0]
    for factor in order:
        plans.append(plans[-1] | 1 << factor)
    return plans


def plans_along(pairs: Sequence[tuple[Order, Order]]) -> list[int]:
    """Hybrid plans met along these orders, without duplicates and in a fixed order."""
    return sorted({plan for pair in pairs for order in pair for plan in along(order)})
