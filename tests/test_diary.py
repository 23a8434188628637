"""The diary of one history: a cause for every event, turning points, levels, which history is picked, the log."""

import csv
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import studies
from synthetic import happened, settings

from sim.agents.shocks import DATED, SHOCKS
from sim.core.errors import InputError
from sim.core.events import CAUSES, KINDS, STAGES, Shown
from sim.core.history import Event, History
from sim.engine import Simulation
from sim.engine.settings import DatedShock, Settings
from sim.plans.compose import compose
from sim.study.study import Study
from sim.surfaces import cli
from sim.surfaces.api.diaries import diary as told_of
from sim.words.diary.chosen_history import pick
from sim.words.diary.diary import TURNING_POINT, Diary, diary, diary_of
from sim.words.diary.milestones import levels_of
from sim.words.event_reasons.causes import reasons
from sim.words.event_reasons.facts_so_far import Reason, in_words
from sim.words.event_reasons.vote_support import support
from sim.words.names import OTHER_PACKAGES, Names

JARGON = re.compile(r"replication|quantile|\bcells?\b|p-value|\bnan\b|\binf\b|\bNone\b|\w_\w|\{|\}")
CALM = ["mechanisms.buy_in=off", "mechanisms.dissolution=off", "mechanisms.stall=off"]
UNHURRIED = [*CALM, "study.horizon_months=240"]
UNWILLING = ["evidence.members.vote_line.value=0.42", "levers.governance.joins_month=60"]
NOT_HERE = ("dissolution", "reorganisation", "partner_leaves")
"""Shocks that end it all, and one that two councils cannot have."""
PLANS: list[tuple[list[str], tuple[str, ...], tuple[int, ...]]] = [
    (["scenario=adaptive"], tuple(kind for kind in SHOCKS if kind not in NOT_HERE), (0, 1)),
    (["scenario=commissioning", "levers.commissioning.share=1.0", *UNHURRIED], (), (0,)),
    (["scenario=merger", "levers.governance.talks_months=12"], (), (1, 3, 4, 5, 6)),
    (["scenario=merger", *UNHURRIED], (), (0, 1)),
    (
        ["levers.external.posts=4", "levers.staffing.voluntary=1", "levers.staffing.open_offer=true", *CALM],
        ("dissolution",),
        (0, 1),
    ),
    (["partnership=go_shared_services", "levers.governance.joiner=Cotswold"], (), (0,)),
    (["partnership=go_shared_services", "levers.governance.joiner=Cotswold", *UNWILLING], (), (1, 4, 6)),
    ([], (), (8, 36)),
    (
        ["partnership=dorset_councils", "levers.staffing.voluntary=1", "levers.staffing.open_offer=true", *CALM],
        (),
        (0,),
    ),
    (["partnership=chiltern_south_bucks"], (), (0, 15)),
    (["partnership=dorset_councils"], ("partner_leaves", "dispute", "reorganisation"), (0,)),
    (["levers.sequence.shape=horizontal", "scenario=transform_first"], (), (0, 1)),
    (["levers.sequence.extent=management_team", "mechanisms.shocks=off"], (), (0,)),
    (["levers.terms.approach=dismiss_reengage"], (), (0, 1)),
    (["levers.terms.approach=dismiss_reengage", *CALM], (), (0,)),
    (["levers.pace.pause_when_fatigue_over=0.3"], (), (0,)),
    (["scenario=parallel"], (), (24,)),
    (["levers.structure.management_posts_cut=0.8"], (), (0,)),
    (["levers.sequence.arrangements=['leisure_parks: left in month 90']", *CALM], (), (0,)),
]
"""Plans that between them bring about every kind of fact: overrides, dated shocks, histories."""


def lived(made: Settings, number: int) -> tuple[History, list[float]]:
    simulation = Simulation(made, number)
    threats = list(simulation.world.threat)
    simulation.advance(made.horizon_months)
    return simulation.history, threats


@pytest.fixture(scope="module")
def real() -> list[tuple[Settings, History, list[float], Diary]]:
    """Histories of every kind, told."""
    found = []
    for overrides, shocks, numbers in PLANS:
        dated = tuple(DatedShock(month=40 + 3 * place, kind=kind) for place, kind in enumerate(shocks))  # type: ignore[arg-type]
        composed = compose(overrides)
        made = composed.settings.replaced(shocks=dated)
        for number in numbers:
            history, threats = lived(made, number)
            found.append((made, history, threats, diary_of(history, made, threats, "one history")))
    return found


