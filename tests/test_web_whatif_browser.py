"""What if in a browser: what no longer belongs says so; links, lost connections, names that people give; on paper."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from browser import browser, complaints
from webbing import SHORT_SCRIPTS, Here
from workshop_room import served

PLANS = 4
"""Plans on a page, and councils in a partnership."""
SCENARIOS = ("structure_first", "parallel", "transform_first", "hr_first")
PAPER = 718
"""CSS pixels between the margins that Chromium gives a page of A4."""


def test_what_is_printed_is_whole_and_twins_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are drawn as wide as paper, and afterwards as the screen; of two plans that are one, it is said."""
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        page = context.new_page()
        page.goto(linked("bromsgrove_redditch", ("Brisk", "Slow", "Slower"), ("parallel", "hr_first", "hr_first")))
        page.wait_for_selector("body[data-state=settled]", timeout=120_000)
        assert "Slower is the same as Slow" in page.inner_text("#provisional")
        wide = (
            "() => [...document.querySelectorAll('.chart .main-svg')].map((each) => each.getBoundingClientRect().right)"
        )
        before = page.evaluate(wide)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        printed = page.evaluate(wide)
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert printed and 0 < max(printed) <= PAPER < max(before) == max(page.evaluate(wide))


AWAITED = {
    "headline", "reasons", "saving", "risks", "deltas", "net", "people", "history", "typed", "plan",
}  # fmt: skip
"""Parts of the page that are answered anew by themselves: sentence, figures, payback, people, Gantt, command, form."""
COMPARED = AWAITED - {"plan"}
"""Those of them that change where plans are put side by side."""
ON_REQUEST = {"why", "tip", "take"}
"""Parts that are answered where somebody asks."""
SEEN = """(change) => {
  if (change) {
    const select = document.getElementById(change[0]);
    select.value = change[1];
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const shown = [...document.querySelectorAll("[data-part]")].filter((part) => part.getClientRects().length);
  return Object.fromEntries(shown.map((part) => {
    const line = part.querySelector(".old-line");
    const look = getComputedStyle(part);
    const seen = line.getClientRects().length && getComputedStyle(line).visibility === "visible";
    return [part.dataset.part, [
      seen ? line.textContent : "", look.outlineStyle, look.opacity, part.getAttribute("aria-busy"),
      document.querySelector("#tabs [aria-pressed=true]").getAttribute("aria-busy")]];
  }));
}"""
"""Change a field, and within the same turn of the page's own clock look at every part of it."""


