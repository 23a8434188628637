"""A team's history rebuilt from its decisions: advanced to a month, asked what is known, or run to the end."""

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
"""Answers kept in memory: six teams in ten half-years, with room for what-ifs; each takes some kilobytes."""
T = TypeVar("T")


@dataclass(frozen=True)
class Standing:
    """Where a history stands: what people in it can know, and whether the partnership still goes on."""

    month: int
    observed: dict[str, Any]

    @property
    def status(self) -> str:
        """ "running", "complete", "stalled", "reorganised" or "dissolved"."""
        return str(self.observed["status"])


@dataclass(frozen=True)
class Lived:
    """A history run to its horizon, with its outcomes and how far identity is threatened at each council."""

    history: History
    settings: Settings
    outcomes: dict[str, float | None]
    threats: tuple[float, ...]


def stand(
    base: Settings, plays: Sequence[Play], shocks: Sequence[Shock], month: int, replication: int, seed: int
) -> Standing:
    """A history stopped at a month, just before anything happens there."""
    simulation = steered(base, plays, shocks, month, replication, seed)
    return Standing(month, simulation.observe())


def live(base: Settings, plays: Sequence[Play], shocks: Sequence[Shock], replication: int, seed: int) -> Lived:
    """A history to its horizon, with no further decision after the last card."""
    simulation = steered(base, plays, shocks, base.horizon_months, replication, seed)
    history, settings = simulation.history, simulation.settings
    return Lived(history, settings, row(history, settings), tuple(simulation.world.threat))


def steered(
    base: Settings, plays: Sequence[Play], shocks: Sequence[Shock], month: int, replication: int, seed: int
) -> Simulation:
    """A simulation steered by a team's decisions as they fell due, up to a month."""
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
    """Answers that were worked out, by what they depend on; one is worked out at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def recall(self, key: Hashable, work: Callable[[], T]) -> T:
        """The answer under this key, worked out at the first asking."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = work()
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            found: T = self._kept[key]
            return found
