"""Engine that plays histories: alone, stopped and steered at will, or many together in a batch."""

from sim.engine.batch import Column, InvariantBreach, company
from sim.engine.simulation import BATCH, SURVEY_DELAY_MONTHS, SURVEY_NOISE, Simulation, play, run, run_all

__all__ = [
    "BATCH",
    "SURVEY_DELAY_MONTHS",
    "SURVEY_NOISE",
    "Column",
    "InvariantBreach",
    "Simulation",
    "company",
    "play",
    "run",
    "run_all",
]
