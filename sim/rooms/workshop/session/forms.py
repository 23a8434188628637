"""What browsers send to a workshop and get from it: typed, bounded, nothing unknown, nothing coerced."""

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
    """What a browser sends: nothing unknown, nothing coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class NewSession(BrowserForm):
    """A workshop to be opened."""

    pack: Word
    title: Name = ""
    minutes: Annotated[float, Field(strict=False)] | None = None
    luck: Annotated[int, Field(ge=0, le=999_999)] | None = None


class NewPlayer(BrowserForm):
    """Someone who joins a team by its name and word; a name no team has yet begins one, and needs no word.

    `back` says that they have a place there already, and come back to it on this device.
    """

    team: Name
    name: Name
    role: Word = ""
    word: Name = ""
    back: bool = False


class DoorSaid(BrowserForm):
    """The door kept open or shut, and whether many devices may come from one network address."""

    door: Literal["open", "shut"]
    one_address: bool = False


class TeamTable(BrowserForm):
    """A table to be set up, or one by its number to be given another name or word; "" leaves either as it is."""

    team: Number | None = None
    name: Name = ""
    word: Name = ""


class TableNumber(BrowserForm):
    """A table by its number."""

    team: Number


class Renamed(BrowserForm):
    """Another name for someone, by their number."""

    player: Number
    name: Name


class PlayerNumber(BrowserForm):
    """Someone, by their number."""

    player: Number


class Drafted(BrowserForm):
    """What was ticked, unticked or typed just now; null where a field was emptied."""

    round: Round
    ticks: Annotated[dict[Word, bool], Field(max_length=60)] = Field(default_factory=dict)
    values: Annotated[dict[Word, Typed | None], Field(max_length=10)] = Field(default_factory=dict)


class Prediction(BrowserForm):
    """What a team expects; `version` is the one it saw last, 0 where it saw none."""

    round: Round
    values: Annotated[dict[Word, Annotated[float, Field(strict=False)]], Field(max_length=10)]
    version: Version


class PlayedCards(BrowserForm):
    """The cards a team plays; `version` is the one it saw last, 0 where it saw none."""

    round: Round
    cards: Annotated[list[Word], Field(max_length=20)]
    version: Version


class FacilitatorStep(BrowserForm):
    """What the facilitator does."""

    step: Literal["next", "close", "pause", "resume", "debrief", "end"]


class MoreTime(BrowserForm):
    """Seconds to add."""

    seconds: Annotated[float, Field(strict=False)]


class EventForm(BrowserForm):
    """Something to let happen to every team."""

    kind: Word
    council: Name | None = None


class CardPlayed(BrowserForm):
    """A card in the half-year in which it was played."""

    round: Round
    card: Word


class Swap(BrowserForm):
    """Two cards of a team to be played in each other's place."""

    team: Annotated[int, Field(ge=1, le=1000)]
    first: CardPlayed
    second: CardPlayed


class Pulse(BaseModel):
    """Whether anything is new, and the clock."""

    code: str
    revision: int
    phase: Literal["lobby", "round", "between", "debrief", "ended"]
    round: int
    paused: bool
    seconds_left: float | None
    joined: bool = False
    """Whether the browser that asks plays in a team."""
    draft: int = 0
    """The version of what its table has ticked and typed in this half-year."""


class RoleName(BaseModel):
    """A role that can be taken."""

    name: str
    title: str


class Opening(Pulse):
    """What anyone with the code may know."""

    title: str
    question: str
    story: str
    partnership: str
    rounds: int
    teams: list[str]
    door: bool
    """Whether new people may sit down."""
    roles: list[RoleName]


class OpenedWorkshop(BaseModel):
    """A workshop that was opened: its code, and the link that makes its holder the facilitator."""

    code: str
    facilitator: str


class Joined(BaseModel):
    """Who one is now, and the word with which others join the team and one comes back to it."""

    team: int
    player: int
    name: str
    role: str
    word: str


class TableSet(BaseModel):
    """A table as the facilitator set it up."""

    team: int
    name: str
    word: str


class DraftKept(BaseModel):
    """What a table has ticked and typed in a half-year since it last sent."""

    round: int
    version: int
    ticks: dict[str, bool]
    values: dict[str, float | None]


class Acknowledged(BaseModel):
    """What was said is kept on disk, under this version."""

    round: int
    version: int
