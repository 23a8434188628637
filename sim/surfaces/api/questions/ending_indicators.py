"""Which measures foretell how a history ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.analysis.indicators import indicators as found_in
from sim.pictures.answers.indicator_dots import indicators as figure
from sim.surfaces.api.kept_answers import keep, records, scope
from sim.words.answers.indicators_words import said

if TYPE_CHECKING:
    from sim.analysis.indicators import Foretold, Indicators
    from sim.study.study import Study

Progress = Callable[[int, int], None]


def indicators(study: Study, plan: str | None = None, progress: Progress | None = None) -> Indicators:
    """Which measures at months 6, 12 and 18 foretell dissolution, a stall and a missed target, out of sample.

    All plans of the study, each history set beside others of its own plan only, or one plan. Histories are lived
    again to month 18 for what councils would see. Writes `answers/indicators.csv`, `.md` and
    `figures/indicators.svg` into the study's folder. InputError where the study kept no levels of single
    histories, or where the program has changed since.
    """
    found = found_in(study, plan, progress)
    keep(
        study,
        "indicators",
        f"What foretells how a history ends, {study.name}",
        said(found),
        found.table,
        figure(found, scope(study)),
    )
    return found


def as_json(found: Indicators) -> dict[str, Any]:
    """A finding for machines: every score with its interval, and the model of all measures."""
    return {
        "study": found.study,
        "plans": list(found.plans),
        "histories_lived_again": found.relived,
        "scores": records(found.table),
        "parts": [_part(part) for part in found.parts],
    }


def _part(part: Foretold) -> dict[str, Any]:
    known = part.together
    content: dict[str, Any] = {
        "ending": part.ending,
        "month": part.month,
        "source": part.source,
        "histories": part.histories,
        "with_ending": part.happens,
        "left_out": part.left_out,
        "scored": part.scored,
        "foretells": part.foretells,
    }
    if known is not None:
        content["chosen_afresh"] = dict(zip(("share", "low", "high"), part.afresh, strict=True))
        content["together"] = {
            "share": known.share,
            "low": known.low,
            "high": known.high,
            "skill": known.skill,
            "skill_low": known.skill_low,
            "skill_high": known.skill_high,
            "calibration": [
                {"said": group.said, "came": group.came, "histories": group.histories} for group in known.parts
            ],
        }
    return content
