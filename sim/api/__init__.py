"""What the command line, the page and notebooks call: one function per thing a user can ask for.

Everything raises InputError, one sentence for people, where what was asked for cannot be done.
"""

from sim.api.comparing import compare
from sim.api.diaries import diary
from sim.api.drivers import sensitivity, tornado
from sim.api.exports import export, export_csv, reproduce
from sim.api.foretelling import indicators
from sim.api.likeness import like
from sim.api.reasons import why
from sim.api.regions import discover
from sim.api.regrets import robust
from sim.api.reporting import report
from sim.api.seeking import search
from sim.api.studies import OUTPUTS, as_json, load, resume, run, share_out, simulate, summary, sweep
from sim.api.things import (
    KINDS,
    about,
    listed,
    new_partnership,
    partnership_template,
    validate,
    write_validation,
)
from sim.api.tipping import tip
from sim.api.winners import winner_map
from sim.study import cells_of, find_study, plan_run, plan_sweep, sweep_cells

__all__ = [
    "KINDS",
    "OUTPUTS",
    "about",
    "as_json",
    "cells_of",
    "compare",
    "diary",
    "discover",
    "export",
    "export_csv",
    "find_study",
    "indicators",
    "like",
    "listed",
    "load",
    "new_partnership",
    "partnership_template",
    "plan_run",
    "plan_sweep",
    "report",
    "reproduce",
    "resume",
    "robust",
    "run",
    "search",
    "sensitivity",
    "share_out",
    "simulate",
    "summary",
    "sweep",
    "sweep_cells",
    "tip",
    "tornado",
    "validate",
    "why",
    "winner_map",
    "write_validation",
]
