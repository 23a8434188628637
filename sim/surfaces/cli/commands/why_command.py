"""The command that says why two plans differ."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api.questions.reasons import as_json as content_of
from sim.surfaces.api.questions.reasons import file_name
from sim.surfaces.api.questions.reasons import why as ask
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.why import said

_First = "The plan to start from: a scenario's name, a label or a cell's id."
_Histories = "Histories of every plan; if not given, up to 200 for levers and 40 for mechanisms."


@app.command("why")
def why(
    study: StudyName,
    first: Annotated[str, typer.Argument(metavar="A", help=_First)],
    second: Annotated[str, typer.Argument(metavar="B", help="The plan to arrive at.")],
    outcome: Annotated[str, typer.Option("--outcome", help="The outcome in which they differ.")] = "npv_gbp_m",
    histories: Annotated[int | None, typer.Option("--histories", min=10, max=100_000, help=_Histories)] = None,
    as_json: AsJson = False,
) -> int:
    """Say why plan B differs from plan A: which levers, which mechanisms, which events of the middle pair.

    Simulates the plans in between under the same luck, and both plans without each mechanism in turn.

    Example: tandem why LATEST structure_first transform_first --outcome dissolved
    """
    loaded = api.load(study)
    with terminal.progress_bar() as progress:
        found = ask(loaded, first, second, outcome, histories, progress)
    if as_json:
        terminal.print_json(content_of(found))
    else:
        name = file_name(found)
        print(f"{said(found)}\n\nTables and figure: {loaded.folder.name}/answers/{name}*.csv, figures/{name}.svg")
    return 0
