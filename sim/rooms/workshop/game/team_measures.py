"""Measures that teams watch and predict, as surveyed (delayed and inexact) and as they truly are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sim.rooms.workshop.game.pack_files import COMMON, Line, Name, PackPart, several

if TYPE_CHECKING:
    from sim.core.history import History


class TeamMeasure(PackPart):
    """One measure: its name, unit, prediction scale, and precision."""

    name: Name
    title: Line
    unit: Line
    kind: Literal["money", "score", "count"]
    low: float
    high: float
    step: float
    better: Literal["higher", "lower"]
    series: str = ""
    """Its monthly series; a name that ends with a colon means the lowest over councils."""

    @property
    def known(self) -> str:
        """Precision of the measure, in words."""
        if self.kind == "score":
            return "from a survey: two months old, a few points out either way"
        return "from the ledger: exact" if self.kind == "money" else "counted: exact"

    @property
    def asked(self) -> dict[str, Any]:
        """What a page shows of it."""
        return {**self.model_dump(exclude={"better", "series"}), "known": self.known}


MEASURES = several(TeamMeasure, COMMON / "measures.yaml")
"""All measures by name; support is that of the council with the lowest."""


def seen(measure: TeamMeasure, observed: Mapping[str, Any], since: float) -> float | None:
    """The team's current reading of a measure, None before any survey; lost votes count from month `since`."""
    if measure.kind == "money":
        return round(float(observed["recurrent_saving_gbp_m"]), 2)
    if measure.kind == "count":
        return float(sum(e.kind == "vote lost" and since <= e.month for e in observed["events"]))
    surveys = observed["surveys"]
    found = [value for name, value in surveys.items() if _counts(measure, name)]
    if not found or any(value is None for value in found):
        return None
    return float(round(100 * min(found)))


def truth(measure: TeamMeasure, history: History, month: int) -> float:
    """True value of a surveyed measure at a month, unknown to the partnership at the time."""
    return float(round(100 * min(history.column(name)[month] for name in history.series if _counts(measure, name))))


def path(measure: TeamMeasure, history: History) -> list[float]:
    """A measure month by month; empty for one counted by half-year."""
    columns: Sequence[Sequence[float]] = [history.column(name) for name in history.series if _counts(measure, name)]
    scale, places = (1.0, 3) if measure.kind == "money" else (100.0, 1)
    return [round(scale * min(row), places) for row in zip(*columns, strict=True)]


def _counts(measure: TeamMeasure, series: str) -> bool:
    if measure.series.endswith(":"):
        return series.startswith(measure.series)
    return series == measure.series
