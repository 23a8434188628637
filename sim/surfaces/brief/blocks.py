"""Building blocks of a brief for its template: sections of paragraphs, lists, tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` is an optional bold start, `weight` is 'answer' for the answer."""

    text: Markup
    lead: str = ""
    weight: str = ""
    kind: str = field(default="text", init=False)


@dataclass(frozen=True)
class Items:
    """A list; each item has a short name (may be empty) and a text."""

    items: tuple[tuple[Markup, Markup], ...]
    kind: str = field(default="items", init=False)


@dataclass(frozen=True)
class BriefTable:
    """Rows under headings; the first cell names the row.

    `widths` are column shares of the width in hundredths, given for long tables to speed up layout.
    """

    caption: Markup
    headings: tuple[str, ...]
    rows: tuple[tuple[Markup, ...], ...]
    widths: tuple[int, ...] = ()
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, with its finding above, its caption below, and the table behind it."""

    key: str
    finding: Markup
    about: Markup
    svg: Markup
    table: BriefTable | None = None
    kind: str = field(default="drawing", init=False)


Block = Text | Items | BriefTable | Drawing


@dataclass(frozen=True)
class Section:
    """A part of the brief under a heading; `key` is its link anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


def section(key: str, title: str, blocks: Sequence[Block | None]) -> Section:
    """A section made of the given blocks, without those that are None."""
    return Section(key, title, tuple(block for block in blocks if block is not None))
