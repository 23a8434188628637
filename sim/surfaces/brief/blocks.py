"""What a brief is made of: sections of paragraphs, lists, tables and figures, ready for the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Text:
    """A paragraph, with a few words in bold before it if it has a `lead`; `weight` is 'answer' for the answer."""

    text: Markup
    lead: str = ""
    weight: str = ""
    kind: str = field(default="text", init=False)


@dataclass(frozen=True)
class Items:
    """A list; each item a short name, empty if it has none, and what is said of it."""

    items: tuple[tuple[Markup, Markup], ...]
    kind: str = field(default="items", init=False)


@dataclass(frozen=True)
class BriefTable:
    """Rows under headings; the first cell of a row names it.

    `widths` are the columns' shares of the width, in hundredths, where a long table would else be slow to lay out.
    """

    caption: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[Markup, ...], ...]
    widths: tuple[int, ...] = ()
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, the finding above it, what is plotted below it, and the table behind it."""

    key: str
    finding: Markup
    about: Markup
    svg: Markup
    table: BriefTable | None = None
    kind: str = field(default="drawing", init=False)


Block = Text | Items | BriefTable | Drawing


@dataclass(frozen=True)
class Section:
    """A part of the brief under a heading; `key` is where links lead."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def section(key: str, title: str, blocks: Sequence[Block | None]) -> Section:
    """A section of those blocks that there are."""
    return Section(key, title, tuple(block for block in blocks if block is not None))
