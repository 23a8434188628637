"""The sweeper behind `python -m sim -m`: runs a sweep into one study, as one job or several.

Hydra's own sweeper composes and launches one job per cell, which costs about a third of a second each.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_launcher import BasicLauncher
from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from sim.surfaces.hydra_application import checked_sweep, note, shared_out

ConfigStore.instance().store(
    group="hydra/sweeper", name="tandem", node={"_target_": f"{__name__}.TandemSweeper"}, provider="tandem"
)


class TandemSweeper(Sweeper):
    """Launches the sweep on the command line, whose cells were all checked before Hydra started."""

    launcher: Launcher
    context: HydraContext
    config: DictConfig

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Called by Hydra before `sweep`."""
        self.context = hydra_context
        self.config = config
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Any:
        """Run the design of the command line that started Hydra; InputError before anything runs.

        Hydra's own launcher gets one job, which simulates on all cores. Any other gets a few jobs, each with a
        range of the cells and one process (`study.workers` asks for more), and what they leave is gathered here.
        """
        typed = checked_sweep(self._composed)
        if isinstance(self.launcher, BasicLauncher):
            returns = self.launcher.launch([["design.sweep=true"]], initial_job_idx=0)
            note(returns[0].return_value)
            return returns
        return shared_out(typed, self._launch)

    def _launch(self, folder: Path, jobs: int) -> None:
        place = f"design.folder='{folder.as_posix()}'"
        overrides = [[place, f"design.job={job}", f"design.jobs={jobs}"] for job in range(jobs)]
        endings = [returned.return_value for returned in self.launcher.launch(overrides, initial_job_idx=0)]
        for refused in dict.fromkeys(ending.refused for ending in endings if ending.refused):
            print(f"a job could not run: {refused}", file=sys.stderr)

    def _composed(self, overrides: Sequence[str]) -> dict[str, Any]:
        config = self.context.config_loader.load_sweep_config(self.config, list(overrides))
        with_hydra: Any = OmegaConf.to_container(config, resolve=False)
        return {key: value for key, value in with_hydra.items() if key != "hydra"}
