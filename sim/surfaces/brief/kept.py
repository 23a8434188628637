"""Answers that other commands stored in the study's folder, if present: why, sensitivity, indicators."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from sim.surfaces.brief.blocks import Drawing
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.drawings import safe

MOST_LINES = 3
"""Most lines of a stored answer that a brief repeats; the full text is in the study's folder."""
MOST_BYTES = 200_000
"""Largest file accepted as one of our answers, in bytes."""
_MARKED = re.compile(r"<(data|time|span)\b[^>]*>.*?</\1>", re.DOTALL)
_LEVELS = re.compile(r", from [−£\d.]+m to [−£\d.]+m(?=[,;])")
"""Pattern of levels printed without an interval, because the adjacent difference has one."""


class KeptAnswer(NamedTuple):
    """The first lines of a stored answer whose every figure has a range, and the file with the rest."""

    lines: list[Markup]
    file: str = ""


def why(source: BriefSource) -> KeptAnswer | None:
    """Text of a stored `tandem why` answer for two plans of the study, or None."""
    for file in sorted((source.study.folder / "answers").glob("why_*.md")):
        lines = _lines(file)
        told = [_LEVELS.sub("", line) for line in lines[:2]]
        told += [f"{line.partition(';')[0].rstrip('.')}." for line in lines if line.startswith("The difference would")]
        if told:
            return _kept(source, told, file)
    return None


def waterfall(source: BriefSource) -> Drawing | None:
    """The figure stored by `tandem why`; None if there is none or it is unsafe."""
    for file in sorted((source.study.folder / "figures").glob("why_*.svg"))[:1]:
        drawn = safe(file.read_text(encoding="utf-8", errors="replace"), "why")
        if drawn is not None:
            return Drawing(
                "why", Markup(""), source.mark("As tandem why drew it: bars with their 95% intervals."), drawn
            )
    return None


def sensitivity(source: BriefSource) -> KeptAnswer | None:
    """Text of a stored `tandem sensitivity` answer, from the study's sample or one quantity at a time, or None."""
    files = [source.study.folder / "answers" / f"{name}.md" for name in ("sensitivity", "tornado")]
    return next((_kept(source, _lines(file), file) for file in files if file.is_file()), None)


def indicators(source: BriefSource) -> KeptAnswer | None:
    """Signs that the stored `tandem indicators` answer found to predict an ending, or a note that it found none."""
    file = source.study.folder / "answers" / "indicators.md"
    if not file.is_file():
        return None
    lines = [line.partition(". ")[0].rstrip(".") + "." for line in _lines(file) if line.startswith("At month ")]
    good = [line for line in lines if "the measure that best foretells" in line]
    none = "Of the measures that can be taken early, none foretells how a history ends surer than chance."
    return _kept(source, good, file) if good else KeptAnswer([Markup(none)])


def _lines(file: Path) -> list[str]:
    """The lines of a stored answer as plain text."""
    if file.stat().st_size > MOST_BYTES:
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    kept = (line for line in text.splitlines() if line.strip() and not line.startswith(("#", "|", "!", "```")))
    return [plain(line) for line in kept]


def plain(line: str) -> str:
    """A line of our Markdown as plain text."""
    bare = re.sub(r"\\([\\|*_`\[\]#])", r"\1", re.sub(r"(?<!\\)\*\*", "", line))
    return html.unescape(bare).strip().removeprefix("- ")


def _kept(source: BriefSource, lines: Iterable[str], file: Path) -> KeptAnswer:
    marked = (source.mark(line) for line in lines)
    whole = [line for line in marked if not re.search(r"\d", _MARKED.sub("", str(line)))]
    return KeptAnswer(whole[:MOST_LINES], file.name)
