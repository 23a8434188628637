"""Conditions in words of outcomes: what they mean, what null means in them, and that nothing odd gets through."""

import math

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.analysis.condition import DEEPEST, LONGEST, parse
from sim.core.errors import InputError
from sim.engine.outcomes import OUTCOMES
from sim.plans.key_words import amount, meant, name, rounded, said, unit

NAN = math.nan
RUNS = pd.DataFrame(
    {
        "dissolved": [0.0, 1.0, 0.0, 1.0, 0.0],
        "stalled": [0.0, 0.0, 1.0, 1.0, NAN],
        "npv_gbp_m": [1.0, -2.0, -0.5, NAN, NAN],
        "payback_month": [30.0, NAN, 90.0, NAN, 61.0],
        "never_pays_back": [0.0, 1.0, 0.0, 1.0, 0.0],
        "recurrent_saving_y3_gbp_m": [1.0, 1.0, 1.0, 1.0, 1.0],
        "recurrent_saving_y5_gbp_m": [2.0, 1.0, 0.5, 2.0, NAN],
        "saving_missed": [0.3, 0.1, NAN, 0.25, 0.0],
    },
    index=[10, 11, 12, 13, 14],
)


def held(text: str) -> list[bool | None]:
    found = parse(text).holds(RUNS)
    assert list(found.index) == list(RUNS.index)
    return [None if value is pd.NA else bool(value) for value in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dissolved", [False, True, False, True, False]),
        ("not dissolved", [True, False, True, False, True]),
        ("dissolved == 0", [True, False, True, False, True]),
        ("0 < dissolved", [False, True, False, True, False]),
        ("npv_gbp_m < 0", [False, True, True, None, None]),
        ("0 > npv_gbp_m", [False, True, True, None, None]),
        ("npv_gbp_m >= -5e-1", [True, False, True, None, None]),
        ("saving_missed == .25", [False, False, None, True, False]),
        ("saving_missed != 0.25", [True, True, None, False, True]),
        ("dissolved or npv_gbp_m < 0", [False, True, True, True, None]),
        ("dissolved and npv_gbp_m < 0", [False, True, False, None, False]),
        ("stalled or dissolved and npv_gbp_m > 0", [False, False, True, True, None]),
        ("(stalled or dissolved) and npv_gbp_m > 0", [False, False, False, None, None]),
        ("NOT (dissolved OR stalled)", [True, False, False, False, None]),
        ("recurrent_saving_y5_gbp_m < recurrent_saving_y3_gbp_m", [False, False, True, False, None]),
    ],
)
def test_a_condition_means_what_it_says(text: str, expected: list[bool | None]) -> None:
    assert held(text) == expected


def test_payback_that_never_comes_is_later_than_any_month() -> None:
    assert held("payback_month > 60") == [False, True, True, True, True]
    assert held("payback_month < 100000") == [True, False, True, False, True]
    assert held("payback_month == 61") == [False, False, False, False, True]
    assert held("not payback_month <= 30") == [False, True, True, True, True]


def test_words_are_plain() -> None:
    said = parse("dissolved or npv_gbp_m < 0").words
    assert said == "the partnership dissolved, or net present value over the horizon is under £0"
    assert parse("(dissolved or stalled) and not saving_missed > 0.25").words == (
        "either the partnership dissolved, or the programme stalled and it is not so that "
        "share of the saving promised for the horizon that is not in force then is over 25%"
    )
    assert all("_" not in parse(f"{outcome} == 1").words for outcome in OUTCOMES)


def test_amounts_are_rounded() -> None:
    assert [rounded(value) for value in (0, 5, 5.234, 0.01234, 1234.5, -2.5)] == [
        "0", "5", "5.23", "0.0123", "1,234", "−2.5",
    ]  # fmt: skip
    assert amount(1, "months") == "1 month"
    assert amount(62_000, "£ a year") == "£62,000 a year"
    assert amount(-1.25, "£m a year") == "−£1.25m a year"
    assert amount(0.055, "share") == "5.5%"


def test_keys_have_names_and_units() -> None:
    assert name("evidence.time.review.value") == "service review and business case"
    assert said("evidence.time.review.value", 5.2) == "5.2 months"
    assert said("levers.pace.packages_at_once", 1) == "1 package"
    assert said("levers.governance.form", "joint_committee") == "joint committee"
    assert (name("partnership"), unit("partnership"), said("x", True)) == ("partnership", "", "yes")


