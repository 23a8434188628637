"""One-at-a-time sensitivity around a plan: a design over all evidence, simulated in memory."""

from collections.abc import Callable, Sequence
from functools import partial

from sim.analysis.sensitivity.indices import Sensitivity, found
from sim.analysis.sensitivity.sampled_points import Sample
from sim.core.errors import InputError
from sim.engine.settings import Settings
from sim.plans.study_settings import StudySettings
from sim.plans.variants import Ids
from sim.study.design.cells import Cell, StudyPlan
from sim.study.design.designs import Design, Factor, as_manifest, row_count, units, values
from sim.study.running.study_run import evaluate
from sim.study.study import Study

REPLICATIONS = 8
"""Replications that suffice, on common luck, to separate a plan's strongest drivers."""
MOST_HISTORIES = 10_000
"""Maximum histories without confirmation; more take minutes on a small machine."""

Progress = Callable[[int, int], None]


def around(settings: Settings) -> Design:
    """Design with each ranged evidence quantity at its low and high ends, others at their values."""
    factors = tuple(
        Factor(f"evidence.{topic}.{name}.value", quantity.low, quantity.high, quantity.value)
        for topic, group in settings.evidence.items()
        for name, quantity in group.items()
        if quantity.low < quantity.high
    )
    return Design("one_at_a_time", factors, 2)


def tornado(
    study: Study,
    outcomes: Sequence[str] | None = None,
    plan: str | None = None,
    replications: int = REPLICATIONS,
    yes: bool = False,
    progress: Progress | None = None,
) -> Sensitivity:
    """Effect of each evidence quantity alone on a plan of the study, by default its reference.

    Every point meets the same luck, that of the study. InputError above MOST_HISTORIES unless `yes`.
    """
    label, settings = base_plan(study, plan)
    design = around(settings)
    run = StudySettings.model_validate(study.manifest["study"]).model_copy(update={"replications": replications})
    histories = row_count(design) * replications
    if histories > MOST_HISTORIES and not yes:
        raise InputError(
            f"{row_count(design):,} points of {replications} histories each are {histories:,}, more than "
            f"{MOST_HISTORIES:,}: add --yes, or take fewer --replications"
        )
    return found(Sample(_simulated(study, label, settings, design, run, progress), outcomes))


def base_plan(study: Study, plan: str | None) -> tuple[str, Settings]:
    """Plan of the study with its label; in a sampled study the base plan without a row's values."""
    cell = study.reference if plan is None else _cell_of(study, plan)
    if study.manifest.get("design") is None or "kind" not in study.manifest["design"]:
        return study.labels[cell], study.settings(cell)
    entry = next(entry for entry in study.manifest["cells"] if entry["cell"] == cell)
    table = study.design
    return str(table.loc[table["cell"] == cell, "scenario"].iloc[0]), study.bases[entry["base"]]


def _cell_of(study: Study, plan: str) -> str:
    if study.manifest.get("design") is not None:
        table = study.design
        named = table.loc[table["scenario"].str.lower() == plan.strip().lower(), "cell"]
        if len(named):
            return str(named.iloc[0])
    return study.cell_named(plan)


def _simulated(
    study: Study, label: str, settings: Settings, design: Design, run: StudySettings, progress: Progress | None
) -> Study:
    """The points of the design as a study in memory."""
    points = [values(design, row) for row in units(design)]
    ids, cells, rows = Ids(settings), dict[str, Cell](), []
    for number, point in enumerate(points):
        found = ids.of({key: value for key, value in point.items() if value != points[0][key]})
        cells.setdefault(found, Cell(found, label, settings.scenario.name, settings, partial(dict, point)))
        rows.append((number, found, label))
    plan = StudyPlan(list(cells.values()), run, rows[0][1], rows, as_manifest(design))
    return Study.made(plan, {"runs": evaluate(plan.cells, run, progress)}, study.folder)
