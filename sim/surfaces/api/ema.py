"""Tandem for the EMA Workbench: a plain function of parameters, with its levers, uncertainties and outcomes.

    from ema_workbench import SequentialEvaluator
    from sim.surfaces.api import ema

    model = ema.model(levers=["levers.hr.od_posts"], uncertainties=["evidence.time.review"], replications=40)
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=50, policies=4)

The Workbench itself is imported only when its parameters, outcomes or model are requested. Names of parameters
are our keys with two underscores for each dot: `levers__hr__od_posts`, `evidence__time__review`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import NEVER
from sim.core.errors import InputError, suggestion
from sim.engine.outcomes import OUTCOMES
from sim.plans.compose import cell_id, compose
from sim.plans.declared_lists import evidence_entries, lever_entries
from sim.plans.strict import Library
from sim.plans.variants import variant
from sim.study.design.cells import Cell
from sim.study.running.study_run import evaluate

if TYPE_CHECKING:
    from sim.engine.settings import Settings
    from sim.plans.study_settings import StudySettings

REPLICATIONS = 40
"""Default histories per experiment; they give the chance of a flag to about 15 points in 100."""


def tandem_model(
    scenario: str = "structure_first",
    partnership: str | None = None,
    replications: int = REPLICATIONS,
    seed: int = 1,
    horizon_months: int | None = None,
    **parameters: Any,
) -> dict[str, float]:
    """Outcomes of one plan: means over histories, and for flags the share of histories.

    `parameters` are levers and evidence values by identifier. The same seed is the same luck in every
    experiment. NaN if some history has no value, so that a payback that never comes is not left out of a
    mean. Raises InputError for an unknown parameter or a value that is not allowed.
    """
    chosen = _chosen(scenario, partnership, horizon_months)
    base, study = _base(chosen)
    settings = _changed(base, chosen, {key_of(name): _plain(value) for name, value in parameters.items()})
    run = study.model_copy(update={"replications": int(replications), "seed": int(seed), "workers": 1})
    runs = evaluate([Cell(cell_id(settings), scenario, scenario, settings)], run)
    return {name: float(runs[name].mean(skipna=False)) for name in OUTCOMES}


def model(
    levers: Sequence[str] = (),
    uncertainties: Sequence[str] = (),
    outcomes: Sequence[str] | None = None,
    name: str = "tandem",
    **fixed: Any,
) -> Any:
    """An `ema_workbench.Model` of Tandem for an evaluator; `fixed` holds the function's other arguments."""
    workbench = _workbench()
    made = workbench.Model(name, function=tandem_model)
    made.levers = lever_parameters(levers)
    made.uncertainties = evidence_parameters(uncertainties)
    made.outcomes = scalar_outcomes(outcomes)
    made.constants = [workbench.Constant(key, value) for key, value in fixed.items()]
    return made


def lever_parameters(names: Iterable[str] | None = None) -> list[Any]:
    """Levers as Workbench parameters: those named, or all that are numbers, choices or yes/no."""
    workbench, made = _workbench(), []
    for entry in _named(names, [entry for entry in lever_entries() if entry["type"] not in ("list", "text")]):
        name = identifier(entry["name"])
        if entry["type"] == "whole number":
            made.append(workbench.IntegerParameter(name, entry["low"], entry["high"], default=entry["default"]))
        elif entry["type"] == "number":
            made.append(workbench.RealParameter(name, entry["low"], entry["high"], default=entry["default"]))
        elif entry["type"] == "choice":
            made.append(workbench.CategoricalParameter(name, entry["choices"], default=entry["default"]))
        else:
            made.append(workbench.BooleanParameter(name, default=entry["default"]))
    return made


def evidence_parameters(names: Iterable[str] | None = None) -> list[Any]:
    """Evidence quantities as Workbench parameters over their ranges: those named, or all with a range."""
    workbench = _workbench()
    ranged = [entry for entry in evidence_entries() if entry["low"] < entry["high"]]
    return [
        workbench.RealParameter(identifier(entry["name"]), entry["low"], entry["high"], default=entry["value"])
        for entry in _named(names, ranged)
    ]


def scalar_outcomes(names: Iterable[str] | None = None) -> list[Any]:
    """Outcomes with their directions: those named, or all except those whose null means never."""
    outcome = _workbench().ScalarOutcome
    kinds = {"higher": outcome.MAXIMIZE, "lower": outcome.MINIMIZE, "neutral": outcome.INFO}
    entries = [{"name": name, "better": each.better} for name, each in OUTCOMES.items()]
    usual = [entry["name"] for entry in entries if entry["name"] not in NEVER]
    chosen = _named(usual if names is None else names, entries)
    return [outcome(entry["name"], kind=kinds[entry["better"]]) for entry in chosen]


def identifier(key: str) -> str:
    """A key as the name of a parameter: `levers.hr.od_posts` is `levers__hr__od_posts`."""
    return key.removesuffix(".value").replace(".", "__")


def key_of(name: str) -> str:
    """The key behind a parameter name."""
    key = name.replace("__", ".")
    return f"{key}.value" if key.startswith("evidence.") else key


def _workbench() -> Any:
    try:
        import ema_workbench
    except ImportError as error:
        raise InputError("this needs the EMA Workbench: pip install 'tandem-sim[analysis]'") from error
    return ema_workbench


def _named(names: Iterable[str] | None, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries with these names, in the given order; all entries if no names are given."""
    if names is None:
        return list(entries)
    known = {entry["name"]: entry for entry in entries}
    chosen = [name.removesuffix(".value") for name in names]
    for name in chosen:
        if name not in known:
            raise InputError(f"'{name}' is not among what can be used here{suggestion(name, known)}")
    return [known[name] for name in chosen]


def _chosen(scenario: str, partnership: str | None, horizon_months: int | None) -> tuple[str, ...]:
    """The overrides that choose the base plan."""
    given = {"scenario": scenario, "partnership": partnership, "study.horizon_months": horizon_months}
    return tuple(f"{key}={value}" for key, value in given.items() if value is not None)


@lru_cache(maxsize=16)
def _base(chosen: tuple[str, ...]) -> tuple[Settings, StudySettings]:
    composed = compose(chosen, Library())
    return composed.settings, composed.study


def _changed(base: Settings, chosen: tuple[str, ...], values: dict[str, Any]) -> Settings:
    """The settings with these values; raises the command line's own sentence if they are refused."""
    try:
        return variant(base, values)
    except (ValueError, KeyError):
        compose([*chosen, *(f"{key}={value}" for key, value in values.items())], Library())
        raise


def _plain(value: Any) -> Any:
    """A value for our settings, with categories and NumPy numbers made plain."""
    value = getattr(value, "value", value)
    return value.item() if hasattr(value, "item") else value
