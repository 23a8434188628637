"""Outcomes beside going alone: what sharing brings beyond what each council would have done by itself."""

from collections.abc import Callable
from itertools import pairwise
from math import fsum

from sim.core.history import ATTRIBUTED
from sim.core.ledger import present_value
from sim.engine.outcomes.declared import Finished, Value, outcome

NET, AVOIDED = ATTRIBUTED


def _total(f: Finished, name: str, of: Callable[[list[float]], float]) -> Value:
    """A figure of each council's path by month, summed over the councils; null where none was reckoned."""
    if not f.history.alone:
        return None
    return fsum(of(list(f.history.column(f"{name}: {council}"))) for council in f.history.councils)


@outcome("£m", "higher", "Efficiency saving net of going alone: present value beyond what each council saves by itself")
def net_of_going_alone_gbp_m(f: Finished) -> Value:
    """All councils together; costs taken off on both paths."""

    def discounted(path: list[float]) -> float:
        ends = [*range(0, f.history.horizon, 12), f.history.horizon]
        years = [path[last] - path[first] for first, last in pairwise(ends)]
        return present_value(years, f.value("money.discount_rate"))

    return _total(f, NET, discounted)


@outcome("£m", "higher", "Cuts of services avoided over the horizon, against each council going alone")
def cuts_avoided_gbp_m(f: Finished) -> Value:
    """All councils together; what no saving closes of a budget gap is cut on either path."""
    return _total(f, AVOIDED, lambda path: path[-1])


@outcome("£m a year", "higher", "Recurrent saving that redesign and contracts bring at the horizon")
def saving_by_change_gbp_m(f: Finished) -> Value:
    """Ledger causes transformation, commissioning and income."""
    return _by_cause(f, ("transformation", "commissioning", "income"))


@outcome("£m a year", "higher", "Recurrent saving that joining brings at the horizon: managers, teams, systems")
def saving_by_joining_gbp_m(f: Finished) -> Value:
    """All other causes of saving, before running costs."""
    return fsum(f.history.saving_by_cause.values()) - (saving_by_change_gbp_m(f) or 0.0)


def _by_cause(f: Finished, causes: tuple[str, ...]) -> float:
    """Annual saving by these causes at the horizon, £m."""
    return fsum(f.history.saving_by_cause.get(cause, 0.0) for cause in causes)
