"""Reading of a figure from a history: an outcome, a monthly series or another measure, as of a month."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.core.errors import InputError, suggestion
from sim.core.history import PENCE_PER_GBP_M, Event, History
from sim.core.inputs.packages import JOINT, PRINCIPLE, REDESIGN, TIERS, joint
from sim.core.ledger import SAVING
from sim.engine.outcomes import OUTCOMES, Finished
from sim.engine.settings import Settings

Reading = tuple[str, int]
"""Name and month of a figure to read."""
_ENDINGS = ("dissolved", "stalled")
_OF_SERVICES = ("joint teams", "transformation", "procurement and property")
_OF_MANAGERS = ("management exits", "pension strain of managers")
_OF_OFFICERS = ("redundancies", "exits beyond plan", "pension strain of officers")


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
    formed = {event.entity for event in history.events if _stage("stage finished", "implementation")(event)}
    teams = {name for package in settings.plan() if package.name in formed for name in package.covers}
    shared = teams | set(settings.partnership.start_state) - set(TIERS)
    left = {event.entity.removeprefix(joint("")) for event in history.of_kind("service left")}
    return float(len(shared - left))


def _agreed(history: History, settings: Settings) -> float | None:
    return _first(history, _stage("stage started", "implementation"))


def _agreed_in_principle(history: History, settings: Settings) -> float | None:
    return _first(history, lambda event: event.kind == "package finished" and event.entity == PRINCIPLE)


def _launched(history: History, settings: Settings) -> float | None:
    return _first(history, _stage("stage finished", "implementation"))


def _settled(history: History, settings: Settings) -> float | None:
    return _first(history, lambda e: e.kind == "package finished" and e.entity.startswith(JOINT))


def _redesign_began(history: History, settings: Settings) -> float | None:
    return _first(history, _stage("stage started", "design", REDESIGN))


def _saved(history: History, settings: Settings) -> float:
    return sum(history.money.get(SAVING, {}).values()) / PENCE_PER_GBP_M


def _flowing(history: History, causes: Sequence[str] = ()) -> float:
    """Twelve times the last month's saving of these causes, of all where none is named; £m a year."""
    last = history.horizon - 1
    lines = (line for line in history.ledger() if line.kind == SAVING and line.month == last)
    return 12.0 * sum(sum(line.pence) for line in lines if not causes or line.cause in causes) / PENCE_PER_GBP_M


def _by_services(history: History, settings: Settings) -> float:
    return _flowing(history, _OF_SERVICES)


def _by_management(history: History, settings: Settings) -> float:
    return _flowing(history, ("management",))


def _gross(history: History, settings: Settings) -> float:
    return _flowing(history)


def _in_year(history: History, settings: Settings) -> float:
    """What was saved in the twelve months before, no cost taken off."""
    months = range(max(history.horizon - 12, 0), history.horizon)
    saved = history.money.get(SAVING, {})
    return sum(saved.get(month, 0) for month in months) / PENCE_PER_GBP_M


def _in_post(tier: str) -> Callable[[History, Settings], float | None]:
    """The month in which a shared tier was appointed to; nought where it was shared at the start."""

    def month(history: History, settings: Settings) -> float | None:
        if tier in settings.partnership.start_state:
            return 0.0
        return _first(history, _stage("stage finished", "appointment", tier))

    return month


def _posts_cut(*tiers: str) -> Callable[[History, Settings], float]:
    """Posts cut in these tiers."""

    def posts(history: History, settings: Settings) -> float:
        return sum(event.value or 0.0 for event in history.of_kind("posts cut") if event.cause in tiers)

    return posts


def _exits(history: History, cause: str = "") -> float:
    """People who were paid to go, by why."""
    events = [event for kind in ("redundancies", "exits beyond plan") for event in history.of_kind(kind)]
    return sum(event.value or 0.0 for event in events if not cause or event.cause == cause)


