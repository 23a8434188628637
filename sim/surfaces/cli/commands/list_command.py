"""The commands that list what can be set or asked for, and show one such thing."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import api, terminal
from sim.surfaces.cli.options import AsJson, ConfigDir, app, library


@app.command("list")
def list_(
    kind: Annotated[str, typer.Argument(metavar="levers|evidence|outcomes|scenarios|partnerships")],
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """List what can be set or asked for."""
    entries = api.listed(kind, library(config_dir))
    if as_json:
        terminal.print_json(entries)
    else:
        print("\n".join(terminal.as_lines(entry) for entry in entries))
    return 0


@app.command("show")
def show(name: str, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Show everything about one lever, quantity, outcome, scenario or partnership."""
    entry = api.about(name, library(config_dir))
    if as_json:
        terminal.print_json(entry)
    else:
        print(terminal.in_full(entry))
    return 0
