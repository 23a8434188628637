"""One history that can be advanced, observed and steered: a batch of one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sim.core.errors import InputError
from sim.core.history import PENCE_PER_GBP_M, History
from sim.core.lanes import available
from sim.core.world import World
from sim.engine.batch import Batch, Column
from sim.engine.plan import given_by
from sim.engine.settings import Settings

BATCH = 64
"""Maximum number of histories played side by side; more gain little and cost memory."""
SURVEY_DELAY_MONTHS = 2
SURVEY_NOISE = 0.04
_SURVEYED = ("engagement", "fatigue", "uncertainty", "buy_in_leaders", "buy_in_backbench", "trust")


class Simulation:
    """One history of one cell at its current month.

    The same settings, replication, seed and decisions give the same history to the bit, however often it
    is stopped or looked at.
    """

    def __init__(self, settings: Settings, replication: int, seed: int = 1, record: bool = True) -> None:
        self.settings = settings
        self._batch = Batch([Column(settings, replication, seed)], [given_by(settings.met_by(replication))], record)
        self._finished = False
        self._raise()

    @property
    def world(self) -> World:
        """World in which the agents of this history meet."""
        return self._batch.worlds[0]

    @property
    def month(self) -> int:
        """Current month; no event of that month has happened yet."""
        return self._batch.month

    def advance(self, month: int) -> None:
        """Advance until just before the first event at `month`. Raises InputError for a past month."""
        if month < self.month:
            raise InputError(f"month {month} lies in the past of a history at month {self.month}")
        self._batch.advance(month)
        self._raise()

    def decide(self, change: Mapping[str, Any], origin: str = "team") -> None:
        """Change levers from the current month on. Raises InputError where a change is not allowed."""
        try:
            self._batch.decide(0, change, origin)
        except ValueError as error:
            raise InputError(str(error)) from None

    def observe(self) -> dict[str, Any]:
        """Information available to the people in it now: events, the ledger's rate, and late, noisy surveys."""
        at = self.month - SURVEY_DELAY_MONTHS
        history = self.world.history
        surveys = {name: self._survey(name, at) for name in history.series if name.split(":")[0] in _SURVEYED}
        return {
            "month": self.month,
            "recurrent_saving_gbp_m": self.world.ledger.annual_rate / PENCE_PER_GBP_M,
            "status": self.world.status,
            "surveys": surveys,
            "events": list(history.events),
        }

    def _survey(self, name: str, at: int) -> float | None:
        history = self.world.history
        if not 0 <= at < len(history.grid):
            return None
        noise = SURVEY_NOISE * self.world.luck.normal("survey", name, at)
        return min(max(history.column(name)[at] + noise, 0.0), 1.0)

    @property
    def history(self) -> History:
        """Record of the history so far; complete once the horizon is reached."""
        if self.month >= self.settings.horizon_months and not self._finished:
            self._finished = True
            self._batch.finish()
            self._raise()
        return self.world.history

    def _raise(self) -> None:
        """Raise the error that stopped the history."""
        for error in self._batch.broken.values():
            raise error


def play(columns: Sequence[Column], record: bool = True) -> list[History | Exception]:
    """Play whole histories side by side. Returns an error in place of each history that failed."""
    if len(columns) == 1 or available():
        try:
            batch = Batch(columns, [given_by(column.settings.met_by(column.replication)) for column in columns], record)
            batch.advance(batch.horizon)
            return batch.finish()
        except Exception as error:
            if len(columns) == 1:
                return [error]
    return [history for column in columns for history in play([column], record)]


def run(settings: Settings, replication: int, seed: int = 1, record: bool = True) -> History:
    """Play one whole history. Raises the error that stopped it."""
    (history,) = play([Column(settings, replication, seed)], record)
    if isinstance(history, Exception):
        raise history
    return history


def run_all(settings: Settings, replications: Iterable[int], seed: int = 1) -> Iterator[History]:
    """Play whole histories of one cell in batches. Raises the error of the first that failed."""
    columns = [Column(settings, replication, seed) for replication in replications]
    for first in range(0, len(columns), BATCH):
        for history in play(columns[first : first + BATCH]):
            if isinstance(history, Exception):
                raise history
            yield history
