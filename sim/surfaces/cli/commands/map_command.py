"""The command that draws which plan wins where."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api import kept_answers
from sim.surfaces.api.questions import winner_map as winners
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers.map_words import said

_Key = "A key that varied in the sweep, or the last part of it."


@app.command("map")
def winner_map(
    study: StudyName,
    x: Annotated[str, typer.Argument(help=_Key)],
    y: Annotated[str, typer.Argument(help=_Key)],
    outcome: Annotated[str, typer.Option("--outcome", help="What the plans compete on.")] = "npv_gbp_m",
    as_json: AsJson = False,
) -> int:
    """Draw which plan wins where, over two keys that varied, and where they cannot be told apart.

    Example: tandem map LATEST od_posts backbench_engagement --outcome dissolved
    """
    found = api.load(study)
    drawn = winners.winner_map(found, x, y, outcome)
    if as_json:
        terminal.print_json({"x": drawn.x.key, "y": drawn.y.key, "places": kept_answers.records(drawn.table)})
    else:
        print(f"{said(drawn)}\nFigure: {found.folder.name}/figures/map.svg")
    return 0
