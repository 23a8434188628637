"""The command that simulates plans."""

from __future__ import annotations

from sim.surfaces import api, terminal, terminal_studies
from sim.surfaces.cli.options import AsJson, ConfigDir, Overrides, app, library


@app.command("run")
def run(overrides: Overrides = None, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Simulate plans, compare them and write a study folder to outputs/.

    Without scenario=…: the plans in study.scenarios. With one: it and the reference. With a,b: those.

    Example: tandem run scenario=parallel levers.pace.months_between_waves=2 study.replications=500
    """
    plan = api.plan_run(overrides or [], library(config_dir))
    return terminal_studies.carry_out(plan, terminal.ROOT, as_json)
