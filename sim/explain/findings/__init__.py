"""What a study finds, as sentences with ranges: who saves more, when it pays back, what goes wrong."""

from sim.explain.findings.paying import never_pays_back, payback, payback_range, payback_span, paying, years
from sim.explain.findings.people import people, queues
from sim.explain.findings.saving import LONG_ENOUGH, answer, saving

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
