"""Batches of histories played through the same months: felt states as lanes, a separate world for events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from time import thread_time
from typing import Any

import simpy
from simpy.events import URGENT

from sim.agents import AGENTS
from sim.core.given import Given
from sim.core.history import History
from sim.core.lanes import available, quiet
from sim.core.luck import Luck
from sim.core.switches import neutral_levers
from sim.core.world import Agent, Meeting, World
from sim.engine import invariants
from sim.engine.recorder import Recorder
from sim.engine.settings import Levers, Settings, changed

MOST_EVENTS = 200_000
"""Limit on events in one history, some hundred times the usual number; more means that it runs away."""
MOST_SECONDS = 60.0
"""Limit on processor seconds (not wall-clock time, so a busy machine stops no run) for a history's month."""
_LOOK_EVERY = 1_000
"""Number of events between two checks of the processor time."""


class InvariantBreach(RuntimeError):
    """Error: an invariant of every history is violated; the text names replication, month and entity."""


@dataclass(frozen=True)
class Column:
    """One history to play: the settings of its cell, its replication and the study's seed."""

    settings: Settings
    replication: int
    seed: int = 1


class Tick(simpy.Event):
    """The next monthly pulse of one history, which precedes all other events at its time."""

    def __init__(self, env: simpy.Environment, delay: float) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, URGENT, delay)


class Batch:
    """Several histories at one month. Each gets the same bits as it would alone.

    They share councils, services, pulse and horizon; levers, evidence, switches and luck are their own. A history
    that breaks stops alone: `broken` holds its error by place, and the others go on.
    """

    def __init__(self, columns: Sequence[Column], givens: Sequence[Given], record: bool = True) -> None:
        first = columns[0].settings
        if len(columns) > 1 and not available():
            raise ValueError("histories side by side need numpy, which is not installed")
        if not all(_alike(column.settings, first) for column in columns[1:]):
            raise ValueError("histories side by side must share councils, services, pulse and horizon")
        self.pulse, self.horizon, self.month = first.pulse_months, first.horizon_months, 0
        self.record = record
        self.quietly: Callable[[], Any] = quiet if len(columns) > 1 else nullcontext
        self.broken: dict[int, Exception] = {}
        self.levers: list[Levers] = [column.settings.levers for column in columns]
        self.due = [_dated(column.settings) for column in columns]
        self.meeting = Meeting(givens[0].names, first.partnership, len(columns), self.pulse)
        self.worlds = [self._world(*each) for each in zip(range(len(columns)), columns, givens, strict=True)]
        self.meeting.gather(self.worlds)
        self.agents = [agent(self.meeting) for agent in AGENTS]
        self.actors = sorted((a for a in self.agents if type(a).act is not Agent.act), key=lambda a: type(a).__name__)
        self.recorder = Recorder(self.meeting, record)
        for agent in self.agents:
            agent.new = self.meeting.states.pen(agent)
            agent.prepare(self.meeting.lever, self.meeting.e)
        self._ticks = [Tick(world.env, 0.0) for world in self.worlds]
        for world in self.worlds:
            for agent in self.agents:
                agent.begin(world)
        self._pulses = 0

    def _world(self, place: int, column: Column, given: Given) -> World:
        luck = Luck(column.seed, column.replication, at_median=column.settings.mechanisms.luck == "off")
        history = History(column.replication, self.horizon, given.names, given.headcount_shares)
        return World(self.meeting, place, given, luck, history, self.record)

    def living(self) -> Iterable[World]:
        """Worlds of the histories without an error."""
        return [world for world in self.worlds if world.place not in self.broken] if self.broken else self.worlds

    def advance(self, month: int) -> None:
        """Advance time until just before the first event at `month`."""
        month = min(month, self.horizon)
        while self._pulses * self.pulse < month:
            self._govern(self._pulses * self.pulse)
        self._live_until(month)
        self.month = month

    def _live_until(self, now: float) -> None:
        """Play all events of every history before `now`."""
        for world in self.living():
            self._each(world, _step_until, now)

    def _each(self, world: World, what: Callable[..., None], *arguments: Any) -> None:
        """Call a function for one history; an error stops only that history."""
        try:
            what(world, *arguments)
        except Exception as error:
            self.broken[world.place] = error

    def _govern(self, now: float) -> None:
        """Carry out a pulse: decisions, the ledger's close of the past month, refresh and actions of all agents."""
        month = int(now)
        self._live_until(now)
        for world in self.living():
            world.env.step()
        self._decide(now)
        if month == now and month:
            for world in self.worlds:
                world.ledger.close_month(month - 1)
        self._refresh(now)
        if month == now:
            self.recorder.note(now)
        self._pulses += 1
        ahead = self._pulses * self.pulse - now
        self._ticks = [Tick(world.env, ahead) for world in self.worlds]

    def _refresh(self, now: float) -> None:
        """Refresh every agent from current values, put what they wrote into effect, then carry out their actions."""
        meeting, states = self.meeting, self.meeting.states
        states.arrive(now)
        self.recorder.look()
        with self.quietly():
            for agent in self.agents:
                agent.refresh(now, states.old, meeting.lever, meeting.e, agent.new)
            states.settle()
            states.depart(now)
        for agent in self.actors:
            if agent.asked:
                places = sorted(agent.asked)
                agent.asked.clear()
                for place in places:
                    if place not in self.broken:
                        self._each(self.worlds[place], agent.act, now)

    def _decide(self, now: float) -> None:
        """Carry out decisions that are due, and let the agents concerned respond."""
        concerned = []
        for world in self.living():
            due = self.due[world.place]
            if world.decisions:
                due += world.decisions
                world.decisions.clear()
                due.sort(key=lambda each: each[0])
            if due and due[0][0] <= now:
                concerned.append(world)
                self._apply(world, due, now)
        if concerned:
            self.meeting.read_levers()
            for agent in self.agents:
                agent.prepare(self.meeting.lever, self.meeting.e)
            for world in concerned:
                for agent in self.agents:
                    agent.decided(world)

    def _apply(self, world: World, due: list[tuple[float, dict[str, Any], str]], now: float) -> None:
        levers = self.levers[world.place]
        while due and due[0][0] <= now:
            _, change, origin = due.pop(0)
            levers = changed(levers, change)
            for key, value in change.items():
                number = float(value) if isinstance(value, int | float) else None
                world.record(key.removeprefix("levers."), "decision", origin, number)
        self.levers[world.place] = levers
        world.levers = neutral_levers(levers.by_class(), world.given.switches)

    def decide(self, place: int, change: Mapping[str, Any], origin: str) -> None:
        """Change one history's levers from its current month on. Raises ValueError where that is not allowed."""
        changed(self.levers[place], change)
        self.due[place].append((float(self.month), dict(change), origin))
        self.due[place].sort(key=lambda due: due[0])

    def finish(self) -> list[History | Exception]:
        """Finish at the horizon: last month's money, final levels, closed accounts and all invariant checks."""
        for world in self.living():
            world.env.step()
        for world in self.worlds:
            world.ledger.close_month(self.horizon - 1)
        self.meeting.states.arrive(float(self.horizon))
        self.recorder.look()
        self.recorder.note(float(self.horizon))
        self.recorder.hand_over()
        for world in self.living():
            self._each(world, self._close)
        return [self.broken.get(world.place, world.history) for world in self.worlds]

    def _close(self, world: World) -> None:
        self.recorder.close(world)
        for agent in self.agents:
            agent.finish(world)
        breaches = [*world.breaches, *invariants.breaches(world)]
        if breaches:
            raise InvariantBreach(f"replication {world.history.replication}: {breaches[0]}")


