"""The one-sentence answer and the advice, held against studies whose truth is known because it was put there."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from made_studies import Truth, study_of

from sim.words.summary.advice import advice
from sim.words.summary.study_view import View
from sim.words.summary.summary import StudyAnswer, summary

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

    `leader` is worth most; None where it is a tie, or one plan alone. `chosen` is the plan the advice speaks for.
    """

    truths: Sequence[Truth]
    leader: str | None
    chosen: str | None
    says: Sequence[str] = ()
    horizon: int = 120


CASES = {
    "one plan": Case([GOOD], None, None, ["Alpha saves about £1.5m a year by year five (1.2 to 1.8)",
                                          "pays for itself in year four (year four to year five)"]),
    "one plan that costs": Case([COSTS], None, None, ["costs more than it saves", "never pays"]),
    "one plan that parts": Case([replace(GOOD, parted=100)], None, None, ["alpha breaks down in all 100"]),
    "one plan, never": Case([replace(GOOD, never=100)], None, None, ["never pays for itself"]),
    "clear": Case([GOOD, LESS], "Alpha", "Alpha", ["in all 100 histories"]),
    "clear, the other way": Case([LESS, GOOD], "Alpha", "Alpha"),
    "small but sure": Case([GOOD, replace(GOOD, title="Beta", saving=(0.1, 0.5, 1.4, 2.4), net=8.6)], "Alpha", "Alpha"),
    "surely, by a little": Case([GOOD, replace(GOOD, title="Beta", net=8.99)], "Alpha", "Alpha",
                                ["Alpha is worth £7.20m (", "against £7.19m (", "it is ahead by £0.01m"]),
    "identical": Case([GOOD, replace(GOOD, title="Beta")], None, None, ["worth the same in every history"]),
    "tie by luck": Case([GOOD, TWIN], None, None),
    "tie of three": Case([GOOD, TWIN, TRIPLET], None, None, ["The three plans"]),
    "two tie, one lags": Case([GOOD, TWIN, LEAST], None, None, ["lpha and beta", "no other plan is worth more"]),
    "two tie behind a leader": Case([LEAST, replace(LEAST, title="Delta", wobble=0.3), GOOD], "Alpha", "Alpha",
                                    ["worth most of three plans"]),
    "saves more early, worth less": Case([GOOD, LATE], "Beta", "Beta"),
    "saves more early, the other way": Case([LATE, GOOD], "Beta", "Beta"),
    "saves alike early, worth more": Case([GOOD, LATER], "Beta", "Beta"),
    "saves more early, worth the same": Case([GOOD, CAUGHT], None, None),
    "sign flips": Case([replace(GOOD, saving=(0.1, 0.3, 0.6, -0.4), net=1.0),
                        Truth("Beta", (-0.1, -0.3, -0.6, 1.0), 3.0)], "Beta", "Beta", ["Beta is worth £2.4m ("]),
    "both cost": Case([COSTS, MORE], "Alpha", None,
                      ["worth −£1.6m (−2.2 to −1.0) over ten years against −£3.2m", "but even alpha pays for itself"]),
    "nothing at all": Case([NOTHING, replace(NOTHING, title="Beta")], None, None, ["none of the 100 histories"]),
    "never pays back": Case([replace(GOOD, never=80), replace(LESS, never=95)], "Alpha", None,
                            ["but even alpha pays for itself within ten years in only one history in five"]),
    "one never pays back": Case([GOOD, replace(LESS, never=95)], "Alpha", "Alpha"),
    "the lesser one parts always": Case([GOOD, PARTS], "Alpha", "Alpha", ["but beta breaks down in all 100"]),
    "the better one parts more": Case([replace(GOOD, parted=40), LESS], "Alpha", None),
    "the better one stalls more": Case([replace(GOOD, stalled=40), LESS], "Alpha", None),
    "both part mostly": Case([replace(GOOD, parted=60), replace(LESS, parted=60)], "Alpha", None,
                             ["but alpha breaks down in three histories in five", "and beta breaks down in three"]),
    "five years": Case([GOOD, LESS], "Alpha", "Alpha", ["over five years"], horizon=60),
    "two years": Case([GOOD, LESS], "Alpha", "Alpha", ["over two years"], horizon=24),
    "six plans": Case([GOOD, *(replace(LESS, title=name, net=6 - n / 9) for n, name in enumerate(("B2", "C3", "D4",
                      "E5", "F6")))], "Alpha", "Alpha", ["worth most of six plans"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_right(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    study = study_of(tmp_path, case.truths, case.horizon)
    view = View(study)
    told = StudyAnswer(view).headline
    assert told.count(". ") == 0 and told.endswith(".")
    if case.leader:
        truth = next(truth for truth in case.truths if truth.title == case.leader)
        assert re.match(rf"{case.leader} is worth (most of \w+ plans, )?[−£\d.]+m \(", told), told
        assert f"£{abs(0.8 * truth.net):.1f}" in told and "ahead" in told and TIE not in told
    else:
        assert "ahead" not in told
        assert len(case.truths) == 1 or TIE in told or "the same in every history" in told
    for text in case.says:
        assert text in told
    spoken = advice(view)
    assert (spoken.plan.name if spoken.plan else None) == case.chosen, spoken
    assert told in summary(study).text.replace("\n", " "), "the terminal says the same"


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
