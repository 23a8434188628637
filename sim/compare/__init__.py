"""Plans compared: paired on the luck they share or apart, with the intervals every figure needs (Q-S1, Q-S2)."""

from sim.compare.description import describe
from sim.compare.differences import COLUMNS, compare, family_of, weak_pairing
from sim.compare.plans import MOST, compare_plans, compared, pooled, write
from sim.compare.values import LEAST, NEVER, Interval, mean_interval, paired_interval

__all__ = [
    "COLUMNS", "LEAST", "MOST", "NEVER", "Interval", "compare", "compare_plans", "compared", "describe", "family_of",
    "mean_interval", "paired_interval", "pooled", "weak_pairing", "write",
]  # fmt: skip
