"""Designs of sampled studies: factors with their ranges, and the points that cover them.

A design is a table of numbers between 0 and 1, a row a point and a column a factor; a factor turns such a number
into a value. The table is made again from the design alone, the same to the bit, and no shared luck is touched.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.quantity import draws, share_below_peak

Units = NDArray[np.float64]

KINDS = ("lhs", "sobol", "morris", "one_at_a_time")
COUNTED = {
    "lhs": "points",
    "sobol": "points of the base sample",
    "morris": "trajectories",
    "one_at_a_time": "levels a factor",
}
"""Unit that `n` counts, by kind of design."""
LEAST = {"lhs": 2, "sobol": 8, "morris": 4, "one_at_a_time": 2}
"""Minimum `n` by kind of design, for an effect to be told from luck."""
MOST_VALUES = 100_000_000
"""Maximum product of points and factors: 800 MB as doubles."""
MOST_COLUMNS = 21_201
"""Maximum columns with known Sobol' sequences; a Sobol design needs two for each factor."""
MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Factor:
    """One column of a design: the full key that it moves, and its values.

    With `values` the choices are equally likely. Else it moves between `low` and `high`: evenly, or with
    `peak` as the evidence is drawn (`Quantity.at`). `whole` keeps it to whole numbers, each equally likely
    without a peak. Factors of one `group` move together in a Sobol or Morris design; without a name a factor
    is a group of its own.
    """

    key: str
    low: float = 0.0
    high: float = 1.0
    peak: float | None = None
    values: tuple[Any, ...] = ()
    whole: bool = False
    group: str = ""

    @cached_property
    def at(self) -> Callable[[float], Any]:
        """Value below which a share `u` of the points lies; at `usual` exactly the most likely value."""
        if self.values:
            count = len(self.values)
            return lambda u: self.values[min(int(u * count), count - 1)]
        if self.peak is not None:
            about = self._about(self.peak)
            return (lambda u: round(about(u))) if self.whole else about
        low, high = self.low, self.high
        if self.whole:
            first, last = round(low), round(high)
            return lambda u: min(first + int(u * (last - first + 1)), last)
        return lambda u: high if u >= 1.0 else low + u * (high - low)

    def _about(self, peak: float) -> Callable[[float], float]:
        """Value at a share of the evidence's distribution about its peak; at `usual` exactly the peak."""
        low, high, usual = self.low, self.high, self.usual
        drawn = draws(low, peak, high)

        def about(u: float) -> float:
            if u <= 0.0 or u >= 1.0:
                return low if u <= 0.0 else high
            return peak if u == usual else drawn(u)

        return about

    @cached_property
    def usual(self) -> float:
        """Share at which the factor has its usual value: the first choice, the most likely value, else the middle."""
        if self.values:
            return 0.5 / len(self.values)
        return 0.5 if self.peak is None else share_below_peak(self.low, self.peak, self.high)

    @property
    def moves_with(self) -> str:
        """Name of the factor's group, or its own key if it has none."""
        return self.group or self.key


