"""The glass box says what the model is: every switch, equation, quantity, lever and outcome, and nothing else."""

import ast
import inspect
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import pytest
from equations import from_mathml, from_text, points, same, told_apart, value, without_a_term

from sim.core import mechanisms
from sim.core.errors import InputError
from sim.core.switches import neutralised
from sim.engine.settings import Levers
from sim.pictures.causal import loops
from sim.pictures.causal.causal_drawing import Arrow, DrawnThing, drawn
from sim.pictures.causal.equations import FUNCTIONS, mathml, plain, plain_names, quantities, shown_names
from sim.pictures.causal.formulas import FORMULAS
from sim.pictures.causal.layout import BOX_HEIGHT, BOX_WIDTH, placed
from sim.pictures.causal.parts import Equation, MechanismSheet
from sim.pictures.causal.things import THINGS
from sim.plans.compose import shipped_evidence
from sim.plans.declared_lists import evidence_entries, mechanism_entries
from sim.rooms.glass import INFLUENCES, SHEETS, facts, papers, switched
from sim.rooms.glass.__main__ import PAGE, PICTURE, page_with_equations, picture
from sim.study.running.worker import run_pieces

ROOT = Path(__file__).resolve().parents[1]
QUANTITIES = {entry["name"].removeprefix("evidence."): entry for entry in evidence_entries()}
EQUATIONS = [(sheet, equation) for sheet in SHEETS.values() for equation in sheet.equations]


# -- declared against the model --


def test_what_a_switch_holds_is_told_from_its_table() -> None:
    for entry in mechanism_entries():
        name = entry["name"].removeprefix("mechanisms.")
        for form in entry["choices"]:
            governed = neutralised(shipped_evidence(), name, form)
            assert set(facts.held(SHEETS[name], form)) == set(governed) & set(QUANTITIES)
    assert facts.held(SHEETS["fatigue"], "off") == {"fatigue.by_load": "0", "fatigue.by_uncertainty": "0"}
    assert facts.held(SHEETS["trust"], "off")["trust.build_months"] == "∞"


def test_every_influence_has_a_mechanism_and_every_mechanism_an_influence() -> None:
    assert {influence.sheet for influence in INFLUENCES} == set(SHEETS)
    ends = {key for influence in INFLUENCES for key in (influence.source, influence.target)}
    assert ends == set(THINGS)


def test_an_influence_is_declared_once() -> None:
    keys = [influence.key for influence in INFLUENCES]
    assert len(keys) == len(set(keys)) == len(facts.BY_KEY)


def test_every_switch_has_a_sheet_and_its_forms_are_told() -> None:
    switches = {entry["name"].removeprefix("mechanisms."): entry["choices"] for entry in mechanism_entries()}
    sheets = {sheet.switch: sheet for sheet in SHEETS.values() if sheet.switch}
    assert set(sheets) == set(switches)
    for name, forms in switches.items():
        assert sheets[name].key == name
        assert sheets[name].off, name
        assert set(sheets[name].rivals) == set(forms) - {"on", "off"}, name


def test_every_function_of_the_model_is_an_equation_of_some_sheet() -> None:
    """By itself, given to another, or, as `bounded` is, written out inside one."""
    shown = {name for _, equation in EQUATIONS for name in calls(equation.call)}
    inside = {name for formula in shown for name in calls(inspect.getsource(FORMULAS[formula]))}
    assert shown | inside == set(FORMULAS)
    assert inside - shown == {"bounded"}
    assert {name for name, _ in inspect.getmembers(mechanisms, inspect.isfunction)} <= set(FORMULAS)


def calls(text: str) -> set[str]:
    """The formulas of the model that a piece of code calls."""
    called = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return set(map(ast.unparse, called)) & set(FORMULAS)


def test_every_quantity_stands_behind_a_mechanism() -> None:
    behind = {
        entry["name"].removeprefix("evidence.") for sheet in SHEETS.values() for entry in facts.quantities_of(sheet)
    }
    assert behind == set(QUANTITIES)


