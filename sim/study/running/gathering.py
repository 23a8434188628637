"""Workers' results collected by cell in order of replications, whose number may be decided meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.core.statistics.stopping import Watch
from sim.engine.outcomes import OUTCOMES
from sim.plans.study_settings import StudySettings
from sim.study.design.cells import Cell
from sim.study.running.tasks import wants_levels
from sim.study.running.worker import Rows
from sim.study.tables import Readings, readings_of, spread

REACHED, NOT_REACHED = "reached", "not reached"


class Decision:
    """Decision on the number of replications of one cell.

    Uses only replications 0, 1, 2 … without a gap, so that the order and size of arriving pieces have no
    effect; a failure counts only if no number was decided before it.
    """

    def __init__(self, study: StudySettings) -> None:
        self.count: int | None = None
        """Number of replications that count, once decided."""
        self.precision: str | None = None
        self._known = 0
        self._most = study.at_most
        self._column = list(OUTCOMES).index(study.auto_outcome)
        self._watch = Watch(study.auto_half_width)
        self._waiting: dict[int, tuple[Sequence[float], bool]] = {}

    @property
    def limit(self) -> int:
        """Number of replications that count, or while undecided of those known without a gap."""
        return self._known if self.count is None else self.count

    def take(self, rows: Rows) -> None:
        """Take results from a worker into account."""
        values = memoryview(rows.values).cast("d")[self._column :: len(OUTCOMES)].tolist() if rows.done else []
        self._waiting[rows.first] = (values, rows.error is not None)
        while self.count is None and self._known in self._waiting:
            self._look(*self._waiting.pop(self._known))

    def _look(self, values: Sequence[float], failed: bool) -> None:
        self._known += len(values)
        needed = self._watch.see(values)
        if needed is not None:
            self.count, self.precision = needed, REACHED
        elif failed:
            self.count = self._known
        elif self._known >= self._most:
            self.count, self.precision = self._most, NOT_REACHED


def cut(rows: Rows, limit: int) -> Rows | None:
    """Part of a piece's results before replication `limit`; a failure beyond it is dropped."""
    kept = max(0, min(rows.done, limit - rows.first))
    error = rows.error if rows.first + rows.done <= limit else None
    if not kept and error is None:
        return None
    return rows._replace(
        asked=kept if error is None else rows.asked,
        done=kept,
        values=_share(rows.values, kept, rows.done),
        ended=rows.ended[:kept],
        levels=_share(rows.levels, kept, rows.done),
        error=error,
    )


