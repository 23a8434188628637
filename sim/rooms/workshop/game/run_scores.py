"""Five scores of a run, shown side by side and never summed, because there is no single right answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.rooms.workshop.game.pack_files import COMMON, Line, Name, PackPart, several
from sim.words.verdict_words import cannot_be_told_apart

Outcomes = Mapping[str, float | None]


class Criterion(PackPart):
    """One criterion: its question, and its outcomes with their names, of which the first leads."""

    name: Name
    title: Line
    asks: Line
    outcomes: dict[str, Line]

    @property
    def leading(self) -> str:
        """The outcome by which runs are ranked."""
        return next(iter(self.outcomes))


CRITERIA = tuple(several(Criterion, COMMON / "scores.yaml").values())
NAMES = {outcome: name for criterion in CRITERIA for outcome, name in criterion.outcomes.items()}
"""Readable names of the outcomes."""
_NO = {"dissolved": "still stands", "stalled": "no", "unfinished": "yes"}
_YES = {"dissolved": "dissolved", "stalled": "yes", "unfinished": "no"}


def shown(name: str, value: float | None) -> str:
    """A value of an outcome in words."""
    unit = OUTCOMES[name].unit
    if value is None:
        return "not reached"
    if unit == "flag":
        return (_YES if value else _NO)[name]
    if unit.startswith("£m"):
        return words.money(value) + unit.removeprefix("£m")
    return f"{words.out_of_100(value)} out of 100" if unit == "share" else words.amount(value)


def scores(outcomes: Outcomes) -> list[dict[str, Any]]:
    """The five scores of one run, exact for this history."""
    return [
        {
            "name": criterion.name,
            "title": criterion.title,
            "asks": criterion.asks,
            "lines": [
                {"name": name, "title": title, "shown": shown(name, outcomes[name])}
                for name, title in criterion.outcomes.items()
            ],
        }
        for criterion in CRITERIA
    ]


def verdict(teams: Mapping[str, Outcomes]) -> str:
    """Sentence ranking the teams on the five leading outcomes; values that print alike count as equal."""
    if len(teams) < 2:
        return "One team played; there is nobody to compare with, and nothing to win."
    ranks = {name: [_rank(leader, outcomes) for leader in leading()] for name, outcomes in teams.items()}
    best = [max(ranked) for ranked in zip(*ranks.values(), strict=True)]
    ahead = [name for name in teams if ranks[name] == best]
    if len(ahead) == len(teams):
        return words.sentence(cannot_be_told_apart("on the five leading figures the teams"))
    if ahead:
        who = words.listed(ahead)
        verb = "is" if len(ahead) == 1 else "are"
        return (
            f"{who} {verb} at least as good as every other team on all five leading figures, in this one history. "
            "Whether the plan is better is another question: look at the luck."
        )
    return "No team is ahead on everything: what one gained in one measure it gave in another."


def _rank(name: str, outcomes: Outcomes) -> float:
    """The value rounded as printed, with its sign set so that more is better."""
    value = outcomes[name]
    if value is None:
        return float("-inf")
    outcome = OUTCOMES[name]
    rounded = round(value, 2 if outcome.unit == "share" else 1)
    return -rounded if outcome.better == "lower" else rounded


def leading() -> Sequence[str]:
    """The five leading outcomes."""
    return [criterion.leading for criterion in CRITERIA]
