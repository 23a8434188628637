"""What workshop tests share: a room with a clock of its own, workers that work at once, and a served page."""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.rooms.workshop.session.room import Room
from sim.rooms.workshop.session.workshop_store import Player, Session, Store
from sim.study.running.worker import Piece, Rows, run_pieces


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class AtOnce:
    """Workers that simulate while one waits, at most so many histories of each piece."""

    def __init__(self, most: int = 20) -> None:
        self.most = most
        self.pieces: list[Piece] = []

    def run(self, pieces: Sequence[Piece], bases: tuple[str, ...], seed: int) -> Future[list[Rows]]:
        self.pieces += pieces
        future: Future[list[Rows]] = Future()
        fewer = [piece._replace(asked=min(piece.asked, self.most)) for piece in pieces]
        future.set_result(run_pieces(fewer, bases, seed, lambda: False))
        return future


class Table:
    """A room with one session, a facilitator and some players, to be played quickly."""

    def __init__(self, folder: Path, pack: str = "chicken_and_egg", teams: Sequence[str] = ("Red", "Blue")) -> None:
        self.clock = Clock()
        self.room = Room(Store(folder / "workshops.sqlite3"), self.clock)
        session, self.key = self.room.open(pack)
        self.code = session.code
        self.players = {name: self.room.join(self.code, name, f"{name} one")[1] for name in teams}

    @property
    def session(self) -> Session:
        return self.room.session(self.code)

    def word(self, name: str) -> str:
        """The word that lets people join a team."""
        return next(team.word for team in self.room.store.teams(self.code).values() if team.name == name)

    def people(self, name: str) -> tuple[Player, ...]:
        """Who sits at a team's table."""
        return next(team.players for team in self.room.store.teams(self.code).values() if team.name == name)

    def play(self, name: str, number: int, cards: Sequence[str]) -> None:
        player: Player = self.players[name]
        held = self.room.store.teams(self.code)[player.team].entry(number, "decision")
        self.room.decide(self.session, player, number, cards, held.version if held else 0)

    def rounds(self, plays: dict[str, Sequence[Sequence[str]]]) -> None:
        """Half-years played one after the other, each closed by the facilitator."""
        for i in range(max(map(len, plays.values()))):
            self.room.next_round(self.session)
            for name, own in plays.items():
                if i < len(own) and own[i]:
                    self.play(name, i + 1, own[i])
            self.room.close_round(self.session)


@contextmanager
def served(folder: Path, workers: Any = None, port: int | None = None) -> Iterator[str]:
    """The page on a port of this machine, in this process; its address."""
    import uvicorn

    from sim.surfaces.web.application import create_app
    from sim.surfaces.web.context import Context
    from sim.surfaces.web.server import listen

    taken = listen(port)
    port = int(taken.getsockname()[1])
    app = create_app(Context(workers or AtOnce(5), folder, port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20.0
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10.0)
        taken.close()


if __name__ == "__main__":
    with served(Path(sys.argv[1]), AtOnce(1), int(sys.argv[2])) as found:
        print(found, flush=True)
        threading.Event().wait()