def single(event: Event, *past: Event) -> str:
    return diary([*past, event], settings())[-1].strip()


# -- a sentence and a cause for everything --


def test_real_histories_bring_about_every_kind_that_is_declared_and_no_other(real: Any) -> None:
    seen = {event.kind for _, history, _, _ in real for event in history.events}
    assert seen == KINDS.keys()


def test_events_of_real_histories_belong_to_what_their_kind_declares(real: Any) -> None:
    for made, history, _, _ in real:
        councils = {council.name for council in made.partnership.councils}
        for event in history.events:
            entity = event.entity
            package = ": " in entity or entity in OTHER_PACKAGES
            found = {
                "council": entity in councils,
                "package": package,
                "partnership": entity == "partnership",
                "lever": "." in entity and not package,
            }
            assert found[KINDS[event.kind].of], event
            assert event.cause in STAGES or event.kind not in ("stage started", "stage finished"), event


def test_every_event_of_real_histories_has_a_cause_in_words(real: Any) -> None:
    for _, history, _, told in real:
        assert len(told.log) == len(history.events)
        for row in told.log:
            assert row.cause, row
            assert not JARGON.search(f"{row.who} {row.what} {row.cause}"), row
            assert not row.cause.startswith(("a step", "it was decided")), row


def test_no_cause_falls_back_to_the_one_recorded(real: Any) -> None:
    raw = {
        (event.kind, event.cause)
        for _, history, _, _ in real
        for event in history.events
        if KINDS[event.kind].why is None or isinstance(KINDS[event.kind].why, Shown)
        if event.cause not in KINDS[event.kind].causes and event.cause not in CAUSES
    }
    assert not raw
    unsure = ("the step before it is done", "its work is done", "it was decided", "votes were lost")
    for made, history, threats, _ in real:
        names = Names.of(made)
        told = reasons(history.events, names, made, levels_of(history), threats)
        assert not [reason.form for reason in told if reason.form in unsure]


def test_lines_of_real_histories_read_as_sentences(real: Any) -> None:
    for _, _, _, told in real:
        for line in told.lines[3:]:
            assert not JARGON.search(line), line
            assert not line or line[0] != " " or line.endswith((".", "!")), line
            assert ": ." not in line and ":." not in line and "  :" not in line, line


def test_causes_are_worked_out_from_what_came_before() -> None:
    name = "joint_team: ict"
    released = Event(2.0, name, "package released", "structure_first")
    begun = Event(2.0, name, "stage started", "review")
    done = Event(5.0, name, "stage finished", "review")
    assert single(released) == (
        "Work is released on the joint team for ICT: this comes first in the plan's order, structure first."
    )
    assert single(begun, released) == "The review of ICT begins: work on it has been released."
    assert single(done, released, begun) == "The review of ICT is finished: the work is done, after 3.0 months."
    waits, comes = Event(5.0, name, "waiting for HR"), Event(7.5, name, "HR arrived")
    assert single(comes, waits).endswith("somebody has come free, after 2.5 months of waiting.")
    assert single(Event(5.0, name, "HR arrived"), waits).endswith("takes up the joint team for ICT: somebody is free.")
    assert single(Event(9.0, name, "package dropped", "joint_team: hr was dropped")).endswith(
        "is given up: it needed the joint team for HR and OD, which has been given up."
    )
    votes = [Event(month, "Redditch", "vote lost", name, number) for number, month in enumerate((6.0, 8.0, 10.0), 1)]
    assert single(Event(10.0, name, "package dropped", "votes lost"), *votes).endswith(
        "is given up: the councils voted it down: three votes lost."
    )
    assert single(Event(10.0, name, "stage finished", "decision"), *votes).endswith("three votes lost in all.")
    won = Event(10.0, "Redditch", "vote won", name, 3.0)
    assert single(Event(10.0, name, "stage finished", "decision"), *votes[:2], won).endswith(
        "every council has voted in favour, after two votes lost."
    )
    assert single(Event(10.0, name, "stage finished", "decision")).endswith("to whom it was delegated have agreed.")
    assert single(Event(50.0, "partnership", "dispute ends", "settled"), Event(46.0, "partnership", "dispute begins"))
    assert "it is settled after 4.0 months" in single(
        Event(50.0, "partnership", "dispute ends", "settled"),
        Event(46.0, "partnership", "dispute begins", "terms"),
    )


