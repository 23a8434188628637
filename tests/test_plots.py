"""Figures: what they say, that all of it can be read, and that they are the same every time."""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
import synthetic
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.core.errors import InputError
from sim.pictures import figures
from sim.pictures.figures.gantt import gantt
from sim.pictures.figures.palette import COLOURS, DASHES, MARKERS, look
from sim.pictures.figures.risk_dots import risks
from sim.pictures.figures.savings_fan import savings_fan
from sim.pictures.figures.style import spread, styled, text_width, wrapped
from sim.study.design.cells import plan_run
from sim.study.running.study_run import run_study
from sim.surfaces.brief.drawings import FAN_HEIGHT, FAN_ROW, RISKS_HEIGHT
from sim.words.summary.study_view import View

LEAST_TYPE = 9.0
STUDIES = {
    "two plans": (synthetic.STRUCTURE, synthetic.TRANSFORM),
    "one plan": (synthetic.STRUCTURE,),
    "six plans, long names": synthetic.SIX,
    "nothing saved": (synthetic.NOTHING, synthetic.Way("Also nothing", 0.0, 40, 0.0, 0.1, 0.0)),
    "never pays": (
        synthetic.Way("Dear", 0.1, 60, 4, 0.6, 0.95),
        synthetic.Way("Dearer", 0.05, 60, 6, 0.7, 1),
    ),
}
FEW = ("savings_fan", "cumulative_net")
CASES = [(kind, name) for kind in STUDIES for name in figures.FIGURES if kind[:3] in ("two", "six") or name in FEW]


@pytest.fixture(scope="module")
def studies() -> dict[str, Any]:
    return {kind: synthetic.study(*ways) for kind, ways in STUDIES.items()}


@pytest.fixture(scope="module")
def drawn(studies: dict[str, Any]) -> dict[tuple[str, str], Figure]:
    return {(kind, name): figures.drawn(name, studies[kind]) for kind, name in CASES}


def texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """Every text that is really drawn."""
    seen: list[Text] = []
    draw = Text.draw

    def noting(self: Text, renderer: Any, *args: Any, **kwargs: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            seen.append(self)
        draw(self, renderer, *args, **kwargs)

    monkeypatch.setattr(Text, "draw", noting)
    with styled():
        figure.canvas.draw()
    monkeypatch.undo()
    return list({id(text): text for text in seen}.values())


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_all_text_can_be_read(
    kind: str, name: str, drawn: dict[tuple[str, str], Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_readable(drawn[kind, name], monkeypatch)


@pytest.mark.parametrize("kind", ["two plans", "six plans, long names", "one plan"])
def test_figures_without_a_head_can_be_read_too(
    kind: str, studies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View(studies[kind])
    with styled():
        fan = savings_fan(view, headed=False, height=FAN_HEIGHT, row=FAN_ROW)
        dots = risks(view, headed=False, most=RISKS_HEIGHT)
    for figure in (fan, dots):
        assert_readable(figure, monkeypatch)
        assert figure.get_size_inches()[1] < 5.5
        assert len(str(figure.get_label()).split("\n")[0]) > 20


def assert_readable(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> None:
    """No text is small, outside the figure or over another."""
    found = texts(figure, monkeypatch)
    boxes = {text: text.get_window_extent().padded(-1.5) for text in found}
    whole = figure.bbox
    assert len(found) > 10
    assert min(text.get_fontsize() for text in found) >= LEAST_TYPE
    outside = [
        text.get_text()
        for text, box in boxes.items()
        if box.x0 < whole.x0 or box.x1 > whole.x1 or box.y0 < whole.y0 or box.y1 > whole.y1
    ]
    assert outside == []
    met = [
        (one.get_text(), other.get_text()) for one, other in combinations(found, 2) if boxes[one].overlaps(boxes[other])
    ]
    assert met == []


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_the_finding_is_in_the_file_and_no_code_shows(
    kind: str, name: str, drawn: dict[tuple[str, str], Figure]
) -> None:
    root = ElementTree.fromstring(figures.svg(drawn[kind, name]))
    space = {"svg": "http://www.w3.org/2000/svg"}
    title, about = root.findtext("svg:title", "", space), root.findtext("svg:desc", "", space)
    shown = ["".join(text.itertext()) for text in root.iterfind(".//svg:text", space)]
    assert root.get("role") == "img"
    assert len(title) > 20
    assert about.startswith(title)
    assert "Bromsgrove & Redditch" in about
    assert " ".join(shown).count(title.split()[0]) >= 1
    assert not [text for text in [title, about, *shown] if re.search(r"\w_\w|\bnan\b|\binf\b|\bNone\b", text)]


def test_a_title_states_the_finding_with_its_range(drawn: dict[tuple[str, str], Figure]) -> None:
    title = str(drawn["two plans", "savings_fan"].get_label()).split("\n")[0]
    assert title.startswith("By year ten the saving a year is £")
    assert re.search(r"\(\d\.\d to \d\.\d\)", title)
    assert "in any history" in str(drawn["nothing saved", "cumulative_net"].get_label())


@pytest.mark.parametrize("name", list(figures.FIGURES))
def test_the_same_study_gives_the_same_bytes(
    name: str, drawn: dict[tuple[str, str], Figure], studies: dict[str, Any]
) -> None:
    content = figures.svg(drawn["two plans", name])
    assert content == figures.svg(figures.drawn(name, studies["two plans"]))
    assert b"dc:date" not in content


def test_plans_differ_in_colour_dash_and_marker_and_the_reference_is_blue(studies: dict[str, Any]) -> None:
    view = View(studies["six plans, long names"])
    looks = [look(view, plan) for plan in view.plans]
    assert looks[0].colour == "#0072B2"
    for parts in (COLOURS, DASHES, MARKERS):
        assert len(set(map(str, parts))) == len(looks)
    for drawn in looks:
        assert brightness(drawn.ink) <= 1.05 / 4.5 - 0.05 + 1e-6


def brightness(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_risks_keep_one_scale_and_gravest_first(drawn: dict[tuple[str, str], Figure]) -> None:
    axes = next(axes for axes in drawn["two plans", "risks"].axes if axes.get_xlabel())
    rows = [text.get_text().replace("\n", " ") for text in axes.texts if "%" not in text.get_text()]
    assert axes.get_xlim() == (0, 100)
    assert rows[0].startswith("Breaks down")
    assert rows[-1] == "Loses a vote"


def test_a_gantt_shows_what_happened(drawn: dict[tuple[str, str], Figure], studies: dict[str, Any]) -> None:
    figure = drawn["two plans", "gantt"]
    shown = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"Corporate services", "Customer-facing services", "Housing", "waiting for HR"} <= shown
    assert {
        "Bromsgrove: control changes",
        "chief executive leaves",
        "2.4 posts cut",
        "programme pauses",
    } <= shown
    view = View(studies["two plans"])
    with styled():
        other = gantt(view, view.plans[-1])
    assert "Transform first" in str(other.get_label())


def test_a_history_that_was_not_sampled_is_lived_again(
    studies: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def rerun(cell: str, replication: int) -> Any:
        asked.append((cell, replication))
        return SimpleNamespace(events=synthetic.happened())

    made = replace(studies["two plans"])
    monkeypatch.setattr(made, "rerun", rerun)
    with styled():
        assert "number 17" in str(gantt(View(made), replication=17).get_label())
    assert asked == [(made.reference, 17)]


def test_all_figures_are_saved_and_no_setting_of_matplotlib_is_left_changed(
    tmp_path: Path, studies: dict[str, Any]
) -> None:
    before = dict(mpl.rcParams)
    names = figures.save_all(studies["one plan"], tmp_path)
    assert names == list(figures.FIGURES)
    assert sorted(path.stem for path in tmp_path.glob("figures/*.svg")) == sorted(names)
    assert dict(mpl.rcParams) == before


def test_a_study_without_months_draws_what_it_can_and_says_why_not(tmp_path: Path, studies: dict[str, Any]) -> None:
    whole = studies["two plans"]
    bare = synthetic.with_tables(whole, trajectories=whole.trajectories.iloc[:0])
    assert figures.save_all(bare, tmp_path) == ["risks", "gantt"]
    with pytest.raises(InputError, match="trajectories"):
        figures.drawn("savings_fan", bare)


def test_labels_are_spread_in_order_within_their_room() -> None:
    places = spread([0.5, 0.5, 0.9, 3.0], gap=0.4, low=0.0, high=3.0)
    assert places == sorted(places)
    assert min(after - before for before, after in pairwise(places)) >= 0.4 - 1e-6
    assert places[0] >= -1e-6
    assert places[-1] <= 3.0 + 1e-6
    assert spread([1.0], 0.4, 0.0, 3.0) == [1.0]
    assert spread([], 0.4, 0.0, 3.0) == []


def test_text_is_wrapped_by_its_width() -> None:
    lines = wrapped("a plan with a very long name indeed", 1.0, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(text_width(line) <= 1.0 for line in lines)


@pytest.mark.parametrize("replications", [6, 30])
def test_a_study_of_doing_nothing_has_its_gantt_without_rows(tmp_path: Path, replications: int) -> None:
    """Whatever happens to the councils meanwhile: notes alone leave room for a row."""
    asked = ["study.scenarios=[do_nothing]", f"study.replications={replications}", "study.workers=1"]
    study = run_study(plan_run(asked), tmp_path)
    assert "gantt" in figures.save_all(study, tmp_path)