def test_what_is_named_exists() -> None:
    named = {name for influence in INFLUENCES for name in influence.quantities}
    named |= {name for _, equation in EQUATIONS for name in quantities(equation.text)}
    assert named <= set(QUANTITIES)
    for sheet in SHEETS.values():
        for pattern in sheet.quantities:
            assert any(fnmatchcase(name, pattern) for name in QUANTITIES), (sheet.key, pattern)
    files = {path for sheet in SHEETS.values() for path in facts.files_of(sheet)}
    files |= {path for thing in THINGS.values() for path in thing.files}
    assert not [path for path in files if not (ROOT / path).is_file()]


def test_every_id_stands_on_the_evidence_page() -> None:
    ids = {name for influence in INFLUENCES for name in influence.ids} | {n for s in SHEETS.values() for n in s.ids}
    assert ids <= papers.known_ids()
    assert len(papers.known_ids()) > 100
    assert all(papers.lines()[name] for name in ids)


def test_an_arrow_without_an_id_rests_on_assumptions_alone() -> None:
    for influence in INFLUENCES:
        if not influence.ids and influence.source != "luck":
            assert {QUANTITIES[name]["grade"] for name in influence.quantities} == {"assumption"}, influence.key


def test_levers_and_outcomes_all_have_their_place() -> None:
    assert {key for key, thing in THINGS.items() if thing.kind == "lever"} == set(Levers.model_fields)
    read = [name for thing in THINGS.values() for name in thing.outcomes]
    assert sorted(read) == sorted(facts.outcomes())


# -- equations against the code --

EACH = pytest.mark.parametrize("sheet, equation", EQUATIONS, ids=[f"{s.key}:{e.gives}:{e.form}" for s, e in EQUATIONS])


@EACH
def test_names_of_an_equation_are_explained(sheet: MechanismSheet, equation: Equation) -> None:
    assert set(plain_names(equation.text)) <= set(sheet.where)
    assert mathml(equation.gives, equation.text).count("<mi") >= 1 + len(plain_names(equation.text))


@EACH
def test_no_two_names_of_an_equation_read_alike(sheet: MechanismSheet, equation: Equation) -> None:
    names = shown_names(equation.text)
    assert len(set(names.values())) == len(names)


def test_nothing_is_explained_that_no_equation_names() -> None:
    for sheet in SHEETS.values():
        assert set(sheet.where) == {name for each in sheet.equations for name in plain_names(each.text)}, sheet.key


@EACH
def test_an_equation_shown_is_what_the_code_computes(sheet: MechanismSheet, equation: Equation) -> None:
    """Read back from the line of text, and from the drawing, it equals the functions called at many random points."""
    in_text, in_drawing, tried = from_text(equation), from_mathml(equation), 0
    for values, computed in points(equation):
        tried += 1
        assert same(value(in_text, values), computed), (in_text, values)
        assert same(value(in_drawing, values), computed), (in_drawing, values)
    assert tried >= 200


@EACH
def test_a_term_left_out_of_an_equation_would_be_noticed(sheet: MechanismSheet, equation: Equation) -> None:
    for text in without_a_term(from_text(equation)):
        assert told_apart(equation, text) or text in EVEN_SO, text


EVEN_SO = {"1 / (1 + exp(-value))", "max(0, planned - ended / packages)"}
"""Texts with a part left out that come to the same: guards against overflow, and against a ratio to nothing."""


def test_equations_call_nothing_else() -> None:
    assert "exp" in FUNCTIONS
    with pytest.raises(ValueError, match="may not call"):
        mathml("x", "open(1)")


def test_brackets_stand_where_they_are_needed() -> None:
    assert plain("(1 - a) * b") == "(1 − a) × b"
    assert mathml("x", "(1 - a) * b").count("<mo>(</mo>") == 1
    assert mathml("x", "1 - a * b").count("<mo>(</mo>") == 0
    assert mathml("x", "a - (b - c)").count("<mo>(</mo>") == 1
    assert mathml("x", "a - b - c").count("<mo>(</mo>") == 0


# -- the picture --


