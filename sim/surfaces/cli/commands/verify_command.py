"""The command that runs the checks of Tandem itself, or shows how they stood when they were last run."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.assurance import assurance, golden, running, standing
from sim.assurance.page import NOT_RUN, PARTLY, REACHED, state
from sim.surfaces.cli.options import app


@app.command("verify")
def verify(
    everything: Annotated[bool, typer.Option("--all", help="The slow checks as well: up to two hours.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what passed in a run that was broken off.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Only show how the checks stood when last run.")] = False,
) -> int:
    """Run the quick checks and write docs/assurance.md: 0 where every line holds, else 1.

    An installed package has no tests: there it simulates twelve golden scenarios and compares them with the record.
    Example: tandem verify
    """
    if table:
        print(assurance(), end="")
        return 0
    if not running.is_checkout():
        reached, known = golden.played(), golden.recorded()
        for name, verdict in golden.verdicts(reached, known).items():
            print(f"{name.replace('_', ' ')}: {verdict}")
        print(standing())
        return 0 if golden.kept(reached, known) else 1
    allowed = {REACHED} if everything else {REACHED, PARTLY, NOT_RUN}
    holds = all(state(parts) in allowed for parts in running.run_checks(everything, fresh).values())
    print(f"{standing()} Every line with its figures: docs/assurance.md")
    return 0 if holds else 1
