"""The What-if room over its API and in a browser: flows, refusals, hostile input, keys alone, what a page asks for."""

import asyncio
import contextlib
import json
import re
import threading
from pathlib import Path

import httpx
import pytest
from browser import DESKTOP, PHONE, browser, complaints
from fastapi.testclient import TestClient
from webbing import ADDRESS, PORT, ROOT, SCRIPTS, Here, hostile, served

from sim.rooms.whatif.asked_plans import Wrong
from sim.rooms.whatif.progressive_answers import Looking
from sim.study.tables import digest_of
from sim.surfaces.web import long_answers
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context
from sim.surfaces.web.seats import Seats
from sim.surfaces.web.streaming import StoppableStream
from sim.surfaces.web.whatif.whatif_routes import ASKING

ROUTES = ("answer", "check", "history", "why", "tip", "export", "partnerships")
QUICK, ALL = 60, 500
PROJECTOR = (1280, 800)
WIDTHS = (DESKTOP, PHONE, PROJECTOR, (320, 700))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("room")
    app = create_app(Context(Here(1), folder, PORT))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as made:
        made.folder = folder
        yield made


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """A hundred histories are many for a test: a tenth of them."""
    monkeypatch.setattr("sim.rooms.whatif.asked_plans.HISTORIES", (8, 100, 200, 500, 1000))
    monkeypatch.setattr("sim.rooms.whatif.progressive_answers.LOOKS", (4,))


def asked(**plan):
    return {"plans": [plan], "histories": 8}


def lines(response):
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def test_an_answer_comes_in_lines_each_better_than_the_last(client):
    found = lines(
        client.post(
            "/api/whatif/answer", json={**asked(scenario="parallel", answers={"members": "all"}), "with_open": True}
        )
    )
    assert [set(line) for line in found] == [{"cells"}, {"picture"}, {"picture"}, {"opened"}]
    assert [line["picture"]["histories"] for line in found[1:3]] == [4, 8]
    assert found[2]["picture"]["plans"][1]["cell"] == found[0]["cells"][1]
    assert "14 questions" in found[3]["opened"]["sentence"]


def test_a_check_shows_what_was_understood(client):
    found = client.post("/api/whatif/check", json=asked(values={"levers.hr.od_posts": 3})).json()
    assert found["values"]["levers.hr.od_posts"] == 3.0
    assert "levers.hr.od_posts=3.0" in found["command"] and found["command"].startswith("tandem run")


def test_one_history_is_told_for_the_plan_or_the_reference(client):
    own = client.post("/api/whatif/history", json={"question": asked(scenario="parallel"), "way": "luckiest"}).json()
    other = client.post("/api/whatif/history", json={"question": asked(scenario="parallel"), "plan": -1}).json()
    assert own["way"] == "luckiest" and other["way"] == "typical" and own["finding"] != other["finding"]
    missing = client.post("/api/whatif/history", json={"question": asked(), "plan": 3})
    assert missing.status_code == 422 and missing.json()["field"] == "plan"


def test_a_bad_table_is_refused_with_line_and_column_and_a_good_one_can_be_chosen(client):
    table = client.get("/api/whatif/template").text
    assert "council" in table and "headcount" in table
    bad = client.post(
        "/api/whatif/partnerships", json={"table": "council,headcount,service_expenditure_gbp_m\nA,2,x\n"}
    )
    assert bad.status_code == 422 and bad.json()["field"] == "table" and "ine 2, column" in bad.json()["message"]
    good = "council,headcount,service_expenditure_gbp_m\nAthorpe,300,20\nBford,500,30\n"
    kept = client.post("/api/whatif/partnerships", json={"table": good, "name": "<b>Ours</b>"}).json()
    form = client.get("/api/whatif/form", params={"partnership": kept["name"]}).json()
    assert form["partnership"] == kept["name"]
    assert "<b>Ours</b>" in [place["title"] for place in form["partnerships"] if place["own"]]