def test_loops_are_loops() -> None:
    steps = {(influence.source, influence.target) for influence in INFLUENCES}
    for loop in loops.LOOPS:
        assert not [step for step in loop.steps if step not in steps], loop.title
        signs = [facts.BY_KEY[f"{a}--{b}"].sign for a, b in loop.steps]
        assert signs.count("-") % 2 == 0, f"{loop.title} does not feed on itself"


@pytest.mark.parametrize("view", loops.VIEWS)
def test_no_box_lies_on_another_and_arrows_meet_their_boxes(view: str) -> None:
    arrows = loops.shown(view, INFLUENCES)
    keys = {key for arrow in arrows for key in (arrow.source, arrow.target)}
    where = placed({key: THINGS[key].column for key in keys}, [(arrow.source, arrow.target) for arrow in arrows])
    columns: dict[float, list[float]] = {}
    for x, y in where.boxes.values():
        columns.setdefault(x, []).append(y)
        assert BOX_WIDTH / 2 <= x <= where.width - BOX_WIDTH / 2
        assert BOX_HEIGHT / 2 <= y <= where.height - BOX_HEIGHT / 2
    for heights in columns.values():
        assert all(b - a >= BOX_HEIGHT for a, b in pairwise(sorted(heights)))
    for (source, target), path in where.paths.items():
        points = [tuple(map(float, point.split(","))) for point in re.findall(r"-?[\d.]+,-?[\d.]+", path)]
        for key, point in ((source, points[0]), (target, points[-1])):
            x, y = where.boxes[key]
            assert abs(abs(point[0] - x) - BOX_WIDTH / 2) < 0.2 and abs(point[1] - y) < BOX_HEIGHT / 2
        assert all(0 <= x <= where.width and 0 <= y <= where.height for x, y in points), (source, target)


def test_an_arrow_passes_no_box() -> None:
    """In the picture of the parts: straight stretches through a column keep clear of its boxes."""
    arrows = loops.shown("parts", INFLUENCES)
    keys = {key for arrow in arrows for key in (arrow.source, arrow.target)}
    where = placed({key: THINGS[key].column for key in keys}, [(arrow.source, arrow.target) for arrow in arrows])
    for path in where.paths.values():
        for x, y in re.findall(r" L(-?[\d.]+),(-?[\d.]+)", path):
            beside = [by for bx, by in where.boxes.values() if abs(abs(bx - float(x)) - BOX_WIDTH / 2) < 1]
            assert all(abs(by - float(y)) > BOX_HEIGHT / 2 for by in beside)


def test_fewer_crossings_than_as_declared() -> None:
    from sim.pictures.causal.layout import _Grid

    arrows = [(one.source, one.target) for one in loops.shown("parts", INFLUENCES)]
    keys = {key for arrow in arrows for key in arrow}
    grid = _Grid({key: thing.column for key, thing in THINGS.items() if key in keys}, arrows)
    before = grid.crossings()
    grid.settle_order()
    assert grid.crossings() < 0.6 * before


def test_pictures_escape_what_they_show() -> None:
    thing = THINGS["load"]
    nasty = type(thing)("x", '<script>"&', "state", 0, "<b>", ())
    one = type(INFLUENCES[0])("x", "y", "+", "load", "<i>")
    made = drawn(
        [DrawnThing("x", nasty, 0), DrawnThing("y", nasty, 1)], [Arrow("x", "y", one)], "<u>", ["<h>"], str, str
    )
    assert not re.search(r"<(script|b|i|u|h)\b", made)


def test_pictures_are_the_same_each_time() -> None:
    assert loops.whole("all", INFLUENCES) == loops.whole("all", INFLUENCES)


# -- documents --


def test_the_picture_and_the_equations_of_the_model_page_are_current() -> None:
    """If this fails, run `make docs`."""
    assert PICTURE.read_text(encoding="utf-8") == picture()
    page = PAGE.read_text(encoding="utf-8")
    assert page_with_equations(page) == page
    assert picture().count('class="arrow"') == len({step for loop in loops.LOOPS for step in loop.steps})


