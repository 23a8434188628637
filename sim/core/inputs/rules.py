"""Adaptive rules: actions agreed in advance for when a measure crosses a line (D-ADAPT)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite

MEASURES: dict[str, tuple[float, float]] = {
    "fatigue": (0.0, 1.0),
    "engagement": (0.0, 1.0),
    "uncertainty": (0.0, 1.0),
    "buy_in_leaders": (0.0, 1.0),
    "buy_in_backbench": (0.0, 1.0),
    "trust": (0.0, 1.0),
    "behind": (0.0, 1.0),
    "load": (0.0, 5.0),
    "hr_queue": (0.0, 60.0),
    "rounds": (0.0, 4.0),
}
"""Measures that a rule may watch, with their ranges; people are means, buy-in and trust the lowest."""
ACTIONS = ("pause", "slow", "hold votes and engage", "freshen up")
LONGEST_MONTHS = 60
_FORM = re.compile(r"when (\S+) (<|>) (\S+) (.+?) for (\S+) months?")
FORM = "when <measure> > <line> <action> for <n> months"


@dataclass(frozen=True)
class Rule:
    """If `measure` lies above (or below) its line, take the action for some months."""

    measure: str
    above: bool
    line: float
    action: str
    months: int

    def holds(self, value: float) -> bool:
        """True if the measure has crossed the line."""
        return value > self.line if self.above else value < self.line

    @property
    def never(self) -> bool:
        """True if no value in the measure's range can cross the line."""
        low, high = MEASURES[self.measure]
        return self.line >= high if self.above else self.line <= low


def parse_rule(text: str) -> Rule:
    """Parse a rule from its sentence. Raises ValueError that says what is wrong and what is allowed."""
    found = _FORM.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError(f"rule '{text}' must read '{FORM}', such as 'when fatigue > 0.6 pause for 4 months'")
    measure, sign, line, action, months = found.groups()
    if measure not in MEASURES:
        raise ValueError(f"rule '{text}' watches '{measure}'{_nearest(measure, MEASURES)}")
    if action not in ACTIONS:
        raise ValueError(f"rule '{text}' asks to '{action}'{_nearest(action, ACTIONS)}")
    low, high = MEASURES[measure]
    value = _number(text, "line", line)
    if not low <= value <= high:
        hint = in_hundredths(value, low, high)
        flat = f"rule '{text}': the line {line} lies outside the range of {measure}, {low:g} to {high:g}"
        raise ValueError(f"{flat}{f' ({hint})' if hint else ''}")
    length = _number(text, "number of months", months)
    if not 1 <= length <= LONGEST_MONTHS or length != int(length):
        raise ValueError(f"rule '{text}': the months are a whole number from 1 to {LONGEST_MONTHS}")
    return Rule(measure, sign == ">", value, action, int(length))


def in_hundredths(number: float, low: float, high: float) -> str:
    """Hint for a number out of a hundred given instead of a share: "write 0.36 for 36 out of 100"; else ""."""
    fits = high == 1.0 and 1.0 < abs(number) <= 100.0 and low <= number / 100 <= high
    return f"write {number / 100:g} for {number:g} out of 100" if fits else ""


def doubts(texts: tuple[str, ...]) -> list[str]:
    """Warnings, one sentence each, about rules that can never fire or that fire from the first month."""
    found = []
    for text in texts:
        rule = parse_rule(text)
        low, high = MEASURES[rule.measure]
        if rule.never:
            found.append(f"rule '{text}' can never fire: {rule.measure} lies between {low:g} and {high:g}")
        elif rule.line == (low if rule.above else high):
            found.append(f"rule '{text}' fires nearly always: {rule.measure} lies between {low:g} and {high:g}")
    return found


def _number(text: str, what: str, given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"rule '{text}': the {what} '{given}' is not a number")
    return value


def _nearest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(word, names, 1, 0.5)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    return f", which is not one of {', '.join(names)}{hint}"