def test_settings_are_taken_away_as_a_scenario_that_means_the_same(client, tmp_path):
    from sim.plans.compose import cell_id, compose
    from sim.plans.strict import Library

    plan = {
        "name": 'Ours: "quick"\n',
        "scenario": "adaptive",
        "values": {
            "levers.hr.od_posts": 3,
            "levers.sequence.extent": "one_employer",
            "mechanisms.load": "queueing",
        },
    }
    found = lines(client.post("/api/whatif/export", json={"question": asked(**plan), "kind": "settings"}))
    text = client.get(found[0]["address"])
    assert text.status_code == 200 and "attachment" in text.headers["content-disposition"]
    folder = tmp_path / "scenario"
    folder.mkdir()
    (folder / "taken.yaml").write_text(text.text, encoding="utf-8")
    taken = compose(["scenario=taken"], Library([tmp_path])).settings
    cell = client.post("/api/whatif/check", json=asked(**plan)).json()["cell"]
    assert cell_id(taken) == cell
    assert client.get("/api/whatif/files/" + "x" * 16).status_code == 404


def test_settings_that_somebody_edited_are_written_over_only_where_that_is_asked(client):
    def taken(**more):
        body = {"question": asked(name="Edited", values={"levers.hr.od_posts": 3}), "kind": "settings", **more}
        return lines(client.post("/api/whatif/export", json=body))[0]

    file = Path(client.folder) / "outputs" / "edited.yaml"
    assert taken()["exported"]["file"] == taken()["exported"]["file"] == file.name
    made = file.read_bytes()
    file.write_bytes(made + b"# mine\n")
    refused = taken()["refused"]
    assert refused["field"] == "exists" and "edited.yaml exists already" in refused["message"]
    assert file.read_bytes() == made + b"# mine\n"
    assert taken(force=True)["address"] and file.read_bytes() == made


def test_a_bundle_that_somebody_changed_is_written_over_only_where_that_is_asked(tmp_path):
    file = tmp_path / "outputs" / "study.zip"
    long_answers.write_unless_changed(file, b"made", False)
    long_answers.write_unless_changed(file, b"made", False)
    file.write_bytes(b"mine")
    with pytest.raises(Wrong, match=r"outputs/study\.zip exists already"):
        long_answers.write_unless_changed(file, b"made", False)
    assert file.read_bytes() == b"mine"
    long_answers.write_unless_changed(file, b"made", True)
    assert file.read_bytes() == b"made"
    (tmp_path / "outputs" / "folder.zip").mkdir()
    with pytest.raises(Wrong, match="exists already"):
        long_answers.write_unless_changed(tmp_path / "outputs" / "folder.zip", b"made", True)


def test_of_forty_answers_asked_for_at_once_only_as_many_as_may_ask_are_taken(tmp_path, monkeypatch):
    """Also where the answers wait for their plans to be read, and a question that is refused gives its seat back."""
    begun, at_once, most = threading.Event(), [0], [0]

    async def looks(self, plan):
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        await asyncio.to_thread(begun.wait, 30)
        at_once[0] -= 1
        return
        yield

    monkeypatch.setattr(Looking, "looks", looks)
    app = create_app(Context(Here(1), tmp_path, PORT))

    async def ask(client, body):
        return (await client.post("/api/whatif/answer", json=body, timeout=60)).status_code

    async def all_of_them():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
            for _ in range(2 * ASKING):
                assert await ask(client, asked(scenario="nowhere")) == 422
            waiting = [asyncio.create_task(ask(client, asked(scenario="parallel"))) for _ in range(40)]
            await asyncio.sleep(1.5)
            begun.set()
            first = await asyncio.gather(*waiting)
            return first, [await ask(client, asked()) for _ in range(2 * ASKING)]

    first, after = asyncio.run(all_of_them())
    assert first.count(200) == most[0] == ASKING and first.count(503) == 40 - ASKING
    assert after == [200] * len(after)


def test_a_seat_is_free_again_where_nobody_listened_to_the_answer():
    async def lines():
        yield ""

    async def gone(*_):
        raise OSError("gone")

    async def left():
        return {"type": "http.disconnect"}

    seats = Seats(1, "busy")
    seats.take()
    with contextlib.suppress(OSError):
        asyncio.run(StoppableStream(lines(), seats.leave)({"type": "http"}, left, gone))
    assert seats.free == 1


def test_every_source_on_the_page_leads_to_its_own_entry(client):
    """Levers and questions name ids of the evidence page, mechanisms their own page: each is there."""
    found = client.get("/api/whatif/form").json()
    anchors = set(re.findall(r'\bid="([^"]+)"', client.get("/glass/evidence").text))
    levers = [control for group in found["groups"] for control in group["controls"]]
    ids = {name for each in [*levers, *found["questions"]] for name in re.split(r",\s*", each["source"])}
    assert len(ids) > 20 and ids <= anchors
    for control in found["mechanisms"]:
        assert client.get(f"/glass/mechanism/{control['source']}").status_code == 200


