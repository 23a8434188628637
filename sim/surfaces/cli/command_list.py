"""Every command of `tandem`: its module, which is imported once the command is asked for, and its line of help."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import typer.core


class Listed(NamedTuple):
    """A command that is not imported yet: its module in `commands`, without `_command`, and its first line of help."""

    module: str
    help: str


_ROWS = """\
run run Simulate plans, compare them and write a study folder to outputs/.
sweep sweep Simulate every combination of several values, or plans over a sample, as one study.
compare question Set plans side by side: what differs, how surely, what is given up, and who pays and saves.
why question Say why plan B differs from plan A: which levers, which mechanisms, which events of the middle pair.
diary diary Tell one history in plain words, month by month, with the cause of each event and turning points marked.
indicators question Say which measures at months 6, 12 and 18 foretell dissolution, a stall or a missed target.
report report Write a brief of two pages and annexes: one HTML file that needs nothing else.
serve serve Open the page in a browser: what if, workshop, glass box. On this machine alone; Ctrl-C stops it.
sensitivity question Say what drives the outcomes, how surely, what that rests on, and how much is luck.
discover question Find the regions of a sampled study in which histories fail, and check them on rows not used to \
find them.
map question Draw which plan wins where, over two keys that varied, and where they cannot be told apart.
robust question Compare the plans of a sampled study by regret, and by how often they meet a condition.
tip question Find how far a lever can go before a target is lost, with 95% confidence, under the same luck.
search question Seek the plans that no other beats on several objectives at once, and hold them against fresh luck.
list list List what can be set or asked for.
show list Show everything about one lever, quantity, outcome, scenario or partnership.
like question Find the real partnerships most like yours, and what was published about them.
new-partnership new_partnership Make a partnership's file from a small table, one row a council; --template writes a \
table to fill in.
export export Pack a study into one file, the same every time: settings, manifest, results, tables, logs, README.
reproduce export Make a study again from its manifest and compare every result: 0 where all is the same for every \
purpose, else 1.
calibrate calibrate Find draws of the evidence that agree with published figures of role calibrate, wave by wave.
validate validate Hold the model against published figures, and say which it meets and which it misses.
verify verify Run the quick checks and write docs/assurance.md: 0 where every line holds, else 1.
"""
_SPLIT = [row.split(maxsplit=2) for row in _ROWS.splitlines()]
COMMANDS = {name: Listed(module, line) for name, module, line in _SPLIT}
"""Order of commands in the help: simulation, answers, then lists of settings."""


class CommandList(typer.core.TyperGroup):
    """The commands of COMMANDS, in that order, whether or not their modules have been imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command; one that has not been imported is only its line of help."""
        known = super().get_command(ctx, cmd_name)
        if known is not None or cmd_name not in COMMANDS:
            return known
        return typer.core.TyperCommand(cmd_name, help=COMMANDS[cmd_name].help)


def module_of(name: str) -> ModuleType:
    """The module of a command, imported; it adds the command to the application."""
    return import_module(f"sim.surfaces.cli.commands.{COMMANDS[name].module}_command")
