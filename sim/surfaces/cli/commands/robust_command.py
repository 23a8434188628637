"""The command that says which plan does well whatever turns out to be true."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api import kept_answers
from sim.surfaces.api.questions import regrets as answer
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers import robustness_words

_Meets = Annotated[str, typer.Option("--meets", help="What a plan should meet, in outcomes, numbers, and, or, not.")]
_Outcome = Annotated[str, typer.Option("--outcome", help="The outcome in which regret is measured.")]


@app.command("robust")
def robust(
    study: StudyName,
    meets: _Meets = "npv_gbp_m > 0 and not dissolved",
    outcome: _Outcome = "npv_gbp_m",
    as_json: AsJson = False,
) -> int:
    """Compare the plans of a sampled study by regret, and by how often they meet a condition.

    Example: tandem robust LATEST --meets "payback_month <= 60 and not dissolved"
    """
    loaded = api.load(study)
    found = answer.robust(loaded, meets, outcome)
    if as_json:
        content = {"outcome": found.outcome, "meets": found.condition.text, "rows": found.rows}
        luck = None if found.luck != found.luck else found.luck
        terminal.print_json({**content, "luck_share": luck, "plans": kept_answers.records(found.table)})
    else:
        print(f"{robustness_words.headline(found)}.\n{robustness_words.said(found)}")
        print(f"Figure: {loaded.folder.name}/figures/robust.svg")
    return 0
