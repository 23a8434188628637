"""Grid of a sweep: every combination of the given values, one list of overrides per cell."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, Override, RangeSweep, ValueType
from hydra.errors import HydraException

from sim.core.errors import InputError, shown
from sim.plans.strict import parse_override, split_override
from sim.plans.strict.reader import MAX_DEPTH

MAX_CELLS = 100_000

Names = Callable[[str], list[str]]


def grid(arguments: Sequence[str], names: Names) -> list[list[str]]:
    """All combinations of `key=a,b`, `key=range(…)` and `key=glob(…)`, the last key changing fastest.

    `names` lists the options of a group, for glob. Raises InputError for unreadable text, for a glob that
    matches nothing, an empty range, and a grid of more than 100,000 cells.
    """
    columns = [choices(argument, names) for argument in arguments]
    count = prod(len(values) for values in columns)
    if count > MAX_CELLS:
        raise InputError(f"the sweep has more than {MAX_CELLS} cells: give fewer values")
    return [list(row) for row in itertools.product(*columns)]


def choices(argument: str, names: Names) -> list[str]:
    """The single overrides that one argument expands to."""
    split_override(argument)
    try:
        parse_override(argument)
        return [argument]
    except InputError as refusal:
        override = parsed(argument)
        if not override.is_sweep_override():
            raise refusal from None
    if override.value_type == ValueType.INTERVAL_SWEEP:
        raise InputError(f"{shown(argument)}: an interval holds no single values; use range(start, stop, step)")
    values = _listed(argument, override, names)
    if not values:
        raise InputError(f"{shown(argument)} gives no value at all, so the sweep would have no cells")
    return [f"{override.get_key_element()}={value}" for value in values]


def parsed(argument: str) -> Override:
    """The argument as parsed by Hydra; InputError if it cannot be parsed."""
    depths = itertools.accumulate((char in "([{") - (char in ")]}") for char in argument)
    if max(depths, default=0) > MAX_DEPTH:
        raise InputError(f"{shown(argument)}: nested more than {MAX_DEPTH} levels deep")
    try:
        return OverridesParser.create().parse_override(argument)
    except (HydraException, ValueError) as error:
        raise InputError(f"{shown(argument)} cannot be read: {_reason(error)}") from None


def _listed(argument: str, override: Override, names: Names) -> list[str]:
    chosen: Any = override.value()
    if isinstance(chosen, RangeSweep) and not _count(chosen) <= MAX_CELLS:
        raise InputError(f"{shown(argument)}: more than {MAX_CELLS} cells; give fewer values")
    try:
        values: Iterable[str] = (
            chosen.filter(names(override.key_or_group))
            if isinstance(chosen, Glob)
            else override.sweep_string_iterator()
        )
        return list(itertools.islice(values, MAX_CELLS + 1))
    except (HydraException, ValueError, ZeroDivisionError, OverflowError) as error:
        raise InputError(f"{shown(argument)} cannot be read: {_reason(error)}") from None


def _count(asked: RangeSweep) -> float:
    """Approximate number of values in a range; a zero step is refused when the values are listed."""
    assert asked.start is not None and asked.stop is not None
    return abs((asked.stop - asked.start) / asked.step) if asked.step else 0.0


def _reason(error: Exception) -> str:
    return " ".join(str(error).partition(" expecting {")[0].split())[:160] or type(error).__name__
