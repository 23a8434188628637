"""The command that tells one history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api import diaries
from sim.surfaces.cli.options import AsJson, StudyName, app


@app.command("diary")
def diary(
    study: StudyName,
    scenario: Annotated[str, typer.Argument(help="The plan: its name, label or id.")],
    replication: Annotated[
        str,
        typer.Argument(metavar="[HISTORY]", help="A history's number, or typical, luckiest or unluckiest."),
    ] = "typical",
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the log of events to this file.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Tell one history in plain words, month by month, with the cause of each event and turning points marked.

    The first line says which rule picked it and where it stands among the plan's histories.

    Example: tandem diary LATEST structure_first unluckiest --csv unlucky.csv
    """
    found = api.load(study)
    told = diaries.diary(found, scenario, replication, csv)
    if found.code_differs:
        print("note: the program has changed since this study was run", file=sys.stderr)
    return terminal.show(told, as_json)
