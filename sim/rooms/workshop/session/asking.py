"""Refusals of workshop requests, and checks of names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.core.errors import InputError
from sim.rooms.workshop.session.workshop_store import Team

LONGEST_NAME = 40
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class Refused(InputError):
    """A refused request: the field it concerns, and an HTTP status."""

    def __init__(self, message: str, field: str = "", status: int = 422) -> None:
        super().__init__(message)
        self.field = field
        self.status = status


def named(text: str, field: str) -> str:
    """A typed name, checked: one line, printable characters, limited length; markup is plain text."""
    found = " ".join(_UNPRINTABLE.sub(" ", text).split())
    if not found:
        raise Refused("Please give a name.", field)
    if len(found) > LONGEST_NAME:
        raise Refused(f"At most {LONGEST_NAME} characters, please.", field)
    return found


def team_of(teams: Mapping[int, Team], number: int) -> Team:
    """A team by its number; Refused if there is none."""
    if number not in teams:
        raise Refused("There is no such team.", "team", 404)
    return teams[number]
