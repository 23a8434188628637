"""The door of a workshop: new players, returning players, and removals by the facilitator."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sim.core.errors import suggestion
from sim.rooms.workshop.game.packs import Pack
from sim.rooms.workshop.session.asking import Refused, named, team_of
from sim.rooms.workshop.session.join_words import alike, drawn, spoken
from sim.rooms.workshop.session.workshop_store import Player, Session, Store, Team

MOST_TEAMS = 12
MOST_PLAYERS = 60
"""Most players: twice the thirty browsers used in the load test."""
PLACES_A_DEVICE = 4
"""Most places per network address: enough for a shared laptop, too few to fill a room."""
MOST_WRONG, WRONG_SECONDS = 5, 300.0
"""Wrong words allowed per network address in so many seconds; an hour of guessing finds one table in 200."""
SHORTEST_WORD = 4
HERE = ""
"""Address of the computer that runs the workshop, which may take any number of places."""


@dataclass(frozen=True)
class Guest:
    """A person at the door: typed name and word, the browser's token, and its network address."""

    team: str
    name: str
    role: str = ""
    word: str = ""
    back: bool = False
    """True if the person already has a place and returns to it on another device or browser."""
    token: str = ""
    device: str = HERE


class Door:
    """Admits players; places and wrong guesses per network address are counted in memory only."""

    def __init__(self, store: Store, clock: Callable[[], float], pack: Callable[[Session], Pack]) -> None:
        self.store = store
        self.clock = clock
        self.pack = pack
        self._turn = threading.Lock()
        self._places: dict[tuple[str, str], set[int]] = {}
        self._wrong: dict[tuple[str, str], list[float]] = {}

    def join(self, session: Session, guest: Guest) -> tuple[str, Player]:
        """Give a place at a table and its token; Refused names the field that is wrong."""
        team, name = named(guest.team, "team"), named(guest.name, "name")
        dealt = self.pack(session).roles
        if guest.role and guest.role not in dealt:
            raise Refused(f"There is no such role{suggestion(guest.role, dealt)}.", "role")
        with self._turn:
            if guest.token and (held := self.store.player(session.code, guest.token)) is not None:
                raise Refused(f"This browser plays already, as {held.name}.", "name", 409)
            teams = self.store.teams(session.code)
            found = next((each for each in teams.values() if alike(each.name) == alike(team)), None)
            if guest.back:
                return self._come_back(session, guest, name, found)
            if not is_open(session):
                raise Refused(_closed(session), "team", 409)
            if found is not None:
                self._knows_word(session, found, guest)
            elif spoken(guest.word):
                known = [each.name for each in teams.values()]
                raise Refused(f"There is no table of this name{suggestion(team, known)}.", "team")
            self._name_is_free(teams.values(), name, found)
            return self._sit_down(session, guest, team, name, teams, found)

    def say_door(self, session: Session, door: str, one_address: bool) -> None:
        """Set the door open or shut regardless of the half-year, and whether one address may have many devices."""
        self.store.set_door(session.code, door, one_address)

    def set_table(self, session: Session, number: int | None, name: str, word: str) -> Team:
        """Rename a table or change its word, or set up an empty one; "" leaves a value unchanged."""
        given = named(word, "word") if word.strip() else ""
        if given and len(spoken(given)) < SHORTEST_WORD:
            raise Refused(f"A table's word has at least {SHORTEST_WORD} letters or figures.", "word")
        with self._turn:
            teams = self.store.teams(session.code)
            held = team_of(teams, number) if number is not None else None
            called = held.name if held is not None and not name.strip() else named(name, "team")
            if any(alike(each.name) == alike(called) and each.team != number for each in teams.values()):
                raise Refused("There is a table of this name already.", "team", 409)
            if held is not None:
                self.store.call_team(session.code, held.team, called, given or held.word)
                return team_of(self.store.teams(session.code), held.team)
            if len(teams) >= MOST_TEAMS:
                raise Refused(f"There are {MOST_TEAMS} teams already.", "team", 409)
            made = self.store.add_team(session.code, called, max(session.round, 1), given or drawn())
            return team_of(self.store.teams(session.code), made)

    def clear_table(self, session: Session, number: int) -> None:
        """Remove a table without players or entries."""
        team = team_of(self.store.teams(session.code), number)
        if not self.store.remove_team(session.code, number):
            raise Refused(f"Someone sits at {team.name}, or it has sent something; it stays.", "team", 409)

    def rename(self, session: Session, player: int, name: str) -> Player:
        """Rename a player."""
        called = named(name, "name")
        with self._turn:
            teams = self.store.teams(session.code).values()
            held = _player_of(teams, player)
            taken = next((p for team in teams for p in team.players if alike(p.name) == alike(called)), held)
            if taken.player != player:
                raise Refused("Someone is called so already; add a letter.", "name", 409)
            self.store.change_player(session.code, player, called)
            return Player(player, held.team, called, held.role)

    def remove(self, session: Session, player: int) -> Player:
        """Remove a player; the browser returns to the door, and the place is free."""
        with self._turn:
            held = _player_of(self.store.teams(session.code).values(), player)
            self.store.remove_player(session.code, player)
            self._frees(session.code, player)
            return held

    # -- within --

    def _come_back(self, session: Session, guest: Guest, name: str, found: Team | None) -> tuple[str, Player]:
        """The place of a returning player, from now on held by this browser only."""
        if found is None:
            known = [each.name for each in self.store.teams(session.code).values()]
            raise Refused(f"There is no table of this name{suggestion(guest.team, known)}.", "team")
        self._knows_word(session, found, guest)
        held = next((each for each in found.players if alike(each.name) == alike(name)), None)
        if held is None:
            raise Refused("Nobody of this name sits at this table; the facilitator knows all names.", "name")
        token = secrets.token_urlsafe(24)
        self.store.change_player(session.code, held.player, held.name, token)
        self._frees(session.code, held.player)
        self._places.setdefault((session.code, guest.device), set()).add(held.player)
        return token, held

    def _sit_down(
        self, session: Session, guest: Guest, team: str, name: str, teams: Mapping[int, Team], found: Team | None
    ) -> tuple[str, Player]:
        places = self._places.setdefault((session.code, guest.device), set())
        if guest.device != HERE and not session.one_address and len(places) >= PLACES_A_DEVICE:
            many = f"{PLACES_A_DEVICE} people have joined from this device already"
            raise Refused(f"{many}; join from another, or ask the facilitator.", "name", 409)
        if found is None and len(teams) >= MOST_TEAMS:
            raise Refused(f"There are {MOST_TEAMS} teams already; join one of them.", "team")
        if sum(len(each.players) for each in teams.values()) >= MOST_PLAYERS:
            raise Refused("The room is full; share a browser with someone.", "name")
        own = [each.role for each in found.players] if found is not None else []
        dealt = self.pack(session).roles
        role = guest.role or min(dealt, key=lambda each: (own.count(each), dealt.index(each)))
        code, round_now = session.code, max(session.round, 1)
        number = found.team if found is not None else self.store.add_team(code, team, round_now, drawn())
        token = secrets.token_urlsafe(24)
        player = Player(self.store.add_player(code, number, name, role, token), number, name, role)
        places.add(player.player)
        return token, player

    def _knows_word(self, session: Session, team: Team, guest: Guest) -> None:
        """Raise Refused for a wrong table word, or after too many guesses."""
        if not spoken(guest.word):
            raise Refused(f"{team.name} has a word; its people and the facilitator know it.", "word")
        now, key = self.clock(), (session.code, guest.device)
        wrong = [at for at in self._wrong.get(key, ()) if now - at < WRONG_SECONDS]
        if len(wrong) >= MOST_WRONG:
            raise Refused("Too many wrong words came from this device; wait some minutes.", "word", 403)
        if not hmac.compare_digest(spoken(guest.word).encode(), spoken(team.word).encode()):
            self._wrong[key] = [*wrong, now]
            raise Refused(f"This is not the word of {team.name}.", "word", 403)

    def _name_is_free(self, teams: Iterable[Team], name: str, found: Team | None) -> None:
        for team in teams:
            if not any(alike(each.name) == alike(name) for each in team.players):
                continue
            if found is not None and team.team == found.team:
                raise Refused(
                    f"{name} sits at this table already. Is that you, with another device? Then say so here; "
                    "otherwise add a letter to your name.",
                    "back",
                    409,
                )
            raise Refused("Someone at another table is called so; add a letter to your name.", "name", 409)

    def _frees(self, code: str, player: int) -> None:
        for (known, _), places in self._places.items():
            if known == code:
                places.discard(player)


def is_open(session: Session) -> bool:
    """True if new players may join: until half-year 1 ends, or as the facilitator has set."""
    if session.phase in ("debrief", "ended"):
        return False
    if session.door:
        return session.door == "open"
    return session.round == 0 or (session.round == 1 and session.phase == "round")


def _closed(session: Session) -> str:
    if session.phase in ("debrief", "ended"):
        return "This workshop is in its debrief; no one can join any more. Those who have a place can come back to it."
    return "The door is closed: ask the facilitator to open it. Those who have a place can come back to it."


def _player_of(teams: Iterable[Team], number: int) -> Player:
    found = [p for team in teams for p in team.players if p.player == number]
    if not found:
        raise Refused("There is no such person.", "player", 404)
    return found[0]
