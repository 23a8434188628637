"""Start and stop of the page: workers first, then a port, the server, and the browser."""

from __future__ import annotations

import logging
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from sim.core.errors import InputError
from sim.rooms.workshop.game.packs import Shelf
from sim.surfaces.web import connections
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context
from sim.surfaces.web.safety import LOOPBACK
from sim.surfaces.web.workers import Workers

if TYPE_CHECKING:
    from fastapi import FastAPI

PORT = 8765
"""First port tried; seldom used by other programs on an office laptop."""
TRIED = 20
"""Number of ports tried in turn if none was given."""
STOP_WITHIN = 2
"""Seconds allowed for requests in progress when the server is stopped."""
TOKEN_BYTES = 9
"""Random bytes in a room token, twelve letters: too many to guess, few enough to type."""


def serve(
    port: int | None = None,
    browser: bool = True,
    room: bool = False,
    folder: Path | None = None,
    config_dir: Path | None = None,
) -> int:
    """Serve the page until Ctrl-C; returns 0 when stopped.

    Loopback only; with `room` also this machine's own addresses, behind a token. `config_dir` holds workshop packs of
    the user's own. InputError if the port is taken or a pack cannot be used.
    """
    shelf = Shelf(config_dir)
    taken = listen(port)
    if port is None and taken.getsockname()[1] != PORT:
        print(f"Port {PORT} is taken, so the next free one is used.", flush=True)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Workers() as workers:
            return _run(taken, workers, browser, room, folder or Path.cwd(), shelf)
    except KeyboardInterrupt:
        return _stopped()
    finally:
        taken.close()
        signal.signal(signal.SIGTERM, before)


def listen(port: int | None) -> socket.socket:
    """A socket on the given port, or on the first free one from PORT; InputError if none is free."""
    tried = range(PORT, PORT + TRIED) if port is None else (port,)
    for number in tried:
        with suppress(OSError):
            return _bound("127.0.0.1", number)
    if port is not None:
        raise InputError(f"port {port} is taken or not allowed: choose another with --port, or leave it out")
    raise InputError(f"ports {PORT} to {PORT + TRIED - 1} are all taken: choose one with --port")


def invite(port: int, hosts: Iterable[str]) -> list[socket.socket]:
    """A socket for each of this machine's addresses in the room's network, separate from the local one.

    So connections queued from the room cannot block this machine. InputError if the
    port is taken there.
    """
    made: list[socket.socket] = []
    try:
        for host in sorted(hosts):
            made.append(_bound(host, port))
    except OSError:
        for each in made:
            each.close()
        raise InputError(f"port {port} is taken in the room's network: choose another with --port") from None
    return made


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def _run(taken: socket.socket, workers: Workers, browser: bool, room: bool, folder: Path, shelf: Shelf) -> int:
    port = int(taken.getsockname()[1])
    token = secrets.token_urlsafe(TOKEN_BYTES) if room else None
    own = own_addresses() if room else frozenset()
    sockets = [taken, *invite(port, own)]
    context = Context(workers, folder, port, token, LOOPBACK | own, shelf)
    server = _server(create_app(context))
    _tell(context.port, context.join_address)
    if browser:
        threading.Timer(0.3, webbrowser.open, [f"http://127.0.0.1:{port}/"]).start()
    server.run(sockets=sockets)
    return _stopped()


def _server(app: FastAPI) -> uvicorn.Server:
    """The application's server, with a door that reserves file descriptors for this machine."""
    room = connections.room_within(connections.free_descriptors())
    config = uvicorn.Config(
        app,
        http=connections.guarded(connections.ConnectionCounter(room)),
        ws="none",
        backlog=room.batch,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_WITHIN,
        timeout_keep_alive=30,
    )
    logging.getLogger("sim.surfaces.web").addHandler(logging.StreamHandler())
    for name in ("sim.surfaces.web", "uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(connections.Sparing())
    return connections.Server(config)


def _tell(port: int, join: str | None) -> None:
    print(f"Tandem is open at http://127.0.0.1:{port}/ on this machine alone; stop it with Ctrl-C.", flush=True)
    if join is not None:
        print(
            "Warning: --room lets every device on this network that has the address below join the workshop. Use it "
            f"on a network you trust, and stop it afterwards.\nTo join: {join}",
            flush=True,
        )


def _stopped() -> int:
    print("Stopped.", flush=True)
    return 0


def own_addresses() -> frozenset[str]:
    """This machine's addresses in its networks, found without any outside name look-up."""
    found = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))
        found.add(str(probe.getsockname()[0]))
    with suppress(OSError):
        found |= {str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    return frozenset(found - {"0.0.0.0", "127.0.0.1"})
