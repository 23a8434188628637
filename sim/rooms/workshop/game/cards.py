"""The cards teams choose from: effects on levers, costs, delay, duration, and rest before the next play."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sim.core.errors import suggestion
from sim.engine.settings import Settings
from sim.plans.declared_lists import lever_entries
from sim.rooms.workshop.game.pack_files import COMMON, Line, Name, PackPart, Sources, several

Scope = Literal["programme", "HR", "systems", "managers", "staff", "members"]
Value = float | int | bool | str
_PRICES = {
    "levers.hr.hr_posts": "money.added_post",
    "levers.hr.od_posts": "money.added_post",
    "levers.governance.programme_posts": "governance.programme_post",
    "levers.terms.seconded_officer": "terms.seconded_officer",
}
"""Levers that count posts, and the evidence quantity giving the yearly cost of one."""
_CONSULTANTS, _DEVELOPMENT = "levers.external.posts", "levers.development.spend_per_employee"
_MONTHS_A_YEAR = 12


class Card(PackPart):
    """One card. `set` gives a lever a value, `add` moves it; both end after `for_months`, if given."""

    name: Name
    title: Line
    scope: Scope
    does: Line
    why: Line
    trap: Line
    takes: Annotated[int, Field(ge=0, le=3)]
    """Cost in points of leadership time."""
    after_months: Annotated[int, Field(ge=0, le=5)] = 0
    for_months: Annotated[int, Field(ge=0, le=60)] = 0
    """Months for which it works; 0 means permanently."""
    rests: Annotated[int, Field(ge=0, le=10)] = 0
    """Half-years before it can be played again."""
    at_start: bool = False
    """True if it can be chosen in the first half-year only."""
    set: dict[str, Value] = Field(default_factory=dict)
    add: dict[str, float | int] = Field(default_factory=dict)
    sources: Sources

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.levers:
            raise ValueError("a card sets a lever or adds to one")
        for key in self.levers:
            entry = known_levers().get(key)
            if entry is None:
                raise ValueError(f"{key} is no lever{suggestion(key, known_levers())}")
            if entry["changes"] == "at the start" and not self.at_start:
                raise ValueError(f"{key} can only be chosen at the start; say at_start: true")
            if key in self.add and entry["type"] not in ("number", "whole number"):
                raise ValueError(f"{key} is a {entry['type']}: nothing can be added to it")
        if self.at_start and (self.after_months or self.for_months or self.add):
            raise ValueError("a card of the start sets levers at once and for good")
        if set(self.set) & set(self.add):
            raise ValueError("a lever is either set or added to")
        return self

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers it changes."""
        return (*self.set, *self.add)

    @property
    def timing(self) -> str:
        """Delay and duration of its effect, in words."""
        begins = f"Works after {_months(self.after_months)}" if self.after_months else "Works at once"
        lasts = f", for {_months(self.for_months)}" if self.for_months else ", and stays"
        again = f"; can be played again after {_half_years(self.rests)}" if self.rests and not self.at_start else ""
        return "Chosen now or never" if self.at_start else f"{begins}{lasts}{again}"

    def price(self, settings: Settings) -> str:
        """Money that the model charges for it, in words; "" if none."""
        pounds = sum(self._yearly(settings))
        if not pounds:
            return ""
        return f"about £{round(pounds / 1000):,}k {'in all' if self.for_months == _MONTHS_A_YEAR else 'a year'}"

    def _yearly(self, settings: Settings) -> Iterator[float]:
        evidence = settings.evidence_values
        for key, value in (*self.set.items(), *self.add.items()):
            number = float(value) if isinstance(value, int | float) else 0.0
            if key in _PRICES:
                yield number * evidence[_PRICES[key]]
            elif key == _CONSULTANTS:
                yield number * _MONTHS_A_YEAR * evidence["external.cost_a_month"]
            elif key == _DEVELOPMENT and key in self.add:
                yield number * settings.partnership.headcount


@cache
def deck() -> dict[str, Card]:
    """All cards by name, in file order."""
    return several(Card, COMMON / "cards.yaml")


@cache
def known_levers() -> dict[str, dict[str, Any]]:
    """The declared levers by full key."""
    return {entry["name"]: entry for entry in lever_entries()}


def _months(count: int) -> str:
    return "a month" if count == 1 else f"{count} months"


def _half_years(count: int) -> str:
    return "another half-year" if count == 1 else f"{count} more half-years"
