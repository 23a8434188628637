"""The draft that a table shares in a half-year: cards ticked and predictions typed but not yet sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Draft:
    """Ticks and values entered since the last sending; `version` rises with every change, 0 if never changed.

    `ticks` maps a card to True (ticked) or False (tick removed); `values` maps a measure to the number
    typed, None if its field was emptied.
    """

    ticks: Mapping[str, bool] = field(default_factory=dict)
    values: Mapping[str, float | None] = field(default_factory=dict)
    version: int = 0

    def changed(self, ticks: Mapping[str, bool], values: Mapping[str, float | None]) -> Draft:
        """The draft after one person's change; others' changes to other cards and fields remain."""
        return Draft({**self.ticks, **ticks}, {**self.values, **values}, self.version + 1)

    def sent(self, kind: str, content: Any) -> Draft:
        """The draft after a decision or prediction was sent, keeping changes that the sender had not seen."""
        if kind == "decision":
            left = {name: on for name, on in self.ticks.items() if on != (name in content)}
            return replace(self, ticks=left, version=self.version + 1)
        typed = {name: value for name, value in self.values.items() if value != content.get(name)}
        return replace(self, values=typed, version=self.version + 1)

    def cards(self, sent: Sequence[str]) -> list[str]:
        """The cards ticked on the table's screen: those last sent, with later changes."""
        kept = [name for name in sent if self.ticks.get(name, True)]
        return [*kept, *(name for name, on in self.ticks.items() if on and name not in sent)]

    def predicted(self, sent: Mapping[str, float]) -> dict[str, float]:
        """The predictions on the table's screen, without emptied fields."""
        return {name: value for name, value in {**sent, **self.values}.items() if value is not None}