def test_a_dated_shock_is_put_down_to_the_scenario() -> None:
    for kind in ("emergency begins", "partner defaults", "dissolved", "leader changed", "reorganised"):
        assert single(Event(30.0, "Redditch", kind, DATED)).endswith("the plan's scenario sets it for this month.")


def test_rules_and_stated_reasons_are_named() -> None:
    made = compose(["scenario=adaptive"]).settings
    on = Event(20.0, "pace.paused", "decision", "rule", 1.0)
    off = Event(24.0, "pace.paused", "decision", "rule", 0.0)
    lines = diary([on, Event(20.0, "partnership", "programme paused", "decision"), off], made)
    assert (
        "  A decision, new packages are held back: by the plan's own rule, as fatigue is over 50 out of 100." in lines
    )
    assert any(
        "The programme pauses" in line or "the programme pauses: by the plan's own rule" in line for line in lines
    )
    assert lines[-1].endswith("the months that the plan's own rule gives are over.")
    decided = made.replaced(
        decisions=({"month": 12, "change": {"hr.od_posts": 3.0}, "reason": "The grant {pays} for it."},)
    )
    told = diary([Event(12.0, "hr.od_posts", "decision", "scenario", 3.0)], decided)[-1]
    assert "now 3 posts: the plan foresees it for this month, because the grant (pays) for it" in told


def test_figures_of_one_reason_become_a_range() -> None:
    alike = [Reason("after {0}", (value,), "months") for value in (2.0, 4.5, 3.0)]
    assert in_words(alike) == "after 2.0 to 4.5 months"
    assert in_words(alike[:1]) == "after 2.0 months"
    assert in_words([Reason("after {0}", (1.0,), "months")]) == "after 1.0 month"
    assert in_words([Reason("{0} and {1}", (0.41, 0.5)), Reason("{0} and {1}", (0.41, 0.62))]) == "41 and 50 to 62"
    assert in_words([]) == ""


def test_an_unknown_fact_is_still_told() -> None:
    assert single(Event(3.0, "Redditch", "town hall floods", "heavy_{rain}")) == (
        "Redditch: town hall floods: heavy (rain)."
    )


# -- votes --


def test_the_support_that_is_told_decides_votes_as_often_as_it_says(real: Any) -> None:
    chances, won = [], []
    for made, history, threats, _ in real:
        values, hurt, amended = made.evidence_values, defaultdict[tuple[str, int], float](float), Counter[str]()
        for event in sorted(history.events, key=lambda event: event.month):
            if event.kind == "report held back":
                amended[event.entity] += 1
                hurt[event.cause, int(event.month)] += values["members.held_back_costs"]
            if event.kind in ("vote won", "vote lost"):
                changed = amended[event.cause] + int(event.value or 1) - 1
                at = (event.entity, event.cause, event.month, hurt[event.entity, int(event.month)], changed)
                found = support(made, levels_of(history), threats, *at)
                chances.append(1 / (1 + math.exp(-(found.support - found.line) / values["members.vote_spread"])))
                won.append(event.kind == "vote won")
                lost = values["members.lost_vote_hurts"] * (event.kind == "vote lost")
                hurt[event.entity, int(event.month)] += lost
    told, seen = np.array(chances), np.array(won)
    assert len(told) > 300
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0)):
        inside = (told >= low) & (told < high)
        expected = told[inside]
        error = np.sqrt((expected * (1 - expected)).sum()) / inside.sum()
        assert abs(expected.mean() - seen[inside].mean()) < 4 * error + 0.02, (low, inside.sum())


def test_a_lost_vote_names_support_buy_in_and_the_need(real: Any) -> None:
    lost = [row for _, _, _, told in real for row in told.log if row.kind == "vote lost"]
    form = (
        r"(against the odds, )?support is −?\d+ out of 100 \(leaders' buy-in \d+, back benchers' \d+\) where \d+ gives"
    )
    assert len(lost) > 10
    assert all(re.match(form, row.cause) for row in lost)
    for row in lost:
        figure, even = (int(found) for found in re.findall(r"(-?\d+) (?:out|gives)", row.cause.replace("−", "-")))
        assert row.cause.startswith("against") is (figure > even) or figure == even


# -- turning points and levels --


