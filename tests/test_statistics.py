"""Statistics with known answers: false findings among equal plans, the best among plans of known worth (Q-S1 to Q-S3).

Every answer is the tool's own: `sim.analysis.compare` judges, `side_by_side` names the best,
`sim.core.statistics.stopping` chooses how many.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reached import beyond, share
from studies import of_plans

from sim.analysis.compare import compare, mean_interval
from sim.analysis.compare.side_by_side import side_by_side
from sim.core.statistics.intervals import wilson
from sim.core.statistics.stopping import needed

SEED = 20261122
STUDIES = 2_000
AT_MOST = 0.05
Values = Any
Outcomes = dict[str, Values]
World = Callable[[Any, int, int], Outcomes]


# -- Familywise: many comparisons, none of them true --

BETTER = {
    "npv": "higher", "saving": "higher", "cost": "lower", "fatigue": "lower", "dissolved": "lower",
    "payback_month": "lower",
}  # fmt: skip
PLANS = 6


def equal(random: Any, plan: int, histories: int) -> Outcomes:
    """Outcomes of every shape that any two plans could swap: sums, skewed costs, shares, flags and never."""
    own = random.normal(size=histories)
    paid = 30 + 5 * random.normal(size=histories)
    never = random.random(histories) < 0.2
    return {
        "npv": 5 * own,
        "saving": own + random.normal(size=histories),
        "cost": random.gamma(0.5, 2.0, size=histories),
        "fatigue": random.beta(2, 5, size=histories),
        "dissolved": (random.random(histories) < 0.1).astype(float),
        "payback_month": np.where(never, np.nan, paid),
        "never_pays_back": never.astype(float),
    }


def equal_on_average(random: Any, plan: int, histories: int) -> Outcomes:
    """The same means, and no two plans of one shape or spread: each more skewed than the one before."""
    skewed = 1.0 + 0.5 * plan
    found = {
        name: (random.gamma(4.0 / skewed, skewed, size=histories) - 4.0) * (1.0 if better == "higher" else -1.0)
        for name, better in list(BETTER.items())[:4]
    }
    even = (random.random(histories) < 0.1).astype(float)
    return {**found, "dissolved": even}


def lived(world: World, random: Any, histories: int, shift: float = 0.0) -> pd.DataFrame:
    """A table of runs: what is common to all plans in a history, and what is each plan's own."""
    common = 3.0 * random.normal(size=histories)
    plans = [world(random, plan, histories) for plan in range(PLANS)]
    table = {name: np.concatenate([plan[name] for plan in plans]) for name in plans[0]}
    for name in ("npv", "saving", "cost"):
        table[name] += np.tile(common, PLANS)
    table["npv"][-histories:] += shift
    cells = np.repeat([f"plan{plan}" for plan in range(PLANS)], histories)
    return pd.DataFrame({"replication": np.tile(np.arange(histories), PLANS), "cell": cells, "label": cells, **table})


def findings(world: World, histories: int, shift: float, number: int) -> tuple[bool, bool]:
    """Whether one study finds what is not there, and what is: the worth of its last plan, shifted."""
    random = np.random.default_rng([SEED, number])
    table = compare(lived(world, random, histories, shift), "plan0", BETTER)
    apart = table["verdict"].isin(["better", "worse"])
    true = (table["cell"] == f"plan{PLANS - 1}") & (table["outcome"] == "npv") if shift else apart & False
    assert len(table) == (PLANS - 1) * (6 if world is equal else 5)
    return bool((apart & ~true).any()), bool((apart & true & (table["verdict"] == "better")).any())


def counted(
    world: World, histories: int, shift: float, studies: int, many: Callable[..., Any] = map
) -> tuple[int, int]:
    """In how many studies something false was found, and in how many the truth."""
    found = list(many(partial(findings, world, histories, shift), range(studies)))
    return sum(false for false, _ in found), sum(true for _, true in found)


WORLDS = pytest.mark.parametrize("world", [equal, equal_on_average], ids=lambda world: world.__name__)


@pytest.mark.slow
@pytest.mark.check("Familywise", "Q-S2")
@pytest.mark.parametrize("histories", [30, 100])
@WORLDS
def test_in_two_thousand_studies_of_equal_plans_few_find_a_difference(
    world: World, histories: int, record_property: Any
) -> None:
    with ProcessPoolExecutor() as workers:
        false, _ = counted(world, histories, 0.0, STUDIES, partial(workers.map, chunksize=50))
    shapes = "one shape" if world is equal else "one mean and several shapes"
    what = f"studies of {histories} histories and plans of {shapes} hold a false finding"
    record_property("reached", share(false, STUDIES, what))
    record_property("n", STUDIES)
    assert false > 0, "a test that never errs tests nothing"
    assert not beyond(false, STUDIES, AT_MOST), false


