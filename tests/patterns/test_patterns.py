"""Each pattern on the default partnership, quickly; the whole rule of docs/model.md in the slow set."""

from collections.abc import Callable, Sequence
from statistics import mean

import pytest

from patterns.declared import ELECTIONS_WIDEN, PATTERNS, PLATEAU, SHORT, Pattern
from patterns.running import drawn, effects_of, found, relative_spread, rows, shrinking, told
from sim.analysis.compare import mean_interval

PLATEAUS, SLOW = 120, 200
DRAWS, HISTORIES_A_DRAW = 100, 16
KEEPS_SIGN = 0.7
Shows = Callable[[str, object], None]


def each(patterns: Sequence[Pattern]) -> pytest.MarkDecorator:
    """A test of each of them, on the line of its id."""
    params = [pytest.param(pattern, id=pattern.name, marks=marks(pattern)) for pattern in patterns]
    return pytest.mark.parametrize("pattern", params)


def marks(pattern: Pattern) -> list[pytest.MarkDecorator]:
    """The line of its id; a pattern known to fall short must go on doing so, or be taken off the list."""
    short = [pytest.mark.xfail(reason=SHORT[pattern.name], strict=True)] if pattern.name in SHORT else []
    return [pytest.mark.check(pattern.id), *short]


CLAIMED = [pattern for pattern in PATTERNS if pattern.mark == "claimed" and pattern.name not in SHORT]
"""Patterns run at each change; one that falls short is held to it with the slow ones."""
HANGING = [pattern for pattern in PATTERNS if pattern.mechanism]


@each(CLAIMED)
def test_the_pattern_holds_on_the_default_partnership(pattern: Pattern, record_property: Shows) -> None:
    holds(pattern, pattern.quick, record_property)


@pytest.mark.slow
@each(PATTERNS)
def test_the_pattern_holds_in_two_hundred_histories(pattern: Pattern, record_property: Shows) -> None:
    holds(pattern, SLOW, record_property)


def holds(pattern: Pattern, n: int, record_property: Shows) -> None:
    """The rule on the default partnership: the lower bound of the effect lies above its material size."""
    effect = found(pattern, n)
    record_property("reached", f"{pattern.says}: {effect}, more than {pattern.material:g} asked")
    record_property("n", effect.n)
    assert effect.low > pattern.material, f"{effect}, material size {pattern.material:g}"


@pytest.mark.slow
@pytest.mark.check("P-10")
def test_elections_widen_the_gap_in_later_votes(record_property: Shows) -> None:
    def gap(further: tuple[str, ...]) -> list[float]:
        leaders_only, both = (rows((*arm, *further), SLOW) for arm in ELECTIONS_WIDEN)
        return [a["refused_later"] - b["refused_later"] for a, b in zip(leaders_only, both, strict=True)]

    calm = gap(("mechanisms.elections=off",))
    widened = [a - b for a, b in zip(gap(()), calm, strict=True)]
    found = mean_interval(told(widened))
    middle, half = found.value, found.half_width
    reached = f"elections widen the gap by {middle:.2f} ± {half:.2f} of later reports, more than 0 asked"
    record_property("reached", reached)
    assert middle - half > 0.0, f"{middle:.2f} ± {half:.2f} more refused with elections"


@pytest.mark.slow
@pytest.mark.check("P-5")
def test_between_too_fast_and_too_slow_lies_a_plateau(record_property: Shows) -> None:
    values = [sum(row["npv_gbp_m"] for row in rows(arm, PLATEAUS)) / PLATEAUS for arm in PLATEAU]
    record_property("reached", f"on the plateau value differs by {relative_spread(values):.0%}, under 15% asked")
    assert relative_spread(values) < 0.15, values


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "partnership"),
    [
        pytest.param(p, place, id=f"{p.name} at {place}", marks=pytest.mark.check(p.id))
        for p in CLAIMED
        for place in p.elsewhere
    ],
)
def test_a_claimed_pattern_keeps_its_sign_on_other_partnerships(
    pattern: Pattern, partnership: str, record_property: Shows
) -> None:
    effect = found(pattern.at(partnership), SLOW)
    record_property("reached", f"at {partnership.replace('_', ' ')}: {effect}")
    record_property("n", effect.n)
    assert effect.low > 0.0, str(effect)


@pytest.mark.slow
@each(HANGING)
def test_switching_its_mechanism_off_shrinks_the_effect(pattern: Pattern, record_property: Shows) -> None:
    lost = shrinking(pattern, SLOW)
    record_property("reached", f"without {pattern.mechanism} it shrinks by {lost}")
    assert lost.low > 0.0, f"the effect shrinks by {lost}"


@pytest.mark.slow
@each(CLAIMED)
def test_a_claimed_pattern_keeps_its_sign_over_the_evidence_ranges(pattern: Pattern, record_property: Shows) -> None:
    own = {override.partition("=")[0] for arm in pattern.arms for override in arm}
    middle = 0.5 if pattern.within else 0.0
    effects = [told(effects_of(pattern, HISTORIES_A_DRAW, drawn(i, own))) for i in range(DRAWS)]
    means = [mean(some) for some in effects if some]
    kept = sum(effect > middle for effect in means)
    record_property("reached", f"{pattern.says}: its sign in {kept} of {len(means)} draws, {KEEPS_SIGN:.0%} asked")
    assert len(means) > DRAWS / 2 and kept >= KEEPS_SIGN * len(means), f"{kept} of {len(means)} draws"
