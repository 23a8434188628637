"""API of the glass box: the diagram, the mechanisms, and the effect of a switch."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Annotated

from fastapi import APIRouter, Path

from sim.pictures.causal.equations import plain, words
from sim.pictures.causal.parts import MechanismSheet
from sim.pictures.causal.things import THINGS
from sim.rooms.glass import INFLUENCES, SHEETS, facts, papers, switched
from sim.surfaces.web.context import Context
from sim.surfaces.web.glass.glass_forms import (
    Causes,
    EquationOut,
    LineOut,
    MechanismOut,
    QuantityOut,
    ShiftOut,
    Switch,
    SwitchedOut,
)
from sim.surfaces.web.glass.showing import Key, forms, known

ANSWERS_KEPT = 64
"""Switch results kept; each takes a few kilobytes and some seconds to compute."""


def lists(made: APIRouter) -> None:
    """Add routes that return the model's parts as data."""

    @made.get("/api/glass/causes")
    def causes() -> Causes:
        """The causal picture: things, and influences between them with sign, mechanism and evidence."""
        return Causes.model_validate({"things": tuple(THINGS.values()), "influences": INFLUENCES})

    @made.get("/api/glass/mechanisms")
    def mechanisms() -> tuple[MechanismOut, ...]:
        """Every mechanism with equations, evidence and switch."""
        return tuple(map(_mechanism_out, SHEETS.values()))

    @made.get("/api/glass/mechanisms/{key}")
    def mechanism(key: Key) -> MechanismOut:
        """One mechanism with equations, evidence and switch."""
        return _mechanism_out(known(SHEETS, key, "mechanism"))

    @made.get("/api/glass/evidence/{id}")
    def evidence(id: Annotated[str, Path(pattern=r"^[A-Z]{1,2}-?[A-Z]{0,16}[0-9]{0,3}$")]) -> tuple[LineOut, ...]:
        """Rows of the evidence page for an id such as M-ST4 or C-2."""
        return tuple(map(LineOut.model_validate, known(papers.lines(), id, "id")))


def _mechanism_out(sheet: MechanismSheet) -> MechanismOut:
    return MechanismOut(
        key=sheet.key,
        title=sheet.title,
        says=sheet.says,
        switch=sheet.switch,
        forms=tuple(forms(sheet)),
        off=sheet.off,
        files=tuple(facts.files_of(sheet)),
        evidence=tuple(facts.ids_of(sheet)),
        equations=tuple(
            EquationOut(gives=words(e.gives), text=plain(e.text), form=e.form, function=e.function)
            for e in sheet.equations
        ),
        quantities=tuple(QuantityOut(**entry) for entry in facts.quantities_of(sheet)),
    )


def switching(made: APIRouter, context: Context) -> None:
    """Add the route that simulates a mechanism's effect; runs one at a time and caches results."""
    kept: OrderedDict[Switch, SwitchedOut] = OrderedDict()
    turn = asyncio.Semaphore(1)

    @made.post("/api/glass/switched")
    async def switch(asked: Switch) -> SwitchedOut:
        """Effect of a mechanism: a plan with and without it, history by history under the same luck."""
        names = (asked.mechanism, asked.form, asked.scenario, asked.partnership)
        both = await asyncio.to_thread(switched.plans, *names)
        async with turn:
            if asked not in kept:
                bases = switched.bases(both)
                work = [context.workers.run([piece], bases, switched.SEED) for piece in switched.pieces()]
                rows = [row for done in await asyncio.gather(*map(asyncio.wrap_future, work)) for row in done]
                kept[asked] = await asyncio.to_thread(lambda: _switched_out(switched.found(*names, rows)))
                while len(kept) > ANSWERS_KEPT:
                    kept.popitem(last=False)
            return kept[asked]


def _switched_out(finding: switched.Switched) -> SwitchedOut:
    shifts = tuple(
        ShiftOut(
            outcome=shift.outcome,
            title=switched.NAMES[shift.outcome],
            unit=switched.UNITS[shift.kind],
            usual=switched.written(shift.kind, shift.usual),
            other=switched.written(shift.kind, shift.other),
            difference=switched.written(shift.kind, shift.difference, change=True),
            range=f"{switched.written(shift.kind, shift.difference - shift.half_width, change=True)} to "
            f"{switched.written(shift.kind, shift.difference + shift.half_width, change=True)}",
            told_apart=shift.told_apart,
            histories=shift.n,
        )
        for shift in finding.shifts
    )
    return SwitchedOut(said=switched.said(finding), histories=finding.histories, shifts=shifts)
