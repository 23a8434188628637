"""The What-if room without its page: the form, the decision map, refusals, and answers that refine."""

import asyncio
import pickle
import re
from concurrent.futures import Future

import pytest

from sim.core.errors import InputError
from sim.engine.settings import Levers
from sim.pictures.work_rows import GROUPS
from sim.plans.declared_lists import lever_entries
from sim.plans.strict import Library, parse_override
from sim.rooms.whatif import histories, questions, unanswered_questions
from sim.rooms.whatif.answer_page import picture
from sim.rooms.whatif.asked_plans import PagePlan, Question, Wrong, changes_of, command, overrides_of, study_of
from sim.rooms.whatif.form import MAIN, form, places
from sim.rooms.whatif.own_partnerships import Own
from sim.rooms.whatif.progressive_answers import KEPT, LOOKS, Looking
from sim.study.design.cells import plan_run
from sim.study.running.study_run import evaluate, run_study
from sim.study.running.worker import run_pieces
from sim.study.tables import digest_of

LIBRARY = Library()
COUNCILS = "council,headcount,service_expenditure_gbp_m\nAthorpe,300,20\nBford,500,30\n"


class Runner:
    """Simulates at once, in this process, and counts; `held` keeps futures open instead."""

    def __init__(self, held=False):
        self.held = held
        self.histories = 0
        self.open = []

    def __call__(self, pieces, bases, seed):
        future = Future()
        if self.held:
            self.open.append(future)
        else:
            self.histories += sum(piece.asked for piece in pieces)
            future.set_result(run_pieces(pieces, bases, seed, lambda: False))
        return future


def small(plan, histories=8):
    """The study of one plan, with so few histories that a test is quick."""
    made = study_of(Question(plans=(plan,)), LIBRARY)
    return made._replace(study=made.study.model_copy(update={"replications": histories, "workers": 1}))


async def every(looks):
    return [look async for look in looks]


@pytest.fixture(scope="module")
def seen():
    """One plan beside the reference, from eight histories of each, as the room sees it."""
    study = small(PagePlan(scenario="transform_first"))
    looking = Looking(Runner())
    return study, asyncio.run(every(looking.looks(study)))[-1]


def test_every_mechanism_can_be_switched_and_says_where_it_is_explained():
    from sim.plans.declared_lists import mechanism_entries
    from sim.rooms.glass import SHEETS

    found = {control.name: control for control in form("bromsgrove_redditch", "structure_first", LIBRARY).mechanisms}
    declared = {entry["name"]: entry["choices"] for entry in mechanism_entries() if entry["name"] != "mechanisms.luck"}
    assert {name: [option.value for option in control.options] for name, control in found.items()} == declared
    for control in found.values():
        assert control.source in SHEETS and control.value == "on" and "(" not in control.title
        assert control.title and all(option.text for option in control.options)


def test_a_plan_in_a_world_without_fatigue_is_what_the_command_line_simulates():
    plan = PagePlan(scenario="parallel", values={"mechanisms.fatigue": "off", "mechanisms.trust": "on"})
    assert changes_of(plan, LIBRARY) == {"mechanisms.fatigue": "off"}
    study = study_of(Question(plans=(plan,)), LIBRARY)
    typed = plan_run(["scenario=parallel", "mechanisms.fatigue=off"], LIBRARY)
    assert [cell.id for cell in study.cells] == [cell.id for cell in typed.cells]
    assert {cell.settings.mechanisms.fatigue for cell in study.cells} == {"off"}, "the reference shares its world"
    beside = study_of(Question(plans=(plan, PagePlan(scenario="parallel"))), LIBRARY)
    assert sorted(cell.settings.mechanisms.fatigue for cell in beside.cells) == ["off", "on", "on"]


@pytest.mark.parametrize(
    "values", [{"mechanisms.luck": "off"}, {"mechanisms.trust": "queueing"}, {"mechanisms.x": "on"}]
)
def test_what_is_no_mechanism_or_no_form_of_it_stands_beside_its_field(values):
    with pytest.raises(Wrong) as refused:
        changes_of(PagePlan(values=values), LIBRARY)
    assert refused.value.field == next(iter(values))


