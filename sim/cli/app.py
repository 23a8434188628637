"""The application and the options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.strict import Library

app = typer.Typer(name="tandem", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Overrides = Annotated[list[str] | None, typer.Argument(metavar="[key=value ...]", show_default=False)]
ConfigDir = Annotated[Path | None, typer.Option("--config-dir", help="A folder with settings files of your own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A study's folder, its name, or LATEST.")]


def library(folder: Path | None) -> Library:
    """The shipped files, and those of a user's own folder."""
    return Library([folder] if folder is not None else [])
