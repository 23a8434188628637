"""Where each fact comes from: given in the table, or a stated default that is logged as an assumption."""

from __future__ import annotations

from typing import Any


class Provenance:
    """Collects, fact by fact, what was given and what was assumed, for the file and for the terminal."""

    def __init__(self, file: str) -> None:
        self._given_in = f"given in {file}"
        self._facts: dict[str, dict[str, str]] = {}

    def given(self, field: str, whose: str = "", where: str | None = None) -> None:
        """The value of a field was given for one council or pair, or for the partnership."""
        self._facts.setdefault(field, {})[whose] = where or self._given_in

    def assumed(self, field: str, whose: str, value: Any, reason: str) -> None:
        """It was not given, and a default stands in its place; `value` None where the reason says it."""
        default = "default: " if value is None else f"default {value}: "
        self._facts.setdefault(field, {})[whose] = f"assumption: not given; {default}{reason}"

    def entries(self) -> dict[str, str]:
        """One entry a field where it is the same for all, else the exceptions under "field of council"."""
        found: dict[str, str] = {}
        for field, facts in self._facts.items():
            texts = set(facts.values())
            if len(texts) == 1:
                found[field] = texts.pop()
                continue
            if self._given_in in texts:
                found[field] = self._given_in
            found |= {f"{field} of {whose}": text for whose, text in facts.items() if text != self._given_in}
        return found

    def assumptions(self) -> list[str]:
        """What was assumed, a sentence each."""
        return [
            f"{key}: {text.removeprefix('assumption: ')}"
            for key, text in self.entries().items()
            if text.startswith("assumption: ")
        ]