def test_no_part_of_the_page_shows_an_answer_to_other_inputs_without_saying_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan is kept and the scenario changed; all plans are compared; a plan is refused: every part, at once."""
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        page = context.new_page()
        page.goto("/whatif?histories=100")
        settled(page)
        ask_further(context, page)
        assert {words for words, *_ in page.evaluate(SEEN).values()} == {""}
        page.click("#keep")
        settled(page)
        with held(context):
            found = page.evaluate(SEEN, ["scenario", "transform_first"])
            assert set(found) == (AWAITED | ON_REQUEST) - {"deltas"}
            for part in AWAITED - {"deltas"}:
                assert found[part] == [f"{BEFORE} working on Plan B, Transform first …", "dashed", "1", "true", "true"]
            for part in ON_REQUEST:
                assert found[part][:4] == ["For what was chosen before; ask again", "dashed", "1", "false"]
            assert "Pilots begin at once" in page.inner_text("#meaning")
            assert page.locator("#tip-plan option").all_inner_texts() == ["Plan B"]
            assert page.inner_text("#tabs [aria-pressed=true]").strip() == "Plan B …" and complaints(page) == []
        settled(page)
        assert {part for part, look in page.evaluate(SEEN).items() if look[0]} == ON_REQUEST
        with held(context):
            page.click("#compare")
            found = page.evaluate(SEEN)
            assert {part for part, look in found.items() if look[1:] == ["dashed", "1", "true", "true"]} == COMPARED
            assert {found[part][0] for part in COMPARED} == {f"{BEFORE} working on the plans side by side …"}
        settled(page)
        page.click("[data-plan='1']")
        settled(page)
        page.evaluate("() => { current().values['levers.hr.od_posts'] = 99; changed(); }")
        page.wait_for_selector("body[data-state=refused]")
        assert page.evaluate(SEEN)["headline"] == [
            f"{BEFORE} no answer yet to Plan B, Transform first", "dashed", "1", "false", "false",
        ]  # fmt: skip


BEFORE = "From before the change;"


def ask_further(context: Any, page: Any) -> None:
    """Something stands in the boxes of "Why?", "Where does it tip?" and "Take it away"."""
    answers = {
        "why": {"explained": {"headline": "Because.", "lines": [], "unit": "£m", "bars": []}},
        "tip": {
            "tipped": {"headline": "There.", "lines": [], "lever": "x", "measure": "y", "limit": 0.25, "points": []}
        },
        "export": {"exported": {"file": "a.yaml", "kind": "settings", "digest": "", "study": ""}, "address": "/x"},
    }
    for name, line in answers.items():
        context.route(f"**/api/whatif/{name}", partial(told, line))
    for button in ("#why [type=submit]", "#tip [type=submit]", "#take [data-kind=settings]"):
        page.click(button)
    page.wait_for_selector("#take .found a")
    page.wait_for_selector("#why .found .said")
    page.wait_for_selector("#tip .found .said")


def told(line: dict[str, Any], route: Any) -> None:
    """The whole answer in one line."""
    route.fulfill(body=json.dumps(line) + "\n")


@contextmanager
def held(context: Any) -> Iterator[None]:
    """No question reaches the server until the end of it."""
    waiting: list[Any] = []

    def keep(route: Any) -> None:
        waiting.append(route)

    context.route("**/api/whatif/**", keep)
    yield
    context.unroute("**/api/whatif/**", keep)
    for route in waiting:
        with suppress(Exception):
            route.fallback()


def settled(page: Any) -> None:
    page.wait_for_selector("body[data-state=settled]", timeout=120_000)
    page.wait_for_function("() => !document.querySelector('[data-part].old[aria-busy=true]')")


def test_what_a_link_holds_of_the_wrong_kind_is_answered_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [
        ({"levers.hr.od_posts": '"hello"', "levers.hr.hr_posts": "true", "levers.pace.months_between_waves": "1e999",
          "levers.staff.involvement": "null", "levers.structure.management_posts_cut": "[1]"}, {}),
        ({"mechanisms.fatigue": "5", "levers.sequence.extent": '"everything"', "levers.hr.nothing": "3",
          "question.members": "nonsense", "question.nothing": "all"}, {}),
        ({"scenario": "[["}, {"seed": "-1", "show": "9", "x": "1"}),
    ]  # fmt: skip
    told = [
        ("“hello”", "“true”", "“Infinity”", "“null”", "“[1]”"),
        ("“5”", "“everything”", "“levers.hr.nothing”", "“nonsense”", "“nothing”"),
        ("“[[”", "seed “-1”", "plan “9”", "“x”"),
    ]
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        for (plan, more), words in zip(links, told, strict=True):
            page.goto("/whatif?" + urlencode({"plan": urlencode(plan), "histories": "100", **more}))
            settled(page)
            text = page.inner_text("#notice")
            assert text.startswith("Part of the link") and text.endswith("The rest is as it was."), text
            assert [word for word in words if word not in text] == [] and not faults, (text, faults)
            assert (
                "levers" not in page.url and "question" not in page.url and page.inner_text("#headline").endswith(".")
            )


def test_a_lost_connection_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the answer, in the midst of it, at its end, and for what is asked further."""
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        page = context.new_page()
        page.goto("/whatif?histories=100")
        settled(page)
        words = "Tandem does not answer; is the window with tandem serve still open?"
        for broken in (
            lambda route: route.abort(),
            lambda route: route.fulfill(body=""),
            lambda route: route.fulfill(body='{"cells":["a","a"]}\n'),
        ):
            context.route("**/api/whatif/answer", broken)
            page.select_option("#histories", "200")
            page.wait_for_selector("body[data-state=refused]")
            assert page.inner_text("#notice") == words and "£" in page.inner_text("#headline")
            context.unroute("**/api/whatif/answer", broken)
            page.select_option("#histories", "100")
            settled(page)
        context.route("**/api/whatif/why", lambda route: route.abort())
        page.click("#why [type=submit]")
        page.wait_for_selector("#why .wrong:not([hidden])")
        assert page.inner_text("#why .wrong") == words


def test_a_link_with_councils_of_ones_own_leaves_no_file_until_somebody_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        for _ in range(3):
            page = context.new_page()
            page.goto(WITH_A_TABLE)
            settled(page)
            assert page.inner_text("#councils") == "Athorpe, Bford" and page.is_visible("#held")
            assert "from a link, not kept" in page.inner_text("#partnership option:checked")
            assert "keep these councils" in page.input_value("#typed")
        assert list(tmp_path.iterdir()) == []
        page.click("#held-keep")
        page.wait_for_selector("#held", state="hidden")
        settled(page)
        assert len(list((tmp_path / "own_partnerships" / "partnership").iterdir())) == 1
        assert "keep these councils" not in page.input_value("#typed")
        page.goto(WITH_A_TABLE.replace("20", "twenty"))
        settled(page)
        assert "table of councils in the link cannot be used: Line 2, column" in page.inner_text("#notice")
        assert "Bromsgrove" in page.inner_text("#councils")


