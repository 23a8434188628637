"""The interval shown beside a verdict is the one that the verdict rests on, wherever plans are compared."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.compare import compare
from sim.analysis.compare.paired_differences import better_interval, judge, paired
from sim.analysis.compare.unpaired import unpaired
from sim.core.statistics.intervals import LEVEL, holm, judged, judged_each, sign_interval, sign_test
from sim.engine.outcomes import DECIDING, OUTCOMES

TIED = "cannot be told apart"
KINDS = ("skewed", "flag", "constant", "same", "never", "few")


def values(kind: str, random: np.random.Generator, n: int) -> tuple[Any, Any]:
    """An outcome of two plans under common luck: with a small shift, rare flags, one constant shift, or never."""
    common, shift = random.gamma(2.0, 1.0, n), random.choice([0.0, 0.1, 0.3, 0.4, 1.5])
    ours, theirs = common + shift + random.normal(0, 0.7, n), common + random.normal(0, 0.7, n)
    if kind == "flag":
        return (ours > 3).astype(float), (theirs > 3).astype(float)
    if kind in ("constant", "same"):
        return common + (shift if kind == "constant" else 0.0), common
    if kind == "never":
        return np.where(ours > 4, np.inf, ours), np.where(theirs > 4, np.inf, theirs)
    return (ours, theirs) if kind == "skewed" else (ours[:4], theirs[:4])


def table(together: bool, seed: int) -> list[dict[str, Any]]:
    """Lines of some forty outcomes of two plans, judged."""
    random = np.random.default_rng(seed)
    lines = []
    for number in range(42):
        ours, theirs = values(KINDS[number % len(KINDS)], random, 60)
        if together:
            line = paired(ours, theirs, "higher")
            line["better_ends"] = lambda level, line=line: better_interval(line, level)
        else:
            line = unpaired(ours, random.permutation(theirs)[:50], "higher")
        lines.append({"outcome": DECIDING if number == 0 else f"o{number}", **line})
    judge(lines, 4)
    return lines


@pytest.mark.parametrize("together", [True, False], ids=["paired", "other luck"])
@pytest.mark.check("Q-S5")
def test_an_interval_holds_nought_exactly_where_nothing_can_be_told(together: bool) -> None:
    seen = set()
    for line in (line for seed in range(12) for line in table(together, seed)):
        mean, half, verdict = line["mean_difference"], line["half_width"], line["verdict"]
        low, high = line["better_ends"](line["confidence"])
        if verdict == "identical":
            assert (mean, half) == (0.0, 0.0)
        elif line["by_value"]:
            assert (abs(mean) <= half) == (verdict == TIED), line
        else:
            assert math.isnan(half) or (half == 0.0 and verdict != TIED), line
            assert (low <= 0.5 <= high) == (verdict == TIED), line
        seen.add((verdict, line["by_value"]))
    assert {(TIED, True), (TIED, False), ("better", True), ("better", False)} <= seen


@pytest.mark.check("Q-S5")
def test_what_is_the_same_in_every_history_has_no_range() -> None:
    flags = np.zeros(40)
    line = paired(flags, flags, "lower")
    assert (line["mean_difference"], line["half_width"], line["identical"]) == (0.0, 0.0, True)


@pytest.mark.check("Q-S5")
def test_the_comparison_of_a_study_agrees_with_itself_and_tells_p_and_unit() -> None:
    random = np.random.default_rng(11)
    names = [name for name, each in OUTCOMES.items() if each.unit not in ("flag", "months")][:40]
    common = random.normal(size=(60, len(names)))
    parts = [
        pd.DataFrame(common + shift + 0.5 * random.normal(size=common.shape), columns=names)
        .rename_axis("replication").reset_index().assign(cell=cell, label=cell, scenario=cell)
        for cell, shift in (("a", 0.0), ("b", 0.15), ("c", 0.3))
    ]  # fmt: skip
    found = compare(pd.concat(parts, ignore_index=True), "a")
    clear = found["verdict"] != TIED
    assert 0 < clear.sum() < len(found)
    assert ((found["mean_difference"].abs() > found["half_width"]) == clear).all()
    assert ((found["p_corrected"] < 1 - LEVEL) == clear).all() and (found["p"] <= found["p_corrected"]).all()
    assert (found["half_width_alone"] <= found["half_width"] * (1 + 1e-12)).all()
    assert found["unit"].tolist() == [OUTCOMES[name].unit for name in found["outcome"]]


@pytest.mark.check("Q-S2")
def test_what_decides_between_two_plans_is_judged_by_itself() -> None:
    lines = [{"outcome": name, **paired(np.arange(20.0) % 7 + 1.5, np.arange(20.0) % 5, "higher")} for name in "ab"]
    alone = [{**lines[0], "outcome": DECIDING}]
    among = [{**lines[0], "outcome": DECIDING}, *({**line} for line in lines for _ in range(40))]
    judge(alone, 2)
    judge(among, 2)
    assert alone[0]["p_corrected"] == among[0]["p_corrected"] == lines[0]["p"]
    assert among[1]["p_corrected"] == pytest.approx(80 * lines[0]["p"])
    several = [{**lines[0], "outcome": DECIDING}]
    judge(several, 3, [lines[0]["p"], 0.5, 1e-9])
    assert several[0]["p_corrected"] == pytest.approx(2 * lines[0]["p"]), "the second of three pairs"
    judge(several, 3)
    assert several[0]["p_corrected"] == pytest.approx(3 * lines[0]["p"])


@pytest.mark.check("Q-S2")
def test_confidence_is_that_of_the_step_at_which_holm_judges() -> None:
    assert [each.confidence for each in judged([0.001, 0.04, 0.6])] == pytest.approx([1 - 0.05 / 3, 0.975, 0.975])
    assert [each.confidence for each in judged([0.6, 0.7])] == [0.975, 0.975]
    assert [each.p for each in judged([0.01, 0.04, 0.03, 0.005])] == holm([0.01, 0.04, 0.03, 0.005])
    assert judged_each([0.01, 0.5], 3) == [(0.03, 1 - 0.05 / 3), (1.0, 1 - 0.05 / 3)]


@pytest.mark.check("Q-S2")
def test_the_interval_of_who_is_better_agrees_with_the_sign_test() -> None:
    for n in (1, 5, 12, 40):
        for better in range(n + 1):
            p = sign_test(better, n - better)
            for level in (0.95, 0.999):
                low, high = sign_interval(better, n - better, level)
                assert (low <= 0.5 <= high) == (p >= 1 - level), (better, n, level)
    assert sign_interval(7, 3, 0.95) == pytest.approx((0.3475, 0.9333), abs=5e-5), "Clopper and Pearson"
