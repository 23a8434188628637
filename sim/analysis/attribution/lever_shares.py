"""Contribution of each differing lever to the difference of two plans: Shapley values under the same luck."""

from collections.abc import Mapping, Sequence

from sim.analysis.arrays import Values
from sim.analysis.attribution import shapley
from sim.analysis.attribution.attributed_effects import corrected, effect, effect_over_orders, without_dust
from sim.analysis.attribution.attribution_finding import FactorShare
from sim.analysis.attribution.plan_factors import PlanFactor

MOST_EXACT = 5
"""Maximum factors for which every plan in between is simulated: 32 plans."""
PLANS = 96
"""Approximate number of plans simulated with more factors; with 100 histories each, a minute or two."""
FEWEST_PAIRS = 4
"""Minimum pairs of orders; with fewer the uncertainty from the choice of orders is unknown."""


def numbers(count: int, seed: int) -> Sequence[int]:
    """Numbers of the intermediate plans needed for the shares of this many factors."""
    return range(2**count) if count <= MOST_EXACT else shapley.plans_along(orders(count, seed))


def orders(count: int, seed: int) -> list[tuple[shapley.Order, shapley.Order]]:
    """Pairs of orders to try; empty where every plan is simulated."""
    if count <= MOST_EXACT:
        return []
    return shapley.pairs_of_orders(count, max(FEWEST_PAIRS, PLANS // (2 * (count - 1))), seed)


def shares(
    factors: Sequence[PlanFactor], worth: Mapping[int, Values], seed: int, flags: bool = False
) -> tuple[FactorShare, ...]:
    """Each factor's share of the difference, in the order given; `flags` is true for a yes/no outcome."""
    count = len(factors)
    whole = 2**count - 1
    ends = (worth[0], worth[whole])
    if count > MOST_EXACT:
        by_pair = shapley.sampled(orders(count, seed), worth)
        found = corrected([effect_over_orders(without_dust(by_pair[:, k], *ends)) for k in range(count)])
        return tuple(FactorShare(*pair) for pair in zip(factors, found, strict=True))
    by_history = shapley.exact(count, worth)
    found = corrected([effect(without_dust(values, *ends), flags and count == 1) for values in by_history])
    alone = [effect(worth[1 << k] - worth[0], flags) for k in range(count)]
    last = [effect(worth[whole] - worth[whole - (1 << k)], flags) for k in range(count)]
    return tuple(FactorShare(*parts) for parts in zip(factors, found, alone, last, strict=True))
