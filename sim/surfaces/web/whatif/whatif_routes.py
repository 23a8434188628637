"""Routes of the What-if room: its page and its API."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from pydantic import StringConstraints

from sim.core.errors import InputError
from sim.plans import partnership_csv
from sim.plans.scenario import values as values_of
from sim.plans.strict import Library
from sim.rooms.whatif import histories, unanswered_questions
from sim.rooms.whatif.answer_page import picture
from sim.rooms.whatif.asked_plans import NAME, Question, Wrong, cell_ids, command, overrides_of, study_of
from sim.rooms.whatif.form import Form, form
from sim.rooms.whatif.histories import Told
from sim.rooms.whatif.own_partnerships import Kept, Own
from sim.rooms.whatif.progressive_answers import Looking
from sim.surfaces.web import long_answers, pages
from sim.surfaces.web.context import Context
from sim.surfaces.web.long_answers import Exported
from sim.surfaces.web.seats import Seats
from sim.surfaces.web.streaming import NDJSON, StoppableStream
from sim.surfaces.web.whatif.asked import (
    AskedAnswer,
    AskedExport,
    AskedHistory,
    AskedPartnership,
    AskedTip,
    AskedWhy,
    Checked,
    StreamLine,
)
from sim.surfaces.web.workers import Abandoned, LongJob

LOG = logging.getLogger("sim.surfaces.web")
ASKING = 6
"""Most answers refined at once; further requests are refused with a message."""
BUSY = "Several answers are being worked out already; please try again in a moment."
WAITING = 4
"""Most long questions in the queue; the last of them waits some minutes."""
BUSY_LONG = "Several long questions are waiting already; please try again in a minute."
TICK = 0.5
"""Seconds between progress reports on a long question."""

TARGETS = {
    "dissolved": "dissolved <",
    "stalled": "stalled <",
    "loses_money": "share(npv_gbp_m < 0) <",
    "too_tired": "share(months_fatigue_over_line > 0) <",
}
"""Targets for a plan, each a chance to keep below a limit in per cent."""


Lines = AsyncGenerator[StreamLine, None]
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"model": StreamLine, "description": "One JSON object a line, each a Line", "content": {NDJSON: {}}}
}


@dataclass
class WhatifRoom:
    """State that the room keeps while the server runs."""

    context: Context
    own: Own
    looking: Looking
    asking: Seats = field(default_factory=lambda: Seats(ASKING, BUSY))
    waiting: Seats = field(default_factory=lambda: Seats(WAITING, BUSY_LONG))
    made: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def library(self) -> Library:
        """Library of every partnership and scenario that can be chosen."""
        return self.own.library

    @property
    def desk(self) -> long_answers.AnswerDesk:
        """Inputs for a process that answers a long question."""
        return long_answers.AnswerDesk(self.context.folder, self.own.held)


def router(context: Context) -> APIRouter:
    """The routes of the room."""
    made = APIRouter(tags=["what if"])
    room = WhatifRoom(context, Own(context.folder), Looking(context.workers.run))
    _page(made)
    _form(made, room)
    _answers(made, room)
    _long(made, room)
    _files(made, room)
    return made


def _page(made: APIRouter) -> None:
    @made.get("/whatif", include_in_schema=False)
    def whatif(request: Request) -> Response:
        elsewhere = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
        return pages.page(request, "whatif/room.html.j2", room="whatif", elsewhere=elsewhere)


def _form(made: APIRouter, room: WhatifRoom) -> None:
    @made.get("/api/whatif/form")
    def what_can_be_set(
        partnership: Annotated[str, StringConstraints(pattern=NAME)] = "bromsgrove_redditch",
        scenario: Annotated[str, StringConstraints(pattern=NAME)] = "structure_first",
    ) -> Form:
        """Everything a plan can choose from, with the values of one scenario for one partnership."""
        return form(partnership, scenario, room.library, room.own.notes)

    @made.post("/api/whatif/check")
    def check(asked: Question) -> Checked:
        """Check of the first plan of a question: its values, and the command line that simulates the same."""
        plan = asked.plans[0]
        study = study_of(asked.model_copy(update={"plans": (plan,)}), room.library)
        cell = cell_ids(asked, room.library)[0]
        settings = next(each for each in study.cells if each.id == cell).settings
        shown = {key: value for key, value in values_of(settings).items() if key.startswith(("levers.", "mechanisms."))}
        plain = {key: value for key, value in shown.items() if isinstance(value, bool | int | float | str)}
        return Checked(
            values=plain,
            overrides=overrides_of(plan, room.library),
            command=command(plan, asked, room.library),
            cell=cell,
            doubts=settings.doubts,
        )

    @made.post("/api/whatif/partnerships")
    def keep_partnership(asked: AskedPartnership) -> Kept:
        """Make a partnership of a CSV table, kept or held in memory; a refusal names the line and the column."""
        made = room.own.keep if asked.keep else room.own.hold
        return made(asked.table, " ".join(asked.name.split()), asked.start_year)

    @made.get("/api/whatif/template", response_class=PlainTextResponse)
    def template() -> Response:
        """A table of councils to fill in, as CSV."""
        headers = {"Content-Disposition": f'attachment; filename="{partnership_csv.TEMPLATE}"'}
        return PlainTextResponse(partnership_csv.template(), media_type="text/csv", headers=headers)


def _answers(made: APIRouter, room: WhatifRoom) -> None:
    @made.post("/api/whatif/answer", responses=_STREAM)
    async def answer(asked: AskedAnswer) -> Response:
        """Outcomes of the plans, first from a few histories, then from more; closing the stream stops it."""
        room.asking.take()
        try:
            plan = await asyncio.to_thread(study_of, asked, room.library)
        except BaseException:
            room.asking.leave()
            raise
        return _streamed(_looks(asked, plan, room), room.asking.leave)

    @made.post("/api/whatif/history")
    async def history(asked: AskedHistory) -> Told:
        """One history of a plan, picked by a rule: its work, what befell it, and its diary."""
        plan = await asyncio.to_thread(study_of, asked.question, room.library)
        ids = await asyncio.to_thread(cell_ids, asked.question, room.library)
        cell = _of(asked.plan, [plan.reference, *ids], "plan")
        with room.asking.taken():
            study = await room.looking.live(plan)
        return await asyncio.to_thread(histories.told, study, cell, asked.way)


def _of(place: int, cells: list[str], name: str) -> str:
    """The cell of the plan at a place; -1 is the reference."""
    if place + 1 >= len(cells):
        raise Wrong(name, f"There is no plan {place + 1} in the question.")
    return cells[place + 1]


async def _looks(asked: AskedAnswer, plan: Any, room: WhatifRoom) -> Lines:
    ids = await asyncio.to_thread(cell_ids, asked, room.library)
    yield StreamLine(cells=[plan.reference, *ids])
    async for look in room.looking.looks(plan):
        yield StreamLine(picture=await asyncio.to_thread(picture, look))
    if asked.with_open:
        own = asked.plans[0]
        cell = next(each for each in plan.cells if each.id == ids[0])
        rows = await room.looking.mixed(cell, asked.seed, unanswered_questions.drawn(own, asked.seed))
        yield StreamLine(opened=unanswered_questions.opened(own, own.name or "the plan", rows))


def _long(made: APIRouter, room: WhatifRoom) -> None:
    @made.post("/api/whatif/why", responses=_STREAM)
    async def why(asked: AskedWhy) -> Response:
        """Explanation of the difference between two plans: each lever's share, and the mechanisms behind it."""
        cells = await asyncio.to_thread(long_answers.cells, asked.question, room.library)
        pair = (_of(asked.first, cells, "first"), _of(asked.second, cells, "second"))
        if pair[0] == pair[1]:
            raise Wrong("second", "The two are the same plan; change something, or choose two that differ.")
        job = _queued(room, long_answers.why, asked.question, room.desk, pair, asked.outcome)
        return _streamed(_worked(room, job, lambda found: StreamLine(explained=found)))

    @made.post("/api/whatif/tip", responses=_STREAM)
    async def tip(asked: AskedTip) -> Response:
        """Tipping point of one lever: its value at which a chance passes a limit."""
        cells = await asyncio.to_thread(long_answers.cells, asked.question, room.library)
        cell, target = _of(asked.plan, cells, "plan"), f"{TARGETS[asked.target]} {asked.limit_percent / 100:.4f}"
        job = _queued(room, long_answers.tip, asked.question, room.desk, cell, asked.lever, target)
        return _streamed(_worked(room, job, lambda found: StreamLine(tipped=found)))


