"""What of Hydra's own command line is read, what is refused, and how the rest is handed on to it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from sim.core.errors import InputError, shown
from sim.plans.strict import split_override

_REFUSED_FLAGS = {
    "config_path": "--config-path would replace Tandem's own settings; use --config-dir for your files",
    "config_name": "--config-name would replace Tandem's own settings; use --config-dir for your files",
    "experimental_rerun": "--experimental-rerun reads pickled files, which may run anything",
}
_ONCE = {"--cfg": "-c", "--package": "-p", "--info": "-i"}
"""Flags with a value, of which Hydra would take the last."""
_REFUSED_KEYS = {
    "hydra.searchpath": "use --config-dir for files of your own",
    "hydra/sweeper": "Tandem's own sweeper gathers a sweep into one study",
    "hydra/callbacks": "callbacks are not used here",
    "hydra.callbacks": "callbacks are not used here",
}


class _Parser(argparse.ArgumentParser):
    """Hydra's flags, with refusals as one sentence."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message)


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The words of a command line as Hydra reads them; InputError for a flag that is refused."""
    parser = get_args_parser()
    parser.__class__ = _Parser
    given = [word.partition("=")[0] for word in argv]
    if given.count("--config-dir") + given.count("-cd") > 1:
        raise InputError("--config-dir is given twice; put your files into one folder")
    for name, short in _ONCE.items():
        if given.count(name) + given.count(short) > 1:
            raise InputError(f"{name} is given twice; give it once")
    args = parser.parse_intermixed_args(list(argv))
    for name, reason in _REFUSED_FLAGS.items():
        if getattr(args, name) is not None:
            raise InputError(reason)
    modes = [args.run, args.multirun, args.cfg is not None, args.info is not None, args.shell_completion]
    if sum(modes) > 1:
        raise InputError("only one of --run, --multirun, --cfg, --info and --shell-completion may be given")
    if args.resolve and args.cfg is None and not args.help:
        raise InputError("--resolve goes with --cfg or --help")
    return args


def handed_on(args: argparse.Namespace, folder: Path | None) -> Iterator[str]:
    """The command line for Hydra, rebuilt from what was understood of it."""
    for name in ("help", "hydra_help", "resolve", "run", "multirun", "shell_completion"):
        if getattr(args, name):
            yield f"--{name.replace('_', '-')}"
    for name in ("cfg", "package", "info"):
        if getattr(args, name) is not None:
            yield f"--{name}={getattr(args, name)}"
    if folder is not None:
        yield f"--config-dir={folder}"


def of_hydra(override: str) -> bool:
    """Whether an override is of Hydra's own settings."""
    return override.lstrip("+~").startswith(("hydra.", "hydra/", "hydra="))


def checked(override: str) -> str:
    """Such an override; InputError where it would replace what Tandem does itself, or run anything."""
    key, _ = split_override(override)
    for refused, reason in _REFUSED_KEYS.items():
        if key == refused or key.startswith(f"{refused}."):
            raise InputError(f"{shown(override)} is not allowed: {reason}")
    if "_target_" in override:
        raise InputError(f"{shown(override)} is not allowed: nothing is instantiated from settings")
    return override
