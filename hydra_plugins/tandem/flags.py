"""Parsing of Hydra's command line: the flags accepted, those refused, and the rebuilt command line."""

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
"""Flags that take one value and may be given only once."""
_REFUSED_KEYS = {
    "hydra.searchpath": "use --config-dir for files of your own",
    "hydra/sweeper": "Tandem's own sweeper gathers a sweep into one study",
    "hydra/callbacks": "callbacks are not used here",
    "hydra.callbacks": "callbacks are not used here",
}


class _Parser(argparse.ArgumentParser):
    """Parser of Hydra's flags, with one sentence for each refusal."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message)


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Arguments of a command line as Hydra parses them; InputError for a refused flag."""
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
    """The command line passed to Hydra, rebuilt from the parsed arguments."""
    for name in ("help", "hydra_help", "resolve", "run", "multirun", "shell_completion"):
        if getattr(args, name):
            yield f"--{name.replace('_', '-')}"
    for name in ("cfg", "package", "info"):
        if getattr(args, name) is not None:
            yield f"--{name}={getattr(args, name)}"
    if folder is not None:
        yield f"--config-dir={folder}"


def of_hydra(override: str) -> bool:
    """True if an override concerns Hydra's own settings."""
    return override.lstrip("+~").startswith(("hydra.", "hydra/", "hydra="))


def checked(override: str) -> str:
    """A checked override of Hydra's settings; InputError if it would replace Tandem's own work or run code."""
    key, _ = split_override(override)
    for refused, reason in _REFUSED_KEYS.items():
        if key == refused or key.startswith(f"{refused}."):
            raise InputError(f"{shown(override)} is not allowed: {reason}")
    if "_target_" in override:
        raise InputError(f"{shown(override)} is not allowed: nothing is instantiated from settings")
    return override
