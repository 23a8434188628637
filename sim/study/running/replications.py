"""Automatic number of replications of a cell, decided from replications in order."""

from collections.abc import Sequence

from sim.core.statistics.stopping import Watch
from sim.engine.outcomes import OUTCOMES
from sim.plans.study_settings import StudySettings
from sim.study.running.worker import Rows

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
