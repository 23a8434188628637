"""The command that writes a brief."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.surfaces import api
from sim.surfaces.api import reporting
from sim.surfaces.cli.options import StudyName, app


@app.command("report")
def report(
    study: StudyName,
    audience: Annotated[
        str, typer.Option("--audience", help="members, officers or technical: changes the depth, never the figures.")
    ] = "officers",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write it. [report.html in the study]"),
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write it as PDF too; needs the optional extra pdf.")] = False,
) -> int:
    """Write a brief of two pages and annexes: one HTML file that needs nothing else.

    Example: tandem report LATEST --audience members -o brief.html
    """
    found = api.load(study)
    written = reporting.report(found, output, audience, pdf)
    for complaint in written.complaints:
        print(f"warning: {complaint}", file=sys.stderr)
    if found.code_differs:
        print("note: the program has changed since this study was run", file=sys.stderr)
    for place in (written.page, written.paper):
        if place is not None:
            print(f"Brief: {place}")
    return 0
