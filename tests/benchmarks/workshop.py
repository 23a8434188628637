"""Thirty browsers in one workshop: how soon is a decision acknowledged, and does anything fail?

    python tests/benchmarks/workshop.py [ROUNDS]

Six teams of five ask every two seconds, read their screen whenever something is new, and all send a prediction
and a decision in every half-year; whoever comes second to a colleague looks and sends again. Prints the times from
sending to acknowledgement, on loopback against a server as `tandem serve` starts it. Exit code 1 if anything failed,
or if the 95th percentile of decisions is over a second.
"""

import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.cookiejar import CookieJar
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

TEAMS, EACH = 6, 5
THINKING = 12.0
"""Seconds over which a half-year's sixty messages are spread: a room in a hurry."""
LIMIT = 1.0
HANDS = (["pause"], ["away_days"], ["open_books"], ["no_merger"], ["slow_down"], ["roadshows"], [])


class Browser(threading.Thread):
    """One of thirty: asks, reads, predicts, decides."""

    words: ClassVar[dict[str, str]] = {}
    """The word of each team, as the first at its table told the others."""

    def __init__(self, address: str, place: str, number: int) -> None:
        super().__init__(daemon=True)
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.address, self.place = address, place
        self.luck = random.Random(number)
        self.times: dict[str, list[float]] = {"prediction": [], "decision": [], "pulse": [], "team": []}
        self.errors: Counter[str] = Counter()
        self.finished = False
        team = f"Team {number % TEAMS}"
        told = self.ask("/join", {"team": team, "name": f"Person {number}", "word": self.words.get(team, "")})
        self.words[team] = told["word"]

    def ask(self, what: str, content: Any = None) -> Any:
        data = None if content is None else json.dumps(content).encode()
        asked = Request(self.address + self.place + what, data, {"Content-Type": "application/json"})
        began = time.perf_counter()
        with self.opener.open(asked, timeout=60) as answer:
            told = json.loads(answer.read())
        self.times.get(what.strip("/"), []).append(time.perf_counter() - began)
        return told

    def run(self) -> None:
        revision, view, said = None, None, 0
        while not self.finished:
            try:
                pulse = self.ask("/pulse")
                if pulse["revision"] != revision:
                    revision, view = pulse["revision"], self.ask("/team")
                if view and view["phase"] == "round" and view["round"] > said:
                    said = view["round"]
                    time.sleep(self.luck.uniform(0.0, THINKING))
                    values = {each["name"]: self.luck.choice([each["low"], each["high"]]) for each in view["ask"]}
                    self.say("prediction", {"values": values}, said)
                    self.say("decision", {"cards": self.luck.choice(HANDS)}, said)
            except Exception as error:
                self.errors[f"{type(error).__name__}: {error}"] += 1
            time.sleep(self.luck.uniform(1.9, 2.3))

    def say(self, what: str, content: dict[str, Any], number: int) -> None:
        """Send until it is acknowledged: a colleague may have been first, and a card may be at rest."""
        for _ in range(20):
            version = self.ask("/team")[what]["version"]
            try:
                self.ask(f"/{what}", {"round": number, "version": version, **content})
                return
            except HTTPError as refused:
                told = json.loads(refused.read())["message"]
                if refused.code == 422 and "cards" in content:
                    content = {"cards": []}
                elif refused.code != 409 or "just sent" not in told:
                    raise RuntimeError(told) from None


def main(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim.surfaces.cli", "serve", "--no-browser"]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            address = line.split(" at ")[1].split("/ ")[0]
            return measure(address, rounds)
        finally:
            server.terminate()
            server.wait(30)


def measure(address: str, rounds: int) -> int:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def lead(path: str, content: Any) -> Any:
        asked = Request(address + path, json.dumps(content).encode(), {"Content-Type": "application/json"})
        with opener.open(asked, timeout=60) as answer:
            return json.loads(answer.read())

    code = lead("/api/workshop/sessions", {"pack": "chicken_and_egg", "minutes": 30})["code"]
    place = f"/api/workshop/sessions/{code}"
    browsers = [Browser(address, place, number) for number in range(TEAMS * EACH)]
    for browser in browsers:
        browser.start()
    for _ in range(rounds):
        lead(f"{place}/step", {"step": "next"})
        time.sleep(THINKING + 8.0)
        lead(f"{place}/step", {"step": "close"})
        time.sleep(4.0)
    for browser in browsers:
        browser.finished = True
    for browser in browsers:
        browser.join(60)
    return report(browsers, rounds)


def report(browsers: list[Browser], rounds: int) -> int:
    print(f"{len(browsers)} browsers, {TEAMS} teams, {rounds} half-years")
    errors: Counter[str] = sum((browser.errors for browser in browsers), Counter())
    for what in ("decision", "prediction", "pulse", "team"):
        times = sorted(seconds for browser in browsers for seconds in browser.times[what])
        at = {share: times[min(int(share * len(times)), len(times) - 1)] for share in (0.5, 0.95)}
        print(f"{what:11} n={len(times):5}  median {at[0.5]:.3f} s  95th {at[0.95]:.3f} s  longest {times[-1]:.3f} s")
        if what == "decision":
            slow = at[0.95] > LIMIT or len(times) < len(browsers) * rounds
    print(f"errors: {sum(errors.values())}", *(f"  {n} × {text}" for text, n in errors.items()), sep="\n")
    return 1 if slow or errors else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