def _queued(room: WhatifRoom, function: Callable[..., Any], *args: Any) -> LongJob[Any]:
    room.waiting.take()
    try:
        job = room.context.workers.later(function, *args)
    except BaseException:
        room.waiting.leave()
        raise
    job.future.add_done_callback(lambda _: room.waiting.leave())
    return job


async def _worked(room: WhatifRoom, job: LongJob[Any], told: Callable[[Any], StreamLine]) -> Lines:
    """Progress of a job every half second, then its result; closing the stream cancels the job."""
    waiting = asyncio.wrap_future(job.future)
    try:
        while not waiting.done():
            yield StreamLine(progress=job.progress)
            await asyncio.wait([waiting], timeout=TICK)
        yield told(waiting.result())
    except Abandoned:
        yield StreamLine(refused={"field": "", "message": "The question was given up."})
    finally:
        job.cancel()


def _files(made: APIRouter, room: WhatifRoom) -> None:
    @made.post("/api/whatif/export", responses=_STREAM)
    async def export(asked: AskedExport) -> Response:
        """A study as a bundle, a brief, or the settings of a plan; its address comes with the last line."""
        question = asked.question
        await asyncio.to_thread(study_of, question, room.library)
        if asked.kind == "settings":
            return _streamed(_settings(question, room, asked.force))
        key = question.model_dump_json()
        made_before = room.made.get(key, "")
        job = _queued(
            room, long_answers.export, question, room.desk, asked.kind, asked.audience, made_before, asked.force
        )

        def done(found: Exported) -> StreamLine:
            room.made[key] = found.study
            return _taken(room, found, room.context.folder / long_answers.OUTPUTS / found.file)

        return _streamed(_worked(room, job, done))

    @made.get("/api/whatif/files/{token}", response_class=FileResponse)
    def file(token: Annotated[str, StringConstraints(pattern=r"^[\w-]{8,40}$")]) -> Response:
        """A file that was made before, under the address that was given then."""
        found = room.files.get(token)
        if found is None or not found.is_file():
            raise HTTPException(404, "There is no such file any more; please make it again.")
        return FileResponse(found, filename=found.name, media_type="application/octet-stream")


