"""Validation of the model against published figures by case, including its misses."""

from sim.analysis.validation.case_results import Validation
from sim.analysis.validation.case_runs import validate

__all__ = ["Validation", "validate"]
