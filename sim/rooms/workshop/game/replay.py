"""A team's history rebuilt from its decisions: up to a month, or to the end."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sim.core.history import History
from sim.engine import Simulation
from sim.engine.outcomes import row
from sim.engine.settings import Settings
from sim.rooms.workshop.game.story import Play, Shock, settled, timeline

KEPT = 256
"""Results kept in memory: six teams in ten half-years plus what-ifs; each takes some kilobytes."""
T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
    """State of a history at a month: its observable facts, and whether the partnership still exists."""

    month: int
    observed: dict[str, Any]

    @property
    def status(self) -> str:
        """ "running", "complete", "stalled", "reorganised" or "dissolved"."""
        return str(self.observed["status"])


@dataclass(frozen=True)
class Lived:
    """A history run to its horizon, with its outcomes and the threat to identity at each council (0 to 1)."""

    history: History
    settings: Settings
    outcomes: dict[str, float | None]
    threats: tuple[float, ...]


def stand(
    base: Settings, plays: Sequence[Play], shocks: Sequence[Shock], month: int, replication: int, seed: int
) -> Standing:
    """A history stopped just before the events of a month."""
    simulation = steered(base, plays, shocks, month, replication, seed)
    return Standing(month, simulation.observe())


def live(base: Settings, plays: Sequence[Play], shocks: Sequence[Shock], replication: int, seed: int) -> Lived:
    """A history run to its horizon, with no decisions after the last card."""
    simulation = steered(base, plays, shocks, base.horizon_months, replication, seed)
    history, settings = simulation.history, simulation.settings
    return Lived(history, settings, row(history, settings), tuple(simulation.world.threat))


def steered(
    base: Settings, plays: Sequence[Play], shocks: Sequence[Shock], month: int, replication: int, seed: int
) -> Simulation:
    """A simulation run up to a month, with a team's decisions applied in the months they take effect."""
    settings = settled(base, plays, shocks)
    simulation = Simulation(settings, replication, seed)
    for due, change in timeline(settings, plays):
        if due >= month:
            break
        simulation.advance(due)
        simulation.decide(change)
    simulation.advance(month)
    return simulation


class Memory:
    """Cache of results by their inputs; computes one at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def recall(self, key: Hashable, work: Callable[[], T]) -> T:
        """The result for this key, computed on first use."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = work()
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            found: T = self._kept[key]
            return found
