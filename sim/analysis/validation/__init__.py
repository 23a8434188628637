"""Validation of the model against published figures by case, including its misses."""

from sim.analysis.validation.case_results import Compared, Validation
from sim.analysis.validation.case_runs import validate
from sim.analysis.validation.cases import Case, Known, PublishedFigure, read_cases, shipped_cases

__all__ = [
    "Case",
    "Compared",
    "Known",
    "PublishedFigure",
    "Validation",
    "read_cases",
    "shipped_cases",
    "validate",
]
