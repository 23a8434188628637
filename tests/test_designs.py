"""Designs: the points they visit, what is refused, and that each is made again from its manifest."""

import json

import numpy as np
import pytest
from scipy.stats import qmc

from sim.core.errors import InputError
from sim.core.inputs.quantity import Quantity
from sim.plans.compose import compose
from sim.study.design.designs import (
    KINDS,
    Design,
    Factor,
    as_manifest,
    checked,
    from_manifest,
    members_of,
    notes,
    problem,
    row_count,
    units,
    values,
)

EVEN = Factor("evidence.a.x.value", 1.0, 3.0)
PEAKED = Factor("evidence.a.y.value", 1.0, 100.0, peak=10.0)
WHOLE = Factor("levers.hr.od_posts", 0, 5, whole=True)
CHOICE = Factor("levers.sequence.order", values=("a", "b", "c"))
FOUR = (EVEN, PEAKED, WHOLE, CHOICE)


def design(kind: str, n: int = 8, factors: tuple[Factor, ...] = FOUR, **more: int) -> Design:
    return Design(kind, factors, n, **more)


def grouped(kind: str, n: int = 8) -> Design:
    names = ("time", "time", "money", "time", "")
    return Design(kind, tuple(Factor(f"k{i}", group=group) for i, group in enumerate(names)), n)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_is_made_again_to_the_bit_and_touches_no_shared_luck(kind: str) -> None:
    np.random.seed(5)
    before = np.random.get_state()[1].copy()
    first, again, other = (units(design(kind, seed=seed)) for seed in (1, 1, 2))
    assert (np.random.get_state()[1] == before).all()
    assert first.dtype == np.float64
    assert first.shape == (row_count(design(kind)), 4)
    assert (first == again).all()
    assert 0 <= first.min() <= first.max() <= 1
    assert kind == "one_at_a_time" or (first != other).any()


@pytest.mark.parametrize("n", [8, 64])
@pytest.mark.parametrize("groups", [False, True])
def test_the_sobol_sample_is_that_of_salib(n: int, groups: bool) -> None:
    from SALib.sample.sobol import sample

    made = grouped("sobol", n) if groups else design("sobol", n)
    known = sample(problem(made), n, calc_second_order=False, seed=np.random.default_rng(made.seed))
    assert (units(made) == known).all()


def test_a_sobol_group_switches_whole_and_with_columns_of_its_own() -> None:
    made = units(grouped("sobol", 16)).reshape(16, 3 + 2, 5)
    a, b = made[:, 0], made[:, -1]
    assert (made[:, 1][:, [0, 1, 3]] == b[:, [0, 1, 3]]).all()
    assert (made[:, 1][:, [2, 4]] == a[:, [2, 4]]).all()
    assert (made[:, 2][:, 2] == b[:, 2]).all()
    assert len({column.tobytes() for column in np.hstack([a, b]).T}) == 10


def test_each_step_of_a_morris_trajectory_moves_one_group() -> None:
    made = units(grouped("morris", 6)).reshape(6, 4, 5)
    for trajectory in made:
        moved = [tuple(np.flatnonzero(step)) for step in np.diff(trajectory, axis=0)]
        assert sorted(moved) == [(0, 1, 3), (2,), (4,)]
    assert set(np.round(3 * made.ravel(), 9)) <= {0.0, 1.0, 2.0, 3.0}


def test_a_latin_hypercube_meets_every_slice_once() -> None:
    made = units(design("lhs", 50))
    assert (np.sort(np.floor(50 * made), axis=0) == np.arange(50)[:, None]).all()


def test_one_at_a_time_starts_at_the_usual_point_and_moves_each_factor_alone() -> None:
    made = design("one_at_a_time", 3)
    rows = [values(made, row) for row in units(made)]
    assert rows[0] == {EVEN.key: 2.0, PEAKED.key: 10.0, WHOLE.key: 3, CHOICE.key: "a"}
    moved = [{key: value for key, value in row.items() if value != rows[0][key]} for row in rows[1:]]
    assert moved == [
        {EVEN.key: 1.0}, {}, {EVEN.key: 3.0},
        {PEAKED.key: 1.0}, {}, {PEAKED.key: 100.0},
        {WHOLE.key: 0}, {}, {WHOLE.key: 5},
        {CHOICE.key: "b"}, {CHOICE.key: "c"},
    ]  # fmt: skip


