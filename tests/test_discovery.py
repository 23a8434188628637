"""Regions of failure: a planted box comes back, noise makes none, and what is reported was not used to find it."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import studies

from sim.analysis.condition import parse
from sim.analysis.regions.boxes import Limit, find_box, inside, screened, worth
from sim.analysis.regions.discovery import ALL, Discovery, _halves, discover
from sim.analysis.two_way import gap_of
from sim.core.errors import InputError
from sim.pictures.answers.region_ranges import discovery as figure
from sim.plans.declared_lists import evidence_entries
from sim.surfaces.api.answers import discover as kept
from sim.words.answers.discovery_words import _points, headline, said

REVIEW, TRUST = "evidence.time.review.value", "evidence.trust.build_months.value"
OTHERS = [f"{entry['name']}.value" for entry in evidence_entries() if f"{entry['name']}.value" not in (REVIEW, TRUST)]
DISSOLVED = parse("dissolved")


def sample(
    rows: int = 600, factors: int = 6, lucks: int = 5, seed: int = 1, plans: tuple[str, ...] = ("Structure first",),
    high: float = 0.9, low: float = 0.05, kind: str = "lhs", n: int = 0, **more: Any,
) -> Any:  # fmt: skip
    """A sampled study in which histories fail often with reviews over 4.8 months and trust that builds in over 26."""
    luck = np.random.default_rng(seed)
    drawn = pd.DataFrame(luck.random((rows, factors)), columns=[REVIEW, TRUST, *OTHERS[: factors - 2]])
    drawn[REVIEW], drawn[TRUST] = 2 + 4 * drawn[REVIEW], 12 + 24 * drawn[TRUST]
    chance = np.where((drawn[REVIEW] > 4.8) & (drawn[TRUST] > 26.4), high, low)
    tables, runs = [], []
    for plan in plans:
        cells = [f"{plan[0]}{row}" for row in range(rows)]
        failed = luck.random((rows, lucks)) < chance[:, None]
        tables.append(pd.concat([pd.DataFrame({"row": range(rows), "cell": cells, "scenario": plan}), drawn], axis=1))
        index = {"cell": np.repeat(cells, lucks), "scenario": plan, "replication": np.tile(range(lucks), rows)}
        runs.append(pd.DataFrame({**index, "dissolved": failed.ravel().astype(float), "npv_gbp_m": 1.0}))
    table, own = pd.concat(tables, ignore_index=True), {"kind": kind, "n": n or rows}
    return studies.of_rows(table, pd.concat(runs, ignore_index=True), own, **more)


def limits(found: Discovery, plan: int = 0, region: int = 0) -> dict[str, tuple[float | None, float | None]]:
    return {limit.key: (limit.over, limit.under) for limit in found.plans[plan].regions[region].limits}


def test_a_planted_region_comes_back() -> None:
    found = discover(sample(), DISSOLVED)
    bounds = limits(found)
    assert set(bounds) == {REVIEW, TRUST}, "and no factor that does nothing"
    assert bounds[REVIEW] == (pytest.approx(4.8, abs=0.2), None)
    assert bounds[TRUST] == (pytest.approx(26.4, abs=1.2), None)
    region = found.plans[0].regions[0]
    assert region.holds_up
    assert region.density.low < 0.9 and region.density.value > 0.75
    assert region.coverage.value == pytest.approx(0.12 * 0.9 / (0.12 * 0.9 + 0.88 * 0.05), abs=0.12)
    assert all(limit.quasi_p < 0.001 for limit in region.limits)
    text = said(found)
    assert "Where service review and business case is over" in text
    assert "time in which trust builds is over" in text
    assert headline(found).endswith("% overall")
    assert "_" not in text


def test_the_same_study_gives_the_same_regions_and_moves_no_shared_luck() -> None:
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()
    first, second = (discover(sample(rows=200), DISSOLVED).table for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert np.random.get_state()[1].tolist() == before


def test_one_history_a_row_is_enough() -> None:
    found = discover(sample(rows=800, lucks=1), DISSOLVED)
    assert set(limits(found)) == {REVIEW, TRUST}
    assert "luck and what was drawn cannot be told apart" in said(found)


def test_luck_that_all_rows_share_does_not_hide_a_region() -> None:
    """In half of the replications far more fail: how many fail in all is unsure, where more fail is not."""
    study = sample(rows=300, lucks=6)
    drawn = study.design.loc[study.runs["cell"].str[1:].astype(int)]
    inside_it = ((drawn[REVIEW] > 4.8) & (drawn[TRUST] > 26.4)).to_numpy()
    chance = 0.05 + 0.5 * inside_it + 0.4 * (study.runs["replication"] % 2 == 0)
    study.runs["dissolved"] = 1.0 * (np.random.default_rng(6).random(len(chance)) < chance)
    found = discover(study, DISSOLVED).plans[0]
    region = found.regions[0]
    assert {limit.key for limit in region.limits} == {REVIEW, TRUST}
    assert found.overall.high - found.overall.low > 0.4
    assert found.parts.luck_error > 5 * found.parts.rows_error
    assert region.holds_up
    assert region.density.low < found.overall.high, "the two shares alone would not tell"
    assert "more histories a row would narrow this" in said(discover(study, DISSOLVED))


def by_luck(inside: Any, elsewhere: Any) -> Any:
    """The planted region, with chances of its own in each of four lucks, inside and elsewhere."""
    study = sample(rows=300, lucks=4)
    drawn = study.design.loc[study.runs["cell"].str[1:].astype(int)]
    box = ((drawn[REVIEW] > 4.8) & (drawn[TRUST] > 26.4)).to_numpy()
    luck = study.runs["replication"].to_numpy()
    chance = np.where(box, np.array(inside)[luck], np.array(elsewhere)[luck])
    study.runs["dissolved"] = 1.0 * (np.random.default_rng(6).random(len(chance)) < chance)
    return study


def test_few_lucks_do_not_reject_a_region_that_held() -> None:
    """94% fail inside in every luck, elsewhere between none and nine in ten: no share lies beyond 0 and 1."""
    found = discover(by_luck([0.94] * 4, [0.9, 0.05, 0.5, 0.0]), DISSOLVED)
    region = found.plans[0].regions[0]
    assert region.density.value > 0.85 and region.found[0] > 0.85
    assert region.holds_up
    assert -1 <= region.more.low < region.more.value < region.more.high <= 1
    assert "No region holds up" not in said(found)
    assert headline(found).endswith("% overall")


def test_a_region_is_rejected_by_the_figures_that_are_told() -> None:
    study = by_luck([0.94] * 4, [0.94, 0.93, 0.0, 0.92])
    finds = _halves(study, study.design)[study.runs["cell"].str[1:].astype(int)]
    other = by_luck([0.9] * 4, [0.88, 0.92, 0.9, 0.9])
    study.runs["dissolved"] = study.runs["dissolved"].where(finds, other.runs["dissolved"])
    found = discover(study, DISSOLVED)
    region = found.plans[0].regions[0]
    assert not region.holds_up and region.more.low < 0
    told = re.search(
        r"; in the other half (\d+)% .* points? (more|less) than elsewhere \((.*) to (.*)\), which", said(found)
    )
    assert told is not None, said(found)
    assert round(100 * region.density.value) == int(told[1])
    assert (told[3] + told[4]).count("−") == 1, "the interval that is told holds none"


@pytest.mark.parametrize("lucks", [1, 2, 4, 40])
@pytest.mark.parametrize(("inside", "elsewhere"), [(1.0, 0.0), (0.0, 1.0), (0.97, 0.5), (0.5, 0.5), (1.0, 1.0)])
def test_a_difference_of_shares_lies_between_minus_one_and_one(lucks: int, inside: float, elsewhere: float) -> None:
    luck = np.random.default_rng(5)
    ours, theirs = (1.0 * (luck.random((rows, lucks)) < p) for rows, p in ((12, inside), (30, elsewhere)))
    found = gap_of(ours, theirs)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high
    assert found.value == pytest.approx(ours.mean() - theirs.mean())
    assert found.n == 42 * lucks


def test_the_score_is_of_rows_that_took_no_part() -> None:
    """Failures are moved to the half that finds: a region is found, and does not hold up."""
    study = sample(high=1.0, low=0.0)
    finds = _halves(study, study.design)
    row = study.runs["cell"].str[1:].astype(int)
    study.runs.loc[~finds[row.to_numpy()], "dissolved"] = 1.0 * (
        np.random.default_rng(2).random((~finds[row]).sum()) < 0.1
    )
    region = discover(study, DISSOLVED).plans[0].regions[0]
    assert region.found[0] > 0.9
    assert region.density.value < 0.25
    assert not region.holds_up
    assert "No region holds up" in said(discover(study, DISSOLVED))
    assert headline(discover(study, DISSOLVED)) == "No region stands out among the 6 things that varied"


@pytest.mark.parametrize(("seeds", "most"), [(4, 1), pytest.param(100, 7, marks=pytest.mark.slow)])
def test_noise_makes_no_region(seeds: int, most: int) -> None:
    """A region of noise is found easily, and should hold up on the other half in about one study in forty."""
    held_up = 0
    for seed in range(seeds):
        found = discover(sample(100, seed=seed, high=0.3, low=0.3), DISSOLVED)
        held_up += any(region.holds_up for region in found.plans[0].regions)
    assert held_up <= most


def test_two_plans_and_both_together() -> None:
    found = discover(sample(plans=("Structure first", "Transform first")), DISSOLVED)
    assert [plan.plan for plan in found.plans] == ["Structure first", "Transform first", ALL]
    assert [set(limits(found, plan)) for plan in range(3)] == [{REVIEW, TRUST}] * 3
    assert [plan.overall.n for plan in found.plans] == [3000, 3000, 6000]
    assert set(found.table["plan"]) == {"Structure first", "Transform first", ALL}


def test_choices_can_bound_a_region() -> None:
    study = sample(rows=400, factors=3)
    form = np.random.default_rng(8).choice(["joint_committee", "separate_votes", "company_board"], 400)
    study.design["levers.governance.form"] = form
    study.design["levers.hr.on_top_team"] = np.arange(400) % 2 == 0
    study.runs["dissolved"] = (np.repeat(form, 5) == "company_board").astype(float)
    region = discover(study, DISSOLVED).plans[0].regions[0]
    assert [limit.values for limit in region.limits] == [("company_board",)]
    assert "who decides each step is company board" in said(discover(study, DISSOLVED))


def test_unknown_histories_are_left_out_and_counted() -> None:
    study = sample(rows=300)
    study.runs.loc[study.runs.index[:7], "dissolved"] = np.nan
    found = discover(study, DISSOLVED).plans[0]
    assert (found.unknown, found.overall.n, found.rows) == (7, 1493, 299)


@pytest.mark.parametrize(
    ("high", "low", "note"),
    [
        (0.0, 0.0, "none of its histories fail"),
        (1.0, 1.0, "all of its"),
        (0.005, 0.005, "it takes 20"),
        (0.995, 0.995, "do not"),
    ],
)
def test_too_little_to_find_a_region_is_said(high: float, low: float, note: str) -> None:
    found = discover(sample(rows=300, high=high, low=low), DISSOLVED)
    assert note in found.plans[0].note
    assert "No region was looked for" in said(found)
    assert figure(found).axes


@pytest.mark.parametrize(
    ("study", "message"),
    [
        (sample(rows=60), "60 different points, and finding a region and checking it takes 80"),
        (sample(rows=100, kind="one_at_a_time"), "moves one thing at a time"),
    ],
)
def test_a_study_that_cannot_tell_says_so(study: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        discover(study, DISSOLVED)


def test_a_plain_run_is_told_how_to_make_a_sample() -> None:
    study = sample(rows=100)
    study.manifest["design"] = None
    study.tables["cells"] = study.cells.assign(**dict.fromkeys((REVIEW, TRUST, *OTHERS[:4]), 1.0))
    with pytest.raises(InputError, match=r"tandem sweep design=lhs"):
        discover(study, DISSOLVED)


def test_a_grid_is_a_sample_too() -> None:
    study = sample(rows=400)
    study.manifest["design"] = {"kind": "grid"}
    assert set(limits(discover(study, DISSOLVED))) == {REVIEW, TRUST}


def test_rows_that_share_a_base_point_stay_in_one_half() -> None:
    study = sample(rows=160, kind="sobol", n=20)
    halves = _halves(study, study.design).reshape(20, 8)
    assert {tuple(row) for row in halves} == {(True,) * 8, (False,) * 8}
    assert halves[:, 0].sum() == 10


def test_screening_sees_the_middle_and_choices() -> None:
    luck = np.random.default_rng(4)
    factors = pd.DataFrame(luck.random((500, 30)), columns=[f"f{n}" for n in range(30)])
    factors["words"] = luck.choice(["a", "b", "c"], 500)
    share = 0.5 * (np.abs(factors["f3"] - 0.5) < 0.2) + 0.3 * (factors["f7"] > 0.5) + 0.3 * (factors["words"] == "b")
    assert {"f3", "f7", "words"} <= set(screened(factors, share.to_numpy() + 0.01 * luck.random(500), 4))


def test_limits_without_effect_are_dropped() -> None:
    luck = np.random.default_rng(4)
    factors = pd.DataFrame(luck.random((400, 4)), columns=list("abcd"))
    share = (factors["a"] > 0.6).to_numpy(dtype=float)
    box = find_box(factors, share)
    assert [limit.key for limit in box] == ["a"]
    assert inside(box, factors).sum() == pytest.approx(160, abs=25)
    assert inside((Limit("a", over=0.5), Limit("a", under=0.6)), factors).sum() == factors["a"].between(0.5, 0.6).sum()


def test_rows_are_worth_more_histories_the_less_their_histories_agree() -> None:
    luck = np.random.default_rng(1)
    assert worth((luck.random(400) < 0.3).astype(float)) == pytest.approx(1.0, rel=0.01)
    assert worth((luck.random((4000, 8)) < 0.3).mean(axis=1)) == pytest.approx(8, rel=0.06)


def test_one_point_is_one() -> None:
    assert [_points(share, 0) for share in (0.01, 0.02, 0.0)] == ["1 point", "2 points", "0 points"]
    assert _points(0.01) == "1.0 points"


def test_answers_are_kept(tmp_path: Path) -> None:
    study = sample(rows=300, folder=tmp_path)
    found = kept(study, "dissolved or npv_gbp_m < 0").numbers
    assert len(pd.read_csv(tmp_path / "answers/discover.csv")) == len(found.table)
    assert "net present value over the horizon is under £0" in (tmp_path / "answers/discover.md").read_text()
    assert headline(found)[:30] in (tmp_path / "figures/discover.svg").read_text()


@pytest.mark.slow
def test_ten_thousand_rows_of_many_factors_take_seconds() -> None:
    from time import process_time

    import ema_workbench.analysis.prim  # noqa: F401 (its import takes seconds of its own)

    study = sample(rows=10_000, factors=390, lucks=3, plans=("Structure first", "Transform first"))
    start = process_time()
    found = discover(study, DISSOLVED)
    assert process_time() - start < 15
    assert set(limits(found)) == {REVIEW, TRUST}


@pytest.mark.slow
def test_reported_densities_are_honest() -> None:
    """Over many studies the intervals hold the true share of the region found, as 95% intervals should."""
    held, seen = 0, 0
    for seed in range(60):
        study = sample(rows=400, seed=seed, high=0.8, low=0.2)
        for region in discover(study, DISSOLVED).plans[0].regions[:1]:
            box = inside(region.limits, study.design)
            drawn = study.design[box]
            truth = np.where((drawn[REVIEW] > 4.8) & (drawn[TRUST] > 26.4), 0.8, 0.2).mean()
            seen += 1
            held += region.density.low <= truth <= region.density.high
    assert seen > 50
    assert held / seen > 0.88