@pytest.mark.check("Q-D1")
def test_a_study_taken_away_has_the_digest_of_the_command_line(client, monkeypatch, tmp_path):
    from sim.plans.strict import Library
    from sim.rooms.whatif.asked_plans import PagePlan, overrides_of
    from sim.surfaces import api

    monkeypatch.setattr(long_answers, "report", lambda done, total: None)
    monkeypatch.setattr(Here, "later", lambda self, function, *args: Done(self.call(function, *args)), raising=False)
    monkeypatch.setattr("sim.pictures.figures.save_all", lambda study, folder: None)
    question = asked(scenario="parallel", values={"levers.hr.od_posts": 3})
    found = lines(client.post("/api/whatif/export", json={"question": question, "kind": "study"}))[-1]
    keys = overrides_of(PagePlan(**question["plans"][0]), Library())
    typed = api.run([*keys, "study.replications=8", "study.seed=1", "study.workers=1"], root=tmp_path)
    assert found["exported"]["digest"] == typed.manifest["digest"] == digest_of(typed.runs)
    assert client.get(found["address"]).content[:2] == b"PK"
    again = lines(client.post("/api/whatif/export", json={"question": question, "kind": "study"}))[-1]
    assert again["exported"]["study"] == found["exported"]["study"]


class Done:
    """A long job that is done already."""

    def __init__(self, future):
        self.future = future
        self.progress = (1, 1)

    def cancel(self):
        return None


@pytest.mark.check("Payloads")
@pytest.mark.parametrize("route", ROUTES)
def test_hostile_input_is_refused_or_taken_as_text(client, route):
    _attack(client, route, QUICK)


@pytest.mark.check("Payloads")
@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES)
def test_much_more_hostile_input_is_refused_or_taken_as_text(client, route):
    _attack(client, route, ALL)


