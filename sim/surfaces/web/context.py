"""The context that the rooms of the page share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sim.rooms.workshop.game.packs import Shelf
from sim.surfaces.web import safety
from sim.surfaces.web.workers import Workers


@dataclass(frozen=True)
class Context:
    """What the rooms share: processes to simulate in, the folder that results go to, and who may come in.

    `folder` is the working folder; studies go to `outputs/` in it. `room_token` is set where the room's own
    network is let in, `hosts` then holds this machine's addresses besides. `shelf` has the packs of workshops.
    """

    workers: Workers
    folder: Path = field(default_factory=Path.cwd)
    port: int = 8000
    room_token: str | None = None
    hosts: frozenset[str] = safety.LOOPBACK
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def join_address(self) -> str | None:
        """The address that opens the workshop to another device in the room; None where it is not let in."""
        if self.room_token is None:
            return None
        host = min(self.hosts - safety.LOOPBACK, default="127.0.0.1")
        return f"http://{host}:{self.port}/workshop?token={self.room_token}"
