"""The command that finds councils like yours."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.surfaces import terminal
from sim.surfaces.api.questions import similar_councils
from sim.surfaces.cli.options import AsJson, ConfigDir, app, library
from sim.words.answers.similar_words import said


@app.command("like")
def like(
    partnership: Annotated[str, typer.Argument(metavar="PARTNERSHIP|FILE.yaml", help="A name, or a file of yours.")],
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, max=10, help="How many to tell of.")] = None,
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """Find the real partnerships most like yours, and what was published about them.

    Example: tandem like bromsgrove_redditch
    """
    found = similar_councils.like(partnership, count, library(config_dir))
    if as_json:
        terminal.print_json(similar_councils.as_json(found))
    else:
        print(said(found))
    return 0