def _attack(client, route, count):
    """Every hostile value in every place of a request: never a failure, a traceback, or a file not asked for."""
    before = {path for path in Path(client.folder).rglob("*") if "own_partnerships" not in path.parts}
    for number, value in enumerate(hostile(count)):
        body = _placed(route, value, number)
        found = client.post(
            f"/api/whatif/{route}", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        assert found.status_code in (200, 413, 422), (body, found.text)
        assert "Traceback" not in found.text and "root:" not in found.text and str(ROOT) not in found.text, body
        if found.status_code == 422:
            assert set(found.json()) == {"field", "message"} and len(found.text) < 2000, found.text
        for line in found.text.splitlines() if found.status_code == 200 else ():
            assert "Something went wrong" not in line, body
    assert before == {path for path in Path(client.folder).rglob("*") if "own_partnerships" not in path.parts}


def _placed(route, value, number):
    """A request with the value somewhere in it; by turns a name, a key, a value, an answer, a number."""
    plan = [
        {"scenario": value}, {"partnership": value}, {"values": value}, {"values": {"levers.hr.od_posts": value}},
        {"answers": {"members": value}}, {"values": {str(value)[:200]: 1}}, {"answers": {str(value)[:200]: "all"}},
    ][number % 7]  # fmt: skip
    question = {"plans": [plan], "histories": 8}
    if route in ("answer", "check"):
        return question
    if route == "partnerships":
        return {"table": value, "name": "x"} if number % 2 else {"table": "council,headcount\nA,1\n", "name": value}
    own = {"history": "way", "why": "outcome", "tip": "lever", "export": "kind"}[route]
    usual = {"history": "typical", "why": "npv_gbp_m", "tip": "levers.hr.od_posts", "export": "study"}[route]
    return {"question": question, own: usual} if number % 2 else {"question": {**asked(), "seed": 1}, own: value}


@pytest.mark.check("XSS")
def test_names_that_hold_scripts_come_back_as_text(client):
    for name in SCRIPTS[:4]:
        found = client.post("/api/whatif/answer", json=asked(scenario="parallel", name=name[:60]))
        assert found.headers["content-type"].startswith("application/x-ndjson")
        shown = lines(found)[-1]["picture"]
        assert len(shown["plans"]) == 2 and len(shown["plans"][1]["name"]) > 3


@pytest.mark.check("Cable out")
def test_the_room_asks_only_this_server_and_weighs_little(client):
    text = client.get("/whatif").text
    assert not re.search(r"https?://|//\w+\.\w+", text)
    assert " style=" not in text and "<style" not in text and not re.search(r"\son\w+=", text)
    own = [path for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', text) if "plotly" not in path]
    weight = len(text) + sum(len(client.get(path).content) for path in own)
    form = len(client.get("/api/whatif/form").content)
    answer = len(client.post("/api/whatif/answer", json=asked(scenario="parallel")).content) / 2
    assert weight + form + answer < 300_000, (weight, form, answer)


def opened(page, address, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("site")) as (address, _):
        yield address


@pytest.fixture
def page(site):
    """A page of the running server; it must ask nobody else, and complain of nothing."""
    with browser() as started:
        made = started.new_page()
        said = []
        made.asked = []
        made.on("request", lambda request: made.asked.append(request.url))
        made.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        made.on("pageerror", lambda error: said.append(str(error)))
        yield made
        assert all(url.startswith((site, "blob:", "data:")) for url in made.asked), made.asked
        assert made.asked and not [text for text in said if "422" not in text], said


@pytest.mark.check("Accessibility")
@pytest.mark.slow
def test_the_first_answer_is_there_and_no_width_has_a_barrier(site, page, record_property):
    record_property("reached", f"What if at {len(WIDTHS)} widths: {sum(_barriers(site, page).values())} violations")
    assert set(page.found.values()) == {0}, page.found


def _barriers(site, page):
    """What axe finds at each width of the page, which must fit it, and in the projector view."""
    page.found = {}
    for size in WIDTHS:
        opened(page, f"{site}/whatif?histories=100", size)
        assert page.text_content("#headline").endswith(".") and "100 histories" in page.text_content("#provisional")
        if size == PROJECTOR:
            page.click("#projector")
            shown = [figure.is_visible() for figure in page.query_selector_all(".figure")]
            assert sum(shown) == 1
            page.focus("body")
            before = page.text_content("#figure-place")
            page.keyboard.press("ArrowRight")
            assert page.text_content("#figure-place") != before
        wide = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= wide[1] + 1, (size, wide)
        page.found[size] = len(complaints(page))
        if size == PROJECTOR:
            page.click("#projector")
    return page.found


@pytest.mark.check("Accessibility")
@pytest.mark.slow
def test_how_fast_is_too_fast_can_be_answered_with_the_keyboard_alone(site, page):
    opened(page, f"{site}/whatif?histories=100", DESKTOP)
    _tab_to(page, "#lever-levers-pace-months_between_waves")
    before = page.text_content("#lever-levers-pace-months_between_waves-said")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert page.text_content("#lever-levers-pace-months_between_waves-said") != before
    page.wait_for_selector("body[data-state=working]", timeout=60_000)
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    assert "months_between_waves" in page.input_value("#typed") and "months_between_waves" in page.url
    assert page.locator("#risks-table tbody tr").count() >= 6
    assert page.evaluate("() => document.activeElement.id") == "lever-levers-pace-months_between_waves"
    _tab_to(page, "#keep")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-plan='1'][aria-pressed=true]")
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)


def _tab_to(page, selector):
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")


@pytest.mark.slow
def test_somebody_new_finds_how_far_a_lever_can_go(site, page):
    """From the way in to the question, with pace chosen; from any slider likewise; two plans to ask about differ."""
    page.goto(site)
    page.get_by_role("link", name="How fast is too fast for us?").click()
    page.wait_for_selector("#tip-target:focus", timeout=240_000)
    assert page.input_value("#tip-lever") == "levers.pace.months_between_waves"
    row = page.locator('[data-lever="levers.hr.hr_posts"]')
    row.locator("summary").click()
    assert row.locator("a").get_attribute("href").startswith("/glass/evidence#")
    row.get_by_role("button", name="How far can it go?").click()
    assert page.input_value("#tip-lever") == "levers.hr.hr_posts"
    page.focus("#lever-levers-hr-hr_posts")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("body[data-state=working]")
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    assert page.input_value("#why-first") != page.input_value("#why-second")


@pytest.mark.slow
def test_a_conclusion_can_be_asked_which_theory_it_hangs_on(site, page):
    """A mechanism is switched, stands in link and command, survives a reload, and its page is one click away."""
    opened(page, f"{site}/whatif?histories=100&plan=scenario%3Dparallel", DESKTOP)
    before = page.text_content("#headline")
    page.click("#mechanisms > summary")
    row = page.locator('[data-lever="mechanisms.fatigue"]')
    row.locator("select").select_option("off")
    page.wait_for_selector("body[data-state=working]")
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    assert page.text_content("#headline") != before and page.text_content("#moved-mechanisms") == "1 switched"
    assert "mechanisms.fatigue=off" in page.input_value("#typed").replace('"', "") and "mechanisms.fatigue" in page.url
    assert complaints(page) == []
    opened(page, page.url, DESKTOP)
    assert page.input_value("#lever-mechanisms-fatigue") == "off"
    page.click("#mechanisms > summary")
    row.locator("summary").click()
    row.locator("a").click()
    page.wait_for_url("**/glass/mechanism/fatigue")


