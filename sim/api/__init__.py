"""What the command line, the page and notebooks call: one function per thing a user can ask for.

Everything raises InputError, one sentence for people, where what was asked for cannot be done.
"""

from sim.api.studies import OUTPUTS, as_json, diary, load, run, simulate, summary, sweep
from sim.api.things import (
    KINDS,
    about,
    listed,
    new_partnership,
    partnership_template,
    validate,
    write_validation,
)
from sim.study import cells_of, find_study, sweep_cells

__all__ = [
    "KINDS",
    "OUTPUTS",
    "about",
    "as_json",
    "cells_of",
    "diary",
    "find_study",
    "listed",
    "load",
    "new_partnership",
    "partnership_template",
    "run",
    "simulate",
    "summary",
    "sweep",
    "sweep_cells",
    "validate",
    "write_validation",
]
