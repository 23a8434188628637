"""Estimates and verdicts as people read them: a chance with its interval, and that plans cannot be told apart."""

from __future__ import annotations

from sim.analysis.estimates import NOT_APART, Estimate
from sim.core import words


def cannot_be_told_apart(who: str = "they", rest: str = "") -> str:
    """The verdict on plans that luck alone may part: "HR first and pilot cannot be told apart in present value"."""
    return f"{who} {NOT_APART}{rest and f' {rest}'}"


def chance(found: Estimate) -> str:
    """A chance as a natural frequency, percentage and interval: "one history in six (17%, 12 to 23)".

    All and none are said only where it is so.
    """
    share, n = found.value, found.n
    count = round(share * n) if share in (0.0, 1.0) or n < 3 else min(n - 1, max(1, round(share * n)))
    return f"{words.frequency(count, n)} ({words.percent(share)}, {ends_of_100(found)})"


def chance_of(count: int, total: int) -> str:
    """A count of histories as a chance with its interval."""
    return chance(Estimate.of_count(count, total))


def ranged(middle: str, found: Estimate, places: int = 1, alike: str = words.NEARLY_ALL) -> str:
    """A figure, written already, with the ends of its range: "£4.2m (3.8 to 4.7)", "£0.0m in nearly all"."""
    return words.bracketed(middle, words.decimal(found.low, places), words.decimal(found.high, places), alike=alike)


def percent(found: Estimate, joint: str = " to ") -> str:
    """A chance as a percentage with its interval: "17% (12 to 23)"."""
    return f"{words.percent(found.value)} ({ends_of_100(found, joint)})"


def ends_of_100(found: Estimate, joint: str = " to ") -> str:
    """The ends of a share's interval, of 100: "12 to 23"."""
    return f"{round(100 * found.low)}{joint}{round(100 * found.high)}"
