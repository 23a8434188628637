"""Middleware between browsers and rooms: access, request size, rate, time limits, and content policy."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import logging
from collections import Counter
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("sim.surfaces.web")
LARGEST_BODY = 1_000_000
"""Largest request body in bytes; a partnership's table has some kilobytes, a link a few."""
AT_ONCE = 128
"""Most requests in progress: thirty browsers with a stream and two requests each, and a margin.

Requests from this machine are counted separately, so that other devices cannot block its page.
"""
SECONDS = 120.0
"""Seconds until an answer must have begun; long jobs are started and polled within this."""
BODY_SECONDS = 20.0
"""Seconds until a request body must have arrived; senders are on this machine or in this room."""
COOKIE = "tandem_room"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
TESTED = "testclient"
OPEN_TO_THE_ROOM = ("/workshop", "/api/workshop", "/glass", "/api/glass", "/static/", "/favicon.ico")
"""Path prefixes open to joined browsers on other machines; all others are for this machine only."""

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
"""Content security policy; styles in the page are allowed because Plotly writes them, scripts are not."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class RequestRefused(Exception):
    """A refused request: its status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Safety:
    """ASGI middleware: Host and Origin, join token, size, number and time of requests, and headers."""

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], port: int, token: str | None = None, seconds: float = SECONDS
    ) -> None:
        self.app = app
        self.names = frozenset(f"{host}:{port}" for host in hosts) | (frozenset(hosts) if port == 80 else frozenset())
        self.origins = frozenset(f"http://{name}" for name in self.names)
        self.token = token
        self.seconds = seconds
        self.running: Counter[bool] = Counter()
        """Requests in progress, from this machine (True) and from others."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it here."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        answer = _Answer(send)
        here = _from_here(scope)
        self.running[here] += 1
        try:
            joined = self._check(scope)
            if joined:
                answer.headers["set-cookie"] = joined
            await self._answered(scope, receive, answer)
        except RequestRefused as refused:
            await answer.refuse(refused.status, str(refused))
        except TimeoutError:
            await answer.refuse(503, "This took too long and was given up; please try again.")
        except Exception:
            LOG.exception("a request failed")
            await answer.refuse(500, "Something went wrong in the program; the page can go on, this answer is missing.")
        finally:
            self.running[here] -= 1

    async def _answered(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            async with asyncio.timeout(self.seconds) as limit:
                answer.limit = limit
                await self.app(scope, _measured(scope, receive, answer), answer.send)
        finally:
            answer.limit = None

    def _check(self, scope: Scope) -> str | None:
        """Raise Refused if the request is not allowed; returns the cookie to set if it joins the room now."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get("host", "").lower() not in self.names:
            raise RequestRefused(403, "This server answers only under its own address.")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self.origins:
            raise RequestRefused(403, "Another site may not ask this server.")
        if headers.get("sec-fetch-site") == "cross-site" and scope["path"].startswith("/api"):
            raise RequestRefused(403, "Another site may not ask this server.")
        if self.running[_from_here(scope)] > AT_ONCE:
            raise RequestRefused(503, "The server is busy; please try again in a moment.")
        if _length(headers.get("content-length", "0")) > LARGEST_BODY:
            raise RequestRefused(413, f"At most {LARGEST_BODY // 1000:,} kB can be sent at once.")
        if scope["method"] in ("POST", "PUT", "PATCH") and not _is_json(headers.get("content-type", "")):
            raise RequestRefused(415, "Only JSON can be sent.")
        return None if self.token is None else self._joined(scope, headers)

    def _joined(self, scope: Scope, headers: dict[str, str]) -> str | None:
        if _from_here(scope):
            return None
        assert self.token is not None
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        fresh = _same(given, self.token)
        if not fresh and not _same(_cookie(headers.get("cookie", "")), self.token):
            raise RequestRefused(403, "Please open the join address that the facilitator shows; it ends in a token.")
        if not scope["path"].startswith(OPEN_TO_THE_ROOM):
            raise RequestRefused(403, "From this device only the workshop and the glass box are open.")
        return f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/" if fresh else None


class _Answer:
    """Wrapper around a response: adds security headers and records that it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.headers: dict[str, str] = {}
        self.limit: asyncio.Timeout | None = None
        self.refused: RequestRefused | None = None
        self.muted = False

    async def send(self, message: Message) -> None:
        """Send the application's response, unless the request has been refused meanwhile."""
        if self.refused is not None and not self.begun:
            refused, self.refused, self.muted = self.refused, None, True
            await self.refuse(refused.status, str(refused))
        if not self.muted:
            await self._pass_on(message)

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            if self.limit is not None:
                self.limit.reschedule(None)
            own = {name.lower() for name, _ in message.get("headers", [])}
            more = {**HEADERS, "cache-control": "no-store", **self.headers}
            added = [(name.encode(), value.encode()) for name, value in more.items() if name.encode() not in own]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await self._send(message)

    async def refuse(self, status: int, sentence: str) -> None:
        """Send a refusal, unless a response has already begun."""
        if self.begun:
            return
        body = json.dumps({"field": "", "message": sentence}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self._pass_on({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _measured(scope: Scope, receive: Receive, answer: _Answer) -> Receive:
    """`receive` that refuses a request body that is too large or too slow."""
    seen, ended = 0, scope["method"] in ("GET", "HEAD")

    async def measured() -> Message:
        nonlocal seen, ended
        if ended:
            return await receive()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                message = await receive()
        except TimeoutError:
            answer.refused = RequestRefused(408, "What was sent did not arrive in time; please try again.")
            raise answer.refused from None
        seen += len(message.get("body", b""))
        ended = not message.get("more_body", False)
        if seen > LARGEST_BODY:
            answer.refused = RequestRefused(413, f"At most {LARGEST_BODY // 1000:,} kB can be sent at once.")
            raise answer.refused
        return message

    return measured


def _length(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else LARGEST_BODY + 1


def _is_json(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower() == "application/json"


def _from_here(scope: Scope) -> bool:
    """True if a request comes from this machine itself."""
    client = scope.get("client")
    if client is None or client[0] == TESTED:
        return True
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _cookie(text: str) -> str:
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
