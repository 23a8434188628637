"""Findings of a study as sentences with ranges: savings, payback and risks."""

from sim.words.summary.findings.paying import never_pays_back, payback, payback_range, payback_span, paying, years
from sim.words.summary.findings.saving import LONG_ENOUGH, answer, saving
from sim.words.summary.findings.tiring import people, queues

__all__ = [
    "LONG_ENOUGH",
    "answer",
    "never_pays_back",
    "payback",
    "payback_range",
    "payback_span",
    "paying",
    "people",
    "queues",
    "saving",
    "years",
]
