"""Histories that break where a test wants it: a stand-in for what workers call to play a batch."""

from collections.abc import Callable, Sequence

from sim.core.history import History
from sim.engine import Column, InvariantBreach, play

Played = Callable[..., list[History | Exception]]


def breaking(words: str, where: Callable[[Column], bool]) -> Played:
    """`play`, but histories for which `where` holds break with these words, alone among those of their batch."""

    def played(columns: Sequence[Column], record: bool = True) -> list[History | Exception]:
        found = zip(columns, play(columns, record), strict=True)
        return [InvariantBreach(words) if where(column) else history for column, history in found]

    return played