def _all_exits(history: History, settings: Settings) -> float:
    return _exits(history)


def _managers_gone(history: History, settings: Settings) -> float:
    return _exits(history, "management posts")


def _exit_cost(*causes: str) -> Callable[[History, Settings], float]:
    """What was paid to those who went, £m."""

    def cost(history: History, settings: Settings) -> float:
        return -sum(sum(line.pence) for line in history.ledger() if line.cause in causes) / PENCE_PER_GBP_M

    return cost


def _headcount(history: History, settings: Settings) -> float:
    return float(sum(account.in_post for account in history.headcounts))


def _reviewed(history: History, settings: Settings) -> float:
    """Services whose review is done, alone or with the whole organisation."""
    done = {event.entity for event in history.events if _stage("stage finished", "review")(event)}
    return float(sum(len(package.covers) for package in settings.plan() if package.name in done))


def _ended(*kinds: str) -> Callable[[History, Settings], float | None]:
    return lambda history, settings: _first(history, lambda event: event.kind in kinds)


MEASURES = {
    "joint_teams_formed": CaseMeasure("teams", "Joint teams at work, bedded in or not", _teams_formed),
    "agreed_in_principle_month": CaseMeasure(
        "months", "Month in which members agreed in principle to share", _agreed_in_principle
    ),
    "first_team_agreed_month": CaseMeasure("months", "Month in which members agreed to the first joint team", _agreed),
    "first_team_launched_month": CaseMeasure("months", "Month in which the first joint team began", _launched),
    "first_team_settled_month": CaseMeasure("months", "Month in which the first joint team had bedded in", _settled),
    "redesign_began_month": CaseMeasure("months", "Month in which the first redesign began", _redesign_began),
    **{
        f"{tier}_month": CaseMeasure(
            "months", f"Month in which the {tier.replace('_', ' ')} shared is in post", _in_post(tier)
        )
        for tier in TIERS
    },
    **{
        f"{tier}_posts_cut": CaseMeasure(
            "posts", f"Posts cut when the {tier.replace('_', ' ')} was shared", _posts_cut(tier)
        )
        for tier in TIERS
    },
    "management_posts_cut": CaseMeasure("posts", "Posts cut in all tiers of management", _posts_cut(*TIERS)),
    "management_saving_gbp_m": CaseMeasure("£m a year", "Saving in force from management posts cut", _by_management),
    "management_exits": CaseMeasure("staff", "Managers who were paid to go", _managers_gone),
    "management_exit_cost_gbp_m": CaseMeasure(
        "£m", "Paid so far for managers who went, pension strain included", _exit_cost(*_OF_MANAGERS)
    ),
    "exits": CaseMeasure("staff", "People who were paid to go, managers included", _all_exits),
    "exit_cost_gbp_m": CaseMeasure(
        "£m", "Paid so far for all who went, pension strain included", _exit_cost(*_OF_MANAGERS, *_OF_OFFICERS)
    ),
    "headcount": CaseMeasure("staff", "People in post at all councils, at the horizon", _headcount),
    "services_reviewed": CaseMeasure("services", "Services whose review is done", _reviewed),
    "ending_month": CaseMeasure(
        "months",
        "Month in which the partnership ended by parting, merger or reorganisation",
        _ended("dissolved", "merged", "reorganised"),
    ),
    "stalled_month": CaseMeasure("months", "Month in which the programme stalled", _ended("stalled")),
    "gross_saving_gbp_m": CaseMeasure("£m a year", "Saving in force, no running cost taken off", _gross),
    "saved_in_year_gbp_m": CaseMeasure("£m", "Saved in the twelve months before, no cost taken off", _in_year),
    "cumulative_saving_gbp_m": CaseMeasure("£m", "All savings so far, no cost taken off", _saved),
    "services_saving_gbp_m": CaseMeasure(
        "£m a year", "Saving in force from joined or redesigned services", _by_services
    ),
}
