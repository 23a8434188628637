"""The command that makes a partnership's file from a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import api, terminal
from sim.surfaces.cli.options import app


@app.command("new-partnership")
def new_partnership(
    table: Annotated[Path | None, typer.Argument(metavar="TABLE.csv", show_default=False)] = None,
    name: Annotated[str | None, typer.Option(help="Its name; if not given, the councils' names.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write; if not given, beside the table.")] = None,
    start_year: Annotated[int | None, typer.Option(help="Year of the decision to share; if not given, now.")] = None,
    start_month: Annotated[int | None, typer.Option(help="Its month, 1 to 12.")] = None,
    template: Annotated[bool, typer.Option("--template", help="Write a table to fill in instead.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
) -> int:
    """Make a partnership's file from a small table, one row a council; --template writes a table to fill in.

    Example: tandem new-partnership my.csv --start-year 2027
    """
    if template:
        if any(option is not None for option in (name, output, start_year, start_month)):
            raise InputError("--template takes only the name of the file to write, and --force")
        print(terminal.template_written(api.partnership_template(table, force)))
        return 0
    if table is None:
        raise InputError("new-partnership needs a CSV file; tandem new-partnership --template writes one to fill in")
    made = api.new_partnership(table, output, name=name, start_year=start_year, start_month=start_month, force=force)
    print(terminal.partnership_written(*made))
    return 0
