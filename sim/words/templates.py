"""Templates of documents and pages: text with gaps that values fill, in one way wherever one is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.core import words


@cache
def templates(folder: Path, html: bool = False) -> Environment:
    """The templates of a folder, which may use `words`; in `html` every value is escaped."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not html,
    )
    made.globals |= {"words": words, "table": markdown_table}
    made.filters["plain"] = words.plain
    return made


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table of our own cells; a bar inside a cell becomes a slash."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines)
