"""How many replications of a cell count where their number is automatic: settled in their order, from the first on."""

from __future__ import annotations

from collections.abc import Sequence

from sim.core.statistics.stopping import Watch
from sim.engine.outcomes import OUTCOMES
from sim.plans.study_settings import StudySettings
from sim.study.running.worker import Rows

REACHED, NOT_REACHED = "reached", "not reached"


class Decision:
    """What is settled of one cell.

    Only replications 0, 1, 2 … without a gap are looked at, so that neither the order in which pieces arrive
    nor their size matters; a failure counts only where no number was settled before it.
    """

    def __init__(self, study: StudySettings) -> None:
        self.count: int | None = None
        """Replications that count, once that is settled."""
        self.precision: str | None = None
        self._known = 0
        self._most = study.at_most
        self._column = list(OUTCOMES).index(study.auto_outcome)
        self._watch = Watch(study.auto_half_width)
        self._waiting: dict[int, tuple[Sequence[float], bool]] = {}

    @property
    def limit(self) -> int:
        """Replications that count, or that are known without a gap as long as it is not settled."""
        return self._known if self.count is None else self.count

    def take(self, rows: Rows) -> None:
        """Look at what a worker sent."""
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
    """Of what came of a piece, the part before replication `limit`; a failure beyond it is none of it."""
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
