"""The debrief's chart: twelve tables told apart, their names in their lines' colours and at their lines."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from browser import browser
from workshop_room import AtOnce, served

PACK = {"pack": "chicken_and_egg"}
TABLES = 12
DRAWN_ANEW = """(part) => {
  const drawing = document.querySelector(`#${part} svg`);
  if (!drawing) return 0;
  const shown = drawing.getBoundingClientRect().width;
  return Math.abs(shown - drawing.viewBox.baseVal.width) < 2 ? shown : 0;
}"""
"""The width of a figure once it is drawn at the width it is shown at; a page that was turned draws when it comes to it.

Looked for and measured in one step: between two, the page may draw it once more.
"""
DRAWN = """([ends, wide, projector]) => {
  document.documentElement.classList.toggle("projector", projector);
  const months = [...Array(121).keys()];
  const series = ends.map((end, i) => ({ name: `Table number ${i + 1}`, values: months.map((m) => end * m / 120) }));
  const figure = tandem.make("figure", { class: "ws-figure", style: `width: ${wide}px` });
  document.querySelector("main").replaceChildren(figure);
  const given = { series, until: 120, last: 120, unit: "out of 100", low: 0, high: 100, label: "a chart", wide };
  figure.append(workshop.lines(given));
  const drawing = figure.querySelector("svg");
  const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
  const number = (each, name) => Number(each.getAttribute(name));
  const mark = (each) => [each.tagName, each.getAttribute("fill") === "#fff",
    (each.getAttribute("points") || "").split(" ").length, Math.round(each.getBBox().height)].join(" ");
  const lines = [...drawing.querySelectorAll(".line")].map((line) => ({
    stroke: getComputedStyle(line).stroke, dash: line.getAttribute("stroke-dasharray"),
    end: Number(line.getAttribute("points").split(/[ ,]/).pop()) }));
  const names = [...drawing.querySelectorAll("text")].filter((text) => text.textContent.includes("Table"));
  return {
    lines, width: drawing.viewBox.baseVal.width, height: drawing.viewBox.baseVal.height,
    names: names.map((text) => ({ fill: getComputedStyle(text).fill, y: Number(text.getAttribute("y")),
      size: scale * parseFloat(getComputedStyle(text).fontSize), right: text.getBBox().x + text.getBBox().width,
      title: text.querySelector("title")?.textContent })),
    marks: names.map((text) => mark(text.previousElementSibling)),
    leaders: [...drawing.querySelectorAll(".leader")].map((line) => [number(line, "y1"), number(line, "y2")]),
  };
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("chart"), AtOnce(1)) as address, browser() as started:
        found = started.new_page(viewport={"width": 1280, "height": 900})
        found.goto(f"{address}/workshop")
        yield found


def drawn(page: Any, ends: list[float], wide: int = 760, projector: bool = False) -> Any:
    return page.evaluate(DRAWN, [ends, wide, projector])


CLOSE = [50.0 + i / 10 for i in range(TABLES)]
APART = [100.0 - 8 * i for i in range(TABLES)]


@pytest.mark.parametrize(("wide", "projector"), [(350, False), (760, False), (1240, False), (1500, True)])
@pytest.mark.parametrize(
    "ends", [CLOSE, APART, [0.0] * TABLES, [100.0] * TABLES], ids=["close", "apart", "low", "high"]
)
def test_names_are_written_in_their_lines_colour_and_do_not_overlap(
    page: Any, ends: list[float], wide: int, projector: bool
) -> None:
    found = drawn(page, ends, wide, projector)
    assert [name["fill"] for name in found["names"]] == [line["stroke"] for line in found["lines"]]
    assert min(name["size"] for name in found["names"]) >= (19 if projector else 12.5), "readable where it is shown"
    heights = sorted(name["y"] for name in found["names"])
    assert min(b - a for a, b in pairwise(heights)) >= 1.2 * found["names"][0]["size"] - 0.01
    assert heights[0] > 0 and heights[-1] < found["height"]
    assert all(name["right"] <= found["width"] for name in found["names"])
    assert [name["title"] for name in found["names"]] == [f"Table number {i + 1}" for i in range(TABLES)]
    for (begin, end), line, name in zip(found["leaders"], found["lines"], found["names"], strict=True):
        assert abs(begin - line["end"]) < 0.1, "from the end of its line"
        assert abs(end - name["y"]) < 0.5 * name["size"], "to its name"


def test_a_name_stands_at_its_line_where_there_is_room(page: Any) -> None:
    found = drawn(page, [90.0, 60.0, 30.0])
    for name, line in zip(found["names"], found["lines"], strict=True):
        assert abs(name["y"] - line["end"]) < 0.5 * name["size"]


def test_no_two_of_twelve_tables_look_alike(page: Any) -> None:
    """Colour with dash, and marker with or without filling, are each enough to tell two apart."""
    found = drawn(page, APART)
    assert len({(line["stroke"], line["dash"]) for line in found["lines"]}) == TABLES
    assert len(set(found["marks"])) == TABLES


def test_colours_of_names_can_be_read(page: Any) -> None:
    for name in drawn(page, APART)["names"]:
        parts = [int(part) / 255 for part in name["fill"].removeprefix("rgb(").rstrip(")").split(",")]
        light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        assert 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05) >= 4.5, name["fill"]


def test_figures_of_a_debrief_follow_the_width_of_the_page(page: Any) -> None:
    """The replay, a swap and the luck are drawn anew, not shrunk, when a screen is turned or becomes a projector."""
    wrong: list[str] = []
    with page.context.browser.new_context(base_url=page.url.removesuffix("/workshop")) as lead:
        place = f"/api/workshop/sessions/{lead.request.post('/api/workshop/sessions', data=PACK).json()['code']}"

        def say(what: str, content: Any) -> None:
            assert lead.request.post(f"{place}/{what}", data=content).ok, what

        say("join", {"team": "Red", "name": "Anna"})
        for number, card in ((1, "away_days"), (2, "two_hr_officers")):
            say("step", {"step": "next"})
            say("decision", {"round": number, "cards": [card], "version": 0})
            say("step", {"step": "close"})
        say("step", {"step": "debrief"})
        seen = lead.new_page()
        seen.on("pageerror", lambda error: wrong.append(str(error)))
        seen.goto(place.replace("/api/workshop/sessions", "/workshop") + "/debrief")
        seen.click("#do-swap")
        for part in ("replay", "swap-result", "luck"):
            seen.wait_for_selector(f"#{part} svg")
        for wide in (1280, 390):
            seen.set_viewport_size({"width": wide, "height": 844})
            for part in ("replay", "swap-result", "luck"):
                shown = seen.wait_for_function(DRAWN_ANEW, arg=part, timeout=10_000).json_value()
                assert 0.8 * min(wide, 1200) < shown <= wide, (part, wide)
    assert wrong == []
