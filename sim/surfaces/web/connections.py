"""Who may connect, how many at once, and for how long without a request: what holds before there are headers to read.

Descriptors are kept for this machine, so that the facilitator's page answers whatever another device does.
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
"""Seconds from a connection, or from the first byte of a further request, until the headers must be there."""
MOST = 512
"""Connections of other devices together, where descriptors allow so many."""
BATCH = 16
"""Connections taken in one go; whom the door turns away holds a descriptor until some goes later."""
QUEUED = 128
"""Connections that may wait to be taken, which costs no descriptors."""
USUAL = 1024
"""Descriptors assumed where the system does not say how many a process may hold."""
OFTEN, MINUTE = 5, 60.0
"""How often one line of the program may write to the log in a minute."""
SHORT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class ConnectionRoom(NamedTuple):
    """How many connections there is room for: taken in one go, of other devices, of this machine."""

    batch: int
    others: int
    here: int

    @property
    def each(self) -> int:
        """How many a single address of another machine may hold."""
        return max(1, self.others // 2)


def room_within(free: int) -> ConnectionRoom:
    """How to use so many free descriptors: half for other devices, a quarter for this one, the rest for files."""
    quarter = max(1, free // 4)
    return ConnectionRoom(min(BATCH, max(1, quarter // 8)), min(MOST, 2 * quarter), min(MOST, quarter))


def free_descriptors() -> int:
    """How many files and connections this process may still open."""
    limit, used = USUAL, 64
    with suppress(ImportError):
        import resource

        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    with suppress(OSError):
        used = len(os.listdir("/dev/fd"))  # noqa: PTH208 (a Path for each would cost more)
    return max(0, limit - used) if limit >= 0 else MOST * 4


def is_here(address: str) -> bool:
    """Whether a connection from this address was made by this machine to itself."""
    try:
        return str(ipaddress.ip_address(address)) in ("127.0.0.1", "::1")
    except ValueError:
        return False


class ConnectionCounter:
    """Counts who is connected; one address of another machine gets at most half of what there is for all of them."""

    def __init__(self, room: ConnectionRoom) -> None:
        self.room = room
        self.here = self.others = 0
        self.by_address: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Let one more connection in, if there is room for it."""
        if is_here(address):
            allowed = self.here < self.room.here + self.room.others - self.others
            self.here += allowed
            return allowed
        allowed = self.others < self.room.others and self.by_address[address] < self.room.each
        self.others += allowed
        self.by_address[address] += allowed
        return allowed

    def leave(self, address: str) -> None:
        """One that was let in has gone."""
        if is_here(address):
            self.here -= 1
            return
        self.others -= 1
        self.by_address[address] -= 1
        if not self.by_address[address]:
            del self.by_address[address]


class Guarded(H11Protocol):
    """A connection that asks the door, and is closed where it sends no whole headers in time."""

    door: ClassVar[ConnectionCounter]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entered: str | None = None
        self.deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in, or close it without a word."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if self.door.enter(address):
            self.entered = address
            self.await_headers()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on; the deadline holds until the headers of a request are whole."""
        super().data_received(data)
        self.await_headers()

    def await_headers(self) -> None:
        """Set the deadline, or lift it where a request has been read and is being answered."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.lift()
        elif self.deadline is None:
            self.deadline = self.loop.call_later(HEADERS_WITHIN, self.transport.abort)

    def lift(self) -> None:
        """No more deadline for now."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room for another."""
        self.lift()
        super().connection_lost(exc)
        if self.entered is not None:
            self.door.leave(self.entered)
            self.entered = None


def guarded(door: ConnectionCounter) -> type[Guarded]:
    """The protocol of the connections that come through this door, for uvicorn."""

    class Through(Guarded):
        """A connection through it."""

    Through.door = door
    return Through


class Sparing(logging.Filter):
    """Lets each line of the program write a few times a minute, so that nobody can fill the disk by asking."""

    def __init__(self) -> None:
        super().__init__()
        self._since = 0.0
        self._seen: Counter[tuple[str, int]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write this one."""
        now = time.monotonic()
        if now > self._since + MINUTE:
            self._since = now
            self._seen.clear()
        place = (record.pathname, record.lineno)
        self._seen[place] += 1
        return self._seen[place] <= OFTEN


class Server(uvicorn.Server):
    """Uvicorn's server with a queue before the door, and with few words where descriptors run out."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        asyncio.get_running_loop().set_exception_handler(quiet)
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(QUEUED)


def quiet(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A sentence where no descriptor is left for a connection (asyncio tries again by itself); else as usual."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in SHORT_OF:
        LOG.warning("no descriptor is left for another connection; the next is taken when one is free")
    else:
        loop.default_exception_handler(context)
