"""Plans side by side: unpaired intervals, dominance, regret, who stands there, and the answer in words."""

import math
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from studies import money, of_plans

from sim.analysis.compare.compared_figures import level_of
from sim.analysis.compare.concerns import CONCERNS, Concern, mark, weighed
from sim.analysis.compare.dominance import CROSSING, FIRST, SECOND, SEEMING, UNKNOWN, dominance
from sim.analysis.compare.hindsight_regret import regrets
from sim.analysis.compare.paired_differences import paired
from sim.analysis.compare.side_by_side import side_by_side
from sim.analysis.compare.unpaired import superiority, unpaired
from sim.core.errors import InputError
from sim.engine.outcomes import OUTCOMES
from sim.pictures.answers.trade_off import trade_off
from sim.pictures.figures.style import svg
from sim.words.comparing.comparison_page import headline, markdown, said

NAN = math.nan
MACRO_RUNS = 2_000


# Unpaired


@pytest.mark.check("Q-S1")
def test_welch_is_that_of_scipy() -> None:
    random = np.random.default_rng(1)
    ours, theirs = random.normal(5, 1, 23), random.gamma(2, 3, 40)
    found = unpaired(ours, theirs, "higher")
    known = stats.ttest_ind(ours, theirs, equal_var=False)
    low, high = known.confidence_interval(0.95)
    # our degrees of freedom are rounded down, which can only widen
    assert found["half_width"] == pytest.approx((high - low) / 2, rel=0.01)
    assert found["half_width"] >= (high - low) / 2
    assert found["p"] == pytest.approx(known.pvalue, rel=0.02)
    assert found["mean_difference"] == pytest.approx(ours.mean() - theirs.mean())
    assert (found["n"], found["identical"]) == (23, False)


def test_where_never_occurs_the_rank_sum_test_decides() -> None:
    ours = np.array([*range(10, 40), *[math.inf] * 10], dtype=float)
    theirs = np.array([*range(5, 50)], dtype=float)
    found = unpaired(ours, theirs, "lower")
    finite = np.where(np.isfinite(ours), ours, 1e9)
    known = stats.mannwhitneyu(finite, theirs, method="asymptotic")
    assert found["p"] == pytest.approx(known.pvalue, rel=1e-6)
    assert found["p_better"] == pytest.approx(1 - known.statistic / (40 * 45))
    assert found["sign"] < 0


def test_superiority_counts_ties_half_and_says_so_where_all_agree() -> None:
    assert superiority(np.array([1.0, 2.0]), np.array([1.0, 2.0])).value == 0.5
    sure = superiority(np.arange(10.0) + 100, np.arange(10.0))
    assert sure.value == sure.high == 1.0
    assert 0.6 < sure.low < 0.8
    assert math.isnan(superiority(np.array([]), np.array([1.0])).value)


@pytest.mark.check("Q-S1")
def test_unpaired_intervals_cover_as_often_as_they_say(record_property: Any) -> None:
    random = np.random.default_rng(4)
    held = {"mean": 0, "flag": 0, "ahead": 0}
    truth = stats.norm.cdf(0.5 / math.sqrt(1 + 4))
    for _ in range(MACRO_RUNS):
        ours, theirs = random.normal(0.5, 1, 30), random.normal(0, 2, 45)
        found = unpaired(ours, theirs, "higher")
        held["mean"] += abs(found["mean_difference"] - 0.5) <= found["half_width"]
        low, high = found["better_ends"](0.95)
        held["ahead"] += low <= truth <= high
        flags = unpaired((random.random(60) < 0.3).astype(float), (random.random(80) < 0.15).astype(float), "lower")
        held["flag"] += abs(flags["mean_difference"] - 0.15) <= flags["half_width"]
    shares = {name: count / MACRO_RUNS for name, count in held.items()}
    told = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    record_property("reached", f"unpaired intervals (mean, chance, who is ahead) hold the truth: {told}")
    record_property("n", MACRO_RUNS)
    assert all(0.935 <= share <= 0.97 for share in shares.values()), shares


# Dominance


