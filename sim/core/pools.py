"""Resources that agents wait for, built on SimPy events: officers, a work clock, mail, meetings."""

from collections.abc import Callable, Generator
from dataclasses import replace
from heapq import heappop, heappush
from math import fsum, inf
from types import TracebackType
from typing import Any, Self

import simpy
from simpy.events import NORMAL, EventPriority

from sim.core.history import PoolUse
from sim.core.inputs.packages import Package

LAST = EventPriority(2)
"""Priority of callbacks at the end of an instant, after SimPy's own URGENT and NORMAL."""
Process = Generator[simpy.Event, Any, Any]


class Late(simpy.Event):
    """The end of an instant `delay` months ahead, after all other events of that instant."""

    def __init__(self, env: simpy.Environment, delay: float = 0.0) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, LAST, delay)


class Later(simpy.Event):
    """An event that processes can wait for before its time is known."""

    def happen(self, delay: float) -> None:
        """Schedule the event `delay` months ahead. May be called once."""
        self._ok, self._value = True, None
        self.env.schedule(self, NORMAL, delay)


class Claim(simpy.Event):
    """A claim on one officer of a pool. Fires when an officer is free. Leaving its `with` block returns the officer."""

    def __init__(self, pool: "Pool", priority: float, asked: float) -> None:
        super().__init__(pool.env)
        self.pool = pool
        self.priority = priority
        self.asked = asked
        self.state = "waiting"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.release(self)


class Pool:
    """Whole officers who serve claims by priority, then first come first served. Their number may change.

    A fall in capacity takes effect as work in hand ends. Agrees with `simpy.PriorityResource` at constant
    capacity. Claims of one instant are served at its end, by priority and rank, so that their order of
    arrival within the instant has no effect.
    """

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        self.env = env
        self.capacity = capacity
        self.busy = 0
        self.queue = 0
        """Number of claims waiting for an officer."""
        self.overdrawn: float | None = None
        """Time at which a claim was first served without a free officer (an invariant breach), else None."""
        self.use = PoolUse()
        self._waiting: list[tuple[float, float, tuple[float, int], int, Claim]] = []
        self._number = 0
        self._settling = False
        self._since = env.now

    def request(self, priority: float = 0.0, rank: tuple[float, int] = (0.0, 0)) -> Claim:
        """Request one officer. Claims are served by lowest priority number, then earliest request, then lowest rank."""
        now = self.env.now
        claim = Claim(self, priority, now)
        self.use.claims += 1
        self._number += 1
        heappush(self._waiting, (priority, now, rank, self._number, claim))
        self.queue += 1
        if self.busy < self.capacity:
            self._settle()
        elif self.queue > self.use.longest_queue:
            self.use.longest_queue = self.queue
        return claim

    def release(self, claim: Claim) -> None:
        """Return an officer, or withdraw a claim that is still waiting."""
        if claim.state == "served":
            self.account()
            self.busy -= 1
            claim.state = "done"
            if self._waiting:
                self._settle()
        elif claim.state == "waiting":
            claim.state = "withdrawn"
            self.use.waited += self.env.now - claim.asked
            self.queue -= 1

    def resize(self, capacity: int) -> None:
        """Set the number of officers from now on."""
        if capacity != self.capacity:
            self.account()
            self.capacity = capacity
            if self._waiting:
                self._settle()

    def account(self) -> None:
        """Bring the time-weighted totals up to date."""
        now = self.env.now
        elapsed = now - self._since
        if elapsed > 0.0:
            self.use.busy += elapsed * self.busy
            self.use.capacity += elapsed * max(self.capacity, self.busy)
            self._since = now

    def totals(self) -> PoolUse:
        """Time-weighted totals up to now, including the waiting time of claims still in the queue."""
        self.account()
        waits = [self.env.now - claim.asked for *_, claim in self._waiting if claim.state == "waiting"]
        return replace(self.use, waited=self.use.waited + fsum(waits))

    def _settle(self) -> None:
        """Serve waiting claims at the end of this instant."""
        if not self._settling:
            self._settling = True
            Late(self.env).callbacks.append(self._serve_waiting)

    def _serve_waiting(self, _: simpy.Event) -> None:
        self._settling = False
        while self._waiting and self.busy < self.capacity:
            claim = heappop(self._waiting)[-1]
            if claim.state == "waiting":
                self.queue -= 1
                self.use.waited += self.env.now - claim.asked
                self._serve(claim)
                claim.succeed()
        if self.queue > self.use.longest_queue:
            self.use.longest_queue = self.queue

    def _serve(self, claim: Claim) -> None:
        self.account()
        self.busy += 1
        if self.busy > self.capacity and self.overdrawn is None:
            self.overdrawn = self.env.now
        if self.busy > self.use.peak_busy:
            self.use.peak_busy = self.busy
        claim.state = "served"


