"""The sweeper behind `python -m sim -m`: one job runs every cell of the design, into one study.

Hydra's own sweeper composes and launches one job per cell, which costs about a third of a second each.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

ConfigStore.instance().store(
    group="hydra/sweeper", name="tandem", node={"_target_": f"{__name__}.TandemSweeper"}, provider="tandem"
)


class TandemSweeper(Sweeper):
    """Launches one job and hands it the design, which was checked cell by cell before Hydra started."""

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
        """Run the design of the command line that started Hydra; InputError before anything runs."""
        from sim.__main__ import note, planned

        design = planned(self._composed)
        with tempfile.TemporaryDirectory(prefix="tandem-") as folder:
            path = Path(folder) / "cells.json"
            path.write_text(json.dumps(design), encoding="utf-8")
            returns = self.launcher.launch([[f"design.cells='{path.as_posix()}'"]], initial_job_idx=0)
            note(returns[0].return_value)
        return returns

    def _composed(self, overrides: Sequence[str]) -> dict[str, Any]:
        config = self.context.config_loader.load_sweep_config(self.config, list(overrides))
        with_hydra: Any = OmegaConf.to_container(config, resolve=False)
        return {key: value for key, value in with_hydra.items() if key != "hydra"}