def test_evidence_is_drawn_as_elsewhere_and_its_usual_value_is_exact() -> None:
    known = {"unit": "number", "grade": "A", "source": "s", "meaning": "m"}
    quantity = Quantity(value=10, low=1, high=100, **known)
    assert [PEAKED.at(u) for u in (0.1, 0.6)] == [quantity.at(u) for u in (0.1, 0.6)]
    for group in compose().settings.evidence.values():
        for one in group.values():
            factor = Factor("k", one.low, one.high, peak=one.value)
            assert factor.at(factor.usual) == one.value
            assert (factor.at(0.0), factor.at(1.0)) == (one.low, one.high)


def test_choices_and_whole_numbers_are_equally_likely() -> None:
    shares = (np.arange(600) + 0.5) / 600
    assert np.unique([WHOLE.at(u) for u in shares], return_counts=True)[1].tolist() == [100] * 6
    assert [CHOICE.at(u) for u in shares].count("b") == 200
    assert (WHOLE.at(0.0), WHOLE.at(1.0), CHOICE.at(1.0)) == (0, 5, "c")
    assert isinstance(WHOLE.at(0.3), int)


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_gives_the_design_back(kind: str) -> None:
    factors = (*FOUR, Factor("levers.x", values=([], ["a", 1], None, True)), Factor("f", 0.1, 1 / 3, group="topic"))
    made = Design(kind, factors, 8, seed=2**62, levels=6)
    assert from_manifest(json.loads(json.dumps(as_manifest(made)))) == made


def test_groups_keep_the_order_of_the_factors() -> None:
    assert members_of(grouped("sobol")) == {"time": ("k0", "k1", "k3"), "money": ("k2",), "k4": ("k4",)}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (design("soboll"), "there is no design 'soboll'; did you mean 'sobol'?"),
        (design("grid"), "there is no design 'grid', allowed: lhs, morris, one_at_a_time, sobol"),
        (design("lhs", factors=()), "has no factors"),
        (design("lhs", 1), "'lhs' needs at least 2 points"),
        (design("sobol", 4), "'sobol' needs at least 8 points of the base sample"),
        (design("one_at_a_time", 1), "needs at least 2 levels a factor"),
        (design("morris", 1), "needs at least 4 trajectories"),
        (design("morris", levels=3), "design.levels=3: 'morris' needs an even number"),
        (design("morris", levels=0), "design.levels=0"),
        (Design("lhs", FOUR, 8.5), "design.n=8.5"),  # type: ignore[arg-type]
        (Design("lhs", FOUR, True), "design.n=True"),
        (design("lhs", seed=-1), "design.seed=-1"),
        (design("lhs", factors=(EVEN, EVEN)), "names 'evidence.a.x.value' twice"),
        (design("lhs", factors=(Factor("a", 2, 1),)), "a: 2 to 1 is no range"),
        (design("lhs", factors=(Factor("a", 0, float("nan")),)), "a: 0 to nan is no range"),
        (design("lhs", factors=(Factor("a", 0, 1, peak=2),)), "its most likely value 2 lies outside its range 0 to 1"),
        (design("lhs", factors=(Factor("a", 0, 1.5, whole=True),)), "must begin and end with whole numbers"),
        (design("lhs", factors=(Factor("a", values=(1,)),)), "one choice alone cannot vary"),
        (design("sobol", 2**26), "more than memory is kept for"),
        (design("sobol", factors=tuple(Factor(f"k{i}") for i in range(10_601))), "takes at most 10,600 factors"),
    ],
)
def test_an_impossible_design_is_refused_in_a_sentence(made: Design, said: str) -> None:
    with pytest.raises(InputError) as refused:
        checked(made)
    assert said in str(refused.value)
    with pytest.raises(InputError):
        units(made)


def test_a_manifest_without_a_design_is_refused() -> None:
    for content in ({}, {"kind": "lhs", "factors": [{"kez": 1}], "n": 2}, {"factors": 3}):
        with pytest.raises(InputError, match="holds no design"):
            from_manifest(content)


def test_a_sobol_sample_that_is_no_power_of_two_is_noted() -> None:
    assert notes(design("sobol", 64)) == []
    assert notes(design("lhs", 100)) == []
    assert "with 64 or 128" in notes(design("sobol", 100))[0]


def test_a_sobol_sample_spreads_more_evenly_than_luck() -> None:
    base = units(design("sobol", 64)).reshape(64, 6, 4)[:, 0]
    assert qmc.discrepancy(base) < qmc.discrepancy(np.random.default_rng(1).random((64, 4)))
