"""Regret and satisficing: known regret comes back, luck is taken out of it, and intervals count rows and luck."""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import studies

from sim.analysis.compare import compare_plans
from sim.analysis.condition import parse
from sim.analysis.regions.regret import estimates, luck_share, regrets
from sim.analysis.regions.robustness import Robust, Robustness, robust
from sim.analysis.two_way import contrast, mean_of, share_of
from sim.core.errors import InputError
from sim.core.statistics.intervals import wilson
from sim.pictures.answers.regret_dots import robustness as figure
from sim.surfaces.api.answers import robust as kept
from sim.words.answers.robustness_words import headline, said

POSITIVE = parse("npv_gbp_m > 0")
STRUCTURE, TRANSFORM = "Structure first", "Transform first"

Effect = Callable[[Any], Any]


def sample(
    effects: Mapping[str, Effect], rows: int = 200, lucks: int = 20, noise: float = 0.0, seed: int = 1,
    kind: str = "lhs", n: int = 0, **more: Any,
) -> Any:  # fmt: skip
    """A sampled study: each plan's value in a row is its effect at x in 0–1, plus shared luck and noise of its own."""
    luck = np.random.default_rng(seed)
    x, shared = (np.arange(rows) + 0.5) / rows, luck.normal(size=lucks)
    tables, runs = [], []
    for plan, effect in effects.items():
        cells = [f"{plan[0]}{row}" for row in range(rows)]
        values = np.asarray(effect(x))[:, None] + shared + noise * luck.normal(size=(rows, lucks))
        frame = {"row": range(rows), "cell": cells, "scenario": plan, "evidence.time.review.value": x}
        tables.append(pd.DataFrame(frame))
        index = {"cell": np.repeat(cells, lucks), "scenario": plan, "replication": np.tile(range(lucks), rows)}
        runs.append(pd.DataFrame({**index, "npv_gbp_m": values.ravel(), "dissolved": 0.0}))
    table, own = pd.concat(tables, ignore_index=True), {"kind": kind, "n": n or rows}
    return studies.of_rows(table, pd.concat(runs, ignore_index=True), own, **more)


CROSSING: Mapping[str, Effect] = {STRUCTURE: lambda x: 1.0 + 0 * x, TRANSFORM: lambda x: 3 * x}
"""Transform first is worse below a third and better above: mean regrets 1/6 and 2/3."""


def of(found: Robustness, plan: str) -> Robust:
    return next(each for each in found.plans if each.plan == plan)


def test_regret_worked_out_by_hand() -> None:
    values = np.array([[[4.0], [1.0], [2.0]], [[3.0], [5.0], [2.0]]])
    assert regrets(values).simulated.tolist() == [[0.0, 4.0, 0.0], [1.0, 0.0, 0.0]]
    found = robust(sample(CROSSING), POSITIVE)
    transform, structure = of(found, TRANSFORM), of(found, STRUCTURE)
    assert transform.regret.mean.value == pytest.approx(1 / 6, abs=0.005)
    assert structure.regret.mean.value == pytest.approx(2 / 3, abs=0.005)
    assert transform.regret.high.value == pytest.approx(0.7, abs=0.02)
    assert structure.regret.worst.value == pytest.approx(2.0, abs=0.02)
    assert transform.best_in == pytest.approx(2 / 3, abs=0.01)
    assert found.luck == pytest.approx(0.0, abs=1e-9)
    assert [plan.plan for plan in found.plans] == [TRANSFORM, STRUCTURE]
    assert not transform.level_with["regret"]
    assert headline(found).startswith("Transform first has the least regret, £0.17m on average: £0.5m (£0.")


def test_luck_does_not_pass_for_regret() -> None:
    """Two plans that are truly the same: as simulated each seems to be regretted, corrected neither is."""
    found = robust(sample({STRUCTURE: lambda x: 0 * x, TRANSFORM: lambda x: 0 * x}, noise=1.0), POSITIVE)
    for plan in found.plans:
        assert plan.regret.simulated[0] > 0.1
        assert plan.regret.mean.value < 0.6 * plan.regret.simulated[0]
        assert plan.regret.mean.low < 0.01
        assert plan.regret.high.value < 0.5 * plan.regret.simulated[1]
        assert plan.level_with == {"regret": (other(plan),), "high regret": (other(plan),), "meets": (other(plan),)}
    assert found.luck > 0.8
    assert re.search(r"cannot be told apart on regret: \w+ first has £\S+m \(−£\S+m to £\S+m\) more$", headline(found))
    assert "Warning" in said(found)


def other(plan: Robust) -> str:
    return TRANSFORM if plan.plan == STRUCTURE else STRUCTURE


