"""Levels, differences and ranges of one outcome, in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.core import words
from sim.engine.outcomes import OUTCOMES

_PROPER = frozenset({"HR", "OD"})


@dataclass(frozen=True)
class Amounts:
    """Format of an outcome's figures: text `before` and `after`, factor `scale`, and decimals `places`."""

    subject: str
    better: str
    before: str = ""
    after: str = ""
    scale: float = 1.0
    places: int = 1
    share: bool = False

    @classmethod
    def of(cls, outcome: str) -> Amounts:
        """The format of the named outcome."""
        declared = OUTCOMES[outcome]
        meaning = words.mid(re.split(r"[:;,]", declared.meaning, maxsplit=1)[0], _PROPER)
        unit, better = declared.unit, declared.better
        if unit.startswith("£m"):
            return cls(f"the {meaning}", better, "£", f"m{unit[2:]}")
        if unit == "flag":
            return cls(f"the chance that {meaning}", better, scale=100.0, places=0, share=True)
        if unit == "share":
            return cls(f"the {meaning}", better, scale=100.0, places=0, share=True)
        return cls(f"the {meaning}", better, after="" if unit == "number" else f" {unit}")

    def figure(self, value: float) -> str:
        """A figure without unit."""
        return words.decimal(value * self.scale, self.places)

    def level(self, value: float) -> str:
        """A level: "£7.3m", "23%", "2.4 votes"."""
        return self._dressed(value, "%" if self.share else self.after)

    def size(self, value: float) -> str:
        """Absolute size of a difference: "£4.2m", "12 percentage points"."""
        return self.signed(abs(value))

    def signed(self, value: float) -> str:
        """A difference with a minus sign if negative: "−£4.2m"."""
        one = " percentage point" if self.figure(abs(value)) == "1" else " percentage points"
        return self._dressed(value, one if self.share else self.after)

    def _dressed(self, value: float, after: str) -> str:
        text = self.figure(value)
        sign, digits = ("−", text[1:]) if text.startswith("−") else ("", text)
        return f"{sign}{self.before}{digits}{after}"

    def span(self, low: float, high: float) -> str:
        """A range of figures without unit: "3.8 to 4.7"."""
        return f"{self.figure(low)} to {self.figure(high)}"

    def span_of_size(self, low: float, high: float) -> str:
        """The range of a difference's absolute size: "3.8 to 4.7" for −4.7 to −3.8."""
        return self.span(-high, -low) if low + high < 0 else self.span(low, high)
