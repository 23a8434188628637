"""Answers that come in lines, and end as soon as nobody listens any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable
from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

NDJSON = "application/x-ndjson"


class StoppableStream(StreamingResponse):
    """A stream that is stopped, and with it what it waits for, when the browser goes away or asks for something else.

    Starlette waits for the next line to find that out, which may be seconds later.
    """

    media_type = NDJSON

    def __init__(self, lines: AsyncIterable[str], after: Callable[[], None] = lambda: None) -> None:
        """`after` is called once when it is over, however it ends."""
        super().__init__(lines)
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the lines until they end or the browser has gone."""
        sending = asyncio.ensure_future(self.stream_response(send))
        leaving = asyncio.ensure_future(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            self._after()
        with suppress(asyncio.CancelledError):
            await sending