@pytest.mark.slow
def test_plans_are_kept_compared_named_linked_and_questions_answered(site, page):
    opened(page, f"{site}/whatif?histories=100", DESKTOP)
    page.fill("#plan-name", "<img src=x onerror=window.__ran=1>")
    page.click("#keep")
    page.wait_for_selector("[data-plan='1'][aria-pressed=true]")
    page.select_option("#scenario", "transform_first")
    page.click("#map > summary")
    page.check("#question-members input[value=all]")
    page.wait_for_selector("#opened:not([hidden])", timeout=240_000)
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    assert "back benchers" in page.text_content("#question-members .sets")
    page.click("#compare")
    page.wait_for_selector("#deltas-figure:not([hidden])", timeout=240_000)
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    address, headline = page.url, page.text_content("#headline")
    assert page.evaluate("() => window.__ran") is None and complaints(page) == []
    opened(page, address, DESKTOP)
    assert page.text_content("#headline") == headline
    assert page.get_attribute("#compare", "aria-pressed") == "true"
    page.check('input[name="way"][value="unluckiest"]')
    page.wait_for_selector("#history-said:has-text('unluckiest')", timeout=120_000)
    page.focus("#month")
    page.keyboard.press("Home")
    assert page.text_content("#month-said").startswith("month 0")


@pytest.mark.slow
def test_a_bad_link_and_a_bad_table_are_answered_gently(site, page):
    plan = "partnership%3Datlantis%26scenario%3Dstructure_first%26levers.hr.od_posts%3D%7Bx"
    bad = f"plan={plan}&histories=7&show=9&plan=%00&x=1"
    page.goto(f"{site}/whatif?{bad}")
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    assert "link" in page.text_content("#notice") and page.text_content("#headline").endswith(".")
    page.goto(f"{site}/whatif?histories=100&plan=scenario%3Dstructure_first%26levers.hr.od_posts%3D99")
    page.wait_for_selector("body[data-state=refused]", timeout=240_000)
    assert "0 to 20" in page.text_content("#lever-levers-hr-od_posts-wrong")
    opened(page, f"{site}/whatif?histories=100", DESKTOP)
    page.click("#own > summary")
    page.fill("#own-table", "council,headcount,service_expenditure_gbp_m\nA,200,x\n")
    page.click("#own-keep")
    page.wait_for_selector("#wrong-table:not([hidden])")
    assert "ine 2, column" in page.text_content("#wrong-table")
    page.fill("#own-table", "council,headcount,service_expenditure_gbp_m\nAthorpe,300,20\nBford,500,30\n")
    page.click("#own-keep")
    page.wait_for_selector("#own-kept:has-text('is ready')", timeout=60_000)
    page.wait_for_selector("body[data-state=settled]", timeout=240_000)
    assert "Athorpe" in page.text_content("#councils")


@pytest.mark.slow
def test_long_questions_say_how_far_they_are_can_be_given_up_and_files_can_be_taken(site, page):
    opened(page, f"{site}/whatif?histories=100&plan=scenario%3Dparallel", DESKTOP)
    page.click("#why button[type=submit]")
    page.wait_for_selector("#why progress[value]", timeout=120_000)
    page.click("#why .stop")
    page.wait_for_selector("#why .wrong:not([hidden])")
    assert page.text_content("#why .wrong") == "Given up." and page.is_enabled("#why button[type=submit]")
    page.fill("#tip-limit", "0")
    page.click("#tip button[type=submit]")
    assert "1 to 99" in page.text_content("#tip .wrong")
    page.click("#take [data-kind=settings]")
    page.wait_for_selector("#take .found a", timeout=60_000)
    with page.expect_download() as taken:
        page.click("#take .found a")
    assert "tandem run" in Path(taken.value.path()).read_text(encoding="utf-8")
    page.click("#take [data-kind=study]")
    page.wait_for_selector("#take .found a[href]:has-text('.zip')", timeout=300_000)
    assert "fingerprint" in page.text_content("#take .found")
