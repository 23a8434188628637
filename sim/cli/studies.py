"""Commands that simulate, and that tell what was simulated."""

from __future__ import annotations

import sys

from sim import terminal
from sim.cli.app import AsJson, ConfigDir, Overrides, StudyName, app, library


@app.command("run")
def run(overrides: Overrides = None, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Simulate plans, compare them and write a study folder to outputs/.

    Without scenario=…: the plans in study.scenarios. With one: it and the reference. With a,b: those.

    Example: tandem run scenario=parallel levers.pace.months_between_waves=2 study.replications=500
    """
    from sim import api

    design = api.cells_of(overrides or [], library(config_dir))
    return terminal.carry_out(design, terminal.ROOT, as_json)


@app.command("sweep")
def sweep(overrides: Overrides = None, config_dir: ConfigDir = None, as_json: AsJson = False) -> int:
    """Simulate every combination of several values, as one study.

    Example: tandem sweep scenario=structure_first,parallel "levers.pace.months_between_waves=range(1,7)"
    """
    from sim.__main__ import application

    own = [f"--config-dir={config_dir}"] if config_dir is not None else []
    return application(["--multirun", *own, *(overrides or [])], as_json)


@app.command("diary")
def diary(study: StudyName, scenario: str, replication: int) -> int:
    """Tell one history in plain words, month by month. STUDY is a folder or LATEST."""
    from sim import api

    found = api.load(study)
    lines = api.diary(found, scenario, replication)
    if found.code_differs:
        print("note: the program has changed since this study was run", file=sys.stderr)
    print("\n".join(lines))
    return 0
