"""Settings of one cell and of one study, assembled from the agents' own, and composed from plain files."""

from sim.settings.compose import Composed, cell_id, compose, lever_defaults, mechanism_defaults, standing
from sim.settings.listing import evidence_entries, lever_entries, mechanism_entries
from sim.settings.models import (
    DatedDecision,
    DatedShock,
    Levers,
    Mechanisms,
    ScenarioNote,
    Settings,
    changed,
)
from sim.settings.study import StudySettings
from sim.settings.variants import Ids, to_run, variant

__all__ = [
    "Composed",
    "DatedDecision",
    "DatedShock",
    "Ids",
    "Levers",
    "Mechanisms",
    "ScenarioNote",
    "Settings",
    "StudySettings",
    "cell_id",
    "changed",
    "compose",
    "evidence_entries",
    "lever_defaults",
    "lever_entries",
    "mechanism_defaults",
    "mechanism_entries",
    "standing",
    "to_run",
    "variant",
]
