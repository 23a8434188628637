"""Terminal output: progress, the summary, and one sentence for each refusal."""

from __future__ import annotations

import codecs
import io
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.core.errors import DiskError, InputError, reason

if TYPE_CHECKING:
    from sim.plans.partnership_csv import Formed
    from sim.words.finding import Finding

ROOT = Path("outputs")
FAILED, REFUSED, STOPPED = 1, 2, 130

PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{POUND SIGN}": "GBP ",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{MIDDLE DOT}": ".",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{NO-BREAK SPACE}": " ",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
}
"""Plain replacements for characters missing from an encoding; dropping a minus would turn a cost into a saving."""

NO_HOME = (
    "note: the home folder cannot be written to, so figures take some seconds longer each time; MPLCONFIGDIR=FOLDER in "
    "the environment names another"
)

Progress = Callable[[int, int], None]


def exit_code(action: Callable[[], int]) -> int:
    """Run a command, turning wrong input, Ctrl-C or a closed pipe into one sentence and an exit code."""
    _print_anything()
    try:
        code = action()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except DiskError as error:
        return say(str(error), FAILED)
    except InputError as error:
        return say(str(error), REFUSED)
    except KeyboardInterrupt:
        return say("stopped", STOPPED)
    except BrokenPipeError:
        _hush()
        return FAILED
    except OSError as error:
        try:
            sys.stdout.flush()
        except (OSError, AttributeError):
            _hush()
        return say(cannot_go_on(error), FAILED)


def _hush() -> None:
    """Silence standard output once it can no longer be written to."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123


def cannot_go_on(error: OSError) -> str:
    """Sentence for an operating-system error, without its codes."""
    return f"cannot go on: {reason(error)}{f' ({error.filename})' if error.filename else ''}"


def _print_anything() -> None:
    """Make output streams replace characters missing from their encoding by plain ones."""
    codecs.register_error("tandem", lambda error: (plain(error), getattr(error, "end", 0)))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="tandem")
    for name in ("matplotlib", "matplotlib.font_manager"):
        logging.getLogger(name).addFilter(_in_our_words)


def _in_our_words(record: logging.LogRecord) -> bool:
    """Replace Matplotlib's warning about an unwritable home folder by one plain sentence."""
    said = record.getMessage()
    if "temporary cache directory" in said:
        record.msg, record.args = NO_HOME, ()
    return not said.startswith(("mkdir -p failed", "Could not save")) and "not a writable directory" not in said


def plain(error: Exception) -> str:
    """Encoding-error handler that substitutes plain characters; re-raises other errors."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(sign, "?") for sign in error.object[error.start : error.end])


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """A progress bar with the time left, on standard error if that is a terminal; else None.

    Its thread starts with the first call, after the worker processes have started.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.completed} of {task.total} histories"), BarColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def show(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        bar.start()

    try:
        yield show
    finally:
        bar.stop()


def say_progress(stage: str, done: int, total: int) -> None:
    """A line on standard error at every tenth of a stage, also where it is piped or kept."""
    if done * 10 // total > (done - 1) * 10 // total:
        print(f"{stage}: {done} of {total}", file=sys.stderr, flush=True)


def show(finding: Finding, as_json: bool = False, *more: str) -> int:
    """Print a finding, for machines or in words with some lines more, and return the exit code."""
    if as_json:
        print_json(finding.as_json())
    else:
        print("\n".join([*finding.lines, *more]))
    return 0


def print_json(content: Any) -> None:
    """Print content as JSON on standard output."""
    print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))


def say(sentence: str, code: int) -> int:
    """Print a sentence on standard error, where that is possible, and return the exit code."""
    with suppress(OSError):
        print(sentence, file=sys.stderr)
    return code


def template_written(path: Path) -> str:
    """Message after a blank table has been written."""
    return f"wrote {path}: fill it in with a spreadsheet, then\n  tandem new-partnership {_typed(str(path))}"


def partnership_written(path: Path, made: Formed) -> str:
    """Message after a partnership has been written: assumptions, contents, and the next command."""
    partnership = made.partnership
    lines = [f"note: {note}" for note in made.notes]
    if made.assumptions:
        lines += ["Not given, so assumed; each is kept under provenance in the file:"]
        lines += [f"  {assumption}" for assumption in made.assumptions]
    count = len(partnership.councils)
    councils = "1 council" if count == 1 else f"{count} councils"
    money = f"£{partnership.expenditure_gbp_m:,.1f}m a year"
    lines += [f"wrote {path}: {partnership.name}, {councils}, {partnership.headcount:,} staff, {money}; now"]
    return "\n".join([*lines, f"  tandem run {_typed(f'partnership={path}')}"])


def _typed(word: str) -> str:
    """A word quoted for a shell."""
    return word if re.fullmatch(r"[\w./=:\\-]+", word) else f'"{word}"'


def as_lines(entry: dict[str, Any]) -> str:
    """One entry of a list: its name, value and permitted values, with its meaning below."""
    facts = [_set_to(entry), _range(entry), str(entry.get("unit") or entry.get("better") or "")]
    head = "  ".join([entry["name"], *(fact for fact in facts if fact)])
    meaning = entry.get("meaning") or entry.get("title") or entry.get("full_name")
    return f"{head}\n    {meaning}" if meaning else head


def in_full(entry: dict[str, Any]) -> str:
    """Everything about one entry, one fact per line."""
    lines = []
    for key, value in entry.items():
        if isinstance(value, dict | list) and value:
            text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
            lines.append(f"{key}:\n  {text}")
        elif value is not None:
            lines.append(f"{key}: {value}")
    return "\n".join(lines)


def _set_to(entry: dict[str, Any]) -> str:
    value = entry.get("default", entry.get("value"))
    if isinstance(value, list | tuple):
        return f"= {json.dumps(value, ensure_ascii=False)}"
    return "" if value is None else f"= {value}"


def _range(entry: dict[str, Any]) -> str:
    if entry.get("choices"):
        return f"({', '.join(str(choice) for choice in entry['choices'])})"
    low, high = entry.get("low"), entry.get("high")
    if low is None or high is None:
        return "" if low is high else f"({low:g} or more)" if high is None else f"({high:g} or less)"
    return f"({low} to {high})"
