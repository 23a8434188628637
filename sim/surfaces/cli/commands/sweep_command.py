"""The command that simulates every combination of several values, or plans over a sample."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import terminal_studies
from sim.surfaces.cli.options import AsJson, ConfigDir, Overrides, app
from sim.surfaces.hydra_application import AnswerStyle, application


@app.command("sweep")
def sweep(
    overrides: Overrides = None,
    config_dir: ConfigDir = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="STUDY", help="Go on with a stopped study.")] = None,
    retry: Annotated[
        str | None, typer.Option("--retry-failed", metavar="STUDY", help="Go on, and run again what failed.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Resume though program or libraries changed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, so many cells are meant.")] = False,
    as_json: AsJson = False,
) -> int:
    """Simulate every combination of several values, or plans over a sample, as one study.

    Example: tandem sweep scenario=structure_first,parallel "levers.pace.months_between_waves=range(1,7)"

    A sample: tandem sweep design=sobol design.over=evidence design.n=64 study.replications=10
    """
    name = resume or retry
    if name is not None:
        if overrides or config_dir or (resume and retry):
            raise InputError("--resume and --retry-failed take one study and nothing else: it goes on as it began")
        return terminal_studies.resume(name, anyway, retry is not None, as_json)
    if anyway:
        raise InputError("--anyway goes with --resume or --retry-failed")
    own = [f"--config-dir={config_dir}"] if config_dir is not None else []
    return application(["--multirun", *own, *(overrides or [])], AnswerStyle(as_json, yes))
