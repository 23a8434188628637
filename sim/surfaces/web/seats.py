"""How many may be served at once: whoever comes when every seat is taken is told, and nobody is counted late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException


class Seats:
    """A fixed number of seats, and the sentence for whoever finds none; safe from several threads."""

    def __init__(self, count: int, refusal: str) -> None:
        self.free = count
        self._refusal = refusal
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take a seat; HTTPException 503 where none is free. Call it before anything is waited for."""
        with self._lock:
            if self.free <= 0:
                raise HTTPException(503, self._refusal)
            self.free -= 1

    def leave(self) -> None:
        """Give a seat back."""
        with self._lock:
            self.free += 1

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A seat for as long as the block lasts."""
        self.take()
        try:
            yield
        finally:
            self.leave()
