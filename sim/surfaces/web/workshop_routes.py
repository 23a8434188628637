"""The Workshop: pages for the facilitator and the teams, and the API they use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from fastapi import APIRouter, HTTPException, Request, Response

from sim.core.errors import InputError
from sim.rooms.workshop.game.other_histories import Lottery
from sim.rooms.workshop.game.packs import Shelf, roles
from sim.rooms.workshop.game.story import Play
from sim.rooms.workshop.session import debrief, views
from sim.rooms.workshop.session.asking import Refused
from sim.rooms.workshop.session.forms import (
    Acknowledged,
    DoorSaid,
    Drafted,
    DraftKept,
    EventForm,
    FacilitatorStep,
    Joined,
    MoreTime,
    Name,
    NewPlayer,
    NewSession,
    OpenedWorkshop,
    Opening,
    PlayedCards,
    PlayerNumber,
    Prediction,
    Pulse,
    Renamed,
    Swap,
    TableNumber,
    TableSet,
    TeamTable,
    Word,
)
from sim.rooms.workshop.session.room import Room
from sim.rooms.workshop.session.seating import HERE
from sim.rooms.workshop.session.workshop_store import Player, Session
from sim.surfaces.web import pages
from sim.surfaces.web.context import Context

WEEK = 7 * 24 * 3600
"""Seconds a browser remembers its place: the workshop and the days after it."""
LOCAL = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})
T = TypeVar("T")


class Rooms:
    """The workshops of the folder, opened at the first request."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._lock = threading.Lock()

    @cached_property
    def _room(self) -> Room:
        return Room.at(self.context.folder / "outputs", self.context.shelf)

    @property
    def room(self) -> Room:
        """All workshops."""
        with self._lock:
            return self._room

    @cached_property
    def lottery(self) -> Lottery:
        """Background simulation of plans in other histories."""
        return Lottery(self.context.workers)

    def leads(self, request: Request, code: str) -> Session:
        """The session, if this browser is its facilitator's."""
        return self.room.facilitates(code, request.cookies.get(leader_cookie(code), ""))

    def plays(self, request: Request, code: str) -> tuple[Session, Player]:
        """The session and the player, if this browser has joined it."""
        player = self.room.player(code, request.cookies.get(player_cookie(code), ""))
        self.room.is_here(code, player.player)
        return self.room.session(code), player

    def inside(self, request: Request, code: str) -> Session:
        """The session, for its facilitator and players."""
        try:
            return self.leads(request, code)
        except Refused as refused:
            if refused.status != 403:
                raise
        return self.plays(request, code)[0]


def leader_cookie(code: str) -> str:
    """Name of the cookie with a facilitator's key."""
    return f"tandem_lead_{_letters(code)}"


def player_cookie(code: str) -> str:
    """Name of the cookie with a player's token."""
    return f"tandem_team_{_letters(code)}"


def _letters(code: str) -> str:
    return "".join(letter for letter in code.upper()[:8] if letter.isascii() and letter.isalpha())


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=WEEK, httponly=True, samesite="strict", path="/")


def _is_local(request: Request) -> bool:
    return request.client is None or request.client.host in LOCAL


def router(context: Context) -> APIRouter:
    """The pages under /workshop and the API under /api/workshop."""
    made, rooms = APIRouter(), Rooms(context)
    _pages(made, rooms)
    _sessions(made, rooms)
    _joining(made, rooms)
    _teams(made, rooms)
    _facilitator(made, rooms)
    _tables(made, rooms)
    _debrief(made, rooms)
    return made


def _sessions(made: APIRouter, rooms: Rooms) -> None:
    @made.get("/api/workshop/packs")
    def all_packs() -> list[dict[str, Any]]:
        """The workshops that can be opened."""
        return _about(rooms.context.shelf)

    @made.post("/api/workshop/sessions")
    def open_session(request: Request, response: Response, asked: NewSession) -> OpenedWorkshop:
        """Open a workshop; the browser that asks becomes its facilitator's."""
        if not _is_local(request):
            raise Refused("A workshop is opened on the computer that runs it.", status=403)
        session, key = rooms.room.open(asked.pack, asked.title, asked.minutes, asked.luck)
        _remember(response, leader_cookie(session.code), key)
        return OpenedWorkshop(code=session.code, facilitator=f"/workshop/{session.code}/facilitator?key={key}")

    @made.get("/api/workshop/sessions/{code}")
    def opening(code: Word) -> Opening:
        """Public state of a session, visible to anyone with the code."""
        return Opening(**views.opening(rooms.room, rooms.room.session(code)))

    @made.get("/api/workshop/sessions/{code}/pulse")
    def pulse(request: Request, code: Word) -> Pulse:
        """Session state to poll: revision number, phase and clock."""
        session = rooms.room.session(code)
        player = rooms.room.seen(session.code, request.cookies.get(player_cookie(session.code), ""))
        held = rooms.room.store.draft(session.code, player.team, max(session.round, 1)).version if player else 0
        return Pulse(**views.pulse(rooms.room, session), joined=player is not None, draft=held)