def test_a_key_is_meant_by_its_end() -> None:
    known = ["evidence.time.merger.value", "levers.identity.merger", "levers.hr.od_posts"]
    assert meant("od_posts", known, "keys") == "levers.hr.od_posts"
    assert meant("time.merger", known, "keys") == "evidence.time.merger.value"
    with pytest.raises(InputError, match="may be any of"):
        meant("merger", known, "keys")
    with pytest.raises(InputError, match=r"none of the keys: evidence\.time\.merger"):
        meant("posts", known, "keys")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["empty"]),
        ("   ", ["empty"]),
        ("disolved", ["'disolved'", "did you mean 'dissolved'", "character 1"]),
        ("dissolved or npv_gbp < 0", ["character 14", "did you mean 'npv_gbp_m'"]),
        ("npv_gbp_m", ["must be compared"]),
        ("npv_gbp_m <", ["missing at the end"]),
        ("dissolved stalled", ["left over", "character 11"]),
        ("dissolved)", ["left over"]),
        ("(dissolved", ["never closed", "character 1"]),
        ("dissolved < stalled", ["cannot be compared"]),
        ("npv_gbp_m < payback_month", ["their units are £m and months"]),
        ("dissolved == 2", ["0 or 1"]),
        ("dissolved >= 0", ["does not ask which"]),
        ("peak_fatigue > 36", ["lies between 0 and 1", "no history is over 36", "write 0.36 for 36 out of 100"]),
        ("dissolved or 54 < peak_fatigue", ["character 14", "write 0.54 for 54 out of 100"]),
        ("peak_fatigue > 1", ["lies between 0 and 1", "no history is over 1"]),
        ("not peak_fatigue <= 1.5", ["every history is at most 1.5"]),
        ("peak_fatigue == 36", ["no history is exactly 36"]),
        ("peak_fatigue != -1", ["every history is anything but -1"]),
        ("votes_lost < 0", ["votes_lost is never under 0", "no history is under 0"]),
        ("payback_month >= -1", ["is never under 0", "every history is at least -1"]),
        ("recurrent_saving_y5_share > 4", ["is never over 1", "write 0.04 for 4 out of 100"]),
        ("engagement_change_y3 < -2", ["lies between -1 and 1", "no history is under -2", "write -0.02"]),
        ("peak_fatigue", ["write, say, peak_fatigue > 0"]),
        ("0 < npv_gbp_m < 5", ["second comparison"]),
        ("1 < 2", ["two numbers"]),
        ("7", ["stands alone"]),
        ("npv_gbp_m = 0", ["write =="]),
        ("dissolved & stalled", ["write and"]),
        ("npv_gbp_m < 1e999", ["too large"]),
        ("npv_gbp_m < 1_000", ["cannot be read"]),
        ("or dissolved", ["stands where"]),
        ("dissolved and", ["missing at the end"]),
        ("__import__('os')", ["cannot be read"]),
        ("npv_gbp_m.real < 0", ["cannot be read"]),
        ("npv_gbp_m < −1", ["minus sign"]),
        ("dissolved or " * 60 + "stalled", ["characters"]),
        ("(" * 60 + "dissolved" + ")" * 60, ["deep"]),
        ("not " * 60 + "dissolved", ["deep"]),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        parse(text)
    message = str(refused.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message
    assert len(message) < 300


def test_limits_let_sensible_conditions_be() -> None:
    assert parse("(" * DEEPEST + "dissolved" + ")" * DEEPEST).words == "the partnership dissolved"
    long = "dissolved" + " " * (LONGEST - len("dissolved"))
    assert parse(long).text == "dissolved"


@pytest.mark.parametrize("name", [name for name, each in OUTCOMES.items() if each.unit != "flag"])
def test_a_bound_is_refused_only_where_the_outcome_cannot_lie_on_both_sides(name: str) -> None:
    low, high = OUTCOMES[name].low, OUTCOMES[name].high
    inside = [number for number in (-3.0, 0.25, 3.0) if low < number < high]
    assert inside
    assert all(parse(f"{name} {op} {number}").words for number in inside for op in ("<", "<=", ">", ">=", "==", "!="))
    for number in (number for number in (low - 1, high + 1) if math.isfinite(number)):
        for op in ("<", "<=", ">", ">=", "==", "!="):
            with pytest.raises(InputError, match=f"{name} (lies between|is never)"):
                parse(f"{name} {op} {number}")


def test_a_study_without_the_outcome_says_so() -> None:
    with pytest.raises(InputError, match="no outcome peak_fatigue"):
        parse("peak_fatigue > 0.5").holds(RUNS)


PIECES = st.sampled_from(
    ["dissolved", "npv_gbp_m", "payback_month", "stalled", "and", "or", "not", "(", ")", "<", ">=", "==", "!=", "0",
     "1", "-3.5", "1e5", "nonsense", "=", " "]
)  # fmt: skip


@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map(" ".join)))
@example("\u0663 < 1")
@example("npv_gbp_m < \x00")
@example("'" * 30)
def test_only_refusals_ever_come_out(text: str) -> None:
    try:
        condition = parse(text)
    except InputError as refused:
        assert "\n" not in str(refused)
        return
    assert len(condition.holds(RUNS)) == len(RUNS)
    assert condition.words
    assert parse(condition.text) == condition


@settings(max_examples=60)
@given(st.lists(PIECES, min_size=1, max_size=9).map(" ".join))
def test_not_turns_every_known_answer_round(text: str) -> None:
    try:
        plain, turned = held(text), held(f"not ({text})")
    except InputError:
        return
    assert turned == [None if value is None else not value for value in plain]
