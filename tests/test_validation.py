"""Validation: cases are read strictly, simulated over evidence and luck, and compared honestly."""

import json
import re
from collections.abc import Callable
from math import exp, inf, log
from pathlib import Path

import pytest

from sim import engine
from sim.analysis import validation
from sim.analysis.validation import case_figures
from sim.analysis.validation.case_results import ASKED, NARROW, Compared, summary_values
from sim.analysis.validation.case_runs import CasePool
from sim.analysis.validation.case_settings import Prepared, prepare
from sim.analysis.validation.cases import PublishedFigure, read_case, read_cases, shipped_cases
from sim.analysis.validation.evidence_draws import drawn_levers, draws, priors
from sim.core.errors import InputError
from sim.core.inputs.quantity import Quantity
from sim.core.statistics.intervals import quantile
from sim.engine.outcomes import OUTCOMES, row
from sim.engine.settings import Settings
from sim.plans.compose import compose
from sim.surfaces import api
from sim.surfaces.cli import main
from sim.surfaces.cli.commands import validate_command
from sim.words.documents import validation_page

HERE = Path(__file__).resolve().parents[1]
PAGE_DRAWS = 960
"""As many as `make docs` writes the page with: with the usual 240 an end of a range rests on some eight histories."""
EXAMPLE = (HERE / "sim/words/documents/templates/own_case.yaml").read_text(encoding="utf-8")
CASE = """\
name: A case
partnership: bromsgrove_redditch
horizon_months: 24
figures:
  - name: Saving after two years
    outcome: recurrent_saving_gbp_m
    at_month: 24
    value: 0.4
    source: my own
    role: holdout
    reason: to try it
"""
INLINE = """\
name: Two towns
partnership:
  start_year: 2020
  councils:
    - {name: Aa, headcount: 300, service_expenditure_gbp_m: 20}
    - {name: Bb, headcount: 200, service_expenditure_gbp_m: 15}
horizon_months: 24
figures:
  - {name: Saving, outcome: recurrent_saving_gbp_m, value: 0.3, source: own, role: holdout, reason: to try it}
"""
POPULATION = """\
name: Some
scope: population
population:
  partnerships: [bromsgrove_redditch, chiltern_south_bucks]
  councils: 8
  respondents: 3
horizon_months: 24
figures:
  - {name: All, outcome: cumulative_saving_gbp_m, low: 0, source: own, role: holdout, reason: to try it}
  - {name: Who, outcome: cumulative_saving_gbp_m, at_least: 0, statistic: count, value: 3, source: own, role: holdout,
     reason: to try it}
  - {name: Asked, value: 3, source: own, role: context, reason: not simulated}
"""


@pytest.fixture(scope="module")
def settings() -> Settings:
    return compose(["scenario=structure_first", "study.horizon_months=60"]).settings


