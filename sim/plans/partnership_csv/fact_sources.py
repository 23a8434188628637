"""Source of each fact: given in the table, or a stated default logged as an assumption."""

from typing import Any


class Provenance:
    """Record of facts given and facts assumed, for the partnership's file and the terminal."""

    def __init__(self, file: str) -> None:
        self._given_in = f"given in {file}"
        self._facts: dict[str, dict[str, str]] = {}

    def given(self, field: str, whose: str = "", where: str | None = None) -> None:
        """Record that a field was given for one council, a pair or the partnership."""
        self._facts.setdefault(field, {})[whose] = where or self._given_in

    def assumed(self, field: str, whose: str, value: Any, reason: str) -> None:
        """Record that a default fills a missing field; `value` is None if the reason states it."""
        default = "default: " if value is None else f"default {value}: "
        self._facts.setdefault(field, {})[whose] = f"assumption: not given; {default}{reason}"

    def entries(self) -> dict[str, str]:
        """One entry for a field that is the same for all, else exceptions under "field of council"."""
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
        """Assumptions made, one sentence each."""
        return [
            f"{key}: {text.removeprefix('assumption: ')}"
            for key, text in self.entries().items()
            if text.startswith("assumption: ")
        ]
