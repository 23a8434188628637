"""Which plan wins where, over two keys that varied in a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.regions import winners
from sim.pictures.answers.decision_map import decision_map
from sim.surfaces.api import kept_answers
from sim.words.answers.map_words import said

if TYPE_CHECKING:
    from sim.analysis.regions.winners import WinnerMap
    from sim.study.study import Study


def winner_map(study: Study, x: str, y: str, outcome: str = "npv_gbp_m") -> WinnerMap:
    """The map of winners of a study over two of its keys, kept as answers/map.csv, .md and figures/map.svg.

    Raises InputError for a key that did not vary, an unknown outcome, or fewer than two plans.
    """
    found = winners.winner_map(study, x, y, outcome)
    figure = decision_map(found, kept_answers.scope(study))
    kept_answers.keep(study, "map", "Which plan wins where", said(found), found.table, figure)
    return found


def map_after_sweep(study: Study) -> WinnerMap | None:
    """Draw figures/map.svg where exactly two numbers and two to six plans varied; None where it is otherwise."""
    sides = winners.obvious_sides(study)
    if sides is None:
        return None
    found = winners.winner_map(study, *sides)
    kept_answers.draw(study, "map", decision_map(found, kept_answers.scope(study)))
    return found
