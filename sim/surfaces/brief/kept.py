"""Answers that other commands kept in the study's folder, as far as they are there: why, sensitivity, indicators."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from markupsafe import Markup

from sim.surfaces.brief.blocks import Block, Drawing, Text
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.drawings import safe

MOST_LINES = 3
"""Lines of a kept answer that a brief repeats; the whole stands in the study's folder."""
MOST_BYTES = 200_000
"""A longer file is not an answer of ours."""
_MARKED = re.compile(r"<(data|time|span)\b[^>]*>.*?</\1>", re.DOTALL)
_LEVELS = re.compile(r", from [−£\d.]+m to [−£\d.]+m(?=[,;])")
"""Levels that an answer gives without a range: the difference stands beside them with one."""


def why(source: BriefSource) -> list[Block]:
    """What `tandem why` found for two plans of the study; empty if it was not asked."""
    for file in sorted((source.study.folder / "answers").glob("why_*.md")):
        lines = _lines(file)
        told = [_LEVELS.sub("", line) for line in lines[:2]]
        told += [f"{line.partition(';')[0].rstrip('.')}." for line in lines if line.startswith("The difference would")]
        if told:
            return list(_texts(source, told, file))
    return []


def waterfall(source: BriefSource) -> list[Block]:
    """The figure of `tandem why`; nothing where there is none, or one that holds more than a drawing needs."""
    for file in sorted((source.study.folder / "figures").glob("why_*.svg"))[:1]:
        drawn = safe(file.read_text(encoding="utf-8", errors="replace"), "why")
        if drawn is not None:
            about = source.mark("As tandem why drew it: bars with their 95% intervals.")
            return [Drawing("why", Markup(""), about, drawn)]
    return []


def sensitivity(source: BriefSource) -> list[Block]:
    """What `tandem sensitivity` found, of the study's sample or of each quantity alone."""
    for name in ("sensitivity", "tornado"):
        file = source.study.folder / "answers" / f"{name}.md"
        if file.is_file():
            return list(_texts(source, _lines(file), file))
    return []


def indicators(source: BriefSource) -> list[Block]:
    """The signs that `tandem indicators` found to foretell an ending; that it found none, where so."""
    file = source.study.folder / "answers" / "indicators.md"
    if not file.is_file():
        return []
    lines = [line.partition(". ")[0].rstrip(".") + "." for line in _lines(file) if line.startswith("At month ")]
    good = [line for line in lines if "the measure that best foretells" in line]
    if good:
        return list(_texts(source, good, file))
    return [
        Text(Markup("Of the measures that can be taken early, none foretells how a history ends surer than chance."))
    ]


def _lines(file: Path) -> list[str]:
    """The lines of an answer as the words they were made from."""
    if file.stat().st_size > MOST_BYTES:
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    kept = (line for line in text.splitlines() if line.strip() and not line.startswith(("#", "|", "!", "```")))
    return [plain(line) for line in kept]


def plain(line: str) -> str:
    """A line of our Markdown as the words it was made from."""
    bare = re.sub(r"\\([\\|*_`\[\]#])", r"\1", re.sub(r"(?<!\\)\*\*", "", line))
    return html.unescape(bare).strip().removeprefix("- ")


def _texts(source: BriefSource, lines: Iterable[str], file: Path) -> Iterator[Text]:
    """The first lines whose every figure carries its range, and where the rest is."""
    marked = (source.mark(line) for line in lines)
    whole = [line for line in marked if not re.search(r"\d", _MARKED.sub("", str(line)))]
    for line in whole[:MOST_LINES]:
        yield Text(line)
    more = Markup('Counts are exact. More in the study’s folder: <span class="name">answers/{}</span>.')
    yield Text(more.format(file.name), weight="note")