def one(ours: Any, theirs: Any, is_paired: bool, higher: bool = True) -> Any:
    return dominance({("a", "b"): (np.asarray(ours), np.asarray(theirs), is_paired)}, higher)[0]


@pytest.mark.parametrize("is_paired", [True, False])
def test_what_is_shifted_for_sure_dominates(is_paired: bool) -> None:
    random = np.random.default_rng(2)
    base = random.normal(5, 1, 400)
    ours = base + 1 + 0.1 * random.normal(size=400)
    assert one(ours, base, is_paired).verdict == FIRST
    assert one(base, ours, is_paired).verdict == SECOND
    assert one(ours, base, is_paired, higher=False).ahead == "b"


@pytest.mark.parametrize("is_paired", [True, False])
def test_plans_that_cross_do_not_dominate(is_paired: bool) -> None:
    random = np.random.default_rng(3)
    assert one(random.normal(5, 3, 400), random.normal(5, 1, 400), is_paired).verdict == CROSSING


def test_a_sample_that_only_looks_ahead_is_not_called_sure() -> None:
    base = np.random.default_rng(12).normal(size=20)
    found = one(base + 0.3, base, True)
    assert (found.verdict, found.ahead) == (SEEMING, "a")
    assert one(base, base, True).verdict == UNKNOWN


@pytest.mark.check("Familywise")
@pytest.mark.parametrize("is_paired", [True, False])
def test_dominance_is_seldom_claimed_where_it_is_not(is_paired: bool, record_property: Any) -> None:
    """The hardest case: equal below the middle and far ahead above it, so that dominance just fails to be strict."""
    random = np.random.default_rng(5)
    wrong = 0
    for _ in range(400):
        base = random.normal(size=200)
        ours, theirs = base + 0.3 * random.normal(size=200), base + 0.3 * random.normal(size=200)
        lifted = np.where(ours > 0, ours + 3, ours)
        wrong += one(lifted, theirs, is_paired).verdict in (FIRST, SECOND)
    how = "paired" if is_paired else "unpaired"
    record_property("reached", f"dominance is claimed falsely in {wrong / 400:.1%} of 400 hardest cases ({how})")
    record_property("n", 400)
    # 5% of 400, and three standard deviations
    assert wrong <= 33, wrong


@pytest.mark.check("Q-S2")
def test_every_pair_and_direction_counts_in_the_correction() -> None:
    random = np.random.default_rng(6)
    base = random.normal(size=120)
    ours = base + 0.8
    pair = (ours, base, True)
    alone = dominance({("a", "b"): pair}, True)[0]
    noise = {(f"c{n}", f"d{n}"): (random.normal(size=120), random.normal(size=120), True) for n in range(14)}
    among = dominance({("a", "b"): pair, **noise}, True)[0]
    assert among.p_value > 5 * alone.p_value


# Regret


def test_regret_is_what_the_best_in_hindsight_would_have_brought() -> None:
    values = {"npv_gbp_m": {"a": np.array([3.0, 1.0, 4.0, 2.0]), "b": np.array([1.0, 2.0, 4.0, 5.0])}}
    found = {each.plan: each for each in regrets(values, [Concern("", ("npv_gbp_m",))])}
    assert found["a"].expected.value == pytest.approx((0 + 1 + 0 + 3) / 4)
    assert found["b"].expected.value == pytest.approx((2 + 0 + 0 + 0) / 4)
    assert (found["a"].best.count, found["b"].best.count) == (2, 3)
    assert found["b"].least
    assert found["a"].level


def test_regret_turns_round_where_lower_is_better_and_leaves_unknown_histories_out() -> None:
    values = {"peak_fatigue": {"a": np.array([0.2, 0.4, NAN]), "b": np.array([0.5, 0.5, 0.1])}}
    found = {each.plan: each for each in regrets(values, [Concern("", ("peak_fatigue",))])}
    assert found["a"].expected.value == 0.0
    assert found["b"].expected.value == pytest.approx(0.2)
    assert found["b"].expected.n == 2


