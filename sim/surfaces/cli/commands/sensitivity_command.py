"""The command that says what drives the outcomes."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import api, terminal
from sim.surfaces.api.questions import drivers as answer
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers.sensitivity_words import said


@app.command("sensitivity")
def sensitivity(
    study: StudyName,
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="An outcome to explain; may be repeated.", show_default=False)
    ] = None,
    plan: Annotated[str | None, typer.Option("--plan", help="One plan of the study; if not given, all.")] = None,
    tornado: Annotated[
        bool, typer.Option("--tornado", help="Simulate a plan with every evidence quantity moved alone.")
    ] = False,
    replications: Annotated[
        int | None, typer.Option("--replications", min=2, max=10_000, help="Histories a point, with --tornado.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Simulate even a large number of histories.")] = False,
    as_json: AsJson = False,
) -> int:
    """Say what drives the outcomes, how surely, what that rests on, and how much is luck.

    STUDY is a sample (tandem sweep design=sobol, morris, lhs or one_at_a_time). With --tornado any study will
    do: its reference plan is simulated with each quantity at both ends of its range.

    Example: tandem sensitivity LATEST --outcome npv_gbp_m --outcome dissolved
    """
    if not tornado and (replications is not None or yes):
        raise InputError("--replications and --yes go with --tornado: without it nothing is simulated")
    loaded = api.load(study)
    if tornado:
        with terminal.progress_bar() as progress:
            found = answer.tornado(loaded, outcome, plan, replications, yes, progress)
    else:
        found = answer.sensitivity(loaded, outcome, plan)
    if as_json:
        terminal.print_json(answer.as_json(found))
    else:
        name = "tornado" if tornado else "sensitivity"
        print(f"{said(found)}\n\nTable and figures: {loaded.folder.name}/answers/{name}.csv, figures/{name}*.svg")
    return 0
