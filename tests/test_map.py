"""Which plan wins where: planted maps come back, and noise makes no winners."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import studies

from sim.analysis.estimates import NOT_APART
from sim.analysis.regions.winners import NO_RESULT, WinnerMap, obvious_sides, winner_map
from sim.core.errors import InputError
from sim.core.statistics.intervals import wilson
from sim.pictures.answers.decision_map import decision_map
from sim.plans.compose import compose
from sim.surfaces.api.answers import winner_map as kept_map
from sim.surfaces.api.studies import map_after_sweep
from sim.words.answers.map_words import headline, said

X, Y = "levers.hr.od_posts", "levers.members.backbench_engagement"
TWO = ("structure_first", "transform_first")

Value = Callable[[str, Any, Any], Any]


def grid(
    value: Value,
    xs: Sequence[Any] = (0, 1, 2),
    ys: Sequence[Any] = (0.1, 0.9),
    plans: Sequence[str] = TWO,
    outcome: str = "npv_gbp_m",
    keys: tuple[str, str] = (X, Y),
    **more: Any,
) -> Any:
    """A study over a grid; `value` gives the outcome of a plan at a point, one number a history."""
    cells, runs = [], []
    for plan in plans:
        for x in xs:
            for y in ys:
                name = {
                    "cell": f"{plan}-{x}-{y}",
                    "label": f"{plan.replace('_', ' ')}, posts {x}, at {y}",
                    "scenario": plan,
                }
                cells.append({**name, "status": "complete", "levers.sequence.sequence": plan, keys[0]: x, keys[1]: y})
                values = np.asarray(value(plan, x, y), dtype=float)
                runs.append(pd.DataFrame({**name, "replication": range(len(values)), outcome: values}))
    return studies.study(pd.concat(runs, ignore_index=True), pd.DataFrame(cells), **more)


def verdicts(found: WinnerMap) -> dict[tuple[int, int], str]:
    return {(place["x"], place["y"]): place["verdict"] for place in found.places.to_dict("records")}


def planted(plan: str, x: float, y: float) -> Any:
    """Transform first gains with posts and overtakes at one post; all share luck, each has a little of its own."""
    shared = np.random.default_rng(3).normal(size=80)
    own = np.random.default_rng([plan == TWO[1], int(x), int(10 * y)]).normal(size=80)
    return shared + 0.3 * own + (x if plan == TWO[1] else 1.0)


def test_a_planted_map_comes_back() -> None:
    found = winner_map(grid(planted), "od_posts", "backbench_engagement")
    assert found.plans == ("Structure first", "Transform first")
    expected = {0: "Structure first", 1: NOT_APART, 2: "Transform first"}
    assert verdicts(found) == {(x, y): expected[x] for x in (0, 1, 2) for y in (0, 1)}
    assert (found.x.key, found.y.key, found.over) == (X, Y, ())
    assert found.x.labels == ("0 posts", "1 post", "2 posts")
    lead = found.table.dropna(subset="mean_lead").groupby("x_value")["mean_lead"].mean()
    assert lead["0 posts"] == pytest.approx(1.0, abs=0.15)
    assert headline(found) == (
        "Structure first wins in two of six places and transform first in two; in two they cannot be told apart"
    )
    assert "Transform first wins mostly at high values of strategic OD posts" in said(found)


def test_the_axes_can_be_turned() -> None:
    turned = verdicts(winner_map(grid(planted), Y, X))
    assert turned == {(y, x): plan for (x, y), plan in verdicts(winner_map(grid(planted), X, Y)).items()}


def test_chances_are_counted_history_by_history() -> None:
    values = {"structure_first": [5, 1, 1, 7, 2, 2, 9, 9], "transform_first": [4, 0, 0, 6, 3, 3, 8, 8]}
    found = winner_map(grid(lambda plan, x, y: values[plan]), X, Y)
    first = found.table[found.table["plan"] == "Structure first"].iloc[0]
    assert first["chance_best"] == 6 / 8
    assert (first["low"], first["high"]) == pytest.approx(wilson(6, 8))
    assert first["mean_lead"] == pytest.approx(4 / 8)


def test_ties_are_shared() -> None:
    values = {"structure_first": [5, 1, 1, 7], "transform_first": [4, 1, 1, 6]}
    found = winner_map(grid(lambda plan, x, y: values[plan]), X, Y)
    assert set(found.table["chance_best"]) == {0.75, 0.25}


def test_lower_can_be_better_and_never_is_worst() -> None:
    months = {"structure_first": [math.nan] * 40, "transform_first": [90.0] * 40}
    study = grid(lambda plan, x, y: months[plan], outcome="payback_month")
    assert set(verdicts(winner_map(study, X, Y, "payback_month")).values()) == {"Transform first"}
    study.runs["never_pays_back"] = 0.0
    assert set(verdicts(winner_map(study, X, Y, "payback_month")).values()) == {NO_RESULT}


def test_several_plans_must_all_be_beaten() -> None:
    plans = ("structure_first", "transform_first", "parallel", "hr_first")
    own = {plan: np.random.default_rng(at).normal(size=120) for at, plan in enumerate(plans)}

    def value(plan: str, x: float, y: float) -> Any:
        best = {0: "parallel", 1: "hr_first"}.get(int(x))
        return own[plan] + (2.5 if plan == best or (x == 2 and plan in plans[:2]) else 0.0)

    found = winner_map(grid(value, plans=plans), X, Y)
    assert {x: plan for (x, _), plan in verdicts(found).items()} == {0: "Parallel", 1: "Hr first", 2: NOT_APART}
    assert found.table.groupby(["x_value", "y_value"])["chance_best"].sum().to_numpy() == pytest.approx(1.0)


def test_a_missing_place_is_left_empty() -> None:
    study = grid(planted)
    study.tables["runs"] = study.runs[study.runs["cell"] != "structure_first-0-0.1"]
    found = winner_map(study, X, Y)
    assert verdicts(found)[0, 0] == NO_RESULT
    assert len(found.table) == 10
    assert "of five places" in headline(found)


def test_what_else_varied_is_averaged_over() -> None:
    parts = []
    for third, shift in (("a", 1.0), ("b", -1.0)):
        part = grid(lambda plan, x, y, by=shift: planted(plan, x, y) + (by if plan == TWO[0] else -by) * 3)
        cells = part.cells.assign(cell=part.cells["cell"] + third, **{"levers.governance.form": third})
        parts.append((part.runs.assign(cell=part.runs["cell"] + third), cells))
    found = winner_map(studies.study(*map(pd.concat, zip(*parts, strict=True))), X, Y)
    assert found.over == ("levers.governance.form",)
    assert set(verdicts(found).values()) == {NOT_APART}, "each plan leads by far at one value of what was averaged"
    assert set(found.places["n"]) == {160}


def sampled(rows: int, seed: int = 1, gain: float = 1.0) -> Any:
    """Both plans on the same sample of two quantities; transform first is ahead where the first is above 5."""
    luck = np.random.default_rng(seed)
    x, y = luck.uniform(0, 10, rows), luck.uniform(0, 1, rows)
    shared = luck.normal(size=(rows, 6))
    tables, runs = [], []
    for plan in ("Structure first", "Transform first"):
        cells = [f"{plan[:2]}{row}" for row in range(rows)]
        frame = {"row": range(rows), "cell": cells, "scenario": plan, "evidence.time.review.value": x}
        tables.append(pd.DataFrame({**frame, "evidence.trust.start.value": y, "levers.hr.on_top_team": y > 0.5}))
        shift = gain * (x - 5) if plan.startswith("T") else 0 * x
        values = shared + shift[:, None] + luck.normal(size=(rows, 6))
        index = {"cell": np.repeat(cells, 6), "replication": np.tile(range(6), rows)}
        runs.append(pd.DataFrame({**index, "label": plan, "scenario": plan, "npv_gbp_m": values.ravel()}))
    return studies.of_rows(pd.concat(tables, ignore_index=True), pd.concat(runs, ignore_index=True), {"kind": "lhs"})


def test_a_sample_is_cut_into_ranges() -> None:
    found = winner_map(sampled(400), "time.review", "on_top_team")
    assert found.x.ranges and not found.y.ranges
    assert found.y.labels == ("no", "yes")
    assert found.places["n"].sum() == 2400
    won = verdicts(found)
    assert won[0, 0] == won[0, 1] == "Structure first"
    assert won[len(found.x.labels) - 1, 1] == "Transform first"
    assert "range of values" in said(found)


def test_noise_makes_few_winners() -> None:
    """At 5% over the whole map, one map in twenty may show a winner where there is none."""
    false = 0
    for seed in range(30):
        luck = np.random.default_rng(seed)
        made = grid(lambda plan, x, y, luck=luck: luck.normal(size=30))
        false += set(verdicts(winner_map(made, X, Y)).values()) != {NOT_APART}
    assert false <= 5, "more than 5 of 30 has a chance below 1% if one in twenty is right"


@pytest.mark.slow
def test_noise_makes_few_winners_in_samples_too() -> None:
    maps = [winner_map(sampled(120, seed, gain=0.0), "time.review", "trust.start") for seed in range(200)]
    false = sum(set(verdicts(found).values()) != {NOT_APART} for found in maps)
    assert false <= 20, "20 of 200 has a chance below 1% if one in twenty is right"


@pytest.mark.parametrize(
    ("x", "y", "outcome", "message"),
    [
        (
            "hr_posts",
            Y,
            "npv_gbp_m",
            r"'hr_posts' is none of the keys that varied in this study: levers\.hr\.od_posts, lev",
        ),
        (X, "od_posts", "npv_gbp_m", "two different keys"),
        (X, Y, "npv", "'npv' is not an outcome; did you mean 'npv_gbp_m'?"),
        (X, Y, "merged", "has no better direction"),
        ("sequence", Y, "npv_gbp_m", "is none of the keys"),
    ],
)
def test_what_cannot_be_drawn_is_said(x: str, y: str, outcome: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        winner_map(grid(planted), x, y, outcome)


def test_one_plan_makes_no_map() -> None:
    with pytest.raises(InputError, match="compares two to six plans, and this study has 1"):
        winner_map(grid(planted, plans=TWO[:1]), X, Y)


def test_partnerships_stand_on_their_own_facts(tmp_path: Path) -> None:
    names = {"Bromsgrove and Redditch": "bromsgrove_redditch", "Breckland and South Holland": "breckland_south_holland"}
    made = {name: compose([f"partnership={file}"]).settings for name, file in names.items()}
    real = [settings.partnership.name for settings in made.values()]
    study = grid(
        lambda plan, x, y: planted(plan, y, 0), xs=real, ys=(0, 2), keys=("partnership", X), folder=tmp_path,
        settings=lambda cell: next(each for each in made.values() if each.partnership.name in cell),
    )  # fmt: skip
    found = winner_map(study, "headcount", "od_posts")
    assert sorted(found.x.marks) == sorted(real)
    assert [label.endswith(" staff") for label in found.x.labels] == [True, True]
    assert verdicts(found)[0, 0] == "Structure first"
    assert {text.get_text() for axes in decision_map(found).axes for text in axes.get_xticklabels()} >= set(real)


@pytest.mark.parametrize("count", [2, 6])
def test_the_figure_says_what_was_found(count: int) -> None:
    plans = [f"plan_{letter}" for letter in "abcdef"[:count]]
    found = winner_map(grid(lambda plan, x, y: np.arange(40) * 0 + plans.index(plan) * (x - 1), plans=plans), X, Y)
    figure = decision_map(found, "40 histories, Somewhere")
    assert str(figure.get_label()).startswith(headline(found))
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "Cannot be told apart" in texts
    assert "100%" in texts


def test_answers_are_kept(tmp_path: Path) -> None:
    study = grid(planted, folder=tmp_path)
    found = kept_map(study, "od_posts", "backbench_engagement").numbers
    assert len(pd.read_csv(tmp_path / "answers/map.csv")) == len(found.table)
    assert "Structure first wins in two of six places" in (tmp_path / "answers/map.md").read_text()
    assert "<svg" in (tmp_path / "figures/map.svg").read_text()


def test_a_sweep_over_two_numbers_draws_its_map(tmp_path: Path) -> None:
    study = grid(planted, folder=tmp_path)
    assert obvious_sides(study) == (X, Y)
    assert map_after_sweep(study) is not None
    assert (tmp_path / "figures/map.svg").is_file()
    assert obvious_sides(grid(planted, plans=TWO[:1])) is None
    assert obvious_sides(grid(planted, ys=(0.1,))) is None
    assert obvious_sides(grid(lambda plan, x, y: planted(plan, 0, 0), ys=("a", "b"))) is None
    assert obvious_sides(sampled(30)) is None
