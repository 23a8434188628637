"""The three logs: what was assumed, what was decided by whom and why, what was given and where it comes from."""

from pathlib import Path

import pandas as pd
import pytest
import studies

from sim.core.errors import InputError
from sim.plans.compose import compose
from sim.plans.declared_lists import evidence_entries
from sim.plans.strict import Library
from sim.words.documents.logs import (
    ASSUMPTIONS,
    BY_PLAN,
    BY_USER,
    DATA,
    DECISIONS,
    NO_REASON,
    assumptions_log,
    data_log,
    decided,
    decisions_log,
)

SMALL = ("study.replications=4", "study.horizon_months=24")
MINE = """\
# @package _global_
scenario:
  title: Mine
  meaning: Two more officers for OD.
  reasons:
    levers.hr.od_posts: two of ours retire
    evidence.staff.turnover: counted by ourselves
levers:
  hr: {od_posts: 2.0}
  pace: {packages_at_once: 4}
decisions:
  - {month: 12, change: {hr.hr_posts: 2.0}, reason: the grant comes}
shocks:
  - {month: 6, kind: emergency, council: Redditch}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a user's own with one scenario."""
    place = tmp_path / "first" / "scenario"
    place.mkdir(parents=True)
    (place / "mine.yaml").write_text(MINE)
    return place.parent


@pytest.mark.check("Logs")
def test_assumptions_carry_grade_and_source_and_an_overridden_one_has_lost_its_own() -> None:
    settings = compose(["evidence.staff.turnover.value=0.15"]).settings
    rows = assumptions_log(settings)
    assert len(rows) == len(evidence_entries())
    assert all(tuple(row) == ASSUMPTIONS and row["grade"] and row["source"] for row in rows)
    assert [row["key"] for row in rows if row["overridden"]] == ["evidence.staff.turnover"]
    own = next(row for row in rows if row["overridden"])
    assert (own["value"], own["usual"], own["grade"]) == (0.15, 0.134, "assumption")
    assert "S6" not in own["source"]
    assert not any(row["overridden"] for row in assumptions_log(compose().settings))


@pytest.mark.check("Logs")
def test_a_quantity_drawn_for_a_sample_counts_as_overridden() -> None:
    from sim.plans.variants import variant

    drawn = variant(compose().settings, {"evidence.staff.turnover.value": 0.15})
    assert [row["key"] for row in assumptions_log(drawn) if row["overridden"]] == ["evidence.staff.turnover"]


@pytest.mark.check("Logs")
def test_decisions_name_what_differs_by_whom_and_why(folder: Path) -> None:
    asked = ["scenario=mine", "levers.members.backbench_engagement=0.5", "study.reason=for June", *SMALL]
    made = compose(asked, Library([folder]))
    study = studies.study(pd.DataFrame({"cell": ["x"], "replication": 0}), settings=lambda _: made.settings)
    study.manifest["study"] = made.study.model_dump(mode="json")
    rows = decisions_log(study, "x")
    assert all(tuple(row) == DECISIONS for row in rows)
    by_key = {row["key"]: row for row in rows}
    assert by_key["levers.hr.od_posts"]["reason"] == "two of ours retire"
    assert by_key["levers.hr.od_posts"]["by"] == BY_USER
    assert by_key["levers.pace.packages_at_once"]["reason"] == "for June"
    assert by_key["levers.members.backbench_engagement"]["reason"] == "for June"
    assert by_key["decisions.1"]["reason"] == "the grant comes"
    assert by_key["decisions.1"]["by"] == by_key["shocks.1"]["by"] == BY_USER
    assert "Redditch" in by_key["shocks.1"]["chosen"]
    assert by_key["study.replications"]["chosen"] == "4"
    assert set(by_key) == {
        "levers.hr.od_posts", "levers.pace.packages_at_once", "levers.members.backbench_engagement", "decisions.1",
        "shocks.1", "study.replications", "study.horizon_months",
    }  # fmt: skip