def test_the_form_holds_every_lever_once_and_fits_every_scenario():
    found = form("bromsgrove_redditch", "structure_first", LIBRARY)
    names = [control.name for group in found.groups for control in group.controls]
    usual = {entry["name"] for entry in lever_entries() if entry["type"] != "list"} - {"levers.governance.joiner"}
    assert len(names) == len(set(names)) and set(names) == usual
    assert [control.name for control in found.main] == list(MAIN) and all(control.main for control in found.main)
    assert [group.name for group in found.groups] == list(Levers.model_fields)
    for story in found.scenarios:
        for group in form("dorset_councils", story.name, LIBRARY).groups:
            for each in group.controls:
                assert each.meaning and each.source.startswith("D-"), each
                if each.step:
                    steps = (each.value - each.low) / each.step
                    assert abs(steps - round(steps)) < 1e-6, (story.name, each.name, each.value)


def test_a_council_that_joins_later_can_be_chosen_by_name_where_there_are_three():
    known = {
        control.name: control
        for group in form("dorset_councils", "parallel", LIBRARY).groups
        for control in group.controls
    }
    joiner = known["levers.governance.joiner"]
    assert [option.value for option in joiner.options] == ["", "North Dorset", "West Dorset", "Weymouth and Portland"]
    plan = PagePlan(partnership="dorset_councils", values={"levers.governance.joiner": "West Dorset"})
    settings = study_of(Question(plans=(plan,)), LIBRARY).cells[-1].settings
    assert settings.levers.governance.joiner == "West Dorset"
    with pytest.raises(Wrong, match="no choice"):
        changes_of(PagePlan(partnership="dorset_councils", values={"levers.governance.joiner": "Elsewhere"}), LIBRARY)


def test_the_map_asks_all_fourteen_questions_and_every_answer_can_be_simulated():
    assert {question.number for question in questions.QUESTIONS} == set(range(1, 15))
    for question in questions.QUESTIONS:
        assert question.reason.endswith(".") and re.fullmatch(r"([DM]-[A-Z0-9]+(, )?)+", question.source)
        for choice in question.answers:
            plan = PagePlan(answers={question.name: choice.name})
            study = study_of(Question(plans=(plan,)), LIBRARY)
            values = questions.changes(plan.answers)
            assert values and set(changes_of(plan, LIBRARY)) <= set(values), (question.name, choice.name)
            assert study.cells


def test_sources_of_the_map_stand_in_the_evidence_register():
    from webbing import ROOT

    register = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    for question in questions.QUESTIONS:
        for source in question.source.split(", "):
            assert f"| {source} " in register, source


def test_parts_of_the_agreement_add_up_and_what_is_open_counts_half():
    assert questions.AGREEMENT not in questions.changes({})
    settled = {"officers": "yes", "start": "alike", "employer": "one", "default": "settled"}
    assert questions.changes(settled)[questions.AGREEMENT] == 1.0
    assert questions.changes({"officers": "yes"})[questions.AGREEMENT] == pytest.approx(0.625)
    assert questions.changes({"officers": "no", "default": "unsettled"})[questions.AGREEMENT] == pytest.approx(0.25)


def test_the_page_is_told_which_answers_settle_a_part_of_the_agreement():
    asked = form("dorset_councils", "parallel", LIBRARY).model_dump(mode="json")["questions"]
    (officers,) = [each for each in asked if each["name"] == "officers"]
    assert [(each["agreed"], each["words"]) for each in officers["answers"]] == [
        (True, ["one part of the agreement is settled"]),
        (False, ["one part of the agreement is left open"]),
    ]


def test_a_lever_that_was_moved_wins_over_an_answer():
    lever = "levers.members.backbench_engagement"
    assert changes_of(PagePlan(answers={"members": "all"}), LIBRARY)[lever] == 0.7
    assert changes_of(PagePlan(answers={"members": "all"}, values={lever: 0.2}), LIBRARY)[lever] == 0.2


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"levers.hr.od_post": 2}, "levers.hr.od_post", "did you mean 'levers.hr.od_posts'"),
        ({"levers.hr.od_posts": 21}, "levers.hr.od_posts", "0 to 20"),
        ({"levers.hr.od_posts": "4"}, "levers.hr.od_posts", "a number"),
        ({"levers.hr.od_posts": True}, "levers.hr.od_posts", "a number"),
        ({"levers.pace.packages_at_once": 2.5}, "levers.pace.packages_at_once", "whole number"),
        ({"levers.hr.on_top_team": 1}, "levers.hr.on_top_team", "yes or no"),
        ({"levers.sequence.sequence": "sideways"}, "levers.sequence.sequence", "no choice"),
        ({"levers.pace.rules": "x"}, "levers.pace.rules", "is no lever"),
        ({"study.workers": 64}, "study.workers", "is no lever"),
    ],
)
def test_a_refusal_names_its_field_and_what_is_allowed(values, field, said):
    with pytest.raises(Wrong, match=re.escape(said)) as refused:
        changes_of(PagePlan(values=values), LIBRARY)
    assert refused.value.field == field


