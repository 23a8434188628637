"""The friendly command `tandem`: thin, every subcommand calls the API. `main` returns the exit code."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sim import terminal
from sim.strict import InputError, Library, suggestion

_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
COMMANDS = ("run", "sweep", "list", "show", "diary", "new-partnership", "validate")

app = typer.Typer(name="tandem", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Overrides = Annotated[list[str] | None, typer.Argument(metavar="[key=value ...]", show_default=False)]
ConfigDir = Annotated[Path | None, typer.Option("--config-dir", help="A folder with settings files of your own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; 0, 1 (something failed), 2 (what was typed), 130 (stopped with Ctrl-C)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and re.match(r"[\w./]+=", words[0]):
        words.insert(0, "run")
    return terminal.exit_code(lambda: _dispatch(words))


def _dispatch(words: list[str]) -> int:
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
    return run() if context.invoked_subcommand is None else 0


@app.command("run")
def run(overrides: Overrides = None, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Simulate plans, compare them and write a study folder to outputs/.

    Without scenario=…: the plans in study.scenarios. With one: it and the reference. With a,b: those.

    Example: tandem run scenario=parallel levers.pace.months_between_waves=2 study.replications=500
    """
    from sim import api

    design = api.cells_of(overrides or [], _library(config_dir))
    return terminal.carry_out(design, terminal.ROOT, as_json)


@app.command("sweep")
def sweep(overrides: Overrides = None, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Simulate every combination of several values, as one study.

    Example: tandem sweep scenario=structure_first,parallel "levers.pace.months_between_waves=range(1,7)"
    """
    from sim.__main__ import application

    own = [f"--config-dir={config_dir}"] if config_dir is not None else []
    return application(["--multirun", *own, *(overrides or [])], as_json)


@app.command("list")
def list_(
    kind: Annotated[str, typer.Argument(metavar="levers|evidence|outcomes|scenarios|partnerships")],
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
) -> int:
    """List what can be set or asked for."""
    from sim import api

    entries = api.listed(kind, _library(config_dir))
    if as_json:
        terminal.print_json(entries)
    else:
        print("\n".join(terminal.as_lines(entry) for entry in entries))
    return 0


@app.command("show")
def show(name: str, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Show everything about one lever, quantity, outcome, scenario or partnership."""
    from sim import api

    entry = api.about(name, _library(config_dir))
    if as_json:
        terminal.print_json(entry)
    else:
        print(terminal.in_full(entry))
    return 0


@app.command("diary")
def diary(study: str, scenario: str, replication: int) -> int:
    """Tell one history in plain words, month by month. STUDY is a folder or LATEST."""
    from sim import api

    found = api.load(study)
    lines = api.diary(found, scenario, replication)
    if found.code_differs:
        print("note: the program has changed since this study was run", file=sys.stderr)
    print("\n".join(lines))
    return 0


@app.command("new-partnership")
def new_partnership(
    table: Annotated[Path | None, typer.Argument(metavar="TABLE.csv", show_default=False)] = None,
    name: Annotated[str | None, typer.Option(help="Its name; if not given, the councils' names.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write; if not given, beside the table.")] = None,
    start_year: Annotated[int | None, typer.Option(help="Year of the decision to share; if not given, now.")] = None,
    start_month: Annotated[int | None, typer.Option(help="Its month, 1 to 12.")] = None,
    template: Annotated[bool, typer.Option("--template", help="Write a table to fill in instead.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
) -> int:
    """Make a partnership's file from a small table, one row a council; --template writes a table to fill in.

    Example: tandem new-partnership my.csv --start-year 2027
    """
    from sim import api

    if template:
        if any(option is not None for option in (name, output, start_year, start_month)):
            raise InputError("--template takes only the name of the file to write, and --force")
        print(terminal.template_written(api.partnership_template(table, force)))
        return 0
    if table is None:
        raise InputError("new-partnership needs a CSV file; tandem new-partnership --template writes one to fill in")
    made = api.new_partnership(table, output, name=name, start_year=start_year, start_month=start_month, force=force)
    print(terminal.partnership_written(*made))
    return 0


@app.command("validate")
def validate(
    cases: Annotated[Path | None, typer.Option("--cases", help="A folder of cases; else the shipped ones.")] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", min=20, max=100_000, help="Draws of evidence and luck.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Which luck.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=1024, help="Processes; 0: every core.")] = 0,
    write: Annotated[Path | None, typer.Option("--write", help="Write the page as well, as Markdown.")] = None,
    as_json: AsJson = False,
) -> int:
    """Hold the model against published figures, and say which it meets and which it misses.

    Example: tandem validate --cases my_cases --draws 400
    """
    from sim import api

    if write is not None and (write.is_dir() or not write.parent.is_dir()):
        raise InputError(f"--write {write}: the name of a file in a folder that exists is wanted")

    def compare() -> int:
        with terminal.progress_bar() as progress:
            found = api.validate(cases, draws, seed, workers, progress)
        return terminal.show_validation(found, as_json, write)

    return terminal.exit_code(compare)


def _library(folder: Path | None) -> Library:
    return Library([folder] if folder is not None else [])


if __name__ == "__main__":
    sys.exit(main())