def _share(content: bytes, kept: int, done: int) -> bytes:
    return content[: len(content) // done * kept] if done else content


@dataclass
class CellResults:
    """Results of one cell so far."""

    parts: list[Rows] = field(default_factory=list)
    trajectories: pd.DataFrame | None = None
    readings: Readings | None = None
    broken: str | None = None
    """Reason why pieces did not finish, other than a failure of the cell itself."""

    @property
    def done(self) -> int:
        """Number of finished replications."""
        return sum(part.done for part in self.parts)

    @property
    def error(self) -> str | None:
        """Sentence of the first replication that failed."""
        failures = [(part.first, part.error) for part in self.parts if part.error]
        return min(failures)[1] if failures else self.broken

    def status(self, wanted: int) -> str:
        """'failed', 'partial' or 'complete'."""
        if self.error:
            return "failed"
        return "complete" if self.done == wanted else "partial"

    def replications(self) -> list[int]:
        """Numbers of finished replications, ascending; empty for a failed cell."""
        if self.error:
            return []
        return [part.first + index for part in self._sorted() for index in range(part.done)]

    def ended(self) -> list[str]:
        """Cause of the end of each finished replication."""
        return [] if self.error else [word for part in self._sorted() for word in part.ended]

    def values(self) -> NDArray[np.float64]:
        """Outcomes, one row for each finished replication, NaN for null."""
        content = b"" if self.error else b"".join(part.values for part in self._sorted())
        return np.frombuffer(content, dtype=np.float64).reshape(-1, len(OUTCOMES))

    def levels(self) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Series names, and levels by replication, series and month."""
        parts = [part for part in self._sorted() if part.done]
        content = np.frombuffer(b"".join(part.levels for part in parts), dtype=np.float64)
        return parts[0].series, content.reshape(self.done, len(parts[0].series), -1)

    def _sorted(self) -> list[Rows]:
        return sorted(self.parts, key=lambda part: part.first)


class StudyResults:
    """All results of a study. Monthly levels are summarised and dropped once their cell is complete.

    `lean` keeps no outcomes either: they are then read again from where they were written down.
    """

    def __init__(self, cells: Sequence[Cell], study: StudySettings, lean: bool = False) -> None:
        self.cells = tuple(cells)
        self.study = study
        self.lean = lean
        self.results = [CellResults() for _ in cells]
        self.decisions = [Decision(study) for _ in cells] if study.automatic else []
        self.done, self.total = 0, len(cells) * study.at_most

    def take(self, rows: Rows) -> None:
        """Add results from a worker, cut at the number of replications if that is automatic."""
        result = self.results[rows.cell]
        if self.decisions and self.decisions[rows.cell].count is not None:
            return
        result.parts.append(rows._replace(values=b"", ended=()) if self.lean else rows)
        if self.decisions:
            self.done += rows.done
            self.decisions[rows.cell].take(rows)
            if self.decisions[rows.cell].count is not None:
                self._settle(rows.cell)
            return
        self.done += rows.asked if rows.error else rows.done
        if result.done == self.study.at_most:
            self._summarise(rows.cell)

    def _settle(self, number: int) -> None:
        """Drop results beyond the number of replications that a cell needs, and lower its expected count."""
        result = self.results[number]
        before, result.broken = result.done, None
        self._cut(number)
        self.done += result.done - before
        self.total += result.done - self.study.at_most
        self._summarise(number)

    def _cut(self, number: int) -> None:
        result, limit = self.results[number], self.decisions[number].limit
        result.parts = [kept for rows in result.parts if (kept := cut(rows, limit)) is not None]

    def settled(self, number: int) -> bool:
        """True if a cell needs no more tasks, because its number of replications is known or it broke."""
        return self.decisions[number].count is not None or self.results[number].broken is not None

    def limit(self, number: int) -> int | None:
        """Number of replications from which results of a cell are ignored; None if the number is fixed."""
        return self.decisions[number].limit if self.decisions else None

    def ending(self, number: int) -> dict[str, Any]:
        """Manifest entry for the end of a cell."""
        result = self.results[number]
        decided = self.decisions[number] if self.decisions else None
        wanted = self.study.at_most if decided is None or decided.count is None else decided.count
        said = {"status": result.status(wanted), "replications": result.done, "message": result.error}
        return said if decided is None else {**said, "precision": decided.precision}

    def miss(self, rows: Rows) -> None:
        """Record the reason why a piece did not finish, if a worker gave one."""
        if rows.error and not (self.decisions and self.decisions[rows.cell].count is not None):
            self.results[rows.cell].broken = rows.error

    def close(self) -> None:
        """Summarise cells that were stopped half-way."""
        for number in range(len(self.cells)):
            if self.decisions:
                self._cut(number)
            self._summarise(number)

    def _summarise(self, number: int) -> None:
        result = self.results[number]
        wanted = wants_levels(self.study, number)
        if wanted and result.trajectories is None and result.done and not result.error:
            cell, (series, levels) = self.cells[number], result.levels()
            result.trajectories = spread(cell, series, levels)
            result.readings = readings_of(result.replications(), series, levels)
            result.parts = [part._replace(levels=b"") for part in result.parts]


def runs_table(cells: Sequence[Cell], results: Sequence[CellResults]) -> pd.DataFrame:
    """Outcomes, one row for each cell and finished replication; NaN (null in the file) if never or past the horizon."""
    counts = [len(result.replications()) for result in results]
    values = np.concatenate([result.values() for result in results])
    columns: dict[str, Any] = {
        "cell": np.repeat([cell.id for cell in cells], counts),
        "label": np.repeat([cell.label for cell in cells], counts),
        "scenario": np.repeat([cell.scenario for cell in cells], counts),
        "replication": np.array([n for result in results for n in result.replications()], dtype=np.int64),
        **{name: values[:, index] for index, name in enumerate(OUTCOMES)},
        "ended_by": pd.Series([word for result in results for word in result.ended()], dtype="str"),
    }
    return pd.DataFrame(columns)
