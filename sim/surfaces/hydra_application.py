"""The plain Hydra application behind `python -m sim` and `tandem sweep`.

Whatever a user typed or wrote is checked before Hydra sees it, and handed on as plain files under safe names.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import hydra
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import DictConfig, OmegaConf

from hydra_plugins.tandem import flags
from hydra_plugins.tandem.sample import read_sweep
from sim.core.errors import DiskError, InputError, of_disk, shown
from sim.plans.compose import compose, lever_defaults, mechanism_defaults
from sim.plans.strict import SHIPPED, Library, alternatives, by_key, is_path, parse_override, split_override
from sim.study.running.tasks import processes
from sim.surfaces import api, terminal, terminal_studies

_FUNCTION = re.compile(r"(choice|glob|range|interval|shuffle|sort|tag)\(")


class Ending(NamedTuple):
    """Result of a job: the exit code, and one sentence for the user where the job was refused."""

    code: int
    refused: str | None = None


class AnswerStyle(NamedTuple):
    """Options for a command's output: JSON for machines, and consent to a large sweep."""

    as_json: bool = False
    yes: bool = False


FOR_PEOPLE = AnswerStyle()


class TandemSearchPath(SearchPathPlugin):
    """Adds the shipped scenarios to where Hydra looks, wherever the package is installed."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Called by Hydra before it composes."""
        search_path.append("tandem", f"file://{SHIPPED[1]}")


class Typed:
    """One command's request: overrides as typed, the settings files they may name, and the cells they describe."""

    def __init__(self, overrides: Sequence[str], library: Library, sweep: bool, shown: AnswerStyle) -> None:
        self.shown = shown
        self.library = library
        self.root = Path.cwd() / terminal.ROOT
        self.jobs: int | None = None
        if sweep:
            asked = read_sweep(overrides, library.names, shown.yes)
            self.jobs, self.first = asked.jobs, asked.rows[0]
            self.plan = api.plan_sweep(asked.rows, library, *asked.sample)
            for note_ in asked.notes:
                print(f"note: {note_}", file=sys.stderr)
        else:
            self.plan = api.plan_run(overrides, library)
            self.first = [_first(text) for text in overrides]
        self.ending = Ending(0)
        self.started = False

    def for_hydra(self, overrides: Sequence[str]) -> list[str]:
        """Overrides as passed to Hydra, with partnership files under their safe names."""
        kept = [text.rstrip() for text in overrides if not text.startswith("design")]
        return [self._renamed(text) for text in kept if text != "scenario=null"]

    def _renamed(self, override: str) -> str:
        key, values = alternatives(override)
        if key != "partnership" or _FUNCTION.match(values[0]):
            return override
        names = [str(parse_override(f"{key}={value}")[1]) for value in values]
        return f"{key}={','.join(self.library.safe_name(name) if is_path(name) else name for name in names)}"


