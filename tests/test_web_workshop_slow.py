"""Slow: hostile names in every field where people type, and hostile content at every address of the workshop."""

import json
import random
import string
from pathlib import Path
from typing import Any

import pytest
from browser import browser
from fastapi.testclient import TestClient
from webbing import SHORT_SCRIPTS
from workshop_room import AtOnce, served

from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context

PAYLOADS = 500
LONGEST_PLAYED = 12


@pytest.mark.slow
@pytest.mark.check("XSS")
def test_no_name_runs_as_a_script(tmp_path: Path, record_property: Any) -> None:
    """Two hundred names, as title, team and person, on the facilitator's screen, the teams' and the debrief.

    Without the pages' own policy against scripts: it is the escaping that is looked at.
    """
    assert len(set(SHORT_SCRIPTS)) == 200 and max(map(len, SHORT_SCRIPTS)) <= 40
    with served(tmp_path, AtOnce(1)) as address, browser() as started:
        for first in range(0, len(SHORT_SCRIPTS), LONGEST_PLAYED):
            names = SHORT_SCRIPTS[first : first + LONGEST_PLAYED]
            lead = started.new_context(base_url=address, bypass_csp=True)
            asked = lead.request
            made = asked.post("/api/workshop/sessions", data={"pack": "too_fast", "title": names[0]}).json()
            place = f"/api/workshop/sessions/{made['code']}"
            tables = [started.new_context(base_url=address, bypass_csp=True) for _ in names]
            for table, name in zip(tables, names, strict=True):
                told = table.request.post(f"{place}/join", data={"team": f"{name}"[:40], "name": name})
                assert told.ok, told.text()
            asked.post(f"{place}/step", data={"step": "next"})
            places = [(lead, made["facilitator"]), (tables[0], f"/workshop/{made['code']}")]
            if first // LONGEST_PLAYED % 2:
                assert asked.post(f"{place}/step", data={"step": "debrief"}).ok
                places.append((lead, f"/workshop/{made['code']}/debrief"))
            for context, address_of in places:
                page = context.new_page()
                page.goto(address_of)
                page.wait_for_timeout(600)
                assert page.evaluate("window.hit === undefined"), names
            for context in (lead, *tables):
                context.close()
    record_property("reached", f"{len(SHORT_SCRIPTS)} as names of teams and people in a workshop: 0 ran")
    record_property("n", len(SHORT_SCRIPTS))


def anything(luck: random.Random, depth: int = 0) -> Any:
    """A value that nobody asked for."""
    kind = luck.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return luck.choice([None, True, False])
    if kind == 1:
        return luck.choice([0, -1, 10**30, 1.5, -0.0, 1e308, 2**63])
    if kind < 5:
        return luck.choice(
            [
                "../../etc/passwd", "levers.hr.hr_posts=20", "${oc.env:HOME}", "sim.surfaces.web.application", "file:///etc/hosts",
                "\x00", "‮", "x" * 50_000, "' OR 1=1 --", "__class__", "{{config}}", "=1+1", "%2e%2e%2f", "\ud83d\ude00",
                "".join(luck.choices(string.printable, k=luck.randrange(30))),
            ]
        )  # fmt: skip
    if kind == 5:
        return luck.choice(["pause", "next", "emergency", "Redditch", "Red"])
    if kind < 8:
        names = [
            "pack",
            "team",
            "name",
            "role",
            "round",
            "cards",
            "values",
            "version",
            "step",
            "seconds",
            "kind",
            "council",
        ]
        return {
            luck.choice([*names, "first", "second", "x"]): anything(luck, depth + 1) for _ in range(luck.randrange(5))
        }
    return [anything(luck, depth + 1) for _ in range(luck.randrange(5))]


@pytest.mark.slow
def test_no_address_takes_what_it_was_not_asked_for(tmp_path: Path) -> None:
    """Five hundred payloads for each route: answered or refused, never with a traceback, and nothing is left behind."""
    app = create_app(Context(AtOnce(1), tmp_path))  # type: ignore[arg-type]
    web = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    code = web.post("/api/workshop/sessions", json={"pack": "chicken_and_egg"}).json()["code"]
    place = f"/api/workshop/sessions/{code}"
    web.post(f"{place}/join", json={"team": "Red", "name": "Anna"})
    web.post(f"{place}/step", json={"step": "next"})
    luck, counted = random.Random(6), {}
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for what in ("join", "prediction", "decision", "step", "time", "event", "swap"):
        for _ in range(PAYLOADS):
            try:
                content = json.dumps(anything(luck))
                answer = web.post(f"{place}/{what}", content=content, headers={"Content-Type": "application/json"})
            except (UnicodeEncodeError, ValueError):
                continue
            counted[answer.status_code] = counted.get(answer.status_code, 0) + 1
            assert answer.status_code in {200, 403, 409, 413, 422}, answer.text[:300]
            assert "Traceback" not in answer.text
            assert "/tmp" not in answer.text
    for _ in range(PAYLOADS):
        odd = luck.choice([code.lower(), code[:-1], code + "%00", "..%2f..", "%3Cscript%3E", "A" * 300, "é" * 5])
        answer = web.get(f"/api/workshop/sessions/{odd}/{luck.choice(['', 'pulse', 'team', 'console', 'luck'])}")
        assert answer.status_code in {200, 403, 404, 409, 422}, answer.text[:300]
    assert counted[422] > 1000
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