def test_names_are_looked_up_and_plans_side_by_side_share_a_partnership():
    with pytest.raises(Wrong, match="no scenario 'transform_frst'; did you mean 'transform_first'"):
        overrides_of(PagePlan(scenario="transform_frst"), LIBRARY)
    with pytest.raises(Wrong, match="no partnership"):
        overrides_of(PagePlan(partnership="atlantis"), LIBRARY)
    two = (PagePlan(), PagePlan(partnership="dorset_councils"))
    with pytest.raises(Wrong, match="same partnership"):
        study_of(Question(plans=two), LIBRARY)
    with pytest.raises(Wrong, match="allowed are 100, 200, 500, 1000"):
        study_of(Question(plans=(PagePlan(),), histories=150), LIBRARY)


def test_the_command_line_it_shows_means_the_same_plan():
    values = {
        "levers.pace.months_between_waves": 1.5,
        "levers.sequence.extent": "one_employer",
        "levers.hr.on_top_team": True,
    }
    plan = PagePlan(scenario="parallel", values=values, answers={"choice": "wanted"})
    asked = Question(plans=(plan,))
    words = command(plan, asked, LIBRARY).split()
    assert words[:2] == ["tandem", "run"]
    typed = plan_run([word.strip("'") for word in words[2:]], LIBRARY)
    assert [cell.id for cell in typed.cells] == [cell.id for cell in study_of(asked, LIBRARY).cells]
    for word in overrides_of(plan, LIBRARY):
        parse_override(word)


def test_several_plans_stand_beside_the_usual_reference_and_keep_their_names():
    two = (
        PagePlan(name="Fast", scenario="parallel"),
        PagePlan(name="Fast again", scenario="parallel"),
        PagePlan(scenario="hr_first"),
    )
    study = study_of(Question(plans=two), LIBRARY)
    assert [cell.scenario for cell in study.cells] == ["structure_first", "parallel", "hr_first"]
    assert study.reference == study.cells[0].id
    assert [cell.label for cell in study.cells[1:]] == ["Fast", "HR first"]


def test_tables_of_ones_own_are_kept_once_and_refusals_name_line_and_column(tmp_path):
    own = Own(tmp_path)
    kept = own.keep(COUNCILS, "Athorpe & Bford", 2027)
    assert re.fullmatch(r"athorpe_bford-[0-9a-f]{8}", kept.name) and kept.assumptions
    assert own.keep(COUNCILS, "Athorpe & Bford", 2027).name == kept.name
    assert [file.stem for file in (tmp_path / "own_partnerships" / "partnership").iterdir()] == [kept.name]
    assert study_of(Question(plans=(PagePlan(partnership=kept.name),)), own.library).cells
    assert Own(tmp_path).library.names("partnership") == own.library.names("partnership")
    bad = COUNCILS.replace(",30\n", ",thirty\n")
    with pytest.raises(Wrong, match="Line 3, column service_expenditure_gbp_m") as refused:
        own.keep(bad)
    assert refused.value.field == "table" and "/" not in str(refused.value)
    for table in ("", "council\n", "council,headcount,service_expenditure_gbp_m\n=1+1,3,4\n", "\x00"):
        with pytest.raises(Wrong):
            own.keep(table)
    with pytest.raises(Wrong, match=r"^Line 4, column council: 'Total' is a total or an average, not a council"):
        own.keep(f"{COUNCILS}Total,800,50\n")
    beside = own.keep("council,headcount,service_expenditure_gbp_m,control\nA,300,20\nB,500,30\nC,800,50,labour\n")
    assert [note.partition(" of 'C' ")[0] for note in beside.notes] == ["Line 4: the headcount and expenditure"]
    with pytest.raises(Wrong) as refused:
        own.keep(COUNCILS, start_year=1)
    assert refused.value.field == "start_year"


