"""Sentences ranking plans on the deciding outcome, shared by all places that rank plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from sim.analysis.compare import LEAST
from sim.analysis.estimates import Estimate, Verdict
from sim.core import words
from sim.words.verdict_words import cannot_be_told_apart

MOST_PLACES = 3
"""Most decimals of £m: a thousand pounds, the smallest difference in worth that is reported."""


@dataclass(frozen=True)
class Lead:
    """The plan that is worth most beside another: the worth of each, and the verdict on the first less the second.

    Ends of worth are those of histories or of the mean, as the place that tells them has it. `often` says in how
    many histories the first is above the other. With `in_shares` figures are per cent, else £m.
    """

    first: Estimate
    second: Estimate
    verdict: Verdict
    often: str = ""
    in_shares: bool = False

    @property
    def gap(self) -> float:
        """Difference in worth, first minus second."""
        return self.first.value - self.second.value

    @property
    def ahead(self) -> bool:
        """True if the first is clearly ahead, by at least the smallest sum reported."""
        return self.verdict.clear and self.gap >= LEAST

    @property
    def places(self) -> int:
        """Fewest decimals at which interval ends are not zero, and clearly different worths do not print alike."""
        gap = self.verdict.difference
        if self.verdict.same or isnan(gap.low):
            return 1
        scaled = [self.scale * value for value in (*gap.ends, *([self.gap] if self.ahead else []))]
        enough = words.telling(1, *scaled, most=MOST_PLACES)
        apart = (p for p in range(enough, MOST_PLACES) if self._written(p)[0] != self._written(p)[1])
        return next(apart, MOST_PLACES) if self.ahead else enough

    @property
    def scale(self) -> float:
        """Factor from worth to the figures that are written."""
        return 100.0 if self.in_shares else 1.0

    def _written(self, places: int) -> tuple[str, str]:
        return self.figure(self.first.value, places), self.figure(self.second.value, places)

    def figure(self, value: float, places: int | None = None) -> str:
        """A sum in words: "£11.2m", or "12.3%" if money is a share."""
        rounded = self.places if places is None else places
        scaled = self.scale * value
        return f"{words.decimal(scaled, rounded)}%" if self.in_shares else words.money(scaled, rounded)

    @property
    def by(self) -> str:
        """The difference with its range: "£0.9m (0.8 to 1.0)"."""
        return self._ranged(self.gap, self.verdict.difference)

    @property
    def worth(self) -> tuple[str, str]:
        """Worth of each plan with its range: "£8.9m (0.8 to 12.2)"."""
        return self._ranged(self.first.value, self.first), self._ranged(self.second.value, self.second)

    def _ranged(self, value: float, found: Estimate) -> str:
        return f"{self.figure(value)} ({self.span(*found.ends)})"

    def span(self, low: float, high: float) -> str:
        """A range of figures without unit."""
        return "no range" if isnan(low) else words.span(self.scale * low, self.scale * high, self.places)


def ranked(count: int, names: Sequence[str], tied: str, leads: Sequence[Lead], over: str) -> str:
    """Sentence ranking plans on the deciding outcome: the best against the rest, the next best first.

    `names` are those of the best and the next, `tied` of the best and all that it cannot be told apart from; `leads`
    are those of the best over the next, or over each of the tied.
    """
    if count == 2:
        return of_two(names[0], names[1], leads[0], over)
    return level(count, tied, leads, over) if tied else best_of(count, names[0], names[1], leads[0], over)


def of_two(first: str, second: str, lead: Lead, over: str) -> str:
    """Sentence ranking two plans, named as inside a sentence; `over` is a period such as "over ten years"."""
    begin, (worth, other) = words.start_of(first), lead.worth
    if lead.ahead:
        figures = f"{worth} {over} against {other} for {second}"
        return f"{begin} is worth {figures}: it is ahead by {lead.by}, in {lead.often}"
    if lead.verdict.same:
        return f"{begin} and {second} are worth the same in every history, {worth} {over}"
    figures = f"{worth} and {other}: the difference is {lead.by}"
    return cannot_be_told_apart(f"{begin} and {second}", f"in what they are worth {over}, {figures}")


def best_of(count: int, first: str, second: str, lead: Lead, over: str) -> str:
    """Sentence naming the plan worth most of several, and its lead over the next."""
    worth, other = lead.worth
    begin = f"{words.start_of(first)} is worth most of {words.number(count)} plans, {worth} {over}"
    return f"{begin}: it is ahead of the next, {second} at {other}, by {lead.by}, in {lead.often}"


def level(count: int, names: str, leads: Sequence[Lead], over: str) -> str:
    """Sentence naming the best plan and those it cannot be told apart from, with its lead over each, nearest first."""
    lead, tied, lowest = leads[0], len(leads) + 1, min(each.second.value for each in leads)
    low, high = zip(lead.first.ends, *(each.second.ends for each in leads), strict=True)
    who = f"The {words.number(count)} plans" if tied == count else words.start_of(names)
    rest = "" if tied == count else ", and no other plan is worth more"
    ends = f"from {lead.figure(lowest)} to {lead.figure(lead.first.value)} ({lead.span(min(low), max(high))})"
    return cannot_be_told_apart(who, f"in what they are worth {over}, {ends}{rest}: the best differ by {lead.by}")
