"""Connections that ask for nothing: half-open sockets from another address, few descriptors, a log that stays short.

Another device is another address of this machine: its own one in the network, or 127.0.0.2, which the door
counts as any other device's.
"""

import errno
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from webbing import free_port

from sim.surfaces.web import connections, server

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTORS, SOCKETS = 256, 300
WITHIN = 2.0
"""Seconds in which the facilitator's page must be there."""
LARGEST_LOG = 1_000_000
ELSEWHERE = "127.0.0.2"
SERVE = """
import resource, sys
from sim.surfaces.cli import main

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), int(sys.argv[1])))
    sys.exit(main(sys.argv[2:]))
"""


@contextmanager
def served(folder: Path, descriptors: int, *options: str) -> Iterator[tuple[int, subprocess.Popen[str], Path]]:
    """`tandem serve` with few descriptors: its port, its process, and the file that it writes its words to."""
    port, log, script = free_port(), folder / "log.txt", folder / "serve.py"
    script.write_text(SERVE)
    words = [str(descriptors), "serve", "--no-browser", "--port", str(port), *options]
    place = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, str(script), *words], cwd=folder, stdout=file, stderr=file, env=place
        )
        try:
            wait_for(port, process, log)
            yield port, process, log
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_for(port: int, process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        with suppress(OSError):
            page(port)
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def page(port: int) -> float:
    """Seconds until the facilitator's page was there."""
    began = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/workshop", timeout=10) as answer:
        assert answer.status == 200 and answer.read()
    return time.monotonic() - began


def half_open(port: int, address: str) -> socket.socket | None:
    """A socket from this address that has sent half a request; None where the server let it in no longer."""
    target = "127.0.0.1" if address == ELSEWHERE else address
    try:
        made = socket.create_connection((target, port), timeout=5, source_address=(address, 0))
        made.sendall(b"GET /workshop HTTP/1.1\r\nHost: 127.0.0.1")
    except OSError:
        return None
    return made


def closed(made: socket.socket) -> bool:
    """Whether the other side has ended it."""
    made.setblocking(False)
    try:
        return made.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def addresses() -> list[str]:
    return [*sorted(server.own_addresses())[:1], ELSEWHERE]


@pytest.mark.check("Room")
@pytest.mark.parametrize("address", addresses())
def test_half_open_sockets_keep_nobody_from_the_facilitator_s_page(tmp_path: Path, address: str) -> None:
    with served(tmp_path, DESCRIPTORS, "--room") as (port, process, log), ExitStack() as stack:
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 2 * SOCKETS, (
            "raise ulimit -n: this test holds the sockets"
        )
        opened = [made for _ in range(SOCKETS) if (made := half_open(port, address)) is not None]
        for made in opened:
            stack.callback(made.close)
        took = [page(port) for _ in range(3)]
        until = time.monotonic() + connections.HEADERS_WITHIN + 5
        while not all(map(closed, opened)) and time.monotonic() < until:
            time.sleep(0.2)
            took.append(page(port))
        assert max(took) < WITHIN
        assert all(map(closed, opened))
        assert process.poll() is None
        assert log.stat().st_size < LARGEST_LOG and "Traceback" not in log.read_text()
        again = half_open(port, address)
        assert again is not None and not closed(again)
        again.close()


def test_half_of_the_descriptors_are_for_other_devices_and_one_of_them_gets_half_of_those() -> None:
    room = connections.room_within(200)
    assert room.others == 100 and room.each == 50
    assert room.others + room.here + 8 * room.batch <= 200
    assert connections.room_within(100_000).others == connections.MOST
    assert min(connections.room_within(3)) >= 1
    found = connections.ConnectionCounter(room)
    assert sum(found.enter("192.0.2.7") for _ in range(300)) == 50
    assert sum(found.enter("192.0.2.8") for _ in range(300)) == 50
    assert not found.enter("192.0.2.9")
    assert sum(found.enter("127.0.0.1") for _ in range(300)) == room.here
    found.leave("192.0.2.7")
    assert found.enter("192.0.2.9")
    for _ in range(room.here):
        found.leave("127.0.0.1")
    assert found.here == 0 and found.enter("127.0.0.1")


def test_no_descriptor_left_is_one_sentence_a_few_times_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    import asyncio

    loop = asyncio.new_event_loop()
    logger, sparing = logging.getLogger("sim.surfaces.web"), connections.Sparing()
    logger.addFilter(sparing)
    try:
        for _ in range(100):
            connections.quiet(loop, {"message": "accept", "exception": OSError(errno.EMFILE, "too many open files")})
    finally:
        logger.removeFilter(sparing)
        loop.close()
    assert [record.message.split(";")[0] for record in caplog.records] == [
        "no descriptor is left for another connection"
    ] * connections.OFTEN


@pytest.mark.check("Q-C4")
@pytest.mark.parametrize("options", [(), ("--room",)])
def test_sigterm_ends_the_server_as_ctrl_c_does(tmp_path: Path, options: tuple[str, ...]) -> None:
    with served(tmp_path, 1024, *options) as (_, process, log):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        said = log.read_text()
    assert said.endswith("Stopped.\n")
    assert "leaked" not in said and "Traceback" not in said
