"""Brief of a study as one self-contained, byte-identical HTML page without scripts or external files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.core import words
from sim.core.errors import InputError, suggestion
from sim.surfaces.brief.annexes import annexes
from sim.surfaces.brief.blocks import BriefTable, Drawing, Section
from sim.surfaces.brief.body import body
from sim.surfaces.brief.brief_source import BriefSource
from sim.surfaces.brief.stress import TEMPLATES
from sim.words.summary.summary import ILLUSTRATIVE
from sim.words.templates import templates

if TYPE_CHECKING:
    from sim.study.study import Study

AUDIENCES = {
    "members": "the brief with the limits of use and the manifest",
    "officers": "the brief with all logs and checklists",
    "technical": "the brief with all logs, every outcome and every paired difference",
}
"""Audiences of a brief and the annexes each gets; the figures are the same for all."""


def brief(study: Study, audience: str = "officers", complaints: Sequence[str] = ()) -> str:
    """The brief of a study as one HTML page; `complaints` about its files are at its top.

    The same study gives the same bytes. Raises InputError for an unknown audience.
    """
    if audience not in AUDIENCES:
        raise InputError(f"'{audience}' is no audience{suggestion(audience, AUDIENCES)}")
    source = BriefSource(study, audience, tuple(complaints))
    sections = body(source)
    created = str(study.manifest.get("created", ""))
    page = templates(TEMPLATES, html=True).get_template("brief.html.j2")
    return page.render(
        source=source,
        title=f"{source.settings.partnership.name}: brief",
        audience=audience,
        date=created.partition("T")[0],
        made=_date(created),
        sections=sections,
        tables=_behind(sections),
        annexes=annexes(source),
        complaints=complaints,
        differs=study.code_differs,
        illustrative=ILLUSTRATIVE,
        css=Markup((TEMPLATES / "brief.css").read_text(encoding="utf-8")),
    )


def _behind(sections: Sequence[Section]) -> list[BriefTable]:
    """The tables behind the figures, printed at the end on paper."""
    drawings = [block for section in sections for block in section.blocks if isinstance(block, Drawing)]
    return [drawing.table for drawing in drawings if drawing.table is not None]


def _date(created: str) -> str:
    """Date such as "22 November 2026"; "" if unknown."""
    parts = created.partition("T")[0].split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return ""
    return f"{int(parts[2])} {words.month_of_year(int(parts[1]))} {parts[0]}"
