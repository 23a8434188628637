"""What the command line, the page and notebooks call: one function per thing a user can ask for.

Everything raises InputError, one sentence for people, where what was asked for cannot be done. Modules are imported
when a name of theirs is first used, so that a command loads only what it needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.study.design.cells import plan_run
    from sim.study.design.sweeping import plan_sweep
    from sim.study.files.newest import find_study
    from sim.surfaces.api.diaries import diary
    from sim.surfaces.api.exports import export, export_csv, reproduce
    from sim.surfaces.api.listings import (
        KINDS,
        about,
        listed,
        new_partnership,
        partnership_template,
        validate,
        write_validation,
    )
    from sim.surfaces.api.questions.comparing import compare
    from sim.surfaces.api.questions.drivers import sensitivity, tornado
    from sim.surfaces.api.questions.ending_indicators import indicators
    from sim.surfaces.api.questions.failing_regions import discover
    from sim.surfaces.api.questions.reasons import why
    from sim.surfaces.api.questions.regrets import robust
    from sim.surfaces.api.questions.seeking_plans import search
    from sim.surfaces.api.questions.similar_councils import like
    from sim.surfaces.api.questions.tipping_points import tip
    from sim.surfaces.api.questions.winner_map import winner_map
    from sim.surfaces.api.reporting import report
    from sim.surfaces.api.studies import OUTPUTS, as_json, load, resume, run, share_out, simulate, summary, sweep

_HOMES = """\
study.design.cells plan_run
study.design.sweeping plan_sweep
study.files.newest find_study
surfaces.api.diaries diary
surfaces.api.exports export export_csv reproduce
surfaces.api.listings KINDS about listed new_partnership partnership_template validate write_validation
surfaces.api.questions.comparing compare
surfaces.api.questions.drivers sensitivity tornado
surfaces.api.questions.ending_indicators indicators
surfaces.api.questions.failing_regions discover
surfaces.api.questions.reasons why
surfaces.api.questions.regrets robust
surfaces.api.questions.seeking_plans search
surfaces.api.questions.similar_councils like
surfaces.api.questions.tipping_points tip
surfaces.api.questions.winner_map winner_map
surfaces.api.reporting report
surfaces.api.studies OUTPUTS as_json load resume run share_out simulate summary sweep
"""
__all__ = [
    "KINDS",
    "OUTPUTS",
    "about",
    "as_json",
    "compare",
    "diary",
    "discover",
    "export",
    "export_csv",
    "find_study",
    "indicators",
    "like",
    "listed",
    "load",
    "new_partnership",
    "partnership_template",
    "plan_run",
    "plan_sweep",
    "report",
    "reproduce",
    "resume",
    "robust",
    "run",
    "search",
    "sensitivity",
    "share_out",
    "simulate",
    "summary",
    "sweep",
    "tip",
    "tornado",
    "validate",
    "why",
    "winner_map",
    "write_validation",
]

_HOME_OF = {name: home for home, *names in map(str.split, _HOMES.splitlines()) for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"sim.{_HOME_OF[name]}"), name)
