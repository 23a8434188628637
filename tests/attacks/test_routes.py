"""Every route of the page under attack: hostile values in every place of a request, foreign hosts and origins, fuzz."""

import copy
import json
import re
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from answers import HANGS, Tally, no_longer_than, running, tree
from asked_routes import Asked, every_route, routes
from corpora import HOSTS, ORIGINS, XSS
from fastapi.testclient import TestClient
from mutations import altered, at, places, tried
from webbing import ADDRESS, PORT, ROOT, SCRIPTS, Here, hostile

from sim.core.errors import InputError
from sim.rooms.glass.switched import pieces
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context

QUICK, ALL = 3, 500
WORST = [
    *SCRIPTS[:2],
    "../../etc/passwd",
    "${oc.env:HOME}",
    "\x00",
    "\ud83d",
    10**30,
    None,
    [],
    {"a": {}},
    "x" * 100_000,
]
REFUSED = {400, 403, 404, 405, 409, 413, 414, 415, 422}
JSON = {"Content-Type": "application/json"}
INSIDE = ("Traceback", "root:", "pydantic.dev", str(ROOT), "Something went wrong")
SAFE_TO_ASK = ("Only the simulation is left out.",)


class Left(Here):
    """Workers that simulate at once, but leave out what takes minutes: it is asked for only after every check."""

    def later(self, function: Any, *args: Any) -> Any:
        done: Future[Any] = Future()
        done.set_exception(InputError(SAFE_TO_ASK[0]))
        return type("Job", (), {"future": done, "progress": (0, 0), "cancel": lambda self: None})()


class Page:
    """The page with a workshop in it that this browser leads and plays in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = create_app(Context(Left(1), folder, PORT))
        self.client = TestClient(self.app, base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)
        self.client.__enter__()
        self.code = self.client.post("/api/workshop/sessions", json={"pack": "chicken_and_egg"}).json()["code"]
        self.client.post(f"/api/workshop/sessions/{self.code}/join", json={"team": "Red", "name": "Anna"})
        self.client.post(f"/api/workshop/sessions/{self.code}/step", json={"step": "next"})
        self.asked = {each.name: self._here(each) for each in routes(self.app)}

    def _here(self, asked: Asked) -> Asked:
        if "code" in asked.within:
            asked.within["code"] = self.code
        return asked


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    made = Page(tmp_path_factory.mktemp("page"))
    yield made
    made.client.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred histories are many for a test: eight of them."""
    monkeypatch.setattr("sim.rooms.whatif.asked_plans.HISTORIES", (8, 100, 200, 500, 1000))
    monkeypatch.setattr("sim.rooms.whatif.progressive_answers.LOOKS", (4,))
    monkeypatch.setattr("sim.rooms.glass.switched.pieces", lambda: pieces(4))


def sound(answer: Any, about: Any) -> None:
    """An answer that refuses in words or takes what was sent as text; never a failure or a word of the inside."""
    if answer.status_code == 307:
        assert answer.headers["location"].startswith(f"{ADDRESS}/"), (about, answer.headers)
        return
    assert answer.status_code in REFUSED | {200}, (answer.status_code, about, answer.text[:500])
    kind = answer.headers.get("content-type", "")
    for word in INSIDE:
        assert word not in answer.text, (word, about)
    if answer.status_code != 200 and "json" in kind:
        said = answer.json()
        assert set(said) == {"field", "message"} and said["message"] and len(answer.text) < 3000, (about, said)
    if "html" in kind:
        assert running(answer.text) == [], about


def test_the_walk_reaches_every_route(page: Page) -> None:
    """Every route that the program declares is asked."""
    declared = {(method, route.path) for route in every_route(page.app) for method in route.methods - {"HEAD"}}
    assert {(each.method, each.path) for each in page.asked.values()} == declared
    source = "".join(path.read_text() for path in (ROOT / "sim" / "surfaces" / "web").rglob("*.py"))
    assert len(declared) == len(re.findall(r"@\w+\.(?:get|post|put|delete|patch)\(", source))


@pytest.mark.slow
def test_most_routes_take_the_request_that_is_made_for_them(page: Page) -> None:
    taken = [each.name for each in page.asked.values() if each.send(page.client).status_code == 200]
    assert len(taken) > 0.7 * len(page.asked), taken


