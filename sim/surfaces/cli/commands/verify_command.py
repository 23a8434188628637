"""The command that runs the checks of Tandem itself, or shows how they stood when they were last run."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces.api import verifying
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
        print(verifying.assurance_table(), end="")
        return 0
    if not verifying.has_checks():
        found, kept = verifying.golden_results()
        print("\n".join(f"{name.replace('_', ' ')}: {verdict}" for name, verdict in found.items()))
        print(verifying.standing())
        return 0 if kept else 1
    holds = verifying.verify(everything, fresh)
    print(f"{verifying.standing()} Every line with its figures: docs/assurance.md")
    return 0 if holds else 1