def test_the_truth_lies_between_corrected_and_simulated() -> None:
    figures = []
    x = (np.arange(200) + 0.5) / 200
    truth = np.stack([1 + 0 * x, 3 * x])[:, :, None]
    for seed in range(20):
        values = truth + 1.5 * np.random.default_rng(seed).normal(size=(2, 200, 8))
        found = regrets(values)
        figures.append([(each[1].mean(), np.quantile(each[1], 0.9)) for each in found])
        for plan, mean in zip(estimates(values, np.arange(200))[0] if seed < 4 else [], (2 / 3, 1 / 6)):
            assert plan.mean.low <= mean <= plan.mean.high
    simulated, apart, corrected = np.mean(figures, axis=0)
    assert apart[0] < 1 / 6 < simulated[0]
    assert corrected[0] == pytest.approx(1 / 6, abs=0.02)
    assert corrected[1] == pytest.approx(0.7, abs=0.12)
    assert simulated[1] > 0.9


def test_one_history_a_row_is_called_what_it_is() -> None:
    found = robust(sample(CROSSING, lucks=1, noise=0.5), POSITIVE)
    assert math.isnan(found.luck)
    assert all(plan.regret.mean.value == plan.regret.simulated[0] for plan in found.plans)
    assert "regret counts luck as if it were evidence" in said(found)
    assert "luck not counted" in said(found)


def test_luck_and_rows_are_told_apart() -> None:
    only_rows = of(robust(sample(CROSSING, lucks=4), POSITIVE), TRANSFORM).outcome
    assert only_rows.rows_error == pytest.approx(3 / math.sqrt(12 * 200), rel=0.05)
    values = np.random.default_rng(2).normal(size=(2, 300, 6))
    assert luck_share(values) == pytest.approx(1.0, abs=0.15)
    assert luck_share(values + 5 * np.random.default_rng(3).normal(size=(2, 300, 1))) < 0.05


def test_meeting_a_condition_is_counted_by_history_and_by_row() -> None:
    study = sample({STRUCTURE: lambda x: x - 0.25, TRANSFORM: lambda x: x - 0.75}, lucks=3)
    study.runs["npv_gbp_m"] = study.runs.groupby("cell")["npv_gbp_m"].transform("mean")
    study.runs["npv_gbp_m"] -= study.runs.groupby("replication")["npv_gbp_m"].transform("mean").mean()
    study.runs.loc[study.runs["replication"] == 2, "npv_gbp_m"] = -1.0
    found = robust(study, POSITIVE)
    structure, transform = of(found, STRUCTURE), of(found, TRANSFORM)
    assert structure.meets.value == pytest.approx(0.75 * 2 / 3, abs=0.01)
    assert structure.meets_rows.value == pytest.approx(0.75, abs=0.01)
    assert (structure.meets_rows.low, structure.meets_rows.high) == pytest.approx(wilson(150, 200))
    assert transform.meets_rows.value == pytest.approx(0.25, abs=0.01)
    assert (structure.meets.n, structure.meets_rows.n) == (600, 200)
    sure = robust(sample({STRUCTURE: lambda x: x + 9, TRANSFORM: lambda x: x - 9}, lucks=6), POSITIVE)
    assert (of(sure, STRUCTURE).meets.value, of(sure, TRANSFORM).meets.value) == (1.0, 0.0)
    assert not of(sure, STRUCTURE).level_with["meets"]


def test_lower_can_be_better() -> None:
    study = sample({STRUCTURE: lambda x: 0.3 + 0 * x, TRANSFORM: lambda x: 0.3 + 0.2 * x}, lucks=6)
    study.runs["peak_fatigue"] = study.runs["npv_gbp_m"]
    found = robust(study, POSITIVE, "peak_fatigue")
    assert found.plans[0].plan == STRUCTURE
    assert found.plans[0].regret.worst.value == 0.0
    assert found.plans[1].regret.mean.value == pytest.approx(0.1, abs=0.005)
    assert "regret 10%" in said(found)


def test_rows_that_miss_a_history_are_left_out_and_counted() -> None:
    study = sample(CROSSING, rows=60, lucks=4)
    study.tables["runs"] = study.runs.drop(study.runs.index[:5])
    found = robust(study, POSITIVE)
    assert (found.rows, found.dropped) == (58, 2)
    assert "Left out: two rows without every history." in said(found)


def test_rows_of_one_base_point_count_as_one() -> None:
    """The same values repeated eight times over say no more than once."""
    again = {plan: lambda x, of=of: np.repeat(of((np.arange(40) + 0.5) / 40), 8) for plan, of in CROSSING.items()}
    single = sample(CROSSING, rows=40, lucks=5)
    repeated = sample(again, rows=320, lucks=5, kind="sobol", n=40)
    one, many = (of(robust(study, POSITIVE), TRANSFORM) for study in (single, repeated))
    assert many.outcome.rows_error == pytest.approx(one.outcome.rows_error)
    width = [plan.regret.mean.high - plan.regret.mean.low for plan in (one, many)]
    assert width[1] == pytest.approx(width[0], rel=0.25)


