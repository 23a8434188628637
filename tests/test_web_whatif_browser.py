"""Slow: hostile names in every field of What if where people type, in a browser without the page's own policy."""

from pathlib import Path
from typing import Any

import pytest
from browser import browser
from webbing import SHORT_SCRIPTS, Here
from workshop_room import served

PLANS = 4
"""Plans on a page, and councils in a partnership."""


@pytest.mark.slow
@pytest.mark.check("XSS")
def test_no_name_on_the_page_runs_as_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """Two hundred names of plans, partnerships and councils, four plans side by side, everything unfolded."""
    monkeypatch.setattr("sim.whatif.plans.HISTORIES", (4, 100))
    monkeypatch.setattr("sim.whatif.looking.LOOKS", (4,))
    assert len(set(SHORT_SCRIPTS)) == len(SHORT_SCRIPTS) == 200
    shown = 0
    with served(tmp_path, Here(1)) as address, browser() as started:
        context = started.new_context(base_url=address, bypass_csp=True)
        context.route("**/api/whatif/*", fewer)
        own = [kept(context.request, number) for number in range(len(SHORT_SCRIPTS))]
        for first in range(0, len(SHORT_SCRIPTS), PLANS):
            page = context.new_page()
            page.goto(linked(own[first], SHORT_SCRIPTS[first : first + PLANS]))
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


def linked(partnership: str, names: tuple[str, ...]) -> str:
    """A link to plans of these names for a partnership, side by side."""
    from urllib.parse import urlencode

    plans = [
        ("plan", urlencode({"name": name, "partnership": partnership, "scenario": scenario}))
        for name, scenario in zip(names, ("structure_first", "parallel", "transform_first", "hr_first"), strict=True)
    ]
    return "/whatif?" + urlencode([*plans, ("show", "compare"), ("histories", "100")])
