"""The command-line application, and options shared by several commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
import typer.core

from sim.core.errors import InputError
from sim.plans.strict import Library
from sim.surfaces.cli.command_list import CommandList

Command = TypeVar("Command", bound=Callable[..., Any])


class Once(typer.core.TyperCommand):
    """Command that accepts each value option only once, unless it takes several values."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The remaining words; InputError for an option given twice."""
        given: list[Any] = self.make_parser(ctx).parse_args(args=list(args))[2]
        for option in given:
            single = option.param_type_name == "option" and not option.multiple and not option.is_flag
            if single and given.count(option) > 1:
                raise InputError(f"{option.opts[-1]} is given twice: give it once")
        return super().parse_args(ctx, args)


class Tandem(typer.Typer):
    """The application, whose commands are all of class Once."""

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Command], Command]:
        """Add a command."""
        return super().command(name, cls=Once, **settings)


app = Tandem(
    cls=CommandList, name="tandem", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)

Overrides = Annotated[list[str] | None, typer.Argument(metavar="[key=value ...]", show_default=False)]
ConfigDir = Annotated[Path | None, typer.Option("--config-dir", help="A folder with settings files of your own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A study's folder, its name, or LATEST.")]


def library(folder: Path | None) -> Library:
    """Library of shipped files and those in the user's folder."""
    return Library([folder] if folder is not None else [])