async def _settings(asked: Question, room: WhatifRoom, force: bool) -> Lines:
    name = re.sub(r"[^a-z0-9]+", "_", asked.plans[0].name.lower()).strip("_")[:40] or "plan"
    found = room.context.folder / long_answers.OUTPUTS / f"{name}.yaml"
    text = await asyncio.to_thread(_scenario_file, asked, room)
    await asyncio.to_thread(long_answers.write_unless_changed, found, text.encode(), force)
    yield _taken(room, Exported(file=found.name, kind="settings", digest="", study=""), found)


def _scenario_file(asked: Question, room: WhatifRoom) -> str:
    plan = asked.plans[0]
    return long_answers.settings_text(plan, room.library, command(plan, asked, room.library))


def _taken(room: WhatifRoom, found: Exported, file: Path) -> StreamLine:
    token = secrets.token_urlsafe(12)
    room.files[token] = file
    return StreamLine(exported=found, address=f"/api/whatif/files/{token}")


def _streamed(lines: Lines, after: Callable[[], None] = lambda: None) -> StoppableStream:
    """Lines as they arrive, then a call of `after`; an error becomes a line with its sentence."""

    async def text() -> AsyncIterator[str]:
        try:
            async for line in lines:
                yield line.model_dump_json(exclude_none=True) + "\n"
        except InputError as error:
            said = {"field": getattr(error, "field", ""), "message": str(error)}
            yield StreamLine(refused=said).model_dump_json(exclude_none=True) + "\n"
        except Exception:
            LOG.exception("an answer failed")
            message = "Something went wrong in the program; the page can go on, this answer is missing."
            yield StreamLine(refused={"field": "", "message": message}).model_dump_json(exclude_none=True) + "\n"
        finally:
            await lines.aclose()

    return StoppableStream(text(), after)
