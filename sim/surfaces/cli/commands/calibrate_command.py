"""The command that finds draws of the evidence which agree with published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import terminal
from sim.surfaces.api import calibrating
from sim.surfaces.cli.options import AsJson, app


@app.command("calibrate")
def calibrate(
    cases: Annotated[Path | None, typer.Option("--cases", help="A folder of cases; else the shipped ones.")] = None,
    points: Annotated[int | None, typer.Option("--points", min=20, max=10_000, help="Trials of a wave.")] = None,
    waves: Annotated[int | None, typer.Option("--waves", min=1, max=20, help="Most waves.")] = None,
    draws: Annotated[int | None, typer.Option("--draws", min=2, max=10_000, help="Draws that are kept.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Which luck.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=0, max=1024, help="Processes; 0: every core.")] = 0,
    journals: Annotated[
        Path, typer.Option("--journals", help="Folder that keeps the trials, so that a run broken off goes on.")
    ] = Path("outputs/calibration"),
    write: Annotated[Path | None, typer.Option("--write", help="Write the ensemble to this file.")] = None,
    as_json: AsJson = False,
) -> int:
    """Find draws of the evidence that agree with published figures of role calibrate, wave by wave.

    Figures of role holdout are never read. A run that was broken off goes on where it stopped.

    Example: tandem calibrate --cases my_cases --points 60 --waves 2 --write my_ensemble.yaml
    """
    if write is not None and (write.is_dir() or not write.parent.is_dir()):
        raise InputError(f"--write {write}: the name of a file in a folder that exists is wanted")

    def search() -> int:
        found = calibrating.calibrate(
            journals, cases, terminal.say_progress, points=points, waves=waves, draws=draws, seed=seed, workers=workers
        )
        if write is not None:
            calibrating.write_ensemble(found, write)
        return terminal.show(found, as_json)

    return terminal.exit_code(search)
