"""Going alone: what a council would have saved and cut by itself under the same budget, beside what sharing brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sim.core.mechanisms import closes, left_to_cut


class Path(NamedTuple):
    """What a council could save by itself by month, £m a year, and what each £m of it costs to begin then."""

    able: list[float]
    one_off: list[float]


@dataclass(slots=True)
class Alone:
    """One council's budget by month: the gap to close, what it could save alone, and what it still can while it shares.

    A point for each month from the start to the horizon; what is known in a month rests on nothing later.
    """

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
    found = Attributed([net[0]], [0.0])
    before = used_before = ours = avoided = 0.0
    amid = (midway(points) for points in (own.gap, own.saving.able, own.beside.able))
    costs = zip(own.saving.one_off, own.beside.one_off)
    for month, (needed, able_alone, able_beside, (cost_alone, cost_beside)) in enumerate(zip(*amid, costs)):
        alone, used = closes(needed, able_alone), closes(needed - rate[month], able_beside)
        ours += (used - alone) / 12.0 - cost_beside * max(used - used_before, 0.0)
        ours += cost_alone * max(alone - before, 0.0)
        avoided += (left_to_cut(needed, alone) - left_to_cut(needed, rate[month] + used)) / 12.0
        used_before, before = used, alone
        found.net.append(net[month + 1] + ours)
        found.cuts_avoided.append(avoided)
    return found


def midway(points: Sequence[float]) -> list[float]:
    """Level in the middle of each month, from those at its ends."""
    return [(first + last) / 2.0 for first, last in pairwise(points)]
