"""The workshop's API and pages: who may do what, what is refused and how, and a workshop played in browsers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from workshop_room import AtOnce, served

from sim.rooms.workshop.game.packs import Shelf, packs
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context

ROOT = Path(__file__).resolve().parents[1]
PREDICTED = {"saving": 0.2, "fatigue": 30, "back_bench": 50}


class Desk:
    """One browser: its cookies, and a workshop that it asks about."""

    def __init__(self, app: Any, code: str = "") -> None:
        self.web = TestClient(app, base_url="http://127.0.0.1:8000")
        self.code = code

    def get(self, what: str = "") -> Any:
        return self._told(self.web.get(self.at(what)))

    def post(self, what: str, content: Any) -> Any:
        return self._told(self.web.post(self.at(what), json=content))

    def at(self, what: str) -> str:
        return f"/api/workshop/sessions/{self.code}" + (f"/{what}" if what else "")

    def _told(self, answer: Any) -> Any:
        told = answer.json()
        assert "Traceback" not in answer.text
        return told if answer.status_code == 200 else {**told, "status": answer.status_code}

    def join(self, team: str, name: str = "", word: str = "", back: bool = False) -> Any:
        return self.post("join", {"team": team, "name": name or f"Anna of {team}", "word": word, "back": back})

    def step(self, step: str) -> Any:
        return self.post("step", {"step": step})


@pytest.fixture
def app(tmp_path: Path) -> Any:
    return create_app(Context(AtOnce(1), tmp_path))  # type: ignore[arg-type]


@pytest.fixture
def lead(app: Any) -> Desk:
    desk = Desk(app)
    desk.code = desk.web.post("/api/workshop/sessions", json={"pack": "chicken_and_egg"}).json()["code"]
    return desk


def test_a_workshop_is_played_over_the_api(app: Any, lead: Desk) -> None:
    red, blue = Desk(app, lead.code), Desk(app, lead.code)
    assert red.join("Red")["team"] == 1
    assert blue.join("Blue")["team"] == 2
    assert red.get("pulse")["joined"] is True
    lead.step("next")
    assert red.post("prediction", {"round": 1, "values": PREDICTED, "version": 0}) == {"round": 1, "version": 1}
    assert red.post("decision", {"round": 1, "cards": ["away_days"], "version": 0}) == {"round": 1, "version": 1}
    row = lead.get("console")["rows"][0]
    assert (row["predicted"], row["decided"], row["people"][0]["here"]) == (True, ["Away days for back benchers"], True)
    lead.step("close")
    result = red.get("team")["result"]
    assert [line["predicted"] for line in result["lines"]] == list(PREDICTED.values())
    assert red.get("debrief")["status"] == 409
    assert red.get("luck")["status"] == 409
    lead.step("debrief")
    assert {run["team"] for run in blue.get("debrief")["runs"]} == {"Red", "Blue"}


def test_only_the_facilitator_leads_and_only_players_play(app: Any, lead: Desk) -> None:
    red, stranger = Desk(app, lead.code), Desk(app, lead.code)
    red.join("Red")
    for desk in (red, stranger):
        for what, content in [
            ("step", {"step": "next"}),
            ("time", {"seconds": 60}),
            ("event", {"kind": "emergency", "council": "Redditch"}),
        ]:
            assert desk.post(what, content)["status"] == 403
        assert desk.get("console")["status"] == 403
        assert desk.web.get(f"/workshop/{lead.code}/facilitator").status_code == 403
    lead.step("next")
    assert stranger.get("team")["status"] == 403
    assert stranger.post("decision", {"round": 1, "cards": [], "version": 0})["status"] == 403
    assert stranger.get("debrief")["status"] == 403
    assert lead.get("console")["round"] == 1, "nothing of that did anything"


def test_nobody_acts_for_another_team(app: Any, lead: Desk) -> None:
    """A player of Blue cannot sit down at Red under a name in use, and reads and sends only for Blue."""
    red, blue = Desk(app, lead.code), Desk(app, lead.code)
    word = red.join("Red", "Ann")["word"]
    assert word not in json.dumps(blue.get())
    blue.join("Blue", "Bob")
    thief = Desk(app, lead.code)
    for name, said, back in [("Ann", "", False), ("Eve", "", False), ("Ann", "heron", True), ("Ann", "", True)]:
        assert thief.join("Red", name, said, back)["status"] in {403, 422}
    assert blue.join("Red", "Eve", word)["status"] == 409
    assert word not in json.dumps(blue.get("team"))
    assert thief.get("team")["status"] == 403
    assert thief.join("Red", "Ann", word, back=True)["name"] == "Ann"
    assert red.get("team")["status"] == 403
    assert red.get("pulse")["joined"] is False


def test_only_the_facilitator_keeps_the_door(app: Any, lead: Desk) -> None:
    red = Desk(app, lead.code)
    player = red.join("Red")["player"]
    for what, content in [
        ("door", {"door": "open"}),
        ("table", {"name": "Green"}),
        ("clearing", {"team": 1}),
        ("person", {"player": player, "name": "Zoe"}),
        ("removal", {"player": player}),
    ]:
        assert red.post(what, content)["status"] == 403
    assert lead.post("table", {"name": "Green", "word": "Town Hall"}) == {
        "team": 2,
        "name": "Green",
        "word": "Town Hall",
    }
    assert lead.post("clearing", {"team": 2})["phase"] == "lobby"
    assert lead.post("door", {"door": "shut", "one_address": True})["phase"] == "lobby"
    assert (lead.get()["door"], lead.get("console")["one_address"]) == (False, True)
    lead.post("person", {"player": player, "name": "Zoe"})
    assert red.get("team")["you"]["name"] == "Zoe"
    lead.post("removal", {"player": player})
    assert red.get("team")["status"] == 403


def test_four_people_join_from_one_address_of_the_room(app: Any, lead: Desk) -> None:
    told = []
    for i in range(5):
        desk = Desk(app, lead.code)
        desk.web = TestClient(app, base_url="http://127.0.0.1:8000", client=("192.168.1.20", 5000 + i))
        told.append(desk.join(f"Team {i}").get("status", 200))
    assert told == [200] * 4 + [409]


def test_a_pulse_tells_that_someone_at_the_table_has_ticked(app: Any, lead: Desk) -> None:
    red, other, blue = (Desk(app, lead.code) for _ in range(3))
    other.join("Red", "Zoe", red.join("Red")["word"])
    blue.join("Blue")
    lead.step("next")
    kept = red.post("draft", {"round": 1, "ticks": {"pause": True}, "values": {"fatigue": 4}})
    assert kept == {"round": 1, "version": 1, "ticks": {"pause": True}, "values": {"fatigue": 4.0}}
    assert other.get("draft") == kept
    assert [desk.get("pulse")["draft"] for desk in (red, other, blue)] == [1, 1, 0]
    assert lead.get("console")["rows"][0]["ticked"] == 1
    revision = lead.get("pulse")["revision"]
    red.post("draft", {"round": 1, "values": {"fatigue": None}})
    assert lead.get("pulse")["revision"] == revision, "a tick makes nobody else read their screen anew"


def test_a_facilitator_who_left_returns_by_the_link(app: Any, lead: Desk) -> None:
    made = lead.web.post("/api/workshop/sessions", json={"pack": "too_fast"}).json()
    other = Desk(app, made["code"])
    assert other.get("console")["status"] == 403
    assert other.web.get(made["facilitator"]).status_code == 200
    assert other.get("console")["phase"] == "lobby"
    forged = made["facilitator"][:-3] + "abc"
    assert Desk(app).web.get(forged).status_code == 403


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Any, lead: Desk) -> None:
    answer = Desk(app, lead.code).web.post(lead.at("join"), json={"team": "Red", "name": "Anna"})
    for said in (answer.headers["set-cookie"],):
        assert "HttpOnly" in said
        assert "SameSite=strict" in said
    assert "token" not in answer.text


def test_a_reloaded_browser_is_still_in_its_team(app: Any, lead: Desk) -> None:
    red = Desk(app, lead.code)
    red.join("Red", "Zoe")
    again = Desk(app, lead.code)
    again.web.cookies = red.web.cookies
    assert again.get("team")["you"]["name"] == "Zoe"


@pytest.mark.parametrize(
    ("what", "content", "field"),
    [
        ("join", {"team": " ", "name": "Anna"}, "team"),
        ("join", {"team": "Red", "name": "x" * 41}, "name"),
        ("join", {"team": "Red", "name": "Anna", "role": "king"}, "role"),
        ("join", {"team": "Red", "name": "Anna", "admin": True}, "admin"),
        ("join", {"team": ["Red"], "name": "Anna"}, "team"),
        ("step", {"step": "rewind"}, "step"),
        ("time", {"seconds": -5}, "seconds"),
        ("time", {"seconds": 1e9}, "seconds"),
        ("event", {"kind": "dissolution"}, "kind"),
        ("event", {"kind": "emergency", "council": "../etc"}, "council"),
        ("prediction", {"round": 1, "values": {"saving": 0.1}, "version": 0}, "fatigue"),
        ("prediction", {"round": 1, "values": PREDICTED | {"fatigue": 1000}, "version": 0}, "fatigue"),
        ("decision", {"round": "1", "cards": [], "version": 0}, "round"),
        ("decision", {"round": 1, "cards": ["levers.hr.hr_posts=20"], "version": 0}, ""),
        ("decision", {"round": 1, "cards": ["pause"] * 21, "version": 0}, "cards"),
        ("swap", {"team": 1, "first": {"round": 1, "card": "pause"}, "second": {}}, "second.round"),
    ],
)
def test_what_is_refused_is_said_beside_its_field(app: Any, lead: Desk, what: str, content: Any, field: str) -> None:
    lead.join("Red")
    lead.step("next")
    told = lead.post(what, content)
    assert told["status"] == 422
    assert told["field"] == field
    assert told["message"].endswith((".", "?"))


def test_an_unknown_code_is_said_on_a_page_and_in_the_api(app: Any) -> None:
    desk = Desk(app, "ZZZZZ")
    assert desk.get()["status"] == 404
    page = desk.web.get("/workshop/ZZZZZ")
    assert page.status_code == 404
    assert "There is no workshop with this code" in page.text
    assert desk.web.get("/workshop/guide/nothing").status_code == 404


def test_only_this_computer_opens_workshops(tmp_path: Path) -> None:
    app = create_app(Context(AtOnce(1), tmp_path))  # type: ignore[arg-type]
    elsewhere = TestClient(app, base_url="http://127.0.0.1:8000", client=("192.168.1.20", 5000))
    assert elsewhere.post("/api/workshop/sessions", json={"pack": "too_fast"}).status_code == 403
    assert "Workshops are opened on the computer" in elsewhere.get("/workshop").text


def test_guides_print_with_their_handouts_and_roles(app: Any) -> None:
    for pack in packs().values():
        text = Desk(app).web.get(f"/workshop/guide/{pack.name}").text
        for wanted in (pack.title, "Timetable", "Traps", "Role cards", pack.guide.handouts[0].title):
            assert wanted in text
        assert text.count('class="ws-role"') == len(pack.roles)


def test_a_pack_of_ones_own_is_listed_opened_and_printed(tmp_path: Path) -> None:
    own = tmp_path / "mine" / "workshop"
    own.mkdir(parents=True)
    text = (ROOT / "scenarios/workshop/too_fast.yaml").read_text(encoding="utf-8")
    (own / "ours.yaml").write_text(text.replace("title: Too fast", "title: <i>Ours</i>"), encoding="utf-8")
    made = create_app(Context(AtOnce(1), tmp_path, shelf=Shelf(tmp_path / "mine")))  # type: ignore[arg-type]
    desk = Desk(made)
    assert [pack["name"] for pack in desk.web.get("/api/workshop/packs").json() if pack["own"]] == ["ours"]
    page = desk.web.get("/workshop").text
    assert page.count("(your own)") == 1 and "&lt;i&gt;Ours&lt;/i&gt;" in page and "<i>Ours" not in page
    assert "&lt;i&gt;Ours&lt;/i&gt;" in desk.web.get("/workshop/guide/ours").text
    desk.code = desk.web.post("/api/workshop/sessions", json={"pack": "ours"}).json()["code"]
    assert desk.get()["title"] == "<i>Ours</i>"


NASTY = [
    "<script>window.hit=1</script>",
    "<img src=x onerror='window.hit=1'>",
    '"><svg onload=window.hit=1>',
    "';window.hit=1;//",
    "{{7*7}}",
]


@pytest.mark.check("XSS")
def test_names_with_markup_stay_text_on_every_page(app: Any, lead: Desk) -> None:
    made = lead.web.post("/api/workshop/sessions", json={"pack": "too_fast", "title": NASTY[0]}).json()
    page = lead.web.get(made["facilitator"]).text
    assert NASTY[0] not in page
    assert "&lt;script&gt;window.hit=1&lt;/script&gt;" in page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("served"), AtOnce(1)) as found:
        yield found


@pytest.mark.check("Accessibility")
def test_a_team_and_a_facilitator_play_a_half_year_in_browsers(address: str) -> None:
    told = played_in_browsers(address, rounds=1, tables=1, look=lambda page: [])
    assert told == []


@pytest.mark.check("Accessibility")
@pytest.mark.slow
def test_two_browsers_play_three_half_years_and_reach_the_debrief(address: str) -> None:
    """Axe on every screen, one of the browsers as narrow as a telephone."""
    from browser import complaints

    assert played_in_browsers(address, rounds=3, tables=2, look=complaints) == []


def played_in_browsers(address: str, rounds: int, tables: int, look: Callable[[Any], list[str]]) -> list[str]:
    """A workshop played with the keyboard, from the code to the debrief: what `look` finds, and what fails."""
    from browser import browser

    wrong: list[str] = []
    with browser() as started:
        lead = sit(started, address, wrong)
        lead.goto(f"{address}/workshop")
        wrong += look(lead)
        lead.fill("#title", NASTY[1])
        press(lead, "#open button[type=submit]")
        code = lead.locator(".ws-code strong").inner_text()
        sizes = ((1280, 900), (390, 844))
        pages = [joined(started, address, wrong, code, NASTY[2 * i], sizes[i]) for i in range(tables)]
        for number in range(1, rounds + 1):
            if number == 1:
                lead.wait_for_selector("#do-next")
                lead.dblclick("#do-next")
                lead.wait_for_selector("#do-close")
            else:
                press(lead, "#do-next")
            for page in pages:
                wrong += half_year(page, number, look)
            lead.reload()
            press(lead, "#do-close")
            lead.wait_for_selector("#do-next")
        pages[0].get_by_text(f"Half-year {rounds} is over").wait_for()
        wrong += [*look(lead), *look(pages[0])]
        press(lead, "#sure-debrief summary")
        press(lead, "#do-debrief")
        for page in pages:
            wrong += looked_back(page, tables, look)
        if rounds > 1:
            press(pages[0], "#do-swap")
            pages[0].wait_for_selector("#swap-result table")
            wrong += look(pages[0])
    return wrong


def sit(started: Any, address: str, wrong: list[str], size: tuple[int, int] = (1280, 900)) -> Any:
    """Someone at a browser of their own; what it asks of anyone else, and what fails in it, is noted."""
    page = started.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    page.set_default_timeout(60_000)
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(address) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    return page


def joined(started: Any, address: str, wrong: list[str], code: str, name: str, size: tuple[int, int]) -> Any:
    page = sit(started, address, wrong, size)
    page.goto(f"{address}/workshop")
    page.fill("#code", code.lower())
    page.keyboard.press("Enter")
    page.wait_for_selector("#team")
    page.fill("#name", name)
    page.fill("#team", name)
    page.keyboard.press("Enter")
    page.get_by_text("Warm-up").wait_for()
    return page


def press(page: Any, place: str) -> None:
    page.wait_for_selector(place)
    page.locator(place).focus()
    page.keyboard.press("Enter")


def half_year(page: Any, number: int, look: Callable[[Any], list[str]]) -> list[str]:
    """Look, predict, decide, wait."""
    press(page, "#to-predict")
    found = look(page)
    for field in page.locator(".ws-ask input").all():
        field.fill("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#send-decision")
    page.locator(".ws-card input:not([disabled])").nth(number + 2).focus()
    page.keyboard.press("Space")
    found += look(page)
    press(page, "#send-decision")
    page.get_by_text("your decision is kept").wait_for()
    return found


def looked_back(page: Any, tables: int, look: Callable[[Any], list[str]]) -> list[str]:
    """The debrief, whole, on a screen of this width, with every name as text."""
    press(page, "#to-debrief")
    page.wait_for_selector("#luck figure")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it reflows"
    assert page.evaluate("window.hit === undefined")
    assert page.locator("#replay svg polyline").count() == tables
    return look(page)


def test_a_page_of_the_workshop_is_light(address: str, app: Any) -> None:
    """Under 300 kB with its scripts, styles and the data of a debrief."""
    import re
    from urllib.request import urlopen

    def size(path: str) -> int:
        with urlopen(address + path) as answer:
            return len(answer.read())

    with urlopen(f"{address}/workshop") as answer:
        text = answer.read().decode()
    parts = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
    assert any("workshop.js" in part for part in parts)
    every = [f"/static/{name}" for name in ("workshop.js", "workshop-play.js", "workshop-debrief.js", "workshop.css")]
    assert sum(map(size, [*parts, *every])) + len(text) < 200_000


def test_the_api_is_described(app: Any) -> None:
    told = Desk(app).web.get("/api/openapi.json").json()
    ours = {path: about for path, about in told["paths"].items() if path.startswith("/api/workshop")}
    assert len(ours) == 21
    for about in ours.values():
        for operation in about.values():
            assert operation["description"]
    assert json.dumps(told["components"]["schemas"]["PlayedCards"]).count("additionalProperties") == 1
