"""Workshops on disk: SQLite with a write-ahead log; entries are acknowledged only after they are saved."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sim.core.errors import InputError
from sim.rooms.workshop.game.story import Play, Shock
from sim.rooms.workshop.session.drafts import Draft
from sim.rooms.workshop.session.join_words import drawn

SCHEMA_VERSION = 2
BUSY_SECONDS = 5.0
"""Seconds that a writer waits for another before giving up."""
NOBODY = 0
"""Sender number of entries taken from a table's draft when the half-year ended."""
Phase = Literal["lobby", "round", "between", "debrief", "ended"]
_TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
  code TEXT PRIMARY KEY, title TEXT NOT NULL, pack TEXT NOT NULL, settings TEXT NOT NULL,
  seed INTEGER NOT NULL, replication INTEGER NOT NULL, minutes REAL NOT NULL, facilitator TEXT NOT NULL,
  phase TEXT NOT NULL, round INTEGER NOT NULL, shown INTEGER NOT NULL, deadline REAL, remaining REAL,
  program TEXT NOT NULL,
  revision INTEGER NOT NULL, created REAL NOT NULL,
  door TEXT NOT NULL DEFAULT '', one_address INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS teams (
  code TEXT NOT NULL REFERENCES sessions, team INTEGER NOT NULL, name TEXT NOT NULL, joined_round INTEGER NOT NULL,
  word TEXT NOT NULL DEFAULT '', PRIMARY KEY (code, team)) STRICT;
CREATE TABLE IF NOT EXISTS players (
  code TEXT NOT NULL, team INTEGER NOT NULL, player INTEGER NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, PRIMARY KEY (code, player)) STRICT;
CREATE TABLE IF NOT EXISTS entries (
  code TEXT NOT NULL, team INTEGER NOT NULL, round INTEGER NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
  version INTEGER NOT NULL, player INTEGER NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (code, team, round, kind)) STRICT;
CREATE TABLE IF NOT EXISTS shocks (
  code TEXT NOT NULL, number INTEGER NOT NULL, month INTEGER NOT NULL, kind TEXT NOT NULL, council TEXT,
  PRIMARY KEY (code, number)) STRICT;
CREATE TABLE IF NOT EXISTS drafts (
  code TEXT NOT NULL, team INTEGER NOT NULL, round INTEGER NOT NULL, ticks TEXT NOT NULL, typed TEXT NOT NULL,
  version INTEGER NOT NULL, PRIMARY KEY (code, team, round)) STRICT;
"""
_SINCE_1 = (
    "ALTER TABLE sessions ADD COLUMN door TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sessions ADD COLUMN one_address INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE teams ADD COLUMN word TEXT NOT NULL DEFAULT ''",
)
"""Schema changes since version 1, applied to files of that version."""


@dataclass(frozen=True)
class Session:
    """A workshop's current state. `remaining` is set while its clock is stopped, `deadline` while it runs.

    `shown` is the last half-year whose results have been shown; it takes no more predictions.
    `program` is the digest of the program that began it. `door` is "open" or "shut" if set by the facilitator,
    "" if it closes by itself; `one_address` is true if many devices may share one network address.
    """

    code: str
    title: str
    pack: str
    settings: str
    seed: int
    replication: int
    minutes: float
    facilitator: str
    phase: Phase
    round: int
    shown: int
    deadline: float | None
    remaining: float | None
    program: str
    revision: int
    created: float
    door: str = ""
    one_address: bool = False

    @property
    def paused(self) -> bool:
        """True if the clock of a half-year is stopped."""
        return self.phase == "round" and self.remaining is not None

    def seconds_left(self, now: float) -> float | None:
        """Seconds left in the half-year; None if no clock runs."""
        if self.phase != "round":
            return None
        if self.remaining is not None:
            return self.remaining
        return max(0.0, (self.deadline or now) - now)


@dataclass(frozen=True)
class Player:
    """A player at a browser."""

    player: int
    team: int
    name: str
    role: str


@dataclass(frozen=True)
class TeamEntry:
    """A team's entry in a half-year: a prediction or decision, with its version number."""

    team: int
    round: int
    kind: str
    content: Any
    version: int
    player: int
    at: float


@dataclass(frozen=True)
class Team:
    """A team with its players and entries; `word` is needed to join it or return to it."""

    team: int
    name: str
    joined_round: int
    word: str
    players: tuple[Player, ...] = ()
    entries: Mapping[tuple[int, str], TeamEntry] = field(default_factory=dict)

    def plays(self, before: int) -> list[Play]:
        """The cards played in the half-years before this one."""
        return [
            Play(number, card)
            for (number, kind), entry in sorted(self.entries.items())
            if kind == "decision" and number < before
            for card in entry.content
        ]

    def entry(self, number: int, kind: str) -> TeamEntry | None:
        """The team's entry of a kind in a half-year, or None."""
        return self.entries.get((number, kind))


def digest(token: str) -> str:
    """SHA-256 digest of a token, stored in its place so that the file gives no access."""
    return hashlib.sha256(token.encode()).hexdigest()


