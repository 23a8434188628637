"""What the What-if room is asked and what it answers, typed: the page's own API, and its documentation."""

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
"""Letters of a table of councils: some hundred times one with four."""


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskedAnswer(Question):
    """A question, and whether what open questions of the decision map leave uncertain is wanted too."""

    with_open: bool = False


class AskedHistory(_Asked):
    """Which history of which plan of a question: the plan by its place, -1 for the reference."""

    question: Question
    plan: Annotated[int, Field(ge=-1, le=3)] = 0
    way: Way = "typical"


class AskedWhy(_Asked):
    """Two plans of a question by their places, -1 for the reference, and what they differ in."""

    question: Question
    first: Annotated[int, Field(ge=-1, le=3)] = -1
    second: Annotated[int, Field(ge=-1, le=3)] = 0
    outcome: Literal["npv_gbp_m", "recurrent_saving_y5_gbp_m", "dissolved", "stalled", "peak_fatigue"] = "npv_gbp_m"


class AskedTip(_Asked):
    """Along which lever a plan of a question is to keep a chance below a limit in percent."""

    question: Question
    plan: Annotated[int, Field(ge=0, le=3)] = 0
    lever: Annotated[str, StringConstraints(pattern=r"^levers\.[a-z_]{1,30}\.[a-z_]{1,40}$")]
    target: Literal["dissolved", "stalled", "loses_money", "too_tired"] = "dissolved"
    limit_percent: Annotated[float, Field(gt=0, lt=100)] = 25.0


class AskedExport(_Asked):
    """What to take away of a question: its study as a bundle, a brief, or the settings of its first plan.

    A file that somebody has changed is written over with `force` alone.
    """

    question: Question
    kind: Literal["study", "brief", "settings"]
    audience: Literal["members", "officers", "technical"] = "officers"
    force: bool = False


class AskedPartnership(_Asked):
    """A table of councils as CSV text, the partnership's name and the year it starts, where given.

    It is kept in a file, or with `keep` false held in memory until the server ends.
    """

    table: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TABLE)]
    name: Annotated[str, StringConstraints(max_length=80)] = ""
    start_year: Annotated[int, Field(ge=1974, le=2100)] | None = None
    keep: bool = True


class Checked(FormPart):
    """A plan as it was understood: its values by lever, the keys of the command line, and its cell."""

    values: dict[str, Value]
    overrides: list[str]
    command: str
    cell: str
    doubts: list[str]


class StreamLine(FormPart):
    """One line of a streamed answer; exactly one of its parts is there."""

    cells: list[str] | None = None
    picture: Picture | None = None
    opened: Opened | None = None
    progress: tuple[int, int] | None = None
    explained: Explained | None = None
    tipped: Tipped | None = None
    exported: Exported | None = None
    address: str | None = None
    refused: dict[str, str] | None = None
