"""Luck and ignorance told apart: on made-up draws whose truth is known."""

from __future__ import annotations

from math import erf, sqrt
from random import Random

import pytest

from sim.analysis.nested import difference, parts, turners


def made(
    draws: int, lucks: int, mean: float, between: float, luck: float, seed: int = 1
) -> tuple[list[list[float]], list[float]]:
    """Differences by draw, and each draw's normal score."""
    random = Random(seed)
    scores = [random.gauss(0.0, 1.0) for _ in range(draws)]
    return [[mean + between * z + random.gauss(0.0, luck) for _ in range(lucks)] for z in scores], scores


@pytest.mark.parametrize("lucks", [2, 4, 8])
@pytest.mark.parametrize(("mean", "between"), [(1.0, 1.0), (0.0, 1.0), (-0.5, 2.0)])
def test_the_share_of_draws_is_that_without_luck(lucks: int, mean: float, between: float) -> None:
    """With luck twice as wide as ignorance a raw share would be drawn to a half; the shrunken one is not."""
    truth = 0.5 + 0.5 * erf(mean / between / sqrt(2.0))
    found = [difference(made(100, lucks, mean, between, 2.0 * between, seed)[0]).above for seed in range(300)]
    assert sum(found) / len(found) == pytest.approx(truth, abs=0.04)


def test_the_raw_share_would_not_do() -> None:
    by_draw, _ = made(4000, 1, 1.0, 1.0, 2.0)
    assert sum(own[0] > 0.0 for own in by_draw) / 4000 < 0.70, "the truth is 84%"


def test_the_interval_clusters_on_draws() -> None:
    """Ninety-five of a hundred intervals hold the truth though two histories share a draw."""
    held = 0
    for seed in range(400):
        found = difference(made(50, 2, 0.3, 1.0, 0.5, seed)[0])
        held += abs(found.mean - 0.3) <= found.half_width
        assert found.n == 50
    assert 0.925 <= held / 400 <= 0.975


def test_both_bands_are_told_apart() -> None:
    by_draw, _ = made(2000, 2, 10.0, 3.0, 1.0)
    found = parts(by_draw)
    assert found.middle == pytest.approx(10.0, abs=0.25)
    assert found.luck.high - found.luck.low == pytest.approx(2 * 1.645, rel=0.06)
    assert found.everything.high - found.everything.low == pytest.approx(2 * 1.645 * sqrt(10.0), rel=0.06)


def test_no_luck_band_where_each_draw_met_one_history() -> None:
    found = parts([[1.0], [2.0], [3.0]])
    assert found.luck.low != found.luck.low, "not a number"


def test_a_difference_without_any_spread_has_a_certain_sign() -> None:
    assert difference([[1.0, 1.0], [1.0, 1.0]]).above == 1.0
    assert difference([[0.0, 0.0], [0.0, 0.0]]).above == 0.5


def test_what_turns_a_difference_is_found_with_the_value_at_which_it_turns() -> None:
    by_draw, scores = made(100, 2, 1.0, 1.0, 0.5)
    random = Random(7)
    idle = {f"idle {i}": [random.gauss(0.0, 1.0) for _ in range(100)] for i in range(500)}
    found, *more = turners(by_draw, {"deciding": scores, **idle})
    assert found.key == "deciding" and found.correlation > 0.8
    assert len(more) <= 1, "one in twenty such sets holds one idle quantity by chance"
    assert found.at == pytest.approx(0.5 + 0.5 * erf(-1.0 / sqrt(2.0)), abs=0.06)


def test_a_sign_that_never_turns_is_said_so() -> None:
    by_draw, scores = made(100, 2, 9.0, 1.0, 0.5)
    (found,) = turners(by_draw, {"deciding": scores})
    assert found.at is None