@pytest.mark.slow
@pytest.mark.check("Familywise", "Q-S2")
def test_a_difference_that_is_there_is_found_among_many_that_are_not(record_property: Any) -> None:
    """Five standard errors of a paired difference: Holm's rule asks for 3.2 of the nearest of 30, so nearly always."""
    with ProcessPoolExecutor() as workers:
        false, true = counted(equal, 100, 5 * 5 * 2**0.5 / 10, STUDIES, partial(workers.map, chunksize=50))
    record_property("reached", share(true, STUDIES, "studies find a true difference of five standard errors"))
    record_property("n", STUDIES)
    assert true / STUDIES > 0.9
    assert not beyond(false, STUDIES, AT_MOST), false


# -- Selection: plans whose true worth is known --

GAPS = {
    "one best by far": (0.0, 1.0, 0.5, 0.5, 2.0),
    "one best by a little": (0.7, 0.7, 0.7, 0.7, 1.0),
    "two best": (0.0, 0.5, 1.0, 0.5, 1.0),
    "all equal": (1.0, 1.0, 1.0, 1.0, 1.0),
}
"""True mean worth of five plans, £m; the first is the reference, each plan's own luck has a spread of £2m."""
NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
OWN = 2.0


def worths(random: Any, gaps: tuple[float, ...], histories: int, skewed: bool) -> dict[str, Outcomes]:
    """Worth of every plan by history: common luck, and luck of its own, with rare large losses where it is skewed."""
    common = random.gamma(4.0, 1.0, size=histories)
    made = {}
    for name, gap in zip(NAMES, gaps, strict=True):
        own = 1.0 - random.exponential(size=histories) if skewed else random.normal(size=histories)
        made[name] = {"npv_gbp_m": gap + common + OWN * own}
    return made


def chosen(made: dict[str, Outcomes], gaps: tuple[float, ...]) -> tuple[bool, bool]:
    """Whether the tool calls a best plan worse than another, and whether it names exactly the best."""
    found = side_by_side([of_plans(made)], outcomes=["npv_gbp_m"])
    race = found.races["npv_gbp_m"]
    level = {race.best, *race.level}
    best = {name.lower() for name, gap in zip(NAMES, gaps, strict=True) if gap == max(gaps)}
    return not best <= level, level == best


def choice(gaps: tuple[float, ...], histories: int, skewed: bool, number: int) -> tuple[bool, bool]:
    """The choice from one made-up study."""
    return chosen(worths(np.random.default_rng([SEED, number]), gaps, histories, skewed), gaps)


