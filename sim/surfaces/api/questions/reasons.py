"""Why two plans of a study differ: levers, mechanisms, and the events of the middle pair of histories."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.analysis.attribution.why_plans_differ import why as found_by
from sim.pictures.answers.waterfall import waterfall
from sim.study.files.store import write_csv
from sim.surfaces.api import kept_answers
from sim.surfaces.api.kept_answers import records
from sim.words.why import said, title

if TYPE_CHECKING:
    from sim.analysis.attribution.attribution_finding import Why
    from sim.study.study import Study

Progress = Callable[[int, int], None]

LONGEST = 40
"""Letters of a plan's name in the name of a file."""


def why(
    study: Study,
    first: str,
    second: str,
    outcome: str = "npv_gbp_m",
    histories: int | None = None,
    progress: Progress | None = None,
) -> Why:
    """Why the second plan of a study differs from the first in an outcome, under the study's own luck.

    The levers that differ get Shapley shares, each mechanism is switched off in both plans, and the middle pair
    of histories is lived again. Simulates in memory: usually up to 200 histories of each plan between the two and
    40 of each without a mechanism, or `histories` of all. Writes `answers/why_A_B.csv` and `.md`,
    `answers/why_A_B_events.csv` and `figures/why_A_B.svg` into the study's folder. InputError for plans that are
    one, alike or of different partnerships, for a sampled study, and for outcomes without a mean.
    """
    found = found_by(study, first, second, outcome, histories, progress)
    _keep(study, found)
    return found


def file_name(found: Why) -> str:
    """The name of the answer's files: the two scenarios, or cells' ids where a scenario has several cells."""
    names = (re.sub(r"[^a-z0-9_-]+", "_", side.typed.lower())[:LONGEST] for side in (found.first, found.second))
    return f"why_{'_'.join(names)}"


def as_json(found: Why) -> dict[str, Any]:
    """The finding for machines: every figure of the table, and the facts of the middle pair."""
    pair = found.deciding
    return {
        "study": found.study,
        "outcome": found.outcome,
        "first": {"cell": found.first.cell, "label": found.first.label},
        "second": {"cell": found.second.cell, "label": found.second.label},
        "histories": found.n,
        "histories_left_out": found.dropped,
        "exact": found.exact,
        "orders": found.orders,
        "plans_in_between": found.mixed,
        "histories_without_mechanism": found.rests_n,
        "program_changed": found.changed,
        "table": records(found.table),
        "taken_together": [
            {"keys": list(share.factor.keys), "why": share.factor.why}
            for share in found.shares
            if len(share.factor.keys) > 1
        ],
        "mechanisms_left_out": list(found.skipped),
        "middle_pair": {
            "replication": pair.replication,
            "difference": pair.difference,
            "month_of_parting": pair.parting,
            "gap_gbp_m_by_month": list(pair.gap),
            "net_gbp_m": [{"for": part, "first": first, "second": second} for part, first, second in pair.money],
            "facts": records(pair.table.astype(object)),
        },
    }


def _keep(study: Study, found: Why) -> None:
    name = file_name(found)
    kept_answers.keep(study, name, title(found), said(found), found.table, waterfall(found, kept_answers.scope(study)))
    facts = found.deciding.table
    write_csv(study.folder / "answers" / f"{name}_events.csv", list(facts.columns), facts.itertuples(index=False))
