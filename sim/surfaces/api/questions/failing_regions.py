"""Where a study goes wrong: regions in which histories meet a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.condition import parse
from sim.analysis.regions import discovery as finding
from sim.pictures.answers.region_ranges import discovery
from sim.surfaces.api import kept_answers
from sim.words.answers import discovery_words

if TYPE_CHECKING:
    from sim.analysis.regions.discovery import Discovery
    from sim.study.study import Study


def discover(study: Study, when: str = "dissolved or npv_gbp_m < 0") -> Discovery:
    """Regions of failure of a sampled study, kept as answers/discover.csv, .md and figures/discover.svg.

    Raises InputError for a condition that cannot be read, or a study too small or without a sample.
    """
    found = finding.discover(study, parse(when))
    words = f"{discovery_words.headline(found)}.\n{discovery_words.said(found)}"
    kept_answers.keep(
        study, "discover", "Where it goes wrong", words, found.table, discovery(found, kept_answers.scope(study))
    )
    return found
