"""Measures of a plan: the mean of an outcome, the chance of a flag, or the share of histories that meet a
condition; and targets made of them, as `dissolved < 20%` or `share(npv_gbp_m < 0) <= 0.1`."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.arrays import Values
from sim.analysis.compare import NEVER
from sim.analysis.condition import SAID, TESTS, Condition, out_of_reach, parse
from sim.core import words
from sim.core.errors import InputError, shown, suggestion
from sim.core.inputs.rules import in_hundredths
from sim.engine.outcomes import OUTCOMES
from sim.plans import key_words
from sim.plans.key_words import amount

_SHARE = re.compile(r"share\s*\((?P<condition>.*)\)", re.DOTALL)
_TARGET = re.compile(
    r"(?P<measure>.+?)\s*(?P<op><=|>=|<|>)\s*(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<percent>%?)",
    re.DOTALL,
)


@dataclass(frozen=True)
class PlanMeasure:
    """A figure about a plan, averaged over histories, from either an `outcome` or a `condition`.

    `text` is how it was typed.
    """

    text: str
    outcome: str = ""
    condition: Condition | None = None

    @property
    def is_chance(self) -> bool:
        """True if each history gives yes or no, so that the figure is a probability."""
        return self.condition is not None

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        return "share" if self.is_chance else OUTCOMES[self.outcome].unit

    @property
    def better(self) -> str:
        """'higher', 'lower' or 'neutral' as the outcome declares; 'neutral' for a user's condition."""
        name = self.outcome or self.text
        return OUTCOMES[name].better if name in OUTCOMES else "neutral"

    @property
    def words(self) -> str:
        """The figure in plain words, to stand inside a sentence."""
        if self.condition is not None:
            return f"the chance that {self.condition.words}"
        return words.mid(re.split(r"[:;,]", OUTCOMES[self.outcome].meaning, maxsplit=1)[0], {"HR", "OD"})

    @property
    def subject(self) -> str:
        """The figure as the subject of a sentence: "the chance that …", "the mean of …"."""
        if self.is_chance or self.words.startswith("mean "):
            return self.words if self.is_chance else f"the {self.words}"
        return f"the mean of {self.words}"

    def values(self, runs: pd.DataFrame) -> Values:
        """Measure in each history of `runs`, in order; NaN for no value."""
        if self.condition is None:
            return np.asarray(runs[self.outcome].to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
        return np.asarray(self.condition.holds(runs).to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)

    def said(self, value: float) -> str:
        """Value of the measure with its unit: "17%", "£1.4m"."""
        return words.percent(value) if self.is_chance else amount(value, self.unit)

    def span(self, low: float, high: float) -> str:
        """Two values with their unit: "12% to 29%", "2.2 to 2.6 services"."""
        return between(self.said(low), self.said(high))


@dataclass(frozen=True)
class Target:
    """Target for a measure: a comparison with a number."""

    measure: PlanMeasure
    op: str
    number: float

    @property
    def below(self) -> bool:
        """True if the measure should be below the limit."""
        return self.op in ("<", "<=")

    def met(self, value: float) -> bool:
        """True if this value of the measure meets the target."""
        return bool(TESTS[self.op](value, self.number))

    @property
    def limit(self) -> str:
        """The limit in words: "under 20%"."""
        return f"{SAID[self.op]} {self.measure.said(self.number)}"


def between(first: str, last: str, joint: str = " to ") -> str:
    """Two amounts with a unit that is written once where it follows both figures."""
    figure, space, unit = first.partition(" ")
    alike = space and last.endswith(f" {unit}") and figure[-1:].isdigit() and not figure.startswith(("£", "−£"))
    return f"{figure if alike else first}{joint}{last}"


def called(key: str) -> str:
    """Plain name of a lever or piece of evidence: "months between waves", "service review and business case"."""
    if key.startswith("evidence."):
        return key_words.name(key)
    said = {"hr": "HR", "od": "OD", "ict": "ICT"}
    return " ".join(said.get(word, word) for word in words.plain(key.rpartition(".")[2]).split())


def measure(text: str) -> PlanMeasure:
    """Read a measure: an outcome's name, or `share(condition)`. Raises InputError for anything else."""
    text = " ".join(text.split())
    share = _SHARE.fullmatch(text)
    if share is not None:
        return PlanMeasure(text, condition=parse(share["condition"]))
    if text not in OUTCOMES:
        hint = suggestion(text, OUTCOMES) or "; see tandem list outcomes"
        raise InputError(f"{shown(text)} is neither an outcome nor share(condition){hint}")
    if OUTCOMES[text].unit == "flag":
        return PlanMeasure(text, condition=parse(text))
    if text in NEVER:
        raise InputError(f"{text} has no mean where it never comes: ask for a share, as in share({text} <= 60)")
    return PlanMeasure(text, outcome=text)


def target(text: str) -> Target:
    """Read a target: a measure, one of < <= > >=, and a number. Raises InputError for anything else."""
    found = _TARGET.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{shown(text)} is not a target: write one such as 'dissolved < 0.2' or 'npv_gbp_m > 1'")
    asked = measure(found["measure"])
    number = float(found["number"]) / (100 if found["percent"] else 1)
    if asked.is_chance and not 0 < number < 1:
        raise InputError(f"{shown(text)}: a chance is compared with a number between 0 and 1, such as 0.2 or 20%")
    if found["percent"] and asked.unit != "share":
        raise InputError(f"{shown(text)}: {asked.text} is in {asked.unit}, not in per cent")
    pointless = asked.outcome and out_of_reach(asked.outcome, found["op"], number, "mean")
    if pointless:
        hint = in_hundredths(number, OUTCOMES[asked.outcome].low, OUTCOMES[asked.outcome].high)
        raise InputError(f"{shown(text)}: {pointless}{f' ({hint})' if hint else ''}")
    if not abs(number) < 1e12:
        raise InputError(f"{shown(text)}: the number is too large")
    return Target(asked, found["op"], number)
