"""Luck by address: the same number for the same address, whatever else is drawn; fair; exact counts."""

from itertools import accumulate
from math import comb

import pytest

from sim.luck import BLOCK, Luck, binomial


def test_an_address_has_one_number_and_other_draws_do_not_matter() -> None:
    first, second = Luck(1, 7), Luck(1, 7)
    alone = first.uniform("vote", "ict", 2)
    for i in range(100):
        second.uniform("another", "draw", i)
        second.block("leavers", "Redditch", i)
    assert second.uniform("vote", "ict", 2) == alone
    assert 0.0 < alone < 1.0


@pytest.mark.parametrize("other", [("votes", "ict", 2), ("vote", "ict", 3), ("vote", "hr", 2)])
def test_another_address_has_another_number(other: tuple[str, str, int]) -> None:
    luck = Luck(1, 7)
    assert luck.uniform(*other) != luck.uniform("vote", "ict", 2)


def test_seed_and_replication_change_every_number() -> None:
    numbers = {Luck(seed, r).uniform("vote", "ict", 2) for seed in range(5) for r in range(20)}
    assert len(numbers) == 100


def test_numbers_are_even_over_replications_and_over_months() -> None:
    """Chi-square with 19 degrees of freedom: 43.8 is exceeded once in a thousand; seed fixed beforehand."""
    for values in (
        [Luck(1, r).uniform("vote", "ict", 1) for r in range(4000)],
        [u for r in range(50) for b in range(10) for u in Luck(1, r).block("leavers", "Redditch", b)][:4000],
    ):
        counts = [0] * 20
        for value in values:
            counts[int(value * 20)] += 1
        assert sum((count - 200) ** 2 / 200 for count in counts) < 43.8


def test_a_count_is_the_exact_binomial_quantile() -> None:
    n, p = 40, 0.07
    chances = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    for r in range(300):
        u = Luck(3, r).uniform("leavers", "x", 5)
        expected = next(k for k, upto in enumerate(accumulate(chances)) if upto >= u)
        assert binomial(n, p, u) == expected


def test_counts_have_their_limits() -> None:
    assert binomial(0, 0.5, 0.9) == 0
    assert binomial(10, 0.0, 0.9) == 0
    assert binomial(10, 1.0, 0.1) == 10
    assert binomial(10, 0.5, 1.0 - 2.0**-53) == 10


def test_without_luck_everything_is_at_its_middle() -> None:
    luck = Luck(1, 1, at_median=True)
    assert luck.uniform("a", "b") == 0.5
    assert luck.block("a", "b", 3) == (0.5,) * BLOCK
    assert luck.normal("a", "b") == 0.0
    assert luck.lognormal(0.4, "a", "b") == 1.0
