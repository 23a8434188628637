"""The command that seeks plans."""

from __future__ import annotations

import sys
from textwrap import wrap
from typing import Annotated

import typer

from sim.surfaces import terminal
from sim.surfaces.api.questions.seeking_plans import search as seek
from sim.surfaces.cli.options import AsJson, ConfigDir, Overrides, app
from sim.words.answers.pareto_words import said, table

_OVER = "A lever that may change; with values to try, as levers.hr.od_posts=0..6 or levers.hr.od_route=bought,built."
_OBJECTIVE = "What is sought: an outcome or share(condition), with :higher or :lower where that is not plain."


@app.command("search")
def search(
    overrides: Overrides = None,
    over: Annotated[list[str] | None, typer.Option("--over", help=_OVER)] = None,
    objective: Annotated[list[str] | None, typer.Option("--objective", help=_OBJECTIVE)] = None,
    budget: Annotated[int, typer.Option(min=2, max=100_000, help="Plans tried at most.")] = 100,
    check: Annotated[
        int, typer.Option(min=10, max=100_000, help="Histories of each plan found, under fresh luck.")
    ] = 200,
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """Seek the plans that no other beats on several objectives at once, and hold them against fresh luck.

    All plans tried meet the same luck; those found are simulated again under luck the search never saw.

    Example: tandem search scenario=transform_first --over levers.pace.months_between_waves --over
    levers.hr.od_posts=0..6 --objective npv_gbp_m --objective dissolved --budget 60 study.replications=40
    """

    def tell(tried: int, most: int) -> None:
        print(f"tried {tried} of {most} plans", file=sys.stderr)

    folders = [config_dir] if config_dir is not None else []
    with terminal.progress_bar() as progress:
        found, study = seek(
            overrides or [],
            over or [],
            objective or [],
            budget=budget,
            check=check,
            folders=folders,
            root=terminal.ROOT,
            tell=tell,
            progress=progress,
        )
    if as_json:
        rows = found.table.astype(object).where(found.table.notna(), None).to_dict(orient="records")
        terminal.print_json({"folder": str(study.folder), "tried": found.tried, "plans": rows})
    else:
        print(said(found) + "\n\n" + _aligned(table(found)))
        print(f"\nResults: {study.folder} (answers/search.md, figures/search.svg)\nTo run one:")
        print("\n".join(f"  {plan.command}" for plan in found.lasting))
    return 0


def _aligned(rows: list[list[str]]) -> str:
    """Rows under their heads, which are wrapped to the width of their column; the last column runs free."""
    widths = [max(12 if column else 5, *(len(row[column]) for row in rows[1:])) for column in range(len(rows[0]) - 1)]
    heads = [wrap(head, width) for head, width in zip(rows[0], [*widths, 40], strict=True)]
    tall = max(len(lines) for lines in heads)
    above = [[(([""] * tall) + lines)[-tall + at] for lines in heads] for at in range(tall)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in [*above, *rows[1:]]
    )
