"""Validation: the model held against published figures, case by case, with its misses."""

from sim.validation.cases import Case, Figure, Known
from sim.validation.loading import read_cases, shipped_cases
from sim.validation.report import as_json, markdown, text
from sim.validation.results import Compared, Validation
from sim.validation.running import validate

__all__ = [
    "Case",
    "Compared",
    "Figure",
    "Known",
    "Validation",
    "as_json",
    "markdown",
    "read_cases",
    "shipped_cases",
    "text",
    "validate",
]
