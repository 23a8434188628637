"""What drives the outcomes: of a sampled study, or of a plan with every quantity moved alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.sensitivity import indices
from sim.analysis.sensitivity.one_at_a_time import REPLICATIONS
from sim.analysis.sensitivity.one_at_a_time import tornado as simulated
from sim.analysis.sensitivity.sampled_points import BESIDE
from sim.pictures.answers.index_dots import indices as dots
from sim.pictures.answers.tornado import tornado as bars
from sim.study.files.store import write_csv
from sim.surfaces.api.kept_answers import draw, keep, records, scope
from sim.words.answers.sensitivity_words import lines_of, said, tornado_lines

if TYPE_CHECKING:
    from sim.analysis.sensitivity.indices import Finding
    from sim.study.study import Study

Progress = Callable[[int, int], None]


def sensitivity(study: Study, outcomes: Sequence[str] | None = None, plan: str | None = None) -> Finding:
    """How each factor of the study's sample moves the outcomes, the headline ones if none are named.

    Sobol and Morris indices, rank regression coefficients or paired differences, whichever the sample allows,
    each with its interval. Writes `answers/sensitivity.csv`, `.md`, `answers/sensitivity_tornado.csv`,
    `answers/sensitivity_luck.csv` and figures into the study's folder. InputError where the study has no
    sample, or where points, plans or values that are asked for are not in it.
    """
    found = indices.sensitivity(study, outcomes, plan)
    _keep(study, found, "sensitivity")
    return found


def tornado(
    study: Study,
    outcomes: Sequence[str] | None = None,
    plan: str | None = None,
    replications: int | None = None,
    yes: bool = False,
    progress: Progress | None = None,
) -> Finding:
    """What every evidence quantity does alone to a plan of the study, its reference if none is named.

    Simulates the plan at both ends of every range under the study's own luck, in memory. Writes
    `answers/tornado.csv`, `.md` and figures into the study's folder. InputError above a stated number of
    histories unless `yes`.
    """
    found = simulated(study, outcomes, plan, replications or REPLICATIONS, yes, progress)
    _keep(study, found, "tornado")
    return found


def as_json(found: Finding) -> dict[str, Any]:
    """A finding for machines: every measure with its interval, luck's shares, and the tornado."""
    return {
        "study": found.study,
        "design": found.design.kind,
        "replications": found.replications,
        "measures": records(found.table),
        "luck": records(found.split),
        "tornado": records(found.tornado),
        "notes": list(found.notes),
    }


def _keep(study: Study, found: Finding, name: str) -> None:
    place = scope(study)
    plan, first = found.plans[0], found.outcomes[0]
    alone = found.design.kind == "one_at_a_time"
    table = tornado_lines(found) if alone else lines_of(found)
    figure = bars(found, plan, first, place) if alone else dots(found, plan, place)
    keep(study, name, f"What drives the outcomes of {study.name}", said(found), table, figure)
    if not alone:
        keep_table(study, f"{name}_tornado", tornado_lines(found))
        keep_table(study, f"{name}_luck", found.split)
    _more_figures(study, found, name, place)


def keep_table(study: Study, name: str, table: Any) -> None:
    """Write answers/NAME.csv alone."""
    write_csv(study.folder / "answers" / f"{name}.csv", list(table.columns), table.itertuples(index=False))


def _more_figures(study: Study, found: Finding, name: str, place: str) -> None:
    """A tornado for each outcome of the first plan, and what tells two plans apart."""
    alone = found.design.kind == "one_at_a_time"
    if len(found.tornado):
        for outcome in found.outcomes[1:] if alone else found.outcomes:
            own = f"{name}_{outcome}" if alone else f"{name}_tornado_{outcome}"
            draw(study, own, bars(found, found.plans[0], outcome, place))
    for plan in found.plans[1:]:
        if BESIDE in plan:
            made = bars(found, plan, found.outcomes[0], place) if alone else dots(found, plan, place)
            draw(study, f"{name}_difference", made)
