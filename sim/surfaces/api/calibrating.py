"""Calibration against published figures, and the file of the ensemble that it leaves."""

from __future__ import annotations

from pathlib import Path

from sim.analysis.calibration import waves as calibration
from sim.analysis.calibration.waves import Calibration, Told
from sim.words.answers import calibration_words
from sim.words.finding import StudyFinding


def calibrate(
    journals: Path,
    cases: Path | None = None,
    told: Told | None = None,
    *,
    points: int | None = None,
    waves: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 0,
) -> StudyFinding[Calibration]:
    """Draws of the evidence that agree with the figures of role calibrate in a folder of cases, the shipped by default.

    `journals` is a folder that keeps the trials, so that a run that was broken off goes on.
    """
    given = {"points": points, "waves": waves, "draws": draws, "seed": seed}
    asked = {name: value for name, value in given.items() if value is not None}
    journals.mkdir(parents=True, exist_ok=True)
    return calibration_words.finding(calibration.calibrate(journals, cases, workers=workers, told=told, **asked))


def write_ensemble(found: StudyFinding[Calibration], path: Path) -> None:
    """Write the ensemble of a calibration to a file."""
    path.write_text(calibration_words.file(found.numbers), encoding="utf-8")