_typed: list[Typed] = []


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line. Returns 0, 1 (something failed), 2 (input refused) or 130 (stopped with Ctrl-C)."""
    given = list(sys.argv[1:] if argv is None else argv)
    return terminal.exit_code(lambda: application(given))


def application(argv: Sequence[str], shown: AnswerStyle = FOR_PEOPLE) -> int:
    """Check the command line, let Hydra run it and return the exit code. Raises InputError for refused input."""
    args = flags.arguments(argv)
    if args.shell_completion or args.hydra_help:
        _run_hydra(args, None, args.overrides)
        return 0
    hydras = [flags.checked(text) for text in args.overrides if flags.of_hydra(text)]
    by_key(hydras)
    own = [text for text in args.overrides if not flags.of_hydra(text)]
    sweep = args.multirun or "hydra.mode=multirun" in [text.lower() for text in hydras]
    _check_own(own, sweep)
    typed = Typed(own, Library([args.config_dir] if args.config_dir is not None else []), sweep, shown)
    _typed[:] = [typed]
    folders = typed.library.handed_on()
    seen = typed.for_hydra(own if sweep else typed.first)
    _run_hydra(args, folders[0] if folders else None, [*seen, *hydras])
    if typed.ending.refused is not None:
        raise (DiskError if typed.ending.code == terminal.FAILED else InputError)(typed.ending.refused)
    return typed.ending.code


def job(config: DictConfig) -> Ending:
    """The function that Hydra calls: runs one study of the typed cells or of the cells in a sweep's file."""
    content: Any = OmegaConf.to_container(config, resolve=True)
    if _typed:
        _typed[0].started = True
    try:
        ending = Ending(_study(content))
    except InputError as error:
        ending = Ending(terminal.FAILED if isinstance(error, DiskError) else terminal.REFUSED, str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        ending = Ending(terminal.FAILED, terminal.cannot_go_on(error))
    note(ending)
    return ending


def checked_sweep(composed: Any) -> Typed:
    """The sweep that was typed, after checking that Hydra composes its first row as Tandem does."""
    typed = _typed[0]
    check_same(composed(typed.for_hydra(typed.first)), typed.first, typed.library)
    return typed


def note(ending: Ending) -> None:
    """Store a job's result, from which the command takes its exit code."""
    if _typed:
        _typed[0].ending = ending


def check_same(content: dict[str, Any], overrides: Sequence[str], library: Library) -> None:
    """Raise InputError naming the key where Hydra's composed settings differ from Tandem's."""
    ours = compose(overrides, library).content
    key = next(_differing({**content, "design": None}, {**ours, "design": None}), None)
    if key is not None:
        raise InputError(f"{key} would not be what was asked for: Hydra and Tandem compose it differently")


def _differing(theirs: Any, ours: Any, key: str = "") -> Iterator[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in {**theirs, **ours}:
            place = f"{key}.{name}" if key else str(name)
            if name not in theirs or name not in ours:
                yield place
            else:
                yield from _differing(theirs[name], ours[name], place)
    elif theirs != ours or isinstance(theirs, bool) != isinstance(ours, bool):
        yield key


def _study(content: dict[str, Any]) -> int:
    design = content["design"]
    if design["folder"] is not None:
        return terminal_studies.work(Path(design["folder"]), design["job"], design["jobs"])
    typed = _typed[0]
    if not design["sweep"]:
        check_same(content, typed.first, typed.library)
    return terminal_studies.carry_out(typed.plan, typed.root, typed.shown.as_json)


def shared_out(typed: Typed, launch: Callable[[Path, int], None]) -> Ending:
    """Run a sweep as jobs of another launcher: `launch(folder, jobs)` returns when all have ended."""
    jobs = typed.jobs or processes(typed.plan.study)
    ending = Ending(terminal_studies.share_out(typed.plan, typed.root, jobs, launch, typed.shown.as_json))
    note(ending)
    return ending


def _first(override: str) -> str:
    key, values = alternatives(override)
    return f"{key}={values[0]}" if key == "scenario" else override


def _check_own(overrides: Sequence[str], sweep: bool) -> None:
    for text in overrides:
        if not sweep and split_override(text)[0].startswith("design"):
            raise InputError(f"{shown(text)}: is for a sweep: tandem sweep design=sobol design.over=evidence")


def _run_hydra(args: argparse.Namespace, folder: Path | None, overrides: Sequence[str]) -> None:
    register()
    before = sys.argv
    sys.argv = [before[0], *flags.handed_on(args, folder), *overrides]
    try:
        with _quiet():
            hydra.main(version_base="1.3", config_path=str(SHIPPED[0]), config_name="config")(job)()
    except InputError:
        raise
    except Exception as error:
        if (_typed and _typed[0].started) or (isinstance(error, OSError) and of_disk(error)):
            raise
        raise InputError(_sentence(error)) from None
    finally:
        sys.argv = before


def _sentence(error: Exception) -> str:
    """Hydra's refusal as one line, without its advice to prefix the key with a plus."""
    cause = error if str(error).strip() else error.__cause__ or error
    text = str(cause).partition("Config search path:")[0]
    lines = [line.strip() for line in text.splitlines()]
    return " ".join(line for line in lines if line and not line.startswith(("To append", "See http")))[:400]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Hydra's notices off the terminal and turn its errors into Tandem's own sentences."""
    os.environ["HYDRA_FULL_ERROR"] = "1"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="hydra")
        yield


def register() -> None:
    """Tell Hydra where scenarios are found, and the defaults that are declared in code."""
    Plugins.instance().register(TandemSearchPath)
    store = ConfigStore.instance().store
    store(group="levers", name="defaults", node=lever_defaults(), provider="tandem")
    store(group="mechanisms", name="defaults", node=mechanism_defaults(), provider="tandem")
