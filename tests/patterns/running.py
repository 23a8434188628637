"""Runs the arms of a pattern on the same luck, and says what the effect is, with n and interval.

Where an outcome has no value in a history, such as the share of rework where no team was formed, its effect has none in
that pair (not a number), and the pair is left out.
"""

from collections.abc import Container, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from math import isnan, nan
from statistics import mean
from typing import NamedTuple

from patterns.declared import Pattern, Row
from sim.analysis.compare import mean_interval
from sim.core.history import PENCE_PER_GBP_M, History
from sim.core.luck import Luck
from sim.core.statistics.intervals import wilson
from sim.engine import outcomes, run_all
from sim.engine.outcomes.declared import Finished
from sim.plans.compose import compose, shipped_evidence

EARLY_MONTHS, LATER_MONTHS = 36, 48
SURVEY_MONTH = 54
"""Age of the middle one of the ten partnerships when C-8 was asked: they began in 2008 to 2015, most about 2011."""
FRONT_LINE = ("customer_services", "revenues_benefits", "housing", "planning", "waste_streets", "leisure_parks")
CHUNK = 25


class Found(NamedTuple):
    """An effect: its mean, lower and upper 95% bound, and the number of histories."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3g} ({self.low:.3g} to {self.high:.3g}), n = {self.n}"


def drawn(number: int, own: Container[str] = ()) -> tuple[str, ...]:
    """One draw of every evidence quantity as the program draws it; what a pattern sets itself (`own`) is left alone."""
    luck = Luck(2026, number)
    return tuple(
        f"{key}={quantity.at(luck.uniform('draw', key)):.12g}"
        for topic, group in shipped_evidence().items()
        for name, quantity in group.items()
        if (key := f"evidence.{topic}.{name}.value") not in own
    )


def effects_of(pattern: Pattern, n: int, further: Sequence[str] = ()) -> list[float]:
    """The effect in each of `n` replications, with further overrides in every arm; not a number where it has none."""
    arms = [rows((*arm, *further), n) for arm in pattern.arms]
    return [pattern.effect(*histories) for histories in zip(*arms, strict=True)]


def shrinking(pattern: Pattern, n: int) -> Found:
    """How much of the effect goes when the mechanism it hangs on is switched off, on the same luck."""
    off = effects_of(pattern, n, (f"mechanisms.{pattern.mechanism}=off",))
    lost = told([a - b for a, b in zip(effects_of(pattern, n), off, strict=True)])
    kept = mean_interval(lost)
    return Found(kept.value, *kept.ends, len(lost))


def found(pattern: Pattern, n: int, further: Sequence[str] = ()) -> Found:
    """The effect of a pattern over `n` replications, with its interval."""
    effects = told(effects_of(pattern, n, further))
    if pattern.within:
        low, high = wilson(round(sum(effects)), n)
        return Found(mean(effects), low, high, n)
    mean_effect = mean_interval(effects)
    return Found(mean_effect.value, *mean_effect.ends, len(effects))


def told(effects: Sequence[float]) -> list[float]:
    """Those that have a value."""
    return [effect for effect in effects if not isnan(effect)]


@cache
def rows(overrides: tuple[str, ...], n: int) -> list[Row]:
    """Outcomes of `n` replications of one arm; worked out once however many patterns ask."""
    jobs = [(overrides, first, min(CHUNK, n - first)) for first in range(0, n, CHUNK)]
    return [row for part in pool().map(some_rows, jobs) for row in part]


@cache
def pool() -> ProcessPoolExecutor:
    """One pool of processes for all patterns."""
    return ProcessPoolExecutor()


def some_rows(job: tuple[tuple[str, ...], int, int]) -> list[Row]:
    """Outcomes of some replications, in a worker."""
    overrides, first, asked = job
    settings = compose(list(overrides)).settings
    return [measured(history, settings) for history in run_all(settings, range(first, first + asked))]


def measured(history: History, settings: object) -> Row:
    """The outcomes, and what only patterns ask for."""
    row = {name: nan if value is None else value for name, value in outcomes.row(history, settings).items()}  # type: ignore[arg-type]
    early = [event.kind for event in history.events if event.month < EARLY_MONTHS and event.kind.startswith("vote ")]
    refused = [event.month for event in history.events if event.kind in ("vote lost", "report held back")]
    first, last = rework_by_third(history)
    return row | {
        "early_votes_won": early.count("vote won") / len(early) if early else nan,
        "rework_first_third": first,
        "rework_last_third": last,
        "refused": float(len(refused)),
        "refused_later": share_refused(history),
        "moved_early": float(any(e.month < LATER_MONTHS for e in history.of_kind("motion to leave"))),
        "parted": float(any(event.kind in ("dissolved", "partner left") for event in history.events)),
        "merger_saving": by_cause(history, "merger"),
        **at_the_survey(history, settings),
        **launch_and_after(history),
        **saved_by_design(history),
        **way_points(history),
    }


def at_the_survey(history: History, settings: object) -> Row:
    """What C-8 asked, at the age at which it was asked: 2% saved or more, and quality up by 0.02 or more."""
    finished, quality = Finished(history, settings), history.column("service quality")  # type: ignore[arg-type]
    least = 0.02 * finished.settings.partnership.expenditure_gbp_m
    return {
        "efficiency_at_survey": float(finished.saving[SURVEY_MONTH] >= least),
        "better_services_at_survey": float(quality[SURVEY_MONTH] - quality[0] >= 0.02),
    }


def share_refused(history: History) -> float:
    """Of later reports on which members were sounded out or voted, the share that was refused."""
    later = [event.kind for event in history.events if event.month >= LATER_MONTHS]
    refused, won = later.count("vote lost") + later.count("report held back"), later.count("vote won")
    return refused / (refused + won) if refused + won else nan


def way_points(history: History) -> Row:
    """Month of the eighth joint team, the first front-line team, OD capability at year eight, merger's rate."""
    ends = [e for e in history.events if e.kind == "package finished" and e.entity.startswith("joint_team")]
    front = [e.month for e in ends if e.entity.split(": ")[1] in FRONT_LINE]
    rates = [sum(line.pence) * 12 / PENCE_PER_GBP_M for line in history.ledger() if line.cause == "merger"]
    return {
        "eighth_team_month": sorted(e.month for e in ends)[7] if len(ends) > 7 else float(history.horizon),
        "first_front_line_month": min(front, default=float(history.horizon)),
        "months_to_form": months_to_form(history),
        "management_shared_month": next(
            (e.month for e in history.of_kind("package finished") if e.entity == "heads_of_service"),
            float(history.horizon),
        ),
        "od_capability_y8": history.column("od_capability")[96],
        "merger_rate": max(rates, default=nan),
    }


