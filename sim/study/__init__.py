"""Cells × replications → tables: which cells run, running them on all cores, the study and its folder."""

from sim.study.design.cells import Cell, StudyPlan, cells_of, plan_run
from sim.study.design.sweeping import plan_sweep, sweep_cells
from sim.study.folder import Study, find_study
from sim.study.integrity import complaints
from sim.study.running.evaluating import evaluate
from sim.study.running.jobs import gather, open_study, work
from sim.study.running.resuming import resume
from sim.study.running.study_run import run_study
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
