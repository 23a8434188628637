"""What browsers send to a workshop and get from it: typed, bounded, nothing unknown, nothing coerced."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(max_length=200)]
Word = Annotated[str, StringConstraints(max_length=40)]
Round = Annotated[int, Field(ge=1, le=100)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class Asked(BaseModel):
    """What a browser sends: nothing unknown, nothing coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class NewSession(Asked):
    """A workshop to be opened."""

    pack: Word
    title: Name = ""
    minutes: Annotated[float, Field(strict=False)] | None = None
    luck: Annotated[int, Field(ge=0, le=999_999)] | None = None


class NewPlayer(Asked):
    """Someone who joins a team, by its name; a name nobody has yet begins a team."""

    team: Name
    name: Name
    role: Word = ""


class Prediction(Asked):
    """What a team expects; `version` is the one it saw last, 0 where it saw none."""

    round: Round
    values: Annotated[dict[Word, Annotated[float, Field(strict=False)]], Field(max_length=10)]
    version: Version


class Decision(Asked):
    """The cards a team plays; `version` is the one it saw last, 0 where it saw none."""

    round: Round
    cards: Annotated[list[Word], Field(max_length=20)]
    version: Version


class Step(Asked):
    """What the facilitator does."""

    step: Literal["next", "close", "pause", "resume", "debrief", "end"]


class MoreTime(Asked):
    """Seconds to add."""

    seconds: Annotated[float, Field(strict=False)]


class Event(Asked):
    """Something to let happen to every team."""

    kind: Word
    council: Name | None = None


class CardPlayed(Asked):
    """A card in the half-year in which it was played."""

    round: Round
    card: Word


class Swap(Asked):
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
    roles: list[RoleName]


class Opened(BaseModel):
    """A workshop that was opened: its code, and the link that makes its holder the facilitator."""

    code: str
    facilitator: str


class Joined(BaseModel):
    """Who one is now."""

    team: int
    player: int
    name: str
    role: str


class Acknowledged(BaseModel):
    """What was said is kept on disk, under this version."""

    round: int
    version: int