def test_concerns_count_alike_in_overall_regret() -> None:
    random = np.random.default_rng(7)
    a, b = random.normal(5, 1, 300), random.normal(5, 1, 300)
    both = {"npv_gbp_m": {"a": a + 2, "b": b}, "peak_fatigue": {"a": a / 10, "b": b / 10 - 0.5}}
    concerns = [Concern("Savings", ("npv_gbp_m",)), Concern("People", ("peak_fatigue",))]
    found = regrets(both, concerns)
    assert found[0].plan == "b"
    assert not found[1].level
    assert {each.plan: each.expected.value for each in found}["a"] < 0.2


# Who stands there


def gains(shift: float, n: int = 60, seed: int = 1, noise: int = 9) -> np.ndarray:
    """Values that share their luck with others of this seed."""
    return np.random.default_rng(seed).normal(5, 2, n) + shift + 0.2 * np.random.default_rng(noise).normal(size=n)


def two(gap: float = 1.0, **more: Any) -> Any:
    return of_plans({"Alpha": money(gains(0)), "Beta": money(gains(gap, noise=8))}, **more)


@pytest.mark.check("Q-S2")
def test_one_study_is_held_against_its_reference_and_agrees_with_comparison_csv() -> None:
    from sim.analysis.compare import compare

    made = two()
    found = side_by_side([made])
    own = compare(made.runs, "alpha").set_index("outcome")
    mine = found.table.set_index("outcome")
    assert found.paired == (1, 0)
    assert list(mine["verdict"]) == list(own["verdict"][mine.index])
    assert mine.loc["npv_gbp_m", "half_width"] == own.loc["npv_gbp_m", "half_width"]


def test_the_same_results_stand_once_and_names_of_studies_only_where_needed() -> None:
    first = two(name="one")
    second = of_plans({"Alpha": money(gains(0, 40)), "Gamma": money(gains(2, noise=7))}, name="other")
    second.runs.loc[second.runs["cell"] == "alpha", "npv_gbp_m"] = gains(0)[:40]
    found = side_by_side([first, second])
    assert [(side.label, side.of, len(side.rows)) for side in found.sides.every] == [
        ("Alpha", "", 60),
        ("Beta", "", 60),
        ("Gamma", "", 60),
    ]
    assert any("more than one study" in note for note in found.notes)
    changed = of_plans({"Alpha": money(gains(0.5)), "Gamma": money(gains(2, noise=7))}, name="other")
    apart = side_by_side([first, changed])
    assert [side.of for side in apart.sides.every] == ["one", "", "other", ""]
    assert len({side.key for side in apart.sides.every}) == 4


def test_studies_of_one_name_are_told_apart_by_their_folders() -> None:
    first, second = two(name="main"), two(2.0, name="main", seed=2)
    second.folder = second.folder.with_name("2027-01-02_000000_main")
    found = side_by_side([first, second])
    assert {side.of for side in found.sides.every} == {first.folder.name, second.folder.name}


@pytest.mark.check("Q-S2")
def test_other_luck_is_not_paired_and_said() -> None:
    found = side_by_side([two(name="one"), of_plans({"Gamma": money(gains(1, seed=3))}, name="far", seed=3)])
    assert found.paired == (1, 1)
    lines = found.table[(found.table["outcome"] == "npv_gbp_m") & (found.table["reference"] == "Alpha")]
    lines = lines.set_index("label")
    assert (bool(lines.loc["Beta", "paired"]), bool(lines.loc["Gamma", "paired"])) == (True, False)
    assert lines.loc["Gamma", "half_width"] > 3 * lines.loc["Beta", "half_width"]
    assert lines.loc["Gamma", "mean_difference"] == pytest.approx(gains(1, seed=3).mean() - gains(0).mean())
    assert "Welch" in said(found)
    assert not found.regrets
    alone = side_by_side(
        [of_plans({"Alpha": money(gains(0))}), of_plans({"Gamma": money(gains(1))}, name="far", seed=3)]
    )
    assert "Not paired" in said(alone)


@pytest.mark.check("Q-S1")
def test_levels_are_over_the_histories_that_all_share() -> None:
    first, second = two(name="one"), of_plans({"Gamma": money(gains(1, 20))}, name="short")
    found = side_by_side([first, second])
    assert {side.label: found.histories(side) for side in found.sides.every} == {"Alpha": 20, "Beta": 20, "Gamma": 20}
    assert found.levels[found.reference.key, "npv_gbp_m"].value == pytest.approx(gains(0)[:20].mean())


