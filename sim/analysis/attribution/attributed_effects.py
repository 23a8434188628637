"""Effect of a factor or mechanism on the difference of two plans, with interval and verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.analysis.arrays import Values
from sim.analysis.compare import mean_interval, paired_interval
from sim.analysis.compare.history_values import t_test
from sim.analysis.estimates import Estimate
from sim.analysis.two_way import mean_of, p_above_zero
from sim.core.statistics.intervals import LEVEL, judged, stretch

EffectVerdict = Literal["more", "less", "cannot be told from none", "none"]
DUST = 1e-9
"""Relative size below which a difference is only rounding error from the order of addition."""


@dataclass(frozen=True)
class Effect(Estimate):
    """A mean over histories with the interval that its verdict rests on, and whether it differs from none.

    `p` is corrected for the number of effects judged together, and the interval widened to it, once they have been;
    of an effect alone it is that of 95%, with `df` degrees of freedom. `order_half_width` is the
    part of the half-width that comes from not having tried all orders; NaN where all were.
    """

    p: float = 1.0
    none: bool = False
    order_half_width: float = math.nan
    df: int = 0

    @property
    def verdict(self) -> EffectVerdict:
        """Verdict on the effect: more, less, exactly zero, or not distinguishable from zero."""
        if self.none:
            return "none"
        if not self.p < 1 - LEVEL or self.value == 0:
            return "cannot be told from none"
        return "more" if self.value > 0 else "less"

    @property
    def clear(self) -> bool:
        """True if the effect is distinguishable from zero."""
        return self.verdict in ("more", "less")


def _effect(value: float, half: float, n: int, p: float, df: int = 0, orders: float = math.nan) -> Effect:
    return Effect(value, value - half, value + half, n, half_width=half, p=p, df=df, order_half_width=orders)


def effect(values: Values, flags: bool = False) -> Effect:
    """Effect from its value in each history; differences of two flags use their own interval and test."""
    if not values.any():
        return Effect(0.0, 0.0, 0.0, len(values), half_width=0.0, none=True)
    up, down = (values > 0).astype(float), (values < 0).astype(float)
    found = paired_interval(up, down) if flags else mean_interval(values)
    df = found.n - 1 if found.half_width > 0 else 0
    return _effect(found.value, found.half_width, found.n, t_test(found), df)


def effect_over_orders(values: Values) -> Effect:
    """Effect from values by pair of orders and history, with uncertainty from luck and from the orders tried."""
    if not values.any():
        return Effect(0.0, 0.0, 0.0, values.size, half_width=0.0, none=True, order_half_width=0.0)
    found = mean_of(values)
    alone = mean_interval(values.mean(axis=1)).half_width
    return _effect(found.mean, found.half_width, found.n, p_above_zero(found), found.df, alone)


def without_dust(values: Values, *made_of: Values) -> Values:
    """Values with differences due to rounding alone set to zero."""
    size = np.max(np.abs(np.stack(made_of)), axis=0)
    return np.where(np.abs(values) <= DUST * size, 0.0, values)


def corrected(effects: Sequence[Effect]) -> list[Effect]:
    """Effects with p-values corrected for their number by Holm's rule, and matching intervals."""
    return [
        each
        if each.none
        else _effect(
            each.value,
            each.half_width * (stretch(each.df, confidence) if each.df else 1.0),
            each.n,
            p,
            each.df,
            each.order_half_width,
        )
        for each, (p, confidence) in zip(effects, judged([each.p for each in effects]), strict=True)
    ]
