"""Functions for the command line, the page and notebooks: one for each thing a user can ask for.

Everything raises InputError, one sentence for people, where what was asked for cannot be done. Modules are imported
when a name of theirs is first used, so that a command loads only what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.design.cells import plan_run
    from sim.study.design.sweeping import plan_sweep
    from sim.study.files.newest import find_study
    from sim.surfaces.api.answers import (
        compare,
        discover,
        indicators,
        like,
        robust,
        search,
        sensitivity,
        tip,
        tornado,
        why,
        winner_map,
    )
    from sim.surfaces.api.diaries import diary
    from sim.surfaces.api.exports import export, export_csv, reproduce
    from sim.surfaces.api.listings import (
        KINDS,
        about,
        keep_draws,
        listed,
        new_partnership,
        partnership_template,
        validate,
        write_validation,
    )
    from sim.surfaces.api.reporting import report
    from sim.surfaces.api.studies import OUTPUTS, load, resume, run, share_out, simulate, summary, sweep
    from sim.words.summary.summary import as_json

_HOMES = """\
study.design.cells plan_run
study.design.sweeping plan_sweep
study.files.newest find_study
surfaces.api.diaries diary
surfaces.api.exports export export_csv reproduce
surfaces.api.listings KINDS about keep_draws listed new_partnership partnership_template validate write_validation
surfaces.api.answers compare discover indicators like robust search sensitivity tip tornado why winner_map
surfaces.api.reporting report
surfaces.api.studies OUTPUTS load resume run share_out simulate summary sweep
words.summary.summary as_json
"""
_HOME_OF = {name: home for home, *names in map(str.split, _HOMES.splitlines()) for name in names}
__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"sim.{_HOME_OF[name]}"), name)