@pytest.mark.check("Logs")
def test_what_a_shipped_plan_sets_is_the_plans_own_choice() -> None:
    settings = compose(["scenario=hr_first", "levers.hr.integrate=last"]).settings
    study = studies.study(pd.DataFrame({"cell": ["x"], "replication": 0}), settings=lambda _: settings)
    rows = {row["key"]: row for row in decisions_log(study, "x")}
    assert rows["levers.sequence.service_order"]["by"] == BY_PLAN
    assert rows["levers.sequence.service_order"]["reason"] == settings.scenario.meaning
    assert (rows["levers.hr.integrate"]["by"], rows["levers.hr.integrate"]["reason"]) == (BY_USER, NO_REASON)
    assert not rows["levers.hr.integrate"]["reasoned"]
    changed = decided(compose(["scenario=transform_first", "levers.hr.od_posts=4"]).settings, {})
    (posts,) = [row for row in changed if row["key"] == "levers.hr.od_posts"]
    assert (posts["by"], posts["reason"]) == (BY_USER, NO_REASON), "the plan's reason is for the plan's own posts"
    assert decided(compose(["scenario=structure_first"]).settings, {}) == []


@pytest.mark.check("Logs")
def test_the_data_log_says_where_every_fact_comes_from() -> None:
    settings = compose(["partnership=dorset_councils", "partnership.start_month=9"]).settings
    rows = data_log(settings)
    assert all(tuple(row) == DATA and row["source"] for row in rows)
    status = {(row["whose"], row["key"]): row["status"] for row in rows}
    assert status["North Dorset", "headcount"] == "published"
    assert status["West Dorset", "headcount"] == "assumption"
    assert status["West Dorset", "service_expenditure_gbp_m"] == "published, taken to hold"
    assert status["West Dorset and Weymouth and Portland", "distance_miles"] == "assumption"
    assert status["Dorset Councils Partnership", "start_month"] == "changed by the user"
    changed = next(row for row in rows if row["status"] == "changed by the user")
    assert (changed["value"], changed["source"]) == ("9", "changed by the user from 7; it has lost its source")
    assert len(rows) == 3 + 3 * 9 + 3 * 3


@pytest.mark.check("Logs")
def test_facts_of_a_file_of_ones_own_are_given_or_assumed_or_without_source() -> None:
    settings = compose().settings
    told = {"headcount": "given in my.csv", "control": "assumption: not given; default no_overall_control: no party"}
    own = settings.partnership.model_copy(update={"name": "Ours", "provenance": told})
    status = {row["key"]: row["status"] for row in data_log(settings.replaced(partnership=own.model_dump()))}
    assert (status["headcount"], status["control"], status["setting"]) == ("given", "assumption", "no source")


@pytest.mark.check("Logs")
def test_a_reason_for_an_unknown_key_is_refused(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "own" / "scenario"
    place.mkdir(parents=True)
    (place / "mine.yaml").write_text(MINE.replace("levers.hr.od_posts: two", "levers.hr.od_pots: two"))
    with pytest.raises(
        InputError, match=r"scenario\.reasons: 'levers\.hr\.od_pots' is no key; did you mean 'levers\.hr"
    ):
        compose(["scenario=mine"], Library([tmp_path / "own"]))
    (place / "mine.yaml").write_text(MINE.replace("od_posts: two of ours retire", "od_posts: [1]"))
    with pytest.raises(InputError, match="a text is wanted"):
        compose(["scenario=mine"], Library([tmp_path / "own"]))


@pytest.mark.check("Logs")
def test_reasons_do_not_change_what_a_plan_is(folder: Path, tmp_path: Path) -> None:
    from sim.plans.compose import cell_id

    with_reasons = compose(["scenario=mine"], Library([folder])).settings
    place = tmp_path / "own" / "scenario"
    place.mkdir(parents=True)
    before, after = MINE.index("  reasons:"), MINE.index("levers:\n")
    (place / "mine.yaml").write_text(MINE[:before] + MINE[after:])
    without = compose(["scenario=mine"], Library([tmp_path / "own"])).settings
    assert without.scenario.reasons == {} != with_reasons.scenario.reasons
    assert cell_id(without) == cell_id(with_reasons)