def test_turning_points_are_marked_once_each() -> None:
    votes = [Event(month, "Redditch", "vote lost", "joint_team: ict", month - 9) for month in (10.0, 12.0)]
    lines = diary([*votes, Event(30.0, "partnership", "dissolved", "leaders part ways")], settings())
    marked = [line for line in lines if TURNING_POINT in line]
    assert marked == [
        "  Turning point: the first vote is lost; Redditch votes against the joint team for ICT: "
        "too few members are for it.",
        "  Turning point: the councils part and the partnership is dissolved: "
        "leaders have come to distrust one another.",
    ]
    again = "  Redditch votes against the joint team for ICT, at the third attempt: too few members are for it."
    assert again in lines


def test_the_log_marks_the_same_events_as_the_lines(real: Any) -> None:
    for _, _, _, told in real:
        marked = sum(len(entry.events) for entry in told.turning_points)
        assert sum(row.turning_point == "yes" for row in told.log) == marked
        kinds = ("vote lost", "fatigue over its line", "programme paused")
        firsts = {row.kind: row for row in reversed(told.log) if row.kind in kinds}
        assert all(row.turning_point == "yes" for row in firsts.values())


def test_levels_come_each_half_year_and_are_those_of_the_history(real: Any) -> None:
    for _, history, _, told in real:
        assert [step.month for step in told.milestones] == [*range(6, history.horizon + 1, 6)]
        for step in told.milestones:
            assert step.levels["fatigue"] == history.column("fatigue")[step.month]
            assert step.text.startswith("Levels (exact): ")
            assert f"fatigue {round(100 * step.levels['fatigue'])}," in step.text


def test_the_month_of_payback_turns(real: Any) -> None:
    made, history, threats = next(one[:3] for one in real if one[1].column("cumulative_net_saving_gbp_m")[-1] > 1)
    told = diary_of(history, made, threats, "x")
    net = history.column("cumulative_net_saving_gbp_m")
    entry = next(entry for entry in told.turning_points if "more has been saved than spent" in entry.text)
    assert net[entry.month - 1] <= 0 < net[entry.month]
    assert [entry.month for entry in told.entries] == sorted(entry.month for entry in told.entries)


def test_a_whole_diary_speaks_plainly() -> None:
    lines = diary(happened(), settings())
    assert lines[0] == (
        "Structure first, Bromsgrove & Redditch: one history, month by month. Exact for this one; another would differ."
    )
    assert lines[1].startswith("Marked as turning points: ") or lines[1] == ""
    assert not [line for line in lines if JARGON.search(line)]
    assert "  2.4 management posts are cut: the joint management team is now in place." in lines
    assert any(re.search(r"An HR officer takes up .*: somebody has come free, after 1\.5 months", x) for x in lines)


def test_titles_that_would_act_are_made_harmless() -> None:
    lines = diary([], settings("=Evil\n\x1b[31m<b>" + "x" * 10_000))
    assert "\n" not in lines[0] and "\x1b" not in lines[0]
    assert len(lines[0]) < 300


# -- which history --


def study_of(net: list[float], tired: list[float] | None = None, npv: list[float] | None = None) -> Any:
    runs = pd.DataFrame(
        {
            "cell": "a",
            "replication": range(len(net)),
            "cumulative_net_saving_y10_gbp_m": net,
            "npv_gbp_m": npv or net,
            "months_fatigue_over_line": tired or [0.0] * len(net),
        }
    )
    events = pd.DataFrame({"cell": pd.Series(dtype=str), "replication": pd.Series(dtype=int)})
    return studies.study(runs, pd.DataFrame({"cell": ["a"], "label": ["Plan a"]}), events=events)


def test_luckiest_and_unluckiest_are_the_ends_and_ties_go_by_fatigue() -> None:
    made = study_of([2.0, 5.0, 1.0, 5.0, 1.0], tired=[0.0, 9.0, 3.0, 4.0, 8.0])
    assert pick(made, "a", "luckiest").replication == 3
    assert pick(made, "a", "unluckiest").replication == 4
    assert pick(study_of([2.0, 5.0, 5.0]), "a", "luckiest").replication == 1
    assert pick(made, "a", "Typical ").replication == 0


