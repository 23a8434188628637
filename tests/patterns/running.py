"""Runs the arms of a pattern on the same luck, and says what the effect is, with n and interval."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from statistics import mean
from typing import NamedTuple

from patterns.declared import Pattern, Row
from sim import engine, outcomes
from sim.compare import mean_interval, wilson
from sim.history import History
from sim.settings import compose

EARLY_MONTHS = 36
CHUNK = 25


class Found(NamedTuple):
    """An effect: its mean, lower and upper 95% bound, and the number of histories."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.3g} ({self.low:.3g} to {self.high:.3g}), n = {self.n}"


def effects_of(pattern: Pattern, n: int, further: Sequence[str] = ()) -> list[float]:
    """The effect in each of `n` replications, with further overrides in every arm."""
    arms = [rows((*arm, *further), n) for arm in pattern.arms]
    return [pattern.effect(*histories) for histories in zip(*arms, strict=True)]


def shrinking(pattern: Pattern, n: int) -> Found:
    """How much of the effect goes when the mechanism it hangs on is switched off, on the same luck."""
    off = effects_of(pattern, n, (f"mechanisms.{pattern.mechanism}=off",))
    lost = [a - b for a, b in zip(effects_of(pattern, n), off, strict=True)]
    middle, half, _ = mean_interval(lost)
    return Found(middle, middle - half, middle + half, n)


def found(pattern: Pattern, n: int, further: Sequence[str] = ()) -> Found:
    """The effect of a pattern over `n` replications, with its interval."""
    effects = effects_of(pattern, n, further)
    if pattern.within:
        low, high = wilson(round(sum(effects)), n)
        return Found(mean(effects), low, high, n)
    middle, half, _ = mean_interval(effects)
    return Found(middle, middle - half, middle + half, n)


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
    return [measured(engine.run(settings, r), settings) for r in range(first, first + asked)]


def measured(history: History, settings: object) -> Row:
    """The outcomes, and what only patterns ask for; null counts as nought."""
    row = {name: value or 0.0 for name, value in outcomes.row(history, settings).items()}  # type: ignore[arg-type]
    early = [event.kind for event in history.events if event.month < EARLY_MONTHS and event.kind.startswith("vote ")]
    first, last = rework_by_third(history)
    return row | {
        "early_votes_won": early.count("vote won") / len(early) if early else 1.0,
        "rework_first_third": first,
        "rework_last_third": last,
    }


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
        return 0.0, 0.0
    shares = [found_wrong.get(name, 0.0) for name in teams]
    return mean(shares[:third]), mean(shares[-third:])


def relative_spread(values: Sequence[float]) -> float:
    """Largest less smallest, over the mean."""
    return (max(values) - min(values)) / mean(values)