@pytest.mark.parametrize(
    ("kind", "outcome", "message"),
    [
        (None, "npv_gbp_m", "robustness is over a sample .* tandem sweep scenario=a,b design=lhs"),
        ("one_at_a_time", "npv_gbp_m", "make one with"),
        ("lhs", "payback_month", "can be never, which has no mean"),
        ("lhs", "npv", "did you mean 'npv_gbp_m'"),
        ("lhs", "merged", "no outcome with a better direction"),
    ],
)
def test_what_cannot_be_answered_is_said(kind: str | None, outcome: str, message: str) -> None:
    study = sample(CROSSING, rows=30, lucks=2)
    study.manifest["design"] = kind and {**study.manifest["design"], "kind": kind}
    with pytest.raises(InputError, match=message):
        robust(study, POSITIVE, outcome)


def test_one_plan_and_few_rows_are_refused() -> None:
    with pytest.raises(InputError, match="this study has one"):
        robust(sample({STRUCTURE: CROSSING[STRUCTURE]}), POSITIVE)
    with pytest.raises(InputError, match="only 9 rows"):
        robust(sample(CROSSING, rows=9), POSITIVE)


def test_answers_are_kept(tmp_path: Path) -> None:
    study = sample(CROSSING, lucks=5, folder=tmp_path)
    found = kept(study).numbers
    assert pd.read_csv(tmp_path / "answers/robust.csv")["plan"].tolist() == [TRANSFORM, STRUCTURE]
    assert "Met means: net present value" in (tmp_path / "answers/robust.md").read_text()
    assert "has the least regret" in (tmp_path / "figures/robust.svg").read_text()
    assert "_" not in said(found)
    assert str(figure(found).get_label()).startswith(headline(found))


@pytest.mark.parametrize(("rows", "luck", "own"), [(1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.0, 0.0, 1.0)])
def test_intervals_count_rows_and_luck(rows: float, luck: float, own: float) -> None:
    """Means over a crossed table of random rows and random luck: about 95% of intervals hold the truth, which is 0."""
    draw, held, widths = np.random.default_rng(9), 0, []
    for _ in range(400):
        table = rows * draw.normal(size=(40, 1)) + luck * draw.normal(size=(1, 12)) + own * draw.normal(size=(40, 12))
        found = mean_of(table)
        held += abs(found.mean) <= found.half_width
        widths.append(found.half_width)
    error = math.sqrt(rows**2 / 40 + luck**2 / 12 + own**2 / 480)
    assert held / 400 >= 0.92
    assert 0.85 <= np.median(widths) / (2 * error) <= 1.5, "neither too sure nor so wide that it says nothing"


def test_a_share_of_independent_histories_has_wilsons_interval() -> None:
    assert share_of(np.array([[1.0, 0, 0, 1, 0]])).ends == wilson(2, 5)
    assert share_of(np.zeros((50, 4))).ends == wilson(0, 50)
    flags = (np.random.default_rng(3).random((400, 20)) < 0.3).astype(float)
    low, high = share_of(flags).ends
    assert high - low == pytest.approx(
        wilson(flags.sum(), flags.size)[1] - wilson(flags.sum(), flags.size)[0], rel=0.35
    )
    again = share_of(np.repeat(flags[:, :1], 20, axis=1))
    assert again.high - again.low > 3 * (high - low)
    assert share_of(np.full((2, 2), np.nan)).n == 0


def test_contrasts_leave_shared_luck_out() -> None:
    draw, held, wide = np.random.default_rng(4), 0, 0
    for _ in range(300):
        luck = 3 * draw.normal(size=(1, 8))
        one, other_one = luck + draw.normal(size=(20, 8)), luck + draw.normal(size=(60, 8))
        found = contrast(one, other_one)
        held += abs(found.mean) <= found.half_width
        wide += found.half_width > 1
    assert held / 300 >= 0.92
    assert wide == 0, "although each mean alone is unsure by more than two"
    assert contrast(one, np.full((3, 8), np.nan)).n == 0


@pytest.mark.check("Q-S5")
@pytest.mark.parametrize("gap", [0.0, 0.05, 0.1, 0.2, 0.4, 3.0])
def test_the_interval_of_the_gap_is_the_one_its_verdict_rests_on(gap: float) -> None:
    """Over the same rows robust and the sweep's own comparison have one verdict, from one interval."""
    study = sample({STRUCTURE: lambda x: 0 * x, TRANSFORM: lambda x: gap + 0.3 * x - 0.15}, lucks=6, noise=1.0)
    best, second = robust(study, POSITIVE).plans
    assert best.behind is None and second.behind is not None
    told = best.level_with["regret"] == ()
    assert (second.behind.low > 0) == told
    line = compare_plans(study).set_index("outcome").loc["npv_gbp_m"]
    assert (line["verdict"] in ("better", "worse")) == told
    assert abs(line["mean_difference"]) == pytest.approx(second.behind.value)
    assert line["half_width"] == pytest.approx(second.behind.high - second.behind.value)