def company(settings: Settings) -> tuple[object, ...]:
    """Key of all that histories must share to be played in one batch."""
    services = tuple((name, service.model_dump_json()) for name, service in settings.services.items())
    return settings.partnership.model_dump_json(), services, settings.horizon_months, settings.pulse_months


def _alike(one: Settings, other: Settings) -> bool:
    """True if histories of both settings can be played in one batch."""
    if one is other:
        return True
    shared = one.partnership is other.partnership or one.partnership == other.partnership
    served = one.services is other.services or one.services == other.services
    return shared and served and (one.horizon_months, one.pulse_months) == (other.horizon_months, other.pulse_months)


def _dated(settings: Settings) -> list[tuple[float, dict[str, Any], str]]:
    """Decisions dated by the scenario, in order of month."""
    due = [(float(decision.month), decision.change, "scenario") for decision in settings.decisions]
    return sorted(due, key=lambda each: each[0])


def _step_until(world: World, now: float) -> None:
    """Play all events of one history before `now`."""
    env, began = world.env, None
    peek, step = env.peek, env.step
    for _ in range(MOST_EVENTS // _LOOK_EVERY):
        for _ in range(_LOOK_EVERY):
            if peek() >= now:
                return
            step()
        began = thread_time() if began is None else began
        if thread_time() - began > MOST_SECONDS:
            _runs_away(world, f"more than {MOST_SECONDS:g} seconds")
    _runs_away(world, f"more than {MOST_EVENTS} events")


def _runs_away(world: World, how: str) -> None:
    """Stop a run that does not end, and report where it stands and which agent acted last."""
    last = world.history.facts[-1:]
    who = f"; the last to act was {last[0][1]} ({last[0][2]})" if last else ""
    told = f"replication {world.history.replication}: month {world.env.now:.1f}"
    raise InvariantBreach(f"{told}: the run takes {how}{who}")
