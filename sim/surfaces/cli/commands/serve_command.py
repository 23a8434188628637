"""The command that opens the local page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.surfaces.cli.options import app
from sim.surfaces.web.server import serve as started


@app.command("serve")
def serve(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Which port; if not given, the first free one.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,
    room: Annotated[
        bool, typer.Option("--room", help="Let this room's own network join workshops, with a token.")
    ] = False,
    config_dir: Annotated[
        Path | None, typer.Option("--config-dir", help="A folder with workshop packs of your own, in workshop/.")
    ] = None,
) -> int:
    """Open the page in a browser: what if, workshop, glass box. On this machine alone; Ctrl-C stops it.

    Example: tandem serve --port 8800 --no-browser
    """
    return started(port, not no_browser, room, config_dir=config_dir)