def attacked(page: Page, asked: Asked, values: list[Any]) -> int:
    """The route with each value in each kind of place in turn; how many requests were sent."""
    spots = [("within", (key,)) for key in asked.within] + [("query", (key,)) for key in asked.query]
    spots += [("body", place) for place in places(asked.body)] if asked.body is not None else []
    for number, value in enumerate(values):
        spot, place = spots[number % len(spots)] if spots else ("query", ("x",))
        one = copy.deepcopy(asked)
        if place:
            at(getattr(one, spot), place[:-1])[place[-1]] = value
        else:
            one.body = value
        with no_longer_than(HANGS, f"{asked.name} {value!r}"[:500]):
            sound(one.send(page.client), (asked.name, spot, place, repr(value)[:300]))
    return len(values)


def at_every_route(page: Page, values: list[Any], record_property: Any) -> None:
    kept = re.compile(
        r"own_partnerships/|outputs/workshops\.sqlite3|outputs/[a-z0-9_]+\.yaml$|outputs$|own_partnerships$"
    )
    sent = sum(attacked(page, asked, values) for asked in page.asked.values())
    found = tree(page.folder)
    record_property(
        "reached",
        f"{len(values)} hostile values at each of {len(page.asked)} routes ({sent:,} requests): no failure, no "
        "traceback, no word of a path, no file elsewhere",
    )
    record_property("n", sent)
    assert all(kept.match(name) for name in found), found


@pytest.mark.check("Payloads")
def test_hostile_values_at_every_route(page: Page, record_property: Any) -> None:
    at_every_route(page, WORST[:QUICK], record_property)


@pytest.mark.slow
@pytest.mark.check("Payloads")
def test_five_hundred_hostile_values_at_every_route(page: Page, record_property: Any) -> None:
    every = [*WORST, *hostile(600), *XSS]
    texts = list({repr(value): value for value in every}.values())[:ALL]
    assert len(texts) == ALL
    at_every_route(page, texts, record_property)


@pytest.mark.check("Hosts")
@pytest.mark.parametrize("most", [pytest.param(2, id="quick"), pytest.param(100, id="all", marks=pytest.mark.slow)])
def test_no_route_answers_under_another_name_or_for_another_site(page: Page, most: int, record_property: Any) -> None:
    """Each route with each foreign Host and each foreign Origin."""
    count = 0
    for asked in [*page.asked.values(), Asked("GET", "/api/openapi.json"), Asked("GET", "/nowhere")]:
        for header, values in (("Host", HOSTS), ("Origin", ORIGINS)):
            for value in values[:most]:
                path = re.sub(r"\{\w+[^}]*\}", "x", asked.path)
                answer = page.client.request(asked.method, path, headers={header: value, **JSON}, content=b"{}")
                assert answer.status_code == 403, (asked.name, header, value, answer.status_code)
                assert "own address" in answer.text or "Another site" in answer.text
                count += 1
    record_property("reached", f"{count:,} requests with foreign Host or Origin over every route, all refused")
    record_property("n", count)


def _fuzzed(page: Page, asked: Asked, count: int) -> Tally:
    tally = Tally(asked.name)

    def send(body: Any) -> None:
        text = json.dumps(body).encode()
        one = copy.deepcopy(asked)
        path = re.sub(r"\{(\w+)[^}]*\}", lambda found: str(one.within[found[1]]), one.path)

        def ask() -> None:
            answer = page.client.post(path, content=text, headers=JSON)
            sound(answer, (asked.name, text[:500]))
            if answer.status_code != 200:
                raise InputError(answer.json()["message"])

        tally.ask(ask, told=f"{asked.name} {text[:1000]!r}")

    tried(altered([asked.body]), count, send)
    return tally


@pytest.mark.check("Q-B1")
@pytest.mark.parametrize("count", [pytest.param(2, id="quick"), pytest.param(120, id="all", marks=pytest.mark.slow)])
def test_fuzzed_bodies(page: Page, count: int, record_property: Any) -> None:
    """Bodies that were good, altered, at every route that takes one."""
    tallies = [_fuzzed(page, asked, count) for asked in page.asked.values() if asked.body is not None]
    whole = Tally(f"bodies of {len(tallies)} routes of the page and the workshop")
    whole.taken, whole.refused = sum(each.taken for each in tallies), sum(each.refused for each in tallies)
    whole.slowest = max(each.slowest for each in tallies)
    record_property("reached", whole.said)
    record_property("n", whole.count)
    assert whole.refused > whole.count // 3
