"""Spreads of published figures about what was so, by kind of figure and telling, declared beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import hypot, inf, log
from typing import Any, Literal

from sim.analysis.validation.cases import PublishedFigure
from sim.core.inputs.shipped import SHIPPED
from sim.plans.strict import read_document

Kind = Literal["money", "months", "counts"]
LEAST_MONEY, LEAST_COUNT = 0.02, 1.0
"""Amount in £m and count below which a figure is taken as this much, so that its logarithm or share makes sense."""


@dataclass(frozen=True)
class Reporting:
    """One figure's scale, and standard deviations on it of its telling and of what the model lacks."""

    kind: Kind
    telling: float
    model: float

    def scaled(self, value: float) -> float:
        """A value on the scale of the spreads: the logarithm of money, a date or count as it is."""
        return log(max(value, LEAST_MONEY)) if self.kind == "money" else value

    @property
    def spread(self) -> float:
        """Standard deviation of telling and model together."""
        return hypot(self.telling, self.model)


def reporting(figure: PublishedFigure, unit: str) -> Reporting:
    """The reporting model of a figure, by its unit and by whether it tells an outturn or a forecast."""
    declared, kind = spreads(), kind_of(unit)
    scale = 1.0 if kind != "counts" else max(*(abs(end) for end in ends(figure) if abs(end) < inf), LEAST_COUNT)
    telling = declared["telling"][kind]["spread"]
    if figure.kind != "outturn":
        telling = hypot(telling, declared["forecast"][kind]["spread"])
    return Reporting(kind, telling * scale, declared["model"][kind]["spread"] * scale)


def kind_of(unit: str) -> Kind:
    """Kind of figure that a unit belongs to."""
    if unit.startswith("£"):
        return "money"
    return "months" if unit == "months" else "counts"


def ends(figure: PublishedFigure) -> tuple[float, float]:
    """The published value twice, or its range; an open end is infinite."""
    low, high = figure.bounds
    return (-inf if low is None else low), (inf if high is None else high)


@cache
def spreads() -> dict[str, Any]:
    """The declared spreads, each with its reason."""
    found: dict[str, Any] = read_document(SHIPPED[0] / "priors" / "reporting.yaml")
    return found
