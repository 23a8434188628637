"""The brief of a study, written as a page of its own."""

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
    """Where a brief was written, on paper too where asked for, and what was found wrong with the study's files."""

    page: Path
    paper: Path | None
    complaints: list[str]


def report(study: Study, output: Path | None = None, audience: str = "officers", pdf: bool = False) -> Written:
    """Write the brief of a study as one HTML file, `report.html` in its folder unless told otherwise.

    With `pdf` also the same brief as PDF beside it. Two briefs of one study are the same bytes. Raises InputError
    for an unknown audience, where PDF cannot be made, and where the file cannot be written.
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