@dataclass(frozen=True)
class Design:
    """A sample of points over factors.

    `n` has the unit given in COUNTED: points for 'lhs', the base sample for 'sobol' (Saltelli: n × (groups + 2)
    points), trajectories for 'morris' (n × (groups + 1) points), levels of each factor besides the one usual
    point for 'one_at_a_time'. `levels` is the grid of 'morris'.
    """

    kind: str
    factors: tuple[Factor, ...]
    n: int
    seed: int = 1
    levels: int = 4

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of groups that move together in a Sobol or Morris design, in order of the factors."""
        return tuple(dict.fromkeys(factor.moves_with for factor in self.factors))

    @property
    def keys(self) -> tuple[str, ...]:
        """The full keys of the factors, in the order of the columns."""
        return tuple(factor.key for factor in self.factors)


def row_count(design: Design) -> int:
    """Number of points in the design."""
    if design.kind == "sobol":
        return design.n * (len(design.groups) + 2)
    if design.kind == "morris":
        return design.n * (len(design.groups) + 1)
    if design.kind == "one_at_a_time":
        return 1 + sum(len(_alone(factor, design.n)) for factor in design.factors)
    return design.n


def units(design: Design) -> Units:
    """Points as rows and factors as columns, all between 0 and 1. Raises InputError for an impossible design.

    Sobol: for each point of the base sample A, then A with one group after another from B, then B (Saltelli).
    Morris: trajectory after trajectory. One at a time: the usual point, then factor after factor.
    """
    checked(design)
    makers = {"lhs": _latin, "sobol": _saltelli, "morris": _morris, "one_at_a_time": _one_at_a_time}
    return makers[design.kind](design)


def values(design: Design, units_row: Sequence[float] | Units) -> dict[str, Any]:
    """The values of one point, by full key."""
    return {factor.key: factor.at(u) for factor, u in zip(design.factors, map(float, units_row), strict=True)}


def _latin(design: Design) -> Units:
    from scipy.stats import qmc

    made: Units = qmc.LatinHypercube(len(design.factors), rng=np.random.default_rng(design.seed)).random(design.n)
    return made


def _saltelli(design: Design) -> Units:
    """Saltelli sample of first and total order, built by columns; SALib's own takes minutes for many factors."""
    from scipy.stats import qmc

    count = len(design.factors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # notes() says it of a sample that is no power of two
        base = qmc.Sobol(2 * count, scramble=True, rng=np.random.default_rng(design.seed)).random(design.n)
    a, b = base[:, :count], base[:, count:]
    member = np.array([factor.moves_with for factor in design.factors])
    made = np.empty((design.n, len(design.groups) + 2, count))
    made[:, 0], made[:, -1] = a, b
    for number, group in enumerate(design.groups, start=1):
        made[:, number] = np.where(member == group, b, a)
    return made.reshape(-1, count)


def _morris(design: Design) -> Units:
    from SALib.sample.morris import sample

    made: Units = sample(problem(design), design.n, num_levels=design.levels, seed=design.seed)
    return np.clip(made, 0.0, 1.0)


def problem(design: Design) -> dict[str, Any]:
    """The design as a SALib problem, on the scale of shares."""
    return {
        "num_vars": len(design.factors),
        "names": list(design.keys),
        "bounds": [[0.0, 1.0]] * len(design.factors),
        "groups": [factor.moves_with for factor in design.factors],
    }


def _one_at_a_time(design: Design) -> Units:
    usual = np.array([factor.usual for factor in design.factors])
    made = np.tile(usual, (row_count(design), 1))
    row = 1
    for column, factor in enumerate(design.factors):
        for u in _alone(factor, design.n):
            made[row, column] = u
            row += 1
    return made


def _alone(factor: Factor, levels: int) -> list[float]:
    """Shares of a factor moved alone: every choice but the usual one, or `levels` from end to end."""
    if factor.values:
        return [(place + 0.5) / len(factor.values) for place in range(1, len(factor.values))]
    return [level / (levels - 1) for level in range(levels)]


def checked(design: Design) -> None:
    """Raise InputError, in one sentence, if the design cannot be made."""
    kind, n = design.kind, design.n
    if kind not in KINDS:
        raise InputError(f"there is no design {shown(kind)}{suggestion(str(kind), KINDS)}")
    if not design.factors:
        raise InputError(f"the design '{kind}' has no factors: name what it moves, such as design.over=evidence")
    if not _is_count(n) or n < LEAST[kind]:
        raise InputError(f"design.n={shown(n)}: '{kind}' needs at least {LEAST[kind]} {COUNTED[kind]}")
    if not _is_count(design.seed) or not 0 <= design.seed <= MOST_SEED:
        raise InputError(f"design.seed={shown(design.seed)}: a whole number from 0 to {MOST_SEED} is wanted")
    if kind == "morris" and (not _is_count(design.levels) or design.levels < 2 or design.levels % 2):
        raise InputError(f"design.levels={shown(design.levels)}: 'morris' needs an even number of levels, 2 or more")
    if kind == "sobol" and 2 * len(design.factors) > MOST_COLUMNS:
        raise InputError(f"the design 'sobol' takes at most {MOST_COLUMNS // 2:,} factors, not {len(design.factors):,}")
    for factor in design.factors:
        _check_factor(factor)
    _check_once(design.keys)
    if row_count(design) * len(design.factors) > MOST_VALUES:
        size = f"{row_count(design):,} points of {len(design.factors):,} factors"
        raise InputError(f"design.n={n}: {size} are more than memory is kept for; take fewer {COUNTED[kind]}")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_factor(factor: Factor) -> None:
    if factor.values:
        if len(factor.values) < 2:
            raise InputError(f"{factor.key}: one choice alone cannot vary; give at least two")
        return
    low, high, peak = factor.low, factor.high, factor.peak
    ends = f"{low:g} to {high:g}"
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        raise InputError(f"{factor.key}: {ends} is no range: the lower end comes first, and both are finite")
    if peak is not None and not low <= peak <= high:
        raise InputError(f"{factor.key}: its most likely value {peak:g} lies outside its range {ends}")
    if factor.whole and (low != round(low) or high != round(high)):
        raise InputError(f"{factor.key}: the range {ends} must begin and end with whole numbers")


def _check_once(keys: Sequence[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise InputError(f"the design names '{key}' twice")
        seen.add(key)


def notes(design: Design) -> list[str]:
    """Cautions about a possible design, one sentence each."""
    if design.kind == "sobol" and design.n & (design.n - 1):
        lower = 1 << (design.n.bit_length() - 1)
        return [
            f"design.n={design.n} is not a power of two: the sample is less even than with {lower} or {2 * lower} "
            "and the intervals are wider"
        ]
    return []


def as_manifest(design: Design) -> dict[str, Any]:
    """The design as plain values for a manifest; `from_manifest` restores it exactly."""
    factors = [{**asdict(factor), "values": list(factor.values)} for factor in design.factors]
    return {"kind": design.kind, "n": design.n, "seed": design.seed, "levels": design.levels, "factors": factors}


def from_manifest(content: Mapping[str, Any]) -> Design:
    """The design in a manifest. Raises InputError if there is none."""
    try:
        factors = tuple(Factor(**{**entry, "values": tuple(entry.get("values", ()))}) for entry in content["factors"])
        settings = {name: content[name] for name in ("kind", "n", "seed", "levels") if name in content}
        return Design(factors=factors, **settings)
    except (TypeError, KeyError, AttributeError) as error:
        raise InputError(f"the manifest holds no design that can be read: {error}") from error


def members_of(design: Design) -> dict[str, tuple[str, ...]]:
    """The keys of each group, in the order of the factors."""
    members: dict[str, list[str]] = {group: [] for group in design.groups}
    for factor in design.factors:
        members[factor.moves_with].append(factor.key)
    return {group: tuple(keys) for group, keys in members.items()}
