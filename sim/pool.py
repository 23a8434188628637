"""Capacity on plain SimPy events: pools of officers, and clocks on which work proceeds at a changing speed."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from math import inf
from types import TracebackType
from typing import Any, Self

import simpy

from sim.history import PoolUse

Process = Generator[simpy.Event, Any, Any]


class Claim(simpy.Event):
    """A claim on one officer of a pool; fires when an officer is free. Leaving its `with` block gives it back."""

    def __init__(self, pool: "Pool", priority: float) -> None:
        super().__init__(pool.env)
        self.pool = pool
        self.priority = priority
        self.asked = pool.env.now
        self.state = "waiting"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.release(self)


class Pool:
    """Whole officers who serve claims by priority, then first come first served; their number may change.

    A fall in capacity takes effect as work in hand ends. Agrees with `simpy.PriorityResource`
    at constant capacity, and schedules nothing on release.
    """

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        self.env = env
        self.capacity = capacity
        self.busy = 0
        self.use = PoolUse()
        self._waiting: list[tuple[float, int, Claim]] = []
        self._number = 0
        self._cancelled = 0
        self._since = env.now

    @property
    def queue(self) -> int:
        """Claims that wait for an officer."""
        return len(self._waiting) - self._cancelled

    def request(self, priority: float = 0.0) -> Claim:
        """Ask for one officer; a lower priority number is served first."""
        claim = Claim(self, priority)
        self._number += 1
        heappush(self._waiting, (priority, self._number, claim))
        self.use.claims += 1
        self._serve()
        if self.queue > self.use.longest_queue:
            self.use.longest_queue = self.queue
        return claim

    def release(self, claim: Claim) -> None:
        """Give an officer back, or withdraw a claim that still waits."""
        if claim.state == "served":
            self.account()
            self.busy -= 1
            claim.state = "done"
            self._serve()
        elif claim.state == "waiting":
            claim.state = "withdrawn"
            self.use.waited += self.env.now - claim.asked
            self._cancelled += 1

    def resize(self, capacity: int) -> None:
        """Set the number of officers from now on."""
        if capacity != self.capacity:
            self.account()
            self.capacity = capacity
            self._serve()

    def account(self) -> None:
        """Bring the time-weighted totals up to now."""
        elapsed = self.env.now - self._since
        if elapsed > 0.0:
            self.use.busy += elapsed * self.busy
            self.use.capacity += elapsed * max(self.capacity, self.busy)
            self._since = self.env.now

    def _serve(self) -> None:
        while self._waiting and self.busy < self.capacity:
            _, _, claim = heappop(self._waiting)
            if claim.state == "withdrawn":
                self._cancelled -= 1
                continue
            self.account()
            self.busy += 1
            if self.busy > self.use.peak_busy:
                self.use.peak_busy = self.busy
            claim.state = "served"
            self.use.waited += self.env.now - claim.asked
            claim.succeed()


class WorkClock:
    """Work proceeds at a speed that is set at each governance pulse and holds until the next.

    `work(amount)` lasts until `amount` months of nominal work are done. Everyone on the clock shares
    its speed, so a completion costs one look-up at the pulse and one event, however often speed changes.
    """

    def __init__(self, env: simpy.Environment, pulse: float = 1.0) -> None:
        self.env = env
        self.pulse = pulse
        self.speed = 1.0
        self.load = 0.0
        self._done = 0.0
        self._since = env.now
        self._due: list[tuple[float, int, simpy.Event]] = []
        self._number = 0

    def proceed(self, now: float, speed: float) -> None:
        """From `now`, a pulse, to the next one, work proceeds at `speed`."""
        self._done += self.speed * (now - self._since)
        self._since = now
        self.speed = speed
        if self._due:
            reached = self._done + speed * self.pulse
            while self._due and self._due[0][0] <= reached:
                due, _, event = heappop(self._due)
                event.succeed(max(0.0, (due - self._done) / speed))

    def work(self, amount: float, weight: float = 0.0) -> Process:
        """Do `amount` months of nominal work, adding `weight` to the clock's load meanwhile."""
        with self.carrying(weight):
            left = self._since + self.pulse - self.env.now
            wait = amount / self.speed if self.speed > 0.0 else inf
            if wait > left:
                wait = yield self._reaching(amount)
            yield self.env.timeout(wait)

    @contextmanager
    def carrying(self, weight: float) -> Iterator[None]:
        """Add to the clock's load while others do the work."""
        self.load += weight
        try:
            yield
        finally:
            self.load -= weight

    def _reaching(self, amount: float) -> simpy.Event:
        event = simpy.Event(self.env)
        self._number += 1
        done_now = self._done + self.speed * (self.env.now - self._since)
        heappush(self._due, (done_now + amount, self._number, event))
        return event
