"""Diary of one history of a study, month by month with causes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine import Simulation
from sim.study.files.store import write_csv
from sim.words.diary.chosen_history import pick
from sim.words.diary.diary import LogRow, diary_of

if TYPE_CHECKING:
    from sim.study.study import Study
    from sim.words.diary.diary import Diary


def diary(study: Study, scenario: str, which: int | str = "typical", csv: Path | None = None) -> Diary:
    """Diary of one history in plain words, with the cause of each event, simulated again from the manifest.

    `which` is a history's number, or "typical", "luckiest" or "unluckiest", each chosen by the rule that the
    first line states. If `csv` is given, the log of events is written there. InputError if the study has
    no such plan or history.
    """
    cell = study.cell_named(scenario)
    settings = study.settings(cell)
    picked = pick(study, cell, which)
    history = study.rerun(cell, picked.replication)
    made = diary_of(history, settings, _threats(study, cell, picked.replication), picked.said)
    if csv is not None:
        write_csv(csv, list(LogRow._fields), made.log)
    return made


def _threats(study: Study, cell: str, replication: int) -> list[float]:
    """Threat to identity at each council at the start (0 to 1), on which support for a vote depends."""
    return list(Simulation(study.settings(cell), replication, study.manifest["seed"]).world.threat)
