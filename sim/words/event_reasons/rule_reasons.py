"""Reason text for a lever changed by a plan's own adaptive rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.programme_office import NEVER
from sim.core import words
from sim.core.inputs.rules import Rule, parse_rule

if TYPE_CHECKING:
    from sim.engine.settings import Settings

_ACTIONS = {
    "pace.paused": "pause",
    "pace.months_between_waves": "slow",
    "staff.freshening": "freshen up",
    "pace.votes_held": "hold votes and engage",
    "members.leader_engagement": "hold votes and engage",
    "members.backbench_engagement": "hold votes and engage",
}
"""Levers changed by each action of an adaptive rule."""
_MEASURES = {
    "fatigue": "fatigue",
    "engagement": "engagement",
    "uncertainty": "uncertainty",
    "buy_in_leaders": "leaders' lowest buy-in",
    "buy_in_backbench": "back benchers' lowest buy-in",
    "trust": "the lowest trust",
    "behind": "the part by which the programme is behind",
    "load": "managers' load",
    "hr_queue": "the queue for HR",
    "rounds": "the number of rounds of change gone through",
}
_BARE = ("load", "hr_queue", "rounds")
"""Measures printed as plain numbers, because they are not shares."""


def ruled(settings: Settings, lever: str, begins: bool) -> str:
    """Reason for a rule's lever change: the measure it watches, or, at the end, that its months are over."""
    if not begins:
        return "the months that the plan's own rule gives are over"
    asked = [f"{_MEASURES[rule.measure]} is {_crossed(rule)}" for rule in _rules(settings, _ACTIONS.get(lever, ""))]
    return f"by the plan's own rule, as {' or '.join(dict.fromkeys(asked))}" if asked else "by the plan's own rule"


def _rules(settings: Settings, action: str) -> list[Rule]:
    pace = settings.levers.pace
    own = [rule for rule in map(parse_rule, pace.rules) if rule.action == action]
    if action == "pause" and pace.pause_when_fatigue_over < NEVER:
        own.append(Rule("fatigue", above=True, line=pace.pause_when_fatigue_over, action="pause", months=1))
    return own


def _crossed(rule: Rule) -> str:
    side = "over" if rule.above else "under"
    if rule.measure in _BARE:
        return f"{side} {words.decimal(rule.line).removesuffix('.0')}"
    return f"{side} {words.out_of_100(rule.line)} out of 100"
