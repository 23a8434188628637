"""Figures as the assurance table tells them: a share of some trials with its interval."""

from sim.core.statistics.intervals import wilson


def share(count: float, trials: int, what: str) -> str:
    """A share of trials in words, with Wilson's 95% interval."""
    low, high = wilson(count, trials)
    return f"{count / trials:.1%} of {trials:,} {what} ({100 * low:.1f} to {100 * high:.1f})"


def beyond(count: float, trials: int, most: float) -> bool:
    """Whether a share is for sure above the most that is allowed, chance aside."""
    return wilson(count, trials)[0] > most
