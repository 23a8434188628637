"""The protocol of every answer: a headline, lines, tables and content for machines. All output is written over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar

from sim.words.summary.summary_tables import Table, escaped

if TYPE_CHECKING:
    import pandas as pd

Numbers = TypeVar("Numbers")


class Finding(Protocol):
    """An answer as the terminal, the API, the page and the brief give it."""

    @property
    def headline(self) -> str:
        """The answer in one sentence."""

    @property
    def lines(self) -> Sequence[str]:
        """Everything that is said, a line a statement."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame | Table | Sequence[Any]]:
        """The tables behind it, as frames or rows, by the name of their file."""

    def as_json(self) -> dict[str, Any]:
        """The content for machines."""


@dataclass(frozen=True)
class StudyFinding(Generic[Numbers]):
    """A finding about a study: the numbers of an analysis with their words, tables and content for machines.

    `name` is that of its files, `title` the heading of its Markdown, `page` that Markdown where it is laid out.
    """

    numbers: Numbers
    headline: str
    lines: Sequence[str]
    content: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    name: str = ""
    title: str = ""
    page: str = ""

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse a name that is not here; what the analysis found is in `numbers`."""
        held = "" if name == "numbers" or not hasattr(self.numbers, name) else f"; it is in .numbers.{name}"
        raise AttributeError(f"a finding has no '{name}'{held}")

    def as_json(self) -> dict[str, Any]:
        """The content for machines."""
        return dict(self.content)

    @property
    def text(self) -> str:
        """The lines as people read them in a terminal."""
        return "\n".join(self.lines)

    @property
    def markdown(self) -> str:
        """The page that is kept in the study's folder."""
        return self.page or "\n\n".join([f"# {escaped(self.title)}", *map(escaped, self.lines)]) + "\n"


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table for JSON: one dictionary per row, missing values as null."""
    rows = table.to_dict(orient="records")
    return [{str(key): None if value != value else value for key, value in row.items()} for row in rows]
