"""The automatic number of replications (Q-S3): against a plain re-computation, and against ways to be fooled."""

import math

import numpy as np
import pytest

from sim.analysis.compare import mean_interval
from sim.core.statistics.intervals import wilson
from sim.core.statistics.stopping import AHEAD, LEAST, half_widths, needed


def plainly(values, target, least=LEAST, ahead=AHEAD):
    """The rule word by word, without its shortcuts."""

    def width(n):
        known = [value for value in values[:n] if not math.isnan(value)]
        if len(known) < least:
            return math.inf
        if set(known) <= {0, 1}:
            low, high = wilson(int(sum(known)), len(known))
            return (high - low) / 2
        return mean_interval(known).half_width

    for n in range(least, len(values) - ahead + 1):
        if all(width(m) <= target for m in range(n, n + ahead + 1)):
            return n
    return None


def draws(seed, n, kind="normal"):
    luck = np.random.default_rng(seed)
    made = {"normal": luck.normal(1, 2, n), "lognormal": luck.lognormal(0, 1, n), "flag": luck.random(n) < 0.2}
    return [float(value) for value in made[kind]]


@pytest.mark.parametrize("kind", ["normal", "lognormal", "flag"])
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.check("Q-S3")
def test_number_is_the_first_that_holds_and_stays(kind, seed):
    values = draws(seed, 150, kind)
    values[3] = values[17] = math.nan
    for target in (0.08, 0.2, 0.5, 1.0, 3.0):
        assert needed(values, target) == plainly(values, target)


@pytest.mark.check("Q-S3")
def test_number_is_of_the_size_that_theory_gives(record_property):
    found = [needed(draws(seed, 400), 0.4) for seed in range(200)]
    theory = (1.96 * 2 / 0.4) ** 2
    record_property(
        "reached", f"half of 200 sequences need up to {np.median(found):.0f} histories where theory says {theory:.0f}"
    )
    assert np.median(found) == pytest.approx((1.96 * 2 / 0.4) ** 2, rel=0.1)


@pytest.mark.check("Q-S3")
def test_number_does_not_change_when_more_values_follow():
    values = draws(3, 400)
    whole = needed(values, 0.4)
    assert whole is not None
    found = {needed(values[:n], 0.4) for n in range(len(values) + 1)}
    assert found == {None, whole}
    assert needed(values[: whole + AHEAD], 0.4) == whole
    assert needed(values[: whole + AHEAD - 1], 0.4) is None


@pytest.mark.check("Q-S3")
def test_narrow_for_a_moment_is_not_enough():
    calm_then_wild = [1.0, 1.1] * 6 + [30.0, -30.0] + [1.0, 1.1] * 2
    assert needed(calm_then_wild, 0.5, ahead=0) == LEAST
    assert needed(calm_then_wild, 0.5) is None


@pytest.mark.check("Q-S3")
def test_no_fewer_than_the_least_even_without_spread():
    assert needed([2.5] * 30, 0.01) == LEAST
    assert needed([2.5] * 30, 0.01, least=12) == 12
    assert needed([2.5] * 12, 0.01) is None
    assert needed([], 0.01) is None


@pytest.mark.check("Q-S3")
def test_flag_that_never_showed_is_not_certain():
    """Wilson: none of 10 leaves up to 28% possible, so that the mean's half-width of 0 is not taken for knowledge."""
    assert needed([0.0] * 60, 0.05) == 35
    assert (wilson(0, 35)[1] - wilson(0, 35)[0]) / 2 <= 0.05 < (wilson(0, 34)[1] - wilson(0, 34)[0]) / 2


@pytest.mark.check("Q-S3")
def test_values_that_say_nothing_do_not_count_towards_the_least():
    values = [math.nan] * 8 + [2.5, 2.6] * 20
    assert needed(values, 1.0) == 8 + LEAST
    assert needed([math.nan] * 100, 1.0) is None


@pytest.mark.check("Q-S3")
def test_half_widths_are_those_that_figures_show():
    values = draws(5, 60)
    for n, width in enumerate(half_widths(values), start=1):
        assert width == (pytest.approx(mean_interval(values[:n]).half_width) if n >= LEAST else math.inf)
