"""Streamed answers, line by line, that end as soon as the browser disconnects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable
from contextlib import suppress

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

NDJSON = "application/x-ndjson"


class StoppableStream(StreamingResponse):
    """A streaming response that stops, with its pending work, as soon as the browser disconnects.

    Starlette alone would notice only at the next line, which may be seconds later.
    """

    media_type = NDJSON

    def __init__(self, lines: AsyncIterable[str], after: Callable[[], None] = lambda: None) -> None:
        """`after` is called once when the stream ends for any reason."""
        super().__init__(lines)
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the lines until they end or the browser disconnects."""
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
