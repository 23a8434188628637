"""Effect of a factor or mechanism on the difference of two plans, with interval and verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.analysis.compare import mean_interval, paired_interval
from sim.analysis.two_way import mean_of, p_above_zero
from sim.core.statistics.intervals import LEVEL, judged, sign_test, stretch, t_quantile, t_two_sided

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Verdict = Literal["more", "less", "cannot be told from none", "none"]
DUST = 1e-9
"""Relative size below which a difference is only rounding error from the order of addition."""


@dataclass(frozen=True)
class Effect:
    """A mean over histories, the half-width of the interval behind its verdict, and its p-value.

    `p` is corrected for the number of effects judged together, and the interval widened to it, once they have been;
    of an effect alone it is that of 95%, with `df` degrees of freedom. `order_half_width` is the
    part of the half-width that comes from not having tried all orders; NaN where all were.
    """

    mean: float
    half_width: float
    p: float
    none: bool
    order_half_width: float = math.nan
    df: int = 0

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width

    @property
    def verdict(self) -> Verdict:
        """Verdict on the effect: more, less, exactly zero, or not distinguishable from zero."""
        if self.none:
            return "none"
        if not self.p < 1 - LEVEL or self.mean == 0:
            return "cannot be told from none"
        return "more" if self.mean > 0 else "less"

    @property
    def clear(self) -> bool:
        """True if the effect is distinguishable from zero."""
        return self.verdict in ("more", "less")


def effect(values: Values, flags: bool = False) -> Effect:
    """Effect from its value in each history; differences of two flags use their own interval and test."""
    if not values.any():
        return Effect(0.0, 0.0, 1.0, True)
    up, down = (values > 0).astype(float), (values < 0).astype(float)
    found = paired_interval(up, down) if flags else mean_interval(values)
    if not found.half_width > 0:
        return Effect(found.mean, found.half_width, sign_test(found.n, 0) if found.n > 1 else 1.0, False)
    error = found.half_width / t_quantile((1 + LEVEL) / 2, found.n - 1)
    return Effect(found.mean, found.half_width, t_two_sided(found.mean / error, found.n - 1), False, df=found.n - 1)


def effect_over_orders(values: Values) -> Effect:
    """Effect from values by pair of orders and history, with uncertainty from luck and from the orders tried."""
    if not values.any():
        return Effect(0.0, 0.0, 1.0, True, 0.0)
    found = mean_of(values)
    alone = mean_interval(values.mean(axis=1)).half_width
    return Effect(found.mean, found.half_width, p_above_zero(found), False, alone, found.df)


def without_dust(values: Values, *made_of: Values) -> Values:
    """Values with differences due to rounding alone set to zero."""
    size = np.max(np.abs(np.stack(made_of)), axis=0)
    return np.where(np.abs(values) <= DUST * size, 0.0, values)


def corrected(effects: Sequence[Effect]) -> list[Effect]:
    """Effects with p-values corrected for their number by Holm's rule, and matching intervals."""
    return [
        replace(each, p=p, half_width=each.half_width * (stretch(each.df, confidence) if each.df else 1.0))
        for each, (p, confidence) in zip(effects, judged([each.p for each in effects]), strict=True)
    ]
