"""Requests and responses of the workshop API: typed, bounded, strict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(max_length=200)]
Word = Annotated[str, StringConstraints(max_length=40)]
Round = Annotated[int, Field(ge=1, le=100)]
Number = Annotated[int, Field(ge=1, le=100_000)]
Typed = Annotated[float, Field(strict=False, ge=-1e9, le=1e9)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class BrowserForm(BaseModel):
    """Base of browser requests: unknown fields and type coercion are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class NewSession(BrowserForm):
    """Request to open a workshop."""

    pack: Word
    title: Name = ""
    minutes: Annotated[float, Field(strict=False)] | None = None
    luck: Annotated[int, Field(ge=0, le=999_999)] | None = None


class NewPlayer(BrowserForm):
    """Request to join a team by its name and word; a new name starts a team and needs no word.

    `back` is true for a player who already has a place there and returns to it on this device.
    """

    team: Name
    name: Name
    role: Word = ""
    word: Name = ""
    back: bool = False


class DoorSaid(BrowserForm):
    """Request to keep the door open or shut, and to allow many devices from one network address."""

    door: Literal["open", "shut"]
    one_address: bool = False


class TeamTable(BrowserForm):
    """Request to set up a table, or to rename one by its number; "" leaves name or word unchanged."""

    team: Number | None = None
    name: Name = ""
    word: Name = ""


class TableNumber(BrowserForm):
    """A table by its number."""

    team: Number


class Renamed(BrowserForm):
    """Request to rename a player, by number."""

    player: Number
    name: Name


class PlayerNumber(BrowserForm):
    """A player, by number."""

    player: Number


class Drafted(BrowserForm):
    """One change to a draft: a card ticked or unticked, or a number typed; null for an emptied field."""

    round: Round
    ticks: Annotated[dict[Word, bool], Field(max_length=60)] = Field(default_factory=dict)
    values: Annotated[dict[Word, Typed | None], Field(max_length=10)] = Field(default_factory=dict)


class Prediction(BrowserForm):
    """A team's prediction; `version` is the last one it saw, 0 if none."""

    round: Round
    values: Annotated[dict[Word, Annotated[float, Field(strict=False)]], Field(max_length=10)]
    version: Version


class PlayedCards(BrowserForm):
    """The cards a team plays; `version` is the last decision it saw, 0 if none."""

    round: Round
    cards: Annotated[list[Word], Field(max_length=20)]
    version: Version


class FacilitatorStep(BrowserForm):
    """Request to move the session on: the facilitator's next action."""

    step: Literal["next", "close", "pause", "resume", "debrief", "end"]


class MoreTime(BrowserForm):
    """Request to extend the half-year, in seconds."""

    seconds: Annotated[float, Field(strict=False)]


class EventForm(BrowserForm):
    """Request to trigger an event for every team."""

    kind: Word
    council: Name | None = None


class CardPlayed(BrowserForm):
    """A card, and the half-year in which it was played."""

    round: Round
    card: Word


class Swap(BrowserForm):
    """Request to exchange two cards of a team."""

    team: Annotated[int, Field(ge=1, le=1000)]
    first: CardPlayed
    second: CardPlayed


class Pulse(BaseModel):
    """Session state polled by browsers: revision number, phase and clock."""

    code: str
    revision: int
    phase: Literal["lobby", "round", "between", "debrief", "ended"]
    round: int
    paused: bool
    seconds_left: float | None
    joined: bool = False
    """True if the browser belongs to a player of a team."""
    draft: int = 0
    """Version of the table's draft in this half-year."""


class RoleName(BaseModel):
    """A role that can be taken."""

    name: str
    title: str


class Opening(Pulse):
    """Public state of a session, visible to anyone with the code."""

    title: str
    question: str
    story: str
    partnership: str
    rounds: int
    teams: list[str]
    door: bool
    """State of the door: open if new players may join."""
    roles: list[RoleName]


class OpenedWorkshop(BaseModel):
    """A newly opened workshop: its code, and the facilitator's secret link."""

    code: str
    facilitator: str


class Joined(BaseModel):
    """The new player's identity, and the word for joining or returning to the team."""

    team: int
    player: int
    name: str
    role: str
    word: str


class TableSet(BaseModel):
    """A table set up by the facilitator."""

    team: int
    name: str
    word: str


class DraftKept(BaseModel):
    """A table's draft in a half-year: ticks and values entered since it last sent."""

    round: int
    version: int
    ticks: dict[str, bool]
    values: dict[str, float | None]


class Acknowledged(BaseModel):
    """Acknowledgement that an entry is saved on disk, with its version."""

    round: int
    version: int
