"""Weight of each mechanism: the difference of two plans with it off in both, compared with it on."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.analysis.arrays import Values
from sim.analysis.attribution.attributed_effects import corrected, effect, without_dust
from sim.analysis.attribution.attribution_finding import Rest
from sim.analysis.compare import paired_interval
from sim.engine.settings import Mechanisms, Settings

LUCK = "luck"
"""Name of the switch for luck, left out because without luck there is nothing to average over."""
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "load": ("managers",),
    "day_job": ("hr",),
    "leavers": ("staff",),
    "staffing": ("staffing",),
    "buy_in": ("members",),
    "leadership": ("managers", "development"),
    "coordination": ("governance",),
    "dissolution": ("endings",),
    "stall": ("endings",),
}
"""Evidence topics of mechanisms with more than the topic of the same name."""


def switchable(first: Settings, second: Settings) -> tuple[list[str], list[str]]:
    """Mechanisms plainly on in both plans, and the remaining ones, which are left out."""
    ours, theirs = first.mechanisms.model_dump(), second.mechanisms.model_dump()
    names = [name for name in Mechanisms.model_fields if name != LUCK]
    on = [name for name in names if ours[name] == theirs[name] == "on"]
    return on, [name for name in names if name not in on]


def without(settings: Settings, mechanism: str) -> Settings:
    """The plan with one mechanism switched off."""
    return settings.replaced(mechanisms={**settings.mechanisms.model_dump(), mechanism: "off"})


def plans_without(first: Settings, second: Settings) -> dict[str, Settings]:
    """Both plans without each mechanism, by the names that `rests` uses."""
    sides = (("first", first), ("second", second))
    return {
        _name(side, mechanism): without(settings, mechanism)
        for mechanism in switchable(first, second)[0]
        for side, settings in sides
    }


def _name(side: str, mechanism: str) -> str:
    return f"the {side} plan without {mechanism}"


def rests(settings: Settings, on: tuple[Values, Values], off: Mapping[str, Values]) -> tuple[Rest, ...]:
    """Part of the difference lost with each mechanism, largest first.

    `on` is the outcome of the two plans unchanged, `off` that of `plans_without`; `settings` provides the
    evidence. A mechanism is left out if a plan without it has no value of the outcome in any history.
    """
    names = [name for name in Mechanisms.model_fields if _name("first", name) in off]
    made = [_rest(settings, name, on, (off[_name("first", name)], off[_name("second", name)])) for name in names]
    rows = [row for row in made if row is not None]
    judged = corrected([row.effect for row in rows])
    rows = [replace(row, effect=found) for row, found in zip(rows, judged, strict=True)]
    return tuple(sorted(rows, key=lambda row: (not row.effect.clear, -abs(row.effect.value), row.mechanism)))


def _rest(settings: Settings, name: str, on: tuple[Values, Values], off: tuple[Values, Values]) -> Rest | None:
    known = ~np.isnan(np.stack([*on, *off])).any(axis=0)
    if known.sum() < 2:
        return None
    ours, theirs, ours_off, theirs_off = (values[known] for values in (*on, *off))
    goes = without_dust((theirs - ours) - (theirs_off - ours_off), ours, theirs, ours_off, theirs_off)
    topics = EVIDENCE.get(name, (name,))
    grades = [quantity.grade for topic in topics for quantity in settings.evidence.get(topic, {}).values()]
    left = paired_interval(theirs_off, ours_off)
    return Rest(name, effect(goes), left, len(grades), sum(grade == "assumption" for grade in grades))