BRECKLAND = ("partnership=breckland_south_holland",)


def test_other_partnerships_are_refused_or_compared_in_shares() -> None:
    first = two(name="one")
    second = of_plans({"Gamma": money(gains(1), redundancies=30.0)}, name="far", overrides=BRECKLAND)
    with pytest.raises(InputError, match=r"different partnerships.*--in-shares"):
        side_by_side([first, second])
    found = side_by_side([first, second], in_shares=True)
    gamma = found.side("gamma")
    assert gamma.values("npv_gbp_m", True) == pytest.approx(gains(1) / gamma.partnership.expenditure_gbp_m)
    assert gamma.values("peak_fatigue", True)[0] == 0.5
    units = {OUTCOMES[name].unit for name in found.table["outcome"]}
    assert units <= {"£m", "£m a year", "flag", "share"}
    assert "different partnerships" in said(found)
    assert "£" not in said(found)
    with pytest.raises(InputError, match="counted in people"):
        side_by_side([first, second], outcomes=["redundancies"], in_shares=True)


def test_what_is_not_alike_is_said() -> None:
    changed = ["study.horizon_months=60", "mechanisms.shocks=off", "evidence.time.review.value=5"]
    second = of_plans({"Gamma": money(gains(1))}, name="far", overrides=changed)
    second.manifest["code"] = "other"
    notes = " ".join(side_by_side([two(name="one"), second]).notes)
    for told in ("Horizons differ (60 months and 120 months)", "Evidence differs", "‘shocks’", "different versions"):
        assert told in notes
    assert side_by_side([two()]).notes == ()


def test_plans_and_reference_are_chosen_by_name() -> None:
    three = of_plans({"Alpha": money(gains(0)), "Beta": money(gains(1)), "C, with=4": money(gains(2))})
    found = side_by_side([three], plans=["beta,c, with=4"], reference="Beta")
    assert [side.label for side in found.sides.every] == ["Beta", "C, with=4"]
    assert [side.label for side in side_by_side([three], plans=["beta"]).sides.every] == ["Alpha", "Beta"]
    with pytest.raises(InputError, match=r"no plan 'btea'.*did you mean 'beta'"):
        side_by_side([three], plans=["btea"])
    with pytest.raises(InputError, match="no plan"):
        side_by_side([three], reference="")


def test_nothing_finished_is_said() -> None:
    empty = two()
    empty.tables["runs"] = empty.runs.iloc[:0]
    with pytest.raises(InputError, match="no history has finished"):
        side_by_side([empty])
    half = two()
    half.tables["runs"] = half.runs[half.runs["cell"] == "alpha"]
    with pytest.raises(InputError, match="only one plan, 'Alpha'"):
        side_by_side([half])
    assert any("no finished history" in note for note in side_by_side([half, of_plans({"C": money(gains(1))})]).notes)


def test_unknown_outcomes_and_those_past_the_horizon_are_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'npv_gbp_m'"):
        side_by_side([two()], outcomes=["npv_gbpm"])
    with pytest.raises(InputError, match="horizon"):
        side_by_side([two()], outcomes=["recurrent_saving_y10_gbp_m"])


# The answer


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        (["better", "cannot be told apart"], "better"),
        (["worse", "identical"], "worse"),
        (["better", "worse"], "mixed"),
        (["cannot be told apart", "identical"], "tied"),
        (["identical", "identical"], "same"),
        ([], "tied"),
    ],
)
def test_marks(verdicts: list[str], word: str) -> None:
    assert mark(verdicts) == word


def test_concerns_are_outcomes_that_exist_and_have_a_direction() -> None:
    assert [concern.name for concern in CONCERNS] == ["Savings", "People", "Members", "Service", "Survival"]
    assert all(OUTCOMES[name].better != "neutral" for concern in CONCERNS for name in concern.outcomes)
    assert all(len(concern.outcomes) <= 2 for concern in weighed(OUTCOMES))


CASES = [(gap, n, seed) for gap in (-2.0, -0.6, 0.0, 0.6, 2.0) for n in (40, 150) for seed in (1, 2)]


