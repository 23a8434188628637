"""Every lever does what it declares: quickly a few on the default partnership; in the slow set all, on three."""

from collections.abc import Callable
from math import erfc, isnan, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

import pytest
from patterns.running import rows

from levers.declared import Promise, promises
from sim.agents import AGENTS
from sim.core.inputs.levers import entries
from sim.core.statistics.intervals import holm
from sim.engine.outcomes import OUTCOMES
from sim.plans.compose import compose

PAIRS, QUICK_PAIRS = 200, 40
LEAST_SIZE = 0.1
CONFIDENT = 0.05
SURE_SIGNS = ("structure.posts_go_after", "members.leader_engagement")
"""Levers with large effects, tried in the quick tests."""
Shows = Callable[[str, object], None]
PROMISES = promises()


class Tried(NamedTuple):
    """A lever as it was tried on one partnership: its effect in the declared direction, in standard deviations."""

    promise: Promise
    partnership: str
    effect: float
    chance: float
    """Probability of an effect as large by luck alone, one-sided."""
    n: int

    def __str__(self) -> str:
        way = "higher" if self.promise.sign > 0.0 else "lower"
        told = f"{self.promise.lever} at {self.partnership}: {self.promise.outcome} {way} by {self.effect:.2f} sd"
        return f"{told} (p = {self.chance:.2g}, n = {self.n}), {self.promise.size:g} asked"


def tried(promise: Promise, partnership: str, pairs: int) -> Tried:
    """The lever moved, on common luck; pairs without a value of the outcome are left out."""
    before, after = (rows(arm, pairs) for arm in promise.arms(partnership))
    both = [(a[promise.outcome], b[promise.outcome]) for a, b in zip(before, after, strict=True)]
    both = [pair for pair in both if not any(map(isnan, pair))]
    if len(both) < 2:
        return Tried(promise, partnership, 0.0, 1.0, len(both))
    gains = [promise.sign * (b - a) for a, b in both]
    middle, spread = fmean(gains), stdev(gains)
    between = sqrt((stdev([a for a, _ in both]) ** 2 + stdev([b for _, b in both]) ** 2) / 2.0)
    by_luck = 0.5 * erfc(middle / (spread / sqrt(len(gains))) / sqrt(2.0)) if spread else float(middle <= 0.0)
    return Tried(promise, partnership, middle / between if between else 0.0, by_luck, len(gains))


def short(found: list[Tried]) -> list[Tried]:
    """Those that fall short: too small, or not told from luck once many are tried (Holm)."""
    corrected = holm([one.chance for one in found])
    return [
        one for one, chance in zip(found, corrected, strict=True) if chance > CONFIDENT or one.effect < one.promise.size
    ]


def test_every_lever_declares_what_it_must_do_and_nothing_else_does() -> None:
    levers = {entry["name"].removeprefix("levers.") for agent in AGENTS for g in agent.levers for entry in entries(g)}
    assert PROMISES.keys() == levers


@pytest.mark.parametrize("promise", PROMISES.values(), ids=PROMISES)
def test_what_a_lever_declares_can_be_tried(promise: Promise) -> None:
    assert promise.outcome in OUTCOMES
    assert promise.size >= LEAST_SIZE
    assert promise.source
    before, after = (compose(list(arm)).settings for arm in promise.arms(promise.partnerships[0]))
    assert before != after


@pytest.mark.parametrize("lever", SURE_SIGNS)
def test_a_lever_of_large_effect_does_what_it_declares(lever: str) -> None:
    promise = PROMISES[lever]
    found = tried(promise, promise.partnerships[0], QUICK_PAIRS)
    assert not short([found]), str(found)


@pytest.mark.slow
@pytest.mark.check("Levers")
def test_no_lever_falls_short_of_what_it_declares(record_property: Shows) -> None:
    found = [tried(one, place, PAIRS) for one in PROMISES.values() for place in one.partnerships]
    wanting = short(found)
    record_property("reached", f"{len(wanting)} of {len(found)} fall short")
    record_property("n", PAIRS)
    assert not wanting, "\n".join(map(str, wanting))