def test_the_typical_is_the_one_that_the_study_tells_first() -> None:
    made = study_of([float(number) for number in range(9)])
    assert pick(made, "a").replication == 4
    made.tables["events"] = pd.DataFrame({"cell": ["b", "a", "a"], "replication": [1, 7, 2]})
    assert pick(made, "a").replication == 7


def test_where_a_history_stands_is_said() -> None:
    made = study_of([float(number) for number in range(101)])
    best, low, middle = pick(made, "a", 90), pick(made, "a", "5"), pick(made, "a", 50)
    assert best.better_than == 90 and best.worse_than == 10
    assert "you were lucky, better than nine histories in ten" in best.said
    assert "you were unlucky, worse than" in low.said
    assert "neither lucky nor unlucky, as many others do better as do worse" in middle.said
    assert "better than all 100 others" in pick(made, "a", "luckiest").said
    assert "£90.0m" in best.said
    alone = pick(study_of([1.0]), "a")
    assert "no others to be set beside" in alone.said
    level = pick(study_of([1.0, 1.0, 1.0]), "a", 1)
    assert (level.better_than, level.worse_than, level.level_with) == (0, 0, 2)


def test_a_short_horizon_is_ordered_by_present_value() -> None:
    short = study_of([np.nan] * 3, npv=[1.0, 3.0, 2.0])
    assert pick(short, "a", "luckiest").replication == 1
    assert "present value" in pick(short, "a", "luckiest").said


@pytest.mark.parametrize("which", ["lucky", "²", "-1", "1e3", "9" * 40, "", "12"])
def test_histories_that_are_not_there_are_refused(which: str) -> None:
    with pytest.raises(InputError, match=r"there is no history|is not in this study"):
        pick(study_of([1.0, 2.0]), "a", which)


def test_a_plan_without_histories_is_refused() -> None:
    empty = study_of([])
    with pytest.raises(InputError, match="no finished history"):
        pick(empty, "a")


# -- the command --


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("diary")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        words = ["scenario=structure_first", "study.replications=8", "study.workers=1", "study.horizon_months=60"]
        assert cli.main(["run", *words]) == 0
    return root


def test_the_command_tells_the_typical_history_by_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert cli.main(["diary", "LATEST", "structure_first"]) == 0
    lines = capfd.readouterr().out.splitlines()
    typical = int(Study.load(next(Path("outputs").iterdir())).events["replication"].iloc[0])
    assert lines[0].startswith(f"Structure first, Bromsgrove & Redditch: history {typical}, the typical one")
    assert any(line.startswith("  Levels (exact): ") for line in lines)
    assert cli.main(["diary", "LATEST", "structure_first", str(typical)]) == 0
    assert capfd.readouterr().out.splitlines()[1:] == lines[1:]


def test_the_log_is_written_and_is_safe_in_a_spreadsheet(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    study = Study.load(next(Path("outputs").iterdir()))
    file = tmp_path / "log.csv"
    made = told_of(study, "structure_first", "luckiest", file)
    rows = list(csv.DictReader(file.open()))
    assert len(rows) == len(made.log) > 20
    assert list(rows[0]) == ["month", "date", "who", "kind", "what", "cause", "value", "turning_point"]
    assert not [value for row in rows for value in row.values() if value[:1] in ("=", "+", "@", "\t")]
    content = json.loads(json.dumps(made.as_json(), allow_nan=False))
    assert len(content["events"]) == len(rows)
    assert {"month", "recurrent_saving_gbp_m"} <= set(content["levels"][0])


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["structure_first", "lucky"], "did you mean 'luckiest'?"),
        (["structure_first", "8"], "it has 0 to 7"),
        (["structure_furst"], "did you mean 'structure_first'?"),
        (["structure_first", "1", "--csv", "no/such/log.csv"], "cannot write"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(
    argv: list[str], part: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert cli.main(["diary", "LATEST", *argv]) == 2
    said = capfd.readouterr().err
    assert part in said
    assert "Traceback" not in said


def test_a_report_that_is_held_back_for_good_is_withdrawn_and_nobody_has_agreed_to_it() -> None:
    name = "joint_team: housing"
    facts = [
        Event(1.0, name, "stage started", "decision"),
        Event(2.0, name, "report held back", "Bromsgrove"),
        Event(9.0, name, "stage finished", "decision"),
        Event(9.0, name, "package dropped", "votes lost"),
    ]
    told = " ".join(diary(facts, settings()))
    assert "the report is withdrawn" in told
    assert "agreed" not in told