@pytest.mark.check("Selection")
@pytest.mark.parametrize(("gap", "n", "seed"), CASES)
def test_the_answer_is_right_where_it_is_known(gap: float, n: int, seed: int) -> None:
    """Plans whose true difference is far beyond the noise, or nothing at all."""
    values = gains(0, n, seed, 100 + seed), gains(gap, n, seed, 200 + seed)
    made = of_plans({"Alpha": money(values[0]), "Beta": money(values[1])})
    text = headline(side_by_side([made]))
    if not gap:
        assert text.startswith("Alpha and beta cannot be told apart on savings, people, members"), text
        assert re.search(
            r": they are worth £\S+m \(\S+ to \S+\) and £\S+m \(\S+ to \S+\) over ten years, £\S+m \(.+?\) apart",
            text,
        ), text
    else:
        first, second = ("Beta", "alpha") if gap > 0 else ("Alpha", "beta")
        assert re.match(
            rf"{first} is worth £\S+m \(.+?\) over ten years against £\S+m \(.+?\) for {second}: it is ahead by "
            rf"£{abs(gap):.1f}m ",
            text,
        )


@pytest.mark.check("Selection")
def test_the_answer_of_many_plans_says_ties_as_ties() -> None:
    plans = {"Alpha": 0.0, "Beta": 2.0, "Gamma": 2.0, "Delta": 1.0}
    made = of_plans({name: money(gains(gap, 200, noise=n)) for n, (name, gap) in enumerate(plans.items())})
    found = side_by_side([made])
    text = headline(found)
    assert "cannot be told apart" in text
    race = found.races["npv_gbp_m"]
    assert {race.best, *race.level} == {"beta", "gamma"}
    sure = of_plans({name: money(gains(n, 200, noise=n)) for n, name in enumerate(plans)})
    assert headline(side_by_side([sure])).startswith("Delta is worth most of four plans, £")
    same = of_plans({name: money(gains(0, 200, noise=n)) for n, name in enumerate(plans)})
    assert headline(side_by_side([same])).startswith("The four plans cannot be told apart in what they are worth")


@pytest.mark.check("Q-S2")
def test_every_line_counts_in_the_correction() -> None:
    random = np.random.default_rng(13)
    base = random.normal(size=50)
    shift = random.normal(size=50)
    weak = base + shift - shift.mean() + 0.45 * shift.std()
    alone = side_by_side([of_plans({"Alpha": money(base), "Beta": money(weak)})])
    assert alone.verdict(alone.side("beta"), "npv_gbp_m") == "better"
    noise = {f"Noise {n}": money(base + random.normal(size=50)) for n in range(12)}
    among = side_by_side([of_plans({"Alpha": money(base), "Beta": money(weak), **noise})])
    assert among.verdict(among.side("beta"), "npv_gbp_m") == "cannot be told apart"


def test_identical_plans_and_single_histories() -> None:
    same = of_plans({"Alpha": money(gains(0)), "Beta": money(gains(0))})
    assert headline(side_by_side([same])) == "Alpha and beta give the same result in every history."
    one_history = side_by_side([of_plans({"Alpha": money(gains(0, 1)), "Beta": money(gains(9, 1))})])
    assert "nothing can be told" in headline(one_history)
    assert "no range" in said(one_history, full=True)


def test_best_is_the_reference_itself_or_never_pays_back() -> None:
    months = {"Alpha": np.full(30, 40.0), "Beta": np.where(np.arange(30) < 20, NAN, 50.0)}
    made = of_plans({
        name: {**money(gains(0, 30)), "payback_month": m, "never_pays_back": np.isnan(m)} for name, m in months.items()
    })  # fmt: skip
    found = side_by_side([made], outcomes=["payback_month"])
    assert found.races["payback_month"].best == "alpha"
    assert found.levels["beta", "payback_month"].value == math.inf
    assert headline(found).startswith("Alpha does better than beta on the month of payback, in all 30 histories")
    assert "never" in said(found)
    assert not found.regrets


