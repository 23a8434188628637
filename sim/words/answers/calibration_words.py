"""Words for a calibration: how much of what could be true is left, which figure rules out what, and what was learnt."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sim.analysis.calibration.waves import EFFECTIVE, Calibration, Wave
from sim.analysis.calibration.weights import RULED_OUT
from sim.core import words
from sim.plans.ensemble_file import ensemble_text
from sim.words.finding import StudyFinding

NOT_LEARNT = 0.9
"""Spread over that of the register above which nothing was learnt of a quantity."""
LISTED = 12


def finding(found: Calibration) -> StudyFinding[Calibration]:
    """The finding of a calibration, as an answer; `file(found)` is the ensemble itself."""
    lines = [headline(found), *map(_wave, range(1, len(found.waves) + 1), found.waves)]
    lines += ["", *_against(found.ruled_out)]
    lines += ["", "Where the draws kept stand, in standard deviations of telling and model (above nought: too high):"]
    lines += [f"  {name}: {off:+.1f}" for name, off in found.agreement.items()]
    lines += ["", learnt(found)]
    return StudyFinding(
        found, headline(found), lines, {"headline": headline(found), **asdict(found)}, name="calibration"
    )


def headline(found: Calibration) -> str:
    """The outcome in one sentence."""
    last, kept = found.waves[-1], len(set(found.draws))
    waves = words.counted(len(found.waves), "wave")
    left = f"{words.percent(last.volume)} of what the register allows is left after {waves}"
    enough = "" if found.settled else f", fewer than the {EFFECTIVE:g} asked for: another wave is needed"
    told = f"the weights leave as much as {last.effective:.0f} draws of equal weight"
    held = f"The ensemble holds {len(found.draws)} draws, {kept} of them different."
    return f"{words.sentence(f'{left}; {told}{enough}')} {held}"


def learnt(found: Calibration) -> str:
    """Sentences on the quantities that the figures tell something about, and on the rest."""
    known = [
        (key, ratio) for key, ratio in sorted(found.learnt.items(), key=lambda each: each[1]) if ratio <= NOT_LEARNT
    ]
    rest = len(found.learnt) - len(known)
    if not known:
        return f"Not learnt: all {rest} quantities keep the spread that the register gives them."
    shown = ", ".join(f"{key} ({ratio:.2f})" for key, ratio in known[:LISTED])
    return f"Learnt, by what is left of the register's spread: {shown}. Not learnt: {rest} quantities."


def file(found: Calibration) -> str:
    """The file of the ensemble."""
    last = found.waves[-1]
    made: dict[str, Any] = {
        "waves": len(found.waves),
        "trials": last.trials,
        "volume_left": round(last.volume, 4),
        "effective_draws": round(last.effective),
    }
    return ensemble_text(found.seed, found.draws, found.register, made)


def _wave(number: int, wave: Wave) -> str:
    left = f"{words.percent(wave.volume)} left, as much as {wave.effective:.0f} draws of equal weight"
    return f"Wave {number}: {wave.trials} trials so far, {left}."


def _against(ruled_out: dict[str, float]) -> list[str]:
    """Lines on the draws that each figure speaks against by itself, the most first."""
    found = sorted(((name, share) for name, share in ruled_out.items() if share > 0.0), key=lambda each: -each[1])
    if not found:
        return [f"No figure speaks against any draw by more than {RULED_OUT:g} standard deviations."]
    heading = f"Draws that a figure speaks against, by more than {RULED_OUT:g} standard deviations:"
    return [heading, *(f"  {name}: {words.percent(share)} of all draws" for name, share in found)]
