"""Which plan does well whatever turns out to be true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.condition import parse
from sim.analysis.regions import robustness as finding
from sim.pictures.answers.regret_dots import robustness
from sim.surfaces.api import kept_answers
from sim.words.answers import robustness_words

if TYPE_CHECKING:
    from sim.analysis.regions.robustness import Robustness
    from sim.study.study import Study


def robust(study: Study, meets: str = "npv_gbp_m > 0 and not dissolved", outcome: str = "npv_gbp_m") -> Robustness:
    """Regret and satisficing of a sampled study's plans, kept as answers/robust.csv, .md and figures/robust.svg.

    Raises InputError for a condition that cannot be read, an outcome without a direction, or a study without a
    sample or with a single plan.
    """
    found = finding.robust(study, parse(meets), outcome)
    words = f"{robustness_words.headline(found)}.\n{robustness_words.said(found)}"
    figure = robustness(found, kept_answers.scope(study))
    kept_answers.keep(study, "robust", "How robust the plans are", words, found.table, figure)
    return found
