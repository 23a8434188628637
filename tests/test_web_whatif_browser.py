"""What if in a browser: names that people give, on paper too; slow: hostile ones, without the page's own policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import browser
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
    monkeypatch.setattr("sim.whatif.plans.HISTORIES", (4, 100))
    monkeypatch.setattr("sim.whatif.looking.LOOKS", (4,))
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
    from urllib.parse import urlencode

    plans = [
        ("plan", urlencode({"name": name, "partnership": partnership, "scenario": scenario}))
        for name, scenario in zip(names, scenarios, strict=True)
    ]
    return "/whatif?" + urlencode([*plans, ("show", "compare"), ("histories", "100")])
