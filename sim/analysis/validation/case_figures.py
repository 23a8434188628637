"""Reading of a figure from a history: an outcome, a monthly series or another measure, as of a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sim.core.errors import InputError, suggestion
from sim.core.history import PENCE_PER_GBP_M, Event, History
from sim.core.inputs.packages import JOINT, REDESIGN
from sim.core.ledger import SAVING
from sim.engine.outcomes import OUTCOMES, Finished
from sim.engine.settings import Settings

Reading = tuple[str, int]
"""Name and month of a figure to read."""
_ENDINGS = ("dissolved", "stalled")
_OF_SERVICES = ("joint teams", "transformation", "procurement and property")


class WholeOnlyError(LookupError):
    """Error: a figure that exists only for whole histories was asked for at a month."""


class _Whole:
    """Placeholder for totals over the whole history, which are unknown at an earlier month."""

    def __getitem__(self, key: Any) -> Any:
        raise WholeOnlyError

    def __iter__(self) -> Iterator[Any]:
        raise WholeOnlyError


@dataclass(frozen=True)
class CaseMeasure:
    """A published quantity that is neither outcome nor series, with unit and meaning."""

    unit: str
    meaning: str
    compute: Callable[[History, Settings], float | None]


def known_names(history: History) -> list[str]:
    """Names of all readable figures: measures, outcomes, monthly series."""
    return [*dict.fromkeys([*MEASURES, *OUTCOMES, *history.series, *history.state_names])]


def unit_of(name: str) -> str:
    """Unit of a figure; soft values of monthly series are shares."""
    if name in MEASURES:
        return MEASURES[name].unit
    if name in OUTCOMES:
        return OUTCOMES[name].unit
    if "gbp_m" in name:
        return "£m" if name.startswith("cumulative") else "£m a year"
    return {"hr_queue": "packages", "od_queue": "packages", "load": "number"}.get(name, "share")


def check(name: str, month: int, history: History, settings: Settings) -> None:
    """Raise InputError if no figure of this name can be read at the month."""
    names = known_names(history)
    if name not in names:
        raise InputError(f"outcome '{name}' is not known{suggestion(name, names)}")
    try:
        read((name, month), history, settings)
    except WholeOnlyError:
        raise InputError(f"outcome '{name}' is counted over the whole history; leave out at_month") from None


def read(reading: Reading, history: History, settings: Settings) -> float | None:
    """Value as of the month, or None if it had not occurred by then."""
    name, month = reading
    if name not in OUTCOMES and name not in MEASURES:
        return history.column(name)[month]
    seen = history if month >= history.horizon else as_of(history, month)
    if name in MEASURES:
        return MEASURES[name].compute(seen, settings)
    return OUTCOMES[name].compute(Finished(seen, settings))


def as_of(history: History, month: int) -> History:
    """The history as known at a month; totals over the whole of it are unavailable."""
    events = [event for event in history.events if event.month < month]
    whole: Any = _Whole()
    return replace(
        history,
        horizon=month,
        grid=history.grid[: month + 1],
        gauge_grid=history.gauge_grid[: month + 1],
        facts=list(events),
        money={kind: {m: p for m, p in sums.items() if m < month} for kind, sums in history.money.items()},
        ledger=lambda: [line for line in history.ledger() if line.month < month],
        pools=whole,
        headcounts=whole,
        ended_by=next((event.kind for event in reversed(events) if event.kind in _ENDINGS), "horizon"),
    )


def _first(history: History, wanted: Callable[[Event], bool]) -> float | None:
    return next((event.month for event in history.events if wanted(event)), None)


def _stage(kind: str, stage: str, package: str = JOINT) -> Callable[[Event], bool]:
    return lambda e: e.kind == kind and e.cause == stage and e.entity.startswith(package)


def _teams_formed(history: History, settings: Settings) -> float:
    if any(event.kind == "dissolved" for event in history.events):
        return 0.0
    return float(sum(map(_stage("stage finished", "implementation"), history.events)))


def _agreed(history: History, settings: Settings) -> float | None:
    return _first(history, _stage("stage started", "implementation"))


def _launched(history: History, settings: Settings) -> float | None:
    return _first(history, _stage("stage finished", "implementation"))


def _settled(history: History, settings: Settings) -> float | None:
    return _first(history, lambda e: e.kind == "package finished" and e.entity.startswith(JOINT))


def _redesign_began(history: History, settings: Settings) -> float | None:
    return _first(history, _stage("stage started", "design", REDESIGN))


def _saved(history: History, settings: Settings) -> float:
    return sum(history.money.get(SAVING, {}).values()) / PENCE_PER_GBP_M


def _by_services(history: History, settings: Settings) -> float:
    """Twelve times the last month's saving for these causes."""
    last = history.horizon - 1
    lines = (line for line in history.ledger() if line.kind == SAVING and line.month == last)
    return 12.0 * sum(sum(line.pence) for line in lines if line.cause in _OF_SERVICES) / PENCE_PER_GBP_M


MEASURES = {
    "joint_teams_formed": CaseMeasure("teams", "Joint teams at work, bedded in or not", _teams_formed),
    "first_team_agreed_month": CaseMeasure("months", "Month in which members agreed to the first joint team", _agreed),
    "first_team_launched_month": CaseMeasure("months", "Month in which the first joint team began", _launched),
    "first_team_settled_month": CaseMeasure("months", "Month in which the first joint team had bedded in", _settled),
    "redesign_began_month": CaseMeasure("months", "Month in which the first redesign began", _redesign_began),
    "cumulative_saving_gbp_m": CaseMeasure("£m", "All savings so far, no cost taken off", _saved),
    "services_saving_gbp_m": CaseMeasure(
        "£m a year", "Saving in force from joined or redesigned services", _by_services
    ),
}
