"""Packs: a workshop's question, partnership, and facilitator's guide."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from sim.core.errors import InputError, shown, suggestion
from sim.core.refusal import refusal
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.plans.strict import PACKS as OWN_PACKS
from sim.plans.strict import Library, read_located
from sim.plans.variants import variant
from sim.rooms.workshop.game.cards import deck
from sim.rooms.workshop.game.pack_files import COMMON, PACKS, Line, Name, PackPart, Sources, Text, several, single
from sim.rooms.workshop.game.team_measures import MEASURES

MONTHS_A_ROUND = 6
MOST_ROUNDS = 10
MOST_OWN = 100
"""Most packs in a user's own folder; more raise InputError."""
Names = Annotated[tuple[Name, ...], Field(strict=False, min_length=1, max_length=60)]
Texts = Annotated[tuple[Text, ...], Field(strict=False, min_length=1, max_length=20)]


class Role(PackPart):
    """A role card: a participant's position, aims, knowledge, fears, and recurring question."""

    name: Name
    title: Line
    wants: Line
    knows: Line
    fears: Line
    asks: Line
    sources: Sources


class News(PackPart):
    """An event that a facilitator can trigger for all teams: a dated shock and its announcement."""

    name: Name
    title: Line
    of_council: bool
    news: Line
    means: Line
    sources: Sources


class Step(PackPart):
    """One line of the timetable: minutes, activity, and the facilitator's words."""

    minutes: Annotated[int, Field(ge=1, le=180)]
    what: Line
    say: Text


class Handout(PackPart):
    """A sheet to print for the tables."""

    title: Line
    lines: Texts


class Guide(PackPart):
    """The facilitator's guide to running the workshop."""

    purpose: Text
    learn: Texts
    before: Texts
    timetable: Annotated[tuple[Step, ...], Field(strict=False, min_length=3, max_length=30)]
    traps: Texts
    questions: Texts
    handouts: Annotated[tuple[Handout, ...], Field(strict=False, min_length=1, max_length=10)]

    @property
    def minutes(self) -> int:
        """Total length in minutes."""
        return sum(step.minutes for step in self.timetable)


class Pack(PackPart):
    """One workshop: partnership, starting plan, rounds, cards, roles, luck and guide."""

    name: Name
    title: Line
    question: Line
    story: Text
    partnership: Name
    scenario: Name
    levers: dict[str, Any] = Field(default_factory=dict)
    """Changes to the scenario at the start, by full key."""
    rounds: Annotated[int, Field(ge=1, le=MOST_ROUNDS)]
    minutes: Annotated[int, Field(ge=1, le=60)]
    points: Annotated[int, Field(ge=1, le=12)]
    warm_up: Texts
    cards: Names
    roles: Names
    predict: Annotated[tuple[Name, ...], Field(strict=False, min_length=1, max_length=5)]
    news: Names
    when: Texts
    """Guidance on when the facilitator may trigger events."""
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    replication: Annotated[int, Field(ge=0, le=999_999)]
    """Number of the history (luck) that all teams share."""
    says: Annotated[dict[str, Text], Field(min_length=1, max_length=12)]
    """Published findings on the question, by source id."""
    guide: Guide

    @model_validator(mode="after")
    def _known(self) -> Self:
        for key, names, known in (
            ("cards", self.cards, list(deck())),
            ("roles", self.roles, list(roles())),
            ("news", self.news, list(all_news())),
            ("predict", self.predict, list(MEASURES)),
        ):
            for name in names:
                if name not in known:
                    raise ValueError(f"{key}: '{name}' is unknown{suggestion(name, known)}")
            if len(set(names)) < len(names):
                raise ValueError(f"{key}: one name stands there twice")
        return self

    def settings(self, library: Library | None = None) -> Settings:
        """The settings all teams start from."""
        composed = compose([f"partnership={self.partnership}", f"scenario={self.scenario}"], library)
        try:
            return variant(composed.settings, self.levers)
        except ValidationError as error:
            raise refusal(error, lambda _: None, lambda _: ()) from None
        except (ValueError, KeyError) as error:
            raise InputError(f"levers: {error}") from None


@cache
def roles() -> dict[str, Role]:
    """All role cards by name."""
    return several(Role, COMMON / "roles.yaml")


@cache
def all_news() -> dict[str, News]:
    """All events that a facilitator can trigger, by the name of the shock."""
    return several(News, COMMON / "news.yaml")


@cache
def packs() -> dict[str, Pack]:
    """The shipped packs by name."""
    return {path.stem: single(Pack, path) for path in sorted(PACKS.glob("*.yaml"))}


class Shelf:
    """The packs that can be opened: shipped ones, and those in `workshop/` of the user's own folder.

    The user's own files are checked when the shelf is made; InputError names file, line and key.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.library = Library([folder] if folder is not None else [])
        self._own: dict[str, Pack] = {}
        for path in sorted((folder / OWN_PACKS).glob("*")) if folder is not None else ():
            if path.suffix in (".yaml", ".yml") and not path.name.startswith((".", "_")):
                self._add(path)

    def _add(self, path: Path) -> None:
        if len(self._own) >= MOST_OWN:
            raise InputError(f"{path.parent}: more than {MOST_OWN} packs")
        if not re.fullmatch(r"[a-z0-9_]{1,40}", path.stem):
            raise InputError(f"{path}: the name of a pack is 1 to 40 of a-z, 0-9 and _; rename the file")
        if path.stem in self.packs:
            raise InputError(f"{path}: '{path.stem}' is the name of another pack; choose another name")
        pack = read_pack(path)
        try:
            pack.settings(self.library)
        except InputError as error:
            part = re.split(r"[^a-z]", str(error))[0]
            raise InputError(f"{read_located(path).where(path, (part,))}: {error}") from None
        self._own[pack.name] = pack

    @property
    def packs(self) -> dict[str, Pack]:
        """All packs by name, shipped ones first."""
        return {**packs(), **self._own}

    def is_own(self, name: str) -> bool:
        """True if the pack is the facilitator's own."""
        return name in self._own

    def named(self, name: str) -> Pack:
        """A pack by name; InputError with the nearest name if there is none."""
        if name not in self.packs:
            raise InputError(f"there is no pack {shown(name)}{suggestion(name, self.packs)}")
        return self.packs[name]


def pack_named(name: str) -> Pack:
    """A shipped pack by name; InputError with the nearest name if there is none."""
    return Shelf().named(name)


def read_pack(path: Path) -> Pack:
    """Read a pack from a file; InputError names file, line and key."""
    return single(Pack, path)
