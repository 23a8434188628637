"""Cells × replications → tables: which cells run, running them on all cores, the study and its folder."""

from sim.study.cells import Cell, cells_of, sweep_cells
from sim.study.folder import Study, find_study
from sim.study.running import run_study
from sim.study.tables import digest_of

__all__ = ["Cell", "Study", "cells_of", "digest_of", "find_study", "run_study", "sweep_cells"]