class WorkClock:
    """A clock for work: its speed is set at each monthly pulse and holds until the next.

    `work(amount)` lasts until `amount` months of nominal work are done. Everyone on the clock shares
    its speed, so a completion costs one look-up at the pulse and one event, however often speed changes.
    """

    def __init__(self, env: simpy.Environment, pulse: float = 1.0) -> None:
        self.env = env
        self.pulse = pulse
        self.speed = 1.0
        self.load = 0.0
        self._done = self._reached = 0.0
        self._since = env.now
        self._due: list[tuple[float, int, Later]] = []
        self._number = 0

    def proceed(self, now: float, speed: float) -> None:
        """Set the speed of work until the next monthly pulse. Must be called at every pulse."""
        self._done = done = self._reached
        self._reached = reached = done + speed * self.pulse
        self._since = now
        self.speed = speed
        due = self._due
        while due and due[0][0] <= reached:
            amount, _, completion = heappop(due)
            completion.happen(max(0.0, (amount - done) / speed))

    def work(self, amount: float, weight: float = 0.0) -> Process:
        """Do `amount` months of nominal work, adding `weight` to the clock's load during that time."""
        self.load += weight
        try:
            yield self.completion(amount)
        finally:
            self.load -= weight

    def carrying(self, weight: float) -> "Carried":
        """Add to the clock's load, inside a `with` block, while others do the work."""
        return Carried(self, weight)

    def completion(self, amount: float) -> simpy.Event:
        """Event that fires when `amount` months of nominal work, begun now, are done."""
        now = self.env.now
        wait = amount / self.speed if self.speed > 0.0 else inf
        if wait <= self._since + self.pulse - now:
            return self.env.timeout(wait)
        completion = Later(self.env)
        self._number += 1
        heappush(self._due, (self._done + self.speed * (now - self._since) + amount, self._number, completion))
        return completion


class Carried:
    """Load added to a clock for the duration of a `with` block."""

    def __init__(self, clock: WorkClock, weight: float) -> None:
        self.clock = clock
        self.weight = weight

    def __enter__(self) -> None:
        self.clock.load += self.weight

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clock.load -= self.weight


class Inbox:
    """Messages for another agent to take when it next looks: `items`, oldest first."""

    __slots__ = ("_arrival", "_env", "_told", "items")

    def __init__(self, env: simpy.Environment, told: Callable[[], None] | None = None) -> None:
        self._env = env
        self._told = told
        self._arrival: simpy.Event | None = None
        self.items: list[Any] = []

    def put(self, item: Any) -> None:
        """Leave a message, wake a process waiting for it, and notify an owner that looks at the next pulse."""
        self.items.append(item)
        if self._arrival is not None:
            self.wake()
        if self._told is not None:
            self._told()

    def take(self) -> list[Any]:
        """Take all messages and leave the inbox empty."""
        items, self.items = self.items, []
        return items

    def arrival(self) -> simpy.Event:
        """Event that fires when a message is next put here or `wake` is called."""
        if self._arrival is None:
            self._arrival = self._env.event()
        return self._arrival

    def wake(self) -> None:
        """Wake a process that waits for an arrival."""
        event, self._arrival = self._arrival, None
        if event is not None:
            event.succeed()


class Ballot:
    """A vote on a step by every council's members; `decided` fires after the last vote, true if all agreed."""

    __slots__ = ("_missing", "agreed", "attempt", "decided", "depth", "order", "package")

    def __init__(self, env: simpy.Environment, package: Package, attempt: int, depth: float, councils: int) -> None:
        self.package = package
        self.attempt = attempt
        self.depth = depth
        self.order = env.now, package.rank
        self.agreed = True
        self.decided = env.event()
        self._missing = councils

    def cast(self, won: bool) -> None:
        """One council's vote."""
        self.agreed = self.agreed and won
        self._missing -= 1
        if not self._missing:
            self.decided.succeed(self.agreed)


class Agenda:
    """Business for one council's next meeting; `meeting` fires on its date if there is any business."""

    def __init__(self, env: simpy.Environment, next_date: Callable[[float], float]) -> None:
        self._env = env
        self._next_date = next_date
        self._ballots: list[Ballot] = []
        self.meeting = Later(env)

    def put(self, ballot: Ballot) -> None:
        """Lay a step before the next meeting."""
        if not self._ballots:
            self.meeting.happen(self._next_date(self._env.now) - self._env.now)
        self._ballots.append(ballot)

    def take(self) -> list[Ballot]:
        """Take all steps laid before the day of the meeting, oldest first; later steps wait for the next meeting."""
        now = self._env.now
        ballots = sorted([ballot for ballot in self._ballots if ballot.order[0] < now], key=_order)
        self._ballots = [ballot for ballot in self._ballots if ballot.order[0] >= now]
        self.meeting = Later(self._env)
        if self._ballots:
            self.meeting.happen(self._next_date(now) - now)
        return ballots


def _order(ballot: Ballot) -> tuple[float, int]:
    return ballot.order
