"""An effect with its interval and verdict: what a factor or a mechanism does to the difference of two plans."""

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
"""A difference smaller than this part of the values it is made of is what adding them in another order leaves."""


@dataclass(frozen=True)
class Effect:
    """A mean over histories with half of the interval that its verdict rests on, and whether it differs from none.

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
        """Whether it is more, less, exactly none, or cannot be told from none."""
        if self.none:
            return "none"
        if not self.p < 1 - LEVEL or self.mean == 0:
            return "cannot be told from none"
        return "more" if self.mean > 0 else "less"

    @property
    def clear(self) -> bool:
        """Whether it can be told from none."""
        return self.verdict in ("more", "less")


def effect(values: Values, flags: bool = False) -> Effect:
    """The effect from its value in every history; of differences of two flags with their own interval and test."""
    if not values.any():
        return Effect(0.0, 0.0, 1.0, True)
    up, down = (values > 0).astype(float), (values < 0).astype(float)
    found = paired_interval(up, down) if flags else mean_interval(values)
    if not found.half_width > 0:
        return Effect(found.mean, found.half_width, sign_test(found.n, 0) if found.n > 1 else 1.0, False)
    error = found.half_width / t_quantile((1 + LEVEL) / 2, found.n - 1)
    return Effect(found.mean, found.half_width, t_two_sided(found.mean / error, found.n - 1), False, df=found.n - 1)


def effect_over_orders(values: Values) -> Effect:
    """The effect from its value by pair of orders and history: unsure by luck and by which orders were tried."""
    if not values.any():
        return Effect(0.0, 0.0, 1.0, True, 0.0)
    found = mean_of(values)
    alone = mean_interval(values.mean(axis=1)).half_width
    return Effect(found.mean, found.half_width, p_above_zero(found), False, alone, found.df)


def without_dust(values: Values, *made_of: Values) -> Values:
    """The values with those set to zero that rounding alone can have made."""
    size = np.max(np.abs(np.stack(made_of)), axis=0)
    return np.where(np.abs(values) <= DUST * size, 0.0, values)


def corrected(effects: Sequence[Effect]) -> list[Effect]:
    """The effects, each with its p corrected for their number by Holm's rule, and the interval that says the same."""
    return [
        replace(each, p=p, half_width=each.half_width * (stretch(each.df, confidence) if each.df else 1.0))
        for each, (p, confidence) in zip(effects, judged([each.p for each in effects]), strict=True)
    ]
