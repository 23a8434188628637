"""Cells × replications → tables: which cells run, running them on all cores, the study and its folder."""

from sim.study.cells import Cell, StudyPlan, cells_of, plan_run
from sim.study.evaluating import evaluate
from sim.study.folder import Study, find_study
from sim.study.integrity import complaints
from sim.study.jobs import gather, open_study, work
from sim.study.resuming import resume
from sim.study.running import run_study
from sim.study.sweeping import plan_sweep, sweep_cells
from sim.study.tables import digest_of

__all__ = [
    "Cell",
    "Study",
    "StudyPlan",
    "cells_of",
    "complaints",
    "digest_of",
    "evaluate",
    "find_study",
    "gather",
    "open_study",
    "plan_run",
    "plan_sweep",
    "resume",
    "run_study",
    "sweep_cells",
    "work",
]
