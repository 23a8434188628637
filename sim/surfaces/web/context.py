"""The context that the rooms of the page share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sim.rooms.workshop.game.packs import Shelf
from sim.surfaces.web import safety
from sim.surfaces.web.workers import Workers


@dataclass(frozen=True)
class Context:
    """State shared by the rooms: worker processes, results folder, and permitted addresses.

    `folder` is the working folder; studies go to `outputs/` in it. `room_token` is set if the room's own
    network is admitted; `hosts` then includes this machine's addresses. `shelf` has the workshop packs.
    """

    workers: Workers
    folder: Path = field(default_factory=Path.cwd)
    port: int = 8000
    room_token: str | None = None
    hosts: frozenset[str] = safety.LOOPBACK
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def join_address(self) -> str | None:
        """Address of the workshop for other devices in the room; None if they are not admitted."""
        if self.room_token is None:
            return None
        host = min(self.hosts - safety.LOOPBACK, default="127.0.0.1")
        return f"http://{host}:{self.port}/workshop?token={self.room_token}"
