"""Limit on requests served at once; further ones are refused immediately, with a sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException


class Seats:
    """A fixed number of seats, and the sentence sent when none is free; thread-safe."""

    def __init__(self, count: int, refusal: str) -> None:
        self.free = count
        self._refusal = refusal
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take a seat; raises HTTPException 503 if none is free. Call before any await."""
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
        """Context that holds a seat."""
        self.take()
        try:
            yield
        finally:
            self.leave()
