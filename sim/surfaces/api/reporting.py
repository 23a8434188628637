"""The brief of a study, written as a separate page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.core.errors import InputError
from sim.study.files import store
from sim.study.integrity import complaints
from sim.surfaces import brief as reports

if TYPE_CHECKING:
    from sim.study.study import Study

AUDIENCES = ("members", "officers", "technical")


class Written(NamedTuple):
    """Paths of a written brief (and its PDF, if requested), and complaints about the study's files."""

    page: Path
    paper: Path | None
    complaints: list[str]


def report(study: Study, output: Path | None = None, audience: str = "officers", pdf: bool = False) -> Written:
    """Write the brief of a study as one HTML file, `report.html` in its folder by default.

    With `pdf`, also as PDF beside it. Briefs of the same study are byte-identical. Raises InputError
    for an unknown audience, or if the PDF cannot be made or the file written.
    """
    found = complaints(study)
    page = reports.brief(study, audience, found)
    place = output or study.folder / "report.html"
    if place.is_dir() or not place.parent.is_dir():
        raise InputError(f"cannot write the brief to '{place}': that is no file in a folder that is there")
    paper = reports.pdf(page) if pdf else None
    store.write_text(place, page)
    if paper is not None:
        store.write_bytes(place.with_suffix(".pdf"), paper)
    return Written(place, place.with_suffix(".pdf") if pdf else None, found)
