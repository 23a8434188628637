"""The command that sets plans side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.api.questions import comparing as answer
from sim.surfaces.cli.options import AsJson, app
from sim.words.comparing import said

_Studies = Annotated[list[str], typer.Argument(metavar="STUDY ...", help="Studies: folders, names, or LATEST.")]
_Plans = Annotated[
    list[str] | None,
    typer.Option("--plans", help="Plans to compare, with commas between; may be repeated. If not given, all."),
]


@app.command("compare")
def compare(
    studies: _Studies,
    plans: _Plans = None,
    reference: Annotated[str | None, typer.Option("--reference", help="The plan the others are held against.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option("--outcome", help="Compare this outcome only; may be repeated.")
    ] = None,
    in_shares: Annotated[
        bool, typer.Option("--in-shares", help="Money as a share of service expenditure: allows other partnerships.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Print everything that was compared.")] = False,
    as_json: AsJson = False,
) -> int:
    """Set plans side by side: what differs, how surely, what is given up, and who pays and saves.

    Of one study all plans are held against its reference; of several studies the plans of each.

    Example: tandem compare LATEST --reference transform_first
    """
    loaded = [api.load(name) for name in studies]
    found = answer.compare(loaded, plans or [], reference, outcome or [], in_shares)
    if as_json:
        terminal.print_json({"folder": str(loaded[0].folder), **answer.as_json(found)})
        return 0
    print(said(found, full))
    folder = loaded[0].folder.name
    more = "" if full else "; --full prints it"
    print(f"Everything: {folder}/answers/comparison.md{more}. Tables: answers/comparison.csv, councils.csv")
    print(f"Figure: {folder}/figures/trade_off.svg")
    return 0
