"""What the command line, the page and notebooks call: one function per thing a user can ask for.

Everything raises InputError, one sentence for people, where what was asked for cannot be done.
"""

from sim.study import cells_of, find_study, plan_run, plan_sweep, sweep_cells
from sim.surfaces.api.diaries import diary
from sim.surfaces.api.exports import export, export_csv, reproduce
from sim.surfaces.api.listings import (
    KINDS,
    about,
    keep_draws,
    listed,
    new_partnership,
    partnership_template,
    validate,
    write_validation,
)
from sim.surfaces.api.questions.comparing import compare
from sim.surfaces.api.questions.drivers import sensitivity, tornado
from sim.surfaces.api.questions.ending_indicators import indicators
from sim.surfaces.api.questions.failing_regions import discover
from sim.surfaces.api.questions.reasons import why
from sim.surfaces.api.questions.regrets import robust
from sim.surfaces.api.questions.seeking_plans import search
from sim.surfaces.api.questions.similar_councils import like
from sim.surfaces.api.questions.tipping_points import tip
from sim.surfaces.api.questions.winner_map import winner_map
from sim.surfaces.api.reporting import report
from sim.surfaces.api.studies import OUTPUTS, as_json, load, resume, run, share_out, simulate, summary, sweep

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
    "keep_draws",
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