def _joining(made: APIRouter, rooms: Rooms) -> None:
    @made.post("/api/workshop/sessions/{code}/join")
    def join(request: Request, response: Response, code: Word, asked: NewPlayer) -> Joined:
        """Join a team with its word, begin one, or come back to one's place."""
        room, session = rooms.room, rooms.room.session(code)
        device = HERE if _is_local(request) or request.client is None else request.client.host
        held = request.cookies.get(player_cookie(session.code), "")
        token, player = room.join(
            session.code,
            asked.team,
            asked.name,
            asked.role,
            word=asked.word,
            back=asked.back,
            token=held,
            device=device,
        )
        _remember(response, player_cookie(session.code), token)
        word = room.store.teams(session.code)[player.team].word
        return Joined(team=player.team, player=player.player, name=player.name, role=player.role, word=word)


def _teams(made: APIRouter, rooms: Rooms) -> None:
    @made.get("/api/workshop/sessions/{code}/team")
    def team(request: Request, code: Word) -> dict[str, Any]:
        """Screen data of one team's browser."""
        session, player = rooms.plays(request, code)
        return views.team_view(rooms.room, session, player)

    @made.get("/api/workshop/sessions/{code}/draft")
    def drafted(request: Request, code: Word) -> DraftKept:
        """The table's unsent ticks and values."""
        session, player = rooms.plays(request, code)
        number = max(session.round, 1)
        return DraftKept(**views.draft_view(number, rooms.room.store.draft(session.code, player.team, number)))

    @made.post("/api/workshop/sessions/{code}/draft")
    def draft(request: Request, code: Word, asked: Drafted) -> DraftKept:
        """Keep what was ticked or typed just now, for the whole table."""
        session, player = rooms.plays(request, code)
        kept = rooms.room.draft(session, player, asked.round, asked.ticks, asked.values)
        return DraftKept(**views.draft_view(asked.round, kept))

    @made.post("/api/workshop/sessions/{code}/prediction")
    def predict(request: Request, code: Word, asked: Prediction) -> Acknowledged:
        """Keep what a team expects."""
        session, player = rooms.plays(request, code)
        kept = rooms.room.predict(session, player, asked.round, asked.values, asked.version)
        return Acknowledged(round=kept.round, version=kept.version)

    @made.post("/api/workshop/sessions/{code}/decision")
    def decide(request: Request, code: Word, asked: PlayedCards) -> Acknowledged:
        """Keep what a team decides."""
        session, player = rooms.plays(request, code)
        kept = rooms.room.decide(session, player, asked.round, asked.cards, asked.version)
        return Acknowledged(round=kept.round, version=kept.version)


def _facilitator(made: APIRouter, rooms: Rooms) -> None:
    @made.get("/api/workshop/sessions/{code}/console")
    def console(request: Request, code: Word) -> dict[str, Any]:
        """The facilitator's screen."""
        return views.console(rooms.room, rooms.leads(request, code))

    @made.post("/api/workshop/sessions/{code}/step")
    def step(request: Request, code: Word, asked: FacilitatorStep) -> Pulse:
        """Open or close a half-year, stop or start the clock, open the debrief, end the workshop."""
        room, session = rooms.room, rooms.leads(request, code)
        steps: dict[str, Callable[[Session], Session]] = {
            "next": room.next_round,
            "close": room.close_round,
            "pause": room.pause,
            "resume": room.resume,
            "debrief": room.debrief,
            "end": room.end,
        }
        return Pulse(**views.pulse(room, steps[asked.step](session)))

    @made.post("/api/workshop/sessions/{code}/time")
    def extend(request: Request, code: Word, asked: MoreTime) -> Pulse:
        """Give more time, also to a half-year that is just over."""
        session = rooms.room.extend(rooms.leads(request, code), asked.seconds)
        return Pulse(**views.pulse(rooms.room, session))

    @made.post("/api/workshop/sessions/{code}/event")
    def happen(request: Request, code: Word, asked: EventForm) -> Pulse:
        """Let something befall every team."""
        session = rooms.leads(request, code)
        rooms.room.let_happen(session, asked.kind, asked.council)
        return Pulse(**views.pulse(rooms.room, rooms.room.session(code)))


