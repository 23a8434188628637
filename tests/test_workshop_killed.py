"""Slow: a server that is killed at twenty random moments of a workshop loses nothing that it had acknowledged."""

import json
import random
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from webbing import free_port

KILLS = 20
TEAMS = ("Red", "Blue", "Green")
CARDS = (["pause"], ["slow_down"], ["away_days"], ["open_books", "no_merger"], [])
STARTED_WITHIN = 120.0


class Browser:
    """A browser with cookies of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def ask(self, path: str, content: Any = None) -> Any:
        data = None if content is None else json.dumps(content).encode()
        asked = Request(self.address + path, data, {"Content-Type": "application/json"})
        with self.opener.open(asked, timeout=20) as answer:
            return json.loads(answer.read())


class Team(threading.Thread):
    """A table that changes its mind as fast as it can; what was acknowledged is noted before the next is sent."""

    def __init__(self, browser: Browser, place: str, number: int, version: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.browser, self.place, self.number = browser, place, number
        self.version, self.luck = version, random.Random(seed)
        self.held: list[str] | None = None
        self.sent: list[str] | None = None

    def run(self) -> None:
        try:
            while True:
                self.sent = self.luck.choice(CARDS)
                asked = {"round": self.number, "cards": self.sent, "version": self.version}
                told = self.browser.ask(f"{self.place}/decision", asked)
                self.version, self.held = told["version"], self.sent
        except (HTTPException, OSError, ValueError):
            return


def start(folder: Path, port: int) -> "subprocess.Popen[str]":
    script = Path(__file__).with_name("workshop_room.py")
    server = subprocess.Popen([sys.executable, str(script), str(folder), str(port)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline().startswith("http://")
    return server


@pytest.mark.check("Kills")
@pytest.mark.slow
def test_no_acknowledged_decision_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    luck, port = random.Random(20), free_port()
    server = start(tmp_path, port)
    address = f"http://127.0.0.1:{port}"
    lead = Browser(address)
    acknowledged = 0
    try:
        code = lead.ask("/api/workshop/sessions", {"pack": "chicken_and_egg", "minutes": 90})["code"]
        place = f"/api/workshop/sessions/{code}"
        browsers = [Browser(address) for _ in TEAMS]
        for browser, team in zip(browsers, TEAMS, strict=True):
            browser.ask(f"{place}/join", {"team": team, "name": f"Anna of {team}"})
        number = 0
        for kill in range(KILLS):
            if kill % 4 == 0:
                if number:
                    lead.ask(f"{place}/step", {"step": "close"})
                lead.ask(f"{place}/step", {"step": "next"})
                number += 1
            versions = [browser.ask(f"{place}/team")["decision"]["version"] for browser in browsers]
            teams = [Team(b, place, number, v, 100 * kill + i) for i, (b, v) in enumerate(zip(browsers, versions))]
            for team in teams:
                team.start()
            time.sleep(luck.uniform(0.05, 1.0))
            server.kill()
            server.wait()
            for team in teams:
                team.join(30)
            server = start(tmp_path, port)
            for team, before, browser in zip(teams, versions, browsers, strict=True):
                kept = browser.ask(f"{place}/team")["decision"]
                acknowledged += team.version - before
                assert kept["version"] in (team.version, team.version + 1)
                if team.held is not None:
                    assert kept["content"] == (team.held if kept["version"] == team.version else team.sent)
    finally:
        server.kill()
        server.wait()
    assert acknowledged > 5 * KILLS, "the server was killed while it was working"