def months_to_form(history: History) -> float:
    """Mean months of work, waits and votes apart, that a joint team's stages take until it is formed."""
    began: dict[tuple[str, str], float] = {}
    spent: dict[str, float] = {}
    for event in history.events:
        if event.cause in ("review", "implementation") and event.entity.startswith("joint_team"):
            if event.kind == "stage started":
                began[event.entity, event.cause] = event.month
            elif event.kind == "stage finished":
                spent[event.entity] = spent.get(event.entity, 0.0) + event.month - began[event.entity, event.cause]
    return mean(spent.values()) if spent else nan


def by_cause(history: History, cause: str) -> float:
    """£m that streams and payments of one cause brought in all."""
    return sum(sum(line.pence) for line in history.ledger() if line.cause == cause) / PENCE_PER_GBP_M


def launch_and_after(history: History) -> Row:
    """How far engagement rises in the first two years, and how far it falls back from there by year six."""
    engagement = history.column("engagement")
    peak = max(engagement[:25])
    return {
        "launch_lift": peak - engagement[0],
        "fall_back": peak - engagement[72],
        "later_lift": engagement[72] - engagement[0],
    }


def saved_by_design(history: History) -> Row:
    """£m saved by redesigned services over ten years."""
    return {"saved_by_transformation": by_cause(history, "transformation")}


def rework_by_third(history: History) -> tuple[float, float]:
    """Mean share found wrong in joint teams that formed in the first third, and in the last third."""
    formed = [e.entity for e in history.events if e.kind == "stage started" and e.cause == "bedding_in"]
    teams = [name for name in formed if name.startswith("joint_team")]
    found_wrong: dict[str, float] = {}
    for event in history.events:
        if event.kind == "rework found" and event.cause == "round 1":
            found_wrong[event.entity] = event.value or 0.0
    third = len(teams) // 3
    if not third:
        return nan, nan
    shares = [found_wrong.get(name, 0.0) for name in teams]
    return mean(shares[:third]), mean(shares[-third:])


def relative_spread(values: Sequence[float]) -> float:
    """Largest less smallest, over the mean."""
    return (max(values) - min(values)) / mean(values)
