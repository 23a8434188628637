"""Month in which an event triggered by the facilitator shows in a team's history, if it does."""

from __future__ import annotations

from collections.abc import Sequence

from sim.agents.shocks import DATED
from sim.core.history import Event
from sim.engine.settings import Settings
from sim.rooms.workshop.game.packs import MONTHS_A_ROUND
from sim.rooms.workshop.game.replay import Memory, stand
from sim.rooms.workshop.game.story import Play, Shock
from sim.rooms.workshop.session.workshop_store import Session

TRACES = {
    "control_changes": "control changed",
    "leader_changes": "leader changed",
    "chief_executive_leaves": "chief executive left",
    "funding_cut": "grant cut further",
    "emergency": "emergency begins",
    "dispute": "dispute begins",
    "default": "partner defaults",
}
"""Kind of history event that each triggered event causes; a dispute begins some weeks after its trigger."""


def landings(
    memory: Memory, session: Session, base: Settings, plays: Sequence[Play], shocks: Sequence[Shock]
) -> list[float | None]:
    """Month in which each event shows in a team's history; None if it does not within a half-year."""
    if not shocks:
        return []
    last = max(shock.month for shock in shocks)
    known = [play for play in plays if play.round <= last // MONTHS_A_ROUND + 1]
    until = min(last + MONTHS_A_ROUND, base.horizon_months)
    key = ("landings", session.settings, tuple(known), tuple(shocks), session.replication, session.seed)

    def look() -> list[float | None]:
        made = stand(base, known, shocks, until, session.replication, session.seed)
        return _matched(shocks, made.observed["events"])

    return memory.recall(key, look)


def _matched(shocks: Sequence[Shock], events: Sequence[Event]) -> list[float | None]:
    """Each event paired with the first history event of its kind not already paired."""
    left = [event for event in events if event.cause == DATED]
    found: list[float | None] = []
    for shock in shocks:
        own = next((event for event in left if _left_by(shock, event)), None)
        if own is not None:
            left.remove(own)
        found.append(None if own is None else own.month)
    return found


def _left_by(shock: Shock, event: Event) -> bool:
    within = shock.month <= event.month < shock.month + MONTHS_A_ROUND
    return within and event.kind == TRACES[shock.kind] and shock.council in (None, event.entity)
