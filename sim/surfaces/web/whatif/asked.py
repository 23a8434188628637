"""Typed requests and responses of the What-if API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sim.rooms.whatif.answer_page import Picture
from sim.rooms.whatif.asked_plans import Question
from sim.rooms.whatif.form import FormPart, Value
from sim.rooms.whatif.histories import Way
from sim.rooms.whatif.unanswered_questions import Opened
from sim.surfaces.web.long_answers import Explained, Exported, Tipped

LONGEST_TABLE = 200_000
"""Most characters in a table of councils: about a hundred times a table of four councils."""


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskedAnswer(Question):
    """A question, and whether to add the uncertainty from open decision-map questions."""

    with_open: bool = False


class AskedHistory(_Asked):
    """Request for one history of a plan; plans are numbered by place, -1 for the reference."""

    question: Question
    plan: Annotated[int, Field(ge=-1, le=3)] = 0
    way: Way = "typical"


class AskedWhy(_Asked):
    """Request to explain the difference between two plans, numbered by place, -1 for the reference."""

    question: Question
    first: Annotated[int, Field(ge=-1, le=3)] = -1
    second: Annotated[int, Field(ge=-1, le=3)] = 0
    outcome: Literal["npv_gbp_m", "recurrent_saving_y5_gbp_m", "dissolved", "stalled", "peak_fatigue"] = "npv_gbp_m"


class AskedTip(_Asked):
    """Request for a plan's tipping point: a lever, and a chance to keep below a limit in per cent."""

    question: Question
    plan: Annotated[int, Field(ge=0, le=3)] = 0
    lever: Annotated[str, StringConstraints(pattern=r"^levers\.[a-z_]{1,30}\.[a-z_]{1,40}$")]
    target: Literal["dissolved", "stalled", "loses_money", "too_tired"] = "dissolved"
    limit_percent: Annotated[float, Field(gt=0, lt=100)] = 25.0


class AskedExport(_Asked):
    """Request to export a question's study as a bundle or brief, or its first plan's settings.

    A changed file is overwritten only with `force`.
    """

    question: Question
    kind: Literal["study", "brief", "settings"]
    audience: Literal["members", "officers", "technical"] = "officers"
    force: bool = False


class AskedPartnership(_Asked):
    """A table of councils as CSV text, with the partnership's name and start year, if given.

    It is saved in a file or, with `keep` false, held in memory until the server ends.
    """

    table: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TABLE)]
    name: Annotated[str, StringConstraints(max_length=80)] = ""
    start_year: Annotated[int, Field(ge=1974, le=2100)] | None = None
    keep: bool = True


class Checked(FormPart):
    """A plan as understood: its values by lever, command-line overrides, and cell."""

    values: dict[str, Value]
    overrides: list[str]
    command: str
    cell: str
    doubts: list[str]


class StreamLine(FormPart):
    """One line of a streamed answer; exactly one of its parts is set."""

    cells: list[str] | None = None
    picture: Picture | None = None
    opened: Opened | None = None
    progress: tuple[int, int] | None = None
    explained: Explained | None = None
    tipped: Tipped | None = None
    exported: Exported | None = None
    address: str | None = None
    refused: dict[str, str] | None = None