class Store:
    """The database file of workshops, thread-safe; each change is one committed transaction."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, 1, SCHEMA_VERSION):
                raise InputError(f"{file.name} was written by another version of the program; rename it to begin anew")
            self._db.executescript(_TABLES)
            self._brought_up()
        except sqlite3.DatabaseError as error:
            raise InputError(f"{file.name}: workshops cannot be kept there ({error})") from None

    def _brought_up(self) -> None:
        """Create a new file, or upgrade one of an earlier version, in one transaction."""
        with self.writing() as db:
            if db.execute("PRAGMA user_version").fetchone()[0] == 1:
                for change in _SINCE_1:
                    db.execute(change)
                for code, team in db.execute("SELECT code, team FROM teams").fetchall():
                    db.execute("UPDATE teams SET word = ? WHERE code = ? AND team = ?", (drawn(), code, team))
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def writing(self, code: str | None = None) -> Iterator[sqlite3.Connection]:
        """Context of one transaction, committed on success; it raises the session's revision."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                if code is not None:
                    self._db.execute("UPDATE sessions SET revision = revision + 1 WHERE code = ?", (code,))
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """Rows that a query returns."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    # -- sessions --

    def session(self, code: str) -> Session | None:
        """A session by its code."""
        found = self.rows("SELECT * FROM sessions WHERE code = ?", code)
        return Session(**dict(found[0])) if found else None

    def open_sessions(self) -> int:
        """Number of sessions that have not ended."""
        return int(self.rows("SELECT count(*) AS n FROM sessions WHERE phase != 'ended'")[0]["n"])

    def add_session(self, session: Session) -> None:
        """Store a new session."""
        values = vars(session)
        names = ", ".join(values)
        with self.writing() as db:
            marks = ", ".join("?" for _ in values)
            db.execute(f"INSERT INTO sessions ({names}) VALUES ({marks})", tuple(values.values()))

    def move(
        self,
        session: Session,
        phase: Phase,
        number: int,
        deadline: float | None,
        remaining: float | None,
        taken: Sequence[TeamEntry] = (),
    ) -> bool:
        """Move a session to another phase, half-year or time; False if it has changed meanwhile.

        Entries in `taken` are stored for teams that have sent none of that kind.
        """
        shown = session.round if session.phase == "round" and phase != "round" else session.shown
        with self.writing(session.code) as db:
            done = db.execute(
                "UPDATE sessions SET phase = :to_phase, round = :number, deadline = :ends, remaining = :left, "
                "shown = :now_shown WHERE code = :code AND phase = :phase AND round = :round "
                "AND deadline IS :deadline AND remaining IS :remaining",
                vars(session)
                | {"to_phase": phase, "number": number, "ends": deadline, "left": remaining, "now_shown": shown},
            )
            for entry in taken if done.rowcount == 1 else ():
                _write(db, "INSERT OR IGNORE", session.code, entry)
            return done.rowcount == 1

    def set_door(self, code: str, door: str, one_address: bool) -> None:
        """Store the facilitator's setting of the door."""
        with self.writing(code) as db:
            db.execute("UPDATE sessions SET door = ?, one_address = ? WHERE code = ?", (door, one_address, code))

    # -- teams and players --

    def teams(self, code: str) -> dict[int, Team]:
        """The teams of a session with their players and entries, in joining order."""
        players: dict[int, list[Player]] = {}
        for found in self.rows("SELECT player, team, name, role FROM players WHERE code = ? ORDER BY player", code):
            players.setdefault(found["team"], []).append(Player(**dict(found)))
        entries: dict[int, dict[tuple[int, str], TeamEntry]] = {}
        for found in self.rows("SELECT * FROM entries WHERE code = ?", code):
            values = {name: value for name, value in dict(found).items() if name != "code"}
            entry = TeamEntry(**{**values, "content": json.loads(found["content"])})
            entries.setdefault(entry.team, {})[entry.round, entry.kind] = entry
        rows = self.rows("SELECT team, name, joined_round, word FROM teams WHERE code = ? ORDER BY team", code)
        return {
            row["team"]: Team(
                **dict(row), players=tuple(players.get(row["team"], ())), entries=entries.get(row["team"], {})
            )
            for row in rows
        }

    def add_team(self, code: str, name: str, joined_round: int, word: str) -> int:
        """Store a new team; returns its number."""
        with self.writing(code) as db:
            number = db.execute("SELECT coalesce(max(team), 0) + 1 FROM teams WHERE code = ?", (code,)).fetchone()[0]
            db.execute(
                "INSERT INTO teams (code, team, name, joined_round, word) VALUES (?, ?, ?, ?, ?)",
                (code, number, name, joined_round, word),
            )
            return int(number)

    def call_team(self, code: str, team: int, name: str, word: str) -> None:
        """Rename a team or change its word."""
        with self.writing(code) as db:
            db.execute("UPDATE teams SET name = ?, word = ? WHERE code = ? AND team = ?", (name, word, code, team))

    def remove_team(self, code: str, team: int) -> bool:
        """Remove a team without players or entries; False if it has any."""
        with self.writing(code) as db:
            for table in ("players", "entries"):
                if db.execute(f"SELECT 1 FROM {table} WHERE code = ? AND team = ?", (code, team)).fetchone():
                    return False
            db.execute("DELETE FROM drafts WHERE code = ? AND team = ?", (code, team))
            return db.execute("DELETE FROM teams WHERE code = ? AND team = ?", (code, team)).rowcount == 1

    def add_player(self, code: str, team: int, name: str, role: str, token: str) -> int:
        """Store a new player of a team and return the number; only the token's digest is kept."""
        with self.writing(code) as db:
            known = "SELECT player FROM players WHERE code = ? UNION SELECT player FROM entries WHERE code = ?"
            found = db.execute(f"SELECT coalesce(max(player), 0) + 1 FROM ({known})", (code, code))
            number = int(found.fetchone()[0])
            db.execute(
                "INSERT INTO players (code, team, player, name, role, token) VALUES (?, ?, ?, ?, ?, ?)",
                (code, team, number, name, role, digest(token)),
            )
            return number

    def change_player(self, code: str, player: int, name: str, token: str | None = None) -> None:
        """Rename a player; a token moves the place to another browser."""
        kept = ("name = ?", (name,)) if token is None else ("name = ?, token = ?", (name, digest(token)))
        with self.writing(code) as db:
            db.execute(f"UPDATE players SET {kept[0]} WHERE code = ? AND player = ?", (*kept[1], code, player))

    def remove_player(self, code: str, player: int) -> None:
        """Remove a player; entries sent for the team stay."""
        with self.writing(code) as db:
            db.execute("DELETE FROM players WHERE code = ? AND player = ?", (code, player))

    def player(self, code: str, token: str) -> Player | None:
        """The player with this token."""
        query = "SELECT player, team, name, role FROM players WHERE code = ? AND token = ?"
        found = self.rows(query, code, digest(token))
        return Player(**dict(found[0])) if found else None

    # -- what teams say, and what befalls them --

    def say(self, session: Session, entry: TeamEntry) -> bool:
        """Store a prediction or decision; False if the half-year is over or another version came first."""
        with self.writing(session.code) as db:
            held = db.execute(
                "SELECT version FROM entries WHERE code = ? AND team = ? AND round = ? AND kind = ?",
                (session.code, entry.team, entry.round, entry.kind),
            ).fetchone()
            if not _is_on(db, session.code, entry.round) or entry.version != (held["version"] if held else 0) + 1:
                return False
            _write(db, "INSERT OR REPLACE", session.code, entry)
            draft = _draft(db, session.code, entry.team, entry.round)
            if draft.version:
                _keep_draft(db, session.code, entry.team, entry.round, draft.sent(entry.kind, entry.content))
            return True

    def draft(self, code: str, team: int, number: int) -> Draft:
        """A table's unsent ticks and values in a half-year."""
        with self._lock:
            return _draft(self._db, code, team, number)

    def change_draft(
        self, session: Session, team: int, number: int, ticks: Mapping[str, bool], values: Mapping[str, float | None]
    ) -> Draft | None:
        """Store one change to a draft; None if the half-year is over."""
        with self.writing() as db:
            if not _is_on(db, session.code, number):
                return None
            draft = _draft(db, session.code, team, number).changed(ticks, values)
            _keep_draft(db, session.code, team, number, draft)
            return draft

    def shocks(self, code: str) -> list[Shock]:
        """Events triggered by the facilitator, in order."""
        found = self.rows("SELECT month, kind, council FROM shocks WHERE code = ? ORDER BY number", code)
        return [Shock(**dict(row)) for row in found]

    def add_shock(self, session: Session, shock: Shock) -> None:
        """Store an event triggered by the facilitator."""
        with self.writing(session.code) as db:
            db.execute(
                "INSERT INTO shocks SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ? FROM shocks WHERE code = ?",
                (session.code, *shock, session.code),
            )


def _is_on(db: sqlite3.Connection, code: str, number: int) -> bool:
    """True if this half-year is being played."""
    query = "SELECT 1 FROM sessions WHERE code = ? AND phase = 'round' AND round = ?"
    return db.execute(query, (code, number)).fetchone() is not None


def _write(db: sqlite3.Connection, how: str, code: str, entry: TeamEntry) -> None:
    content = json.dumps(entry.content)
    values = (code, entry.team, entry.round, entry.kind, content, entry.version, entry.player, entry.at)
    db.execute(f"{how} INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def _draft(db: sqlite3.Connection, code: str, team: int, number: int) -> Draft:
    query = "SELECT ticks, typed, version FROM drafts WHERE code = ? AND team = ? AND round = ?"
    found = db.execute(query, (code, team, number)).fetchone()
    return Draft(json.loads(found["ticks"]), json.loads(found["typed"]), found["version"]) if found else Draft()


def _keep_draft(db: sqlite3.Connection, code: str, team: int, number: int, draft: Draft) -> None:
    values = (code, team, number, json.dumps(draft.ticks), json.dumps(draft.values), draft.version)
    db.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?)", values)