@pytest.mark.check("Q-S2")
def test_what_some_histories_lack_is_told_with_how_many_have_it() -> None:
    """Of 40 pairs 16 have a first team in both, 20 in alpha alone, 4 in neither; 10 asked HR for nothing."""
    first = {"Alpha": np.where(np.arange(40) < 36, 10.0, NAN), "Beta": np.where(np.arange(40) < 16, 83.0, NAN)}
    waits = np.where(np.arange(40) < 30, 2.0, NAN)
    made = of_plans({
        name: {**money(gains(at, 40)), "first_joint_team_month": team, "hr_mean_wait_months": waits + at,
               "duration_ratio": np.full(40, NAN), "unfinished": 1.0}
        for at, (name, team) in enumerate(first.items())
    })  # fmt: skip
    found = side_by_side([made], outcomes=["hr_mean_wait_months", "first_joint_team_month"])
    line = found.table.set_index("outcome").loc["first_joint_team_month"]
    assert (line["n"], line["pairs"]) == (16, 40)
    assert line["p_better"] == pytest.approx((36 + 4 / 2) / 40), "never counts as later than any month"
    text = " ".join(said(found, full=True).split())
    assert re.search(r"73\.0 \(.{1,20}\), in 16 of 40", text)
    assert re.search(r"95% \(\d+–\d+\), never in both in 4 ", text)
    assert re.search(r"1\.0 \(.{1,20}\), in 30 of 40 +0% \(0–\d+\), in 30 of 40", text)
    assert "Alpha 2.0 (no range), in 30 of 40 10.0 (no range)" in text, "where a plan stands, too"
    every = " ".join(markdown(side_by_side([made])).split())
    assert re.search(r"Time taken over time planned, of 100 \| [^|]*(in 0 of 40|none in any history)", every)


NASTY = "=1+1 <b>bold</b> | [x](y)\n\x1b[31m" + "long " * 2_000


def test_titles_with_markup_newlines_formulas_and_length_do_no_harm() -> None:
    made = of_plans({NASTY: money(gains(0)), NASTY + "!": money(gains(1, noise=8))})
    found = side_by_side([made])
    text, page = said(found, full=True), markdown(found)
    assert "\x1b" not in text + page
    assert max(map(len, text.splitlines())) <= 130
    assert "<b>" not in page
    assert "(2)" in text
    assert all(len(side.label) <= 200 and "\n" not in side.label for side in found.sides.every)
    figure = trade_off(found)
    assert b"<b>" not in svg(figure)
    assert len(svg(figure)) < 300_000


def test_the_figure_s_title_is_the_finding_and_every_plan_has_its_figures() -> None:
    found = side_by_side([two()])
    figure = trade_off(found)
    assert str(figure.get_label()).startswith("Beta is worth £")
    told = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert told.count("tied") + told.count("same") == 4
    assert "better" in told
    assert svg(figure) == svg(trade_off(found))


def test_a_screenful_and_everything() -> None:
    found = side_by_side([two()])
    short, full = said(found), said(found, full=True)
    assert len(short.splitlines()) <= 30
    assert len(full) > len(short)
    assert short.splitlines()[0].startswith("Beta is worth £")
    assert "No council's own money can be told" in short


@pytest.mark.check("Q-S1")
def test_paired_chance_of_being_better_has_its_interval() -> None:
    line = side_by_side([two()]).table.set_index("outcome").loc["npv_gbp_m"]
    known = paired(gains(1, noise=8), gains(0), "higher")
    assert line["p_better"] == known["p_better"]
    assert line["p_better_low"] < line["p_better"] <= line["p_better_high"]


@pytest.mark.check("Q-S1")
def test_a_median_has_the_ranks_that_hold_it() -> None:
    random = np.random.default_rng(11)
    held = 0
    for _ in range(1_000):
        months = np.where(random.random(41) < 0.2, math.inf, random.normal(50, 10, 41))
        months[0] = math.inf
        found = level_of(SimpleNamespace(values=lambda *_, m=months: m, sampled=False), "payback_month", False)  # type: ignore[arg-type]
        held += found.low <= stats.norm.ppf(0.625, 50, 10) <= found.high
    assert 0.93 <= held / 1_000 <= 0.995
