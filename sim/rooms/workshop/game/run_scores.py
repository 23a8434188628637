"""Five scores of a run, shown side by side and never summed, because there is no single right answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.core import words
from sim.engine.outcomes import OUTCOMES
from sim.words.verdict_words import cannot_be_told_apart

Outcomes = Mapping[str, float | None]


@dataclass(frozen=True)
class Criterion:
    """One criterion, by its leading outcome; related outcomes are shown beside it."""

    name: str
    title: str
    asks: str
    leading: str
    beside: tuple[str, ...]


CRITERIA = (
    Criterion(
        "savings",
        "Savings",
        "What came of it in money after ten years?",
        "cumulative_net_saving_y10_gbp_m",
        ("recurrent_saving_y3_gbp_m", "recurrent_saving_y10_gbp_m"),
    ),
    Criterion(
        "people",
        "People",
        "How are those who work there?",
        "engagement_end",
        ("peak_fatigue", "redundancies"),
    ),
    Criterion(
        "members",
        "Members",
        "Did those who vote stay with it?",
        "min_buy_in_backbench",
        ("min_buy_in_leaders", "votes_lost"),
    ),
    Criterion(
        "service",
        "Service",
        "Do residents get better services?",
        "service_quality_end",
        ("resilience_end", "services_transformed"),
    ),
    Criterion(
        "survival",
        "Survival",
        "Does the partnership still stand?",
        "dissolved",
        ("stalled", "unfinished"),
    ),
)
NAMES = {
    "cumulative_net_saving_y10_gbp_m": "Saved in ten years, all costs taken off",
    "recurrent_saving_y3_gbp_m": "Saving a year at the end of year 3",
    "recurrent_saving_y10_gbp_m": "Saving a year at the end of year 10",
    "engagement_end": "Staff engagement at the end",
    "peak_fatigue": "Highest staff fatigue",
    "redundancies": "Redundancies",
    "min_buy_in_backbench": "Lowest support of back benchers",
    "min_buy_in_leaders": "Lowest support of leaders",
    "votes_lost": "Votes lost",
    "service_quality_end": "Quality of services at the end (usual start 50)",
    "resilience_end": "Resilience of services at the end",
    "services_transformed": "Services transformed",
    "dissolved": "Partnership after ten years",
    "stalled": "Programme stalled",
    "unfinished": "Programme complete",
}
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
                {"name": name, "title": NAMES[name], "shown": shown(name, outcomes[name])}
                for name in (criterion.leading, *criterion.beside)
            ],
        }
        for criterion in CRITERIA
    ]


def verdict(teams: Mapping[str, Outcomes]) -> str:
    """Sentence ranking the teams on the five leading outcomes; values that print alike count as equal."""
    if len(teams) < 2:
        return "One team played; there is nobody to compare with, and nothing to win."
    ahead = [name for name in teams if all(_as_good(teams[name], teams[other]) for other in teams if other != name)]
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


def _as_good(own: Outcomes, other: Outcomes) -> bool:
    return all(_rank(criterion.leading, own) >= _rank(criterion.leading, other) for criterion in CRITERIA)


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
