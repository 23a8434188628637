"""Comparison of plans, paired on shared luck or unpaired, with intervals for every figure (Q-S1, Q-S2)."""

from sim.analysis.compare.compared_plans import MOST, compare_plans, compared, describe, pooled, write
from sim.analysis.compare.history_values import LEAST, NEVER, mean_interval, paired_interval
from sim.analysis.compare.paired_differences import compare, family_of, weak_pairing

__all__ = [
    "LEAST",
    "MOST",
    "NEVER",
    "compare",
    "compare_plans",
    "compared",
    "describe",
    "family_of",
    "mean_interval",
    "paired_interval",
    "pooled",
    "weak_pairing",
    "write",
]