def test_another_site_that_opens_the_room_starts_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        site = context.request.get("/").url
        body = f'<a href="{escape(site.rstrip("/") + WITH_A_TABLE)}">look</a>'
        context.route("http://evil.test/**", lambda route: route.fulfill(body=body, content_type="text/html"))
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        for _ in range(3):
            page.goto("http://evil.test/")
            page.click("a")
            page.wait_for_selector("body[data-state=waiting]")
            page.wait_for_load_state("networkidle")
        assert not [address for address in asked if "/api/" in address] and list(tmp_path.iterdir()) == []
        assert page.inner_text("#headline") == "No answer yet." and complaints(page) == []
        page.click("#show-answer")
        settled(page)
        assert page.inner_text("#councils") == "Athorpe, Bford" and list(tmp_path.iterdir()) == []


def test_a_file_that_somebody_edited_is_written_over_after_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seen_with_few_histories(tmp_path, monkeypatch) as context:
        (tmp_path / "outputs").mkdir()
        (tmp_path / "outputs" / "plan.yaml").write_text("mine")
        page = context.new_page()
        page.goto("/whatif?histories=100")
        settled(page)
        page.click("#take [data-kind=settings]")
        page.wait_for_selector("#take .wrong:not([hidden])")
        assert "plan.yaml exists already" in page.inner_text("#take .wrong")
        assert (tmp_path / "outputs" / "plan.yaml").read_text() == "mine"
        page.click("#take .wrong button")
        page.wait_for_selector("#take .found a")
        assert "tandem run" in (tmp_path / "outputs" / "plan.yaml").read_text() and page.is_hidden("#take .wrong")


TABLE = "council,headcount,service_expenditure_gbp_m\nAthorpe,300,20\nBford,500,30\n"
WITH_A_TABLE = "/whatif?" + urlencode({"plan": "partnership=evil", "table.evil": TABLE, "histories": "100"})


@pytest.mark.slow
@pytest.mark.check("XSS")
def test_no_name_on_the_page_runs_as_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """Two hundred names of plans, partnerships and councils, four plans side by side, everything unfolded."""
    assert len(set(SHORT_SCRIPTS)) == len(SHORT_SCRIPTS) == 200
    shown = 0
    with seen_with_few_histories(tmp_path, monkeypatch, bypass_csp=True) as context:
        own = [kept(context.request, number) for number in range(len(SHORT_SCRIPTS))]
        for first in range(0, len(SHORT_SCRIPTS), PLANS):
            page = context.new_page()
            page.goto(linked(own[first], SHORT_SCRIPTS[first : first + PLANS], SCENARIOS))
            page.wait_for_selector("body[data-state=settled]", timeout=120_000)
            page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            text = page.inner_text("body") + page.inner_html("#partnership")
            shown += sum(name in text for name in SHORT_SCRIPTS[first : first + PLANS])
            assert page.evaluate("window.hit === undefined"), SHORT_SCRIPTS[first : first + PLANS]
            page.close()
    record_property(
        "reached", f"{len(SHORT_SCRIPTS)} as names of plans, partnerships and councils on {shown // PLANS} pages: 0 ran"
    )
    record_property("n", len(SHORT_SCRIPTS))
    assert shown > 0.9 * len(SHORT_SCRIPTS)


@contextmanager
def seen_with_few_histories(folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Any]:
    """A browser at a served page that simulates four histories where it asks for a hundred."""
    monkeypatch.setattr("sim.rooms.whatif.asked_plans.HISTORIES", (4, 100))
    monkeypatch.setattr("sim.rooms.whatif.progressive_answers.LOOKS", (4,))
    with served(folder, Here(1)) as address, browser() as started:
        context = started.new_context(base_url=address, **options)
        context.route("**/api/whatif/*", fewer)
        yield context


def fewer(route: Any) -> None:
    """Four histories where the page asks for a hundred."""
    asked = route.request.post_data
    route.continue_(post_data=asked.replace('"histories":100', '"histories":4') if asked else None)


def kept(asked: Any, number: int) -> str:
    """A partnership of one's own whose name, and whose councils' names, are scripts; its name in lists.

    A council's name with a colon, or a dash before it, is refused; those go without.
    """
    texts = [SHORT_SCRIPTS[(number + place) % len(SHORT_SCRIPTS)] for place in range(PLANS)]
    names = [text.replace(":", "").lstrip("-") for text in texts]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    table = "".join(f"{name},{300 + 100 * place},20\n" for place, name in enumerate(quoted))
    header = "council,headcount,service_expenditure_gbp_m\n"
    answer = asked.post("/api/whatif/partnerships", data={"table": header + table, "name": SHORT_SCRIPTS[number]})
    assert answer.ok, answer.text()
    return str(answer.json()["name"])


def linked(partnership: str, names: tuple[str, ...], scenarios: tuple[str, ...]) -> str:
    """A link to plans of these names and scenarios for a partnership, side by side."""
    plans = [
        ("plan", urlencode({"name": name, "partnership": partnership, "scenario": scenario}))
        for name, scenario in zip(names, scenarios, strict=True)
    ]
    return "/whatif?" + urlencode([*plans, ("show", "compare"), ("histories", "100")])