@pytest.mark.parametrize("name", papers.PAPERS)
def test_documents_lead_on_and_their_anchors_exist(name: str) -> None:
    made = papers.paper(name, lambda page: f"/glass/{page}", lambda code: "")
    ids = re.findall(r'\bid="([^"]+)"', made.html)
    assert len(ids) == len(set(ids))
    evidence = papers.paper("evidence", lambda page: f"/glass/{page}", lambda code: "").html
    for anchor in re.findall(r'href="/glass/evidence#([^"]+)"', made.html):
        assert f'id="{anchor}"' in evidence, anchor
    assert "<script" not in made.html
    assert not re.findall(r'(?:href|src)="[^"]*\.(?:md|svg)', made.html)


def test_documents_are_found_in_the_package_or_beside_it() -> None:
    assert (papers.folder() / "evidence.md").is_file()


# -- switching --


def test_a_switch_is_tried_under_the_same_luck() -> None:
    plans = switched.plans("fatigue", "off")
    assert plans[0].mechanisms.fatigue == "on" and plans[1].mechanisms.fatigue == "off"
    pieces = switched.pieces(6)
    assert {(piece.cell, piece.first) for piece in pieces} == {(0, 0), (1, 0)}
    rows = run_pieces(pieces, switched.bases(plans), switched.SEED, lambda: False)
    finding = switched.found("fatigue", "off", "structure_first", "bromsgrove_redditch", rows)
    tired = next(shift for shift in finding.shifts if shift.outcome == "peak_fatigue")
    assert finding.histories == tired.n == 6
    assert tired.other == pytest.approx(plans[0].evidence["fatigue"]["start"].value, abs=0.02)
    assert tired.difference < -0.1 and tired.difference < -tired.half_width
    clear = replace(finding, shifts=(replace(tired, told_apart=True),))
    assert "lower: highest fatigue, in 6 histories" in switched.said(clear)
    assert [shift.outcome for shift in finding.shifts] == list(switched.ASKED)


def test_many_outcomes_are_judged_together() -> None:
    """A difference that would pass alone does not pass among thirteen; a clear one does."""
    from sim.rooms.glass.switched import Shift, _judged

    alone = Shift("x", "level", 0.0, 0.0, 0.021, 0.02, 96)
    clear = Shift("y", "level", 0.0, 0.0, 0.06, 0.02, 96)
    none = [Shift(str(i), "level", 0.0, 0.0, 0.001, 0.02, 96) for i in range(11)]
    assert _judged([alone])[0].told_apart
    judged = _judged([alone, clear, *none])
    assert [shift.told_apart for shift in judged[:2]] == [False, True]


def test_a_switch_that_changes_nothing_says_so() -> None:
    plan = switched.plans("politics", "off")[0]
    rows = run_pieces(switched.pieces(3), switched.bases((plan, plan)), 1, lambda: False)
    finding = switched.found("politics", "off", "structure_first", "bromsgrove_redditch", rows)
    assert all(shift.difference == 0 for shift in finding.shifts if shift.n)
    assert "cannot be told apart" in switched.said(finding)


@pytest.mark.parametrize(
    "asked, word",
    [
        (("fatige", "off"), "fatigue"),
        (("luck", "off"), "luck"),
        (("fatigue", "symmetric"), "off"),
        (("trust", "off", "nowhere"), "scenario"),
        (("trust", "off", "structure_first", "../x"), "partnership"),
    ],
)
def test_a_wrong_switch_is_told_in_one_sentence(asked: tuple[str, ...], word: str) -> None:
    with pytest.raises(InputError, match=word):
        switched.plans(*asked)


def test_figures_of_a_switch_are_written_for_people() -> None:
    assert switched.written("money", 1.26) == "£1.3m"
    assert switched.written("money", -0.31, change=True) == "−£0.3m"
    assert switched.written("chance", 0.2) == "20%"
    assert switched.written("chance", 0.031, change=True) == "+3.1"
    assert switched.written("level", 0.004, change=True) == "+0.4"
    assert switched.written("months", float("nan")) == "–"
