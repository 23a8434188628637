"""An effect with its interval and verdict: what a factor or a mechanism does to the difference of two plans."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.compare import mean_interval, paired_interval
from sim.crossed import mean_of, p_above_zero
from sim.intervals import LEVEL, holm, sign_test, t_quantile, t_two_sided

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Verdict = Literal["more", "less", "cannot be told from none", "none"]
DUST = 1e-9
"""A difference smaller than this part of the values it is made of is what adding them in another order leaves."""


@dataclass(frozen=True)
class Effect:
    """A mean over histories with the half-width of its 95% interval, and whether it can be told from none.

    `p` is corrected for the number of effects judged together, once they have been. `order_half_width` is the
    part of the half-width that comes from not having tried all orders; NaN where all were.
    """

    mean: float
    half_width: float
    p: float
    none: bool
    order_half_width: float = math.nan

    @property
    def low(self) -> float:
        """Lower end of the 95% interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the 95% interval."""
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
    if flags:
        up, down = int((values > 0).sum()), int((values < 0).sum())
        found = paired_interval((values > 0).astype(float), (values < 0).astype(float))
        return Effect(found.mean, found.half_width, sign_test(up, down), False)
    found = mean_interval(values)
    if not found.half_width > 0:
        return Effect(found.mean, found.half_width, sign_test(found.n, 0) if found.n > 1 else 1.0, False)
    error = found.half_width / t_quantile((1 + LEVEL) / 2, found.n - 1)
    return Effect(found.mean, found.half_width, t_two_sided(found.mean / error, found.n - 1), False)


def effect_over_orders(values: Values) -> Effect:
    """The effect from its value by pair of orders and history: unsure by luck and by which orders were tried."""
    if not values.any():
        return Effect(0.0, 0.0, 1.0, True, 0.0)
    found = mean_of(values)
    alone = mean_interval(values.mean(axis=1)).half_width
    return Effect(found.mean, found.half_width, p_above_zero(found), False, alone)


def without_dust(values: Values, *made_of: Values) -> Values:
    """The values with those set to zero that rounding alone can have made."""
    import numpy as np

    size = np.max(np.abs(np.stack(made_of)), axis=0)
    return np.where(np.abs(values) <= DUST * size, 0.0, values)


def corrected(effects: Sequence[Effect]) -> list[Effect]:
    """The effects, each with its p corrected for their number by Holm's rule."""
    values = holm([each.p for each in effects])
    return [replace(each, p=value) for each, value in zip(effects, values, strict=True)]
