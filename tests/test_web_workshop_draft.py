"""What is ticked and typed in browsers: it outlives clock, reload and phone, and the table shares it."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser import browser
from playwright.sync_api import expect
from test_web_workshop import sit
from workshop_room import AtOnce, served

PACK = {"pack": "chicken_and_egg"}
SOON = 15_000
"""Milliseconds within which a tick is seen on another screen; a browser asks every two seconds."""


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as found:
        yield found


class Room:
    """A facilitator's browser that opens a workshop by the API, and tables that sit down at pages of their own."""

    def __init__(self, started: Any, address: str) -> None:
        self.started, self.address, self.wrong = started, address, []
        self.lead = started.new_context(base_url=address)
        self.code = self.lead.request.post("/api/workshop/sessions", data=PACK).json()["code"]
        self.place = f"/api/workshop/sessions/{self.code}"

    def say(self, what: str, content: Any) -> Any:
        told = self.lead.request.post(f"{self.place}/{what}", data=content)
        assert told.ok, told.text()
        return told.json()

    def sits(self, name: str, word: str = "", team: str = "Red") -> tuple[Any, str]:
        page = sit(self.started, self.address, self.wrong)
        asked = {"team": team, "name": name, "word": word}
        told = page.context.request.post(f"{self.address}{self.place}/join", data=asked).json()
        page.goto(f"{self.address}/workshop/{self.code}")
        page.get_by_text(f"{name}, you are").first.wait_for(state="attached")
        return page, told["word"]


@pytest.fixture
def room(started: Any, tmp_path: Any) -> Iterator[Room]:
    with served(tmp_path, AtOnce(1)) as address:
        made = Room(started, address)
        yield made
        assert made.wrong == []


def decide(page: Any) -> None:
    page.click("#step-decide")
    page.wait_for_selector("#send-decision")


def is_kept(room: Room, page: Any, card: str) -> None:
    """The server holds a tick."""
    for _ in range(SOON // 100):
        if page.context.request.get(f"{room.address}{room.place}/draft").json()["ticks"].get(card):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{card} was not kept")


def test_ticks_that_were_not_sent_survive_the_clock_a_reload_and_another_phone(room: Room) -> None:
    anna, word = room.sits("Anna")
    room.say("step", {"step": "next"})
    decide(anna)
    anna.check("#card-pause")
    is_kept(room, anna, "pause")
    anna.reload()
    decide(anna)
    assert anna.is_checked("#card-pause") and not anna.is_checked("#card-slow_down")
    phone = sit(room.started, room.address, room.wrong, (390, 844))
    phone.goto(f"{room.address}/workshop/{room.code}")
    phone.fill("#name", "anna")
    phone.fill("#team", "red")
    phone.fill("#word", word.upper())
    phone.check("#back")
    phone.keyboard.press("Enter")
    decide(phone)
    assert phone.is_checked("#card-pause")
    anna.get_by_text("This browser has lost its place").wait_for(timeout=SOON)
    room.say("step", {"step": "close"})
    phone.get_by_text("Nobody had sent it: it was ticked when the time ran out.").wait_for(timeout=SOON)
    room.say("time", {"seconds": 300})
    decide(phone)
    assert phone.is_checked("#card-pause")
    assert phone.inner_text("#send-decision") == "Change the decision"


def test_two_at_one_table_see_and_send_each_others_ticks(room: Room) -> None:
    anna, word = room.sits("Anna")
    zoe, _ = room.sits("Zoe", word)
    room.say("step", {"step": "next"})
    for page in (anna, zoe):
        decide(page)
    anna.check("#card-pause")
    zoe.wait_for_selector("#card-pause:checked", timeout=SOON)
    zoe.check("#card-away_days")
    anna.wait_for_selector("#card-away_days:checked", timeout=SOON)
    anna.uncheck("#card-pause")
    zoe.wait_for_selector("#card-pause:not(:checked)", timeout=SOON)
    zoe.click("#send-decision")
    zoe.get_by_text("your decision is kept").wait_for(timeout=SOON)
    row = room.lead.request.get(f"{room.place}/console").json()["rows"][0]
    assert row["decided"] == ["Away days for back benchers"]


def test_what_is_typed_is_not_turned_round_when_a_teammate_joins_or_types(room: Room) -> None:
    """A four, someone joins, a two: the field reads 42, and the teammate reads it too."""
    anna, word = room.sits("Anna")
    room.say("step", {"step": "next"})
    anna.click("#step-predict")
    anna.focus("#p-fatigue")
    anna.keyboard.press("4")
    zoe, _ = room.sits("Zoe", word)
    anna.get_by_text("2 at the table").wait_for(state="attached", timeout=SOON)
    anna.keyboard.press("2")
    assert anna.input_value("#p-fatigue") == "42"
    zoe.click("#step-predict")
    expect(zoe.locator("#p-fatigue")).to_have_value("42", timeout=SOON)
    zoe.fill("#p-saving", "1.5")
    expect(anna.locator("#p-saving")).to_have_value("1.5", timeout=SOON)
    assert anna.input_value("#p-fatigue") == "42"
    assert anna.evaluate("document.activeElement.id") == "p-fatigue"


@pytest.mark.parametrize("step", ["look", "predict", "decide", "wait"])
def test_a_team_is_told_of_an_event_on_every_step(room: Room, step: str) -> None:
    anna, _ = room.sits("Anna")
    room.say("step", {"step": "next"})
    anna.click(f"#step-{step}")
    room.say("event", {"kind": "emergency", "council": "Redditch"})
    anna.locator("#ws-news .ws-news").wait_for(timeout=SOON)
    assert "major incident" in anna.inner_text("#ws-news").lower()
    anna.click("#news-read")
    anna.locator("#ws-news .ws-news").wait_for(state="detached")


def test_the_event_form_keeps_its_choice_and_what_is_typed(room: Room) -> None:
    room.sits("Anna")
    room.say("step", {"step": "next"})
    lead = room.lead.new_page()
    lead.goto(f"/workshop/{room.code}/facilitator")
    lead.wait_for_selector("#event-kind")
    lead.select_option("#event-kind", "emergency")
    lead.select_option("#event-council", "Redditch")
    lead.click("#do-event")
    lead.get_by_text("An emergency, Redditch").wait_for(timeout=SOON)
    assert [lead.input_value(f"#event-{each}") for each in ("kind", "council")] == ["emergency", "Redditch"]
    assert lead.is_visible("#event-council") and "managers' time" in lead.inner_text("#event-means")
    lead.click("#manage summary")
    lead.fill("#person-name", "Zo")
    room.say("table", {"name": "Green"})
    lead.locator("#ws-tables").get_by_text("Nobody sits at Green").wait_for(timeout=SOON)
    lead.keyboard.type("e")
    assert lead.input_value("#person-name") == "Zoe"
    lead.click("#do-rename")
    lead.locator("#ws-tables").get_by_role("cell", name="Zoe").wait_for(timeout=SOON)
