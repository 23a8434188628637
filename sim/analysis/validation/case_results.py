"""Results of the cases: predictive intervals, published figures inside or outside them, and errors of the middle."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, inf, log
from statistics import median
from typing import Any, NamedTuple

from sim.analysis.validation.case_figures import unit_of
from sim.analysis.validation.case_settings import Prepared
from sim.analysis.validation.cases import Population, PublishedFigure
from sim.core.luck import Luck
from sim.core.statistics.intervals import quantile, wilson

LEVEL, ENDS = 0.9, (0.05, 0.95)
"""The predictive interval: its level, and the quantiles at its ends."""
NARROW = 5.0
"""Ratio of ends below which an interval for money is narrow enough to be useful."""
ASKED = 0.8
NOTHING = 1e-6
"""Amount that counts as zero, since it is only rounding error."""
COUNTED = ("calibrate", "holdout")
Row = tuple[float | None, ...]


class CaseDraw(NamedTuple):
    """What one partnership met in one draw: quantities by 'topic.quantity', levers by 'group.lever'."""

    evidence: dict[str, float]
    levers: dict[str, Any]


class Outturn:
    """Readings of one case by draw and partnership; None if no history met the known facts."""

    def __init__(self, members: int, draws: int) -> None:
        self.rows: list[list[Row | None]] = [[None] * members for _ in range(draws)]
        self.drawn: dict[tuple[int, int], CaseDraw] = {}
        """By draw and partnership."""
        self.errors: list[str] = []

    def take(self, member: int, draw: int, result: Row | str | None, drawn: CaseDraw) -> None:
        """Keep what came of one job."""
        self.drawn[draw, member] = drawn
        if isinstance(result, str):
            self.errors.append(result)
        else:
            self.rows[draw][member] = result

    @property
    def whole(self) -> list[tuple[int, list[Row]]]:
        """Draws read for every partnership, with their numbers."""
        found = ((draw, [row for row in rows if row is not None]) for draw, rows in enumerate(self.rows))
        return [(draw, rows) for draw, rows in found if rows and len(rows) == len(self.rows[draw])]


@dataclass(frozen=True)
class Compared:
    """One published figure and the model's predictive distribution; no `values` if not simulated."""

    case: str
    figure: PublishedFigure
    unit: str = ""
    values: tuple[float, ...] = ()
    drawn: int = 0

    @cached_property
    def middle(self) -> float:
        """Median of the predictive distribution."""
        return quantile(self.values, 0.5)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Central 90% of the predictive distribution."""
        return quantile(self.values, ENDS[0]), quantile(self.values, ENDS[1])

    @property
    def compares(self) -> bool:
        """True if it has both a published value and a simulated one."""
        return bool(self.values) and self.figure.bounds != (None, None)

    @property
    def counts(self) -> bool:
        """True if it counts for or against the model."""
        return self.compares and self.figure.role in COUNTED

    @property
    def inside(self) -> bool:
        """True if the interval contains the published value or part of the published range."""
        return self._within(self.interval)

    @property
    def side(self) -> str:
        """On which side of the published value the model's middle lies: above, below, or within."""
        low, high = self.figure.bounds
        if high is not None and self.middle > high:
            return "above"
        return "below" if low is not None and self.middle < low else "within"

    @property
    def close(self) -> bool:
        """True if other draws could change the verdict: outer and inner 95% bounds of the ends disagree."""
        draws = len(self.values)
        outer, inner = (
            (quantile(self.values, share), quantile(self.values, 1.0 - share))
            for share in wilson(ENDS[0] * draws, draws)
        )
        return self._within(outer) != self._within(inner)

    def _within(self, interval: tuple[float, float]) -> bool:
        (low, high), (least, most) = self.figure.bounds, interval
        return (low is None or most >= low) and (high is None or least <= high)

    @property
    def log_error(self) -> float | None:
        """Natural logarithm of the median over the nearest published value; None if undefined."""
        return log_error(self.middle, self.figure)

    @property
    def width(self) -> float | None:
        """Ratio of the upper to the lower end for money; infinite if the lower end is not positive."""
        if not self.unit.startswith("£") or not self.compares:
            return None
        low, high = self.interval
        return high / low if low > NOTHING else inf


