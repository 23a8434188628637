"""Going alone: what a council would have saved and cut by itself under the same budget, beside what sharing brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sim.core.mechanisms import closes, left_to_cut


class Path(NamedTuple):
    """What a council could save by itself: £m a year at the end of each year from the start; the cost of each £m."""

    by_year: Sequence[float]
    one_off: float


@dataclass(slots=True)
class Alone:
    """One council's budget: the gap it must close, what it could save alone, and what it still can while it shares."""

    gap: Sequence[float]
    saving: Path
    beside: Path


class Attributed(NamedTuple):
    """By month, cumulative £m: net saving beyond going alone, and cuts of services that sharing has avoided."""

    net: list[float]
    cuts_avoided: list[float]


def attributed(own: Alone, rate: Sequence[float], net: Sequence[float]) -> Attributed:
    """What sharing brings one council beyond going alone.

    `rate` is its recurrent saving by month, £m a year, and `net` its cumulative net saving, £m. On either path it
    uses its own options as far as its budget asks; what is still open then is cut from services.
    """
    months = len(net) - 1
    gap, lone, beside = (monthly(points, months) for points in (own.gap, own.saving.by_year, own.beside.by_year))
    found = Attributed([net[0]], [0.0])
    before = used_before = ours = avoided = 0.0
    for month, (needed, able_alone, able_beside) in enumerate(zip(gap, lone, beside)):
        alone, used = closes(needed, able_alone), closes(needed - rate[month], able_beside)
        ours += (used - alone) / 12.0 - own.beside.one_off * max(used - used_before, 0.0)
        ours += own.saving.one_off * max(alone - before, 0.0)
        avoided += (left_to_cut(needed, alone) - left_to_cut(needed, rate[month] + used)) / 12.0
        used_before, before = used, alone
        found.net.append(net[month + 1] + ours)
        found.cuts_avoided.append(avoided)
    return found


def monthly(by_year: Sequence[float], months: int) -> list[float]:
    """What is known at the end of each year, in the middle of each month."""
    steps = [(first, (last - first) / 12.0) for first, last in pairwise(by_year)]
    return [steps[month // 12][0] + steps[month // 12][1] * (month % 12 + 0.5) for month in range(months)]