def test_a_table_that_is_held_can_be_asked_about_and_leaves_no_file_until_it_is_kept(tmp_path):
    own = Own(tmp_path)
    held = own.hold(COUNCILS, "Athorpe & Bford", 2027)
    question = Question(plans=(PagePlan(partnership=held.name),))
    before = study_of(question, own.library)
    assert not held.kept and list(tmp_path.iterdir()) == []
    assert [place.title for place in places(own.library) if place.held] == ["Athorpe & Bford"]
    assert command(question.plans[0], question, own.library).endswith("# keep these councils on the page first")
    kept = own.keep(COUNCILS, "Athorpe & Bford", 2027)
    assert kept.kept and kept.name == held.name and own.held == {} and own.hold(COUNCILS, "Athorpe & Bford", 2027).kept
    assert [cell.sources for cell in study_of(question, own.library).cells] == [cell.sources for cell in before.cells]
    assert not command(question.plans[0], question, own.library).endswith("first")


def test_of_very_many_tables_held_those_brought_first_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.rooms.whatif.own_partnerships.MOST_HELD", 2)
    own = Own(tmp_path)
    names = [own.hold(COUNCILS, f"Place {number}").name for number in range(3)]
    assert list(own.held) == names[1:] and names[0] not in own.library.names("partnership")


def test_a_kept_file_that_somebody_changed_is_left_as_it_is(tmp_path):
    own = Own(tmp_path)
    kept = own.keep(COUNCILS)
    file = tmp_path / "own_partnerships" / "partnership" / f"{kept.name}.yaml"
    for changed in ("name: [", file.read_text().replace("headcount: 300", "headcount: 301")):
        file.write_text(changed)
        for again in (own, Own(tmp_path)):
            with pytest.raises(Wrong, match="changed by hand"):
                again.keep(COUNCILS)
        assert file.read_text() == changed


def test_a_refusal_comes_whole_from_another_process():
    again = pickle.loads(pickle.dumps(Wrong("table", "Line 2 is empty.")))
    assert (again.field, str(again)) == ("table", "Line 2 is empty.")


def test_a_file_of_ones_own_that_cannot_be_read_is_said_and_the_shipped_ones_stay(tmp_path):
    folder = tmp_path / "own_partnerships" / "partnership"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("name: [")
    own = Own(tmp_path)
    assert "broken.yaml" in own.notes[0] and "bromsgrove_redditch" in own.library.names("partnership")


def test_the_answer_has_the_rows_digest_and_words_of_the_command_line(seen, tmp_path):
    study, look = seen
    written = run_study(study, tmp_path)
    assert digest_of(look.study.runs) == written.manifest["digest"]
    from sim.words.summary.summary import summary

    labels = {cell.id: cell.label for cell in study.cells}
    assert look.study.labels == labels
    assert picture(look).headline == summary(written).headline
    table = written.trajectories.set_index(["cell", "series", "month"])["p50"]
    drawn = look.study.trajectories.set_index(["cell", "series", "month"])["p50"]
    assert drawn.equals(table.loc[drawn.index]) and len(drawn) > 1000


def test_a_picture_has_a_band_an_interval_or_words_for_every_plan(seen):
    found = picture(seen[1])
    assert found.state == "settled" and "8 histories" in found.provisional
    assert [plan.reference for plan in found.plans] == [True, False]
    for fan in found.fans:
        for band in fan.bands:
            assert len(band.p50) == found.horizon + 1 and re.search(r"£.*\(.* to .*\)", band.end)
            assert all(a <= b <= c for a, b, c in zip(band.p05, band.p50, band.p95, strict=True))
    assert len(found.panels) == 8 and any(panel.line for panel in found.panels)
    for line in found.risks:
        for chance in line.chances:
            assert 0 <= chance.low <= chance.percent <= chance.high <= 100 and "%" in chance.words
    assert {delta.plan for delta in found.deltas} == {1} and all(d.low <= d.mean <= d.high for d in found.deltas)
    assert len(found.model_dump_json()) < 150_000


