"""The command that finds where histories fail."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api import kept_answers
from sim.surfaces.api.questions import failing_regions as answer
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers import discovery_words

_When = Annotated[str, typer.Option("--when", help="What counts as failing, in outcomes, numbers, and, or, not.")]


@app.command("discover")
def discover(study: StudyName, when: _When = "dissolved or npv_gbp_m < 0", as_json: AsJson = False) -> int:
    """Find the regions of a sampled study in which histories fail, and check them on rows not used to find them.

    Example: tandem discover LATEST --when "dissolved or payback_month > 60"
    """
    loaded = api.load(study)
    found = answer.discover(loaded, when)
    if as_json:
        terminal.print_json({"when": found.condition.text, "regions": kept_answers.records(found.table)})
    else:
        print(f"{discovery_words.headline(found)}.\n{discovery_words.said(found)}")
        print(f"Figure: {loaded.folder.name}/figures/discover.svg")
    return 0