def _tables(made: APIRouter, rooms: Rooms) -> None:
    @made.post("/api/workshop/sessions/{code}/door")
    def door(request: Request, code: Word, asked: DoorSaid) -> Pulse:
        """Keep the door open or shut; say whether many devices come from one address."""
        rooms.room.door.say_door(rooms.leads(request, code), asked.door, asked.one_address)
        return Pulse(**views.pulse(rooms.room, rooms.room.session(code)))

    @made.post("/api/workshop/sessions/{code}/table")
    def table(request: Request, code: Word, asked: TeamTable) -> TableSet:
        """Set up a table, or give one another name or word."""
        kept = rooms.room.door.set_table(rooms.leads(request, code), asked.team, asked.name, asked.word)
        return TableSet(team=kept.team, name=kept.name, word=kept.word)

    @made.post("/api/workshop/sessions/{code}/clearing")
    def clear(request: Request, code: Word, asked: TableNumber) -> Pulse:
        """Take away a table at which nobody sits and which has said nothing."""
        rooms.room.door.clear_table(rooms.leads(request, code), asked.team)
        return Pulse(**views.pulse(rooms.room, rooms.room.session(code)))

    @made.post("/api/workshop/sessions/{code}/person")
    def rename(request: Request, code: Word, asked: Renamed) -> Pulse:
        """Give someone another name."""
        rooms.room.door.rename(rooms.leads(request, code), asked.player, asked.name)
        return Pulse(**views.pulse(rooms.room, rooms.room.session(code)))

    @made.post("/api/workshop/sessions/{code}/removal")
    def remove(request: Request, code: Word, asked: PlayerNumber) -> Pulse:
        """Take someone out of the workshop; what they sent for their team stays."""
        rooms.room.remove(rooms.leads(request, code), asked.player)
        return Pulse(**views.pulse(rooms.room, rooms.room.session(code)))


def _debrief(made: APIRouter, rooms: Rooms) -> None:
    @made.get("/api/workshop/sessions/{code}/debrief")
    def whole(request: Request, code: Word) -> dict[str, Any]:
        """All runs with their turning points, predictions and measures."""
        return debrief.debrief(rooms.room, rooms.inside(request, code))

    @made.get("/api/workshop/sessions/{code}/luck")
    def luck(request: Request, code: Word) -> dict[str, Any]:
        """Each team's decisions in other histories, as far as they have been lived."""
        return debrief.luck(rooms.room, rooms.inside(request, code), rooms.lottery)

    @made.post("/api/workshop/sessions/{code}/swap")
    def swap(request: Request, code: Word, asked: Swap) -> dict[str, Any]:
        """Two cards in each other's place: the same luck at once, other luck as it comes in."""
        session = rooms.inside(request, code)
        first, second = (Play(each.round, each.card) for each in (asked.first, asked.second))
        return debrief.swap(rooms.room, session, rooms.lottery, asked.team, first, second)


def _pages(made: APIRouter, rooms: Rooms) -> None:
    @made.get("/workshop", include_in_schema=False)
    def start(request: Request) -> Response:
        found = _about(rooms.context.shelf)
        return pages.page(request, "workshop/start.html.j2", room="workshop", packs=found, local=_is_local(request))

    @made.get("/workshop/guide/{name}", include_in_schema=False)
    def guide(request: Request, name: Word) -> Response:
        pack = _or_page(lambda: rooms.context.shelf.named(name), 404)
        cards = [roles()[each] for each in pack.roles]
        return pages.page(request, "workshop/guide.html.j2", room="workshop", pack=pack, roles=cards)

    @made.get("/workshop/{code}", include_in_schema=False)
    def play(request: Request, code: Word) -> Response:
        session = _or_page(lambda: rooms.room.session(code))
        return pages.page(request, "workshop/play.html.j2", room="workshop", session=session)

    @made.get("/workshop/{code}/facilitator", include_in_schema=False)
    def facilitator(request: Request, code: Word, key: Name = "") -> Response:
        held = request.cookies.get(leader_cookie(code), "")
        session = _or_page(lambda: rooms.room.facilitates(code, key or held))
        address = (rooms.context.join_address or str(request.base_url) + "workshop").replace(
            "/workshop", f"/workshop/{session.code}"
        )
        values: dict[str, Any] = {"session": session, "address": address, "link": f"?key={key or held}"}
        made_page = pages.page(request, "workshop/facilitator.html.j2", room="workshop", **values)
        _remember(made_page, leader_cookie(code), key or held)
        return made_page

    @made.get("/workshop/{code}/debrief", include_in_schema=False)
    def look_back(request: Request, code: Word) -> Response:
        session = _or_page(lambda: rooms.inside(request, code))
        _or_page(lambda: debrief.opened(session))
        return pages.page(request, "workshop/debrief.html.j2", room="workshop", session=session)


def _about(shelf: Shelf) -> list[dict[str, Any]]:
    return [
        {
            "name": pack.name,
            "title": pack.title,
            "question": pack.question,
            "rounds": pack.rounds,
            "minutes": pack.minutes,
            "in_all": pack.guide.minutes,
            "luck": pack.replication,
            "own": shelf.is_own(pack.name),
        }
        for pack in shelf.packs.values()
    ]


def _or_page(work: Callable[[], T], status: int = 422) -> T:
    """The result of `work`; a refusal becomes an error page."""
    try:
        return work()
    except InputError as error:
        raise HTTPException(getattr(error, "status", status), str(error)) from None
