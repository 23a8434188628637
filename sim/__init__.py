"""Tandem: what if councils shared management and services? In what order, how fast, and what could go wrong.

    import sim
    study = sim.run(["scenario=parallel", "study.replications=50"])
    print(sim.summary(study).text)

Names are imported when first used, so that `import sim` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.core.errors import InputError
    from sim.engine import Simulation
    from sim.engine.settings import Settings
    from sim.plans.compose import compose
    from sim.plans.strict import Library
    from sim.plans.study_settings import StudySettings
    from sim.study.study import Study
    from sim.surfaces.api import about, diary, listed, load, run, summary, sweep

_HOMES = {
    "surfaces.api": ("about", "diary", "listed", "load", "run", "summary", "sweep"),
    "core.errors": ("InputError",),
    "engine": ("Simulation",),
    "engine.settings": ("Settings",),
    "plans.compose": ("compose",),
    "plans.strict": ("Library",),
    "plans.study_settings": ("StudySettings",),
    "study.study": ("Study",),
}

__all__ = [
    "InputError",
    "Library",
    "Settings",
    "Simulation",
    "Study",
    "StudySettings",
    "about",
    "compose",
    "diary",
    "listed",
    "load",
    "run",
    "summary",
    "sweep",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"sim.{home}"), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")
