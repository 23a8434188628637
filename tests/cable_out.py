"""All three rooms played through on a machine that has nothing but loopback: python tests/cable_out.py FOLDER INSTALLED

Meant to be started by `unshare --net` (test_cable_out.py does): it raises loopback, makes sure that there is no other
way out, starts the server that is installed in the folder INSTALLED, and walks through What if, Workshop and Glass box
in Chromium. What it saw is printed as JSON; what went wrong ends it.
"""

import errno
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import browser
from test_web_workshop import played_in_browsers, sit
from webbing import free_port

SET_FLAGS, UP_AND_RUNNING = 0x8914, 0x1 | 0x40
"""SIOCSIFFLAGS, and IFF_UP with IFF_RUNNING: what `ip link set lo up` asks of the kernel."""
OUTSIDE = ("192.0.2.1", 53)
"""An address that documents alone use: asking for it must find no route."""
HALF_YEARS, TEAMS = 3, 2
LOOKED_FOR = 240_000
"""Milliseconds that an answer may take on a busy machine."""
CHARTS = ("saving", "risks", "net", "people", "history")
GLASS = ("/glass/thing/trust", "/glass/evidence", "/glass/validation", "/glass/assumptions", "/glass/model")


def raise_loopback() -> None:
    """What a machine does by itself when it starts, and a new network namespace does not."""
    import fcntl

    with socket.socket() as asked:
        fcntl.ioctl(asked, SET_FLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


def reach() -> tuple[list[str], int]:
    """The names of all networks of this machine, and what the kernel says to asking for an outside address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return [name for _, name in socket.if_nameindex()], asked.connect_ex(OUTSIDE)


def ways_out(networks: list[str], answer: int) -> list[str]:
    """What speaks against the cable being out."""
    found = [f"there is a network {name}" for name in networks if name != "lo"]
    return found if answer == errno.ENETUNREACH else [*found, f"there is a way to {OUTSIDE[0]}"]


@contextmanager
def installed(folder: Path, place: Path) -> Iterator[str]:
    """The server of the wheel that was unpacked at a place, started in an empty folder; its address."""
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1"}
    where = [sys.executable, "-c", "import sim; print(sim.__file__)"]
    found = subprocess.run(where, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(place), f"not the installed one answers but {found}"
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "sim.surfaces.cli", "serve", "--no-browser", "--port", str(port)]
    log = folder / "log.txt"
    with log.open("wb") as file:
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        _wait(address, running, log)
        yield address
    finally:
        running.terminate()
        running.wait(60)
    assert "Traceback" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")


def _wait(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert running.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


def what_if(page: Any, address: str) -> str:
    """An answer with its charts, a moved slider, an unlucky history, and a brief to take away; the headline."""
    page.goto(f"{address}/whatif?histories=100")
    _settled(page)
    slider = page.locator("#lever-levers-pace-months_between_waves")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("body[data-state=working]")
    _settled(page)
    for chart in CHARTS:
        page.locator(f"#{chart}-chart").scroll_into_view_if_needed()
        drawn = f"#{chart}-chart svg.main-svg"
        page.wait_for_selector(f"{drawn} .trace path, {drawn} .shapelayer path", state="attached")
    page.check('input[name="way"][value="unluckiest"]')
    page.wait_for_selector("#history-said:has-text('unluckiest')", timeout=LOOKED_FOR)
    page.click("#take [data-kind=brief]")
    page.wait_for_selector("#take .found a[href]", timeout=LOOKED_FOR)
    with page.expect_download() as taken:
        page.click("#take .found a")
    brief = Path(taken.value.path()).read_text(encoding="utf-8")
    assert "<h1" in brief and not re.search(r'(?:src|href)="(?:https?:)?//', brief), "the brief is whole in itself"
    return str(page.text_content("#headline"))


def _settled(page: Any) -> None:
    page.wait_for_selector("body[data-state=settled]", timeout=LOOKED_FOR)


def glass_box(page: Any, address: str) -> str:
    """From the picture to a mechanism that is switched off on the spot, and the papers; what the switch did."""
    page.goto(f"{address}/glass")
    assert page.locator("svg.causes .arrow").count() > 20
    page.locator('.box[data-key="fatigue"]').click()
    page.wait_for_url("**/glass/thing/fatigue")
    page.goto(f"{address}/glass/mechanism/fatigue")
    page.get_by_role("button", name="Simulate both").click()
    page.wait_for_selector("#switch-answer tbody tr", timeout=LOOKED_FOR)
    told = page.locator("#switch-answer .lead").inner_text()
    for place in GLASS:
        page.goto(address + place)
        assert page.locator("main h1").count() == 1, place
    return str(told)


def main(folder: Path, place: Path) -> dict[str, Any]:
    """Every room in turn; what was seen, and every request to anywhere else or error on a page."""
    raise_loopback()
    networks, answer = reach()
    assert ways_out(networks, answer) == []
    seen: dict[str, Any] = {"networks": networks, "requests": 0}
    wrong: list[str] = []
    with installed(folder, place) as address:
        with browser() as started:
            page = sit(started, address, wrong)
            page.on("request", lambda asked: seen.update(requests=seen["requests"] + 1))
            seen["what_if"] = what_if(page, address)
            seen["glass"] = glass_box(page, address)
        wrong += played_in_browsers(address, rounds=HALF_YEARS, tables=TEAMS, look=lambda page: [])
        seen["half_years"], seen["teams"] = HALF_YEARS, TEAMS
    seen["wrong"] = [text for text in wrong if not text.startswith(("blob:", "data:"))]
    return seen


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