@dataclass(frozen=True)
class Validation:
    """Results of all cases, and the effort of simulation."""

    cases: Sequence[Prepared]
    compared: Sequence[Compared]
    draws: int
    seed: int
    failed: Sequence[str] = field(default_factory=tuple)
    outturns: Sequence[Outturn] = field(default_factory=tuple)
    """By case, with what was drawn."""

    def kept(self, case: int) -> list[dict[str, Any]]:
        """One row for each draw and partnership of a case: what was drawn, and each figure as it was read."""
        prepared, outturn = self.cases[case], self.outturns[case]
        names = [figure.name for figure in prepared.file.case.figures if figure.outcome is not None]
        rows = []
        for (draw, member), drawn in sorted(outturn.drawn.items()):
            read = outturn.rows[draw][member]
            row: dict[str, Any] = {
                "draw": draw,
                "partnership": prepared.members[member].name,
                "shows": read is not None,
            }
            row |= {f"evidence.{name}": value for name, value in drawn.evidence.items()}
            row |= {f"levers.{name}": value for name, value in drawn.levers.items()}
            rows.append(row | dict(zip(names, read or [None] * len(names), strict=True)))
        return rows

    def of_role(self, role: str) -> list[Compared]:
        """Compared figures of one role."""
        return [one for one in self.compared if one.compares and one.figure.role == role]

    def inside(self, role: str) -> tuple[int, int]:
        """Number of figures of a role inside their interval, and total number."""
        found = self.of_role(role)
        return sum(one.inside for one in found), len(found)

    @property
    def misses(self) -> list[Compared]:
        """Figures that count and lie outside their interval."""
        return [one for one in self.compared if one.counts and not one.inside]

    @property
    def unseen(self) -> list[Compared]:
        """Figures for which no history could be compared."""
        return [one for one in self.compared if one.figure.outcome is not None and not one.values]

    @property
    def width(self) -> float | None:
        """Median ratio between the ends of counted money intervals."""
        widths = [one.width for one in self.compared if one.counts and one.width is not None]
        return median(widths) if widths else None

    @property
    def typical_error(self) -> float | None:
        """Median factor of error of the median, over counted figures."""
        errors = [abs(one.log_error) for one in self.compared if one.counts and one.log_error is not None]
        return exp(median(errors)) if errors else None


def compared(case: Prepared, outturn: Outturn, seed: int) -> list[Compared]:
    """Comparison of every figure of a case with the simulation."""
    given, found, column = case.file.case, [], 0
    for figure in given.figures:
        if figure.outcome is None or not case.members:
            found.append(Compared(given.name, figure))
            continue
        values = [_value(case, figure, rows, column, draw, seed) for draw, rows in outturn.whole]
        unit = "respondents" if figure.statistic == "count" else unit_of(figure.outcome)
        known = [inf if value is None else value for value in values if value is not None or unit == "months"]
        found.append(Compared(given.name, figure, unit, tuple(sorted(known)), len(outturn.rows)))
        column += 1
    return found


def _value(
    case: Prepared, figure: PublishedFigure, rows: Sequence[Row], column: int, draw: int, seed: int
) -> float | None:
    """One draw's value, for the partnership or over a population's partnerships."""
    values, population = [row[column] for row in rows], case.file.case.population
    if population is None:
        return values[0]
    if figure.statistic == "count":
        return float(sum(_answers(figure, value) for value in _asked(values, population, draw, seed)))
    if figure.statistic == "mean":
        told = [value for value in _asked(values, population, draw, seed) if value is not None]
        return sum(told) / len(told) if told else None
    simulated = sum(len(member.plans[0][1].partnership.councils) for member in case.members)
    scale = (population.councils or simulated) / simulated
    return scale * sum(value for value in values if value is not None)


def _asked(values: Sequence[Any], population: Population, draw: int, seed: int) -> list[Any]:
    """Answers of respondents: one from each partnership, further ones from partnerships drawn at random."""
    luck, more = Luck(seed, draw), (population.respondents or len(values)) - len(values)
    again = [int(luck.uniform("answers again", "respondent", i) * len(values)) for i in range(more)]
    return [*values, *(values[i] for i in again)]


def _answers(figure: PublishedFigure, value: float | None) -> bool:
    if value is None:
        return False
    return (figure.at_least is None or value >= figure.at_least) and (figure.at_most is None or value <= figure.at_most)


def log_error(value: float, figure: PublishedFigure) -> float | None:
    """Natural logarithm of a value over the nearest published one; None if undefined."""
    low, high = figure.bounds
    nearest = value
    if low is not None and value < low:
        nearest = low
    elif high is not None and value > high:
        nearest = high
    return log(value / nearest) if 0.0 < nearest < inf and 0.0 < value < inf else None


def summary_values(one: Compared) -> dict[str, Any]:
    """One compared figure as plain values for machines."""
    low, high = one.figure.bounds
    known: dict[str, Any] = {"case": one.case, "figure": one.figure.name, "outcome": one.figure.outcome}
    known |= {"kind": one.figure.kind, "role": one.figure.role, "source": one.figure.source, "unit": one.unit}
    known |= {"published_low": low, "published_high": high, "histories": len(one.values)}
    if not one.values:
        return known
    least, most = one.interval
    model = {"model_low": least, "model_middle": one.middle, "model_high": most}
    known |= {name: None if value == inf else value for name, value in model.items()}
    if one.compares:
        known |= {"side": one.side, "inside": one.inside, "close": one.close, "log_error": one.log_error}
    return known