def test_answers_refine_from_the_same_histories_and_say_that_they_are_provisional(monkeypatch):
    monkeypatch.setattr("sim.rooms.whatif.progressive_answers.LOOKS", (8, 12))
    runner = Runner()
    looking = Looking(runner)
    study = small(PagePlan(), 16)
    looks = asyncio.run(every(looking.looks(study)))
    assert [look.histories for look in looks] == [8, 12, 16]
    first, last = looks[0].study.runs, looks[-1].study.runs
    assert first["npv_gbp_m"].tolist() == last["npv_gbp_m"].tolist()[:8]
    early, late = picture(looks[0]), picture(looks[-1])
    assert (
        early.state == "first look" and "First look, from 8 histories" in early.provisional and early.also_differs == ""
    )
    assert late.state == "settled" and late.provisional == "From 16 histories of each plan."
    assert runner.histories == 16
    again = asyncio.run(every(looking.looks(study)))
    assert [look.histories for look in again] == [16] and runner.histories == 16


def test_a_first_answer_comes_from_fewer_histories_where_several_plans_are_new():
    from sim.rooms.whatif.progressive_answers import _steps

    assert _steps([0], 200) == [16, 60, 100, 200] and _steps([0, 200], 200) == [16, 60, 100, 200]
    assert _steps([0, 0], 200) == [12, 16, 60, 100, 200] and _steps([60, 200], 200) == [100, 200]
    assert _steps([200, 200], 200) == [200] and _steps([500], 100) == [100]


def test_the_reference_is_simulated_once_for_all_plans():
    runner = Runner()
    looking = Looking(runner)
    asyncio.run(every(looking.looks(small(PagePlan(scenario="parallel"), 4))))
    assert runner.histories == 8
    asyncio.run(every(looking.looks(small(PagePlan(scenario="hr_first"), 4))))
    assert runner.histories == 12