@pytest.mark.check("Selection", "Q-S2")
@pytest.mark.parametrize("best", [0, 3], ids=["the reference is best", "another is best"])
def test_everything_that_an_answer_says_is_corrected_together(best: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two families, each right in itself, called a best plan worse in 7.5% of 400 studies of five equal plans."""
    from sim.analysis.compare import paired_differences

    seen: list[int] = []
    usual = paired_differences.judged
    monkeypatch.setattr(paired_differences, "judged", lambda values: (seen.append(len(values)), usual(values))[1])
    gaps = tuple(9.0 * (place == best) for place in range(5))
    side_by_side([of_plans(worths(np.random.default_rng(1), gaps, 50, False))], outcomes=["npv_gbp_m"])
    assert seen == [4 + 6, 0], "all pairs in what decides, and nothing else"


CHOICES = 400
SIZES = (25, 100, 400)


@pytest.mark.check("Selection")
def test_a_wrong_best_is_seldom_named_and_the_right_one_mostly(record_property: Any) -> None:
    studies = 8
    found = {name: [choice(gaps, 100, False, i) for i in range(studies)] for name, gaps in GAPS.items()}
    wrong = sum(each for choices in found.values() for each, _ in choices)
    right = sum(each for _, each in found["one best by far"])
    record_property("reached", share(wrong, studies * len(GAPS), "choices from 100 histories call a best plan worse"))
    record_property("n", studies * len(GAPS))
    assert not beyond(wrong, studies * len(GAPS), AT_MOST), wrong
    assert right >= 4


@pytest.mark.slow
@pytest.mark.check("Selection")
@pytest.mark.parametrize("skewed", [False, True], ids=["even luck", "rare large losses"])
@pytest.mark.parametrize("name", GAPS)
def test_the_best_is_named_more_often_the_more_is_known_and_a_wrong_one_seldom(
    name: str, skewed: bool, record_property: Any
) -> None:
    gaps = GAPS[name]
    wrong, right = {}, {}
    with ProcessPoolExecutor() as workers:
        for histories in SIZES:
            judge = partial(choice, gaps, histories, skewed)
            found = list(workers.map(judge, range(CHOICES), chunksize=25))
            wrong[histories] = sum(each for each, _ in found)
            right[histories] = sum(each for _, each in found)
    named = ", ".join(f"{100 * right[n] / CHOICES:.0f}% at {n}" for n in SIZES)
    most = max(SIZES, key=wrong.__getitem__)
    luck = "rare large losses" if skewed else "even luck"
    told = share(wrong[most], CHOICES, f"choices call a best plan worse at {most} histories, the worst size")
    record_property("reached", f"{name}, {luck}: {told}; exactly the best named: {named}")
    record_property("n", CHOICES * len(SIZES))
    assert not any(beyond(count, CHOICES, AT_MOST) for count in wrong.values()), wrong
    if name == "one best by far":
        assert right[25] < right[100] < right[400]
        assert right[400] > 0.9 * CHOICES
    if name == "two best":
        assert right[25] < right[100] < right[400]
    if name == "all equal":
        assert min(right.values()) > 0.9 * CHOICES


# -- the same where the number of histories is chosen by precision --

HALF_WIDTH = 0.5
ENOUGH = 1_000


def automatic_choice(gaps: tuple[float, ...], number: int) -> tuple[bool, bool]:
    """The choice where each plan has as many histories as tell its mean to within half a million."""
    made = worths(np.random.default_rng([SEED, number]), gaps, ENOUGH, False)
    counts = {name: needed(values["npv_gbp_m"].tolist(), HALF_WIDTH) for name, values in made.items()}
    assert all(count is not None and 10 <= count < ENOUGH for count in counts.values()), counts
    return chosen({name: {"npv_gbp_m": v["npv_gbp_m"][: counts[name]]} for name, v in made.items()}, gaps)


@pytest.mark.slow
@pytest.mark.check("Selection", "Q-S3")
@pytest.mark.parametrize("name", GAPS)
def test_the_best_is_named_where_the_number_of_histories_is_automatic(name: str, record_property: Any) -> None:
    with ProcessPoolExecutor() as workers:
        found = list(workers.map(partial(automatic_choice, GAPS[name]), range(CHOICES), chunksize=25))
    wrong, right = (sum(each) for each in zip(*found, strict=True))
    told = share(wrong, CHOICES, "choices at automatic numbers of histories call a best plan worse")
    record_property("reached", f"{name}: {told}; exactly the best named in {right / CHOICES:.0%}")
    record_property("n", CHOICES)
    assert not beyond(wrong, CHOICES, AT_MOST), wrong


KINDS: dict[str, tuple[Callable[[Any], Values], float, float]] = {
    "even values": (lambda random: random.normal(1.0, 2.0, ENOUGH), 1.0, 0.4),
    "skewed values": (lambda random: random.gamma(4.0, 1.0, ENOUGH), 4.0, 0.3),
    "a chance of one in ten": (lambda random: (random.random(ENOUGH) < 0.1).astype(float), 0.1, 0.06),
    "very skewed values": (lambda random: random.lognormal(0.0, 1.0, ENOUGH), float(np.exp(0.5)), 0.4),
}
"""How values come, their true mean, and the half-width asked for."""


def holds(kind: str, number: int) -> tuple[bool, int]:
    """Whether the interval at the number found holds the truth, and that number."""
    draw, truth, width = KINDS[kind]
    values = draw(np.random.default_rng([SEED, number])).tolist()
    count = needed(values, width)
    assert count is not None, kind
    if kind.startswith("a chance"):
        low, high = wilson(int(sum(values[:count])), count)
    else:
        found = mean_interval(values[:count])
        low, high = found.ends
    return low <= truth <= high, count


@pytest.mark.slow
@pytest.mark.check("Q-S3", "Q-S1")
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_at_the_number_found_hold_the_truth(kind: str, record_property: Any) -> None:
    with ProcessPoolExecutor() as workers:
        found = list(workers.map(partial(holds, kind), range(STUDIES), chunksize=50))
    held, counts = sum(hit for hit, _ in found), [count for _, count in found]
    told = share(held, STUDIES, "intervals at the number found automatically hold the truth")
    record_property("reached", f"{kind}: {told}; half of the numbers found up to {np.median(counts):.0f}")
    record_property("n", STUDIES)
    if kind == "very skewed values":
        # rare large values are missed just when a sequence looks calm: told by stopping, and not reached
        assert 0.80 <= held / STUDIES < 0.935
    else:
        assert 0.935 <= held / STUDIES <= 0.965
