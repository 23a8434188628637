"""Commands about what can be set: lists, partnerships, and the model beside published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import terminal
from sim.surfaces.cli.options import AsJson, ConfigDir, app, library


@app.command("list")
def list_(
    kind: Annotated[str, typer.Argument(metavar="levers|evidence|outcomes|scenarios|partnerships")],
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """List what can be set or asked for."""
    from sim.surfaces import api

    entries = api.listed(kind, library(config_dir))
    if as_json:
        terminal.print_json(entries)
    else:
        print("\n".join(terminal.as_lines(entry) for entry in entries))
    return 0


@app.command("show")
def show(name: str, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Show everything about one lever, quantity, outcome, scenario or partnership."""
    from sim.surfaces import api

    entry = api.about(name, library(config_dir))
    if as_json:
        terminal.print_json(entry)
    else:
        print(terminal.in_full(entry))
    return 0


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
    from sim.surfaces import api

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


@app.command("validate")
def validate(
    cases: Annotated[Path | None, typer.Option("--cases", help="A folder of cases; else the shipped ones.")] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", min=20, max=100_000, help="Draws of evidence and luck.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Which luck.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=1024, help="Processes; 0: every core.")] = 0,
    write: Annotated[Path | None, typer.Option("--write", help="Write the page as well, as Markdown.")] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep what was drawn and read in this folder, a table a case.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Hold the model against published figures, and say which it meets and which it misses.

    Example: tandem validate --cases my_cases --draws 400
    """
    from sim.surfaces import api

    if write is not None and (write.is_dir() or not write.parent.is_dir()):
        raise InputError(f"--write {write}: the name of a file in a folder that exists is wanted")

    if keep is not None and (keep.is_file() or not keep.parent.is_dir()):
        raise InputError(f"--keep {keep}: the name of a folder, in a folder that exists, is wanted")

    def compare() -> int:
        with terminal.progress_bar() as progress:
            found = api.validate(cases, draws, seed, workers, progress)
        if keep is not None:
            api.keep_draws(found, keep)
        return terminal.show_validation(found, as_json, write)

    return terminal.exit_code(compare)
