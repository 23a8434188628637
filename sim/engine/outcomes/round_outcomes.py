"""Fatigue round by round: while management is shared, while teams are joined, while services are changed."""

from sim.core.inputs.packages import CHANGES, JOINT, TIER
from sim.engine.outcomes.declared import IN_HAND, Finished, Value, outcome


@outcome("share", "lower", "Highest mean fatigue of staff while tiers of management are being shared", reads=IN_HAND)
def peak_fatigue_management(f: Finished) -> Value:
    """From 0 to 1; null if no management is shared."""
    return max(_fatigue(f, TIER), default=None)


@outcome("share", "lower", "Highest mean fatigue of staff while teams are being joined", reads=IN_HAND)
def peak_fatigue_joining(f: Finished) -> Value:
    """From 0 to 1; null if no team is joined."""
    return max(_fatigue(f, JOINT), default=None)


@outcome(
    "share", "lower", "Highest mean fatigue of staff while services are being redesigned or handed over", reads=IN_HAND
)
def peak_fatigue_changing(f: Finished) -> Value:
    """From 0 to 1; null if no service is changed."""
    return max(_fatigue(f, *CHANGES), default=None)


@outcome("months", "lower", "Months over the fatigue line while tiers of management are being shared", reads=IN_HAND)
def months_over_line_management(f: Finished) -> Value:
    """Months of the monthly grid; null if no management is shared."""
    return _over_line(f, TIER)


@outcome("months", "lower", "Months over the fatigue line while teams are being joined", reads=IN_HAND)
def months_over_line_joining(f: Finished) -> Value:
    """Months of the monthly grid; null if no team is joined."""
    return _over_line(f, JOINT)


@outcome(
    "months", "lower", "Months over the fatigue line while services are being redesigned or handed over", reads=IN_HAND
)
def months_over_line_changing(f: Finished) -> Value:
    """Months of the monthly grid; null if no service is changed."""
    return _over_line(f, *CHANGES)


def _over_line(f: Finished, *kinds: str) -> Value:
    levels, line = _fatigue(f, *kinds), f.value("fatigue.line")
    return float(sum(level > line for level in levels)) if levels else None


def _fatigue(f: Finished, *kinds: str) -> list[float]:
    """Mean fatigue by month while a package of these kinds is in hand, from release to end."""
    return [f.fatigue[month] for month in sorted(set().union(*(f.in_hand.get(kind, ()) for kind in kinds)))]