def test_what_several_answers_need_at_once_is_simulated_once_and_given_up_by_the_last():
    runner = Runner(held=True)

    async def ask_three_times_and_leave():
        looking = Looking(runner)
        asking = [asyncio.ensure_future(anext(looking.looks(small(PagePlan(), 64)))) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert len(runner.open) == 8
        for number, each in enumerate(asking):
            assert not any(future.cancelled() for future in runner.open), number
            each.cancel()
            await asyncio.gather(each, return_exceptions=True)
        await asyncio.sleep(0.05)

    asyncio.run(ask_three_times_and_leave())
    assert all(future.cancelled() for future in runner.open)


def test_answers_that_were_worked_out_together_are_each_whole():
    runner, plans = Runner(), (PagePlan(scenario="parallel"), PagePlan(), PagePlan(scenario="parallel"))

    async def ask_together():
        looking = Looking(lambda *task: _soon(runner, *task))
        return await asyncio.gather(*(every(looking.looks(small(plan, 4))) for plan in plans))

    first, alone, again = (looks[-1].study.runs for looks in asyncio.run(ask_together()))
    assert first.equals(again) and len(first) == 8 and len(alone) == 4 and runner.histories == 8


def _soon(runner, *task):
    """The answer a moment later, so that others can join."""
    done, later = runner(*task), Future()
    asyncio.get_running_loop().call_later(0.02, lambda: later.cancelled() or later.set_result(done.result()))
    return later


def test_closing_an_answer_gives_up_what_has_not_begun():
    runner = Runner(held=True)

    async def ask_and_leave():
        looks = Looking(runner).looks(small(PagePlan(), 64))
        asking = asyncio.ensure_future(anext(looks))
        await asyncio.sleep(0.05)
        assert len(runner.open) == 8 and not any(future.cancelled() for future in runner.open)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(ask_and_leave())
    assert all(future.cancelled() for future in runner.open)


def test_what_was_begun_while_an_answer_is_looked_at_is_given_up_too(monkeypatch):
    monkeypatch.setattr("sim.rooms.whatif.progressive_answers.LOOKS", (4,))
    runner = Runner()

    async def ask_look_and_leave():
        looks = Looking(lambda *task: _then_hold(runner, *task)).looks(small(PagePlan(), 8))
        assert (await anext(looks)).histories == 4
        assert len(runner.open) == 2 and not any(future.cancelled() for future in runner.open)
        await looks.aclose()
        await asyncio.sleep(0)

    asyncio.run(ask_look_and_leave())
    assert all(future.cancelled() for future in runner.open)


def _then_hold(runner, *task):
    runner.held = runner.histories >= 4
    return runner(*task)


def test_what_was_asked_long_ago_is_forgotten():
    looking = Looking(Runner(held=True))
    studies = [small(PagePlan(values={"levers.hr.od_posts": number / 2})) for number in range(1, KEPT + 4)]
    for study in studies:
        looking._held(study)
    assert len(looking._known) == KEPT
    assert (studies[-1].cells[-1].id, 1) in looking._known and (studies[0].cells[-1].id, 1) not in looking._known


def test_a_history_that_fails_is_said():
    def failing(pieces, bases, seed):
        future = Future()
        future.set_result(
            [
                rows._replace(error="replication 3: lost its way", done=0)
                for rows in Runner()(pieces, bases, seed).result()
            ]
        )
        return future

    with pytest.raises(InputError, match="lost its way"):
        asyncio.run(every(Looking(failing).looks(small(PagePlan(), 4))))


def test_one_history_is_told_as_bars_marks_and_a_diary(seen):
    study, look = seen
    typical, lucky, unlucky = (
        histories.told(look.study, study.cells[1].id, way) for way in ("typical", "luckiest", "unluckiest")
    )
    assert len({told.replication for told in (typical, lucky, unlucky)}) == 3
    assert typical.lines == sorted(typical.lines, key=lambda line: line.month) and any(
        line.turning for line in typical.lines
    )
    bars = [bar for row in typical.rows for bar in row.bars]
    assert bars and all(0 <= bar.start <= bar.end <= typical.horizon for bar in bars)
    assert {bar.what for bar in bars} <= {*histories.STAGES.values(), "waiting for HR", "waiting for OD"}
    assert {row.group for row in typical.rows} <= set(GROUPS)
    net = {
        told.way: look.study.runs.set_index(["cell", "replication"]).loc[
            (study.cells[1].id, told.replication), "cumulative_net_saving_y10_gbp_m"
        ]
        for told in (typical, lucky, unlucky)
    }
    assert net["unluckiest"] < net["typical"] < net["luckiest"]
    with pytest.raises(InputError, match="no plan of that name"):
        histories.told(look.study, "elsewhere", "typical")


def test_open_questions_widen_what_is_said_and_leave_alone_what_was_settled_or_moved():
    plan = PagePlan(answers={"members": "all"}, values={"levers.money.openness": 0.5})
    drawn = unanswered_questions.drawn(plan, 1, 40)
    assert drawn == unanswered_questions.drawn(plan, 1, 40) != unanswered_questions.drawn(plan, 2, 40)
    assert {changes["levers.members.backbench_engagement"] for changes in drawn} == {0.7}
    assert not any("levers.money.openness" in changes for changes in drawn)
    assert len({changes["levers.sequence.extent"] for changes in drawn}) == 4
    study, looking = small(PagePlan()), Looking(Runner())
    rows = asyncio.run(looking.mixed(study.cells[0], 1, drawn[:8]))
    found = unanswered_questions.opened(plan, "Plan A", rows)
    assert found.histories == 8 and found.questions == 14
    assert re.match(
        r"14 questions of the decision map have no answer yet\. With .* Plan A saves .* from 8 histories\.",
        found.sentence,
    )
    alike = asyncio.run(looking.mixed(study.cells[0], 1, [{}] * 4))
    plain = evaluate([study.cells[0]], study.study.model_copy(update={"replications": 4}))
    import numpy as np

    from sim.engine.outcomes import OUTCOMES

    saving = [np.frombuffer(each.values)[list(OUTCOMES).index("npv_gbp_m")] for each in alike]
    assert saving == plain["npv_gbp_m"].tolist()


def test_a_study_in_memory_never_touches_the_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = small(PagePlan(name="A <b>name</b>", scenario="transform_first"))
    found = asyncio.run(every(Looking(Runner()).looks(study)))[-1]
    assert picture(found).plans[1].name == "A <b>name</b>"
    assert not list(tmp_path.iterdir()) and len(LOOKS) == 5
