"""The command that says what foretells how a history ends."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api.questions import ending_indicators as answer
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers.indicators_words import said


@app.command("indicators")
def indicators(
    study: StudyName,
    plan: Annotated[
        str | None, typer.Option("--plan", help="One plan of the study; if not given, all, each within itself.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say which measures at months 6, 12 and 18 foretell dissolution, a stall or a missed target.

    Scores are of histories that were not used to choose. Both the true levels and what councils would see, by late
    and noisy surveys, are scored.

    Example: tandem indicators LATEST --plan structure_first
    """
    found = api.load(study)
    with terminal.progress_bar() as progress:
        told = answer.indicators(found, plan, progress)
    if as_json:
        terminal.print_json(answer.as_json(told))
    else:
        print(f"{said(told)}\nTable and figure: {found.folder.name}/answers/indicators.csv, figures/indicators.svg")
    return 0
