"""The room: opens sessions, admits teams, runs half-years, and stores predictions and decisions."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from sim.core.errors import InputError, suggestion
from sim.engine.settings import Settings
from sim.rooms.workshop.game.packs import Pack, Role, Shelf, all_news, roles
from sim.rooms.workshop.game.replay import Memory
from sim.rooms.workshop.game.story import Shock, check, month_of
from sim.rooms.workshop.game.team_measures import MEASURES
from sim.rooms.workshop.session.asking import Refused, named
from sim.rooms.workshop.session.drafts import Draft
from sim.rooms.workshop.session.event_landing import landings
from sim.rooms.workshop.session.seating import HERE, Door, Guest
from sim.rooms.workshop.session.workshop_store import NOBODY, Phase, Player, Session, Store, Team, TeamEntry, digest
from sim.study.provenance import origin

LETTERS = "BCDFGHJKMNPQRTVWXZ"
"""Letters of a session code: no vowels, so that no words form, and none easily mistaken for another sign."""
CODE_LENGTH = 5
"""Letters in a session code: nearly two million codes, short enough to call out and too many to guess."""
MOST_SESSIONS = 40
"""Most open sessions at once."""
MOST_SHOCKS = 12
FEWEST_MINUTES, MOST_MINUTES = 0.5, 90.0
LONGEST_EXTENSION = 3_600.0
PRESENT_SECONDS = 15.0
"""Seconds after which a silent browser counts as away; browsers poll about every two seconds."""


class Room:
    """All workshops of one folder; `clock` gives the server's time in seconds."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time, shelf: Shelf | None = None) -> None:
        self.store = store
        self.shelf = shelf or Shelf()
        self.clock = clock
        self.memory = Memory()
        self.door = Door(store, clock, self.pack)
        self._seen: dict[tuple[str, int], float] = {}
        self._tokens: dict[tuple[str, str], Player] = {}
        self._turn = threading.RLock()

    @classmethod
    def at(cls, folder: Path, shelf: Shelf | None = None) -> Room:
        """The workshops stored in a folder, opened from a shelf of packs."""
        return cls(Store(folder / "workshops.sqlite3"), shelf=shelf)

    # -- the facilitator --

    def open(
        self, pack: str, title: str = "", minutes: float | None = None, luck: int | None = None
    ) -> tuple[Session, str]:
        """Open a session; returns it and the facilitator's key, of which only a digest is stored."""
        chosen = self.shelf.named(pack)
        minutes = chosen.minutes if minutes is None else minutes
        if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
            raise Refused(f"A half-year takes {FEWEST_MINUTES} to {MOST_MINUTES:g} minutes.", "minutes")
        if self.store.open_sessions() >= MOST_SESSIONS:
            raise Refused(f"{MOST_SESSIONS} workshops are open; end one first.", status=409)
        key, now = secrets.token_urlsafe(24), self.clock()
        session = Session(
            code=self._fresh_code(),
            title=named(title, "title") if title.strip() else chosen.title,
            pack=chosen.model_dump_json(),
            settings=chosen.settings(self.shelf.library).model_dump_json(),
            seed=chosen.seed,
            replication=chosen.replication if luck is None else luck,
            minutes=float(minutes),
            facilitator=digest(key),
            phase="lobby",
            round=0,
            shown=0,
            deadline=None,
            remaining=None,
            program=str(origin()["code"]),
            revision=1,
            created=now,
        )
        self.store.add_session(session)
        return session, key

    def facilitates(self, code: str, key: str) -> Session:
        """The session, if the key is its facilitator's; otherwise raises Refused."""
        session = self.session(code)
        if not hmac.compare_digest(session.facilitator, digest(key)):
            raise Refused("Only the facilitator can do this; use the facilitator's link.", status=403)
        return session

    def next_round(self, session: Session) -> Session:
        """Open the next half-year."""
        pack = self.pack(session)
        if session.phase not in ("lobby", "between"):
            raise Refused("The next half-year opens when this one is closed.", status=409)
        if session.phase == "lobby" and not self.store.teams(session.code):
            raise Refused("No team has joined yet.", status=409)
        if session.round >= pack.rounds:
            raise Refused("That was the last half-year; open the debrief.", status=409)
        return self._move(session, "round", session.round + 1, self.clock() + 60.0 * session.minutes, None)

    def close_round(self, session: Session) -> Session:
        """Close the half-year now; teams that have not decided carry on as before."""
        if session.phase != "round":
            raise Refused("No half-year is open.", status=409)
        return self._move(session, "between", session.round, None, None)

    def pause(self, session: Session) -> Session:
        """Stop the clock."""
        if session.phase != "round" or session.paused:
            raise Refused("The clock is not running.", status=409)
        return self._move(session, "round", session.round, None, session.seconds_left(self.clock()))

    def resume(self, session: Session) -> Session:
        """Restart the clock."""
        if not session.paused:
            raise Refused("The clock is not stopped.", status=409)
        return self._move(session, "round", session.round, self.clock() + (session.remaining or 0.0), None)

    def extend(self, session: Session, seconds: float) -> Session:
        """Give more time; reopens a half-year that is over, but without further predictions."""
        if not 0 < seconds <= LONGEST_EXTENSION:
            raise Refused("Give between a second and an hour more.", "seconds")
        if session.phase == "between" and session.round:
            return self._move(session, "round", session.round, self.clock() + seconds, None)
        left = session.seconds_left(self.clock())
        if left is None:
            raise Refused("No half-year is open.", status=409)
        if session.paused:
            return self._move(session, "round", session.round, None, left + seconds)
        return self._move(session, "round", session.round, self.clock() + left + seconds, None)

    def let_happen(self, session: Session, kind: str, council: str | None) -> Shock:
        """Trigger an event for every team at the current month."""
        pack, settings = self.pack(session), self.settings(session)
        if kind not in pack.news:
            raise Refused(f"There is no such event{suggestion(kind, pack.news)}.", "kind")
        names = [each.name for each in settings.partnership.councils]
        if all_news()[kind].of_council and council not in names:
            raise Refused(f"Choose the council: {' or '.join(names)}.", "council")
        shock = Shock(standing_at(session), kind, council if all_news()[kind].of_council else None)
        known = self.store.shocks(session.code)
        if session.phase not in ("round", "between") or (session.phase == "between" and session.round >= pack.rounds):
            raise Refused("Something can happen only while half-years are being played.", status=409)
        if shock in known:
            raise Refused("That has happened already in this half-year.", "kind", 409)
        if len(known) >= MOST_SHOCKS:
            raise Refused(f"{MOST_SHOCKS} events are enough for any three years.", "kind", 409)
        if not self._strikes(session, [*known, shock]):
            raise Refused(f"It would strike no team in this half-year. {all_news()[kind].means}", "kind", 409)
        self.store.add_shock(session, shock)
        return shock

    def debrief(self, session: Session) -> Session:
        """Open the debrief, which reveals everything."""
        if session.phase not in ("round", "between"):
            raise Refused("Play a half-year first." if session.phase == "lobby" else "The debrief is open.", status=409)
        return self._move(session, "debrief", session.round, None, None)

    def end(self, session: Session) -> Session:
        """End the workshop; its record stays readable."""
        if session.phase == "ended":
            raise Refused("The workshop has ended.", status=409)
        return self._move(session, "ended", session.round, None, None)

    # -- teams --

    def join(
        self,
        code: str,
        team: str,
        player: str,
        role: str = "",
        *,
        word: str = "",
        back: bool = False,
        token: str = "",
        device: str = HERE,
    ) -> tuple[str, Player]:
        """Join, start or return to a team; gives the player's token and identity."""
        session = self.session(code)
        found = self.door.join(session, Guest(team, player, role, word, back, token, device))
        self._forget(session.code, found[1].player)
        return found

    def remove(self, session: Session, player: int) -> Player:
        """Remove a player from the workshop."""
        removed = self.door.remove(session, player)
        self._forget(session.code, player)
        return removed

    def player(self, code: str, token: str) -> Player:
        """The player with this token; Refused if there is none."""
        self.session(code)
        found = self.store.player(code, token) if token else None
        if found is None:
            raise Refused("This browser has no place in the workshop; please join it.", status=403)
        return found

    def predict(
        self, session: Session, player: Player, number: int, values: Mapping[str, float], version: int
    ) -> TeamEntry:
        """Store a team's prediction of the next survey and ledger, made before it sees them."""
        mistake = _mistaken(self.pack(session), values)
        if mistake is not None:
            raise mistake
        if number <= session.shown:
            raise Refused("The result of this half-year has been shown; it cannot be predicted any more.", status=409)
        return self._say(session, player, number, "prediction", dict(values), version)

    def decide(self, session: Session, player: Player, number: int, cards: Sequence[str], version: int) -> TeamEntry:
        """Store a team's decision for this half-year; an empty one is also a decision."""
        team = self.store.teams(session.code)[player.team]
        check(self.pack(session), self.settings(session), team.plays(number), number, cards)
        return self._say(session, player, number, "decision", list(cards), version)

    def draft(
        self,
        session: Session,
        player: Player,
        number: int,
        ticks: Mapping[str, bool],
        values: Mapping[str, float | None],
    ) -> Draft:
        """Store a change to the table's shared draft, which remains when time runs out."""
        pack = self.pack(session)
        for field, given, known in (("ticks", ticks, pack.cards), ("values", values, pack.predict)):
            strange = next((name for name in given if name not in known), None)
            if strange is not None:
                raise Refused(f"There is no {strange[:40]!r} in this workshop{suggestion(strange, known)}.", field)
        with self._turn:
            kept = self.store.change_draft(session, player.team, number, ticks, values)
        if kept is None:
            raise Refused(f"Half-year {number} is over; what was ticked came too late.", status=409)
        return kept

    def is_here(self, code: str, player: int) -> None:
        """Record that a player's browser has just polled."""
        self._seen[code, player] = self.clock()

    def seen(self, code: str, token: str) -> Player | None:
        """The player with this token, recorded as present; None for a browser outside any team."""
        key = (code, token)
        if token and key not in self._tokens:
            found = self.store.player(code, token)
            if found is not None:
                self._tokens[key] = found
        if key in self._tokens:
            self.is_here(code, self._tokens[key].player)
        return self._tokens.get(key)

    def present(self, code: str, player: int) -> bool:
        """True if the player's browser polled recently."""
        return self.clock() - self._seen.get((code, player), -PRESENT_SECONDS) < PRESENT_SECONDS

    # -- what both read --

    def session(self, code: str) -> Session:
        """A session by its code, closed if its time is up; Refused if there is none."""
        code = code.strip().upper()
        well_formed = len(code) == CODE_LENGTH and all(letter in LETTERS for letter in code)
        found = self.store.session(code) if well_formed else None
        if found is None:
            raise Refused(
                "There is no workshop with this code; check the letters on the facilitator's screen.", "code", 404
            )
        if found.phase == "round" and found.seconds_left(self.clock()) == 0.0:
            with suppress(Refused):
                return self._move(found, "between", found.round, None, None)
            return self.store.session(code) or found
        return found

    def pack(self, session: Session) -> Pack:
        """The pack as stored when the session was opened."""
        return self.memory.recall(("pack", session.pack), lambda: _as_written(session.pack))

    def settings(self, session: Session) -> Settings:
        """The settings all teams start from."""
        text = session.settings
        return self.memory.recall(("settings", text), lambda: Settings.model_validate_json(text))

    # -- within --

    def _move(
        self, session: Session, phase: Phase, number: int, deadline: float | None, remaining: float | None
    ) -> Session:
        with self._turn:
            taken = self._taken(session) if session.phase == "round" != phase else []
            done = self.store.move(session, phase, number, deadline, remaining, taken)
        if not done:
            raise Refused("The workshop has moved on meanwhile; look again.", status=409)
        moved = self.store.session(session.code)
        assert moved is not None
        return moved

    def _taken(self, session: Session) -> list[TeamEntry]:
        """Entries made from unsent drafts at the end of a half-year, where their cards may be played."""
        number, now, found = session.round, self.clock(), []
        for team in self.store.teams(session.code).values():
            draft = self.store.draft(session.code, team.team, number)
            cards, values = draft.cards([]), draft.predicted({})
            if cards and team.entry(number, "decision") is None and not self.unplayable(session, team, number, cards):
                found.append(TeamEntry(team.team, number, "decision", cards, 1, NOBODY, now))
            whole = number > session.shown and not _mistaken(self.pack(session), values)
            if whole and team.entry(number, "prediction") is None:
                found.append(TeamEntry(team.team, number, "prediction", values, 1, NOBODY, now))
        return found

    def unplayable(self, session: Session, team: Team, number: int, cards: Sequence[str]) -> str:
        """Reason a team cannot play these cards in a half-year; "" if it can."""
        try:
            check(self.pack(session), self.settings(session), team.plays(number), number, cards)
        except InputError as error:
            return str(error)
        return ""

    def _say(
        self, session: Session, player: Player, number: int, kind: str, content: object, version: int
    ) -> TeamEntry:
        """Store an entry; a repeat of the same entry, from a browser that missed the reply, is no conflict."""
        entry = TeamEntry(player.team, number, kind, content, version + 1, player.player, self.clock())
        if self.store.say(session, entry):
            return entry
        now = self.session(session.code)
        if now.phase != "round" or now.round != number:
            raise Refused(f"Half-year {number} is over; what was sent came too late.", status=409)
        held = self.store.teams(session.code)[player.team].entry(number, kind)
        if held is not None and held.content == content:
            return held
        raise Refused("Someone at your table has just sent this; look at theirs first, then change it.", status=409)

    def _forget(self, code: str, player: int) -> None:
        """Clear the token cache, after a player has joined, changed browser or left."""
        self._seen.pop((code, player), None)
        for key in [key for key, held in self._tokens.items() if key[0] == code and held.player == player]:
            self._tokens.pop(key, None)

    def _strikes(self, session: Session, shocks: Sequence[Shock]) -> bool:
        """True if the last of these events shows in any team's history within a half-year."""
        base, teams = self.settings(session), self.store.teams(session.code).values()
        return any(
            landings(self.memory, session, base, team.plays(session.round + 1), shocks)[-1] is not None
            for team in teams
        )

    def _fresh_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            if self.store.session(code) is None:
                return code


def standing_at(session: Session) -> int:
    """The month that all histories have reached."""
    return month_of(max(session.round, 1) + (session.phase != "round" and session.round > 0))


def _mistaken(pack: Pack, values: Mapping[str, float]) -> Refused | None:
    """The fault in a prediction as a Refused, or None."""
    missing = next((name for name in pack.predict if name not in values), None)
    if missing is not None:
        return Refused(f"Predict {MEASURES[missing].title.lower()} too.", missing)
    if len(values) > len(pack.predict):
        return Refused("Predict what is asked.")
    for name, value in values.items():
        measure = MEASURES[name]
        if not measure.low <= value <= measure.high:
            return Refused(f"{measure.title}: between {measure.low:g} and {measure.high:g} {measure.unit}.", name)
    return None


def role_named(name: str) -> Role:
    """A role card."""
    return roles()[name]


def _as_written(text: str) -> Pack:
    try:
        return Pack.model_validate_json(text)
    except ValidationError:
        raise Refused(
            "This workshop was begun by another version of the program and cannot go on.", status=409
        ) from None
