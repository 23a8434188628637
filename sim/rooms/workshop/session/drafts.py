"""The draft that a table shares in a half-year: cards ticked and predictions typed, before they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Draft:
    """What was ticked or typed since the last sending. `version` goes up with every change; 0: nothing ever was.

    `ticks` says of a card whether it was ticked (True) or its tick taken away (False); `values` gives the number
    typed for a measure, None where a field was emptied.
    """

    ticks: Mapping[str, bool] = field(default_factory=dict)
    values: Mapping[str, float | None] = field(default_factory=dict)
    version: int = 0

    def changed(self, ticks: Mapping[str, bool], values: Mapping[str, float | None]) -> Draft:
        """The draft after someone ticked or typed; what others did to other cards and fields stays."""
        return Draft({**self.ticks, **ticks}, {**self.values, **values}, self.version + 1)

    def sent(self, kind: str, content: Any) -> Draft:
        """The draft after a decision or prediction was sent: what the sender had not seen stays in it."""
        if kind == "decision":
            left = {name: on for name, on in self.ticks.items() if on != (name in content)}
            return replace(self, ticks=left, version=self.version + 1)
        typed = {name: value for name, value in self.values.items() if value != content.get(name)}
        return replace(self, values=typed, version=self.version + 1)

    def cards(self, sent: Sequence[str]) -> list[str]:
        """The cards that stand ticked before the table: those last sent, and what was changed since."""
        kept = [name for name in sent if self.ticks.get(name, True)]
        return [*kept, *(name for name, on in self.ticks.items() if on and name not in sent)]

    def predicted(self, sent: Mapping[str, float]) -> dict[str, float]:
        """The predictions that stand before the table; an emptied field is left out."""
        return {name: value for name, value in {**sent, **self.values}.items() if value is not None}
