"""Figures and tables of a brief, as its templates lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup


class BriefTable(NamedTuple):
    """Rows under headings; the first cell names the row.

    `widths` are column shares of the width in hundredths, given for long tables to speed up layout.
    """

    caption: Markup
    headings: Sequence[str]
    rows: Sequence[Sequence[Markup]]
    widths: Sequence[int] = ()


class Drawing(NamedTuple):
    """A figure as SVG, with its finding above, its caption below, and the table behind it."""

    key: str
    finding: Markup
    about: Markup
    svg: Markup
    table: BriefTable | None = None
