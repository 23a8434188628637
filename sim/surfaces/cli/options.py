"""The application and the options that several commands share."""

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
    """A command of which an option with a value may be given once, unless it takes several."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words left over; InputError for an option given twice."""
        given: list[Any] = self.make_parser(ctx).parse_args(args=list(args))[2]
        for option in given:
            single = option.param_type_name == "option" and not option.multiple and not option.is_flag
            if single and given.count(option) > 1:
                raise InputError(f"{option.opts[-1]} is given twice: give it once")
        return super().parse_args(ctx, args)


class Tandem(typer.Typer):
    """The application: each of its commands takes an option once."""

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
    """The shipped files, and those of a user's own folder."""
    return Library([folder] if folder is not None else [])