def write(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def prepared(folder: Path, text: str) -> Prepared:
    return prepare(read_case(write(folder, text)))


def figure(**given: object) -> PublishedFigure:
    usual = {"name": "f", "outcome": "o", "source": "s", "role": "holdout", "reason": "r"}
    return PublishedFigure.model_validate({**usual, **given})


def of(values: list[float], unit: str = "£m", **given: object) -> Compared:
    return Compared("c", figure(**given), unit, tuple(values), len(values))


def test_the_shipped_cases_can_be_simulated_and_cover_the_published_figures() -> None:
    files = read_cases(shipped_cases())
    for file in files:
        prepare(file)
    cited = {one.source for file in files for one in file.case.figures}
    assert {"C-1", "C-2", "C-3", "C-4", "C-5", "C-6", "C-10", "C-16"} <= cited
    assert {"C-8", "C-9", "C-12", "C-13", "C-14", "C-19"} <= cited


def test_every_shipped_figure_cites_a_row_of_the_evidence_page() -> None:
    page = (HERE / "docs" / "evidence.md").read_text(encoding="utf-8")
    files = read_cases(shipped_cases())
    for source in {one.source for file in files for one in (*file.case.figures, *file.case.known)}:
        assert f"| {source} |" in page, source


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("outcome: recurrent_saving_gbp_m", "outcome: recurrent_saving_gpb_m"), "did you mean 'recurrent_saving_gbp"),
        (("at_month: 24", "at_month: 25"), "at_month=25: lies outside the history of 24 months"),
        (("at_month: 24", "at_month: 361"), "at_month=361: must be at most 360"),
        (("at_month: 24", "at_month: two"), "at_month='two': a whole number is wanted"),
        (("at_month: 24", "at_date: 2030-01"), "at_date=2030-01: lies outside the history"),
        (("at_month: 24", "at_date: 2009-13"), "at_date"),
        (("value: 0.4", "low: 2\n    high: 1"), "low=2 lies above high=1"),
        (("value: 0.4", "value: .nan"), "infinities and non-numbers"),
        (("    value: 0.4\n", ""), "a value, or low and high is wanted for role holdout"),
        (("value: 0.4", "value: 0.4\n    low: 0.1"), "give value, or low and high, not both"),
        (("role: holdout", "role: holdouts"), "did you mean 'holdout'"),
        (("    role: holdout\n", ""), "figures.1.role is missing"),
        (("reason: to try it", "reasons: to try it"), "did you mean 'reason'"),
        (("horizon_months: 24", "horizont_months: 24"), "did you mean 'horizon_months'"),
        (("partnership: bromsgrove_redditch", "partnership: bromsgrove"), "did you mean 'bromsgrove_redditch'"),
        (("partnership: bromsgrove_redditch", "partnership: 3"), "a name is wanted, or the councils themselves"),
        (("partnership: bromsgrove_redditch\n", ""), "wants a partnership"),
        (("horizon_months: 24", "scenario: paralel"), "did you mean 'parallel'"),
        (
            ("horizon_months: 24", "levers: {pace: {months_betwen_waves: 2}}"),
            "did you mean 'pace.months_between_waves'",
        ),
        (("horizon_months: 24", "levers: {pace: 3}"), "levers.pace=3: keys with values are wanted"),
        (("horizon_months: 24", "levers: {pace: {months_between_waves: 99}}"), "0 to 24"),
        (("horizon_months: 24", "shocks: [{month: 3, kind: chief_executive_leave}]"), "chief_executive_leaves"),
        (("horizon_months: 24", "shocks: [{month: 3, kind: control_changes, council: X}]"), "the councils are"),
        (("horizon_months: 24", "shocks: [{month: 130, kind: dissolution}]"), "lies beyond the horizon of 120"),
        (("horizon_months: 24", "scope: service"), "scope: service and the key 'service' belong together"),
        (("horizon_months: 24", "known: [{outcome: dissolved, source: x}]"), "give low, high or both"),
        (("horizon_months: 24", "known: [{outcome: nothing, low: 1, source: x}]"), "'nothing' is not known"),
        (
            ("horizon_months: 24", "known: [{outcome: dissolved, low: 2, source: x}]"),
            "low=2 can never be: dissolved lies",
        ),
        (("horizon_months: 24", "held: [pace.packages_at_onc]"), "did you mean 'pace.packages_at_once'"),
        (("horizon_months: 24", "start_state: [heads_of_service]"), "but not chief_executive above it"),
        (("outcome: recurrent_saving_gbp_m", "outcome: redundancies"), "is counted over the whole history"),
        (("role: holdout", "role: &a holdout"), "anchors and aliases"),
        (("horizon_months: 24", "name: Again"), "stands twice"),
    ],
)
def test_a_wrong_case_is_refused_in_one_sentence_with_file_and_line(
    change: tuple[str, str], said: str, tmp_path: Path
) -> None:
    assert change[0] in CASE
    text = CASE.replace(*change)
    if "redundancies" in text:
        text = text.replace("at_month: 24", "at_month: 12")
    path = write(tmp_path, text)
    with pytest.raises(InputError) as refused:
        prepare(read_case(path))
    sentence = str(refused.value)
    assert said in sentence
    assert re.match(re.escape(str(path)) + r"(, line \d+)?: ", sentence)
    assert "\n" not in sentence


def test_the_line_is_that_of_the_wrong_value(tmp_path: Path) -> None:
    path = write(tmp_path, CASE.replace("at_month: 24", "at_month: 25"))
    with pytest.raises(InputError, match="line 7: "):
        prepare(read_case(path))


