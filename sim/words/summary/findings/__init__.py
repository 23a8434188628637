"""What a study finds, as sentences with ranges: who saves more, when it pays back, what goes wrong."""

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
