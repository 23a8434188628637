"""Commands that simulate."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.core.errors import InputError
from sim.surfaces import terminal
from sim.surfaces.cli.options import AsJson, ConfigDir, Overrides, app, library


@app.command("run")
def run(overrides: Overrides = None, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Simulate plans, compare them and write a study folder to outputs/.

    Without scenario=…: the plans in study.scenarios. With one: it and the reference. With a,b: those.

    Example: tandem run scenario=parallel levers.pace.months_between_waves=2 study.replications=500
    """
    from sim.surfaces import api

    plan = api.plan_run(overrides or [], library(config_dir))
    return terminal.carry_out(plan, terminal.ROOT, as_json)


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
        return terminal.resume(name, anyway, retry is not None, as_json)
    if anyway:
        raise InputError("--anyway goes with --resume or --retry-failed")
    from sim.__main__ import Shown, application

    own = [f"--config-dir={config_dir}"] if config_dir is not None else []
    return application(["--multirun", *own, *(overrides or [])], Shown(as_json, yes))
