"""Results on their way from the workers to the tables, cell by cell, in the order of replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.outcomes import OUTCOMES
from sim.settings import StudySettings
from sim.study.cells import Cell
from sim.study.tables import spread
from sim.study.worker import Rows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

DETAILED_CELLS = 50


@dataclass
class Outturn:
    """What is known of one cell so far."""

    parts: list[Rows] = field(default_factory=list)
    trajectories: pd.DataFrame | None = None

    @property
    def done(self) -> int:
        """Finished replications."""
        return sum(part.done for part in self.parts)

    @property
    def error(self) -> str | None:
        """The sentence of the first replication that failed."""
        failures = [(part.first, part.error) for part in self.parts if part.error]
        return min(failures)[1] if failures else None

    def status(self, wanted: int) -> str:
        """'failed', 'partial' or 'complete'."""
        if self.error:
            return "failed"
        return "complete" if self.done == wanted else "partial"

    def replications(self) -> list[int]:
        """Numbers of the finished replications, ascending; none of a failed cell counts."""
        if self.error:
            return []
        return [part.first + index for part in self._sorted() for index in range(part.done)]

    def ended(self) -> list[str]:
        """How each finished replication ended."""
        return [] if self.error else [word for part in self._sorted() for word in part.ended]

    def values(self) -> NDArray[np.float64]:
        """Outcomes, one row a finished replication, NaN for null."""
        import numpy as np

        content = b"" if self.error else b"".join(part.values for part in self._sorted())
        return np.frombuffer(content, dtype=np.float64).reshape(-1, len(OUTCOMES))

    def levels(self) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Series names, and levels by replication, series, month."""
        import numpy as np

        parts = [part for part in self._sorted() if part.done]
        content = np.frombuffer(b"".join(part.levels for part in parts), dtype=np.float64)
        return parts[0].series, content.reshape(self.done, len(parts[0].series), -1)

    def _sorted(self) -> list[Rows]:
        return sorted(self.parts, key=lambda part: part.first)


class Gathered:
    """All results of a study; monthly levels are summarised and dropped as soon as their cell is complete."""

    def __init__(self, cells: Sequence[Cell], study: StudySettings) -> None:
        self.cells = tuple(cells)
        self.study = study
        self.outturns = [Outturn() for _ in cells]
        self.done = 0

    def wants_levels(self, number: int) -> bool:
        """Whether this cell's months are kept: by default for the first 50 cells."""
        choice = self.study.trajectories
        return choice == "all" or (choice == "auto" and number < DETAILED_CELLS)

    def take(self, rows: Rows) -> None:
        """Add what a worker sent."""
        outturn = self.outturns[rows.cell]
        outturn.parts.append(rows)
        self.done += rows.asked if rows.error else rows.done
        if outturn.done == self.study.replications:
            self._summarise(rows.cell)

    def close(self) -> None:
        """Summarise the cells that were stopped half-way."""
        for number in range(len(self.cells)):
            self._summarise(number)

    def _summarise(self, number: int) -> None:
        outturn = self.outturns[number]
        if self.wants_levels(number) and outturn.trajectories is None and outturn.done and not outturn.error:
            outturn.trajectories = spread(self.cells[number], *outturn.levels())
            outturn.parts = [part._replace(levels=b"") for part in outturn.parts]
