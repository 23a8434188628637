"""The command that holds the model against published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.analysis.validation import Validation
from sim.core.errors import InputError
from sim.surfaces import api, terminal
from sim.surfaces.cli.options import AsJson, app
from sim.words.documents import validation_page


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
    if write is not None and (write.is_dir() or not write.parent.is_dir()):
        raise InputError(f"--write {write}: the name of a file in a folder that exists is wanted")

    if keep is not None and (keep.is_file() or not keep.parent.is_dir()):
        raise InputError(f"--keep {keep}: the name of a folder, in a folder that exists, is wanted")

    def compare() -> int:
        with terminal.progress_bar() as progress:
            found = api.validate(cases, draws, seed, workers, progress)
        if keep is not None:
            api.keep_draws(found, keep)
        return show_validation(found, as_json, write)

    return terminal.exit_code(compare)


def show_validation(found: Validation, as_json: bool, write: Path | None) -> int:
    """Print the validation results, write the page if requested, and return the exit code."""
    if write is not None:
        api.write_validation(found, write)
    terminal.show(validation_page.finding(found), as_json)
    for sentence in sorted(set(found.failed))[:5]:
        terminal.say(f"failed: {sentence}", terminal.FAILED)
    return terminal.FAILED if found.failed else 0
