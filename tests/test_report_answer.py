"""The one-sentence answer and the advice, held against studies whose truth is known because it was put there."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from made_studies import Truth, study_of

from sim.explain.advice import advice
from sim.explain.summary import headline, summary
from sim.explain.view import View

GOOD = Truth("Alpha", (0.1, 0.5, 1.5, 2.5), 9.0)
LESS = Truth("Beta", (0.1, 0.3, 1.0, 2.0), 6.0)
LEAST = Truth("Gamma", (0.1, 0.2, 0.5, 1.0), 3.0)
TWIN = replace(GOOD, title="Beta", wobble=0.4)
TRIPLET = replace(GOOD, title="Gamma", wobble=0.2)
LATE = Truth("Beta", (0.0, 0.1, 0.5, 3.5), 12.0)
LATER = Truth("Beta", (0.1, 0.5, 1.5, 3.5), 12.0, wobble=0.3)
CAUGHT = Truth("Beta", (0.0, 0.1, 0.5, 2.5), 9.0, wobble=0.4)
COSTS = Truth("Alpha", (-0.1, -0.2, -0.3, -0.2), -2.0, never=100)
MORE = Truth("Beta", (-0.1, -0.4, -0.6, -0.5), -4.0, never=100)
NOTHING = Truth("Alpha", (0.0, 0.0, 0.0, 0.0), 0.0, half=0.0, never=100)
PARTS = replace(LESS, parted=100)
TIE = "cannot be told apart"


class Case(NamedTuple):
    """A made study and what is true of it.

    `leader` saves most by year five, or by the last year told where the horizon is short; None where it is a tie.
    `last` leads by year ten. `chosen` is the plan the advice speaks for.
    """

    truths: Sequence[Truth]
    leader: str | None
    last: str | None
    chosen: str | None
    says: Sequence[str] = ()
    horizon: int = 120


CASES = {
    "one plan": Case([GOOD], "Alpha", "Alpha", None, ["pays for itself in year four (year four to year five)"]),
    "one plan that costs": Case([COSTS], "Alpha", "Alpha", None, ["costs more than it saves", "never pays"]),
    "one plan that parts": Case([replace(GOOD, parted=100)], "Alpha", "Alpha", None, ["alpha breaks down in all 100"]),
    "one plan, never": Case([replace(GOOD, never=100)], "Alpha", "Alpha", None, ["never pays for itself"]),
    "clear": Case([GOOD, LESS], "Alpha", "Alpha", "Alpha", ["still ahead by year ten in all 100 histories"]),
    "clear, the other way": Case([LESS, GOOD], "Alpha", "Alpha", "Alpha"),
    "small but sure": Case([GOOD, replace(GOOD, title="Beta", saving=(0.1, 0.5, 1.4, 2.4), net=8.6)], "Alpha", "Alpha",
                           "Alpha"),
    "identical": Case([GOOD, replace(GOOD, title="Beta")], None, None, None),
    "tie by luck": Case([GOOD, TWIN], None, None, None),
    "tie of three": Case([GOOD, TWIN, TRIPLET], None, None, None, ["The three plans"]),
    "two tie, one lags": Case([GOOD, TWIN, LEAST], None, None, None, ["Alpha and beta", "no other plan saves more"]),
    "two tie behind a leader": Case([LEAST, replace(LEAST, title="Delta", wobble=0.3), GOOD], "Alpha", "Alpha", "Alpha",
                                    ["the most of three plans"]),
    "overtaken": Case([GOOD, LATE], "Alpha", "Beta", "Beta", ["beta overtakes it by year ten in all 100 histories"]),
    "overtaken, the other way": Case([LATE, GOOD], "Alpha", "Beta", "Beta"),
    "tie, then a leader": Case([GOOD, LATER], None, "Beta", "Beta", ["by year five; beta saves most"]),
    "leader, then a tie": Case([GOOD, CAUGHT], "Alpha", None, None, ["by year ten it cannot be told apart from beta"]),
    "sign flips": Case([replace(GOOD, saving=(0.1, 0.3, 0.6, -0.4), net=1.0),
                        Truth("Beta", (-0.1, -0.3, -0.6, 1.0), 3.0)], "Alpha", "Beta", "Beta", ["beta −£0.6m"]),
    "both cost": Case([COSTS, MORE], "Alpha", "Alpha", None,
                      ["costs more than it saves, about £0.3m", "beta £0.6m", "but even alpha pays for itself"]),
    "nothing at all": Case([NOTHING, replace(NOTHING, title="Beta")], None, None, None, ["none of the 100 histories"]),
    "never pays back": Case([replace(GOOD, never=80), replace(LESS, never=95)], "Alpha", "Alpha", None,
                            ["but even alpha pays for itself within ten years in only one history in five"]),
    "one never pays back": Case([GOOD, replace(LESS, never=95)], "Alpha", "Alpha", "Alpha"),
    "the lesser one parts always": Case([GOOD, PARTS], "Alpha", "Alpha", "Alpha", ["but beta breaks down in all 100"]),
    "the better one parts more": Case([replace(GOOD, parted=40), LESS], "Alpha", "Alpha", None),
    "the better one stalls more": Case([replace(GOOD, stalled=40), LESS], "Alpha", "Alpha", None),
    "both part mostly": Case([replace(GOOD, parted=60), replace(LESS, parted=60)], "Alpha", "Alpha", None,
                             ["but alpha breaks down in three histories in five", "and beta breaks down in three"]),
    "five years": Case([GOOD, LESS], "Alpha", "Alpha", "Alpha", horizon=60),
    "two years, a tie": Case([GOOD, LESS], None, None, None, ["by year one"], horizon=24),
    "six plans": Case([GOOD, *(replace(LESS, title=name, net=6 - n / 9) for n, name in enumerate(("B2", "C3", "D4",
                      "E5", "F6")))], "Alpha", "Alpha", "Alpha", ["the most of six plans"]),
}  # fmt: skip


def expected_rate(truth: Truth, year: int, sign: int = 1) -> str:
    """The middle with nine histories in ten, worked out from how the histories were made."""
    place = (1, 3, 5, 10).index(year)
    luck = np.linspace(-1, 1, 100)
    wobble = truth.wobble * np.where(np.arange(100) // 2 % 2, 1.0, -1.0)
    values = sign * (truth.saving[place] + truth.half * luck + wobble)
    low, middle, high = (
        f"{value + 0.0:.1f}".replace("-0.0", "0.0") for value in np.quantile(values, (0.05, 0.5, 0.95))
    )
    return f"£{middle}m a year by year {'five' if year == 5 else 'one'} ({low} to {high})".replace("-", "−")


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_right(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    study = study_of(tmp_path, case.truths, case.horizon)
    view = View(study)
    told = headline(view)
    by_title = {truth.title: truth for truth in case.truths}
    assert told.count(". ") == 0 and told.endswith(".")
    early, _, later = told.partition("; ")
    if case.leader is None:
        assert TIE in early
    else:
        assert TIE not in early and early.startswith(case.leader)
        year = 5 if case.horizon >= 60 else 1
        leader = by_title[case.leader]
        assert expected_rate(leader, year, -1 if leader.saving[2] < 0 else 1) in early
    if len(case.truths) > 1 and case.horizon >= 120:
        assert_later(case, later, told)
    for text in case.says:
        assert text in told
    spoken = advice(view)
    assert (spoken.plan.name if spoken.plan else None) == case.chosen, spoken
    assert told in summary(study).text.replace("\n", " "), "the terminal says the same"


def assert_later(case: Case, later: str, told: str) -> None:
    """What is said of year ten, given who leads by year five."""
    if case.leader is None and case.last is None:
        assert "overtakes" not in told and "ahead" not in told
    elif case.last is None:
        assert TIE in later
    elif case.leader is None:
        assert f"{case.last.lower()} saves most" in later
    elif case.leader != case.last:
        assert re.search(rf"\b{case.last.lower()} overtakes it by year ten", later)
    else:
        assert "still ahead" in later


@pytest.mark.parametrize(
    ("name", "do"),
    [
        ("clear", "On these figures choose alpha"),
        ("identical", "Money gives no reason to choose between alpha and beta"),
        ("both cost", "Take neither plan as it stands"),
        (
            "the better one parts more",
            "Weigh money against risk: alpha brings most, but breaks down more",
        ),
        ("both part mostly", "Take neither plan as it stands: even alpha breaks down in three histories in five"),
        ("one plan", "Compare it with another plan before you choose"),
    ],
)
def test_the_advice_says_what_to_do_and_how_sure(name: str, do: str, tmp_path: Path) -> None:
    case = CASES[name]
    spoken = advice(View(study_of(tmp_path, case.truths, case.horizon)))
    assert spoken.do.startswith(do)
    assert spoken.sure
