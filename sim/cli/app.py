"""The application and the options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from sim.strict import Library

ORDER = (
    "run", "sweep", "compare", "why", "diary", "indicators", "report", "serve", "sensitivity", "discover", "map",
    "robust", "tip", "search", "list", "show", "like", "new-partnership", "export", "reproduce", "validate",
    "verify",
)  # fmt: skip
"""Commands as help lists them: what simulates, what answers, what can be set."""


class InOrder(typer.core.TyperGroup):
    """Commands in an order of ours, whatever file they stand in."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names; any that ORDER does not know come last."""
        return sorted(super().list_commands(ctx), key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


app = typer.Typer(
    cls=InOrder, name="tandem", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

Overrides = Annotated[list[str] | None, typer.Argument(metavar="[key=value ...]", show_default=False)]
ConfigDir = Annotated[Path | None, typer.Option("--config-dir", help="A folder with settings files of your own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A study's folder, its name, or LATEST.")]


def library(folder: Path | None) -> Library:
    """The shipped files, and those of a user's own folder."""
    return Library([folder] if folder is not None else [])
