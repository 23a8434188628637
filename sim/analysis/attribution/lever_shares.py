"""Contribution of each differing lever to the difference of two plans: Shapley values under the same luck.

A share is a lever's contribution averaged over all orders of adding the levers. A hybrid plan's number shows the
factors it takes from the second plan: bit `i` is factor `i`. `worth` gives each such plan one value for each history,
so that shares are known by history and add up to the history's difference between the two plans.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import factorial

import numpy as np

from sim.analysis.arrays import Values
from sim.analysis.attribution.attributed_effects import corrected, effect, effect_over_orders, without_dust
from sim.analysis.attribution.attribution_finding import FactorShare
from sim.analysis.attribution.plan_factors import PlanFactor

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


MOST_EXACT = 5
"""Maximum factors for which every plan in between is simulated: 32 plans."""
PLANS = 96
"""Approximate number of plans simulated with more factors; with 100 histories each, a minute or two."""
FEWEST_PAIRS = 4
"""Minimum pairs of orders; with fewer the uncertainty from the choice of orders is unknown."""


def numbers(count: int, seed: int) -> Sequence[int]:
    """Numbers of the intermediate plans needed for the shares of this many factors."""
    return range(2**count) if count <= MOST_EXACT else plans_along(orders(count, seed))


def orders(count: int, seed: int) -> list[tuple[Order, Order]]:
    """Pairs of orders to try; empty where every plan is simulated."""
    if count <= MOST_EXACT:
        return []
    return pairs_of_orders(count, max(FEWEST_PAIRS, PLANS // (2 * (count - 1))), seed)


def shares(
    factors: Sequence[PlanFactor], worth: Mapping[int, Values], seed: int, flags: bool = False
) -> tuple[FactorShare, ...]:
    """Each factor's share of the difference, in the order given; `flags` is true for a yes/no outcome."""
    count = len(factors)
    whole = 2**count - 1
    ends = (worth[0], worth[whole])
    if count > MOST_EXACT:
        by_pair = sampled(orders(count, seed), worth)
        found = corrected([effect_over_orders(without_dust(by_pair[:, k], *ends)) for k in range(count)])
        return tuple(FactorShare(*pair) for pair in zip(factors, found, strict=True))
    by_history = exact(count, worth)
    found = corrected([effect(without_dust(values, *ends), flags and count == 1) for values in by_history])
    alone = [effect(worth[1 << k] - worth[0], flags) for k in range(count)]
    last = [effect(worth[whole] - worth[whole - (1 << k)], flags) for k in range(count)]
    return tuple(FactorShare(*parts) for parts in zip(factors, found, alone, last, strict=True))
