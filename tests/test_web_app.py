"""The server of the page: who may ask, how much and how long, what a page may load, and how it starts and stops."""

import asyncio
import os
import signal
import time

import pytest
from fastapi.testclient import TestClient
from webbing import ADDRESS, PORT, Here, free_port, served

from sim.core.errors import InputError
from sim.surfaces import cli
from sim.surfaces.web import pages, safety, server
from sim.surfaces.web.application import create_app
from sim.surfaces.web.context import Context
from sim.surfaces.web.workers import Abandoned, Workers, report, stopping


def client_of(folder, address=ADDRESS, **more):
    app = create_app(Context(Here(1), folder, PORT, **more))

    @app.get("/api/broken")
    def broken():
        """Fails, as nothing should."""
        raise RuntimeError("secret place /home/somebody")

    return TestClient(app, base_url=address, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return client_of(tmp_path_factory.mktemp("page"))


def test_the_way_in_shows_three_rooms_and_needs_nothing_from_elsewhere(client):
    text = client.get("/").text
    for room in ("/whatif", "/workshop", "/glass"):
        assert f'href="{room}"' in text
    assert "Illustrative, not a forecast" in text and 'href="#main"' in text
    assert "http://" not in text and "https://" not in text and "<style" not in text
    assert not [line for line in text.splitlines() if "<script" in line and "src=" not in line]


def test_every_answer_carries_the_policy_and_no_script_may_stand_in_a_page(client):
    for address in ("/", "/api/whatif/form", "/nowhere", "/static/base.css", "/api/broken"):
        headers = client.get(address).headers
        assert headers["content-security-policy"] == safety.POLICY
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    policy = dict(part.strip().split(" ", 1) for part in safety.POLICY.split(";"))
    assert policy["script-src"] == "'self'" and policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'" and "unsafe-eval" not in safety.POLICY


@pytest.mark.check("Hosts")
@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1", "127.0.0.1:1", "localhost.evil.test:8765", "", "[::1]:1"])
def test_another_host_is_refused(client, host):
    found = client.get("/", headers={"Host": host})
    assert found.status_code == 403 and "own address" in found.json()["message"]


@pytest.mark.check("Hosts")
@pytest.mark.parametrize("origin", ["http://evil.test", "null", "https://127.0.0.1:8765", "http://127.0.0.1:9999", ""])
def test_another_origin_is_refused(client, origin):
    found = client.post("/api/whatif/check", json={"plans": [{}]}, headers={"Origin": origin})
    assert found.status_code == 403
    assert client.get("/api/whatif/form", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_page_itself_may_ask(client):
    for origin in (ADDRESS, f"http://localhost:{PORT}"):
        assert client.post("/api/whatif/check", json={"plans": [{}]}, headers={"Origin": origin}).status_code == 200


def test_large_bodies_and_other_kinds_than_json_are_refused(client):
    large = client.post("/api/whatif/check", content=b"[" + b" " * safety.LARGEST_BODY, headers=_json())
    assert large.status_code == 413

    def pieces():
        for _ in range(30):
            yield b" " * 50_000

    assert client.post("/api/whatif/check", content=pieces(), headers=_json()).status_code == 413
    for length in ("-1", "1e9", "x", "9" * 30):
        odd = client.post("/api/whatif/check", content=b"{}", headers={**_json(), "Content-Length": length})
        assert odd.status_code in (400, 413)
    form = client.post("/api/whatif/check", data={"plans": "x"})
    assert form.status_code == 415
    assert (
        client.post("/api/whatif/check", content=b"{", headers=_json()).json()["message"]
        == "What was sent is not JSON."
    )


def _json():
    return {"Content-Type": "application/json"}


def test_a_failure_inside_says_nothing_of_the_inside(client):
    found = client.get("/api/broken")
    assert found.status_code == 500
    assert "secret" not in found.text and "Traceback" not in found.text and found.json()["field"] == ""


def test_refusals_are_a_field_and_a_sentence_and_pages_say_them(client):
    found = client.post("/api/whatif/check", json={"plans": [{"values": {"levers.hr.od_posts": 99}}]})
    assert found.status_code == 422 and found.json()["field"] == "levers.hr.od_posts"
    assert found.json()["message"].startswith("Strategic OD posts")
    extra = client.post("/api/whatif/check", json={"plans": [{"secret": 1}]})
    assert extra.json() == {"field": "plans.0.secret", "message": "'plans.0.secret' is not known here."}
    page = client.get("/no<script>such")
    assert page.status_code == 404 and "There is no such page." in page.text and "<script>such" not in page.text


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/pages.py", "/etc/passwd", "base.css/../../app.py", "x"]
)
def test_static_files_are_looked_up_in_a_list(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_scripts_and_styles_are_kept_only_under_an_address_that_changes_with_them(client):
    assert client.get(pages.static("base.js")).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/base.js").headers["cache-control"] == "no-cache"
    assert len(client.get(pages.static("plotly.min.js")).content) > 1_000_000


def test_the_api_is_described_without_an_outside_page(client):
    described = client.get("/api/openapi.json").json()
    assert "/api/whatif/answer" in described["paths"] and "Picture" in described["components"]["schemas"]
    for methods in described["paths"].values():
        assert all(about.get("description") for about in methods.values())
    text = client.get("/api").text
    assert "/api/whatif/answer" in text and "http" not in text.replace("/api/openapi.json", "")


def test_too_many_at_once_and_too_slow_are_answered():
    async def slow(scope, receive, send):
        await asyncio.sleep(5)

    guard = safety.Safety(slow, safety.LOOPBACK, PORT, seconds=0.05)
    assert asyncio.run(_asked(guard))["status"] == 503
    assert not any(guard.running.values())
    guard.running[True] = safety.AT_ONCE + 1
    assert "busy" in asyncio.run(_asked(guard, everything=True))[1]["body"].decode()
    guard.running[True], guard.running[False] = 0, safety.AT_ONCE + 1
    assert "too long" in asyncio.run(_asked(guard, everything=True))[1]["body"].decode()


def test_a_stream_that_has_begun_may_go_on():
    async def stream(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.2)
        await send({"type": "http.response.body", "body": b"done"})

    sent = asyncio.run(_asked(safety.Safety(stream, safety.LOOPBACK, PORT, seconds=0.05), everything=True))
    assert [message.get("body") for message in sent] == [None, b"done"]


def test_a_stream_stops_what_it_waits_for_when_the_browser_goes():
    from sim.surfaces.web.streaming import StoppableStream

    told = []

    async def lines():
        try:
            yield "one\n"
            await asyncio.sleep(30)
        finally:
            told.append("stopped")

    async def listen():
        messages = []

        async def receive():
            while not messages:
                await asyncio.sleep(0.01)
            return {"type": "http.disconnect"}

        async def send(message):
            messages.append(message)

        await StoppableStream(lines())({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send)
        return messages

    began = time.monotonic()
    messages = asyncio.run(listen())
    assert messages[1]["body"] == b"one\n" and told == ["stopped"] and time.monotonic() - began < 5


async def _asked(app, everything=False, client=("127.0.0.1", 1), path="/", query=b"", cookie=None):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(b"host", f"127.0.0.1:{PORT}".encode()), *([(b"cookie", cookie)] if cookie else [])]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": headers, "client": client}
    await app(scope, receive, send)
    return sent if everything else sent[0]


@pytest.mark.check("Hosts")
def test_a_room_needs_its_token_and_opens_only_what_it_is_for():
    async def fine(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = safety.Safety(fine, safety.LOOPBACK, PORT, token="the-token")
    away = ("192.168.1.20", 5)

    def asked(**given):
        return asyncio.run(_asked(guard, **{"client": away, "path": "/workshop", **given}))

    assert asked()["status"] == 403 and asked(query=b"token=wrong")["status"] == 403
    joined = asked(query=b"token=the-token")
    assert joined["status"] == 200
    cookie = dict(joined["headers"])[b"set-cookie"]
    assert b"HttpOnly" in cookie and b"SameSite=Strict" in cookie
    assert asked(cookie=cookie.split(b";")[0])["status"] == 200
    assert asked(cookie=cookie.split(b";")[0], path="/api/whatif/form")["status"] == 403
    assert asked(cookie=b"tandem_room=\xff\xfe")["status"] == 403
    assert asked(client=("127.0.0.1", 5), path="/api/whatif/form")["status"] == 200


def test_the_join_address_holds_the_token(tmp_path):
    assert Context(Here(1), tmp_path).join_address is None
    context = Context(Here(1), tmp_path, 8800, "abc", safety.LOOPBACK | {"192.168.1.5"})
    assert context.join_address == "http://192.168.1.5:8800/workshop?token=abc"


def test_a_port_that_is_taken_is_one_sentence_and_another_is_found_where_none_was_asked_for(capsys):
    with server.listen(free_port()) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is taken"):
            server.listen(port)
        assert cli.main(["serve", "--port", str(port), "--no-browser"]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    with server.listen(None) as one, server.listen(None) as other:
        assert one.getsockname()[0] == "127.0.0.1" and other.getsockname()[1] > one.getsockname()[1] >= server.PORT
    assert cli.main(["serve", "--port", "99999"]) == 2


def test_only_who_asked_for_no_port_is_told_that_the_usual_one_is_taken(capsys, monkeypatch):
    monkeypatch.setattr(server, "_run", lambda *asked: 0)
    with server.listen(None):
        assert server.serve(browser=False) == 0
    assert f"Port {server.PORT} is taken" in capsys.readouterr().out
    assert server.serve(free_port(), browser=False) == 0
    assert capsys.readouterr().out == ""


def slow_sum(parts):
    """A long job, as one in the slow process: it says how far it is."""
    total = 0
    for number in range(parts):
        time.sleep(0.02)
        report(number + 1, parts)
        total += number
    return total


def test_workers_are_spawned_say_how_far_they_are_and_can_be_stopped():
    with Workers(1) as workers:
        first = workers.call(os.getpid).result(60)
        assert first != os.getpid() and not stopping()
        assert workers.later(slow_sum, 5).future.result(60) == 10
        job = workers.later(slow_sum, 2000)
        until = time.monotonic() + 60
        while not job.progress[0] and time.monotonic() < until:
            time.sleep(0.02)
        assert 0 < job.progress[0] < 2000 and job.progress[1] == 2000
        job.cancel()
        with pytest.raises(Abandoned):
            job.future.result(60)
        assert workers.later(slow_sum, 3).future.result(60) == 3
        os.kill(first, signal.SIGKILL)
        assert workers.call(os.getpid).result(60) != first


@pytest.mark.slow
def test_it_starts_in_seconds_says_how_to_stop_and_stops_with_ctrl_c(tmp_path):
    began = time.monotonic()
    with served(tmp_path) as (address, process):
        assert time.monotonic() - began < 60
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[0]
        assert process.returncode == 0
    assert f"{address}/" in said and "Ctrl-C" in said and said.rstrip().endswith("Stopped.")
    assert "Traceback" not in said and str(tmp_path) not in said


@pytest.mark.slow
def test_a_room_is_opened_with_a_warning_and_an_address_to_join(tmp_path):
    with served(tmp_path, "--room") as (_, process):
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[0]
    assert "Warning" in said and "/workshop?token=" in said
