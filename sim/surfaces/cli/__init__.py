"""The `tandem` command: each subcommand calls the API; `main` returns the exit code."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import typer

from sim.core.errors import InputError, suggestion
from sim.surfaces import terminal
from sim.surfaces.cli.command_list import COMMANDS, module_of
from sim.surfaces.cli.options import app

__all__ = ["app", "main"]

_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line. Returns 0, 1 (something failed), 2 (input refused) or 130 (stopped with Ctrl-C)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and re.match(r"[\w./]+=", words[0]):
        words.insert(0, "run")
    return terminal.exit_code(lambda: _dispatch(words))


def _dispatch(words: list[str]) -> int:
    name = next((word for word in words if not word.startswith("-")), "")
    if name in COMMANDS:
        module_of(name)
    try:
        code = typer.main.get_command(app).main(words, prog_name="tandem", standalone_mode=False)
    except _USAGE_ERROR as error:
        raise InputError(_sentence(error)) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else 0


def _sentence(error: Any) -> str:
    message: str = " ".join(error.format_message().split()).rstrip(".")
    unknown = re.match(r"No such command '(.*?)'", message)
    if unknown is None:
        return f"{message} (see tandem --help)"
    return f"'{unknown[1]}' is not a command of tandem{suggestion(unknown[1], COMMANDS)}"


@app.callback(invoke_without_command=True)
def tandem(context: typer.Context) -> int:
    """What if councils shared management and services? In what order, how fast, at what risk.

    Without a command: the main job, structure-first against transform-first, in a minute.
    """
    if context.invoked_subcommand is not None:
        return 0
    code: int = module_of("run").run()
    return code