def test_two_cases_of_one_name_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no case"):
        read_cases(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_cases(tmp_path / "nowhere")
    write(tmp_path, CASE, "a.yaml")
    write(tmp_path, CASE.replace("A case", "a CASE"), "b.yaml")
    with pytest.raises(InputError, match=r"b\.yaml, line 1: case 'a CASE' is also in .*a\.yaml"):
        read_cases(tmp_path)


def test_what_an_inline_partnership_leaves_out_is_filled_and_said(tmp_path: Path) -> None:
    case = prepared(tmp_path, INLINE)
    partnership = case.members[0].plans[0][1].partnership
    assert partnership.name == "Aa & Bb"
    assert (partnership.start_month, len(partnership.pairs)) == (7, 1)
    assert any(text.startswith("Aa: control no_overall_control") for text in case.assumed)
    assert all(text.startswith("assumption: ") for text in partnership.provenance.values())
    with pytest.raises(InputError, match=r"case\.yaml, line 5: partnership\.councils\.1\.headcount is missing"):
        prepared(tmp_path, INLINE.replace("headcount: 300, ", ""))
    with pytest.raises(InputError, match=r"line 5: .*headcont: unknown key; did you mean 'headcount'"):
        prepared(tmp_path, INLINE.replace("headcount: 300", "headcont: 300"))


def test_the_start_of_a_case_moves_the_months_of_its_dates(tmp_path: Path) -> None:
    text = CASE.replace("at_month: 24", "at_date: 2010-01")
    usual, later = prepared(tmp_path, text), prepared(tmp_path, text.replace("horizon", "start: 2009-01\nhorizon"))
    assert [case.members[0].readings[0][1] for case in (usual, later)] == [18, 12]


def test_the_example_of_the_page_is_a_case(tmp_path: Path) -> None:
    assert len(prepared(tmp_path, EXAMPLE).members) == 1


@pytest.mark.check("Validation")
def test_the_page_in_docs_names_every_shipped_figure_with_its_role() -> None:
    page = (HERE / "docs" / "validation.md").read_text(encoding="utf-8")
    for file in read_cases(shipped_cases()):
        assert f"### {file.case.name}\n" in page
        for one in file.case.figures:
            assert re.search(re.escape(f"| {one.name} | ") + f".* \\| {one.source} \\| {one.role} \\|", page), one.name
    assert EXAMPLE in page


def test_every_draw_lies_in_its_range_and_every_slice_is_met_once() -> None:
    register = compose().settings.evidence
    sets = draws(register, 50, 3, "A & B")
    assert sets == draws(register, 50, 3, "A & B") != draws(register, 50, 4, "A & B")
    for topic, group in register.items():
        for name, quantity in group.items():
            values = sorted(values[f"{topic}.{name}"] for values in sets)
            assert quantity.low <= values[0] <= values[-1] <= quantity.high
            for i, value in enumerate(values):
                assert quantity.at(i / 50) - 1e-9 <= value <= quantity.at((i + 1) / 50) + 1e-9


def test_partnerships_meet_the_same_draws_but_for_where_each_stands() -> None:
    register = compose().settings.evidence
    one, other = (draws(register, 20, 3, name) for name in ("A & B", "C & D"))
    differ = {key for ours, theirs in zip(one, other, strict=True) for key in ours if ours[key] != theirs[key]}
    assert differ == {"places.pace", "places.saving"}


def test_the_triangle_has_its_peak_at_the_register_value() -> None:
    known = {"unit": "number", "grade": "A", "source": "s", "meaning": "m"}
    narrow = Quantity(value=2, low=1, high=3, **known)
    wide = Quantity(value=10, low=1, high=100, **known)
    assert narrow.at(0.5) == pytest.approx(2)
    assert narrow.at(0.125) == pytest.approx(1.5)
    assert wide.at(0.5) == pytest.approx(10)
    assert wide.at(0.125) == pytest.approx(10**0.5)


def test_an_outcome_as_of_a_month_is_what_that_month_had_shown(settings: Settings) -> None:
    history = engine.run(settings, 3)
    whole = row(history, settings)
    early = case_figures.as_of(history, 36)
    assert (
        case_figures.read(("recurrent_saving_gbp_m", 36), history, settings)
        == history.column("recurrent_saving_gbp_m")[36]
    )
    assert early.column("cumulative_net_saving_gbp_m")[36] == history.column("cumulative_net_saving_gbp_m")[36]
    assert case_figures.read(("recurrent_saving_y3_gbp_m", 36), history, settings) == whole["recurrent_saving_y3_gbp_m"]
    assert case_figures.read(("setup_cost_gbp_m", 36), history, settings) <= whole["setup_cost_gbp_m"]
    assert all(case_figures.read((name, 60), history, settings) == whole[name] for name in OUTCOMES)


def test_joint_teams_are_counted_once_formed(settings: Settings) -> None:
    history = engine.run(settings, 3)
    formed = [case_figures.read(("joint_teams_formed", month), history, settings) for month in range(0, 61, 12)]
    assert formed[0] == 0 and formed == sorted(formed)
    assert formed[-1] >= case_figures.read(("services_integrated", 60), history, settings)


def test_savings_of_a_shared_service_leave_management_out(tmp_path: Path) -> None:
    case = prepare(read_case(shipped_cases() / "hr_of_two_boroughs.yaml"))
    settings = case.members[0].plans[0][1]
    assert [package.name for package in settings.plan() if package.after == ("principle",)][:1] == ["joint_team: hr"]
    history = engine.run(settings, 1)
    agreed, launched, settled = (
        case_figures.read((f"first_team_{what}_month", 120), history, settings)
        for what in ("agreed", "launched", "settled")
    )
    assert 0 < agreed < launched < settled
    assert 0 < case_figures.read(("services_saving_gbp_m", 48), history, settings) < 5


def test_inside_log_error_and_width_by_hand() -> None:
    values = [float(i) for i in range(101)]
    one = of(values, value=50)
    assert (one.interval, one.middle, one.inside, one.log_error) == ((5, 95), 50, True, 0)
    assert one.width == 19
    assert not of(values, value=96).inside
    assert of(values, value=25).log_error == pytest.approx(log(2))
    assert of(values, low=95, high=200).inside and not of(values, low=96, high=200).inside
    assert of(values, low=100).log_error == pytest.approx(log(0.5))
    assert of(values, high=60).log_error == 0
    assert of([-1.0, 0.0, 1.0], value=1).width == inf
    assert of(values, unit="months", value=1).width is None


def test_a_verdict_that_other_draws_could_turn_is_called_close() -> None:
    few, many = [float(i) for i in range(101)], [i / 100 for i in range(10_001)]
    assert of(few, value=95).inside and of(few, value=95).close and of(few, value=97).close
    assert not of(few, value=97).inside and not of(few, value=50).close and not of(few, value=300).close
    assert of(many, value=95.2).close and not of(many, value=96).close and not of(many, value=93).close
    assert of(few, low=97, high=300).close and not of(few, low=50, high=300).close
    assert summary_values(of(few, value=95))["close"] is True


def test_a_month_that_never_came_is_later_than_any_other() -> None:
    one = of([10.0, 20.0, *[inf] * 18], unit="months", value=30)
    assert one.middle == inf and one.inside and one.log_error is None
    assert summary_values(one)["model_high"] is None
    assert quantile([1.0, inf], 0.0) == 1.0


def test_results_do_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    write(tmp_path, CASE)
    one, two = (validation.validate(tmp_path, draws=20, workers=workers) for workers in (1, 2))
    assert [found.values for found in one.compared] == [found.values for found in two.compared]
    assert len(one.compared[0].values) == 20 and not one.failed


def test_only_histories_that_show_what_is_known_are_compared(tmp_path: Path) -> None:
    known = "known: [{outcome: votes_lost, at_month: 20, high: 0, source: own}]\nfigures:"
    write(tmp_path, CASE.replace("horizon_months: 24", "horizon_months: 36").replace("figures:", known))
    some = validation.validate(tmp_path, draws=20, workers=1).compared[0]
    assert 0 < len(some.values) <= 20 == some.drawn
    write(tmp_path, CASE.replace("figures:", known.replace("high: 0", "low: 1000")))
    none = validation.validate(tmp_path, draws=20, workers=1)
    assert not none.compared[0].values and none.inside("holdout") == (0, 0)
    assert "no history" in validation_page.text(none)


def test_a_population_is_scaled_to_its_councils_and_counted_by_respondents(tmp_path: Path) -> None:
    write(tmp_path, POPULATION)
    found = validation.validate(tmp_path, draws=20, workers=1)
    total, count, asked = found.compared
    case = found.cases[0]
    with CasePool([case], found.seed, 1) as pool:
        rows = pool.run(20)[0].whole
    assert len(rows) == 10
    assert sorted(2.0 * sum(row[0] for row in members) for _, members in rows) == pytest.approx(list(total.values))
    assert set(count.values) == {3.0} and count.inside and count.unit == "respondents"
    assert not asked.values and asked.figure.role == "context"


def test_the_command_prints_the_table_and_the_page_names_misses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases, page = tmp_path / "cases", tmp_path / "validation.md"
    cases.mkdir()
    write(cases, CASE.replace("value: 0.4", "value: 400\n    limits: It is absurd."))
    assert main(["validate", "--cases", str(cases), "--draws", "20", "--workers", "1", "--write", str(page)]) == 0
    told = capsys.readouterr().out
    assert "outside" in told and "holdout: 0 of 1 inside" in told
    text = page.read_text(encoding="utf-8")
    assert "It is absurd." in text and "--draws 20 --write" in text and str(tmp_path) not in text
    assert main(["validate", "--cases", str(cases), "--draws", "20", "--workers", "1", "--json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert known["inside"]["holdout"] == {"inside": 0, "of": 1}
    assert exp(known["figures"][0]["log_error"]) < 0.01


@pytest.mark.parametrize(
    "words", [["--cases", "nowhere"], ["--draws", "1"], ["--draws", "many"], ["--write", "nowhere/page.md"], ["--case"]]
)
def test_what_was_mistyped_ends_in_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.check("Validation")
def test_the_page_is_current_and_enough_figures_lie_inside(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    page = tmp_path / "validation.md"
    found = api.validate(draws=PAGE_DRAWS)
    assert validate_command.show_validation(found, False, page) == 0
    (inside, of), (held, back), width = found.inside("calibrate"), found.inside("holdout"), found.width
    record_property(
        "reached",
        f"{inside} of {of} calibration figures inside, {held} of {back} held back; median width of money figures a "
        f"factor of {width:.1f} ({found.draws} draws)",
    )
    record_property("n", found.draws)
    assert page.read_text(encoding="utf-8") == (HERE / "docs" / "validation.md").read_text(encoding="utf-8")
    assert width is not None and width < NARROW
    assert inside >= ASKED * of


def test_every_prior_is_of_a_lever_and_says_why() -> None:
    for prior in priors():
        assert len(prior.values) == len(prior.weights) >= 2 and min(prior.weights) > 0.0 and prior.reason, prior.lever
        assert prior.at(0.0) == prior.values[0] and prior.at(0.999999) == prior.values[-1]
        compose([f"levers.{prior.lever}={str(value).lower()}" for value in prior.values[-1:]])


def test_levers_are_drawn_by_weight_unless_something_is_told_of_them() -> None:
    sets = drawn_levers({"hr.integrate"}, 60, 3, "A & B")
    joined = [each["sequence.joining"] for each in sets]
    assert joined.count("service_by_service") == 45 and all("hr.integrate" not in each for each in sets)
    assert sets == drawn_levers({"hr.integrate"}, 60, 3, "A & B") != drawn_levers({"hr.integrate"}, 60, 3, "C & D")
    assert drawn_levers({"all"}, 2, 3, "A & B") == [{}, {}]


def test_what_a_case_or_its_scenario_sets_is_not_drawn(tmp_path: Path) -> None:
    held = (
        prepared(tmp_path, CASE.replace("horizon_months: 24", "levers: {pace: {packages_at_once: 5}}")).members[0].held
    )
    assert {"pace.packages_at_once"} <= held[0] and "pace.months_between_waves" not in held[0]
    whole = prepared(tmp_path, CASE.replace("horizon_months: 24", "scenario: whole_organisation")).members[0].held
    assert {"sequence.joining", "hr.hr_posts", "structure.service_managers"} <= whole[0]


def test_draws_are_kept_with_what_was_read_off_them(tmp_path: Path) -> None:
    cases, kept = tmp_path / "cases", tmp_path / "kept"
    cases.mkdir()
    write(cases, CASE)
    typed = ["--cases", str(cases), "--draws", "20", "--workers", "1", "--json", "--keep", str(kept)]
    assert main(["validate", *typed]) == 0
    (table,) = [path.read_text(encoding="utf-8").splitlines() for path in kept.iterdir()]
    head = table[0].split(",")
    assert len(table) == 21 and {"draw", "partnership", "evidence.places.pace", "levers.sequence.joining"} <= set(head)


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("chief_executive_month", 1.0),
        ("management_team_posts_cut", 0.5),
        ("management_posts_cut", 2.0),
        ("management_saving_gbp_m", 0.05),
        ("exits", 1.0),
        ("exit_cost_gbp_m", 0.01),
        ("headcount", 500.0),
        ("gross_saving_gbp_m", 0.05),
        ("saved_in_year_gbp_m", 0.05),
        ("services_reviewed", 1.0),
    ],
)
def test_a_measure_is_read_off_a_history(measure: str, least: float, settings: Settings) -> None:
    calm = settings.replaced(mechanisms={**settings.mechanisms.model_dump(), "dissolution": "off", "stall": "off"})
    value = case_figures.read((measure, calm.horizon_months), engine.run(calm, 0), calm)
    assert value is not None and value >= least
