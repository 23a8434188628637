"""The command that finds where a plan tips."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api.questions.tipping_points import tip as find
from sim.surfaces.cli.options import AsJson, StudyName, app
from sim.words.answers.tipping_words import said


@app.command("tip")
def tip(
    study: StudyName,
    lever: Annotated[str, typer.Argument(help="A lever or quantity: its full key, or a unique last part.")],
    target: Annotated[str, typer.Argument(help="What to keep to, such as 'dissolved < 20%' or 'npv_gbp_m > 1'.")],
    plan: Annotated[str | None, typer.Option(help="Which plan of the study; if not given, its reference.")] = None,
    low: Annotated[float | None, typer.Option(help="Lowest value to look at.")] = None,
    high: Annotated[float | None, typer.Option(help="Highest value to look at.")] = None,
    replications: Annotated[
        int | None, typer.Option(min=30, max=100_000, help="Histories at each value to begin with.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=30, max=1_000_000, help="Most histories at a value that cannot be told.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find how far a lever can go before a target is lost, with 95% confidence, under the same luck.

    The target is about the mean of an outcome, the chance of a flag, or share(condition).

    Example: tandem tip LATEST levers.pace.months_between_waves "share(npv_gbp_m < 0) < 10%"
    """
    loaded = api.load(study)

    def tell(line: str) -> None:
        print(line, file=sys.stderr)

    found = find(
        loaded,
        lever,
        target,
        plan=plan,
        low=low,
        high=high,
        replications=replications,
        most=most,
        tell=tell if sys.stderr.isatty() else None,
    )
    if as_json:
        crossings = [vars(crossing) for crossing in found.crossings]
        points = [point.row for point in found.points]
        content = {"lever": found.scale.key, "target": target, "crossings": crossings, "points": points}
        terminal.print_json({**content, "looks": found.looks, "alpha": found.alpha})
    else:
        print(said(found))
    return 0
