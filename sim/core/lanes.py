"""Lanes: one quantity of several histories that are played together, a place for each history.

A lane is a plain list of numbers. Where a quantity is the same in every history it may stand as a plain number
instead. Formulas are written for one history (`sim.core.mechanisms`) and applied to lanes here, place by place, so a
history gets the same bits in any company, and the formula that runs is the one that is shown.

Lists of numbers serve better here than numpy arrays: half of all rows are written one history at a time between two
pulses, and a formula of several steps costs one call for each history instead of one array for each step.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from math import fsum
from operator import mul
from typing import Any

Lane = list[Any]
Value = Any
"""A lane, or one plain value that holds for every history."""


def each(formula: Callable[..., Any], *values: Value) -> Value:
    """The formula applied in every history; a plain value where no argument is a lane."""
    for value in values:
        if type(value) is list:
            return list(map(formula, *[v if type(v) is list else repeat(v) for v in values]))
    return formula(*values)


def spread(value: Value, width: int) -> Lane:
    """The value as a lane of `width` places."""
    return value if type(value) is list else [value] * width


def merged(values: Sequence[Any]) -> Value:
    """One plain value where all histories have the same, else a lane."""
    first = values[0]
    return first if all(value is first or value == first for value in values) else list(values)


def lowest(rows: Sequence[Lane]) -> Lane:
    """The least of several rows, in every history."""
    return list(map(min, *rows)) if len(rows) > 1 else rows[0]


def mean_of(shares: Sequence[float], rows: Sequence[Lane]) -> Lane:
    """The mean of several rows, each with its share, in every history."""
    if len(rows) == 2:
        a, b = shares
        return [a * x + b * y for x, y in zip(*rows)]
    return [fsum(map(mul, shares, values)) for values in zip(*rows)]


def where(mask: Value) -> Iterable[int]:
    """The places of the histories in which the mask holds."""
    return [place for place, holds in enumerate(mask) if holds] if type(mask) is list else ()
