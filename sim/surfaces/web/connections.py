"""Connection limits, which apply before any headers are read: who, how many, and how long when idle.

File descriptors are reserved for this machine, so that other devices cannot block the facilitator's page.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import os
import socket
import time
from collections import Counter
from contextlib import suppress
from typing import Any, ClassVar, NamedTuple

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

LOG = logging.getLogger("sim.surfaces.web")
HEADERS_WITHIN = 10.0
"""Seconds allowed from a connection, or a further request's first byte, to complete headers."""
MOST = 512
"""Most connections of other devices together, if file descriptors allow."""
BATCH = 16
"""Most connections accepted at once; each refused one holds a file descriptor until it is closed."""
QUEUED = 128
"""Most connections waiting to be accepted, which need no file descriptors."""
USUAL = 1024
"""File descriptors assumed if the system does not state a limit."""
OFTEN, MINUTE = 5, 60.0
"""Most log records from one line of the program, within this many seconds."""
SHORT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class ConnectionRoom(NamedTuple):
    """Connection limits: accepted at once, from other devices, and from this machine."""

    batch: int
    others: int
    here: int

    @property
    def each(self) -> int:
        """Most connections from a single address of another machine."""
        return max(1, self.others // 2)


def room_within(free: int) -> ConnectionRoom:
    """Limits for this many free file descriptors: half for other devices, a quarter for this machine."""
    quarter = max(1, free // 4)
    return ConnectionRoom(min(BATCH, max(1, quarter // 8)), min(MOST, 2 * quarter), min(MOST, quarter))


def free_descriptors() -> int:
    """Number of files and connections this process may still open."""
    limit, used = USUAL, 64
    with suppress(ImportError):
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    with suppress(OSError):
        used = len(os.listdir("/dev/fd"))  # noqa: PTH208 (a Path for each would cost more)
    return max(0, limit - used) if limit >= 0 else MOST * 4


def is_here(address: str) -> bool:
    """True if a connection comes from this machine itself."""
    try:
        return str(ipaddress.ip_address(address)) in ("127.0.0.1", "::1")
    except ValueError:
        return False


class ConnectionCounter:
    """Counts open connections; one address of another machine gets at most half of those for all others."""

    def __init__(self, room: ConnectionRoom) -> None:
        self.room = room
        self.here = self.others = 0
        self.by_address: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Admit one more connection, if there is room."""
        if is_here(address):
            allowed = self.here < self.room.here + self.room.others - self.others
            self.here += allowed
            return allowed
        allowed = self.others < self.room.others and self.by_address[address] < self.room.each
        self.others += allowed
        self.by_address[address] += allowed
        return allowed

    def leave(self, address: str) -> None:
        """Record that an admitted connection has closed."""
        if is_here(address):
            self.here -= 1
            return
        self.others -= 1
        self.by_address[address] -= 1
        if not self.by_address[address]:
            del self.by_address[address]


class Guarded(H11Protocol):
    """Connection protocol that asks the door, and closes if complete headers do not arrive in time."""

    door: ClassVar[ConnectionCounter]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entered: str | None = None
        self.deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Admit the connection, or close it without a response."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if self.door.enter(address):
            self.entered = address
            self.await_headers()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Process data; the deadline holds until a request's headers are complete."""
        super().data_received(data)
        self.await_headers()

    def await_headers(self) -> None:
        """Set the deadline, or clear it while a request is being answered."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.lift()
        elif self.deadline is None:
            self.deadline = self.loop.call_later(HEADERS_WITHIN, self.transport.abort)

    def lift(self) -> None:
        """Clear the deadline."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the connection's place."""
        self.lift()
        super().connection_lost(exc)
        if self.entered is not None:
            self.door.leave(self.entered)
            self.entered = None


def guarded(door: ConnectionCounter) -> type[Guarded]:
    """Connection protocol for uvicorn that uses this door."""

    class Through(Guarded):
        """A connection through this door."""

    Through.door = door
    return Through


class Sparing(logging.Filter):
    """Log filter that limits records per program line and minute, so that requests cannot fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._since = 0.0
        self._seen: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """True if this record should be written."""
        now = time.monotonic()
        if now > self._since + MINUTE:
            self._since = now
            self._seen.clear()
        place = (record.pathname, record.lineno)
        self._seen[place] += 1
        return self._seen[place] <= OFTEN


class Server(uvicorn.Server):
    """Uvicorn server with a backlog, and short messages if file descriptors run out."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening."""
        asyncio.get_running_loop().set_exception_handler(quiet)
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(QUEUED)


def quiet(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Event-loop error handler: one sentence if no file descriptor is left; other errors as usual."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in SHORT_OF:
        LOG.warning("no descriptor is left for another connection; the next is taken when one is free")
    else:
        loop.default_exception_handler(context)
