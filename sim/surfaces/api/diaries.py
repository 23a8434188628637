"""One history of a study, told month by month with its causes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine import Simulation
from sim.study.files.store import write_csv
from sim.words.diary.chosen_history import pick
from sim.words.diary.diary import diary_of

if TYPE_CHECKING:
    from sim.study.study import Study
    from sim.words.diary.diary import Diary


def diary(study: Study, scenario: str, which: int | str = "typical", csv: Path | None = None) -> Diary:
    """One history told in plain words, month by month, with the cause of each event; lived again from the manifest.

    `which` is a history's number, or "typical", "luckiest" or "unluckiest", each picked by the rule that the
    first line states. Where `csv` is given, the log of events is written there. InputError where the study has
    no such plan or history.
    """
    cell = study.cell_named(scenario)
    settings = study.settings(cell)
    picked = pick(study, cell, which)
    history = study.rerun(cell, picked.replication)
    made = diary_of(history, settings, _threats(study, cell, picked.replication), picked.said)
    if csv is not None:
        write_csv(csv, list(made.table.columns), made.table.itertuples(index=False))
    return made


def _threats(study: Study, cell: str, replication: int) -> list[float]:
    """How far identity feels threatened at each council at the start: a vote's support rests on it."""
    return list(Simulation(study.settings(cell), replication, study.manifest["seed"]).world.threat)
